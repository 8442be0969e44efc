"""Rows of signing outside of the browser, and of what a person has looked at: private to that person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web import entropy
from declaration.web.db import Base


class PreparedAct(Base):
    """A statement that somebody signs elsewhere: its exact bytes, and the signature once it came back and was verified.

    ``digest`` is the statement's. The row goes when the act is recorded, or its holder throws it away.
    """

    __tablename__ = "prepared_act"
    __table_args__ = (UniqueConstraint("forum_id", "person_id", "digest"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    prepared_at: Mapped[datetime]


class Look(Base):
    """A person has had a version before the eyes: since when and when last. Nobody else is told."""

    __tablename__ = "text_look"
    __table_args__ = (UniqueConstraint("forum_id", "person_id", "digest"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=entropy.number)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
