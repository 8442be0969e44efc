"""A state larger than memory: dictionaries and lists of which only the part in use is in memory, the rest in files.

A record of a million organizations leaves a state of several gigabytes, and an auditor's machine may have less. The procedure asks it
one question at a time, by name or by position; so the verifier gives it, for a large record, containers that answer the same questions
from a temporary database and temporary files, with the newest part in memory. What they answer does not depend on what is where:
they are dictionaries and lists, in the order in which things came in.

Nearly every question of a record in order is whether something is there *already*, and the answer is no. A filter (Bloom, 1970) gives
that answer without touching the disk; where it says perhaps, the disk is asked.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, MutableMapping, MutableSequence, Sequence
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar, cast, overload

from declaration.procedure.state import State
from declaration.verifier.packing import packed, unpacked

V = TypeVar("V")

KEPT = 256
"""Values of one shelf that are in memory at most."""

_TAIL = 1 << 17
_FINGERPRINT = len("SHA256:") + 43
_RUN = 8_000
_FILTER_BITS = 1 << 26
_MASK = _FILTER_BITS - 1
_BITS = tuple(1 << bit for bit in range(8))
_ABSENT: Any = object()


class Store:
    """The temporary files of one run; a context manager that removes them."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="declaration-verifier-")
        self._path = Path(self._folder.name)
        self.database = sqlite3.connect(self._path / "shelves", isolation_level=None, check_same_thread=False)
        # Nothing here outlives the run, so nothing has to survive a crash.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-2048", "temp_store=FILE"):
            self.database.execute(f"PRAGMA {pragma}")
        self.filter = bytearray(_FILTER_BITS // 8)
        self._files: list[Rows] = []

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._files:
            each.close()
        self.database.close()
        self._folder.cleanup()

    def shelf(self, name: str) -> Shelf[Any]:
        """A dictionary by text."""
        return Shelf(self, name)

    def rows(self, name: str, width: int) -> Rows:
        """Byte strings of one width."""
        made = Rows(self._path / name, width)
        self._files.append(made)
        return made

    def in_order(self, lines: Iterator[str]) -> Iterator[str]:
        """Lines without a line end, sorted, each once; never all of them in memory."""
        runs: list[Path] = []
        run: set[str] = set()

        def settle() -> None:
            runs.append(self._path / f"run{len(runs)}")
            runs[-1].write_text("".join(f"{line}\n" for line in sorted(run)), encoding="utf-8", newline="\n")
            run.clear()

        for line in lines:
            run.add(line)
            if len(run) >= _RUN:
                settle()
        settle()
        streams = [each.open(encoding="utf-8", newline="\n") for each in runs]
        try:
            last = None
            for line in merge(*streams):
                if line != last:
                    yield line.removesuffix("\n")
                last = line
        finally:
            for stream in streams:
                stream.close()


class Shelf(MutableMapping[str, V], Generic[V]):
    """A dictionary by text, in the order of insertion. Values are never changed in place."""

    def __init__(self, store: Store, name: str) -> None:
        self._database, self._filter, self._name = store.database, store.filter, name
        self._near: dict[str, V] = {}
        self._new: dict[str, V] = {}
        self._replaced: dict[str, V] = {}
        self._size = 0
        self._database.execute(f"CREATE TABLE {name} (place INTEGER PRIMARY KEY, hash INTEGER NOT NULL, name TEXT NOT NULL, value BLOB)")
        self._database.execute(f"CREATE INDEX {name}_hash ON {name} (hash)")
        # The names of shelves are those of the state's own fields.
        self._select = f"SELECT name, value, place FROM {name} WHERE hash = ?"  # noqa: S608 - see above
        self._insert = f"INSERT INTO {name} (hash, name, value) VALUES (?, ?, ?)"  # noqa: S608 - see above
        self._update = f"UPDATE {name} SET value = ? WHERE place = ?"  # noqa: S608 - see above
        self._delete = f"DELETE FROM {name} WHERE place = ?"  # noqa: S608 - see above
        self._after = f"SELECT place, name, value FROM {name} WHERE place > ? ORDER BY place LIMIT 500"  # noqa: S608 - see above

    def __getitem__(self, name: str) -> V:
        found = self.get(name, _ABSENT)
        if found is _ABSENT:
            raise KeyError(name)
        return cast("V", found)

    def get(self, name: str, default: Any = None) -> Any:
        found = self._near.get(name, _ABSENT)
        if found is not _ABSENT:
            return found
        row = self._row(name)
        if row is None:
            return default
        value = self._near[name] = unpacked(row[0])
        if len(self._near) > KEPT:
            self._settle()
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._near or self._row(name) is not None)

    def __setitem__(self, name: str, value: V) -> None:
        if name in self._new:
            self._new[name] = value
        elif name in self._replaced or self._row(name) is not None:
            self._replaced[name] = value
        else:
            self._new[name] = value
            self._size += 1
        self._near[name] = value
        if len(self._near) > KEPT:
            self._settle()

    def __delitem__(self, name: str) -> None:
        self._settle()
        row = self._row(name)
        if row is None:
            raise KeyError(name)
        self._database.execute(self._delete, (row[1],))
        self._size -= 1

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._pairs())

    def values(self) -> Any:
        """Every value, in order, a few at a time; they may be replaced meanwhile."""
        return (value for _, value in self._pairs())

    def items(self) -> Any:
        """Every name with its value, likewise."""
        return self._pairs()

    def __copy__(self) -> dict[str, V]:
        """All of it as a plain dictionary, in memory."""
        return dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, V]]:
        self._settle()
        place = 0
        while rows := self._database.execute(self._after, (place,)).fetchall():
            for place, name, value in rows:  # noqa: B007 - the last place is where the next rows begin
                yield name, self._near[name] if name in self._replaced else unpacked(value)

    def _row(self, name: str) -> tuple[bytes, int] | None:
        """The packed value and its place on the disk."""
        found = hash((self._name, name))
        held, first, second = self._filter, found & _MASK, (found >> 26) & _MASK
        if held[first >> 3] & _BITS[first & 7] and held[second >> 3] & _BITS[second & 7]:
            for stored, value, place in self._database.execute(self._select, (found,)):
                if stored == name:
                    return value, place
        return None

    def _settle(self) -> None:
        """Write what is new or was replaced, and begin with an empty memory."""
        held, rows = self._filter, []
        self._database.execute("BEGIN")
        for name, value in self._replaced.items():
            row = self._row(name)
            if row is not None:
                self._database.execute(self._update, (packed(value), row[1]))
        for name, value in self._new.items():
            found = hash((self._name, name))
            first, second = found & _MASK, (found >> 26) & _MASK
            held[first >> 3] |= _BITS[first & 7]
            held[second >> 3] |= _BITS[second & 7]
            rows.append((found, name, packed(value)))
        self._database.executemany(self._insert, rows)
        self._database.execute("COMMIT")
        for each in (self._near, self._new, self._replaced):
            each.clear()


class Rows(Sequence[bytes]):
    """Byte strings of one width, in the order in which they were added; the newest are in memory, all of them without a file."""

    def __init__(self, path: Path | None, width: int) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600) if path is not None else None
        self._width = width
        self._tail = bytearray()
        self._written = 0

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)

    def append(self, row: bytes) -> None:
        """Add one."""
        self._tail += row
        if len(self._tail) >= _TAIL and self._file is not None:
            half = len(self._tail) // 2 // self._width * self._width
            os.pwrite(self._file, self._tail[:half], self._written)
            self._written += half
            del self._tail[:half]

    def __len__(self) -> int:
        return (self._written + len(self._tail)) // self._width

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        begin = (index if index >= 0 else index + len(self)) * self._width
        if not 0 <= begin < self._written + len(self._tail):
            raise IndexError(index)
        if self._file is None or begin >= self._written:
            return bytes(self._tail[begin - self._written : begin - self._written + self._width])
        return os.pread(self._file, self._width, begin)


class Column(MutableSequence[V], Generic[V]):
    """A list of values that are written in one width."""

    def __init__(self, rows: Rows, write: Callable[[V], bytes], read: Callable[[bytes], V]) -> None:
        self._rows, self._write, self._read = rows, write, read
        self._last: V | None = None

    def append(self, value: V) -> None:
        self._rows.append(self._write(value))
        self._last = value

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        if index == -1 and self._last is not None:
            return self._last
        return self._read(self._rows[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError("only ever added to")

    def __delitem__(self, index: Any) -> None:
        raise TypeError("only ever added to")

    def insert(self, index: int, value: V) -> None:
        raise TypeError("only ever added to")

    def __copy__(self) -> list[V]:
        """All of it as a plain list, in memory."""
        return list(self)


class Pairs(MutableMapping[tuple[str, str], str]):
    """A dictionary by two words, neither of which has a line end."""

    def __init__(self, shelf: Shelf[str]) -> None:
        self._shelf = shelf

    def __getitem__(self, pair: tuple[str, str]) -> str:
        return self._shelf["\n".join(pair)]

    def __contains__(self, pair: object) -> bool:
        return isinstance(pair, tuple) and "\n".join(pair) in self._shelf

    def __setitem__(self, pair: tuple[str, str], value: str) -> None:
        self._shelf["\n".join(pair)] = value

    def __delitem__(self, pair: tuple[str, str]) -> None:
        del self._shelf["\n".join(pair)]

    def __len__(self) -> int:
        return len(self._shelf)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name in self._shelf:
            first, second = name.split("\n")
            yield first, second

    def __copy__(self) -> dict[tuple[str, str], str]:
        """All of it as a plain dictionary, in memory."""
        return dict(self)


class ByPosition(MutableMapping[int, str]):
    """Short ASCII words by position, which only grows; some positions have none."""

    def __init__(self, rows: Rows, width: int) -> None:
        self._rows, self._width = rows, width

    def __getitem__(self, position: int) -> str:
        word = self._rows[position].rstrip(b"\0") if position < len(self._rows) else b""
        if not word:
            raise KeyError(position)
        return word.decode("ascii")

    def __setitem__(self, position: int, word: str) -> None:
        while len(self._rows) < position:
            self._rows.append(bytes(self._width))
        if len(self._rows) != position:
            raise TypeError("only ever added to")
        self._rows.append(word.encode("ascii").ljust(self._width, b"\0"))

    def __delitem__(self, position: int) -> None:
        raise TypeError("only ever added to")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[int]:
        return (position for position in range(len(self._rows)) if self._rows[position].rstrip(b"\0"))

    def __copy__(self) -> dict[int, str]:
        """All of it as a plain dictionary, in memory."""
        return dict(self)


def spread(state: State, store: Store) -> None:
    """Give a state that is still empty containers of this kind for all that grows with the number of organizations."""
    for name in ("digests", "keys", "parties", "organizations", "brought_in", "nonces", "endorsements", "by_party"):
        setattr(state, name, store.shelf(name))
    state.registered = Pairs(store.shelf("registered"))
    state.times = Column(store.rows("times", 8), _write_time, _read_time)
    state.signed = ByPosition(store.rows("signed", _FINGERPRINT), _FINGERPRINT)


def _write_time(moment: datetime) -> bytes:
    return int(moment.timestamp()).to_bytes(8, "big", signed=True)


def _read_time(data: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(data, "big", signed=True), UTC)
