"""Times, pragmas, guards: what the database promises on both sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from declaration.web import db as database
from declaration.web.db import NotDurable, current_session, db, reading
from declaration.web.direct import writing
from declaration.web.statements import Prepared
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
def test_room_is_made_for_the_log_and_nothing_else_changes(app, heard):
    with app.app_context():
        engine = db.engine
        with engine.begin() as connection:
            connection.execute(sa.insert(Toy).values(name="top", made=datetime(2025, 11, 24, tzinfo=UTC)))
        tables, log = sa.inspect(engine).get_table_names(), Path(f"{engine.url.database}-wal")
        before = log.stat().st_size
        for _ in range(2):
            database.make_room(engine)
            assert before < 4096 * 4000 <= log.stat().st_size < 4096 * 4200
        with engine.connect() as connection:
            assert connection.execute(sa.select(Toy.name)).scalars().all() == ["top"]
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert sa.inspect(engine).get_table_names() == tables


def test_no_room_is_made_where_there_is_no_such_log(app, tmp_path):
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            database.make_room(db.engine)
    database.make_room(sa.create_engine("sqlite://"))
    file = tmp_path / "other.db"
    database.make_room(sa.create_engine(f"sqlite:///{file}"))
    assert not Path(f"{file}-wal").exists()


def test_a_transaction_on_the_driver_is_one(app, heard):
    with app.app_context():
        engine = db.engine
        with reading(), engine.connect() as connection:  # a connection that was told to read only
            connection.execute(sa.select(Toy.id))
        put = Prepared(sa.insert(Toy.__table__).inline(), "name", "made")
        row = {"name": "kept", "made": datetime(2025, 11, 24, tzinfo=UTC)}
        with writing(engine) as direct:
            put.run(direct, [row])
        with pytest.raises(ZeroDivisionError), writing(engine) as direct:
            put.run(direct, [row | {"name": "given up"}])
            1 / 0  # noqa: B018
        with engine.connect() as connection:
            assert connection.execute(sa.select(Toy.name)).scalars().all() == ["kept"]


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
