"""Opening a log, locking it, appending to it. The caller owns the transaction and its other rows are part of it.

An act is recorded in this order::

    log = lock(session, log)                      nobody else appends to this forum until the commit
    ...  decide with log.size and log.last_at     the time of receipt never goes back
    raw = build_entry(at, signature, statement)
    appended = append(session, log, raw)

Entry, nodes, checkpoint, head and the caller's rows are one commit, or none of them is. On SQLite the transaction has the only
right to write from its beginning (``BEGIN IMMEDIATE``); on PostgreSQL the head row's lock is it, so take it after other rows' locks.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.errors import Conflict, ProofInvalid, Refused, ServiceHeld
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.names import parse_origin
from declaration.transparency import tree, watch
from declaration.transparency.models import Log, LogCheckpoint, LogEntry, LogNode
from declaration.transparency.signing import current_signing
from declaration.web.db import Base
from declaration.web.transaction import on_commit

# As tables: nothing here is kept in the session's memory, which an append would only fill.
_ENTRIES, _NODES, _CHECKPOINTS = (Base.metadata.tables[one.__tablename__] for one in (LogEntry, LogNode, LogCheckpoint))

# Built once: an append pays for running them only.
_HEAD = select(Log).where(Log.id == bindparam("log_id")).with_for_update().execution_options(populate_existing=True)
_INSERT_ENTRY, _INSERT_NODE, _INSERT_CHECKPOINT = insert(_ENTRIES), insert(_NODES), insert(_CHECKPOINTS)

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
    watch.require_signable(session, log)
    session.add(log)
    try:
        session.flush()
    except IntegrityError as error:  # somebody opened it at the same moment
        raise _exists(name) from error
    _keep_checkpoint(session, log)
    on_commit(lambda: _publish(origin), session)
    return log


def lock(session: Session, log: Log) -> Log:
    """Lock the head until the end of this transaction and read it anew; what was read before may be old.

    :returns: the same object, with the size, root and ``last_at`` that the next append meets.
    """
    locked = session.scalars(_HEAD, {"log_id": log.id}).one()
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
    entry = parse_entry(raw_entry)
    if session.info.get(_LOCKED) != (log, *_transactions(session)):
        lock(session, log)
    _require_next(log, entry)
    watch.require_signable(session, log)
    grown = _grown(log, entry)
    session.flush()
    index = log.size
    _keep_entry(session, log, entry)
    nodes = [{"log_id": log.id, "level": level, "idx": idx, "hash": node} for level, idx, node in grown.nodes]
    session.connection().execute(_INSERT_NODE, nodes)
    log.size, log.root, log.peaks, log.last_at = grown.size, grown.root, grown.peaks, entry.at
    return Appended(index, _keep_checkpoint(session, log))


def _transactions(session: Session) -> tuple[object, object]:
    """This transaction and the savepoint within: rolling back to a savepoint gives up the locks taken since."""
    return session.get_transaction(), session.get_nested_transaction()


def _require_next(log: Log, entry: Entry) -> None:
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


def _grown(log: Log, entry: Entry) -> tree.Grown:
    try:
        if tree.root_of(log.size, log.peaks) != log.root:
            raise ProofInvalid("the head's peaks have another root", code="proof.root")
        return tree.grow(log.size, log.peaks, entry.leaf)
    except ProofInvalid as error:
        raise ServiceHeld(
            f"The head of {log.origin} contradicts itself",
            code="log.damaged",
            instead="Stop the service, put back the newest copy of the database, and run: flask --app wsgi log check.",
        ) from error


def _keep_entry(session: Session, log: Log, entry: Entry) -> None:
    row = {
        "log_id": log.id,
        "seq": log.size,
        "raw": entry.raw,
        "statement_digest": bytes.fromhex(entry.statement.digest),
    }
    try:
        session.connection().execute(_INSERT_ENTRY, row)
    except IntegrityError as error:
        if _REPEATED not in str(error.orig):
            raise
        raise Conflict(
            "this act is in the record already", code="log.repeated", instead="Look it up in the record; it counts once."
        ) from error


def _keep_checkpoint(session: Session, log: Log) -> bytes:
    signed = Checkpoint(log.origin, log.size, log.root)
    note = sign_checkpoint(signed, current_signing().signer(log.origin))
    row = {"log_id": log.id, "size": log.size, "root": log.root, "note": note}
    session.connection().execute(_INSERT_CHECKPOINT, row)
    watch.follow_commit(session, log)
    return note


def _exists(name: str) -> Conflict:
    return Conflict(f"there is a record called {name} already", code="log.exists", instead="Choose another short name.")


def _publish(origin: str) -> None:
    current_signing().publish(origin)
