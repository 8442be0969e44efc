"""Several acts, one commit: what a burst of signatures goes through.

A commit waits for the disk, and while it does, others arrive. So whoever comes puts the act into a line; the first one of the line
takes all that stands in it, judges one after the other, each in the state that the one before it left, writes what is allowed with one
statement a table, and commits once. Everybody then takes away their own verdict. There is no thread for it: the leader is the request
that came first, and when it is done it wakes the first of those who came meanwhile, to lead the next group.

* **A refused act spoils nothing.** Judging writes nothing (:func:`.record.judge`), so a refusal is a verdict and the others go on. Should
  a write fail all the same, the whole group is rolled back, and each act is done again alone, in a transaction of its own.
* **Nobody hears a verdict before the commit**, since it may depend on acts before it in the same group.
* **A statement that is sent twice** is recorded once: the second one gets the first one's place.
* **Other processes** have lines of their own; the head of the log, locked by each leader, is where they meet.
* **The guard** follows the commit by itself (:func:`declaration.transparency.watch.follow_later`): nobody waits for a second sync, and
  no checkpoint leaves before it.

Only for acts whose followers write rows of their own and ask nothing of the request: the caller's transaction reads, and is ended
before it stands in line, so that those who wait hold no connection.
"""

from __future__ import annotations

import threading
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.credentials import acts, record
from declaration.credentials.record import Recorded
from declaration.credentials.signing import Signed
from declaration.credentials.states import newest, note_appended, remembered
from declaration.errors import DeclarationError
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.procedure.act import act_of
from declaration.protocol.entry import Entry
from declaration.protocol.statement import Statement, parse_statement
from declaration.transparency import queries, watch
from declaration.transparency.operations import append_entries, lock_by_origin
from declaration.web.transaction import this_application, unit_of_work

MOST = 64
"""Acts in one commit: whoever is in it waits for all of them to be judged."""
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
    parsed, state = parse_statement(signed.statement), remembered(forum)
    verified = state is not None and record.verified_before(forum, state, parsed, signed.signature)
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

    def stand(self, asked: _Asked) -> None:
        """Return when ``asked`` has its verdict: given by a leader, or as the leader."""
        with self._door:
            self._waiting.append(asked)
            waits, self._led = self._led, True
        if waits:
            asked.woken.acquire()
        if asked.found is None:
            self._lead()

    def _lead(self) -> None:
        """Write for the first ones in the line, of whom this is the first, and wake them and the next leader."""
        with self._door:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            # In a context that knows nothing of this request: a transaction that writes, for others too.
            Context().run(self._write, group)
        finally:
            with self._door:
                following = self._waiting[:1]
                self._led = bool(following)
            for one in (*following, *group[1:]):
                one.woken.release()

    def _write(self, group: list[_Asked]) -> None:
        try:
            with self._app.app_context(), unit_of_work() as session:
                use_forum(self._forum)
                watch.follow_later(session)
                verdicts = _verdicts(session, self._forum, group)
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


def _verdicts(session: Session, forum: Forum, group: list[_Asked]) -> list[Recorded | DeclarationError]:
    """Judge all, then write what was allowed, and let the features follow."""
    log = lock_by_origin(session, forum.origin)
    state = newest(session, forum, log)
    root_at = cache(queries.root_at)  # most have seen the same few checkpoints
    verdicts: list[Recorded | DeclarationError] = []
    entries: list[Entry] = []
    recorded: dict[str, Recorded] = {}
    for one in group:
        first = recorded.get(one.parsed.digest)
        if first is not None:
            verdicts.append(Recorded(first.act, repeated=True, state=state))
            continue
        try:
            judged = record.judge(
                session, forum, log, state, one.parsed, one.signature, now=one.now, verified=one.verified, root_at=root_at
            )
        except DeclarationError as refused:
            verdicts.append(refused)
            continue
        if isinstance(judged, Entry):
            act = act_of(judged, state.size)
            state = note_appended(session, forum, state, act)
            entries.append(judged)
            judged = recorded[act.digest] = Recorded(act, repeated=False, state=state)
        verdicts.append(judged)
    if entries:
        append_entries(session, log, entries)
        acts.follow(session, forum, list(recorded.values()))
    return verdicts
