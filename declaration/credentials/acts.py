"""Acts as pages and programs make them: compose, sign elsewhere, perform.

A feature registers, for the types of statement that are its own, how a body is composed from what somebody filled in, and
what its own rows do once the act is recorded. The route that takes a signed act, the page that offers one, the demonstration
and the tests all go through :func:`compose` and :func:`perform`, so that there is one way for an act to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.credentials.asking import refusal
from declaration.credentials.enrolment import own_keys
from declaration.credentials.record import Recorded, record
from declaration.credentials.signing import Ask, Signed, template
from declaration.credentials.states import current
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.forums.models import Forum
from declaration.procedure.act import Act
from declaration.procedure.state import State
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.encoding import canonical
from declaration.protocol.statement import parse_statement
from declaration.web.access import Actor
from declaration.web.direct import Direct

Fields = Mapping[str, str]
Composer = Callable[[Session, Forum, State, Actor, str | None, Fields], Mapping[str, Any]]
"""Makes the body: session, forum, state, who, the object, what was filled in. May store contents; refuses in words."""

Follower = Callable[[Session, Forum, Recorded], None]
"""What a feature's own rows do when an act of its type has been recorded, in the same transaction."""

RowWriter = Callable[[Direct, Forum, Sequence[Recorded]], None]
"""The same for acts that come in bursts: rows alone, of all acts of one type that the transaction has recorded, in their order."""

Sayer = Callable[[Forum, State, Act, DeclarationError], DeclarationError]
"""Says a refusal of the rules with the names and hours that a person knows; the error itself where it has no better words."""


@dataclass
class _Registry:
    composers: dict[str, Composer] = field(default_factory=dict)
    writers: dict[str, RowWriter] = field(default_factory=dict)
    followers: dict[str, list[Follower]] = field(default_factory=dict)
    sayers: list[Sayer] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Prepare the registry; features fill it while the application is built."""
    app.extensions["acts"] = _Registry()


def register(
    app: Flask,
    type_: str,
    *,
    compose: Composer | None = None,
    then: Follower | None = None,
    rows: RowWriter | None = None,
) -> None:
    """Say how acts of ``type_`` are composed and what follows: rows that are written without a session, then whatever else.

    :raises KeyError: the procedure has no such type.
    """
    BY_TYPE[type_]
    registry: _Registry = app.extensions["acts"]
    if compose is not None:
        if type_ in registry.composers:
            raise RuntimeError(f"{type_} has a composer already")
        registry.composers[type_] = compose
    if rows is not None:
        if type_ in registry.writers:
            raise RuntimeError(f"{type_} has its rows already")
        registry.writers[type_] = rows
    if then is not None:
        registry.followers.setdefault(type_, []).append(then)


def say_refusals(app: Flask, sayer: Sayer) -> None:
    """Let a feature say refusals of signed acts in the words of its pages."""
    app.extensions["acts"].sayers.append(sayer)


def compose(session: Session, forum: Forum, actor: Actor, type_: str, object_: str | None, fields: Fields) -> dict[str, Any]:
    """The template of an act, from what was filled in. Contents that it names are stored.

    :raises Malformed: ``statement.type`` for an unknown type; whatever the composer refuses.
    """
    if type_ not in BY_TYPE:
        raise Malformed(f"unknown type of act: {type_}", code="statement.type")
    registry: _Registry = current_app.extensions["acts"]
    composer = registry.composers.get(type_)
    body: Mapping[str, Any]
    if composer is None:
        body = _plain(session, forum, actor, type_, fields)
    else:
        body = composer(session, forum, current(session, forum), actor, object_, fields)
    return template(forum, actor, type_, object_, body)


def perform(session: Session, forum: Forum, signed: Signed, *, now: datetime) -> Recorded:
    """Record a signed act and let the features follow, all in the caller's transaction."""
    recorded = record(session, forum, signed.statement, signed.signature, now=now)
    if not recorded.repeated:
        follow(session, forum, recorded)
    return recorded


def follow(session: Session, forum: Forum, recorded: Recorded) -> None:
    """Let the features follow what this transaction has recorded."""
    registry: _Registry = current_app.extensions["acts"]
    if recorded.act.type in registry.writers:
        session.flush()
        registry.writers[recorded.act.type](Direct.of(session), forum, [recorded])
    for follower in registry.followers.get(recorded.act.type, ()):
        follower(session, forum, recorded)


def writer(type_: str) -> RowWriter:
    """Who writes the rows of acts that are recorded together with others.

    :raises RuntimeError: what follows an act of this type needs a session.
    """
    registry: _Registry = current_app.extensions["acts"]
    if type_ not in registry.writers or type_ in registry.followers:
        raise RuntimeError(f"{type_} is not followed by rows alone")
    return registry.writers[type_]


def said(session: Session, forum: Forum, signed: Signed, error: Refused, *, now: datetime) -> DeclarationError:
    """A refusal of :func:`perform` as the features say it; of a statement that cannot be read they say nothing."""
    try:
        act = Act(parse_statement(signed.statement), now, -1)
        state = current(session, forum)
    except DeclarationError:
        return error
    found: DeclarationError = error
    for sayer in current_app.extensions["acts"].sayers:
        found = sayer(forum, state, act, found)
    return found


def offer(
    session: Session,
    forum: Forum,
    actor: Actor,
    type_: str,
    object_: str | None,
    body: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    action: str | None = None,
    filled_in: bool = False,
) -> Ask:
    """An act for a page, ready to be signed, or with the reason why it is not available now.

    :param body: the body that would be signed; ``None`` for an act without fields, or with a reason alone.
    :param filled_in: the person still fills something in; ``body`` then holds placeholders of the right form, and the act is
        composed by :func:`compose` when the form is sent.
    """
    state = current(session, forum)
    known = dict(body) if body is not None else _placeholders(type_)
    composed = filled_in or (body is None and bool(known))
    if not composed and _PLACEHOLDER in canonical(known).decode():
        raise RuntimeError(f"{type_}: the page would have a placeholder signed; say filled_in")
    return Ask(
        action=action or url_for("credentials.act", forum=forum.slug),
        act=template(forum, actor, type_, object_, known),
        refusal=refusal(state, actor, type_, object_, known, at=now, among=own_keys(session, state, actor)),
        endpoint=url_for("credentials.compose", forum=forum.slug) if composed else None,
    )


_PLACEHOLDER = "0" * 64
"""Stands in a template for a hash that the service makes from what is filled in. Nobody ever signs it."""


def _placeholders(type_: str) -> dict[str, Any]:
    return {"content": _PLACEHOLDER} if set(BY_TYPE[type_].fields) == {"content"} else {}


def _plain(session: Session, forum: Forum, actor: Actor, type_: str, fields: Fields) -> Mapping[str, Any]:
    """Acts with nothing to fill in, and acts whose only field is a reason that everybody may read."""
    wanted = set(BY_TYPE[type_].fields)
    if wanted == {"content"}:
        return {"content": reason_content(session, forum, actor, fields)}
    if wanted:
        raise Malformed(f"this act needs {', '.join(sorted(wanted))}", code="statement.fields")
    return {}


def reason_content(session: Session, forum: Forum, actor: Actor, fields: Fields) -> str:
    """Store what was written in ``reason`` (1 to 2,000 characters) and return its hash.

    :raises Malformed: ``reason.missing`` or ``reason.too-long``.
    """
    reason = fields.get("reason", "").strip()
    if not reason:
        raise Malformed("a reason is needed", code="reason.missing", instead="Write one or two sentences; everybody reads them.")
    if len(reason) > 2000:
        raise Malformed("the reason is too long", code="reason.too-long", instead="Use at most 2,000 characters.")
    return contents.store(session, forum.id, {"kind": "reason", "language": actor.language, "text": reason}, audience="public")
