"""Restored backups, branches, crashes and lost files: what the service refuses to sign or serve, and what it says."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from declaration.errors import ServiceHeld
from declaration.transparency import operations, queries, watch
from declaration.transparency.guard import Guard, Mark
from declaration.transparency.receipts import receipt
from declaration.transparency.signing import LogSigning, current_signing
from declaration.web.access import PUBLIC, allow
from declaration.web.db import current_session, db
from declaration.web.transaction import unit_of_work
from tests.transparency.apps import alone, program
from tests.transparency.made import ORIGIN, found, opened, raw_entry
from tests.transparency.process import DIED, started

Work = Callable[[], AbstractContextManager[Session]]

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def guard_of(app: Flask) -> Guard:
    with app.app_context():
        return current_signing().guard(ORIGIN)


def append(work: Work, name: str) -> int:
    with work() as session:
        return operations.append(session, found(session), raw_entry(name)).index


def database_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def copy_of(app: Flask, url: str, copy: Path) -> None:
    """A backup as an operator makes it."""
    with app.app_context():
        db.engine.dispose()
    with sqlite3.connect(database_file(url)) as source, sqlite3.connect(copy) as target:
        source.backup(target)


@pytest.fixture
def restarted(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Callable[[], Flask]]:
    """Another process's application on the same database and keys."""
    made: list[Flask] = []

    def restart() -> Flask:
        made.append(alone(tmp_path, database_url))
        return made[-1]

    yield restart
    for one in made:
        with one.app_context():
            db.engine.dispose()


def put_back(app: Flask, url: str, copy: Path) -> None:
    with app.app_context():
        db.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        database_file(url).with_name(database_file(url).name + suffix).unlink(missing_ok=True)
    shutil.copyfile(copy, database_file(url))


@only_sqlite
@pytest.mark.parametrize("restart", [False, True])
def test_a_restored_backup_neither_signs_nor_serves_and_says_what_to_do(
    app: Flask, work: Work, database_url: str, tmp_path: Path, restarted: Callable[[], Flask], restart: bool
) -> None:
    with work() as session:
        opened(session, 5)
    copy_of(app, database_url, tmp_path / "yesterday.db")
    for number in range(5, 9):
        append(work, f"today {number}")
    put_back(app, database_url, tmp_path / "yesterday.db")
    if restart:
        app = restarted()
    with app.app_context(), pytest.raises(ServiceHeld) as held, unit_of_work() as session:
        operations.append(session, found(session), raw_entry("over today's numbers"))
    assert held.value.code == "log.restored-backup"
    assert "holds 5 entries" in held.value.message
    assert "9 were signed" in held.value.message
    for advice in ("at least 9 entries", "-wal", "entries 5 to 8 are lost", "do not delete declaration.example+baku+", "origin"):
        assert advice in held.value.instead
    with app.app_context(), pytest.raises(ServiceHeld) as held:
        queries.latest(current_session(), found(current_session()))
    assert held.value.code == "log.restored-backup"
    assert guard_of(app).read() is not None
    assert program(app).get("/log/baku/checkpoint").status_code == 503
    ready = program(app).get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["record"] == "failed"


@only_sqlite
def test_the_newest_copy_put_back_goes_on(app: Flask, work: Work, database_url: str, tmp_path: Path) -> None:
    with work() as session:
        opened(session, 5)
    copy_of(app, database_url, tmp_path / "now.db")
    put_back(app, database_url, tmp_path / "now.db")
    assert append(work, "next") == 5


@only_sqlite
def test_a_branch_that_has_grown_past_the_guard_is_refused(
    app: Flask, work: Work, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restored copy to which somebody appended without a guard: larger than what was signed, and another history."""
    with work() as session:
        opened(session, 5)
    copy_of(app, database_url, tmp_path / "yesterday.db")
    append(work, "today")
    put_back(app, database_url, tmp_path / "yesterday.db")
    with monkeypatch.context() as unguarded:
        unguarded.setattr(watch, "require_signable", lambda *_: None)
        unguarded.setattr(Guard, "advance", lambda *_: None)
        for name in ("branch one", "branch two"):
            append(work, name)
    with pytest.raises(ServiceHeld) as held:
        append(work, "branch three")
    assert held.value.code == "log.two-roots"
    with work() as session, pytest.raises(ServiceHeld) as held:
        queries.latest(session, found(session))
    assert held.value.code == "log.two-roots"


def test_the_same_size_with_another_root_is_refused(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session, 3)
        guard = current_signing().guard(ORIGIN)
    guard.path.unlink()
    Guard(guard.path, ORIGIN).create(Mark(3, bytes(32)))
    with pytest.raises(ServiceHeld) as held:
        append(work, "next")
    assert held.value.code == "log.two-roots"
    assert "Stop the service" in held.value.instead


def test_a_crash_between_commit_and_guard_loses_nothing_and_leaks_nothing(
    app: Flask, work: Work, database_url: str, tmp_path: Path
) -> None:
    with work() as session:
        opened(session, 3)
    assert started("crash", tmp_path, database_url).wait() == DIED
    behind = guard_of(app).read()
    assert behind is not None
    with work() as session:
        log = found(session)
        assert (behind.size, log.size) == (3, 4)
        # The checkpoint that nobody has yet leaves only after the guard has moved.
        assert queries.latest(session, log)
        assert guard_of(app).read() == Mark(4, log.root)
    assert append(work, "after the crash") == 4


def test_after_a_crash_the_next_append_goes_on(app: Flask, work: Work, database_url: str, tmp_path: Path) -> None:
    with work() as session:
        opened(session, 3)
    assert started("crash", tmp_path, database_url).wait() == DIED
    assert append(work, "after the crash") == 4
    with work() as session:
        assert guard_of(app).read() == Mark(5, found(session).root)


def test_a_failing_commit_does_not_move_the_guard(app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    with work() as session:
        opened(session, 3)
    with pytest.raises(RuntimeError, match="the disk is full"), work() as session:
        operations.append(session, found(session), raw_entry("lost"))

        def fail() -> None:
            raise RuntimeError("the disk is full")

        monkeypatch.setattr(session, "commit", fail)
    monkeypatch.undo()
    mark = guard_of(app).read()
    assert mark is not None
    assert mark.size == 3
    assert append(work, "kept") == 3


def test_a_checkpoint_is_not_served_while_the_guard_cannot_move(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    with work() as session:
        opened(session, 3)
    monkeypatch.setattr(Guard, "_advance", full_disk)
    append(work, "committed")  # the hook's failure is in the log
    with work() as session:
        log = found(session)
        for serve in (
            lambda: queries.latest(session, log),
            lambda: queries.checkpoint_at(session, log, 4),
            lambda: receipt(session, log, 3),
        ):
            with pytest.raises(ServiceHeld) as held:
                serve()
            assert held.value.code == "log.guard-unwritable"
    monkeypatch.undo()
    with work() as session:
        assert receipt(session, found(session), 3)


def test_a_commit_past_the_hooks_does_not_open_a_way_around_the_guard(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session, 3)
    with app.app_context():
        session = current_session()
        log = found(session)
        operations.append(session, log, raw_entry("by hand"))
        session.commit()
        assert guard_of(app).read() != Mark(4, log.root)
        assert queries.latest(session, log)
        assert guard_of(app).read() == Mark(4, log.root)


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def signs(app: Flask, work: Work) -> Callable[[str], TestResponse]:
    """A route that appends and answers with the receipt at once."""

    @app.post("/sign/<name>")
    @allow(PUBLIC)
    def sign(name: str) -> bytes:
        session = current_session()
        log = found(session)
        appended = operations.append(session, log, raw_entry(name))
        return receipt(session, log, appended.index)

    with work() as session:
        opened(session, 1)
    client = program(app)
    return lambda name: client.post(f"/sign/{name}")


def test_a_receipt_in_the_answer_leaves_after_the_guard(app: Flask, signs: Callable[[str], TestResponse], work: Work) -> None:
    answer = signs("one")
    assert answer.status_code == 200
    with work() as session:
        assert answer.data == receipt(session, found(session), 1)
        assert guard_of(app).read() == Mark(2, found(session).root)


def test_a_receipt_does_not_leave_when_the_guard_cannot_move(
    signs: Callable[[str], TestResponse], work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Guard, "_advance", full_disk)
    answer = signs("one")
    assert answer.status_code == 503
    assert b"declaration-receipt" not in answer.data
    assert b"What was accepted is kept" in answer.data
    assert answer.headers["Content-Security-Policy"]
    monkeypatch.undo()
    with work() as session:
        assert found(session).size == 2
        assert receipt(session, found(session), 1)
    assert signs("two").status_code == 200


def test_a_lost_guard_file_holds_the_service(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session, 3)
    path = guard_of(app).path
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(ServiceHeld) as held:
        append(work, "next")
    assert held.value.code == "log.guard-missing"
    assert "log trust" in held.value.instead
    assert not path.exists()
    path.write_bytes(content)
    assert append(work, "next") == 3


def test_a_lost_guard_file_of_an_empty_log_is_made_again(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session)
    guard_of(app).path.unlink()
    assert append(work, "first") == 0


def test_a_database_beside_another_key_is_refused(work: Work, tmp_path: Path, restarted: Callable[[], Flask]) -> None:
    with work() as session:
        opened(session, 3)
    for file in (tmp_path / "keys").iterdir():
        file.unlink()
    with restarted().app_context():
        for act in (
            lambda session: operations.append(session, found(session), raw_entry("next")),
            lambda session: queries.latest(session, found(session)),
        ):
            with pytest.raises(ServiceHeld) as held, unit_of_work() as session:
                act(session)
            assert held.value.code == "log.another-key"
            assert "log.key" in held.value.instead


@only_sqlite
def test_a_deleted_database_does_not_begin_the_same_record_again(
    app: Flask, work: Work, database_url: str, tmp_path: Path
) -> None:
    with work() as session:
        session.execute(text("SELECT 1"))
    copy_of(app, database_url, tmp_path / "empty.db")
    with work() as session:
        opened(session, 3)
    put_back(app, database_url, tmp_path / "empty.db")
    with pytest.raises(ServiceHeld) as held, work() as session:
        operations.create_log(session, ORIGIN)
    assert held.value.code == "log.restored-backup"


def test_a_reader_in_an_older_snapshot_is_not_a_restored_backup(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session, 3)
    with app.app_context():
        reader = Session(db.engine, expire_on_commit=False)
        log = found(reader)
        reader.commit()
        with unit_of_work() as session:
            operations.append(session, found(session), raw_entry("meanwhile"))
        assert log.size == 3
        assert queries.latest(reader, log) == queries.checkpoint_at(reader, log, 3)
        reader.close()


def test_asking_the_guard_costs_no_sync_when_nothing_moved(app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    with work() as session:
        opened(session, 3)

    def never(*_: object) -> None:
        pytest.fail("a sync for nothing")

    monkeypatch.setattr(Guard, "_advance", never)
    with work() as session:
        for _ in range(3):
            queries.latest(session, found(session))
    assert isinstance(app.extensions["log-signing"], LogSigning)
