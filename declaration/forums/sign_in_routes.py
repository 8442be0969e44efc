"""The way in and the ways out.

The link of an invitation opens a page that says who is invited; only its button uses the invitation up. Mail scanners and chat
programs open links, and none of them presses buttons.
"""

from __future__ import annotations

import structlog
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from declaration.errors import Malformed, NotFound
from declaration.forums import lifetimes, queries, sessions, throttle
from declaration.forums.delegations import delegations
from declaration.forums.devices import device
from declaration.forums.door import COOKIE, this_session
from declaration.forums.models import Invitation
from declaration.forums.pages import begin_session, blueprint, home_of, home_url, this_forum, this_person, unkept_page
from declaration.notices.happenings import happened
from declaration.web.access import PUBLIC, SIGNED_IN, allow, optional_actor
from declaration.web.db import current_session
from declaration.web.i18n import LANGUAGES
from declaration.web.security import drop_cookie, read_cookie

_DOOR = "invitation"
_log = structlog.get_logger("declaration.security")


@blueprint.get("/")
@allow(PUBLIC)
def front() -> str:
    """The forums of this service."""
    return render_template("forums/front.html", forums=queries.forums(current_session()))


@blueprint.get("/sign-in")
@allow(PUBLIC)
def sign_in() -> str:
    """How one gets in: by a link, or by a key of a forum; of the forum that is asked for, or of all."""
    actor, known = optional_actor(), queries.forums(current_session())
    asked = [one for one in known if one.slug == request.args.get("forum")]
    return render_template(
        "forums/sign_in.html", home=home_url(actor) if actor else None, forums=asked or known, next=request.args.get("next", "")
    )


@blueprint.get("/sign-in/<token>")
@allow(PUBLIC)
def invitation(token: str) -> Response:
    """Who is invited, and a button. Changes nothing."""
    found = _looked_up(token)
    return unkept_page("forums/invitation.html", invitation=found, person=found.person, token=token)


@blueprint.post("/sign-in/<token>")
@allow(PUBLIC)
def accept(token: str) -> Response:
    """Use the invitation up and begin a session."""
    _looked_up(token)
    person = sessions.consume_invitation(current_session(), token, now=lifetimes.machine_now())
    answer = redirect(home_of(person.forum), 303)
    begin_session(answer, person)
    return answer


@blueprint.post("/sign-out")
@allow(PUBLIC)
def sign_out() -> Response:
    """End this device's session, if there is one."""
    if (token := read_cookie(COOKIE)) is not None:
        sessions.end_session(current_session(), token, now=lifetimes.machine_now())
        _log.info("sign-out")
    answer = redirect(url_for("forums.sign_in"), 303)
    drop_cookie(answer, COOKIE)
    return answer


@blueprint.get("/<forum>/sessions")
@allow(SIGNED_IN)
def own_sessions(forum: str) -> str:
    """The devices on which the reader is signed in, and the links that were issued to them."""
    session, person = current_session(), this_person()
    living = queries.sessions_of(session, person, now=lifetimes.machine_now(), lifetimes=lifetimes.current())
    return render_template(
        "forums/sessions.html",
        person=person,
        sessions=[(one, device(one.user_agent) or _("Unknown device")) for one in living],
        this=this_session().id,
        invitations=queries.invitations_of(session, person)[:10],
        languages=_languages(),
        zones=[(zone, zone) for zone in _zones()],
    )


@blueprint.post("/<forum>/sessions/<int:number>/end")
@allow(SIGNED_IN)
def end_one(forum: str, number: int) -> Response:
    """End one of the reader's own sessions."""
    sessions.revoke_session(current_session(), this_person(), number, now=lifetimes.machine_now())
    _log.info("session.ended", person=this_person().id, session=number)
    if number == this_session().id:
        answer = redirect(url_for("forums.sign_in"), 303)
        drop_cookie(answer, COOKIE)
        return answer
    flash(_("That device is signed out."), "good")
    return redirect(url_for("forums.own_sessions", forum=forum), 303)


@blueprint.post("/<forum>/sessions/end-others")
@allow(SIGNED_IN)
def end_others(forum: str) -> Response:
    """End all of the reader's sessions but this one."""
    person = this_person()
    ended = sessions.revoke_others(current_session(), person, keep=this_session().id, now=lifetimes.machine_now())
    _log.info("session.others-ended", person=person.id, ended=ended)
    flash(_("Every other device is signed out."), "good")
    return redirect(url_for("forums.own_sessions", forum=forum), 303)


@blueprint.post("/<forum>/sessions/lost")
@allow(SIGNED_IN)
def lost(forum: str) -> Response:
    """The reader has lost a device: every other one is signed out, links that were sent are void, and whoever can suspend the key is told.

    Nothing is signed, so it works for somebody whose only key was on that device.
    """
    session, person = current_session(), this_person()
    ended = sessions.lock_out(session, [person.id], lost=(), replaced=(), keep=this_session().id, now=lifetimes.machine_now())
    happened(session, "device.lost", person)
    _log.warning("session.device-lost", person=person.id, ended=ended)
    flash(_("Every other device is signed out. Those who can suspend a key of yours have been told; call them too."), "good")
    return redirect(url_for("forums.own_sessions", forum=forum), 303)


@blueprint.post("/<forum>/preferences")
@allow(SIGNED_IN)
def preferences(forum: str) -> Response:
    """The reader's language and time zone."""
    language, zone = request.form.get("language", ""), request.form.get("time_zone", "")
    if language not in dict(_languages()) or zone not in _zones():
        raise Malformed(
            _("That language or time zone is not offered here."), code="preferences.unknown", instead=_("Choose one of the list.")
        )
    person = this_person()
    person.language, person.time_zone = language, zone
    flash(_("Kept. Hours are told in your zone first."), "good")
    answer = redirect(url_for("forums.own_sessions", forum=forum), 303)
    drop_cookie(answer, "language")  # what was chosen for one visit gives way to what was chosen for good
    return answer


def _looked_up(token: str) -> Invitation:
    """The invitation, or its refusal; failures are counted per address and soon slowed down."""
    session, now = current_session(), lifetimes.machine_now()
    door = throttle.door(_DOOR, request.remote_addr)
    if wait := throttle.seconds_to_wait(session, door, now=now):
        _log.warning("sign-in.throttled", wait=wait)
        raise TooManyRequests(str(_l("Too many links from here did not work. Wait a minute and try again.")), retry_after=wait)
    try:
        return sessions.find_invitation(session, token, now=now)
    except NotFound:
        throttle.count_failure(session, door, now=now)
        _log.warning("sign-in.refused")
        raise


def _languages() -> list[tuple[str, str]]:
    return list(LANGUAGES.items())


def _zones() -> list[str]:
    forum = this_forum()
    return sorted({forum.time_zone, this_person().time_zone, *(one.time_zone for one in delegations(forum)), "UTC"})
