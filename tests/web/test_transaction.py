"""One unsafe request is one transaction; a safe one writes nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from declaration.web.db import current_session, db, reading
from declaration.web.transaction import WriteInReadingRequest, on_commit, unit_of_work
from tests.web.toy import Toy


def names(client: FlaskClient) -> str:
    return client.get("/toys").get_data(as_text=True)


def test_a_post_is_committed_and_then_its_hooks_run_in_order(client, heard):
    assert client.post("/toys", data={"name": "top"}).status_code == 302
    assert names(client) == "top"
    assert heard == ["committed 1", "committed 2"]


@pytest.mark.parametrize(("then", "status"), [("refuse", 409), ("four-hundred", 400)])
def test_an_answer_from_400_rolls_back(client, heard, then, status):
    assert client.post("/toys", data={"name": "top", "then": then}).status_code == status
    assert names(client) == ""
    assert heard == ["rolled back"]


def test_a_crash_rolls_back(app, client, heard):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.post("/toys", data={"name": "top", "then": "crash"}).status_code == 500
    assert names(client) == ""
    assert heard == ["rolled back"]


def test_a_failing_commit_is_an_error_and_runs_no_commit_hooks(app, client, heard):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client.post("/toys", data={"name": "top"})
    heard.clear()
    assert client.post("/toys", data={"name": "top"}).status_code == 500  # unique, found when the commit flushes
    assert heard == ["rolled back"]
    assert names(client) == "top"


def test_hooks_of_one_request_do_not_meet_the_next(client, heard):
    client.post("/toys", data={"name": "top", "then": "refuse"})
    client.post("/toys", data={"name": "kite"})
    assert heard == ["rolled back", "committed 1", "committed 2"]


@pytest.mark.parametrize("path", ["/toys/careless", "/toys/flushing"])
def test_a_write_in_a_get_is_loud(client, heard, path):
    with pytest.raises((WriteInReadingRequest, sa.exc.DBAPIError)):
        client.get(path)
    assert names(client) == ""


def test_a_post_that_only_reads_may_not_write(client, heard):
    assert client.post("/toys/preview", data={"name": "top"}).get_data(as_text=True) == "would make top"
    with pytest.raises((WriteInReadingRequest, sa.exc.DBAPIError)):
        client.post("/toys/preview", data={"name": "top", "careless": "yes"})
    assert names(client) == ""


def test_the_database_itself_refuses_to_write_while_reading(app, heard):
    with app.app_context(), reading(), pytest.raises(sa.exc.DBAPIError):
        current_session().execute(sa.insert(Toy).values(name="top", made=None))


def test_a_unit_of_work_commits_or_rolls_back(app: Flask, client, heard, clock):
    with app.app_context(), unit_of_work() as session:
        session.add(Toy(name="kept", made=clock.now()))
        on_commit(lambda: heard.append("unit committed"))
    with app.app_context(), pytest.raises(ZeroDivisionError), unit_of_work() as session:
        session.add(Toy(name="lost", made=clock.now()))
        session.flush()
        raise ZeroDivisionError
    assert names(client) == "kept"
    assert heard == ["unit committed"]


def test_a_hook_that_fails_stops_neither_the_others_nor_the_answer(app, client, heard, clock, caplog):
    def fails() -> None:
        raise ZeroDivisionError

    with app.app_context(), unit_of_work() as session:
        session.add(Toy(name="kept", made=clock.now()))
        on_commit(fails)
        on_commit(lambda: heard.append("after"))
    assert heard == ["after"]
    assert "hook-failed" in caplog.text
    assert names(client) == "kept"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writing_transaction_on_sqlite_takes_the_lock_at_once(app, heard):
    with app.app_context():
        current_session().scalar(sa.select(sa.func.count()).select_from(Toy))  # only reads, but may write later
        with db.engine.connect() as other:
            other.connection.dbapi_connection.execute("PRAGMA busy_timeout=50")
            with pytest.raises(sa.exc.OperationalError, match="locked"):
                other.exec_driver_sql("SELECT 1")
