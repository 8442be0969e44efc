"""``/<forum>/rules``: the rules of procedure in force, and how they are changed.

``rules-v1``: for each parameter a field ``rule-<name>``; what is not filled in stays as it is; ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields, reason_content
from declaration.credentials.record import Recorded
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.errors import Malformed
from declaration.forums import sections
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure.act import Act
from declaration.procedure.rules import Rules
from declaration.procedure.state import State
from declaration.web.access import PUBLIC, Actor, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

blueprint = Blueprint("rules", __name__)

RULE = "rule-"
CHANGE, AGREE = "rules-v1", "second-v1"
_NOTHING = "0" * 64

WORDS: Mapping[str, tuple[object, object]] = {
    "quorum": (_l("Quorum"), _l("Delegations that must be present to adopt.")),
    "rationale_words": (_l("Longest rationale"), _l("Words that an amendment is explained in.")),
    "late_amendments": (_l("Late amendments"), _l("Whether an amendment may come after the deadline, with the Chair’s leave.")),
    "silence_session": (_l("Silence, in session"), _l("Hours that a silence procedure runs at least while the forum sits.")),
    "silence_overnight": (_l("Silence, overnight"), _l("The same between two sittings, where nobody objects to using it.")),
    "silence_between": (_l("Silence, between sessions"), _l("The same between two sessions.")),
    "list_order": (_l("Order of delegations"), _l("How lists of delegations are ordered.")),
    "concurrence_hours": (_l("Concurrence of a head"), _l("Hours in which a head may object to an organization of the own country.")),
    "correction_days": (_l("Objections to a correction"), _l("Days after notification, once the text is adopted.")),
    "accession": (_l("Accession"), _l("Whether organizations may join after the time for signature.")),
    "public_from": (_l("Public reading"), _l("From when anybody may read the texts and the record.")),
    "hold_hours": (_l("Signed acts"), _l("Hours within which an act must arrive after it was signed.")),
}
"""What each parameter is called, and what it says."""

CHOICES: Mapping[str, Mapping[Any, object]] = {
    "late_amendments": {True: _l("allowed"), False: _l("not allowed")},
    "accession": {True: _l("open"), False: _l("not foreseen")},
    "list_order": {"protocol": _l("protocol order"), "alphabetical": _l("alphabet of each language")},
    "public_from": {"adopted": _l("from adoption"), "start": _l("from the beginning")},
}
"""Parameters that are one of a few; all others are whole numbers."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that waits for the heads: what would change, and who has agreed so far."""

    act: Act
    changes: tuple[tuple[str, Any, Any], ...]
    reason: str | None
    agreed: tuple[str, ...]
    ask: Ask | None


def init_app(app: Flask) -> None:
    """Register the act, the page, and its section."""
    acts.register(app, CHANGE, compose=compose, then=keep)
    acts.register(app, AGREE, then=keep)
    app.register_blueprint(blueprint)
    sections.add(app, "rules.page", _l("Rules"), order=70, foot=True)


def compose(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The next version of the rules, whole, and why.

    :raises Malformed: ``rules.value`` for something that is no value of a parameter, ``rules.unchanged``.
    """
    before = state.rules.as_json()
    after = {name: _value(name, fields.get(RULE + name, ""), value) for name, value in before.items() if name != "version"}
    if all(before[name] == value for name, value in after.items()):
        raise Malformed("this changes no rule", code="rules.unchanged", instead="Change at least one of them.")
    rules = {**after, "version": state.rules.version + 1}
    return {"rules": rules, "content": reason_content(session, forum, actor, fields)}


def _value(name: str, written: str, before: Any) -> Any:
    written = written.strip()
    if not written:
        return before
    if name in CHOICES:
        for value in CHOICES[name]:
            if str(value) == written:
                return value
    elif written.isascii() and written.isdigit() and len(written) < 6:
        return int(written)
    raise Malformed(f"not a value of this rule: {written[:40]}", code="rules.value")


def keep(session: Session, forum: Forum, recorded: Recorded) -> None:
    """The forum's row says what the record says: lists are ordered by it where no record is asked."""
    rules = current(session, forum).rules.as_json()
    if dict(forum.rules) != rules:
        forum.rules = rules


@blueprint.get("/<forum>/rules")
@allow(PUBLIC)
def page(forum: str) -> ResponseReturnValue:
    """The rules in words; a change that waits; the Chair's form."""
    session, actor = current_session(), optional_actor()
    state = current(session, g.forum)
    values = state.rules.as_json() if state.constitution else dict(g.forum.rules)
    return render_template(
        "credentials/rules.html",
        state=state,
        rows=[(name, *WORDS[name], values.get(name, getattr(Rules(), name))) for name in WORDS],
        version=values.get("version", 1),
        choices=CHOICES,
        words=WORDS,
        proposed=[_proposed(session, state, digest, actor) for digest, act in state.awaiting_second.items() if act.type == CHANGE],
        ask=_ask(session, state, actor),
        delegations=in_order(g.forum, language()),
    )


def _ask(session: Session, state: State, actor: Actor | None) -> Ask | None:
    if actor is None or actor.role != "chair" or state.constitution is None:
        return None
    body = {"rules": {**state.rules.as_json(), "version": state.rules.version + 1}, "content": _NOTHING}
    return acts.offer(session, g.forum, actor, CHANGE, state.constitution.digest, body, now=now(), filled_in=True)


def _proposed(session: Session, state: State, digest: str, actor: Actor | None) -> Proposed:
    act, before = state.awaiting_second[digest], state.rules.as_json()
    changes = tuple((name, before[name], act["rules"][name]) for name in WORDS if before[name] != act["rules"][name])
    document = contents.read(session, g.forum.id, act["content"], audiences=("public",)) or {}
    ask = None
    if actor is not None and actor.role == "head":
        ask = acts.offer(session, g.forum, actor, AGREE, digest, {}, now=now())
    return Proposed(act, changes, document.get("text"), state.consents.get(digest, ()), ask)
