"""Whether the process lives (``/healthz``) and whether it can do its work (``/readyz``), for whoever watches it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

import structlog
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app, json
from werkzeug.wrappers import Response

from declaration.web.access import PUBLIC, allow
from declaration.web.db import MIGRATIONS, current_session

blueprint = Blueprint("health", __name__)

Check = Callable[[], str]
_log = structlog.get_logger(__name__)


@blueprint.get("/healthz")
@allow(PUBLIC)
def alive() -> Response:
    """The process answers."""
    return _json({"alive": True}, 200)


@blueprint.get("/readyz")
@allow(PUBLIC)
def ready() -> Response:
    """The database answers and is migrated, the keys can be written, and what features added is in order.

    An answer says which check failed, never why: the reason is for the log.
    """
    results: dict[str, str] = {}
    for name, check in _checks(current_app._get_current_object()).items():  # type: ignore[attr-defined]  # the proxy's documented way
        try:
            results[name] = check()
        except Exception:
            _log.exception("health.check-failed", check=name)
            results[name] = "failed"
    passed = all(result == "ok" for result in results.values())
    return _json({"ready": passed, "checks": results}, 200 if passed else 503)


def add_check(app: Flask, name: str, check: Check) -> None:
    """Add a readiness check: it returns ``"ok"``, or a word for what is wrong, or raises."""
    _checks(app)[name] = check


def migration_heads() -> set[str]:
    """The revisions that this code expects the database to be at."""
    return set(_heads())


@cache
def _heads() -> tuple[str, ...]:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return tuple(ScriptDirectory.from_config(settings).get_heads())


def _checks(app: Flask) -> dict[str, Check]:
    standard: dict[str, Check] = {"database": _database, "migrations": _migrations, "keys": _keys}
    checks: dict[str, Check] = app.extensions.setdefault("health-checks", standard)
    return checks


def _database() -> str:
    current_session().connection().exec_driver_sql("SELECT 1")
    return "ok"


def _migrations() -> str:
    found = set(MigrationContext.configure(current_session().connection()).get_current_heads())
    return "ok" if found == migration_heads() else "behind"


def _keys() -> str:
    return "ok" if os.access(current_app.config["KEYS_FOLDER"], os.R_OK | os.W_OK | os.X_OK) else "not-writable"


def _json(body: object, status: int) -> Response:
    answer = current_app.response_class(json.dumps(body), status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer
