"""A forum that is walked through: who acts, when, on what, and what every thing was before and after."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from declaration.amendments.models import Draft
from declaration.credentials import acts
from declaration.credentials.signing import template
from declaration.credentials.states import current
from declaration.demo import player, sample, script
from declaration.demo.personas import KeyRing, persona
from declaration.demo.player import Persona
from declaration.drafts.models import WorkingVersion
from declaration.endorsements import entitlement
from declaration.errors import DeclarationError
from declaration.forums import importing, operations, queries, sessions
from declaration.forums.door import COOKIE, use_forum
from declaration.forums.lifetimes import SETTING, Lifetimes, machine_now
from declaration.forums.models import Forum
from declaration.procedure import consequences, standing
from declaration.procedure.act import Act, act_of
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import b64encode
from declaration.protocol.entry import parse_entry
from declaration.protocol.keys import PrivateKey, public_key_of
from declaration.protocol.manifest import Manifest
from declaration.protocol.statement import parse_statement
from declaration.transparency import queries as records
from declaration.web.clock import SettableClock
from declaration.web.errorpages import status_of
from declaration.web.security import cookie_name
from declaration.web.transaction import unit_of_work
from tests.conftest import browser_client
from tests.walks.steps import SIGNATORIES, STEPS, Step, Who

BY_PAGES = frozenset({"head", "member", "chair", "depositary", "signatory"})
"""Who acts at a browser: the act is composed by the service and posted to it signed. The others act through the same operations."""

Body = Mapping[str, Any] | None
_JSON = {"Accept": "application/json"}


class Told(Exception):  # what somebody is told is no error of the test
    """A refusal as the person gets it."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(f"{status} {code}: {words}")
        self.status, self.code, self.words = status, code, words


@dataclass(frozen=True, slots=True)
class Turn:
    """A thing took a status: which, because of which act (the type of its statement; empty for what is not recorded)."""

    status: str
    cause: str


@dataclass
class Walk:
    """One forum on one database.

    :ivar named: what an instance of the journeys is here: the digest of a version, a proposal, a silence, a statement, credentials.
    :ivar drafts: the private draft of a proposal, by instance.
    :ivar trail: every status that a thing had, by machine and instance.
    """

    app: Flask
    clock: SettableClock
    folder: Path
    named: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    trail: dict[tuple[str, str], list[Turn]] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    _browsers: dict[Who, FlaskClient] = field(default_factory=dict)

    def found(self) -> Walk:
        """The sample's forum; its Chair's constitution; the keys of everybody who signs."""
        self.clock.set(datetime.fromisoformat("2025-11-13T15:00:00+04:00"))
        year = timedelta(days=400)  # nobody has to sign in again on this walk
        self.app.config[SETTING] = Lifetimes(idle=year, idle_by_role={}, absolute=year)
        with self.app.app_context():
            with unit_of_work() as session:
                forum = operations.create_forum(session, importing.load(sample.FOLDER), url="http://localhost:8000", demo=True)
                self.slug = forum.slug
            self.sample = sample.load()
            self.ring = KeyRing(self.folder, seed="walk")
            script.Play(self.slug, self.sample, self.ring, self.clock, say=lambda _: None).constitute()
        self.note("")
        return self

    def at(self, moment: datetime) -> None:
        """Go on to an hour, never back; what the hour brings is in the trail."""
        if moment > self.clock.now():
            self.clock.set(moment)
            self.note("time")

    # -- reading ---------------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        with self.app.app_context(), unit_of_work() as session:
            return current(session, self.forum(session))

    @property
    def version(self) -> str:
        return self.state.current or ""

    @property
    def manifest(self) -> Manifest:
        """Of the version in circulation."""
        with self.app.app_context(), unit_of_work() as session:
            state = current(session, self.forum(session))
            return state.version_text(state.current or "").manifest

    def forum(self, session: Session) -> Forum:
        forum = queries.forum_by_slug(session, self.slug)
        use_forum(forum)
        return forum

    def persona(self, session: Session, who: Who) -> Persona:
        if who.role != "signatory":
            return persona(session, self.forum(session), self.ring, who.role, who.party)
        people = queries.people_of(session, self.forum(session), party=who.party)
        people.sort(key=lambda one: one.id)
        return Persona(people[1 if who.hand == "second" else 0], self.private_key(who))

    def private_key(self, who: Who) -> PrivateKey:
        """The key in somebody's hand."""
        return self.ring.key(who.role, f"{who.party}.{who.hand}" if who.hand else who.party)

    def key(self, who: Who) -> Key | None:
        """The same in the record."""
        return self.state.keys.get(public_key_of(self.private_key(who)).fingerprint)

    def record(self) -> list[Act]:
        """Every act of the record, read from the database."""
        with self.app.app_context(), unit_of_work() as session:
            log = records.find_log(session, self.forum(session).origin)
            assert log is not None
            return [act_of(parse_entry(raw), index) for index, raw in records.entries(session, log, 0, log.size)]

    def page(self, who: Who, path: str) -> str:
        """A page as somebody reads it."""
        answer = self.browser(who).get(f"/{self.slug}/{path}", follow_redirects=True)
        assert answer.status_code == 200, (who, path, answer.status_code)
        return answer.text

    def browser(self, who: Who) -> FlaskClient:
        """Somebody's browser, signed in, and in English whatever they speak."""
        if who not in self._browsers:
            client = browser_client(self.app)
            with self.app.app_context():
                with unit_of_work() as session:
                    token = sessions.start_session(session, self.persona(session, who).person, user_agent="walk", now=machine_now())
                client.set_cookie(cookie_name(COOKIE), token)
                client.set_cookie(cookie_name("language"), "en")
            self._browsers[who] = client
        return self._browsers[who]

    # -- acting ----------------------------------------------------------------------------------------------------------------

    def act(
        self, who: Who, type_: str, object_: str | None, fields: Mapping[str, str] | None = None, *, named: str = "",
        by_hand: Mapping[str, Any] | None = None, behind_the_door: bool = False,
    ) -> str:  # fmt: skip
        """Compose an act, sign it with the person's key, have it recorded; its digest.

        :param named: what the journeys call the thing that begins with this act.
        :param by_hand: the whole body, of somebody who does not ask the service what it would be.
        :param behind_the_door: of somebody whom no page lets in any more: the record itself is asked.
        :raises Told: it is refused.
        """
        self.clock.advance(seconds=1)
        by = self._by_pages if who.role in BY_PAGES and not behind_the_door else self._by_operations
        digest = by(who, type_, object_, dict(fields or {}), by_hand)
        if named:
            self.named[named] = digest
        self.note(type_)
        return digest

    def _by_operations(self, who: Who, type_: str, object_: str | None, fields: Mapping[str, str], body: Body) -> str:
        try:
            with self.app.app_context(), unit_of_work() as session:
                forum, one = self.forum(session), self.persona(session, who)
                if body is None:
                    act = acts.compose(session, forum, one.actor, type_, object_, fields)
                else:
                    act = template(forum, one.actor, type_, object_, body)
                signed = player.signed(session, forum, one, act)
                return acts.perform(session, forum, signed, now=self.clock.now()).act.digest
        except DeclarationError as error:
            raise Told(status_of(error), error.code, f"{error.message} {error.instead}") from error

    def _by_pages(self, who: Who, type_: str, object_: str | None, fields: Mapping[str, str], body: Body) -> str:
        browser = self.browser(who)
        act: dict[str, Any] | None = None
        if body is None:
            form = {"type": type_, **({"object": object_} if object_ else {}), **fields}
            act = self.answered(browser.post(f"/{self.slug}/act/compose", data=form, headers=_JSON)).get_json()["act"]
        with self.app.app_context(), unit_of_work() as session:
            forum, one = self.forum(session), self.persona(session, who)
            signed = player.signed(session, forum, one, act or template(forum, one.actor, type_, object_, body or {}))
        form = {"statement": signed.statement.decode(), "signature": b64encode(signed.signature)}
        door = "sign" if type_ == "endorsement.sign-v1" else "act"
        self.seen["sent"] = form
        self.answered(browser.post(f"/{self.slug}/{door}", data=form, headers=_JSON))
        return parse_statement(signed.statement).digest

    def forged(self, type_: str, object_: str | None, body: Mapping[str, Any], role: str, party: str) -> dict[str, str]:
        """The form of an act in somebody's name, signed with a key that nobody accredited."""
        with self.app.app_context(), unit_of_work() as session:
            forum = self.forum(session)
            stranger = Persona(self.persona(session, Who(role, party)).person, self.ring.key("nobody", "stranger"))
            signed = player.signed(session, forum, stranger, template(forum, stranger.actor, type_, object_, body))
        return {"statement": signed.statement.decode(), "signature": b64encode(signed.signature)}

    def post(self, who: Who, path: str, form: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        """Send a form of a page; what is not recorded is done like this."""
        self.clock.advance(seconds=1)
        answer = self.browser(who).post(f"/{self.slug}/{path}", data=form, headers=dict(headers or {}))
        self.note("")
        return answer

    def send(self, who: Who, path: str, form: Mapping[str, Any]) -> Any:
        """Send a form that is taken, and leads on to another page."""
        answer = self.post(who, path, form)
        assert answer.status_code in (302, 303), (who, path, answer.status_code, answer.text[:3000])
        return answer

    @staticmethod
    def answered(answer: Any) -> Any:
        if answer.status_code >= 400:
            if not answer.is_json:  # a page of its own, which says the code below the words
                code = re.search(r"\b(?:endorsement|key)\.[a-z-]+", answer.text)
                raise Told(answer.status_code, code[0] if code else "", answer.text)
            problem = json.loads(answer.text)
            raise Told(answer.status_code, problem["code"], f"{problem['detail']} {problem['instead']}")
        return answer

    # -- the trail -------------------------------------------------------------------------------------------------------------

    def note(self, cause: str) -> None:
        """Look at everything that the journeys name, and remember what has changed."""
        with self.app.app_context(), unit_of_work() as session:
            forum = self.forum(session)
            state = current(session, forum)
            for machine, instance in THINGS:
                status = self._status(session, state, machine, instance)
                turns = self.trail.setdefault((machine, instance), [])
                if not turns or turns[-1].status != status:
                    turns.append(Turn(status, cause))

    def status(self, step: Step) -> str:
        """What the thing of a step is now."""
        return self.trail[step.machine, step.instance][-1].status

    def _status(self, session: Session, state: State, machine: str, instance: str) -> str:
        digest, now = self.named.get(instance, ""), self.clock.now()
        match machine:
            case "declaration":
                return consequences.stage(state, now)
            case "paragraph":
                return consequences.paragraph_status(state, instance)
            case "amendment" if digest:
                return consequences.amendment_status(state, state.amendments[digest])
            case "amendment":
                draft = session.get(Draft, self.drafts.get(instance, ""))
                return draft.status if draft is not None else "draft"
            case "silence":
                return state.silences[digest].status if digest else "announced"
            case "statement":
                return state.statements[digest].status if digest else "lodged"
            case "credential":
                return consequences.credential_status(state.credentials[digest], now) if digest else "presented"
            case "confirmation":
                given = consequences.confirmations(state).get(instance.removeprefix("CF.").lower())
                return given.status if given is not None else "pending"
            case "draft_version":
                return _version(session, state, digest)
            case "language_version":
                return _language(state, instance.partition(".")[2])
            case "comment_thread":
                return "answered" if self.seen.get("answered") else "open"
            case "organization":
                return entitlement.status_of(session, self.forum(session), state, PARTIES[instance])
            case "mandate":
                keys = [key for key in state.keys.values() if key.party == PARTIES[instance]]
                return "active" if any(standing.key_status(state, key, now) == "active" for key in keys) else "presented"
            case "key":
                key = state.keys.get(public_key_of(self.private_key(HOLDERS[instance])).fingerprint)
                return standing.key_status(state, key, now) if key is not None else "enrolled"
            case "endorsement":
                return state.endorsements[digest].status if digest else "prepared"
            case "corrigendum":
                return state.corrigenda[digest].status if digest else "proposed"
        raise KeyError(machine)


PARTIES = {"O1": SIGNATORIES["Işık"].party, "N1": SIGNATORIES["Işık"].party}
HOLDERS = {"Y1": SIGNATORIES["Işık"], "Y6a": SIGNATORIES["Kárpát"], "Y7": Who("signatory", SIGNATORIES["Kárpát"].party, "new")}
THINGS = sorted({(step.machine, step.instance) for step in STEPS.values() if step.machine})


def _version(session: Session, state: State, digest: str) -> str:
    if digest in state.versions:
        return state.versions[digest].status
    rows = session.query(WorkingVersion).filter_by(digest=digest).order_by(WorkingVersion.id).all()
    return "working" if not rows or rows[-1].status == "returned" else rows[-1].status


def _language(state: State, lang: str) -> str:
    """A whole language: what is least advanced in it."""
    found = {consequences.unit_language_status(state, lang, unit) for unit in state.units}
    words = {"missing": "not_started"}
    for status in ("divergent", "translating", "missing", "outdated", "submitted", "concordant", "authentic"):
        if status in found:
            return words.get(status, status)
    return "not_started"
