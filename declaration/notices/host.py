"""What this package asks of the one that sees everything. Exactly one feature registers a :class:`Host`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from declaration.notices.models import Notice
from declaration.notices.telling import Tale

_EXTENSION = "notices-host"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to.

    :ivar address: None where there is none, or where the person's access was taken away.
    :ivar language: of the page and the mail, a code that the interface speaks.
    :ivar forum_name: stands before the sender's address and in every subject.
    """

    person_id: int
    forum_id: int
    name: str
    address: str | None
    language: str
    time_zone: str
    forum_name: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says to its reader: one sentence without a full stop, further lines, and the path of the page where it is."""

    sentence: str
    lines: Sequence[str] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One card of the home page, as a mail tells it."""

    heading: str
    due: str
    until: str
    path: str


@dataclass(frozen=True, slots=True)
class Told:
    """What time has brought in one forum, if it was not told before. ``key`` is the same whenever it is asked."""

    forum_id: int
    key: str
    at: datetime
    tales: Sequence[Tale]


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom no mail reaches, and why: ``address`` (there is none), ``none`` (not wanted), ``failed``."""

    name: str
    role: str
    why: str
    address: str = ""
    since: datetime | None = None
    error: str = ""


class Host(Protocol):
    """See the module. :meth:`place` makes the context in which all other questions about one reader are asked."""

    def place(self, person_id: int) -> AbstractContextManager[Reader]:
        """Be where this person reads: their language, their zone, their forum, read-only."""

    def address(self, person_id: int) -> str | None:
        """Where mail to this person goes, if anywhere."""

    def words(self, notice: Notice) -> Words:
        """What a notice says, in the place of its reader."""

    def wanted(self) -> Sequence[Wanted]:
        """What waits for the reader: the very cards of their home page."""

    def home(self) -> str:
        """The path of what waits for the reader."""

    def brought(self, session: Session) -> Iterable[Told]:
        """What time has brought, in every forum."""

    def tell_afterwards(self) -> int:
        """Tell of what was recorded and is not told of where it is recorded, in transactions of its own; returns how many notices."""

    def people(self, session: Session, forum_id: int) -> Sequence[tuple[int, str, str, str | None]]:
        """Those who are to be told of a negotiation: number, name, role in words, address."""


def register(app: Flask, host: Host) -> None:
    """Say who answers."""
    if _EXTENSION in app.extensions:
        raise RuntimeError("a host of notices is registered already")
    app.extensions[_EXTENSION] = host


def host() -> Host:
    """Who answers in this application."""
    found: Host = current_app.extensions[_EXTENSION]
    return found
