"""Reading a whole log again, trusting no stored hash: after a restored backup, before a migration of machines, at will."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.errors import Conflict, DeclarationError, ProofInvalid
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.entry import parse_entry
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.note import parse_vkey, verify
from declaration.transparency import queries, tree, watch
from declaration.transparency.guard import Mark
from declaration.transparency.models import Log, LogCheckpoint, LogCosignature, LogEntry
from declaration.transparency.signing import current_signing

_AT_ONCE = 4096


def check(session: Session, log: Log) -> int:
    """Grow the tree again from the entries and compare every node, root, checkpoint, digest and time, the witnesses' lines, the guard.

    :returns: the number of entries.
    :raises ProofInvalid: ``log.damaged``, naming the first entry at which something differs.
    :raises ServiceHeld: the guard says that this database is not the newest.
    """
    verifier = current_signing().verifier(log.origin)
    if verifier.vkey != log.vkey:
        raise watch.another_key(log.vkey)
    size, peaks, root, last_at = 0, b"", EMPTY_ROOT, None
    _check_note(session, log, 0, EMPTY_ROOT, signed=True)
    for index, raw in queries.entries(session, log):
        try:
            entry = parse_entry(raw)
        except DeclarationError as error:
            raise _damaged(index, str(error)) from error
        if index != size:
            raise _damaged(size, "it is missing")
        if last_at is not None and entry.at < last_at:
            raise _damaged(index, "its time goes back")
        if queries.index_of(session, log, entry.statement.digest) != index:
            raise _damaged(index, "its digest is filed elsewhere")
        grown = tree.grow(size, peaks, [entry.leaf])
        _check_nodes(session, log, index, grown.nodes[0])
        size, peaks, last_at = grown.size, grown.peaks, entry.at
        root = tree.root_of(size, peaks)
        _check_note(session, log, size, root, signed=size == log.size)
    if (size, peaks, root, last_at) != (log.size, log.peaks, log.root, log.last_at):
        raise _damaged(size, "the head says otherwise")
    _check_cosignatures(session, log)
    watch.require_current(session, log.id)
    return size


def trust(session: Session, log: Log, size: int) -> None:
    """Begin a guard where its file is lost, at the present head.

    :param size: what the operator vouches for; compared with the head, so that nobody vouches without looking.
    :raises Conflict: ``log.guard-exists``, ``log.other-size``.
    """
    guard = current_signing().guard(log.origin)
    if guard.read() is not None:
        raise Conflict(f"{guard.path.name} is there", code="log.guard-exists", instead="Nothing needs to be trusted.")
    if size != log.size:
        raise Conflict(
            f"this database has {log.size} entries, not {size}", code="log.other-size", instead="Make sure which one is the newest."
        )
    guard.create(Mark(log.size, log.root))


def _check_nodes(session: Session, log: Log, index: int, expected: bytes) -> None:
    stored = session.scalar(select(LogEntry.nodes).where(LogEntry.log_id == log.id, LogEntry.seq == index))
    if stored != expected:
        raise _damaged(index, "the nodes of the tree that end with it differ")


def _check_note(session: Session, log: Log, size: int, root: bytes, *, signed: bool) -> None:
    """A size that one commit has passed over has no note: nobody had it, and whoever asks for it gets it signed."""
    found = session.get(LogCheckpoint, (log.id, size))
    if found is None:
        if signed:
            raise _damaged(size, "its checkpoint is missing")
        return
    try:
        opened = open_checkpoint(found.note, current_signing().verifier(log.origin))
    except DeclarationError as error:
        raise _damaged(size, str(error)) from error
    if not found.root == opened.root == root or opened.size != size:
        raise _damaged(size, "its checkpoint is of another root")


def _check_cosignatures(session: Session, log: Log) -> None:
    query = (
        select(LogCosignature, LogCheckpoint.note)
        .outerjoin(LogCheckpoint, (LogCheckpoint.log_id == LogCosignature.log_id) & (LogCheckpoint.size == LogCosignature.size))
        .where(LogCosignature.log_id == log.id)
        .order_by(LogCosignature.size)
    )
    with session.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        for row, note in rows:
            _check_cosignature(row, note or b"")


def _check_cosignature(row: LogCosignature, note: bytes) -> None:
    try:
        found = verify(note + row.line.encode(), parse_vkey(row.key)).signatures
    except DeclarationError as error:
        raise _damaged(row.size, f"a witness's line: {error}") from error
    if [(each.time, each.line) for each in found] != [(row.time, row.line)]:
        raise _damaged(row.size, "a witness's line is not the one that it signed")


def _damaged(index: int, reason: str) -> ProofInvalid:
    return ProofInvalid(
        f"the record is damaged at {index}: {reason}",
        code="log.damaged",
        instead="Stop the service and put back the newest copy of the database that passes this check.",
    )
