"""One unsafe request is one transaction, and it is committed in one place.

* A safe request (GET, HEAD, OPTIONS), or a POST whose route says ``reads_only``, runs read-only and is never committed.
* Any other request is committed after its view returned an answer below 400, and rolled back otherwise. A failing commit is
  an error of the request like any other: nobody is told that something was recorded which was not.
* What must follow (mail, notices, a warm cache) is left with :func:`on_commit` and runs in order after the commit, outside the
  transaction. What was prepared in memory is put back with :func:`on_rollback`. A hook that fails is logged and changes neither
  the answer nor the other hooks: the act itself is in the record by then.

Commands and jobs have no request; they say ``with unit_of_work() as session:`` inside an application context.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import structlog
from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from declaration.web import access
from declaration.web.db import current_session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_log = structlog.get_logger(__name__)


class WriteInReadingRequest(RuntimeError):
    """A request that promised only to read has changed something. The route is wrong, not the reader."""


def on_commit(hook: Callable[[], None], session: Session | None = None) -> None:
    """Run ``hook`` after this transaction is committed; never when it is rolled back."""
    _hooks(session or current_session(), "on_commit").append(hook)


def on_rollback(hook: Callable[[], None], session: Session | None = None) -> None:
    """Run ``hook`` after this transaction is rolled back; never when it is committed."""
    _hooks(session or current_session(), "on_rollback").append(hook)


def this_application() -> Flask:
    """The application itself, for a job that outlives the context it was begun in or needs one of its own."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's documented way
    return app


@contextlib.contextmanager
def unit_of_work() -> Iterator[Session]:
    """The transaction of a command or a job: committed when the block ends, rolled back when it raises.

    Needs an application context. In a request use :func:`declaration.web.db.current_session`: the request is the unit.
    """
    session = current_session()
    try:
        yield session
    except BaseException:
        _roll_back(session)
        raise
    _commit(session)


class TransactionalFlask(Flask):
    """Flask whose dispatch is the transaction, so that a failing commit meets the error handlers like a failing view."""

    def dispatch_request(self) -> ResponseReturnValue:
        session = current_session()
        try:
            answer = self.make_response(super().dispatch_request())
        except BaseException:
            _roll_back(session)
            raise
        _conclude(session, answer)
        return answer


def init_app(app: Flask) -> None:
    """Decide, before anything touches the database, whether this request may write."""

    @app.before_request
    def _decide() -> None:
        g.transaction_reads = request_reads_only()


def request_reads_only() -> bool:
    """Whether the current request may only read: by its method, or because its route promises so."""
    return request.method in SAFE_METHODS or access.rule_of_request().reads_only


def _conclude(session: Session, answer: Response) -> None:
    if g.transaction_reads:
        changed = [*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))]
        _roll_back(session)
        if changed:
            raise WriteInReadingRequest(f"{request.endpoint} only reads, but changed {type(changed[0]).__name__}")
    elif answer.status_code < 400:
        _commit(session)
    else:
        _roll_back(session)


def _commit(session: Session) -> None:
    try:
        session.commit()
    except BaseException:
        _roll_back(session)
        raise
    _run(session, "on_commit")


def _roll_back(session: Session) -> None:
    session.rollback()
    _run(session, "on_rollback")


def _hooks(session: Session, kind: str) -> list[Callable[[], None]]:
    hooks: list[Callable[[], None]] = session.info.setdefault(kind, [])
    return hooks


def _run(session: Session, kind: str) -> None:
    hooks = _hooks(session, kind)
    session.info.pop("on_commit", None)
    session.info.pop("on_rollback", None)
    for hook in hooks:
        try:
            hook()
        except Exception:
            _log.exception("transaction.hook-failed", kind=kind, hook=getattr(hook, "__qualname__", repr(hook)))
