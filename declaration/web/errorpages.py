"""Errors as answers: the only place that knows HTTP statuses.

A page says what happened, what did not, and what to do; the code and the request's reference are small. A reader who typed
something gets it back. Programs (``/api`` or ``Accept: application/json``) get the same as RFC 9457 ``application/problem+json``.
Headers that belong to a status (``Allow``, ``Retry-After``, ``WWW-Authenticate``) are kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, json, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from declaration import errors
from declaration.web import access, refusals
from declaration.web.db import current_session
from declaration.web.logs import is_secret
from declaration.web.transaction import SAFE_METHODS

# The most particular class wins: looked up along the error's own line of ancestors.
STATUS: dict[type[errors.DeclarationError], int] = {
    errors.DeclarationError: 400,
    errors.Malformed: 400,
    errors.Refused: 409,
    errors.NotEntitled: 403,
    errors.SignatureInvalid: 422,
    errors.ProofInvalid: 422,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.NotAllowed: 403,
    errors.NeedsSignIn: 401,
    errors.ServiceHeld: 503,
}
_HEADINGS = {
    400: _l("That could not be read"),
    401: _l("You need to sign in"),
    403: _l("This is not yours to do"),
    404: _l("There is no such page"),
    405: _l("That cannot be done here"),
    409: _l("That is not possible now"),
    413: _l("That is too large"),
    422: _l("That does not verify"),
    429: _l("Too many attempts"),
    503: _l("The service is busy"),
}
_UNEXPECTED = _l("Something went wrong here")
_KEPT_HEADERS = frozenset({"allow", "retry-after", "www-authenticate"})
_BUSY_SECONDS = 5
_SHOWN_CHARACTERS = 20_000

_MADE = frozenset(
    {
        "statement", "signature", "next", "type", "object", "unit", "units", "key", "revision", "draft", "symbol", "silence", "do",
        "possession", "credential", "challenge", "site", "chosen",
    }
)  # fmt: skip
"""Fields that a page or its script filled in: nobody typed them."""

_WORDS = {
    "reason": _l("Reason"), "rationale": _l("Why"), "text": _l("Text"), "note": _l("Note"), "minute": _l("Minute"),
    "comment": _l("Comment"), "until": _l("Until"), "expires": _l("Expires"), "name": _l("Name"),
}  # fmt: skip
"""What fields are called on the pages that have them."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """One error, ready to be shown."""

    status: int
    code: str
    message: str
    instead: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def heading(self) -> str:
        return str(_HEADINGS.get(self.status, _UNEXPECTED))


def init_app(app: Flask) -> None:
    """Answer every error with a page or a problem document."""
    refusals.init_app(app)
    app.register_error_handler(errors.DeclarationError, _on_declaration_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(OperationalError, _on_busy)
    app.register_error_handler(PoolTimeout, _on_busy)


def status_of(error: errors.DeclarationError) -> int:
    """The HTTP status of an error class."""
    return next(STATUS[one] for one in type(error).__mro__ if one in STATUS)


def _on_declaration_error(error: errors.DeclarationError) -> Response:
    _settle()
    status = status_of(error)
    headers: list[tuple[str, str]] = []
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append(("WWW-Authenticate", 'Invitation realm="declaration"'))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", "60"))
        _log.error("service.held", code=error.code, message=error.message)
    return answer(Failure(status, error.code, refusals.message(error), refusals.instead(error), tuple(headers)))


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    _settle()
    kept = tuple((name, value) for name, value in error.get_headers() if name.lower() in _KEPT_HEADERS)
    if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
        message = str(_l("The service met an error that nobody expected."))
        instead = str(_l("Try again; if it stays, write to the secretariat with the reference below."))
    elif error.code == HTTPStatus.NOT_FOUND:
        message = str(_l("Nothing is at this address, or nothing that you may see."))
        instead = str(_l("Look for it from the first page."))
    else:
        message, instead = error.description or error.name, ""
    return answer(Failure(error.code, f"http.{error.code}", message, instead, kept))


def _on_busy(error: OperationalError | PoolTimeout) -> Response:
    """The database did not let us in within its time; the transaction is rolled back already.

    Anything else that drivers call operational (a write in a read-only transaction) is our mistake and stays loud.
    """
    if isinstance(error, OperationalError) and not is_busy(error):
        raise error
    _settle()
    _log.error("database.busy", kind=type(error).__name__, cause=str(getattr(error, "orig", "")))
    failure = Failure(
        503,
        "database.busy",
        str(_l("The database did not answer in time.")),
        str(_l("Send it again in a few seconds.")),
        (("Retry-After", str(_BUSY_SECONDS)),),
    )
    return answer(failure)


def is_busy(error: OperationalError) -> bool:
    """Whether sending the same again may succeed: a lock not given in time, a deadlock, a connection lost or refused."""
    if error.connection_invalidated:
        return True
    cause: object = error.orig
    state = getattr(cause, "sqlstate", None)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return state is None or state.startswith(("08", "40", "53", "55P03", "57"))


def _settle() -> None:
    """Leave no transaction behind and find the reader once more, at most once: what failed may be the looking up itself."""
    current_session().rollback()
    g.transaction_reads = True
    if "failing" not in g:
        g.failing = True
        try:
            access.optional_actor()
        except Exception:
            _log.exception("errorpages.reader-unknown")


def answer(failure: Failure) -> Response:
    """A failure as the reader's kind of document."""
    made = _problem(failure) if _wants_problem() else _page(failure)
    for name, value in failure.headers:
        made.headers[name] = value
    return made


def _wants_problem() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"], "text/html")
    return best != "text/html"


def _problem(failure: Failure) -> Response:
    body = {
        "type": "about:blank",
        "title": failure.heading,
        "status": failure.status,
        "code": failure.code,
        "detail": failure.message,
        "instead": failure.instead,
        "reference": g.get("request_id", ""),
    }
    return current_app.response_class(json.dumps(body, ensure_ascii=False), failure.status, mimetype="application/problem+json")


def _page(failure: Failure) -> Response:
    unsafe = request.method not in SAFE_METHODS
    html = render_template(
        "errors/error.html",
        failure=failure,
        unsafe=unsafe,
        typed=list(_typed()),
        back=_back() if unsafe or failure.status != HTTPStatus.UNAUTHORIZED else None,  # to somebody who only reads, the door is the way on
        reference=g.get("request_id", ""),
    )
    return current_app.response_class(html, failure.status, mimetype="text/html")


def _back() -> str | None:
    """The page of ours on which the form or the link stood, if the browser says so; never the one that was refused."""
    where = urlsplit(request.referrer or "")
    if not where.netloc or where.netloc != request.headers.get("Host"):
        return None
    if where.path == request.path and (request.method not in SAFE_METHODS or where.query.encode() == request.query_string):
        return None
    return f"{where.path}?{where.query}" if where.query else where.path


def _typed() -> Iterable[tuple[str, str]]:
    """What the reader sent, without secrets and without what a machine made of it."""
    if request.method in SAFE_METHODS or request.mimetype not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return
    try:
        fields = request.form
    except HTTPException:  # too large or malformed: that is the error being shown
        return
    for name, value in fields.items():
        if value.strip() and name not in _MADE and not is_secret(name):
            yield str(_WORDS.get(name, name)), value[:_SHOWN_CHARACTERS]
