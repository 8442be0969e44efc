"""Rows of the adoption: which text a delegation has received, and up to which version it has read the changes.

They are private to the Chair, the secretariat and the delegation itself, and say nothing about what it writes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web.db import Base

TEXT, CHANGES = "text", "changes"


class ReadReceipt(Base):
    """A delegation has opened a version, or has read what changed between ``base`` and it before confirming; once each."""

    __tablename__ = "read_receipt"
    __table_args__ = (UniqueConstraint("forum_id", "delegation", "kind", "digest", "base"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    delegation: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(64))
    base: Mapped[str] = mapped_column(String(64), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
