"""``flask notices``: one turn, the loop, reading what was written to files."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from declaration.notices import commands, outbox
from declaration.notices.transport import ServerDown
from tests.notices.test_outbox import propose


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def test_mails_are_files_that_can_be_read(app, playing, run):
    assert run(args=["notices", "show"]).exit_code == 1
    assert run(args=["notices", "deliver"]).exit_code == 0
    shown = run(args=["notices", "show"]).output
    assert "Subject:" in shown
    assert "@forum.invalid" in shown
    assert "Everything that wants you: http://127.0.0.1:8000/forum/home" in shown
    listed = run(args=["notices", "show", "--all"]).output.splitlines()
    assert len(listed) == len(list((commands.Path(app.instance_path) / "mail").glob("*.eml"))) > 5
    assert run(args=["notices", "show", "999"]).exit_code == 1


def test_a_failing_server_is_an_exit_status(told, post, run):
    propose(told)
    post.fails = lambda to: ServerDown("no")
    done = run(args=["notices", "deliver"])
    assert done.exit_code == 1
    assert "tried again" in done.output


def test_mail_that_goes_to_a_server_is_not_shown(told, post, run):
    done = run(args=["notices", "show"])
    assert done.exit_code == 1
    assert "mail.not-filed" in done.output


def test_the_loop_outlives_a_turn_that_fails_and_ends_when_told(app, monkeypatch):
    turns = []

    def turn() -> outbox.Turn:
        turns.append(threading.current_thread())
        if len(turns) == 1:
            raise RuntimeError("the database is away")
        if len(turns) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return outbox.Turn(0, 0)

    monkeypatch.setattr(outbox, "turn", turn)
    before = signal.getsignal(signal.SIGTERM)
    commands._until_stopped(app, 0.01, None)
    assert len(turns) == 3
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_loop_ends_with_its_parent(app, monkeypatch):
    turns = []
    monkeypatch.setattr(outbox, "turn", lambda: turns.append(1))
    monkeypatch.setattr(commands.os, "getppid", lambda: 1 if len(turns) == 2 else 4711)
    commands._until_stopped(app, 0.01, 4711)
    assert len(turns) == 2


def test_retry_and_forget(told, post, run):
    assert run(args=["notices", "retry"]).exit_code == 0
    assert run(args=["notices", "forget", "--days", "0"]).exit_code == 2
    assert run(args=["notices", "forget"]).exit_code == 0
