"""A witness with a clock that tests move, on a database of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from declaration.protocol.note import NoteVerifier
from declaration.witness.memory import Memory
from declaration.witness.service import Answer, Witness
from tests.support.logs import LOG, WITNESS

START = 1_764_000_000


@dataclass
class Watching:
    """``witness`` may be made again on the same database: that is a restart."""

    path: Path
    logs: dict[str, NoteVerifier] = field(default_factory=lambda: {LOG.name: LOG.verifier})
    now: int = START

    def restarted(self) -> Witness:
        memory = Memory(self.path, WITNESS.verifier.vkey)
        memory.open()
        return Witness(WITNESS, memory, self.logs, lambda: self.now)

    def ask(self, body: bytes) -> Answer:
        return self.restarted().add_checkpoint(body)

    @property
    def last(self) -> tuple[int, bytes] | None:
        with Memory(self.path, WITNESS.verifier.vkey).deciding() as memory:
            seen = memory.last(LOG.name)
        return None if seen is None else (seen.size, seen.root)


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    path = tmp_path / "witness.db"
    Memory(path, WITNESS.verifier.vkey).create()
    return Watching(path)


Ask = Callable[[bytes], Answer]
