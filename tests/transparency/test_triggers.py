"""What both databases refuse, whoever asks: through raw SQL, past every rule of the service."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.transparency import operations
from declaration.web.db import current_session, ensure_guards
from tests.transparency.made import found, opened, raw_entry

Work = Callable[[], AbstractContextManager[Session]]

EVERYWHERE = [
    "UPDATE log_entry SET raw = raw WHERE seq = 1",
    "UPDATE log_entry SET seq = 9 WHERE seq = 3",
    "UPDATE log_entry SET nodes = nodes",
    "UPDATE log_checkpoint SET note = note WHERE size = 2",
    "DELETE FROM log_entry WHERE seq = 3",
    "DELETE FROM log_entry",
    "DELETE FROM log_checkpoint WHERE size = 4",
    "DELETE FROM log",
    "UPDATE log SET size = size - 1",
    "UPDATE log SET origin = 'elsewhere.example/baku'",
    "UPDATE log SET name = 'ganja'",
    "UPDATE log SET vkey = 'another key'",
    # A gap, a number that is taken, a statement that is recorded, a negative number.
    "INSERT INTO log_entry SELECT log_id, 5, raw, nodes, nodes FROM log_entry WHERE seq = 0",
    "INSERT INTO log_entry SELECT log_id, 3, raw, nodes, nodes FROM log_entry WHERE seq = 0",
    "INSERT INTO log_entry SELECT log_id, -1, raw, nodes, nodes FROM log_entry WHERE seq = 0",
    "INSERT INTO log_entry SELECT log_id, 4, raw, statement_digest, nodes FROM log_entry WHERE seq = 0",
    "INSERT INTO log_entry SELECT log_id + 1, 0, raw, statement_digest, nodes FROM log_entry WHERE seq = 0",
    "INSERT INTO log_checkpoint SELECT log_id, 3, root, note FROM log_checkpoint WHERE size = 1",
    "INSERT INTO log_checkpoint SELECT log_id, 4, root, note FROM log_checkpoint WHERE size = 1",
    # What is too short to be a hash, or a row of hashes.
    "INSERT INTO log_entry SELECT log_id, 4, raw, nodes, substr(nodes, 1, 31) FROM log_entry WHERE seq = 0",
    "INSERT INTO log_checkpoint SELECT log_id, 5, substr(root, 1, 31), note FROM log_checkpoint WHERE size = 1",
]
SQLITE = [
    # REPLACE deletes without asking the triggers for deletion.
    "INSERT OR REPLACE INTO log_entry SELECT log_id, 3, raw, statement_digest, nodes FROM log_entry WHERE seq = 3",
    "INSERT OR REPLACE INTO log_entry SELECT log_id, 4, raw, statement_digest, nodes FROM log_entry WHERE seq = 3",
    "INSERT OR REPLACE INTO log_checkpoint SELECT log_id, size, zeroblob(32), note FROM log_checkpoint WHERE size = 4",
    "INSERT OR REPLACE INTO log SELECT id, origin, name, vkey, 0, root, peaks, last_at FROM log",
    "UPDATE OR REPLACE log_entry SET seq = 0 WHERE seq = 3",
]
POSTGRESQL = [
    "TRUNCATE log_entry",
    "TRUNCATE log_checkpoint",
    "TRUNCATE log_cosignature",
    "TRUNCATE log CASCADE",
    "INSERT INTO log_checkpoint SELECT * FROM log_checkpoint WHERE size = 4 ON CONFLICT (log_id, size) DO UPDATE SET note = ''",
]


def test_the_databases_refuse_to_change_what_is_recorded(work: Work) -> None:
    with work() as session:
        opened(session, 4)
        dialect = session.get_bind().dialect.name
        before = everything(session)
    for statement in EVERYWHERE + (SQLITE if dialect == "sqlite" else POSTGRESQL):
        with pytest.raises(IntegrityError), work() as session:
            session.execute(text(statement))
            pytest.fail(f"allowed: {statement}")
    with work() as session:
        assert everything(session) == before
        # The refusals were for what they say: the next number is welcome.
        assert operations.append(session, found(session), raw_entry("next")).index == 4


def test_putting_the_guards_in_place_again_changes_nothing(work: Work) -> None:
    with work() as session:
        opened(session, 1)
    with work() as session:
        ensure_guards(session.connection())
    with pytest.raises(IntegrityError), work() as session:
        session.execute(text("DELETE FROM log_entry"))


def test_a_rebuilt_table_gets_its_guards_back(work: Work) -> None:
    """What a migration on SQLite does to a table, and what PostgreSQL never needs."""
    with work() as session:
        opened(session, 2)
        if session.get_bind().dialect.name != "sqlite":
            return
    with work() as session:
        session.execute(text("CREATE TABLE fresh AS SELECT * FROM log_entry"))
        session.execute(text("DROP TABLE log_entry"))
        session.execute(text("ALTER TABLE fresh RENAME TO log_entry"))
        ensure_guards(session.connection())
    with pytest.raises(IntegrityError), work():
        current_session().execute(text("DELETE FROM log_entry"))


def everything(session: Session) -> list[list[tuple[object, ...]]]:
    tables = ("log", "log_entry", "log_checkpoint")
    return [sorted(tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))) for table in tables]
