"""When the guard is asked and when it is moved; :mod:`.guard` says why in this order.

* :func:`require_signable` before a signature, with the head row locked.
* :func:`follow_commit` after an append: a hook moves the guard when the transaction is committed. Whoever has no session says
  :func:`move_later` after the commit: the guard then follows in the background.
* :func:`before_serving` before a checkpoint is handed out.
* An answer of a request that appended, and whose hook failed, does not leave (:func:`init_app`): a hook's failure is only logged,
  and the receipt may be in that answer.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask, current_app
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from declaration.errors import ServiceHeld
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.transparency.guard import Guard, Mark, missing, restored_backup, two_roots
from declaration.transparency.heads import AnyHead, Past
from declaration.transparency.models import Log
from declaration.transparency.signing import current_signing
from declaration.web.db import current_session, reading
from declaration.web.direct import Direct
from declaration.web.transaction import on_commit, on_rollback

# In the session's info: logs appended to in this transaction; logs whose append is committed and not guarded yet.
_PENDING, _COMMITTED = "log-pending", "log-committed"
_TRANSACTION = "log-transaction"  # and which transaction that was: somebody may commit past the hooks
_EXTENSION = "log-guards"
_PAUSE = 0.02
"""Seconds between two moves in the background."""

_log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Keep back an answer whose checkpoint is committed but not guarded."""
    app.extensions[_EXTENSION] = _Background()

    @app.after_request
    def _never_unguarded(answer: Response) -> Response:
        session = current_session()
        if session.info.get(_COMMITTED):
            try:
                _move_all(session)
            except ServiceHeld as held:
                return app.make_response(app.handle_user_exception(held))
            finally:
                session.info.pop(_COMMITTED, None)
        return answer


def require_signable(direct: Direct, log: AnyHead) -> None:
    """Return when the next root of this log may be signed. The caller holds the head row locked.

    :raises ServiceHeld: ``log.another-key``, ``log.restored-backup``, ``log.two-roots``, ``log.guard-missing``, ``log.guard-damaged``.
    """
    signing = current_signing()
    if signing.verifier(log.origin).vkey != log.vkey:
        raise another_key(log.vkey)
    guard = signing.guard(log.origin)
    background: _Background = current_app.extensions[_EXTENSION]
    background.require_moved(guard)
    mark = guard.read()
    if mark is None:
        if log.size > 0:
            raise missing(guard.path.name)
        guard.create(Mark(0, EMPTY_ROOT))
        return
    _require_extends(mark, Past(direct, log), guard.path.name)


def follow_commit(session: Session, log: Log) -> None:
    """Move the guard once this transaction is committed."""
    pending = session.info.setdefault(_PENDING, {})
    if not pending:
        on_commit(lambda: _committed(session), session)
        on_rollback(lambda: session.info.pop(_PENDING, None), session)
    pending[log.id] = log
    session.info[_TRANSACTION] = session.get_transaction()


def before_serving(session: Session, log: Log) -> None:
    """Move the guard to the committed head, so that a checkpoint of this log may leave.

    In a transaction that itself has appended this does nothing: its checkpoint leaves with the answer, after the commit.

    :raises ServiceHeld: as :func:`require_signable`; nothing is served from a restored backup either.
    """
    if log.id in session.info.get(_PENDING, {}) and session.info[_TRANSACTION] is session.get_transaction():
        return
    if current_signing().guard(log.origin).durable == Mark(log.size, log.root):
        return
    require_current(session, log.id)


def require_current(session: Session, log_id: int) -> None:
    """Compare the guard with the committed head, and move it there. Trusts nothing that this process remembers.

    The database is asked on a connection of its own: this session may stand in an older snapshot.

    :raises ServiceHeld: as :func:`require_signable`.
    """
    with reading(), Session(session.get_bind().engine) as fresh:
        origin = fresh.scalar(select(Log.origin).where(Log.id == log_id))
        if origin is None:
            return  # not committed yet, so nothing of it can leave
        fresh.rollback()  # the snapshot in which the name was read may be older than what the guard says next
        guard = current_signing().guard(origin)
        # The guard first: it follows commits, so a head read later cannot honestly be behind it.
        mark = guard.read()
        head = fresh.scalars(select(Log).where(Log.id == log_id)).one()
        if current_signing().verifier(origin).vkey != head.vkey:
            raise another_key(head.vkey)
        if mark is None:
            if head.size > 0:
                raise missing(guard.path.name)
            guard.create(Mark(0, EMPTY_ROOT))
            return
        _require_extends(mark, Past(Direct.of(fresh), head), guard.path.name)
    guard.advance(Mark(head.size, head.root))


def another_key(vkey: str) -> ServiceHeld:
    """The key in the folder is not the one that signed this log."""
    return ServiceHeld(
        f"The record was signed by {vkey}, and the key in the keys folder is another one",
        code="log.another-key",
        instead="Put log.key back from the copy of the keys folder that belongs to this database, and start again.",
    )


def move_later(head: AnyHead) -> None:
    """Let the guard follow a commit in the background.

    For whoever has committed without a session, and whose answer carries no checkpoint and no root: whoever reads one later goes
    through :func:`before_serving`.
    """
    background: _Background = current_app.extensions[_EXTENSION]
    background.move(current_signing().guard(head.origin), Mark(head.size, head.root))


class _Background:
    """Moves guards, one sync for whatever was committed while the one before it lasted, and within :data:`_PAUSE` after it.

    It competes with the acts for the disk and the processor. Whoever asks for a checkpoint in the meantime moves the guard first.
    """

    def __init__(self) -> None:
        self._rests_until = 0.0
        self._lock = threading.Lock()
        self._wanted: dict[Guard, Mark] = {}
        self._failed: dict[Guard, Mark] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="guard")

    def move(self, guard: Guard, mark: Mark) -> None:
        with self._lock:
            idle = not self._wanted
            if guard not in self._wanted or self._wanted[guard].size < mark.size:
                self._wanted[guard] = mark
        if idle:
            self._thread.submit(self._move)

    def _move(self) -> None:
        time.sleep(max(0.0, self._rests_until - time.monotonic()))
        with self._lock:
            wanted, self._wanted = self._wanted, {}
        for guard, mark in wanted.items():
            try:
                guard.advance(mark)
            except ServiceHeld as held:
                self._failed[guard] = mark
                _log.critical(held.code, file=guard.path.name, size=mark.size)
        self._rests_until = time.monotonic() + _PAUSE

    def require_moved(self, guard: Guard) -> None:
        """Try again what failed: until it succeeds, nothing more is signed."""
        if (mark := self._failed.get(guard)) is not None:
            guard.advance(mark)
            self._failed.pop(guard, None)


def _committed(session: Session) -> None:
    session.info.setdefault(_COMMITTED, {}).update(session.info.pop(_PENDING, {}))
    _move_all(session)


def _move_all(session: Session) -> None:
    unguarded: dict[int, Log] = session.info[_COMMITTED]
    for log_id, log in list(unguarded.items()):
        state = inspect(log)
        if state.detached or {"size", "root", "origin"} & state.expired_attributes:
            # A savepoint inside was rolled back: this object no longer knows what was committed.
            require_current(session, log_id)
        else:
            current_signing().guard(log.origin).advance(Mark(log.size, log.root))
        del unguarded[log_id]


def _require_extends(mark: Mark, past: Past, file_name: str) -> None:
    held = past.head.size
    if mark.size > held:
        _log.critical("log.restored-backup", held=held, signed=mark.size, file=file_name)
        raise restored_backup(held=held, signed=mark.size, file_name=file_name)
    if mark.root != (past.head.root if mark.size == held else past.root(mark.size)):
        _log.critical("log.two-roots", size=mark.size, file=file_name)
        raise two_roots(mark.size, file_name)
