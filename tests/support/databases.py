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


class PostgresDatabases:
    """Databases of one cluster, each made from its template."""

    def __init__(self, folder: Path, cluster_url: str) -> None:
        self._url = sa.make_url(cluster_url)
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        build(folder, self._address(_TEMPLATE))

    @contextmanager
    def fresh(self, _folder: Path) -> Iterator[str]:
        name = f"test_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield self._address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

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
