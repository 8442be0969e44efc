"""What an operator asks: is the record in order, and what if the guard's file is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from declaration.transparency import operations
from declaration.transparency.guard import Guard
from declaration.transparency.signing import current_signing
from tests.transparency.made import ORIGIN, found, opened, raw_entry

Work = Callable[[], AbstractContextManager[Session]]

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_record_in_order(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session, 12)
    result = app.test_cli_runner().invoke(args=["log", "check"])
    assert (result.exit_code, result.output) == (0, f"{ORIGIN}: 12 entries, all in order\n")
    assert app.test_cli_runner().invoke(args=["log", "check", "ganja"]).exit_code == 1


# Past the triggers, as somebody who owns the database could.
@only_sqlite
@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("UPDATE log_entry SET raw = (SELECT raw FROM log_entry WHERE seq = 2) WHERE seq = 3", "3"),
        ("UPDATE log_entry SET raw = X'7b7d' WHERE seq = 3", "3"),
        ("UPDATE log_entry SET statement_digest = zeroblob(32) WHERE seq = 3", "3"),
        ("DELETE FROM log_entry WHERE seq = 3", "3"),
        ("DELETE FROM log_entry WHERE seq = 11", "11"),
        ("UPDATE log_entry SET nodes = CAST(substr(nodes, 1, 32) || substr(nodes, 1, 32) AS BLOB) WHERE seq = 3", "3"),
        ("UPDATE log_entry SET nodes = substr(nodes, 1, 96) WHERE seq = 7", "7"),
        ("UPDATE log_entry SET nodes = CAST(nodes || substr(nodes, 1, 32) AS BLOB) WHERE seq = 11", "11"),
        ("UPDATE log_checkpoint SET root = zeroblob(32) WHERE size = 6", "6"),
        ("DELETE FROM log_checkpoint WHERE size = 12", "12"),
        ("UPDATE log_checkpoint SET note = (SELECT note FROM log_checkpoint WHERE size = 5) WHERE size = 6", "6"),
        ("UPDATE log_checkpoint SET note = X'00' WHERE size = 6", "6"),
        ("DELETE FROM log_checkpoint WHERE size = 0", "0"),
        ("UPDATE log SET root = zeroblob(32)", "12"),
        ("UPDATE log SET size = 13", "12"),
    ],
)
def test_damage_is_named_with_its_place(app: Flask, work: Work, damage: str, place: str) -> None:
    with work() as session:
        opened(session, 12)
    with work() as session:
        for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text(damage))
    result = app.test_cli_runner().invoke(args=["log", "check"])
    assert result.exit_code == 1
    assert f"damaged at {place}:" in result.output or "does not have" in result.output
    assert "Traceback" not in result.output


def test_trusting_a_database_when_the_guard_is_lost(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session, 3)
        path = current_signing().guard(ORIGIN).path
    run = app.test_cli_runner().invoke
    there = run(args=["log", "trust", "baku", "--size", "3"])
    assert there.exit_code == 1
    assert "[log.guard-exists]" in there.output
    path.unlink()
    check = run(args=["log", "check"])
    assert check.exit_code == 1
    assert "[log.guard-missing]" in check.output
    other = run(args=["log", "trust", "baku", "--size", "4"])
    assert other.exit_code == 1
    assert "[log.other-size]" in other.output
    assert not path.exists()
    assert run(args=["log", "trust", "baku"]).exit_code == 2
    assert run(args=["log", "trust", "baku", "--size", "3"]).exit_code == 0
    read = Guard(path, ORIGIN).read()
    assert read is not None
    assert read.size == 3
    with work() as session:
        assert operations.append(session, found(session), raw_entry("next")).index == 3
