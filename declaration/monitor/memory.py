"""What a monitor has seen, in a folder of its own.

    state.json       how far it came, replaced whole; the only file that says so
    checkpoint       the last checkpoint that was accepted, with every signature that it had
    leaves           the leaf hash of every entry, 32 bytes each
    entries.jsonl    every entry that could be read, one a line
    bundle.zip       the bundle from which texts were taken, where they were needed

``leaves`` and ``entries.jsonl`` only grow; what stands behind the end that ``state.json`` tells was never accepted, and is cut off.
Everything is synced before ``state.json`` moves, so a power cut costs one round and no knowledge.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from declaration.errors import DeclarationError, Malformed
from declaration.monitor.trees import HASH_BYTES, root_of
from declaration.protocol.encoding import canonical, parse_canonical

FORMAT = "monitor-1"
_LONGEST_STATE = 64 * 1024


class MemoryDamaged(DeclarationError):
    """The folder does not hold what it said it does."""

    default_code = "monitor.state"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a monitor came.

    :ivar vkey: the log's key; the first one that was trusted is never exchanged.
    :ivar size: entries whose hashes were accepted; ``root`` in hex.
    :ivar read: entries that were read, ``entries_bytes`` in the file.
    :ivar heard: entries whose signatures were verified and whose speakers were told.
    :ivar replayed: entries for which the procedure was replayed, and everything said.
    """

    url: str
    vkey: str
    size: int = 0
    root: str = ""
    read: int = 0
    entries_bytes: int = 0
    heard: int = 0
    replayed: int = 0
    format: str = FORMAT


class Memory:
    """The folder. Use it inside :meth:`alone`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.progress: Progress | None = None
        self.leaves = bytearray()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other monitors out of this folder.

        :raises MemoryDamaged: another one is in it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise MemoryDamaged(f"another monitor is at work in {self.folder}", instead="Give each one a folder.") from None
            yield

    def load(self) -> Progress | None:
        """Read the folder; None where nothing was seen yet.

        :raises MemoryDamaged: it contradicts itself. Nothing is guessed: a monitor that forgot would accept another history.
        """
        path = self.folder / "state.json"
        if not path.exists():
            if (self.folder / "leaves").exists() and (self.folder / "checkpoint").exists():
                raise self._damaged("state.json is missing")
            return None
        progress = self._parsed(path.read_bytes())
        leaves = (self.folder / "leaves").read_bytes() if progress.size else b""
        self.leaves = bytearray(leaves[: progress.size * HASH_BYTES])
        if len(self.leaves) != progress.size * HASH_BYTES or root_of(bytes(self.leaves), progress.size).hex() != progress.root:
            raise self._damaged("leaves are not those of its root")
        entries = self.folder / "entries.jsonl"
        if (entries.stat().st_size if entries.exists() else 0) < progress.entries_bytes or progress.read > progress.size:
            raise self._damaged("entries are missing")
        self.progress = progress
        return progress

    def accept(self, progress: Progress, note: bytes, leaves: bytes) -> None:
        """Remember a checkpoint and the leaves that are new with it."""
        self._append("leaves", len(self.leaves), leaves)
        self.leaves += leaves
        self._replace("checkpoint", note)
        self.save(progress)

    def add_entries(self, entries: list[bytes]) -> None:
        """Remember the next entries."""
        known = self.known
        body = b"".join(raw + b"\n" for raw in entries)
        self._append("entries.jsonl", known.entries_bytes, body)
        self.save(replace(known, read=known.read + len(entries), entries_bytes=known.entries_bytes + len(body)))

    def entries(self) -> Iterator[bytes]:
        """Every entry that was read, in order."""
        left = self.known.read
        if left:
            with (self.folder / "entries.jsonl").open("rb") as stream:
                for _ in range(left):
                    yield stream.readline().removesuffix(b"\n")

    def checkpoint(self) -> bytes:
        """The last accepted one."""
        return (self.folder / "checkpoint").read_bytes()

    @property
    def known(self) -> Progress:
        """How far it came, once anything was seen."""
        if self.progress is None:
            raise MemoryDamaged("nothing was seen yet")
        return self.progress

    def save(self, progress: Progress) -> None:
        """Move ``state.json``, after everything that it tells of."""
        self._replace("state.json", canonical(asdict(progress)))
        self.progress = progress

    def keep(self, name: str, body: bytes) -> Path:
        """Write evidence; what is there already is never written over."""
        path = self.folder / name
        if not path.exists():
            self._replace(name, body)
        return path

    def _parsed(self, raw: bytes) -> Progress:
        try:
            value: Any = parse_canonical(raw[:_LONGEST_STATE])
            progress = Progress(**value)  # whatever it is, the next lines look
            numbers = (progress.size, progress.read, progress.entries_bytes, progress.heard, progress.replayed)
            words = (progress.url, progress.vkey, progress.root)
            well = all(type(one) is int and one >= 0 for one in numbers) and all(type(one) is str for one in words)
            if progress.format != FORMAT or not well:
                raise Malformed("not a state of this version")
        except (Malformed, TypeError) as error:
            raise self._damaged("state.json cannot be read") from error
        return progress

    def _append(self, name: str, end: int, body: bytes) -> None:
        path = self.folder / name
        with path.open("r+b" if path.exists() else "w+b") as stream:
            stream.truncate(end)
            stream.seek(end)
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())

    def _replace(self, name: str, body: bytes) -> None:
        fresh = self.folder / f".{name}.new"
        with fresh.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self.folder / name)
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _damaged(self, why: str) -> MemoryDamaged:
        return MemoryDamaged(
            f"{self.folder}: {why}",
            instead="Put back a copy, or begin in an empty folder and keep this one: its checkpoint may be evidence.",
        )
