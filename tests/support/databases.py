"""A fresh database for each test, copied from one that was built once.

The template is made from the models, not from the migrations, so that tests run while a revision is still being written; that both
agree is a test of its own (``tests/architecture/test_migrations.py``).
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from declaration.app import create_app
from declaration.web.clock import Clock
from declaration.web.db import MIGRATIONS, Base, db, ensure_guards

_TEMPLATE = "declaration_template"
_numbers = itertools.count(1)


def configuration(folder: Path, database_url: str) -> dict[str, object]:
    """What a test application is made with: everything it writes stays in ``folder``."""
    return {
        "DATABASE_URL": database_url,
        "DECLARATION_INSTANCE": str(folder / "instance"),
        "DECLARATION_KEYS": str(folder / "keys"),
        "SECRET_KEY": "a secret of the tests, known to everybody",
        "TESTING": True,
    }


@contextmanager
def application(folder: Path, database_url: str, clock: Clock) -> Iterator[Flask]:
    """The whole application on a database, with a clock of the test's own."""
    app = create_app(configuration(folder, database_url))
    app.extensions["clock"] = clock
    yield app
    with app.app_context():
        db.engine.dispose()


def build(folder: Path, database_url: str) -> None:
    """Every table and guard of the models, marked as being at the newest revision."""
    app = create_app(configuration(folder, database_url))
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    with app.app_context():
        with db.engine.begin() as connection:
            Base.metadata.create_all(connection)
            ensure_guards(connection)
            MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(settings), "heads")
        db.engine.dispose()


class SqliteDatabases:
    """Copies of one file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        build(folder, f"sqlite:///{self._template}")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        path = folder / "test.db"
        shutil.copyfile(self._template, path)  # the last connection is closed, so the write-ahead log is folded in
        yield f"sqlite:///{path}"


_FORM = """
SELECT md5(string_agg(oid::text || relname, ',' ORDER BY oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT md5(string_agg(oid::text || tgname, ',' ORDER BY oid)) FROM pg_trigger WHERE NOT tgisinternal
"""
"""Which tables, indexes, sequences and triggers there are, those very ones."""


class PostgresDatabases:
    """Databases of one cluster, made from its template, emptied after a test and given to the next: copying one takes far longer.

    A test that has changed a table or a trigger leaves a database that is thrown away.
    """

    def __init__(self, folder: Path, cluster_url: str) -> None:
        self._url = sa.make_url(cluster_url)
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._free: list[tuple[str, list[str]]] = []
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        build(folder, self._address(_TEMPLATE))

    @contextmanager
    def fresh(self, _folder: Path) -> Iterator[str]:
        name, form = self._free.pop() if self._free else self._made()
        try:
            yield self._address(name)
        finally:
            self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            if self._emptied(name, form):
                self._free.append((name, form))
            else:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> tuple[str, list[str]]:
        name = f"test_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        with self._inside(name) as connection:
            return name, list(connection.scalars(sa.text(_FORM)))

    def _emptied(self, name: str, form: list[str]) -> bool:
        """Take every row out, past the triggers that forbid it; False where the database is no longer of the template's form."""
        with self._inside(name) as connection:
            if list(connection.scalars(sa.text(_FORM))) != form:
                return False
            # Together, because going there and back takes longer than what is done there.
            sequences = connection.scalars(sa.text("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")).all()
            emptying = [f'DELETE FROM "{table}"' for table in Base.metadata.tables]
            restarting = [f'ALTER SEQUENCE "{sequence}" RESTART' for sequence in sequences]
            connection.exec_driver_sql("; ".join(["SET session_replication_role = replica", *emptying, *restarting]))
            return True

    @contextmanager
    def _inside(self, name: str) -> Iterator[sa.Connection]:
        engine = sa.create_engine(self._url.set(database=name), poolclass=sa.NullPool)
        with engine.begin() as connection:
            yield connection

    @contextmanager
    def empty(self) -> Iterator[str]:
        """A database without any table, for migrations."""
        name = f"empty_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self._address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _address(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)
