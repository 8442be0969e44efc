"""Rows of what is told and what is mailed. Identifiers are random: a sequence would tell each reader how much the others are told.

``person_id`` and ``forum_id`` are the numbers of the package above; this one only asks that they exist.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from declaration.web.db import Base

MODES: Final = ("at_once", "daily", "mine", "none")
"""What somebody wants by mail: everything at once, once a day, only what waits for them personally, nothing."""
_OPEN, _WAITING, _MAILED = text("NOT settled"), text("status = 'waiting'"), text("mail_id IS NOT NULL")


def new_id() -> str:
    """128 random bits in hex. Never from the seeded source of a demonstration, whose bytes belong to the record."""
    return secrets.token_hex(16)


class Notice(Base):
    """One thing that one person is told.

    ``kind`` finds the words, ``facts`` fills them in; both are turned into sentences when they are read, in the reader's language.
    ``key`` makes it the only one of its kind for its reader. ``place`` orders what happened in one second: the act's position in the
    record, which everybody knows. ``mine``: it waits for this person. ``urgent``: it is mailed at once whatever was chosen, except
    nothing at all. ``private``: that it exists may be known to its reader alone. ``settled``: the worker has decided about mail;
    ``mail`` is what it went into, if anything.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notice_open", "person_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_notice_read", "person_id", "at"),
        Index("ix_notice_mail_id", "mail_id", sqlite_where=_MAILED, postgresql_where=_MAILED),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(80))
    facts: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime]
    place: Mapped[int] = mapped_column(default=0)
    mine: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)
    settled: Mapped[bool] = mapped_column(default=False)
    mail_id: Mapped[str | None] = mapped_column(ForeignKey("mail.id"))

    mail: Mapped[Mail | None] = relationship()


class Mail(Base):
    """One mail to one person, whole: what is sent a second time is the same to the byte.

    ``status`` is ``waiting``, ``sent`` or ``dead``. ``lease`` is the claim of a worker and ``leased_until`` when it runs out.
    ``shared``: it tells of something that is no secret, so that its failure may be shown to the secretariat. ``attachment`` is a file
    that its reader asked for, such as a receipt. The words and the file are wiped when it was sent. Times are the machine's.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_due", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    to_name: Mapped[str] = mapped_column(String(200))
    to_address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(3))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    unsubscribe: Mapped[str] = mapped_column(String(400))
    sender_name: Mapped[str] = mapped_column(String(200))
    shared: Mapped[bool]
    created_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    next_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
    attachment: Mapped[bytes | None] = mapped_column(LargeBinary)
    attachment_name: Mapped[str] = mapped_column(String(100), default="")


class MailPreference(Base):
    """What one person wants by mail. ``handle`` is the secret of the link that ends it; ``digest_on`` the last local day that had one.

    Whoever has no row wants everything at once: a right that somebody was not told of is a lost right.
    """

    __tablename__ = "mail_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    handle: Mapped[str] = mapped_column(String(32), unique=True)
    mode: Mapped[str] = mapped_column(String(8), default="at_once")
    hour: Mapped[int] = mapped_column(default=7)
    digest_on: Mapped[date | None]


class Moment(Base):
    """An hour that was told: once, whoever asks again and however many workers there are."""

    __tablename__ = "notice_moment"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    at: Mapped[datetime]


class Followed(Base):
    """How many entries of a forum's record were followed by whoever tells of acts after they were recorded, not with them."""

    __tablename__ = "notice_followed"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), primary_key=True)
    entries: Mapped[int]
