"""The file beside the key: forward only, synced, readable after a torn write, shared by threads and processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from declaration.errors import ServiceHeld
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.transparency.guard import Guard, Mark
from tests.transparency.made import ORIGIN
from tests.transparency.process import started


def mark(size: int) -> Mark:
    return Mark(size, sha256(str(size).encode()).digest() if size else EMPTY_ROOT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "baku.guard"


@pytest.fixture
def guard(path: Path) -> Guard:
    guard = Guard(path, ORIGIN)
    guard.create(mark(0))
    return guard


def test_there_is_none_before_it_is_made(path: Path) -> None:
    assert Guard(path, ORIGIN).read() is None
    with pytest.raises(ServiceHeld) as held:
        Guard(path, ORIGIN).advance(mark(1))
    assert held.value.code == "log.guard-missing"
    assert not path.exists()


def test_it_moves_forward_and_another_process_reads_it(guard: Guard, path: Path) -> None:
    for size in (1, 2, 7, 100_000):
        guard.advance(mark(size))
        assert guard.read() == guard.durable == Guard(path, ORIGIN).read() == mark(size)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_it_never_moves_back(guard: Guard, path: Path) -> None:
    guard.advance(mark(7))
    guard.advance(mark(3))
    Guard(path, ORIGIN).advance(mark(6))
    assert guard.read() == mark(7)


def test_making_it_again_does_not_begin_anew(guard: Guard, path: Path) -> None:
    guard.advance(mark(7))
    Guard(path, ORIGIN).create(mark(0))
    assert guard.read() == mark(7)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_second_root_for_a_size_is_refused(guard: Guard, path: Path, fresh: bool) -> None:
    guard.advance(mark(7))
    asked = Guard(path, ORIGIN) if fresh else guard
    with pytest.raises(ServiceHeld) as held:
        asked.advance(Mark(7, bytes(32)))
    assert held.value.code == "log.two-roots"
    assert "Do not delete" in held.value.instead
    assert guard.read() == mark(7)


@pytest.mark.parametrize("at", [0, 30, 60, 120, 170])
@pytest.mark.parametrize("slot", [0, 1])
def test_a_torn_slot_is_not_believed(guard: Guard, path: Path, slot: int, at: int) -> None:
    guard.advance(mark(4))
    guard.advance(mark(5))
    content = bytearray(path.read_bytes())
    written_last = 0 if b" 5 " in content[:4096] else 1
    content[4096 * slot + at] ^= 0x01
    path.write_bytes(content)
    assert Guard(path, ORIGIN).read() == (mark(4) if slot == written_last else mark(5))
    Guard(path, ORIGIN).advance(mark(6))
    assert Guard(path, ORIGIN).read() == mark(6)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="emptied"),
        pytest.param(b"\0" * 8192, id="zeros"),
        pytest.param(b"declaration.example/baku 7 ".ljust(8192), id="cut short"),
    ],
)
def test_a_file_that_says_nothing_holds_the_service(guard: Guard, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for act in (Guard(path, ORIGIN).read, lambda: Guard(path, ORIGIN).advance(mark(9))):
        with pytest.raises(ServiceHeld) as held:
            act()
        assert held.value.code == "log.guard-damaged"


def test_another_logs_file_is_not_believed(guard: Guard, path: Path) -> None:
    with pytest.raises(ServiceHeld) as held:
        Guard(path, "declaration.example/ganja").read()
    assert held.value.code == "log.guard-damaged"


@pytest.mark.parametrize("failing", ["pwrite", "fdatasync"])
def test_what_cannot_be_written_is_said_and_not_remembered(
    guard: Guard, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def no_room(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, no_room)
    with pytest.raises(ServiceHeld) as held:
        guard.advance(mark(1))
    assert held.value.code == "log.guard-unwritable"
    assert "No space left" in held.value.message
    assert guard.durable is None
    monkeypatch.undo()
    guard.advance(mark(1))
    assert guard.durable == mark(1)


def test_every_move_is_synced_before_it_counts(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    for name in ("pwrite", "fdatasync"):
        real: Callable[..., object] = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (order.append(name), real(*a))[1])
    guard.advance(mark(1))
    assert order == ["pwrite", "fdatasync"]
    order.clear()
    guard.advance(mark(1))
    guard.advance(mark(0))
    assert order == []
    # Somebody else wrote it and may have died before the sync.
    Guard(guard.path, ORIGIN).advance(mark(1))
    assert order == ["fdatasync"]


def test_threads_meet_at_the_file(guard: Guard, path: Path) -> None:
    guards = [guard, Guard(path, ORIGIN)]

    def move(first: int) -> None:
        for size in range(first, 200, 8):
            guards[size % 2].advance(mark(size))
            read = guard.read()
            assert read is not None
            assert read.size >= size

    failures: list[BaseException] = []

    def caught(first: int) -> None:
        try:
            move(first)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=caught, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert guard.read() == mark(199)


def test_processes_meet_at_the_file(guard: Guard, path: Path) -> None:
    processes = [started("guard", path, first) for first in range(1, 4)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert guard.read() == mark(299)
