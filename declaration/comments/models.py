"""Threads and their messages. Identifiers are random: a sequence would tell every delegation how much the others write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from declaration.forums.models import Person
from declaration.web.db import Base


class Thread(Base):
    """A conversation on one unit, or on one proposal to it.

    It has the audience of its first message; no reply is for more people than that, so that nobody reads an answer to what they
    cannot read. ``version`` is the digest of the version in circulation when it began. ``status`` is ``open``, ``resolved`` or
    ``hidden``: that somebody has answered is not kept here, it follows from the replies that the reader may see. ``note`` is the
    reason of the last change.
    """

    __tablename__ = "comment_thread"
    __table_args__ = (Index("ix_comment_thread_place", "forum_id", "unit"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    unit: Mapped[str] = mapped_column(String(32))
    amendment: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16), default="open")
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")

    changed_by: Mapped[Person | None] = relationship()


class Message(Base):
    """What somebody wrote. ``audience`` is ``own``, ``chair`` or ``all`` and may be widened, never narrowed.

    ``side`` is the delegation that reads it in any case: the author's, or for an answer of the Chair to one delegation, that one.
    It is None for what the offices write to everyone. ``role`` is the author's when it was written: a person's role may change
    later. ``opens`` marks the first message of its thread. ``salt`` goes into the hash that stays to be seen where a thread is hidden:
    without it, the hash of a telephone number would be that number.
    """

    __tablename__ = "comment_message"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("comment_thread.id"), index=True)
    opens: Mapped[bool]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(16))
    side: Mapped[str | None] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(3))
    salt: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    widened_at: Mapped[datetime | None]
    widened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    thread: Mapped[Thread] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    widened_by: Mapped[Person | None] = relationship(foreign_keys=[widened_by_id])
