"""``/<forum>/keys/authority``: every key that has or had authority, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from declaration.credentials import acts, authority, contents
from declaration.credentials.models import Enrolment
from declaration.credentials.signers import holder
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.errors import NotFound
from declaration.forums import hours, sections
from declaration.forums.models import Person
from declaration.procedure import standing
from declaration.procedure.act import Act
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import format_time, parse_time
from declaration.protocol.keys import parse_public_key
from declaration.web.access import Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

blueprint = Blueprint("authority", __name__)

STATUS_WORDS: Mapping[str, tuple[str, object]] = {
    "active": ("yes", _l("In force")),
    "suspended": ("wait", _l("Suspended")),
    "revoked": ("no", _l("Revoked")),
    "expired": ("none", _l("Expired")),
}
REASON_WORDS: Mapping[str, object] = {
    "compromised": _l("Compromised: lost, stolen, or used by somebody else"),
    "superseded": _l("Superseded by another key of the same holder"),
    "left_office": _l("The holder has left the office"),
    "succeeded": _l("The chair has passed on"),
}
_MOST = 100
_SEES: Mapping[str, tuple[str, ...]] = {
    "secretariat": ("signatory",),
    "depositary": ("signatory",),
    "chair": ("head", "secretariat", "depositary", "translator", "chair"),
    "head": ("head",),
}


def init_app(app: Flask) -> None:
    """The pages, and their place in the foot."""
    app.register_blueprint(blueprint)
    sections.add(app, "authority.listing", _l("Keys and mandates"), order=74, foot=True)


@blueprint.get("/<forum>/keys/authority")
@allow("chair", "secretariat", "depositary", "head")
def listing(forum: str) -> ResponseReturnValue:
    """Keys that this reader's office answers for; those that wait for a second person first, then those that are suspended."""
    session, actor, moment = current_session(), current_actor(), now()
    state = current(session, g.forum)
    query = request.args.get("q", "").strip()[:200]
    keys = [key for key in state.keys.values() if _theirs(actor, key)]
    if query:
        keys = [key for key in keys if query.casefold() in _words(key)]
    statuses = {key.fingerprint: standing.key_status(state, key, moment) for key in keys}
    keys.sort(key=lambda key: (("suspended", "active", "expired", "revoked").index(statuses[key.fingerprint]), -key.accredited))
    return render_template(
        "credentials/authority.html",
        state=state,
        keys=keys[:_MOST],
        more=max(0, len(keys) - _MOST),
        query=query,
        statuses=statuses,
        words=STATUS_WORDS,
        reasons=REASON_WORDS,
        holder=_holder,
        waiting=_waiting(state, actor),
        moment_of=parse_time,
        successions=_successions(state, actor),
        candidates=_candidates(state, actor),
    )


@blueprint.get("/<forum>/keys/authority/<accreditation>")
@allow("chair", "secretariat", "depositary", "head")
def one(forum: str, accreditation: str) -> ResponseReturnValue:
    """One key: what it was given, what was taken back, what is in question, and what can be done."""
    session, actor, moment = current_session(), current_actor(), now()
    state = current(session, g.forum)
    key = next((each for each in state.keys.values() if each.accreditation == accreditation and _theirs(actor, each)), None)
    if key is None:
        raise NotFound(_("There is no such key."), code="key.unknown")
    status = standing.key_status(state, key, moment)
    return render_template(
        "credentials/key.html",
        state=state,
        key=key,
        status=status,
        words=STATUS_WORDS,
        reasons=REASON_WORDS,
        holder=_holder(key),
        asks=_asks(actor, key, status),
        successors=[each for each in state.keys.values() if _may_succeed(state, key, each)],
        questioned=[each for each in standing.questioned(state) if each.key.fingerprint == key.fingerprint],
        signed=sum(name == key.fingerprint for name in state.signed.values()),
        moment=hours.in_zone(g.forum, moment),
        waiting=[each for each in _waiting(state, actor) if each[1].fingerprint == key.fingerprint],
    )


def _theirs(actor: Actor, key: Key) -> bool:
    if actor.role == "head":
        return key.role == "head" and key.party == actor.party
    return key.role in _SEES.get(actor.role, ())


def _words(key: Key) -> str:
    organization = key.organization or {}
    name = organization["name"] if organization else (holder(key.fingerprint) or ("",))[0]
    return " ".join((key.party, key.fingerprint, name, organization.get("registration", ""))).casefold()


def _holder(key: Key) -> dict[str, Any]:
    return contents.read(current_session(), g.forum.id, key.content) or {}


def _may_succeed(state: State, key: Key, other: Key) -> bool:
    same = (other.party, other.role) == (key.party, key.role)
    return same and other.fingerprint != key.fingerprint and standing.key_status(state, other, now()) == "active"


def _asks(actor: Actor, key: Key, status: str) -> dict[str, Ask]:
    """The acts that make sense for a key in this state; each says itself why it is not possible."""
    if actor.role == "depositary" or (key.role == "chair" and key.delegated_by is None):
        return {}
    reason = {"content": authority.NOTHING}
    revoke = {"reason": "left_office", "invalid_from": None, "successor": None, **reason}
    wanted: dict[str, tuple[str, dict[str, Any]]] = {}
    if status == "active":
        wanted["suspend"] = (authority.SUSPEND, reason)
    if status == "suspended":
        wanted["reinstate"] = (authority.REINSTATE, reason)
    if status != "revoked":
        wanted["revoke"] = (authority.REVOKE, revoke)
    if key.mandate is not None and key.mandate_revoked is None:
        since = format_time(now().replace(microsecond=0))
        wanted["mandate"] = (authority.REVOKE_MANDATE, {"document": authority.NOTHING, "since": since, **reason})
    return {name: _offer(actor, type_, key.accreditation, body) for name, (type_, body) in wanted.items()}


def _offer(actor: Actor, type_: str, object_: str | None, body: dict[str, Any], *, filled_in: bool = True) -> Ask:
    return acts.offer(current_session(), g.forum, actor, type_, object_, body, now=now(), filled_in=filled_in)


def _waiting(state: State, actor: Actor) -> list[tuple[Act, Key, Ask]]:
    """Revocations and reinstatements that wait for a second person of the secretariat."""
    if actor.role not in ("secretariat", "chair"):
        return []
    return [
        (state.awaiting_second[digest], key, _offer(actor, "second-v1", digest, {}, filled_in=False))
        for digest, _type, key in authority.waiting_on_keys(state)
    ]


def _successions(state: State, actor: Actor) -> list[tuple[Act, dict[str, Any], str, Ask | None]]:
    """Successions that wait for a quorum of heads."""
    return [
        (
            act,
            contents.read(current_session(), g.forum.id, act["content"]) or {},
            parse_public_key(act["key"]).fingerprint,
            _offer(actor, "second-v1", digest, {}, filled_in=False) if actor.role == "head" else None,
        )
        for digest, act in state.awaiting_second.items()
        if act.type == authority.SUCCEED
    ]


def _candidates(state: State, actor: Actor) -> list[tuple[Enrolment, Person, Ask]]:
    """Keys that somebody who is to be Chair has enrolled, and that have no authority yet."""
    if actor.role not in ("chair", "head") or state.constitution is None:
        return []
    query = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.forum_id == g.forum.id, Enrolment.public.is_not(None), Person.role == "chair", Person.active)
    )
    found = []
    for row, person in current_session().execute(query):
        if row.fingerprint not in state.keys:
            body = {"key": row.public, "possession": {"nonce": row.nonce, "signature": "AA=="}, "content": authority.NOTHING}
            found.append((row, person, _offer(actor, authority.SUCCEED, state.constitution.digest, body)))
    return found
