"""Several acts, one commit: what a burst of signatures goes through.

A commit waits for the disk, and while it does, others arrive. So whoever comes puts the act into a line; the first one of the line
takes all that stands in it, judges one after the other, each in the state that the one before it left, writes what is allowed with one
statement a table, and commits once. Everybody then takes away their own verdict. There is no thread for it: the leader is the request
that came first, and when it is done it wakes the first of those who came meanwhile, to lead the next group. The group's transaction is
the driver's own and has no session (:mod:`declaration.web.direct`).

* **A refused act spoils nothing.** Judging writes nothing (:func:`.record.judge`), so a refusal is a verdict and the others go on. Should
  a write fail all the same, the whole group is rolled back, and each act is done again alone, in a transaction of its own.
* **Nobody hears a verdict before the commit**, since it may depend on acts before it in the same group.
* **A statement that is sent twice** is recorded once: the second one gets the first one's place.
* **Other processes** have lines of their own; the head of the log, locked by each leader, is where they meet.
* **The guard** follows the commit by itself (:func:`declaration.transparency.watch.move_later`): nobody waits for a second sync, and
  no checkpoint leaves before it.

Only for acts that are followed by rows alone (:func:`.acts.writer`): the caller's transaction reads, and is ended before it stands in
line, so that those who wait hold no connection.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.record import Recorded, judge, verified_before
from declaration.credentials.signing import Signed
from declaration.credentials.states import caught_up, keep, newest, remembered
from declaration.errors import DeclarationError, Refused
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.procedure.act import act_of
from declaration.procedure.replay import advance
from declaration.procedure.state import State
from declaration.protocol.entry import Entry
from declaration.protocol.statement import Statement, parse_statement
from declaration.transparency import watch
from declaration.transparency.heads import Past, lock_head
from declaration.transparency.operations import append_to
from declaration.web.db import db, reading
from declaration.web.direct import writing
from declaration.web.transaction import this_application

MOST = 64
"""Acts in one commit: whoever is in it waits for all of them to be judged."""
LINGER = 0.001
"""Seconds that a leader waits for as many as came together before: they have just heard their verdicts, and some come again."""
_EXTENSION = "acts-together"


def _taken() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Asked:
    """One act in the line, and what came of it. Whoever asked sleeps on ``woken``: until the verdict, or until it is their turn to lead."""

    parsed: Statement
    signature: bytes
    now: datetime
    verified: bool
    found: Recorded | BaseException | None = None
    woken: threading.Lock = field(default_factory=_taken)


def perform(session: Session, forum: Forum, signed: Signed, *, now: datetime) -> Recorded:
    """Record a signed act and let the features follow, together with whatever else is asked for at this moment.

    :param session: the caller's, which only reads; its transaction is ended.
    :raises Malformed, SignatureInvalid, Refused: as :func:`.record.record`; this act is not recorded.
    """
    parsed, state = parse_statement(signed.statement), remembered(forum) or newest(session, forum)
    verified = verified_before(forum, state, parsed, signed.signature)
    if session.in_transaction():
        session.commit()  # nothing was written; what was read stays at hand, which a rollback would take away
    asked, app = _Asked(parsed, signed.signature, now, verified), this_application()
    lines: dict[int, _Line] = app.extensions.setdefault(_EXTENSION, {})
    lines.setdefault(forum.id, _Line(app, forum)).stand(asked)
    if isinstance(asked.found, Recorded):
        return asked.found
    raise asked.found or RuntimeError("nobody has judged this act")


class _Line:
    """The acts of one forum that wait in this process."""

    def __init__(self, app: Flask, forum: Forum) -> None:
        self._app, self._forum = app, forum
        self._waiting: list[_Asked] = []
        self._led = False
        self._door = threading.Lock()
        self._expected = 1
        self._all_here = threading.Event()

    def stand(self, asked: _Asked) -> None:
        """Return when ``asked`` has its verdict: given by a leader, or as the leader."""
        with self._door:
            self._waiting.append(asked)
            waits, self._led = self._led, True
            if len(self._waiting) >= self._expected:
                self._all_here.set()
        if waits:
            asked.woken.acquire()
        if asked.found is None:
            self._lead()

    def _lead(self) -> None:
        """Write for the first ones in the line, of whom this is the first, and wake them and the next leader."""
        if self._expected > 1:
            self._all_here.wait(LINGER)
        with self._door:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            self._expected = max(len(group), self._expected // 2)
            if len(self._waiting) < self._expected:
                self._all_here.clear()
        try:
            self._write(group)
        finally:
            with self._door:
                following = self._waiting[:1]
                self._led = bool(following)
            for one in (*following, *group[1:]):
                one.woken.release()

    def _write(self, group: list[_Asked]) -> None:
        try:
            # What is looked up beside the record is only read, in a session of this context's own.
            with self._app.app_context(), reading():
                use_forum(self._forum)
                verdicts = _recorded(self._forum, group)
        except (DeclarationError, IntegrityError) as error:
            if len(group) > 1:
                for one in group:
                    self._write([one])
            else:
                group[0].found = error
        except BaseException as error:
            for one in group:
                one.found = error
            if not isinstance(error, Exception):
                raise
        else:
            for one, verdict in zip(group, verdicts, strict=True):
                one.found = verdict


def _recorded(forum: Forum, group: list[_Asked]) -> list[Recorded | DeclarationError]:
    """One transaction: judge all, write what was allowed, commit; then keep the state, and let the guard follow."""
    with writing(db.engine) as direct:
        head = lock_head(direct, forum.origin)
        if head is None:
            raise Refused("this record has no constitution yet", code="constitution.missing")
        past = Past(direct, head)
        found = _Judging(forum, past, caught_up(forum, head.size, past.entries))
        verdicts = [found.verdict(one) for one in group]
        if found.entries:
            append_to(direct, head, found.entries)
            for type_, alike in found.by_type().items():
                acts.writer(type_)(direct, forum, alike)
    if found.entries:
        keep(forum, found.state)
        watch.move_later(head)
    return verdicts


class _Judging:
    """One act after the other, each in the state that the one before it left."""

    def __init__(self, forum: Forum, past: Past, state: State) -> None:
        self._forum, self._past, self.state = forum, past, state
        self.entries: list[Entry] = []
        self._recorded: dict[str, Recorded] = {}

    def verdict(self, one: _Asked) -> Recorded | DeclarationError:
        first = self._recorded.get(one.parsed.digest)
        if first is not None:
            return Recorded(first.act, repeated=True, state=self.state)
        try:
            judged = judge(self._forum, self.state, one.parsed, one.signature, now=one.now, past=self._past, verified=one.verified)
        except DeclarationError as refused:
            return refused
        if isinstance(judged, Recorded):
            return judged
        act = act_of(judged, self.state.size)
        if not self.entries:
            self.state = self.state.fork()
        advance(self.state, act)
        self.entries.append(judged)
        recorded = self._recorded[act.digest] = Recorded(act, repeated=False, state=self.state)
        return recorded

    def by_type(self) -> dict[str, list[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for each in self._recorded.values():
            found.setdefault(each.act.type, []).append(each)
        return found
