"""Rows of the desk: what the Chair has put on the screen in the hall. It decides nothing and is not in the record."""

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
