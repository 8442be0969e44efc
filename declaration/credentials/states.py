"""The state of each forum, computed from its record and kept in memory by every worker.

A worker holds, for each forum, the state at the newest entry that it has read. :func:`current` reads the entries committed
since and gives the state after them. A state that has been handed out is never changed: catching up forks it, so a page that
is being drawn and an act that is being recorded do not disturb each other.

Entries that this session has appended and not yet committed are seen by this session alone: they are applied to a fork that
goes with the transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from declaration.forums.models import Forum
from declaration.procedure.act import Act, act_of
from declaration.procedure.replay import advance, new_state, settled
from declaration.procedure.state import Library, State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.transparency.models import Log
from declaration.web.clock import now

_PENDING = "declaration.pending-acts"


@dataclass
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    states: dict[int, State] = field(default_factory=dict)


LibraryOf = Callable[[Forum], Library]


def init_app(app: Flask, library: LibraryOf) -> None:
    """Prepare the memory of states; ``library`` finds the texts of a forum's versions (the drafts keep them)."""
    app.extensions["states"] = _Kept()
    app.extensions["states-library"] = library


def current(session: Session, forum: Forum) -> State:
    """The state of ``forum`` at this moment, after every entry that this session can see.

    What has expired since the newest entry has taken effect in it. The state is shared: read it, never change it.
    """
    pending: _Pending | None = session.info.get(_PENDING, {}).get(forum.id)
    state = _caught_up(session, forum) if pending is None else pending.state()
    return settled(state, now())


def note_appended(session: Session, forum: Forum, base: State, act: Act) -> None:
    """Remember an act that this session has appended and not yet committed."""
    waiting: dict[int, _Pending] = session.info.setdefault(_PENDING, {})
    if forum.id not in waiting:
        waiting[forum.id] = _Pending(base)
        _forget_afterwards(session)
    waiting[forum.id].acts.append(act)


@dataclass
class _Pending:
    base: State
    acts: list[Act] = field(default_factory=list)
    forked: State | None = None
    applied: int = 0

    def state(self) -> State:
        """The base with the pending acts; made only when a second act or a page asks for it."""
        if self.applied < len(self.acts):
            state = (self.forked or self.base).fork()
            for act in self.acts[self.applied :]:
                advance(state, act)
            self.forked, self.applied = state, len(self.acts)
        return self.forked or self.base


def _forget_afterwards(session: Session) -> None:
    if session.info.get("declaration.forgets"):
        return
    session.info["declaration.forgets"] = True

    def forget(ended: Session) -> None:
        ended.info.pop(_PENDING, None)

    event.listen(session, "after_commit", forget)
    event.listen(session, "after_rollback", forget)


def _caught_up(session: Session, forum: Forum) -> State:
    kept: _Kept = current_app.extensions["states"]
    log = queries.find_log(session, forum.origin)
    with kept.lock:
        state = kept.states.get(forum.id)
        if state is None:
            library: LibraryOf = current_app.extensions["states-library"]
            state = new_state(forum.origin, library(forum))
        if log is not None and log.size > state.size:
            state = _read_on(session, log, state)
        kept.states[forum.id] = state
        return state


def _read_on(session: Session, log: Log, state: State) -> State:
    fork = state.fork()
    for index, raw in queries.entries(session, log, state.size, log.size):
        advance(fork, act_of(parse_entry(raw), index))
    return fork
