"""Alive and ready."""

from __future__ import annotations

import pytest

from declaration.web import health
from declaration.web.db import db


def test_the_process_lives(client):
    assert client.get("/healthz").get_json() == {"alive": True}


def test_everything_is_ready(client):
    answer = client.get("/readyz")
    assert answer.get_json() == {"ready": True, "checks": {"database": "ok", "migrations": "ok", "keys": "ok"}}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_database_at_another_revision_is_not_ready(app, client):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('from the future')")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["migrations"] == "behind"


def test_keys_that_are_not_there(app, client):
    app.config["KEYS_FOLDER"] = "/nowhere"
    assert client.get("/readyz").get_json()["checks"]["keys"] == "not-writable"


@pytest.mark.parametrize("failure", [ValueError("a secret detail"), OSError("disk")])
def test_a_check_that_fails_says_which_and_not_why(app, client, failure):
    def fails() -> str:
        raise failure

    health.add_check(app, "record", fails)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["record"] == "failed"
    assert "detail" not in answer.text
