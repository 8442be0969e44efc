"""The register as rows: what is searched, and what must be unique even if two transactions run at once.

A row follows from the record and is written in the transaction that records the act. It holds no person: names of signatories are
documents beside the record, which their holders may take back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web import entropy
from declaration.web.db import Base

STATUSES = ("counted", "listed", "held", "withdrawn", "refused", "annulled")
_STANDS = text("status NOT IN ('refused', 'annulled')")


class Endorsement(Base):
    """One organization's signature. One that was refused or annulled does not keep the organization from signing again.

    ``statement`` is the digest of what was signed; ``position`` its place in the register, from 1; ``entry`` its place in the
    record. ``search`` is :func:`declaration.endorsements.search.search_key`. ``language`` is that of the text which was read,
    ``name_language`` that of the organization's name.
    """

    __tablename__ = "endorsement"
    __table_args__ = (
        UniqueConstraint("forum_id", "statement"),
        UniqueConstraint("forum_id", "position"),
        Index("ix_endorsement_country", "forum_id", "country", "position"),
        Index("ix_endorsement_party", "forum_id", "party", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
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


class OrganizationDocument(Base):
    """A document of an organization as it was filed: sealed, its hash in the record once the organization is presented.

    ``kind`` is one of :data:`declaration.endorsements.entitlement.KINDS`.
    """

    __tablename__ = "organization_document"
    __table_args__ = (UniqueConstraint("forum_id", "party", "sha256"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    party: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_document.id"))
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime]


class DocumentRequest(Base):
    """The secretariat asks an organization for more; ``supplied_at`` is when something was filed after it."""

    __tablename__ = "document_request"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    party: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    supplied_at: Mapped[datetime | None]


class PaperScan(Base):
    """The scan of a signature on paper: sealed, its hash in the record once two persons attest it."""

    __tablename__ = "paper_scan"
    __table_args__ = (UniqueConstraint("forum_id", "party", "sha256"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    party: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_document.id"))
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime]
