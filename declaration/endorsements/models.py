"""The register as rows: what is searched, and what must be unique even if two transactions run at once.

A row follows from the record and is written in the transaction that records the act. It holds no person: names of signatories are
documents beside the record, which their holders may take back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web.db import Base

STATUSES = ("counted", "listed", "withdrawn")


class Endorsement(Base):
    """One organization's signature.

    ``statement`` is the digest of what was signed; ``position`` its place in the register, from 1; ``entry`` its place in the
    record. ``search`` is :func:`declaration.endorsements.search.search_key`. ``language`` is that of the text which was read,
    ``name_language`` that of the organization's name.
    """

    __tablename__ = "endorsement"
    __table_args__ = (
        UniqueConstraint("forum_id", "statement"),
        UniqueConstraint("forum_id", "party"),
        UniqueConstraint("forum_id", "position"),
        Index("ix_endorsement_country", "forum_id", "country", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    statement: Mapped[str] = mapped_column(String(64))
    party: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(64))
    registration: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(300))
    name_language: Mapped[str] = mapped_column(String(3))
    search: Mapped[str] = mapped_column(Text)
    capacity: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(3))
    content: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    entry: Mapped[int]
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16))
