"""Opening a log, locking it, appending to it. The caller owns the transaction and its other rows are part of it.

An act is recorded in this order::

    log = lock(session, log)                      nobody else appends to this forum until the commit
    ...  decide with log.size and log.last_at     the time of receipt never goes back
    entry = entry_of(at, signature, statement)
    append_entry(session, log, entry)

Entry, nodes, checkpoint, head and the caller's rows are one commit, or none of them is. On SQLite the transaction has the only
right to write from its beginning (``BEGIN IMMEDIATE``); on PostgreSQL the head row's lock is it, so take it after other rows' locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from declaration.errors import Conflict, ProofInvalid, Refused
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.names import parse_origin
from declaration.transparency import tree, watch
from declaration.transparency.heads import Head
from declaration.transparency.models import Log, LogCheckpoint, LogEntry
from declaration.transparency.nodes import damaged
from declaration.transparency.signing import current_signing
from declaration.web.db import Base
from declaration.web.direct import Direct
from declaration.web.statements import Prepared
from declaration.web.transaction import on_commit

# As tables: nothing here is kept in the session's memory, which an append would only fill.
_LOGS, _ENTRIES, _CHECKPOINTS = (Base.metadata.tables[one.__tablename__] for one in (Log, LogEntry, LogCheckpoint))

# Built once: an append pays for running them only.
_MOVING = ("size", "root", "peaks", "last_at")
_HEAD = select(Log).with_for_update().execution_options(populate_existing=True)
_HEAD_BY_ID, _HEAD_BY_ORIGIN = _HEAD.where(Log.id == bindparam("log_id")), _HEAD.where(Log.origin == bindparam("of"))
_MOVE = Prepared(update(_LOGS).where(_LOGS.c.id == bindparam("log_id")), "log_id", *_MOVING)
_INSERT_ENTRY, _INSERT_CHECKPOINT = (Prepared(insert(one).inline(), *one.columns.keys()) for one in (_ENTRIES, _CHECKPOINTS))

_LOCKED = "log-locked"  # in the session's info: which head this transaction holds
_REPEATED = "statement_digest"  # in the trigger's words and in the constraint's name, on both databases


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an entry stands, and the checkpoint that covers it.

    :param checkpoint_note: the signed note of size ``index + 1``. It may leave the service only after the commit: put it into
        the answer of this request, or ask :mod:`.queries` and :mod:`.receipts` later, but never send it from inside.
    """

    index: int
    checkpoint_note: bytes


def create_log(session: Session, origin: str) -> Log:
    """Open an empty log under ``host/forum`` and sign its checkpoint of size 0.

    :raises Malformed: ``name.origin``.
    :raises Conflict: ``log.exists``, also when another host's forum has the same last part.
    :raises ServiceHeld: ``log.restored-backup`` when this key has signed entries under this origin before.
    """
    parse_origin(origin)
    name = origin.rpartition("/")[2]
    if session.scalar(select(Log.id).where((Log.origin == origin) | (Log.name == name))) is not None:
        raise _exists(name)
    signing = current_signing()
    log = Log(
        origin=origin, name=name, vkey=signing.verifier(origin).vkey, size=0, root=EMPTY_ROOT, peaks=b"", last_at=None
    )
    watch.require_signable(Direct.of(session), log)
    session.add(log)
    try:
        session.flush()
    except IntegrityError as error:  # somebody opened it at the same moment
        raise _exists(name) from error
    note = sign_checkpoint(Checkpoint(origin, 0, EMPTY_ROOT), signing.signer(origin))
    _INSERT_CHECKPOINT.run(Direct.of(session), [{"log_id": log.id, "size": 0, "root": EMPTY_ROOT, "note": note}])
    watch.follow_commit(session, log)
    on_commit(lambda: _publish(origin), session)
    return log


def lock(session: Session, log: Log) -> Log:
    """Lock the head until the end of this transaction and read it anew; what was read before may be old.

    :returns: the same object, with the size, root and ``last_at`` that the next append meets.
    """
    locked = session.scalars(_HEAD_BY_ID, {"log_id": log.id}).one()
    session.info[_LOCKED] = (locked, *_transactions(session))
    return locked


def lock_by_origin(session: Session, origin: str) -> Log:
    """The same for whoever has only its name: the log is opened where there is none."""
    locked = session.scalars(_HEAD_BY_ORIGIN, {"of": origin}).one_or_none() or lock(session, create_log(session, origin))
    session.info[_LOCKED] = (locked, *_transactions(session))
    return locked


def append(session: Session, log: Log, raw_entry: bytes) -> Appended:
    """Append one entry, built by :func:`declaration.protocol.entry.build_entry`.

    Takes the lock if the caller has not.

    :raises Malformed: not the exact bytes of an entry.
    :raises Refused: ``log.other-forum``, the statement was meant for another log; ``log.time-backward``, received before the
        entry that precedes it.
    :raises Conflict: ``log.repeated``, the same statement is recorded already. The transaction cannot go on after it.
    :raises ServiceHeld: the guard forbids signing (see :mod:`.watch`), or ``log.damaged``.
    """
    return append_entry(session, log, parse_entry(raw_entry))


def append_entry(session: Session, log: Log, entry: Entry) -> Appended:
    """The same for an entry that was parsed."""
    if session.info.get(_LOCKED) != (log, *_transactions(session)):
        lock(session, log)
    session.flush()
    head = Head(log.id, log.origin, log.vkey, log.size, log.root, log.peaks, log.last_at)
    note = append_to(Direct.of(session), head, [entry])
    # Within a savepoint a change that the session knows of, so that it forgets it with the savepoint.
    note_change = setattr if session.in_nested_transaction() else set_committed_value
    for name in _MOVING:
        note_change(log, name, getattr(head, name))
    watch.follow_commit(session, log)
    return Appended(head.size - 1, note)


def append_to(direct: Direct, head: Head, entries: Sequence[Entry]) -> bytes:
    """Append entries to a locked head, which is moved; whoever calls commits, and says :func:`.watch.move_later` then.

    The last size gets a signed note, which is all that can leave after one commit. A note of a size in between is signed when somebody
    asks for it (:func:`.queries.checkpoint_at`); it is the same bytes each time, since Ed25519 draws nothing at random.

    :returns: the signed note of the new size.
    :raises Malformed, Refused, Conflict, ServiceHeld: as :func:`append`; the transaction cannot go on.
    """
    watch.require_signable(direct, head)
    _require_sound(head)
    for entry in entries:
        _require_next(head, entry)
        head.last_at = entry.at
    grown = tree.grow(head.size, head.peaks, [entry.leaf for entry in entries])
    rows = [
        {"log_id": head.id, "seq": seq, "raw": entry.raw, "statement_digest": bytes.fromhex(entry.statement.digest), "nodes": nodes}
        for seq, (entry, nodes) in enumerate(zip(entries, grown.nodes, strict=True), head.size)
    ]
    head.size, head.peaks, head.root = grown.size, grown.peaks, tree.root_of(grown.size, grown.peaks)
    note = sign_checkpoint(Checkpoint(head.origin, head.size, head.root), current_signing().signer(head.origin))
    _keep_entries(direct, rows)
    _INSERT_CHECKPOINT.run(direct, [{"log_id": head.id, "size": head.size, "root": head.root, "note": note}])
    _MOVE.run(direct, [{"log_id": head.id, **{name: getattr(head, name) for name in _MOVING}}])
    return note


def _transactions(session: Session) -> tuple[object, object]:
    """This transaction and the savepoint within: rolling back to a savepoint gives up the locks taken since."""
    return session.get_transaction(), session.get_nested_transaction()


def _require_next(log: Head, entry: Entry) -> None:
    if entry.statement.log != log.origin:
        raise Refused(
            f"this act was signed for {entry.statement.log}, not for {log.origin}",
            code="log.other-forum",
            instead="Sign it again on the page of this forum.",
        )
    if log.last_at is not None and entry.at < log.last_at:
        raise Refused(
            "the record is ahead of the service's clock",
            code="log.time-backward",
            instead="The operator sets the clock of the server right; then send it again.",
        )


def _require_sound(log: Head) -> None:
    try:
        if tree.root_of(log.size, log.peaks) != log.root:
            raise ProofInvalid("the head's peaks have another root", code="proof.root")
    except ProofInvalid as error:
        raise damaged(f"the head of {log.origin} contradicts itself") from error


def _keep_entries(direct: Direct, rows: list[dict[str, Any]]) -> None:
    try:
        _INSERT_ENTRY.run(direct, rows)
    except IntegrityError as error:
        if _REPEATED not in str(error.orig):
            raise
        raise Conflict(
            "this act is in the record already", code="log.repeated", instead="Look it up in the record; it counts once."
        ) from error


def _exists(name: str) -> Conflict:
    return Conflict(f"there is a record called {name} already", code="log.exists", instead="Choose another short name.")


def _publish(origin: str) -> None:
    current_signing().publish(origin)
