"""A forum whose people have addresses, and a post office that keeps what is sent."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from flask import Flask
from sqlalchemy import select

from declaration.forums.models import Person
from declaration.notices import outbox, preferences
from declaration.notices.models import Mail, Notice
from declaration.notices.transport import Line
from declaration.web.transaction import unit_of_work
from tests.drafts.conftest import Playing, begun, playing
from tests.support.snapshots import Beginning

__all__ = ["begun", "playing"]


@dataclass
class Post:
    """A transport that keeps mails, and does what a test tells it."""

    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    fails: Callable[[str], Exception | None] = lambda to: None
    after: Callable[[], None] = lambda: None
    to_files: bool = False

    @contextlib.contextmanager
    def open(self) -> Iterator[Line]:
        yield self

    def send(self, content: bytes, *, sender: str, to: str, name: str) -> None:
        if (error := self.fails(to)) is not None:
            raise error
        self.sent.append((to, name, content))
        self.after()

    def to(self, address: str) -> list[EmailMessage]:
        """What one person got."""
        return [read(content) for to, _name, content in self.sent if to == address]

    def text(self) -> str:
        """All that was sent, decoded."""
        return "\n".join(f"{to}\n{read(content)['Subject']}\n{body(read(content))}" for to, _name, content in self.sent)


def read(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
def post(app: Flask) -> Post:
    app.extensions["mail-transport"] = Post()
    return app.extensions["mail-transport"]


@pytest.fixture
def told(playing: Playing, beginning: Beginning, turn: Callable[[], outbox.Turn], post: Post) -> Playing:
    """In the first reading; everybody has an address (``head.kz@forum.example``), and what was told so far is delivered."""

    def build() -> None:
        with playing() as play:
            for person in play.session.scalars(select(Person)):
                person.email = f"{person.role}.{person.party}@forum.example"
        turn()

    beginning("told", build)
    post.sent.clear()
    return playing


@pytest.fixture
def turn(app: Flask) -> Callable[[], outbox.Turn]:
    """One turn of a worker, in a context of its own."""

    def once() -> outbox.Turn:
        with app.app_context():
            return outbox.turn()

    return once


@pytest.fixture
def wishes(app: Flask, told: Playing) -> Callable[..., None]:
    """``wishes("kz", "daily", hour=7)``: what a head wants by mail."""

    def choose(party: str, mode: str, *, hour: int = 7, role: str = "head") -> None:
        with told() as play:
            person = play.session.get_one(Person, play.actor(party, role).person_id)
            preferences.choose(
                play.session, person.id, mode=mode, hour=str(hour), zone=person.time_zone, now=app.extensions["clock"].now()
            )

    return choose


def notices_of(app: Flask, party: str, role: str) -> list[Notice]:
    with app.app_context(), unit_of_work() as session:
        query = select(Notice).join(Person, Person.id == Notice.person_id).where(Person.party == party, Person.role == role)
        return list(session.scalars(query.order_by(Notice.at, Notice.id)))


def mails(app: Flask) -> list[Mail]:
    with app.app_context(), unit_of_work() as session:
        return list(session.scalars(select(Mail).order_by(Mail.created_at, Mail.to_address)))
