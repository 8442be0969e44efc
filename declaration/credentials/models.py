"""Rows of the credentials: documents named by hash, and keys that wait for accreditation.

Which keys have authority is not a row: it follows from the record.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web import entropy
from declaration.web.db import Base


class Content(Base):
    """A JSON document that statements name by hash: a rationale, a minute, a person's name and office.

    It stands beside the record, never in it, so that it can be taken away when consent is withdrawn and every proof stays
    whole. ``audience`` is ``public`` (in the bundle), ``participants`` or ``sealed``.
    """

    __tablename__ = "content"
    __table_args__ = (UniqueConstraint("forum_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    audience: Mapped[str] = mapped_column(String(16))


class Enrolment(Base):
    """A key that a person made, with the proof that they hold its private half, waiting to be accredited.

    ``nonce`` is given out once, before the key is made, and signed with it. ``credential`` is how a passkey is asked for (WebAuthn's
    credential id in base64url), so that one which its holder's system has carried to another device is found there.
    """

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("forum_id", "fingerprint"), UniqueConstraint("nonce"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime]
    public: Mapped[str | None] = mapped_column(String(400))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    possession: Mapped[bytes | None] = mapped_column(LargeBinary)
    credential: Mapped[str | None] = mapped_column(String(1364), index=True)
    made_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A challenge with which somebody has signed in, until it would have run out anyway: each opens the door once."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class SealedDocument(Base):
    """A document that people filed, encrypted (:mod:`declaration.credentials.sealing`).

    ``sha256`` and ``size`` (in bytes) are of the plain document; ``key_name`` says which key sealed it.
    """

    __tablename__ = "sealed_document"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    key_name: Mapped[str] = mapped_column(String(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    filed_at: Mapped[datetime]


class SealedOpening(Base):
    """Somebody opened a sealed document. Private: it is shown to those who may open it themselves."""

    __tablename__ = "sealed_opening"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    document_id: Mapped[int] = mapped_column(ForeignKey("sealed_document.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Letter(Base):
    """A delegation's letter of credentials as it was filed: sealed, its hash in the record once it is presented.

    ``names`` is whom it names as head of delegation.
    """

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("forum_id", "delegation", "sha256"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    delegation: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_document.id"))
    names: Mapped[str] = mapped_column(String(200))
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime]


class ClaimedMandate(Base):
    """What a list or a form says of a signatory's authority, before anybody has examined it: it fills in the form of the accreditation.

    ``until`` is the last day on which it holds; ``document`` says in words which document names the person.
    """

    __tablename__ = "claimed_mandate"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(16))
    joint: Mapped[bool]
    until: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(300))
