"""A log in four tables, and its witnesses in two. Rows of four of them never change; :mod:`.triggers` makes both databases refuse it.

The tree is kept as complete subtrees: node ``(level, idx)`` is the root of the ``2**level`` entries from ``idx * 2**level`` on, and
never changes once it exists. An append adds two nodes on average and at most ``log2(size) + 1``; a proof reads at most
``2 * log2(size)``; a tile is one range of 256 rows. The nodes that the next append combines (the *peaks*, largest first) stand in
the head row, so that appending reads nothing but the head.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web.db import Base

_HASH_BYTES = "length({}) = 32"


class Log(Base):
    """The head of a log. Its row is the serialisation point: whoever appends holds it locked until the commit.

    ``name`` is the last part of the origin and stands in addresses. ``vkey`` names the key that signs, so that a database
    beside another key is noticed before anything is signed. ``last_at`` is the time of the newest entry.
    """

    __tablename__ = "log"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint(_HASH_BYTES.format("root"), name="root"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    vkey: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes]
    peaks: Mapped[bytes]
    last_at: Mapped[datetime | None]


class LogEntry(Base):
    """Entry ``seq`` of a log: its exact bytes, the digest of its statement, which is recorded once only, and what it does to the tree.

    ``nodes`` are the hashes of the complete subtrees that end with it, one after another from its leaf upwards; see :mod:`.nodes`.
    """

    __tablename__ = "log_entry"
    __table_args__ = (
        UniqueConstraint("log_id", "statement_digest", name="uq_log_entry_statement_digest"),
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("length(raw) BETWEEN 1 AND 65535", name="raw"),
        CheckConstraint(_HASH_BYTES.format("statement_digest"), name="statement_digest"),
        CheckConstraint("length(nodes) BETWEEN 32 AND 2016 AND length(nodes) % 32 = 0", name="nodes"),
    )

    log_id: Mapped[int] = mapped_column(ForeignKey("log.id"), primary_key=True)
    # Never a sequence of the database's own: those leave gaps after a rollback and commit out of order.
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    raw: Mapped[bytes]
    statement_digest: Mapped[bytes]
    nodes: Mapped[bytes]


class LogCheckpoint(Base):
    """The signed note of size 0, and of every size that a commit has ended with. The primary key is the promise: one root a size."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (
        CheckConstraint(_HASH_BYTES.format("root"), name="root"),
        {"sqlite_with_rowid": False},
    )

    log_id: Mapped[int] = mapped_column(ForeignKey("log.id"), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    note: Mapped[bytes]


class LogCosignature(Base):
    """A witness's line under a checkpoint. ``key`` is the witness's vkey, ``time`` what it attests, in seconds since 1970."""

    __tablename__ = "log_cosignature"
    __table_args__ = (CheckConstraint("time > 0", name="time"),)

    log_id: Mapped[int] = mapped_column(ForeignKey("log.id"), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    time: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[str]


class LogWitness(Base):
    """The last time a witness was asked: when, what came of it, and the size that it said it has."""

    __tablename__ = "log_witness"

    log_id: Mapped[int] = mapped_column(ForeignKey("log.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    outcome: Mapped[str]
