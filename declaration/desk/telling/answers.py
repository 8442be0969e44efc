"""The host of the notices: who reads, in which place, what wants them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

from flask import Flask, current_app, g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from declaration.credentials.alternates import as_acting_head
from declaration.credentials.states import current
from declaration.desk.telling import following, inside
from declaration.desk.telling.hours import brought
from declaration.desk.telling.words import hours, words_of
from declaration.desk.waiting import what_waits
from declaration.forums import queries
from declaration.forums.delegations import delegation
from declaration.forums.door import use_forum
from declaration.forums.models import Forum, Person
from declaration.forums.people import actor_of
from declaration.notices import host
from declaration.notices.host import Reader, Told, Wanted, Words
from declaration.notices.models import Notice
from declaration.web.access import current_actor, role_name
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language
from declaration.web.transaction import this_application

_TOLD = ("chair", "secretariat", "depositary", "translator", "head")
"""Roles that somebody must reach in another way where no mail does."""


def init_app(app: Flask) -> None:
    """Answer, and follow what happens."""
    host.register(app, Answers())
    following.init_app(app)
    inside.init_app(app)


class Answers:
    """See :class:`declaration.notices.host.Host`."""

    @contextlib.contextmanager
    def place(self, person_id: int) -> Iterator[Reader]:
        """A request that nobody sent: pages are drawn in it as this person sees them, and it may only read."""
        app = this_application()
        # A request shares the context that it finds; one of its own gives it a session of its own.
        with app.app_context(), app.test_request_context(base_url=app.config["PUBLIC_URL"] + "/"):
            person = current_session().get_one(Person, person_id)
            use_forum(person.forum)
            g.actor = as_acting_head(actor_of(person))
            yield self._reader(person)

    def address(self, person_id: int) -> str | None:
        return _address(current_session().get_one(Person, person_id))

    def words(self, notice: Notice) -> Words:
        return words_of(notice)

    def wanted(self) -> Sequence[Wanted]:
        session, forum = current_session(), g.forum
        found = what_waits(session, forum, current(session, forum), current_actor(), now())
        home = self.home()
        return [
            Wanted(
                _plain(card.heading), _plain(card.due), hours(card.until) if card.until is not None else "",
                card.links[0].url if card.links else home,
            )
            for card in found.cards
        ]  # fmt: skip

    def home(self) -> str:
        return url_for("desk.home", forum=g.forum.slug)

    def brought(self, session: Session) -> Iterable[Told]:
        return brought(session)

    def tell_afterwards(self) -> int:
        return following.tell_afterwards()

    def people(self, session: Session, forum_id: int) -> Sequence[tuple[int, str, str, str | None]]:
        forum = session.get_one(Forum, forum_id)
        people = [one for one in queries.people_of(session, forum) if one.role in _TOLD]
        return [(one.id, one.name, _seat(forum, one), _address(one)) for one in people]

    def _reader(self, person: Person) -> Reader:
        return Reader(
            person_id=person.id, forum_id=person.forum_id, name=person.name, address=_address(person), language=language(),
            time_zone=person.time_zone, forum_name=person.forum.short_title_in(language()),
        )  # fmt: skip


def _address(person: Person) -> str | None:
    """Where mail goes. The invented people of a demonstration have invented addresses, and only where mail stays in files."""
    if not person.active:
        return None
    if person.email is None and person.forum.demo and current_app.extensions["mail-transport"].to_files:
        return f"{person.role}.{person.party}@{person.forum.slug}.invalid"
    return person.email


def _seat(forum: Forum, person: Person) -> str:
    role = role_name(person.role)
    return f"{role}, {delegation(forum, person.delegation).name(language())}" if person.delegation else role


def _plain(words: str) -> str:
    return words.striptags() if isinstance(words, Markup) else words
