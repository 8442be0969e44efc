"""Times, pragmas, guards: what the database promises on both sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from declaration.web import db as database
from declaration.web.db import NotDurable, current_session, db
from tests.web.toy import Toy

BAKU = timezone(timedelta(hours=4))


def test_a_moment_comes_back_in_utc(work, heard):
    with work() as session:
        session.add(Toy(name="top", made=datetime(2025, 11, 24, 12, 0, 0, 123456, tzinfo=BAKU)))
    with work() as session:
        found = session.scalars(sa.select(Toy.made)).one()
        assert found == datetime(2025, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)
        assert found.utcoffset() == timedelta(0)
        assert session.scalars(sa.select(Toy.name).where(Toy.made <= datetime(2025, 11, 24, 12, 0, 1, tzinfo=BAKU))).one() == "top"


def test_a_naive_moment_is_refused(app, heard):
    with app.app_context(), pytest.raises(sa.exc.StatementError, match="time zone"):
        current_session().execute(sa.insert(Toy).values(name="top", made=datetime(2025, 11, 24)))  # noqa: DTZ001  # the refusal is the test


def test_parameters_stay_out_of_error_messages(app, heard):
    with app.app_context(), pytest.raises(sa.exc.DBAPIError) as caught:
        current_session().execute(sa.text("INSERT INTO nothing VALUES (:secret)"), {"secret": "open sesame"})
    assert "open sesame" not in str(caught.value)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_keeps_what_it_acknowledged(app):
    with app.app_context(), db.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode", "foreign_keys")}
    assert found == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}


def test_a_database_that_would_forget_is_refused(monkeypatch):
    monkeypatch.setattr(database, "_SQLITE_PRAGMAS", ("synchronous=NORMAL",))
    engine = sa.create_engine("sqlite://")
    database.prepare_engine(engine)
    with pytest.raises(NotDurable, match="synchronous"):
        engine.connect()
    engine.dispose()


def test_a_database_without_a_log_beside_it_is_refused():
    engine = sa.create_engine("sqlite://")  # in memory there is no write-ahead log
    database.prepare_engine(engine)
    with pytest.raises(NotDurable, match="write-ahead"):
        engine.connect()
    engine.dispose()


def test_guards_can_be_put_in_place_again(app, heard, monkeypatch):
    monkeypatch.setattr(database, "_guards", {})
    database.register_guard(
        "toy",
        {
            "sqlite": ["CREATE TRIGGER IF NOT EXISTS toy_stays BEFORE DELETE ON toy BEGIN SELECT RAISE(ABORT, 'toys stay'); END"],
            "postgresql": [
                "CREATE OR REPLACE FUNCTION toys_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'toys stay'; END $$",
                "CREATE OR REPLACE TRIGGER toy_stays BEFORE DELETE ON toy FOR EACH STATEMENT EXECUTE FUNCTION toys_stay()",
            ],
        },
        tables=["toy"],
    )
    database.register_guard("later", {"sqlite": ["not SQL"], "postgresql": ["not SQL"]}, tables=["toy", "not_there_yet"])
    with app.app_context():
        for _ in range(2):
            with db.engine.begin() as connection:
                database.ensure_guards(connection)
        current_session().add(Toy(name="top", made=datetime(2025, 11, 24, tzinfo=UTC)))
        current_session().commit()
        with pytest.raises(sa.exc.DBAPIError, match="toys stay"):
            current_session().execute(sa.delete(Toy))
        current_session().rollback()
