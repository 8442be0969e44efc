"""What the witness has signed, kept so that it can never contradict itself: SQLite, durable before any answer leaves.

One row a log: the last checkpoint that was signed and when. Checking and moving it is one transaction that has the only right to
write from its beginning (``BEGIN IMMEDIATE``), so two requests, in threads or in processes, are one after the other.

A witness that forgets would sign a second history in good faith. So the database belongs to one key, is made together with it, and
is never made anew: where the file is missing or is another key's, the witness does not start. Whoever has lost it retires the key.
The database itself refuses that a size becomes smaller or a row goes.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from declaration.errors import DeclarationError

_SCHEMA = """
CREATE TABLE witness (vkey TEXT NOT NULL);
CREATE TABLE seen (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    time INTEGER NOT NULL CHECK (time > 0),
    note BLOB NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER seen_forward BEFORE UPDATE ON seen
    WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.time < OLD.time OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
    BEGIN SELECT RAISE(ABORT, 'a witness never goes back'); END;
CREATE TRIGGER seen_kept BEFORE DELETE ON seen BEGIN SELECT RAISE(ABORT, 'a witness never forgets'); END;
CREATE TRIGGER seen_once BEFORE INSERT ON seen WHEN EXISTS (SELECT 1 FROM seen WHERE origin = NEW.origin)
    BEGIN SELECT RAISE(ABORT, 'a witness never begins again'); END;
CREATE TRIGGER witness_kept BEFORE UPDATE ON witness BEGIN SELECT RAISE(ABORT, 'a witness keeps its key'); END;
"""
_WAIT_SECONDS = 15
_FULL = 2


class MemoryRefused(DeclarationError):
    """The database is not this witness's, or would not be durable; nothing is signed on it."""

    default_code = "witness.memory"


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint of a log that was signed.

    :ivar root: 32 bytes.
    :ivar time: seconds since 1970, as it was signed.
    :ivar note: the log's note, as it was received.
    """

    size: int
    root: bytes
    time: int
    note: bytes


class Memory:
    """The database of one witness. Safe to share between threads: each transaction has a connection of its own."""

    def __init__(self, path: Path, vkey: str) -> None:
        self.path = path
        self._vkey = vkey

    def create(self) -> None:
        """Make the database, together with the key and only then.

        :raises MemoryRefused: there is one.
        """
        if self.path.exists():
            raise MemoryRefused(f"{self.path} is there already", instead="A new key begins with a database of its own.")
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
            connection.execute("INSERT INTO witness VALUES (?)", (self._vkey,))
            connection.execute("COMMIT")
        self.path.chmod(0o600)

    def open(self) -> None:
        """Make sure that this is the database of this key.

        :raises MemoryRefused: it is missing, another key's, or no database.
        """
        if not self.path.is_file():
            raise MemoryRefused(
                f"{self.path} is not there",
                instead="Put back the newest copy. A witness that does not know what it has signed retires its key and makes another.",
            )
        with self._connected() as connection:
            try:
                rows = connection.execute("SELECT vkey FROM witness").fetchall()
            except sqlite3.DatabaseError as error:
                raise MemoryRefused(f"{self.path}: {error}", instead="Put back the newest copy of this witness's database.") from error
        if rows != [(self._vkey,)]:
            raise MemoryRefused(f"{self.path} belongs to another key", instead="Each key has a database of its own.")

    @contextlib.contextmanager
    def deciding(self) -> Iterator[Deciding]:
        """A transaction in which nobody else decides; durable when the block ends, and undone when it raises."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Deciding(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.resolve().as_uri()}?mode=rw"
        with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=_WAIT_SECONDS)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA trusted_schema=OFF")
            if connection.execute("PRAGMA synchronous").fetchone() != (_FULL,):
                raise MemoryRefused("SQLite does not keep synchronous=FULL on this file", instead="Put it on a disk of this machine.")
            yield connection


class Deciding:
    """What may be asked and changed inside :meth:`Memory.deciding`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last(self, origin: str) -> Seen | None:
        """The last checkpoint that was signed for this log."""
        row = self._connection.execute("SELECT size, root, time, note FROM seen WHERE origin = ?", (origin,)).fetchone()
        return None if row is None else Seen(*row)

    def remember(self, origin: str, seen: Seen) -> None:
        """Move forward; the database refuses to move back."""
        values = (seen.size, seen.root, seen.time, seen.note, origin)
        moved = self._connection.execute("UPDATE seen SET size = ?, root = ?, time = ?, note = ? WHERE origin = ?", values)
        if not moved.rowcount:
            self._connection.execute("INSERT INTO seen (size, root, time, note, origin) VALUES (?, ?, ?, ?, ?)", values)
