"""The acts that a reader is offered at a stage, each ready to be signed or with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from declaration.adoption import stages
from declaration.adoption.saying import said
from declaration.adoption.stages import Offer
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time
from declaration.web.access import Actor

_CONTENT = "0" * 64
_READING, _WINDOW = timedelta(days=7), timedelta(days=67)


@dataclass(frozen=True, slots=True)
class Offered:
    """One act for a page."""

    offer: Offer
    ask: Ask

    @property
    def name(self) -> str:
        """The act's short name, for templates to choose its fields by: ``adopt``, ``extend_deadline``."""
        return self.offer.type.partition(".")[2].removesuffix("-v1")


def offered(session: Session, forum: Forum, state: State, actor: Actor | None, now: datetime) -> list[Offered]:
    """The acts of the present stage that are this reader's, the next step first."""
    if actor is None:
        return []
    rows = stages.OFFERS.get(consequences.stage(state, now), ())
    return [one(session, forum, state, actor, row, now) for row in rows if row.role == actor.role]


def one(session: Session, forum: Forum, state: State, actor: Actor, offer: Offer, now: datetime) -> Offered:
    """One act, as it would be signed now."""
    body, filled_in = _body(state, offer.type, now)
    object_ = state.known.digest if offer.type == stages.LAPSE and state.constitution else state.current
    ask = acts.offer(session, forum, actor, offer.type, object_, body, now=now, filled_in=filled_in)
    return Offered(offer, said(forum, state, ask))


def _body(state: State, type_: str, now: datetime) -> tuple[Mapping[str, Any] | None, bool]:
    """Placeholders of the right form for what the person fills in, so that everything else can be asked beforehand."""
    if type_ == stages.CIRCULATE:
        return {"deadline": format_time(now + _READING)}, True
    if type_ == stages.EXTEND:
        later = max(now, state.deadline or now) + _READING
        return {"deadline": format_time(later), "content": _CONTENT}, True
    if type_ == stages.REFER_BACK:
        return {"units": list(state.units)[:1], "content": _CONTENT}, True
    if type_ == stages.COMPILE:
        return {"content": _CONTENT}, True
    if type_ == stages.ADOPT:
        return {"present": sorted(state.known.delegations), "content": _CONTENT}, True
    if type_ == stages.OPEN:
        return {"opens": format_time(now), "closes": format_time(now + _WINDOW), "content": _CONTENT}, True
    if type_ == stages.ARCHIVE:
        return {"bundle": _CONTENT, "content": _CONTENT}, True
    return None, False


def suggested_deadline(now: datetime) -> datetime:
    """A week, which the Chair may change."""
    return now + _READING


def suggested_closing(now: datetime) -> datetime:
    """A window for signature, which the depositary may change."""
    return now + _WINDOW
