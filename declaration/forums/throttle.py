"""Failed attempts at a door, counted per address in the database, so that all workers count together.

Only failures count: behind the one address of a hall's Wi-Fi two hundred people may sign in within a minute. An address is kept
as a keyed hash, an IPv6 one by its /64, and only for the minute that it counts.
"""

from __future__ import annotations

import hmac
from contextvars import Context
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Final

from flask import current_app
from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from declaration.forums.models import FailedAttempts
from declaration.web.transaction import on_rollback, this_application, unit_of_work

FAILURES: Final = 5
WINDOW: Final = timedelta(minutes=1)


def door(name: str, address: str | None) -> str:
    """The counter of one address at one door."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return f"{name}:{hmac.new(key, _network(address).encode(), sha256).hexdigest()[:40]}"


def seconds_to_wait(session: Session, at: str, *, now: datetime) -> int:
    """0, or how long this address has to wait before it may try again."""
    found = session.get(FailedAttempts, at)
    if found is None or found.failures < FAILURES or found.until <= now:
        return 0
    return max(1, int((found.until - now).total_seconds()))


def count_failure(session: Session, at: str, *, now: datetime) -> None:
    """Count a failure once the failing request is rolled back, in a transaction of its own."""
    app = this_application()

    def job() -> None:
        with app.app_context(), unit_of_work() as own:
            record_failure(own, at, now=now)

    on_rollback(lambda: Context().run(job), session)


def record_failure(session: Session, at: str, *, now: datetime) -> None:
    """One failure more; windows that are over are forgotten."""
    session.execute(delete(FailedAttempts).where(FailedAttempts.until <= now))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(FailedAttempts).values(door=at, failures=1, until=now + WINDOW)
    still = FailedAttempts.until > now
    session.execute(
        row.on_conflict_do_update(
            index_elements=[FailedAttempts.door],
            set_={
                "failures": case((still, FailedAttempts.failures + 1), else_=1),
                "until": case((still, FailedAttempts.until), else_=row.excluded.until),
            },
        )
    )


def _network(address: str | None) -> str:
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ip_network(f"{known}/64", strict=False)) if known.version == 6 else str(known)
