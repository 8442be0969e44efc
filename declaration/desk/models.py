"""Rows of the desk: what is on the screen in the hall, who is being served at which enrolment desk. None decides anything."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from declaration.web.db import Base


class HallScreen(Base):
    """The paragraph on the screen of a forum's hall."""

    __tablename__ = "hall_screen"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]


class DeskVisit(Base):
    """A signatory stands before somebody of the secretariat, who enrols the key: nobody else takes the same person meanwhile.

    It ends with the officer's act, when the officer lets the person go, or a while after ``taken_at``.
    """

    __tablename__ = "desk_visit"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime]
