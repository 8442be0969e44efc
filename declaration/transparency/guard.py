"""What has left the service, remembered where a restored database cannot take it back.

A log must never sign two roots for one size. A database restored from yesterday does not know what was signed since, and would sign
today's entries over yesterday's numbers. So the last size and root are kept in a file beside the key, one a log, and

    before signing   the head must extend what the file says: not smaller, and with the same root where the file stands
    after the commit the file is moved to the committed head and synced
    before serving   the file is moved first, if a crash or a full disk kept the step before from happening

**Why in this order.** The file may lag behind the database and must never run ahead of it.

* A crash before the commit: neither has moved, and nothing left.
* A crash between commit and sync: the database is ahead. The checkpoint of the lost step is in the database, but nobody has it,
  because an answer leaves only after the file was synced. The next append finds that the head extends the file, goes on, and moves
  it past. A backup restored just then may sign another root for that size: still only one root for it is in anybody's hands.
* Moving the file first would turn every crash before the commit, and every failing commit, into a false alarm that stops the
  service, or would need a second sync to tell an intention from a fact.

**Several processes and threads.** Signing happens under the lock of the log's head row, so between lock and commit nobody else
moves the head, and the file, which follows commits, cannot pass it: a file ahead of a locked head is always a restored backup.
Moving takes ``flock`` on the file and only ever goes forward, so late ones find that somebody moved it further and need no write:
under load many commits share one sync.

**The file** has two slots of 4,096 bytes, written in turn, each one line padded with spaces; the one with the larger size counts::

    declaration.example/forum 42 9cd0ff9eb894d3f... 0d6f5bb4ab1c8ed...      origin, size, root, SHA256 of the line before it

A slot torn by a power cut fails its check, and the other one is one step behind, which is safe for the reasons above. Overwriting
in place moves no directory entry and no file size, so one ``fdatasync`` makes it durable; only the creation syncs the folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from declaration.errors import Malformed, ServiceHeld
from declaration.protocol.encoding import decode_decimal, parse_hex32, sha256_hex

_SLOT_BYTES = 4096
_SLOTS = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A size in entries and the root (32 bytes) that was signed for it."""

    size: int
    root: bytes


class Guard:
    """The file of one log. Safe to share between threads; processes meet at the file.

    :param path: the file; its folder exists.
    """

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self._origin = origin
        self._durable: Mark | None = None
        self._parsed: dict[bytes, Mark | None] = {}

    @property
    def durable(self) -> Mark | None:
        """What this process knows to be synced; another process may have moved further."""
        return self._durable

    def read(self) -> Mark | None:
        """What the file says, or None where there is none. Does not wait for a writer.

        :raises ServiceHeld: ``log.guard-damaged``.
        """
        try:
            with self._open(os.O_RDONLY) as file:
                found = self._newest(file)
                if found is None:  # both slots unreadable: perhaps caught in the middle of two writes
                    fcntl.flock(file, fcntl.LOCK_SH)
                    found = self._newest(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unwritable(error) from error
        if found is None:
            raise self._damaged()
        return found[1]

    def create(self, mark: Mark) -> None:
        """Make the file where there is none; somebody else's file is left as it is.

        :raises ServiceHeld: ``log.guard-unwritable``.
        """
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(self._slot(mark) * _SLOTS)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                # A hard link appears whole or not at all, and only the first one wins.
                os.link(fresh, self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            fresh.unlink(missing_ok=True)

    def advance(self, mark: Mark) -> None:
        """Move forward to ``mark``, synced when this returns; already further is well. Only for what is committed.

        :raises ServiceHeld: ``log.two-roots`` when this size was signed with another root; ``log.guard-missing``,
            ``log.guard-damaged`` and ``log.guard-unwritable`` when it cannot be written.
        """
        known = self._durable
        if known is not None and (known.size > mark.size or known == mark):
            return
        try:
            with self._open(os.O_RDWR) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self._advance(file, mark)
        except FileNotFoundError as error:
            raise missing(self.path.name) from error
        except OSError as error:
            raise self._unwritable(error) from error

    def _advance(self, file: int, mark: Mark) -> None:
        found = self._newest(file)
        if found is None:
            raise self._damaged()
        slot, current = found
        if current.size == mark.size and current.root != mark.root:
            raise two_roots(mark.size, self.path.name)
        if current.size < mark.size:
            line = self._slot(mark)
            if os.pwrite(file, line, (slot + 1) % _SLOTS * _SLOT_BYTES) != len(line):
                raise OSError("a short write")
            current = mark
        # Also when somebody else wrote: they may have died before their sync.
        os.fdatasync(file)
        self._durable = current

    def _newest(self, file: int) -> tuple[int, Mark] | None:
        content = os.pread(file, _SLOT_BYTES * _SLOTS, 0)
        slots = [content[slot * _SLOT_BYTES :][:_SLOT_BYTES] for slot in range(_SLOTS)]
        known = self._parsed
        marks = [known[slot] if slot in known else self._parse(slot) for slot in slots]
        self._parsed = dict(zip(slots, marks, strict=True))  # the same bytes say the same: most look before it has moved again
        return max(((slot, mark) for slot, mark in enumerate(marks) if mark is not None), key=lambda one: one[1].size, default=None)

    def _slot(self, mark: Mark) -> bytes:
        line = f"{self._origin} {mark.size} {mark.root.hex()}"
        return f"{line} {sha256_hex(line.encode())}".ljust(_SLOT_BYTES - 1).encode() + b"\n"

    def _parse(self, slot: bytes) -> Mark | None:
        try:
            line, _, check = slot.decode("ascii").rstrip(" \n").rpartition(" ")
            origin, size, root = line.split(" ")
            mark = Mark(decode_decimal(size), parse_hex32(root))
        except (UnicodeDecodeError, ValueError, Malformed):
            return None
        return mark if check == sha256_hex(line.encode()) and origin == self._origin else None

    @contextlib.contextmanager
    def _open(self, flags: int) -> Iterator[int]:
        """A descriptor of its own each time: ``flock`` then holds between threads too."""
        file = os.open(self.path, flags | os.O_CLOEXEC)
        try:
            yield file
        finally:
            os.close(file)

    def _damaged(self) -> ServiceHeld:
        return ServiceHeld(
            f"{self.path.name} in the keys folder cannot be read as what it was",
            code="log.guard-damaged",
            instead="Put it back from the newest copy of the keys folder. Nothing is signed until it is readable.",
        )

    def _unwritable(self, error: OSError) -> ServiceHeld:
        return ServiceHeld(
            f"{self.path.name} in the keys folder cannot be written: {error.strerror or error}",
            code="log.guard-unwritable",
            instead="Make room on the disk, or give the service the right to write there. What was accepted is kept.",
        )


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def two_roots(size: int, file_name: str) -> ServiceHeld:
    """The database would make the log say two things about one size."""
    return ServiceHeld(
        f"The database and {file_name} have two different roots for {size} entries",
        code="log.two-roots",
        instead=(
            "Stop the service. This database is a branch of the record: find the one whose entries were served and put it back. "
            "Do not delete the file, and sign nothing until both agree."
        ),
    )


def missing(file_name: str) -> ServiceHeld:
    """The record has entries, but nothing says how many have left the service."""
    return ServiceHeld(
        f"{file_name} is missing from the keys folder",
        code="log.guard-missing",
        instead=(
            "Put it back from the newest copy of the keys folder. If there is none, and you are certain that this database is the "
            "newest there ever was, say so: flask --app wsgi log trust FORUM --size ENTRIES."
        ),
    )


def restored_backup(*, held: int, signed: int, file_name: str) -> ServiceHeld:
    """The database is older than what this service has signed."""
    return ServiceHeld(
        f"The database holds {held} entries of a record of which {signed} were signed: an older copy was put back",
        code="log.restored-backup",
        instead=(
            f"Stop the service. Put back the newest copy of the database, with at least {signed} entries (SQLite: the file together "
            "with its -wal file; PostgreSQL: the archive replayed to its end), and start again. If there is none, entries "
            f"{held} to {signed - 1} are lost: do not delete {file_name}, tell the forum, and go on in a new record under another "
            "origin, whose first entry says what happened."
        ),
    )
