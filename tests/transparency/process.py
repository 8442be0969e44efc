"""Other processes of the tests: ``python -m tests.transparency.process WHAT ...``.

guard PATH FIRST            move a guard forward by threes
append FOLDER URL NAME N    append N entries from eight threads
crash FOLDER URL            append one entry and die between commit and guard, as a power cut would
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from declaration.transparency import operations
from declaration.transparency.guard import Guard
from declaration.web.transaction import unit_of_work
from tests.transparency.apps import alone
from tests.transparency.made import ORIGIN, found, raw_entry

ROOT = Path(__file__).resolve().parent.parent.parent
DIED = 87
THREADS = 8


def started(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.transparency.process", *map(str, arguments)], cwd=ROOT)


def move_guard(path: Path, first: int) -> None:
    from tests.transparency.test_guard import mark

    guard = Guard(path, ORIGIN)
    for size in range(first, 300, 3):
        guard.advance(mark(size))
        read = guard.read()
        assert read is not None
        assert read.size >= size


def append_from_threads(app: Flask, name: str, count: int, threads: int = THREADS) -> list[str]:
    """Append ``count`` entries, shared out among threads that start together; returns what went wrong."""
    ready, wrong = threading.Barrier(threads), list[str]()

    def work(numbers: Sequence[int]) -> None:
        ready.wait()
        for number in numbers:
            try:
                with app.app_context(), unit_of_work() as session:
                    operations.append(session, found(session), raw_entry(f"{name} {number}"))
            except Exception as error:
                wrong.append(repr(error))

    workers = [threading.Thread(target=work, args=(range(count)[first::threads],)) for first in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return wrong


def crash(app: Flask) -> None:
    Guard.advance = lambda *_: os._exit(DIED)  # type: ignore[method-assign]  # the power cut
    with app.app_context(), unit_of_work() as session:
        operations.append(session, found(session), raw_entry("acknowledged to nobody"))


def main(what: str, *arguments: str) -> int:
    if what == "guard":
        move_guard(Path(arguments[0]), int(arguments[1]))
        return 0
    app = alone(Path(arguments[0]), arguments[1])
    if what == "crash":
        crash(app)
        return 0
    wrong = append_from_threads(app, arguments[2], int(arguments[3]))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
