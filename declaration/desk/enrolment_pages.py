"""``/<forum>/desk``: the secretariat enrols signatories in the hall, one screen a person, at several desks at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import acts, contents, enrolment, spoken
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.desk import enrolment_desk as desk
from declaration.desk.blueprint import blueprint, this_forum
from declaration.desk.enrolment_desk import DONE, FIRST, SECOND, Visit
from declaration.endorsements import entitlement
from declaration.endorsements.blueprint import public_url
from declaration.endorsements.entitlement_pages import KIND_WORDS, STATUS_WORDS
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.sentence import country_name
from declaration.errors import NotFound
from declaration.procedure.state import State
from declaration.protocol.encoding import sha256_hex
from declaration.web.access import Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language
from declaration.web.security import HEADERS

_MOST = 40
"""Found people on one page; whoever finds more writes more words."""


@blueprint.get("/<forum>/desk")
@allow("secretariat")
def enrolment_desk(forum: str) -> ResponseReturnValue:
    """Who waits for the first officer and for the second one, who is being served, and how many are done."""
    answer = make_response(render_template("desk/enrolment.html", **_queue()))
    # This page alone reads codes with a camera; everywhere else the browser refuses it.
    answer.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")
    return answer


@blueprint.get("/<forum>/desk/now")
@allow("secretariat")
def enrolment_now(forum: str) -> ResponseReturnValue:
    """The same as a fragment, which the page asks for again and again."""
    values = _queue()
    body = render_template("desk/_enrolment.html", **values)
    etag = sha256_hex(body.encode())[:32]
    answer = make_response("" if request.if_none_match.contains(etag) else body)
    answer.set_etag(etag)
    answer.headers["X-As-At"] = values["moment"].astimezone(ZoneInfo(this_forum().time_zone)).strftime("%H:%M:%S")
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer.make_conditional(request)


@blueprint.post("/<forum>/desk/find")
@allow("secretariat")
def enrolment_find(forum: str) -> ResponseReturnValue:
    """Look for a person; the only one who fits is taken to this desk at once, unless another desk is serving them."""
    session, actor, (found, _state, moment) = current_session(), current_actor(), _now()
    typed = request.form.get("q", "").strip()[:500]
    if not typed:
        return _next(found, FIRST, SECOND)
    hits = desk.find(session, this_forum(), found, typed)
    if len(hits) == 1:
        if hits[0].waits_for(actor) and hits[0].free_for(actor):
            desk.take(session, actor, hits[0], now=moment)
        return redirect(url_for("desk.enrolment_one", forum=forum, number=hits[0].person.id), 303)
    shown = "" if "/" in typed else typed[:200]  # a link lets somebody in: it is not shown again
    return render_template("desk/enrolment_found.html", hits=hits[:_MOST], more=max(0, len(hits) - _MOST), typed=shown, actor=actor)


@blueprint.get("/<forum>/desk/code/<code>")
@allow("secretariat")
def enrolment_code(forum: str, code: str) -> ResponseReturnValue:
    """Where the code on a signatory's screen leads the camera of an officer's telephone."""
    hits = desk.find(current_session(), this_forum(), _now()[0], code)
    if len(hits) != 1:
        raise NotFound(_("No key has this code."), code="desk.code", instead=_("Look for the organization instead."))
    return redirect(url_for("desk.enrolment_one", forum=forum, number=hits[0].person.id))


@blueprint.post("/<forum>/desk/next")
@allow("secretariat")
def enrolment_next(forum: str) -> ResponseReturnValue:
    """Take whoever waits longest for this officer."""
    return _next(_now()[0], SECOND if request.form.get("stage") == SECOND else FIRST)


@blueprint.get("/<forum>/desk/<int:number>")
@allow("secretariat")
def enrolment_one(forum: str, number: int) -> ResponseReturnValue:
    """One person: organization, authority, documents, the fingerprint to be read aloud, and the one act."""
    session, where, actor, (found, state, moment) = current_session(), this_forum(), current_actor(), _now()
    visit = desk.one(found, number)
    party, fingerprint = visit.person.party, visit.enrolment.fingerprint if visit.enrolment is not None else None
    documents = entitlement.documents(session, where, party)
    documents.sort(key=lambda each: each.kind != "decision")
    return render_template(
        "desk/enrolment_one.html",
        visit=visit,
        state=state,
        moment=moment,
        actor=actor,
        is_mine=visit.serving is not None and visit.serving.officer_id == actor.person_id,
        lasts=int(desk.LASTS.total_seconds() // 60),
        country=country_name(where, visit.organization.get("country", ""), language()),
        standing=STATUS_WORDS[entitlement.status_of(session, where, state, party)],
        documents=documents,
        kinds=KIND_WORDS,
        claim=enrolment.claimed_of(session, [number]).get(number),
        groups=spoken.groups(fingerprint) if fingerprint else (),
        replaceable=[key for key in state.keys.values() if key.party == party and key.mandate is not None and key.mandate_revoked is None],
        key=state.keys.get(fingerprint or ""),
        holder=contents.read(session, where.id, visit.first["content"]) if visit.first is not None else None,
        **_asks(state, actor, visit),
    )


@blueprint.post("/<forum>/desk/<int:number>/take")
@allow("secretariat")
def enrolment_take(forum: str, number: int) -> ResponseReturnValue:
    """Serve this person at this desk."""
    found, _state, moment = _now()
    desk.take(current_session(), current_actor(), desk.one(found, number), now=moment, over=request.form.get("over") == "yes")
    return redirect(url_for("desk.enrolment_one", forum=forum, number=number), 303)


@blueprint.post("/<forum>/desk/<int:number>/let-go")
@allow("secretariat")
def enrolment_let_go(forum: str, number: int) -> ResponseReturnValue:
    """Serve this person no more; they wait where they were."""
    desk.let_go(current_session(), current_actor(), number)
    return redirect(url_for("desk.enrolment_desk", forum=forum), 303)


@blueprint.get("/<forum>/desk/mine")
@allow("signatory")
def enrolment_mine(forum: str) -> ResponseReturnValue:
    """What a signatory shows at the desk: the code of the own key, and the groups to read aloud."""
    session, actor, state = current_session(), current_actor(), current(current_session(), this_forum())
    rows = [each for each in enrolment.all_of(session, actor.person_id) if each.refused_at is None and each.fingerprint]
    waiting = [each for each in rows if each.fingerprint not in state.keys]
    row = next(iter(waiting or rows), None)
    if row is None or row.fingerprint is None:
        raise NotFound(_("You have made no key yet."), code="key.none", instead=_("Make one first, then come to the desk with it."))
    code = spoken.code(row.fingerprint)
    drawn = qr_svg(public_url("desk.enrolment_code", code=code), str(_("A code that the secretariat’s desk reads")), scale=5)
    return render_template(
        "desk/enrolment_mine.html",
        row=row,
        code=code,
        drawn=drawn,
        groups=spoken.groups(row.fingerprint),
        in_force=row.fingerprint in state.keys,
        first_done=any(act["key"] == row.public for act in state.awaiting_accreditation.values()),
    )


def _next(found: desk.Desk, *stages: str) -> ResponseReturnValue:
    forum = this_forum().slug
    for stage in stages:
        visit = desk.take_next(current_session(), current_actor(), found, stage, now=now())
        if visit is not None:
            return redirect(url_for("desk.enrolment_one", forum=forum, number=visit.person.id), 303)
    flash(_("Nobody waits for you there now."), "warn")
    return redirect(url_for("desk.enrolment_desk", forum=forum), 303)


def _now() -> tuple[desk.Desk, State, datetime]:
    session, moment = current_session(), now()
    state = current(session, this_forum())
    return desk.read(session, this_forum(), state, moment), state, moment


def _queue() -> dict[str, Any]:
    actor, (found, state, moment) = current_actor(), _now()
    first, second, done = found.at(FIRST), found.at(SECOND), found.at(DONE)
    mine = found.mine(actor)
    return {
        "state": state,
        "actor": actor,
        "moment": moment,
        "first": first,
        "second": [each for each in second if each.waits_for(actor)],
        "others": [each for each in second if not each.waits_for(actor)],
        "mine": mine,
        "done": len(done),
        "remaining": len(first) + len(second),
        "keyless": len(found.at(desk.KEYLESS)),
        "total": len(found.visits),
        "free_first": any(each.free_for(actor) for each in first),
        "free_second": any(each.waits_for(actor) and each.free_for(actor) for each in second),
        "latest": desk.latest(state),
    }


def _asks(state: State, actor: Actor, visit: Visit) -> dict[str, Ask | None]:
    """The first officer's act or the second's, whichever is next."""
    session, forum, moment = current_session(), this_forum(), now()
    accredit = second = refuse = None
    if visit.stage == FIRST and visit.enrolment is not None and state.constitution is not None:
        waiting = enrolment.Waiting(visit.enrolment, visit.person)
        body = enrolment.preview_accreditation(forum, state, waiting)
        accredit = acts.offer(session, forum, actor, "accredit-v1", state.known.digest, body, now=moment, filled_in=True)
    if visit.stage == SECOND and visit.first is not None:
        second = acts.offer(session, forum, actor, "second-v1", visit.first.digest, {}, now=moment)
        refuse = acts.offer(session, forum, actor, "mandate.refuse-v1", visit.first.digest, now=moment)
    return {"accredit": accredit, "second": second, "refuse": refuse}
