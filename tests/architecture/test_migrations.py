"""Migrations and models are the same database, on both servers, and an upgrade loses no row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from declaration.app import create_app
from declaration.web.db import MIGRATIONS, db
from declaration.web.health import migration_heads
from tests.support.databases import configuration

REVISIONS = [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    if request.param == "sqlite":
        yield from made(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        with request.getfixturevalue("postgres_databases").empty() as url:
            yield from made(tmp_path, url)


def made(folder: Path, url: str) -> Iterator[Flask]:
    app = create_app(configuration(folder, url))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_an_upgraded_database_is_what_the_models_say(empty: Flask):
    with empty.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, db.metadata) == []
            assert set(context.get_current_heads()) == migration_heads()


def test_an_upgrade_again_changes_nothing(empty: Flask):
    with empty.app_context():
        flask_migrate.upgrade()
        flask_migrate.upgrade()
        assert set(MigrationContext.configure(db.session().connection()).get_current_heads()) == migration_heads()


def test_history_has_one_end():
    assert len(migration_heads()) <= 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_imports_no_code_of_another_day(revision: str):
    source = ScriptDirectory(str(MIGRATIONS)).get_revision(revision).module.__file__
    assert not re.search(r"^\s*(from|import) declaration", Path(source).read_text(encoding="utf-8"), re.MULTILINE)


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The trap: on SQLite the rebuild drops the parent, and a cascading key would take the children with it."""
    folder = own_migrations(tmp_path)
    monkeypatch.setattr("declaration.web.db.MIGRATIONS", folder)
    for app in made(tmp_path, f"sqlite:///{tmp_path / 'rows.db'}"):
        with app.app_context():
            flask_migrate.upgrade(revision="one")
            with db.engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO parent (id, name) VALUES (1, 'p')")
                connection.exec_driver_sql("INSERT INTO child (id, parent_id) VALUES (1, 1)")
            flask_migrate.upgrade(revision="two")
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar() == 1
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_revision_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = own_migrations(tmp_path)
    monkeypatch.setattr("declaration.web.db.MIGRATIONS", folder)
    for app in made(tmp_path, f"sqlite:///{tmp_path / 'rows.db'}"):
        with app.app_context():
            flask_migrate.upgrade(revision="two")
            with pytest.raises((ZeroDivisionError, SystemExit)):
                flask_migrate.upgrade(revision="three")
            assert "half" not in sa.inspect(db.engine).get_table_names()
            with db.engine.connect() as connection:
                assert MigrationContext.configure(connection).get_current_heads() == ("two",)


def own_migrations(folder: Path) -> Path:
    """A folder of three revisions of its own: make parent and child, rebuild the parent, fail half way."""
    target = folder / "migrations"
    (target / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako", "alembic.ini"):
        (target / name).write_text((MIGRATIONS / name).read_text())
    head = "import sqlalchemy as sa\nfrom alembic import op\nrevision = {!r}\ndown_revision = {!r}\n"
    steps = {
        "one": """
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    op.create_table("child", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False))
""",
        "two": """
    with op.batch_alter_table("parent") as table:
        table.alter_column("name", type_=sa.String(40), nullable=False)
""",
        "three": """
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    1 / 0
""",
    }
    before = None
    for name, body in steps.items():
        source = head.format(name, before) + f"\n\ndef upgrade():{body}\n\ndef downgrade():\n    pass\n"
        (target / "versions" / f"{name}.py").write_text(source)
        before = name
    return target
