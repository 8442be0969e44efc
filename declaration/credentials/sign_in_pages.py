"""The way in by a key: a challenge, and what was signed around it. The page itself is the one that explains links."""

from __future__ import annotations

import structlog
from flask import Blueprint, Flask, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import TooManyRequests

from declaration.credentials import challenges, key_sign_in
from declaration.credentials.states import current, passkey_policy
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.forums import lifetimes, throttle
from declaration.forums.models import Forum
from declaration.forums.pages import begin_session, home_of
from declaration.forums.roles import ROLES
from declaration.protocol.encoding import b64decode, canonical
from declaration.web.access import PUBLIC, allow, role_name
from declaration.web.clock import now
from declaration.web.db import current_session

_DOOR = "key"
_LONGEST = 16_000
_log = structlog.get_logger("declaration.security")

blueprint = Blueprint("key_sign_in", __name__)


def init_app(app: Flask) -> None:
    """Register the routes, and what the page that explains says of each forum."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(sign_in_form=form_of)


def form_of(forum: Forum) -> dict[str, str] | None:
    """What the form of a forum says about it; None before there is a constitution, when no key has authority."""
    state = current(current_session(), forum)
    if state.constitution is None:
        return None
    policy = passkey_policy(forum, state)
    return {
        "action": url_for("key_sign_in.enter", forum=forum.slug),
        "challenge": url_for("key_sign_in.challenge", forum=forum.slug),
        "log": forum.origin,
        "rp_id": policy.rp_id,
        "origins": " ".join(policy.origins),
        "roles": canonical({role: role_name(role) for role in ROLES}).decode(),
    }


@blueprint.get("/<forum>/sign-in/challenge")
@allow(PUBLIC)
def challenge(forum: str) -> ResponseReturnValue:
    """Something new to sign; nothing is written."""
    answer = jsonify(challenge=challenges.give(g.forum.origin, now=lifetimes.machine_now()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<forum>/sign-in")
@allow(PUBLIC)
def enter(forum: str) -> ResponseReturnValue:
    """Begin a session for the holder of the key that has signed."""
    session, moment = current_session(), lifetimes.machine_now()
    door = throttle.door(_DOOR, request.remote_addr)
    if wait := throttle.seconds_to_wait(session, door, now=moment):
        _log.warning("sign-in.throttled", wait=wait)
        raise TooManyRequests(str(_l("Too many keys from here did not open the door. Wait a minute and try again.")), retry_after=wait)
    try:
        person, fingerprint = key_sign_in.who(session, g.forum, _presented(), now=now(), moment=moment)
    except DeclarationError as error:
        if not isinstance(error, Refused):  # whose key waits or has fallen is no guesser, and shares an address with a whole hall
            throttle.count_failure(session, door, now=moment)
        _log.warning("sign-in.refused", code=error.code)
        raise
    answer = redirect(_where(request.form.get("next", "")), 303)
    begin_session(answer, person, key=fingerprint)
    return answer


def _where(wanted: str) -> str:
    """The page of this forum that asked for somebody to sign in, else what waits for them; never an address elsewhere."""
    good = wanted.startswith(f"/{g.forum.slug}/") and "\\" not in wanted and wanted.isprintable()
    return wanted if good else home_of(g.forum)


def _presented() -> key_sign_in.Presented:
    form = request.form
    if not form.get("signature"):
        raise Malformed(
            "nothing was signed on this device",
            code="sign-in.missing",
            instead="Signing in with a key needs scripts. The link in your invitation works without them.",
        )
    if len(form["signature"]) > _LONGEST:
        raise Malformed("the signature is too long", code="signing.signature")
    return key_sign_in.Presented(
        challenge=form.get("challenge", ""), site=form.get("site", ""), signature=b64decode(form["signature"]),
        credential=form.get("credential", ""),
    )  # fmt: skip
