"""What a monitor says. Each event is a line for people, and with ``--json`` an object for programs."""

from __future__ import annotations

from dataclasses import dataclass

from declaration.protocol.encoding import JSON, canonical
from declaration.verifier.report import plain

ALARMS = ("equivocation", "rollback", "finding")
_MARKS = {"followed": "", "note": "note: ", "watched": "WATCHED: ", "unreachable": "NOT REACHED: "}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was found.

    :ivar kind: ``followed`` and ``note`` are as it should be; ``watched`` concerns a watched organization; ``finding``, ``rollback`` and
        ``equivocation`` mean that the record is not in order; ``unreachable``, that nothing could be found out.
    :ivar code: stable identifier.
    :ivar check: which of the verifier's nine checks found it, where one did.
    :ivar file: the file that was written, for evidence.
    """

    kind: str
    code: str
    what: str
    where: str = ""
    check: int | None = None
    file: str = ""

    def as_json(self) -> bytes:
        """One line of JSON; members without a value are left out."""
        said: dict[str, JSON] = {"kind": self.kind, "code": self.code, "what": self.what}
        said |= {name: value for name, value in (("where", self.where), ("check", self.check), ("file", self.file)) if value}
        return canonical(said) + b"\n"

    def as_text(self) -> str:
        """One line that a terminal shows as it is."""
        mark = _MARKS.get(self.kind, f"{self.kind.upper()}: ")
        where = f"{self.where}: " if self.where else ""
        file = f" ({self.file})" if self.file else ""
        return plain(f"{mark}{where}{self.what}{file}  [{self.code}]") + "\n"
