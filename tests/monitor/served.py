"""Logs as a monitor meets them: a record of the forge behind the paths of tlog-tiles, and an operator who can cheat at every one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from declaration.monitor.network import Closed, Unreachable
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.merkle import CompactRange, leaf_hash, node_hash
from declaration.protocol.note import NoteSigner, cosign
from declaration.protocol.tiles import TILE_WIDTH, entry_bundle, parse_tile_path
from tests.verifier import forge as f

URL = "https://declaration.example/log/forum"


@dataclass
class Served:
    """Serves ``entries``; ``shown`` of them, or all. ``instead`` answers for a path, with bytes or by raising."""

    entries: list[bytes]
    signer: NoteSigner = f.LOG
    shown: int | None = None
    closed: bool = False
    bundle: bytes | None = None
    cosigners: tuple[NoteSigner, ...] = ()
    instead: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.entries) if self.shown is None else self.shown

    def root(self, size: int) -> bytes:
        tree = CompactRange()
        for raw in self.entries[:size]:
            tree.append(leaf_hash(raw))
        return tree.root()

    def note(self, size: int | None = None) -> bytes:
        size = self.size if size is None else size
        note = sign_checkpoint(Checkpoint(self.signer.name, size, self.root(size)), self.signer)
        for one in self.cosigners:
            note = cosign(note, one, 1_764_000_000)
        return note

    def get(self, path: str, most: int) -> bytes:
        self.asked.append(path)
        found = self.instead.get(path)
        if isinstance(found, Exception):
            raise found
        body = found if found is not None else self.answer(path)
        assert len(body) <= most
        return body

    def answer(self, path: str) -> bytes:
        if path == "checkpoint":
            return self.note()
        if path == "cosigned" and self.cosigners:
            return self.note()
        if path == "vkey":
            return f"{self.signer.verifier.vkey}\n".encode()
        if "bundle.zip" in path and self.bundle is not None:
            return self.bundle
        if not path.startswith("tile/"):
            raise Closed(path)
        level, index, width = parse_tile_path(path)
        start = index * TILE_WIDTH
        if level is None:
            if self.closed:
                raise Closed(path)
            return entry_bundle(self.entries[start : start + width])
        if start + width > self.size >> (8 * level):
            raise Closed(path)
        return b"".join(self.node(8 * level, place) for place in range(start, start + width))

    def node(self, level: int, index: int) -> bytes:
        if (level, index) not in self._nodes:
            if level == 0:
                return leaf_hash(self.entries[index])
            self._nodes[level, index] = node_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))
        return self._nodes[level, index]

    @cached_property
    def _nodes(self) -> dict[tuple[int, int], bytes]:
        return {}


def plain(count: int, name: str = "entry") -> list[bytes]:
    """Entries that are no acts: for what happens below them."""
    return [f"{name} {number}".encode() for number in range(count)]


def served(forge: f.Forge, **more: object) -> Served:
    """A record of the forge, with its bundle."""
    members = forge.members()
    return Served(list(forge.entries), bundle=f.packed(members, size=len(forge.entries)), **more)  # type: ignore[arg-type]  # fields of Served


Change = Callable[[Served], None]
DOWN = Unreachable("down")
