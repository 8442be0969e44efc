"""The service that the journeys walk through: the whole application behind a real server, and what a test may do behind the scenes.

Behind the scenes means what takes hours in life and would take minutes in a browser: the same acts of the same people, signed with
the same keys, through :mod:`declaration.demo.player`.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from declaration.amendments import operations as amendments
from declaration.amendments.composing import next_symbol
from declaration.credentials import states
from declaration.demo import offering, organizations, player, sample, script
from declaration.demo.personas import persona
from declaration.endorsements.organizations import register_organization
from declaration.forums import lifetimes, queries, sessions
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web import clock
from declaration.web.clock import SettableClock, SystemClock
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work
from tests.support.browser import serving
from tests.support.databases import SqliteDatabases, application

SIGNED = 12
WAITING = 3
"""Organizations of the played forum that have signed, and those that are registered and have not."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service with one forum in it."""

    app: Flask
    url: str
    folder: Path

    @contextmanager
    def work(self) -> Iterator[tuple[Session, Forum]]:
        """One transaction in the forum."""
        with self.app.app_context(), unit_of_work() as session:
            (forum,) = queries.forums(session)
            use_forum(forum)
            yield session, forum

    @property
    def slug(self) -> str:
        with self.app.app_context(), reading():
            (forum,) = queries.forums(current_session())
            return forum.slug

    @property
    def state(self) -> State:
        with self.app.app_context(), reading():
            (forum,) = queries.forums(current_session())
            use_forum(forum)
            return states.current(current_session(), forum)

    def invitation(self, role: str, party: str, place: int = 0) -> str:
        """Path of a fresh link for somebody; ``place`` tells several persons of a party apart."""
        with self.work() as (session, forum):
            found = [one for one in queries.people_of(session, forum, party=party) if one.role == role]
            token = sessions.invite(session, found[place], now=lifetimes.machine_now())
            return f"/sign-in/{token}"

    def session(self, role: str, party: str) -> str:
        """The token of a session of somebody's, for the cookie of a browser."""
        with self.work() as (session, forum):
            found = next(one for one in queries.people_of(session, forum, party=party) if one.role == role)
            return sessions.start_session(session, found, user_agent="test", now=lifetimes.machine_now())

    def act(self, role: str, party: str, type_: str, object_: str | None = None, fields: Mapping[str, str] | None = None) -> str:
        """An act of one of the demonstration's people; its digest."""
        with self.work() as (session, forum):
            who = persona(session, forum, offering.ring_of_instance(), role, party)
            return player.act(session, forum, who, type_, object_, fields).act.digest

    def propose(self, party: str, unit: str, text: str, rationale: str) -> str:
        """A head's amendment to one paragraph, submitted and admitted; its digest."""
        with self.work() as (session, forum):
            head = persona(session, forum, offering.ring_of_instance(), "head", party)
            state = states.current(session, forum)
            draft = amendments.new_draft(
                session, forum, state, head.actor, op="replace", unit=unit, text=text, amends=None, rationale=rationale, now=clock.now()
            )
            fields = {"draft": draft.id, "symbol": next_symbol(state)}
            digest = player.act(session, forum, head, "amendment.submit-v1", state.current, fields).act.digest
        self.act("secretariat", "rapporteur", "amendment.admit-v1", digest)
        return digest

    def parties(self, role: str) -> list[str]:
        """The parties of everybody with a role."""
        with self.work() as (session, forum):
            return [one.party for one in queries.people_of(session, forum, role=role)]


@contextmanager
def empty(databases: SqliteDatabases, folder: Path) -> Iterator[Service]:
    """A service without a forum, on the machine's own clock."""
    with databases.fresh(folder):
        pass  # the file stays: a service is a folder
    with serve(folder) as service:
        yield service


@contextmanager
def serve(folder: Path) -> Iterator[Service]:
    """The service whose database, instance and keys are in a folder."""
    served = logging.getLogger("werkzeug")
    before = served.level
    served.setLevel(logging.ERROR)  # a failing test's report need not name every file that was served
    try:
        with application(folder, f"sqlite:///{folder}/test.db", SystemClock()) as app, serving(app) as url:
            yield Service(app, url, folder)
    finally:
        served.setLevel(before)


@contextmanager
def copy_of(template: Path, folder: Path) -> Iterator[Service]:
    """A service of one's own that begins where another one ended."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    with serve(folder) as service:
        yield service


def make_opened(databases: SqliteDatabases, folder: Path) -> None:
    """The demonstration as ``make run`` leaves it: the zero draft is circulated."""
    with empty(databases, folder) as service, service.app.app_context():
        offering.open_sample(lifetimes.machine_now(), say=lambda _line: None)


def make_negotiated(databases: SqliteDatabases, folder: Path) -> None:
    """The demonstration at the beginning of its second reading, with everything that was proposed."""
    with playing(databases, folder, until=script.november(21, 10)) as play:
        for part in (play.constitute, play.circulate, play.first_reading):
            part()
        register(play, 0, 1)


def make_played(databases: SqliteDatabases, folder: Path) -> None:
    """The demonstration adopted and opened for signature an hour ago; some organizations have signed, some wait."""
    with playing(databases, folder, until=script.OPENED) as play:
        for part in play.parts:
            part()
        for _one in organizations.sign_many(play, SIGNED):
            pass
        register(play, SIGNED, SIGNED + WAITING)


def register(play: script.Play, start: int, stop: int) -> None:
    """Register some organizations, who have no key yet."""
    with unit_of_work() as session:
        for one in list(organizations.organizations(play, stop))[start:]:
            register_organization(
                session, play.forum(), country=one.country, name=one.name, registration=one.registration, person=one.person,
                office=one.office,
            )  # fmt: skip


@contextmanager
def playing(databases: SqliteDatabases, folder: Path, *, until: datetime) -> Iterator[script.Play]:
    """The sample's script on a new database, its calendar moved so that ``until`` was an hour ago."""
    shift = datetime.now(UTC) - until - timedelta(hours=1)
    settable = SettableClock(script.CIRCULATED + shift - timedelta(hours=3))
    with empty(databases, folder) as service, service.app.app_context():
        service.app.extensions["clock"] = settable
        forum = offering.create()
        yield script.Play(forum.slug, sample.load(), offering.ring_of_instance(), settable, shift=shift, say=lambda _line: None)
