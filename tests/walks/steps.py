"""The twelve journeys as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from declaration.protocol.encoding import parse_json

_FILE = Path(__file__).parents[1] / "oracles" / "journeys.json"


@dataclass(frozen=True, slots=True)
class Who:
    """A person of the forum: the role and the party that stand in a statement.

    :ivar hand: which of the party's keys: ``second`` of its second person, ``new`` where the first person's key was replaced.
    """

    role: str
    party: str
    hand: str = ""

    def __str__(self) -> str:
        return f"{self.role} {self.party} {self.hand}".strip()


SIGNATORIES = {
    "Işık": Who("signatory", "tr.sample-tr-0001"),
    "IŞIK": Who("signatory", "tr.sample-tr-0001", "second"),
    "Meerim": Who("signatory", "kg.sample-kg-0002"),
    "Federation": Who("signatory", "tr.sample-tr-0003"),
    "Federation 2": Who("signatory", "tr.sample-tr-0003", "second"),
    "late": Who("signatory", "az.sample-az-0001"),
    "Kárpát": Who("signatory", "hu.sample-hu-0002"),
    "thief": Who("signatory", "hu.sample-hu-0002"),
    "Garagum": Who("signatory", "tm.sample-tm-0002"),
    "late NGO": Who("signatory", "kg.sample-kg-0001"),
}
"""Who signs for whom: the names of the journeys, the organizations of the sample. A thief has the director's key."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a journey.

    :ivar name: ``J2.19``. :ivar who: as the journey calls the person. :ivar check: what is to be seen, in words.
    :ivar expect: ``ok``, ``refused:role``, ``refused:state``, ``refused:guard``; None where something is only observed.
    """

    name: str
    say: str
    check: str | None
    role: str = ""
    who: str = ""
    machine: str = ""
    instance: str = ""
    transition: str = ""
    expect: str | None = None
    before: str | None = None
    after: str | None = None

    @property
    def act(self) -> str:
        """``amendment.submit``; empty where something is only observed."""
        return f"{self.machine}.{self.transition}" if self.machine else ""

    @property
    def person(self) -> Who:
        """Who takes the step."""
        match self.role:
            case "chair":
                return Who("chair", "chair")
            case "secretariat":
                return Who("secretariat", "rapporteur")
            case "translator":
                second = self.who.startswith("second ")
                lang = self.who.removeprefix("second ").split()[0].lower()
                return Who("translator", f"translator-{lang}-{2 if second else 1}")
            case "signatory":
                return SIGNATORIES[self.who]
            case "depositary":
                return Who("depositary", "depositary")
            case role:
                return Who(role, self.who.split()[0].lower())

    @property
    def refused(self) -> bool:
        return self.expect is not None and self.expect.startswith("refused:")


def _steps() -> dict[str, Step]:
    found = {}
    for journey in parse_json(_FILE.read_bytes()):
        for row in journey["steps"]:
            name = f"{journey['id']}.{row['n']}"
            if "machine" not in row:
                found[name] = Step(name, row["say"], row["check"])
                continue
            found[name] = Step(
                name, row["say"], row["check"], row["role"], row["who"], row["machine"], row["instance"], row["transition"], row["expect"],
                row.get("from"), row.get("to"),
            )  # fmt: skip
    return found


STEPS = _steps()
"""Every step of the twelve journeys, by name, in their order."""
