"""A delegation's drafts. Nothing here is ever shown to, counted for, or guessed by another party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web.db import Base

PartJson = Mapping[str, str | None]


class Draft(Base):
    """One proposal that a delegation is writing.

    ``id`` is random: a sequential one would tell every delegation how much the others write. ``op``, ``unit``, ``text``, ``target``
    and ``base`` are its first paragraph, ``also`` the other ones of the same proposal (see :class:`declaration.amendments.parts.Part`):
    one amendment over several paragraphs stands or falls as a whole. ``amends`` is the proposal that a sub-amendment is to,
    ``revises`` the own proposal of which this is to be a new revision.

    ``revision`` grows with every save, so that two people who write at once are both kept. ``key`` is what the author's form was sent
    with: the same form sent twice is one draft. ``status`` is ``draft``, ``awaiting_head``, ``discarded`` (may be brought back) or
    ``released``. ``content`` is the hash of the rationale once it was made ready for signing, ``statement`` the act.
    """

    __tablename__ = "amendment_draft"
    # A key is the author's own: the same key from anybody else finds nothing and begins another draft.
    __table_args__ = (UniqueConstraint("forum_id", "author_id", "key", name="uq_amendment_draft_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    delegation: Mapped[str] = mapped_column(String(64), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str | None] = mapped_column(String(64))
    op: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(32))
    target: Mapped[str | None] = mapped_column(String(32))
    amends: Mapped[str | None] = mapped_column(String(64))
    revises: Mapped[str | None] = mapped_column(String(64))
    base: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    also: Mapped[Sequence[PartJson]] = mapped_column(JSON, default=list)
    rationale: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    content: Mapped[str | None] = mapped_column(String(64))
    statement: Mapped[str | None] = mapped_column(String(64))


class DraftRevision(Base):
    """A draft as it was saved once, whole: nothing that a colleague wrote is lost by what another one saves.

    ``kind`` is ``saved``, ``restored``, or ``set_aside`` for words that somebody gave up in favour of a colleague's; those were never
    the draft. ``revision`` is the draft's own number then; for words set aside, the one that they were written on. ``key`` is that of
    the form: a form whose answer was lost on the way, and that is sent again with more words, does not collide with itself.
    """

    __tablename__ = "amendment_draft_revision"
    __table_args__ = (Index("ix_amendment_draft_revision_of", "draft_id", "revision"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("amendment_draft.id", ondelete="CASCADE"))
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    parts: Mapped[Sequence[PartJson]] = mapped_column(JSON)
    rationale: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(3))
