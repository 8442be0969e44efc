"""Rows of the drafts: manifests and texts by digest, words by hash, and the secretariat's working versions.

The first three are content-addressed and immutable: a row is added or it is there already. Working versions are private to the
secretariat and the Chair until the Chair has signed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from declaration.web.db import Base

WORKING_STATUSES = ("under_chair_review", "returned", "approved", "withdrawn")


class Version(Base):
    """A manifest, by its digest. That it is stored says nothing about whether anybody approved it."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("forum_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[bytes] = mapped_column(LargeBinary)

    texts: Mapped[list[VersionText]] = relationship(order_by="VersionText.language")


class VersionText(Base):
    """The canonical text of one language of a version."""

    __tablename__ = "version_text"
    __table_args__ = (UniqueConstraint("version_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Words(Base):
    """One unit's text by its hash: a translation that was made here.

    A hash in the record is public; whether these words are shown depends on whether the record names them.
    """

    __tablename__ = "words"
    __table_args__ = (UniqueConstraint("forum_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class WorkingVersion(Base):
    """A version that the secretariat has put before the Chair. ``status`` is one of :data:`WORKING_STATUSES`."""

    __tablename__ = "working_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    symbol: Mapped[str] = mapped_column(String(128))
    status: Mapped[str] = mapped_column(String(24))
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
