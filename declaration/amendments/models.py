"""A delegation's drafts. Nothing here is ever shown to, counted for, or guessed by another party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web.db import Base


class Draft(Base):
    """One proposal that a delegation is writing.

    ``id`` is random: a sequential one would tell every delegation how much the others write. ``op`` is ``replace``,
    ``insert_after`` or ``delete``; ``unit`` is the paragraph it is about (for a new one, the paragraph that it follows).
    ``base`` is the hash of the words that it was written for. ``revision`` grows with every save, so that two people who write
    at once are both kept. ``also`` holds what the same proposal does elsewhere (``{"op", "unit", "text"}``): one amendment over several
    paragraphs stands or falls as a whole. ``content`` is the hash of the rationale once it was made ready for signing.
    """

    __tablename__ = "amendment_draft"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    delegation: Mapped[str] = mapped_column(String(64), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    op: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(32))
    amends: Mapped[str | None] = mapped_column(String(64))
    base: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    also: Mapped[Sequence[Mapping[str, str]]] = mapped_column(JSON, default=list)
    rationale: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    content: Mapped[str | None] = mapped_column(String(64))
    statement: Mapped[str | None] = mapped_column(String(64))
