"""Logs: one JSON object a line on standard error, with the request's id and without secrets.

A request is logged by its route (``/<forum>/invitations/<token>``), never by its address: addresses carry one-time tokens.
What a delegation does inside (:func:`inside`) is not logged at all, unless it fails here: whoever keeps the machine can neither read
nor count it.
:func:`without_secrets` replaces the value of every field whose name sounds like a secret, at any depth.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

SECRET_WORDS = (
    "token",
    "signature",
    "passphrase",
    "password",
    "secret",
    "cookie",
    "authorization",
    "private",
    "backup",
)
HIDDEN = "(hidden)"

# Without 0, 1, I, L, O, U: a reference is read aloud over the telephone.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_log = structlog.get_logger("declaration.request")

View = TypeVar("View", bound=Callable[..., Any])


def inside(view: View) -> View:
    """Declare that a view serves what stays inside a delegation, or that it cannot be told apart from that. Put it above ``allow``."""
    view.stays_inside = True  # type: ignore[attr-defined]  # functions carry attributes
    return view


def _is_inside(status: int) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "stays_inside", False) and status < HTTPStatus.INTERNAL_SERVER_ERROR


def is_secret(name: str) -> bool:
    """Whether a field of this name must not be shown or logged."""
    lowered = name.lower()
    return any(word in lowered for word in SECRET_WORDS)


def without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: hide the values of secret fields."""
    return {name: HIDDEN if is_secret(name) else _clean(value) for name, value in event.items()}


def _clean(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: HIDDEN if is_secret(str(name)) else _clean(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(one) for one in value]
    return value


def configure() -> None:
    """Send structlog and the standard library's loggers to standard error as JSON lines."""
    shared = _processors()
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name("declaration")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if one.get_name() != "declaration"]
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it greets at every look at the revision


def _processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        without_secrets,
    ]


def request_id() -> str:
    """The reference of the current request, such as ``7Q4-K2M``; shown on error pages."""
    reference: str = g.request_id
    return reference


def init_app(app: Flask) -> None:
    """Give every request a reference and a line in the log."""
    structlog.configure(
        processors=[*_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    if not app.testing:  # pytest has its own handler
        configure()

    @app.before_request
    def _begin() -> None:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
        g.request_id = f"{letters[:3]}-{letters[3:]}"
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(answer: Response) -> Response:
        answer.headers["X-Request-Id"] = g.request_id
        if request.endpoint not in ("static", "modules", "health.alive") and not _is_inside(answer.status_code):
            route = request.url_rule.rule if request.url_rule else "(no route)"
            took = round((time.perf_counter() - g.request_began) * 1000, 1)
            _log.info("request", method=request.method, route=route, status=answer.status_code, ms=took)
        return answer
