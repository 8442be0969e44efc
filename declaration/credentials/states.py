"""The state of each forum, computed from its record and kept in memory by every worker.

A worker holds, for each forum, the state at the newest entry that it has read. :func:`current` reads the entries committed
since and gives the state after them. A state that has been handed out is never changed: catching up forks it, so a page that
is being drawn and an act that is being recorded do not disturb each other.

Entries that this session has appended and not yet committed are seen by this session alone: they are applied to a fork that
goes with the transaction. When it is committed, the fork is what this worker keeps, and nothing has to be read again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from declaration.forums.models import Forum
from declaration.procedure.act import Act, act_of
from declaration.procedure.replay import advance, new_state, settled
from declaration.procedure.state import Library, State
from declaration.protocol.entry import parse_entry
from declaration.protocol.sshsig import PasskeyPolicy
from declaration.transparency import queries
from declaration.transparency.models import Log
from declaration.web.clock import now

_WORKING = "declaration.working-states"


@dataclass
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    states: dict[int, State] = field(default_factory=dict)

    def put(self, forum_id: int, state: State) -> None:
        """Keep a state unless a later one is kept already."""
        with self.lock:
            before = self.states.get(forum_id)
            if before is None or before.size < state.size:
                self.states[forum_id] = state


@dataclass
class _Working:
    """The state of a transaction that has appended. ``shared``: somebody holds it, so the next act changes a fork of it.

    ``None`` after a savepoint was given up: then it is read anew, from what is left.
    """

    kept: _Kept
    state: State | None
    shared: bool = False


LibraryOf = Callable[[Forum], Library]
Read = Callable[[int, int], Iterable[tuple[int, bytes]]]
"""Reads entries of a record: index and bytes, from one index up to, not including, another."""


def init_app(app: Flask, library: LibraryOf) -> None:
    """Prepare the memory of states; ``library`` finds the texts of a forum's versions (the drafts keep them)."""
    app.extensions["states"] = _Kept()
    app.extensions["states-library"] = library


def current(session: Session, forum: Forum) -> State:
    """The state of ``forum`` at this moment, after every entry that this session can see.

    What has expired since the newest entry has taken effect in it. The state is shared: read it, never change it.
    """
    return settled(newest(session, forum), now())


def newest(session: Session, forum: Forum, log: Log | None = None) -> State:
    """The state that the newest entry left, whatever the hour is now: in this one the next act is judged, at its own hour.

    :param log: the forum's log, where the caller has it in hand, with its head as this session sees it.
    """
    working: _Working | None = session.info.get(_WORKING, {}).get(forum.id)
    if working is not None and working.state is not None:
        working.shared = True
        return working.state
    log = log if log is not None else queries.find_log(session, forum.origin)
    size, read = (0, _nothing) if log is None else (log.size, partial(queries.entries, session, log))
    if working is None:
        return caught_up(forum, size, read)
    state = caught_up(forum, 0, _nothing)
    if size > state.size:
        state = _read_on(state, size, read)
    working.state, working.shared = state, True
    return state


def remembered(forum: Forum) -> State | None:
    """The state that this worker happens to remember, perhaps an old one; the database is not asked."""
    kept: _Kept = current_app.extensions["states"]
    return kept.states.get(forum.id)


def passkey_policy(forum: Forum, state: State) -> PasskeyPolicy:
    """Where passkeys of a forum may sign: as the constitution says, or as the description says that it will be founded on."""
    known = state.constitution
    return PasskeyPolicy(tuple(forum.web_origins), forum.rp_id) if known is None else PasskeyPolicy(known.origins, known.rp_id)


def note_appended(session: Session, forum: Forum, base: State, act: Act) -> State:
    """Carry an act that this session has appended into a state of its own, and return that: read it, never change or keep it.

    :param base: the state in which the act was judged.
    """
    mine: dict[int, _Working] = session.info.setdefault(_WORKING, {})
    working = mine.get(forum.id)
    if working is None or working.state is None:
        working = mine[forum.id] = _Working(current_app.extensions["states"], base.fork())
    elif working.shared:
        working.state, working.shared = working.state.fork(), False
    return advance(working.state or base, act)


@event.listens_for(Session, "after_commit")
def _keep(ended: Session) -> None:
    if not ended.in_nested_transaction():
        for forum_id, working in ended.info.pop(_WORKING, {}).items():
            if working.state is not None:
                working.kept.put(forum_id, working.state)


@event.listens_for(Session, "after_rollback")
def _forget(ended: Session) -> None:
    if not ended.in_nested_transaction():
        ended.info.pop(_WORKING, None)
    for working in ended.info.get(_WORKING, {}).values():
        working.state = None


def caught_up(forum: Forum, size: int, read: Read) -> State:
    """The state after ``size`` committed entries, or after more where this worker has read more; it is kept, and shared.

    :param read: gives the entries from one index up to, not including, another.
    """
    kept: _Kept = current_app.extensions["states"]
    with kept.lock:
        state = kept.states.get(forum.id)
        if state is None:
            library: LibraryOf = current_app.extensions["states-library"]
            state = new_state(forum.origin, library(forum)).in_layers()
        if size > state.size:
            state = _read_on(state, size, read)
        kept.states[forum.id] = state
        return state


def keep(forum: Forum, state: State) -> None:
    """Keep the state that a transaction without a session has left; it is committed, and nobody changes it any more."""
    kept: _Kept = current_app.extensions["states"]
    kept.put(forum.id, state)


def _read_on(state: State, size: int, read: Read) -> State:
    fork = state.fork()
    for index, raw in read(state.size, size):
        advance(fork, act_of(parse_entry(raw), index))
    return fork


def _nothing(_start: int, _stop: int) -> Iterable[tuple[int, bytes]]:
    return ()
