"""Pages about keys: one's own, those that wait for accreditation, and the constitution that everything follows from."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import acts, contents, enrolment
from declaration.credentials.authority import REFUSE_MANDATE, own_asks
from declaration.credentials.models import Enrolment
from declaration.credentials.record import trust_root
from declaration.credentials.signing import Ask
from declaration.credentials.states import current, passkey_policy
from declaration.errors import Malformed
from declaration.forums.models import Forum
from declaration.procedure import standing
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import b64decode
from declaration.protocol.keys import parse_public_key
from declaration.web.access import PUBLIC, SIGNED_IN, Actor, allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

blueprint = Blueprint("keys", __name__)


@blueprint.get("/<forum>/keys")
@allow(SIGNED_IN)
def mine(forum: str) -> ResponseReturnValue:
    """One's own keys: what each may do, what it waits for, how to make or restore one."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    rows = [(each, _status(state, each)) for each in enrolment.all_of(session, actor.person_id)]
    return render_template(
        "credentials/keys.html", rows=rows, state=state, demo=demo_key(g.forum, actor), slot=enrolment.slot_of(actor),
        accredited=[row.fingerprint for row, status in rows if status == "accredited"], own=own_asks(session, state, actor, rows),
    )  # fmt: skip


@blueprint.post("/<forum>/keys/begin")
@allow(SIGNED_IN)
def begin(forum: str) -> ResponseReturnValue:
    """Give out a nonce, and show the page on which the key is made."""
    found = enrolment.begin(current_session(), g.forum, current_actor().person_id, now=now())
    return redirect(url_for("keys.make", forum=forum, enrolment_id=found.id))


@blueprint.get("/<forum>/keys/<int:enrolment_id>")
@allow(SIGNED_IN)
def make(forum: str, enrolment_id: int) -> ResponseReturnValue:
    """Where the device makes a key, its holder takes a backup, and the public half is sent."""
    session, actor = current_session(), current_actor()
    found = enrolment.own(session, actor.person_id, enrolment_id)
    if found.public is not None:
        return redirect(url_for("keys.mine", forum=forum))
    state = current(session, g.forum)
    known = [each.fingerprint for each in enrolment.all_of(session, actor.person_id)]
    return render_template(
        "credentials/make.html", enrolment=found, state=state, slot=enrolment.slot_of(actor), known=known,
        passkeys=passkey_policy(g.forum, state), label=_passkey_label(g.forum, actor),
    )  # fmt: skip


@blueprint.post("/<forum>/keys/<int:enrolment_id>")
@allow(SIGNED_IN)
def send(forum: str, enrolment_id: int) -> ResponseReturnValue:
    """Keep the public key."""
    session, actor = current_session(), current_actor()
    found = enrolment.own(session, actor.person_id, enrolment_id)
    key, possession = request.form.get("key", ""), request.form.get("possession", "")
    if not key:
        raise Malformed(
            _("No key arrived."),
            code="enrolment.no-key",
            instead=_("Making a key needs scripts in this browser. Every browser of the last two years can do it."),
        )
    enrolment.finish(
        session, g.forum, found, key, b64decode(possession) if possession else b"", now=now(),
        credential=request.form.get("credential", ""),
    )  # fmt: skip
    flash(_("Your public key has arrived. It can sign once it is accredited."), "good")
    return redirect(url_for("keys.mine", forum=forum))


@blueprint.get("/<forum>/accreditations")
@allow("chair", "secretariat")
def queue(forum: str) -> ResponseReturnValue:
    """Keys that wait: for the Chair those of delegations and officers, for the secretariat those of organizations."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    signatories = actor.role == "secretariat"
    constitution = state.constitution.digest if state.constitution else None
    waiting = enrolment.waiting(session, g.forum, signatories=signatories)
    rows = [(each, _ask_accreditation(state, actor, each, constitution)) for each in waiting]
    seconds = [
        (
            act,
            contents.read(session, g.forum.id, act["content"]) or {},
            parse_public_key(act["key"]).fingerprint,
            _offer(actor, "second-v1", digest, {}),
            acts.offer(session, g.forum, actor, REFUSE_MANDATE, digest, now=now()),
        )
        for digest, act in (state.awaiting_accreditation.items() if signatories else ())
    ]
    return render_template(
        "credentials/queue.html", rows=rows, seconds=seconds, signatories=signatories, state=state,
        accredited=sorted(state.keys.values(), key=lambda key: key.accredited), replaceable=_replaceable(state, waiting),
        claimed=enrolment.claimed_of(session, [each.person.id for each in waiting]),
    )  # fmt: skip


@blueprint.get("/<forum>/constitution")
@allow(PUBLIC)
def constitution(forum: str) -> ResponseReturnValue:
    """Entry 0 in words, or for the Chair the act that begins the record."""
    session, actor = current_session(), optional_actor()
    state = current(session, g.forum)
    ask = None
    if state.constitution is None and actor is not None and actor.role == "chair" and enrolment.all_of(session, actor.person_id):
        ask = _offer(actor, "constitution-v1", None, enrolment.preview_constitution(session, g.forum, actor))
    return render_template(
        "credentials/constitution.html", state=state, ask=ask, actor_may=actor is not None and actor.role == "chair",
        root=trust_root(session, g.forum),
    )  # fmt: skip


def demo_key(forum: Forum, actor: Actor) -> dict[str, str] | None:
    """Where the actor's demonstration key is, in a demonstration alone."""
    finder = current_app.extensions.get("demo-keys")
    return finder(forum, actor) if finder is not None and forum.demo else None


def _passkey_label(forum: Forum, actor: Actor) -> str:
    """What the system calls the passkey when it asks which one: whose it is, for what, since when. Old ones may still be there."""
    return f"{actor.name} · {actor.party} · {forum.slug} · {now():%Y-%m-%d}"


def _status(state: State, row: Enrolment) -> str:
    key = state.keys.get(row.fingerprint or "")
    if key is not None:
        found = standing.key_status(state, key, now())
        return "accredited" if found == "active" else found
    if any(act["key"] == row.public for act in state.awaiting_accreditation.values()):
        return "second"
    return "refused" if row.refused_at else "waiting"


def _replaceable(state: State, waiting: list[enrolment.Waiting]) -> dict[str, list[Key]]:
    """Keys of each waiting person's organization whose mandate a new key can continue."""
    parties = {each.person.party for each in waiting}
    found: dict[str, list[Key]] = {party: [] for party in parties}
    for key in state.keys.values():
        if key.party in parties and key.mandate is not None and key.mandate_revoked is None:
            found[key.party].append(key)
    return found


def _offer(actor: Actor, type_: str, object_: str | None, body: dict[str, object]) -> Ask:
    return acts.offer(current_session(), g.forum, actor, type_, object_, body, now=now(), filled_in=bool(body))


def _ask_accreditation(state: State, actor: Actor, each: enrolment.Waiting, constitution: str | None) -> Ask:
    body = enrolment.preview_accreditation(g.forum, state, each)
    return _offer(actor, "accredit-v1", constitution, body)
