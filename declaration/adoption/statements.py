"""Statements of delegations on the text: lodged, circulated, and attached to the minute of adoption, never to the text.

==============================  ========================================================================================
type                            fields
==============================  ========================================================================================
``statement.lodge-v1``          ``kind``: interpretative_statement or explanation_of_position; ``units``: ids with spaces
                                between, or a tick ``unit-<id>`` each (none: the whole text); ``text``
``statement.record-v1``         none; the annex is the next one
==============================  ========================================================================================

``rule_out`` has a reason alone; ``circulate`` and ``withdraw`` have nothing. What a statement says is read by its own delegation, the
secretariat and the Chair until it is circulated, by every participant then, and by everybody once it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from declaration.adoption.paragraphs import UNIT, ticked
from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields
from declaration.credentials.record import Recorded
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.errors import Malformed
from declaration.forums.models import Forum
from declaration.procedure.matters import Lodged
from declaration.procedure.rights import READING
from declaration.procedure.state import State
from declaration.text.letters import check_letters
from declaration.text.tokens import nfc
from declaration.web.access import Actor

LODGE, CIRCULATE, RECORD = "statement.lodge-v1", "statement.circulate-v1", "statement.record-v1"
RULE_OUT, WITHDRAW = "statement.rule_out-v1", "statement.withdraw-v1"
KINDS = ("interpretative_statement", "explanation_of_position")
_LONGEST = 4_000
_NOTHING = "0" * 64


def register(app: Flask) -> None:
    """Say how statements are composed, and what follows."""
    acts.register(app, LODGE, compose=lodge)
    acts.register(app, CIRCULATE, then=open_to_participants)
    acts.register(app, RECORD, compose=record, then=open_to_everybody)


def lodge(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """What the delegation states, and on which paragraphs."""
    text = nfc(fields.get("text", "")).strip()
    if not text:
        raise Malformed("a statement has words", code="statement.empty", instead="Write what your delegation states.")
    if len(text) > _LONGEST:
        raise Malformed("the statement is too long", code="statement.too-long", instead=f"Use at most {_LONGEST:,} characters.")
    for line in text.splitlines():
        check_letters(line, where="the statement")
    units = fields.get("units", "").split() or ticked(fields, UNIT)
    document = {"kind": "statement", "language": fields.get("language") or actor.language, "text": text}
    return {
        "kind": fields.get("kind") or KINDS[0],
        "units": units,
        "content": contents.store(session, forum.id, document, audience="sealed"),
    }


def record(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The next annex of the minute."""
    return {"annex": next_annex(state)}


def next_annex(state: State) -> int:
    """The number under which the next statement is attached to the minute."""
    return 1 + sum(each.annex is not None for each in state.statements.values())


def open_to_participants(session: Session, forum: Forum, recorded: Recorded) -> None:
    """Circulated: every participant reads it."""
    _open(session, forum, recorded, "participants")


def open_to_everybody(session: Session, forum: Forum, recorded: Recorded) -> None:
    """Attached to the minute: it is public."""
    _open(session, forum, recorded, "public")


def _open(session: Session, forum: Forum, recorded: Recorded, audience: str) -> None:
    contents.widen(session, forum.id, current(session, forum).statements[recorded.act.object].content, audience)


def may_read(lodged: Lodged, actor: Actor | None) -> bool:
    """Whether a reader may know what a statement says, and that there is one."""
    if lodged.status == "recorded":
        return True
    if actor is None:
        return False
    if lodged.status == "circulated":
        return actor.role in READING["circulated_texts"]
    return actor.role in ("chair", "secretariat") or actor.delegation == lodged.delegation


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement for a page, with the acts that the reader is offered on it."""

    lodged: Lodged
    text: str | None
    language: str
    asks: Mapping[str, Ask]


def listed(session: Session, forum: Forum, state: State, actor: Actor | None, now: datetime) -> list[Shown]:
    """The statements that a reader may read, in the order in which they were lodged."""
    found = [each for each in state.statements.values() if may_read(each, actor)]
    texts = contents.read_many(session, forum.id, [each.content for each in found])
    return [
        Shown(
            each,
            texts[each.content]["text"] if each.content in texts else None,
            str(texts.get(each.content, {}).get("language", "")),
            _asks(session, forum, state, actor, each, now),
        )
        for each in found
    ]


_OFFERED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "lodged": {"secretariat": (CIRCULATE,), "chair": (RULE_OUT,), "head": (WITHDRAW,)},
    "circulated": {"chair": (RECORD,), "head": (WITHDRAW,)},
}


def _asks(session: Session, forum: Forum, state: State, actor: Actor | None, lodged: Lodged, now: datetime) -> dict[str, Ask]:
    if actor is None or (actor.role == "head" and actor.party != lodged.delegation):
        return {}
    types = _OFFERED.get(lodged.status, {}).get(actor.role, ())
    bodies: dict[str, dict[str, Any] | None] = {RECORD: {"annex": next_annex(state)}, RULE_OUT: None}
    return {
        type_.partition(".")[2].removesuffix("-v1"): acts.offer(session, forum, actor, type_, lodged.digest, bodies.get(type_), now=now)
        for type_ in types
    }


def ask_to_lodge(session: Session, forum: Forum, state: State, actor: Actor, now: datetime) -> Ask:
    """The form of a new statement."""
    body = {"kind": KINDS[0], "units": [], "content": _NOTHING}
    return acts.offer(session, forum, actor, LODGE, state.current, body, now=now, filled_in=True)
