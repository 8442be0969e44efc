"""Rows of a forum: itself, its people, the invitations that let them in, their sessions, and failed attempts.

Tokens are never stored, only their SHA-256: whoever reads the database cannot sign in as anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from declaration.forums.roles import OF_A_DELEGATION
from declaration.web import entropy
from declaration.web.db import Base

# One person at a time in each office; a delegation has many members and an organization may sign by two persons.
_ONE_AT_A_TIME = text("active AND role NOT IN ('member', 'signatory')")


class Forum(Base):
    """A forum that negotiates one declaration and keeps one record.

    ``origin`` (``declaration.example/solidarity-2025``) is the name of the record in every signature and never changes.
    ``declaration`` is the stem of document symbols, such as ``OTSNGO/2025/JD``. ``languages`` maps a code to ``authentic`` or
    ``translation``. ``delegations``, ``orders`` and ``schedule`` are read through :mod:`declaration.forums.delegations` and
    :func:`declaration.forums.queries.schedule`. ``clock_offset`` is in seconds and only a demonstration may have one.
    """

    __tablename__ = "forum"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    host: Mapped[str] = mapped_column(String(253))
    origin: Mapped[str] = mapped_column(String(320), unique=True)
    declaration: Mapped[str] = mapped_column(String(80))
    title: Mapped[Mapping[str, str]] = mapped_column(JSON)
    short_title: Mapped[Mapping[str, str]] = mapped_column(JSON)
    languages: Mapped[Mapping[str, str]] = mapped_column(JSON)
    original: Mapped[str] = mapped_column(String(3))
    prevailing: Mapped[str] = mapped_column(String(3))
    delegations: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(JSON)
    orders: Mapped[Mapping[str, Sequence[str]]] = mapped_column(JSON)
    time_zone: Mapped[str] = mapped_column(String(64))
    city: Mapped[Mapping[str, str]] = mapped_column(JSON)
    rules: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    schedule: Mapped[Mapping[str, str]] = mapped_column(JSON)
    web_origins: Mapped[Sequence[str]] = mapped_column(JSON)
    rp_id: Mapped[str] = mapped_column(String(253))
    terms: Mapped[Sequence[Mapping[str, str]]] = mapped_column(JSON, default=list)
    demo: Mapped[bool] = mapped_column(default=False)
    clock_offset: Mapped[int] = mapped_column(default=0)

    @property
    def authentic(self) -> tuple[str, ...]:
        """Codes of the authentic languages, sorted."""
        return tuple(sorted(code for code, status in self.languages.items() if status == "authentic"))

    def title_in(self, language: str) -> str:
        """The declaration's title in a language, or else in the original."""
        return self.title.get(language) or self.title[self.original]

    def short_title_in(self, language: str) -> str:
        """The declaration's short title in a language, or else in the original."""
        return self.short_title.get(language) or self.short_title[self.original]

    def city_in(self, language: str) -> str:
        """Where the forum meets, in a language, or else in the original."""
        return self.city.get(language) or self.city[self.original]

    @property
    def offset(self) -> timedelta:
        """How far this forum's hour is from the machine's; zero unless it is a demonstration."""
        return timedelta(seconds=self.clock_offset if self.demo else 0)


class Person(Base):
    """Somebody in one forum, with one role.

    ``party`` stands in statements: a delegation's id for its head and members, ``chair``, ``rapporteur``, ``translator-az-1``.
    ``organization`` is set for signatories alone: ``{"country", "name", "registration"}``. A person who leaves is made inactive
    and never deleted: drafts and minutes still name them.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_office", "forum_id", "party", unique=True, sqlite_where=_ONE_AT_A_TIME, postgresql_where=_ONE_AT_A_TIME),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    party: Mapped[str] = mapped_column(String(64))
    office: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(3))
    time_zone: Mapped[str] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(254))
    organization: Mapped[Mapping[str, str] | None] = mapped_column(JSON(none_as_null=True))
    active: Mapped[bool] = mapped_column(default=True)

    forum: Mapped[Forum] = relationship()

    @property
    def delegation(self) -> str | None:
        """The id of the delegation that this person belongs to."""
        return self.party if self.role in OF_A_DELEGATION else None


class Invitation(Base):
    """A link that lets one person in, once.

    ``reusable`` belongs to the personas of a demonstration: their links work until they run out.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    reusable: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    issued_by: Mapped[Person | None] = relationship(foreign_keys=issued_by_id)


class AuthSession(Base):
    """One device on which a person is signed in. ``seen_at`` is exact to the minute.

    ``key`` is the fingerprint of the key that signed in, None where a link did: when that key falls, the session falls with it.
    """

    __tablename__ = "auth_session"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(String(300))
    key: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class FailedAttempts(Base):
    """How often one address failed at one door, until when it counts. ``door`` holds a keyed hash of the address."""

    __tablename__ = "failed_attempts"

    door: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)
