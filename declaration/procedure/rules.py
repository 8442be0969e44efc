"""The rules of procedure of one forum: a versioned object that its Chair adopts in the constitution.

The defaults are those of the first Solidarity Forum; each names the practice that it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from declaration.procedure.fields import Form, boolean, check_fields, integer, one_of


@dataclass(frozen=True, slots=True)
class Rules:
    """Parameters of the procedure.

    :ivar version: 1 for the rules in the constitution, one more at each change.
    :ivar quorum: delegations that must be present to adopt (two thirds, by analogy with VCLT 9(2)).
    :ivar rationale_words: longest rationale of an amendment, in words (PACE allows 50; this forum is multilingual).
    :ivar hold_hours: how long after the newest entry that its signer had not seen an act may still be recorded, so that nobody
        can keep a signed act in a drawer for weeks.
    :ivar accession: whether organizations may join after the window for signature has closed.
    :ivar public_from: when the public may read the entries: from adoption (or lapse), or from the beginning.
    :ivar silence_session: hours that a silence procedure runs at least while the forum sits (OSCE practice).
    :ivar silence_overnight: the same where the Chair shortens it overnight and nobody objects to using it.
    :ivar silence_between: the same between two sessions (UNGA decision 74/544).
    :ivar late_amendments: whether an amendment may come after the deadline, with the Chair's leave (PACE, oral amendments).
    :ivar list_order: how delegations are listed: in protocol order (the host first), or by the alphabet of each language.
    :ivar concurrence_hours: how long a head has to object to an organization of the own country; silence is concurrence.
    :ivar correction_days: how long a correction can be objected to after it was notified (VCLT 79; the United Nations use 90).
    """

    version: int = 1
    quorum: int = 6
    rationale_words: int = 100
    hold_hours: int = 24
    accession: bool = True
    public_from: str = "adopted"
    silence_session: int = 24
    silence_overnight: int = 8
    silence_between: int = 72
    late_amendments: bool = True
    list_order: str = "alphabetical"
    concurrence_hours: int = 48
    correction_days: int = 14

    def silence_hours(self, setting: str) -> int:
        """Hours that a silence procedure runs at least in one of :data:`SETTINGS`."""
        return {"session": self.silence_session, "overnight": self.silence_overnight, "between": self.silence_between}[setting]

    def as_json(self) -> dict[str, Any]:
        """The rules as they stand in the constitution."""
        return asdict(self)


SETTINGS = ("session", "overnight", "between")
"""When a silence procedure runs: while the forum sits, overnight between two sittings, or between two sessions."""

SCHEMA: Mapping[str, Form] = {
    "version": integer(1, 1000),
    "quorum": integer(1, 1000),
    "rationale_words": integer(1, 10_000),
    "hold_hours": integer(1, 24 * 31),
    "accession": boolean,
    "public_from": one_of("adopted", "start"),
    "silence_session": integer(1, 24 * 31),
    "silence_overnight": integer(1, 24 * 31),
    "silence_between": integer(1, 24 * 31),
    "late_amendments": boolean,
    "list_order": one_of("protocol", "alphabetical"),
    "concurrence_hours": integer(1, 24 * 31),
    "correction_days": integer(1, 366),
}


def rules_form(value: Any) -> None:
    """A field's form: exactly the parameters above."""
    check_fields(value, SCHEMA)


def parse_rules(value: Mapping[str, Any]) -> Rules:
    """Return the rules in ``value``, whose form has been checked."""
    return Rules(**value)
