"""How migrations run, on both databases, without losing rows on the way.

SQLite changes a table by building a new one and dropping the old one. With foreign keys on, the drop cascades into the child rows
and deletes them silently. So they are switched off on the raw connection, before a transaction begins (inside of one the pragma
does nothing), and every key is checked before the commit. SQLite's DDL is transactional once nobody commits behind our back, so a
revision that fails leaves nothing. PostgreSQL takes an advisory lock: two workers may start at once.

A rebuilt table has lost its triggers; :func:`declaration.web.db.ensure_guards` puts them back at the end.
"""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from declaration.web.db import ensure_guards

_UPGRADE_LOCK = 7231001


def _render(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Write the plain column type into revisions: a revision does not import the code of another day."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _only_if_changed(_context: object, _revision: object, directives: list[Any]) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _run(connection: Connection) -> None:
    migrate = current_app.extensions["migrate"]
    sqlite = connection.dialect.name == "sqlite"
    raw: Any = connection.connection.dbapi_connection
    if sqlite:
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            transactional_ddl=True,
            render_item=_render,
            process_revision_directives=_only_if_changed,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            if not sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
            context.run_migrations()
            ensure_guards(connection)
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration breaks foreign keys: {broken[:5]}")
    finally:
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("migrations run against a database, not into a file: they check what they leave behind")

with current_app.extensions["migrate"].db.engine.connect() as _connection:
    _run(_connection)
