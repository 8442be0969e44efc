"""The head of a log, and the few questions that every act asks of its past, on the driver's own connection (:mod:`declaration.web.direct`).

The same rows as :mod:`.queries` reads, for whoever records hundreds of acts a second. Nothing here is handed out of the service, so
no guard is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select

from declaration.errors import NotFound
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.transparency.models import Log, LogCheckpoint, LogEntry
from declaration.transparency.nodes import last_entry, node_in
from declaration.transparency.tree import places_of_peaks, root_of
from declaration.web.db import Base
from declaration.web.direct import Direct
from declaration.web.statements import Prepared

# As tables: nothing here is kept in a session's memory.
_LOGS, _ENTRIES, _CHECKPOINTS = (Base.metadata.tables[one.__tablename__] for one in (Log, LogEntry, LogCheckpoint))

_HEAD = Prepared(
    select(*(_LOGS.c[name] for name in ("id", "origin", "vkey", "size", "root", "peaks", "last_at")))
    .where(_LOGS.c.origin == bindparam("of"))
    .with_for_update(),
    "of",
)
_ROOT = Prepared(
    select(_CHECKPOINTS.c.root).where(_CHECKPOINTS.c.log_id == bindparam("log"), _CHECKPOINTS.c.size == bindparam("at")), "log", "at"
)
_NODES = Prepared(select(_ENTRIES.c.nodes).where(_ENTRIES.c.log_id == bindparam("log"), _ENTRIES.c.seq == bindparam("at")), "log", "at")
_BETWEEN = Prepared(
    select(_ENTRIES.c.seq, _ENTRIES.c.raw)
    .where(_ENTRIES.c.log_id == bindparam("log"), _ENTRIES.c.seq >= bindparam("start"), _ENTRIES.c.seq < bindparam("stop"))
    .order_by(_ENTRIES.c.seq),
    "log", "start", "stop",
)  # fmt: skip


@dataclass(slots=True)
class Head:
    """The head of a log outside of any session."""

    id: int
    origin: str
    vkey: str
    size: int
    root: bytes
    peaks: bytes
    last_at: datetime | None


AnyHead = Head | Log
"""A head as somebody has it in hand."""


def lock_head(direct: Direct, origin: str) -> Head | None:
    """The head under this origin, locked until the end of the transaction; None where no log was opened."""
    found = _HEAD.first(direct, of=origin)
    return None if found is None else Head(*found)


@dataclass(frozen=True, slots=True)
class Past:
    """The entries and roots of a log up to a head."""

    direct: Direct
    head: AnyHead
    _roots: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY_ROOT}, repr=False)

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` entries; what was asked for is remembered, since most signers have seen the same few.

        :raises NotFound: ``log.no-such-size``.
        """
        if not 0 <= size <= self.head.size:
            raise no_such_size(size, self.head.size)
        if size not in self._roots:
            found = _ROOT.first(self.direct, log=self.head.id, at=size)
            self._roots[size] = found[0] if found is not None else root_of(size, b"".join(self._peaks(size)))
        return self._roots[size]

    def _peaks(self, size: int) -> Iterator[bytes]:
        for level, index in places_of_peaks(size):
            found = _NODES.first(self.direct, log=self.head.id, at=last_entry(level, index))
            yield node_in(found[0] if found is not None else b"", level)

    def entry(self, index: int) -> bytes:
        """The exact bytes of one entry.

        :raises NotFound: ``log.no-such-entry``.
        """
        for _, raw in self.entries(index, index + 1):
            return raw
        raise no_such_entry(index, self.head.size)

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Index and exact bytes of the entries from ``start`` up to, not including, ``stop``."""
        yield from _BETWEEN.rows(self.direct, log=self.head.id, start=start, stop=stop)


def no_such_size(size: int, held: int) -> NotFound:
    """A size that this log has not reached."""
    return NotFound(f"the record does not have {size} entries", code="log.no-such-size", instead=f"It has {held} entries.")


def no_such_entry(index: int, held: int) -> NotFound:
    """An entry that this log does not have."""
    return NotFound(f"the record has no entry {index}", code="log.no-such-entry", instead=f"It has {held} entries.")
