"""Who has received which text, and what a delegation has to read before it confirms."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.adoption.models import CHANGES, TEXT, ReadReceipt
from declaration.drafts import queries as drafts
from declaration.drafts import views
from declaration.drafts.comparing import Compared, compare
from declaration.forums.delegations import Delegation, in_order
from declaration.forums.models import Forum
from declaration.procedure.act import act_of
from declaration.procedure.state import Circulated, State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.web.access import Actor

_CONFIRM = "confirmation.confirm-v1"
_ANSWERS = (_CONFIRM, "confirmation.object-v1")


@dataclass(frozen=True, slots=True)
class Received:
    """One delegation on the board: when one of its people first opened the version, or None."""

    delegation: Delegation
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """What a delegation knew last.

    :ivar version: that it confirmed last, else opened last, else the first one.
    :ivar how: ``confirmed``, ``read`` or ``first``.
    :ivar at: when it confirmed or read it.
    """

    version: Circulated
    how: str
    at: datetime


def note(session: Session, forum: Forum, actor: Actor, digest: str, *, now: datetime, kind: str = TEXT, base: str = "") -> None:
    """Note that the actor's delegation has read it; the first time counts."""
    if actor.delegation is not None and not _noted(session, forum, actor.delegation, digest, kind=kind, base=base):
        row = ReadReceipt(
            forum_id=forum.id, delegation=actor.delegation, kind=kind, digest=digest, base=base, person_id=actor.person_id, at=now
        )
        # Two people of a delegation open the text at once: the first is the receipt.
        with contextlib.suppress(IntegrityError), session.begin_nested():
            session.add(row)


def due(session: Session, forum: Forum, state: State, actor: Actor | None) -> bool:
    """Whether the reader's delegation has not received the current version yet."""
    if actor is None or actor.role not in ("head", "member") or actor.delegation is None or state.current is None:
        return False
    return not _noted(session, forum, actor.delegation, state.current, kind=TEXT)


def has_read_changes(session: Session, forum: Forum, actor: Actor, since: Since, digest: str) -> bool:
    """Whether the delegation has been through the changes from what it knew last to ``digest``."""
    return _noted(session, forum, actor.delegation or "", digest, kind=CHANGES, base=since.version.digest)


def board(session: Session, forum: Forum, digest: str, language: str, known: Mapping[str, datetime] | None = None) -> list[Received]:
    """Every delegation with the hour at which it received a version.

    :param known: from :func:`answered`: whoever has answered a text has received it.
    """
    query = select(ReadReceipt.delegation, ReadReceipt.at).where(
        ReadReceipt.forum_id == forum.id, ReadReceipt.kind == TEXT, ReadReceipt.digest == digest
    )
    found = {**(known or {}), **dict(session.execute(query).all())}
    return [Received(each, found.get(each.id)) for each in in_order(forum, language)]


def answered(session: Session, forum: Forum, state: State) -> dict[str, datetime]:
    """Delegation → when its head first signed an answer to the version in circulation, whether or not the answers were reset since."""
    log = queries.find_log(session, forum.origin)
    if log is None or state.current is None or state.stage not in ("second_reading", "agreed_ad_ref", "legal_review"):
        return {}
    found: dict[str, datetime] = {}
    for index, raw in queries.entries(session, log, state.versions[state.current].index, min(log.size, state.size)):
        if not any(each.encode() in raw for each in _ANSWERS):  # most of the record is about other things: look before reading
            continue
        act = act_of(parse_entry(raw), index)
        if act.type in _ANSWERS and act.object == state.current:
            found.setdefault(act.statement.by.party, act.at)
    return found


def last_known(session: Session, forum: Forum, state: State, delegation: str) -> Since | None:
    """What a delegation knew before the text that is agreed now; None where that is the first text of all.

    Where it confirmed this very text before a reset, ``version`` is the agreed one itself.
    """
    confirmed = _last_confirmed(session, forum, state, delegation)
    if confirmed is not None:
        return confirmed
    query = (
        select(ReadReceipt.digest, ReadReceipt.at)
        .where(
            ReadReceipt.forum_id == forum.id,
            ReadReceipt.delegation == delegation,
            ReadReceipt.kind == TEXT,
            ReadReceipt.digest != (state.current or ""),
        )
        .order_by(ReadReceipt.at.desc(), ReadReceipt.id.desc())
    )
    for digest, at in session.execute(query):
        if digest in state.versions:
            return Since(state.versions[digest], "read", at)
    first = next(iter(state.versions.values()), None)
    return Since(first, "first", first.at) if first is not None and first.digest != state.current else None


def changes(session: Session, forum: Forum, old: str, new: str, lang: str) -> list[Compared]:
    """The redline between two versions in a language that both have, unit by unit."""
    before, after = drafts.version(session, forum, old), drafts.version(session, forum, new)
    return compare(views.version_lines(before, lang), views.version_lines(after, lang))


def languages(session: Session, forum: Forum, old: str, new: str) -> Sequence[str]:
    """Languages that both versions have."""
    before = drafts.version(session, forum, old).texts
    return [lang for lang in drafts.version(session, forum, new).texts if lang in before]


def _last_confirmed(session: Session, forum: Forum, state: State, delegation: str) -> Since | None:
    """The newest confirmation of a delegation in the record; those that were reset are found too, since nothing is deleted."""
    log = queries.find_log(session, forum.origin)
    first = next(iter(state.versions.values()), None)
    if log is None or first is None:
        return None
    found = None
    for index, raw in queries.entries(session, log, first.index, min(log.size, state.size)):
        if _CONFIRM.encode() not in raw:  # most of the record is about other things: look before reading
            continue
        act = act_of(parse_entry(raw), index)
        if act.type == _CONFIRM and act.statement.by.party == delegation and act.object in state.versions:
            found = Since(state.versions[act.object], "confirmed", act.at)
    return found


def _noted(session: Session, forum: Forum, delegation: str, digest: str, *, kind: str, base: str = "") -> bool:
    query = select(ReadReceipt.id).where(
        ReadReceipt.forum_id == forum.id,
        ReadReceipt.delegation == delegation,
        ReadReceipt.kind == kind,
        ReadReceipt.digest == digest,
        ReadReceipt.base == base,
    )
    return session.scalar(query) is not None
