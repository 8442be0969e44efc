"""An act: one entry of the record, as the procedure sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from declaration.protocol.entry import Entry
from declaration.protocol.statement import Statement


@dataclass(frozen=True, slots=True)
class Act:
    """A statement, when the record took it (UTC), and its position, the first being 0."""

    statement: Statement
    at: datetime
    index: int

    @property
    def type(self) -> str:
        """The statement's type, such as ``amendment.submit-v1``."""
        return self.statement.type

    @property
    def digest(self) -> str:
        """The identity of the act: SHA-256 of the statement, in hex."""
        return self.statement.digest

    @property
    def object(self) -> str:
        """Digest of what is acted on; the constitution alone has none and gives the empty string."""
        return self.statement.object or ""

    def __getitem__(self, field: str) -> Any:
        """A field of the statement's body; its form has been checked by the table's schema."""
        return self.statement.body[field]


def act_of(entry: Entry, index: int) -> Act:
    """Return the act that ``entry`` is at position ``index`` of its record."""
    return Act(entry.statement, entry.at, index)
