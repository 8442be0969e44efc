"""Threads and processes that append at once: gapless, nothing lost, one history."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from declaration.protocol.checkpoint import Checkpoint, open_checkpoint
from declaration.protocol.merkle import verify_consistency
from declaration.protocol.note import parse_vkey
from declaration.transparency import audit, queries
from declaration.transparency.guard import Mark
from declaration.transparency.models import Log
from declaration.transparency.signing import current_signing
from tests.support.rfc6962 import leaf, reference_root
from tests.transparency.made import ORIGIN, found, opened, raw_entry
from tests.transparency.process import append_from_threads, started

Work = Callable[[], AbstractContextManager[Session]]


def test_sixteen_threads(app: Flask, work: Work) -> None:
    with work() as session:
        opened(session)
    assert append_from_threads(app, "thread", 96, threads=16) == []
    with work() as session:
        one_history(session, found(session), {raw_entry(f"thread {number}") for number in range(96)})


def test_three_processes_of_eight_threads(app: Flask, work: Work, database_url: str, tmp_path: Path) -> None:
    with work() as session:
        opened(session)
    others = [started("append", tmp_path, database_url, name, 32) for name in ("first", "second")]
    wrong = append_from_threads(app, "third", 32, threads=8)
    assert [other.wait() for other in others] == [0, 0]
    assert wrong == []
    names = ("first", "second", "third")
    with work() as session:
        one_history(session, found(session), {raw_entry(f"{name} {number}") for name in names for number in range(32)})


def one_history(session: Session, log: Log, expected: set[bytes]) -> None:
    raws = [raw for _, raw in queries.entries(session, log)]
    assert [index for index, _ in queries.entries(session, log)] == list(range(len(expected)))
    assert set(raws) == expected
    verifier = parse_vkey(log.vkey)
    checkpoints: list[Checkpoint] = [
        open_checkpoint(queries.checkpoint_at(session, log, size), verifier) for size in range(1, len(raws) + 1)
    ]
    for old, new in [*pairwise(checkpoints), *((one, checkpoints[-1]) for one in checkpoints)]:
        verify_consistency(old.size, new.size, old.root, new.root, queries.consistency(session, log, old.size, new.size))
    assert log.root == checkpoints[-1].root == reference_root([leaf(raw) for raw in raws])
    assert audit.check(session, log) == len(raws)
    assert current_signing().guard(ORIGIN).read() == Mark(log.size, log.root)
