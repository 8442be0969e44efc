"""Logs: one line a request, a reference, no secrets and no forged lines."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from declaration.web import logs
from declaration.web.access import PUBLIC, allow


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for what is not about databases."""
    return sqlite_url


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "invitation_token",
        "signature",
        "Passphrase",
        "passphrase_again",
        "Cookie",
        "authorization",
        "private_key",
        "SECRET_KEY",
        "backup",
    ],
)
def test_secret_names(name):
    assert logs.is_secret(name)


@pytest.mark.parametrize("name", ["name", "text", "rationale", "key", "fingerprint", "digest"])
def test_ordinary_names(name):
    assert not logs.is_secret(name)


def test_secrets_are_hidden_at_any_depth():
    event = {"event": "x", "form": {"token": "t", "rows": [{"signature": "s", "n": 1}]}, "cookie": "c"}
    assert logs.without_secrets(None, "info", event) == {
        "event": "x",
        "form": {"token": logs.HIDDEN, "rows": [{"signature": logs.HIDDEN, "n": 1}]},
        "cookie": logs.HIDDEN,
    }


def test_a_request_is_logged_by_its_route_and_never_by_its_address(app, client, caplog):
    caplog.set_level(logging.INFO)
    app.add_url_rule("/invitation/<token>", "invitation", allow(PUBLIC)(lambda token: "welcome"))
    answer = client.get("/invitation/t0k3n?code=c0d3")
    line = caplog.records[-1].msg
    assert line["route"] == "/invitation/<token>"
    assert line["request"] == answer.headers["X-Request-Id"]
    assert "t0k3n" not in caplog.text
    assert "c0d3" not in caplog.text


def test_a_line_is_json_and_stays_one_line(app, capsys):
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        logs.configure()
        structlog.get_logger("x").info("said", name="line\nbreak \x1b[31m", passphrase="open sesame")
        logging.getLogger("werkzeug").warning("from the library")
    finally:
        root.handlers, root.level = before, level
    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["name"] == "line\nbreak \x1b[31m"
    assert "open sesame" not in first
    assert "\x1b" not in first
    assert json.loads(second)["event"] == "from the library"


def test_references_can_be_read_aloud(client):
    reference = client.get("/nowhere").headers["X-Request-Id"]
    assert len(reference) == 7
    assert not set(reference) & set("01ILOU")
