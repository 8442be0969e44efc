"""``/<forum>/credentials``: letters of credentials, from the filing to the Chair's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents, letters, sealed
from declaration.credentials.models import Letter
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.forums import hours, sections
from declaration.forums.delegations import delegation, in_order
from declaration.procedure import consequences
from declaration.procedure.matters import Credential
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time
from declaration.web.access import Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

blueprint = Blueprint("letters", __name__)

STATUS_WORDS: Mapping[str, tuple[str, object]] = {
    "presented": ("wait", _l("Presented")),
    "under_examination": ("wait", _l("Under examination")),
    "accepted": ("yes", _l("Accepted")),
    "provisional": ("adref", _l("Admitted provisionally")),
    "refused": ("no", _l("Refused")),
    "replaced": ("none", _l("Replaced")),
    "expired": ("none", _l("Expired")),
}
_NOTHING = "0" * 64
_A_WEEK = timedelta(days=7)
_log = structlog.get_logger("declaration.security")


@dataclass(frozen=True, slots=True)
class Shown:
    """Credentials for a page: whom the letter names, the letter itself, and what the reader may do."""

    credential: Credential
    status: str
    names: str | None
    letter: Letter | None
    reason: str | None
    asks: Mapping[str, Ask]


def init_app(app: Flask) -> None:
    """Register the acts, the page and its section."""
    letters.register(app)
    app.register_blueprint(blueprint)
    sections.add(app, "letters.listing", _l("Credentials"), order=72, foot=True)


@blueprint.get("/<forum>/credentials")
@allow("chair", "secretariat", "head")
def listing(forum: str) -> ResponseReturnValue:
    """Credentials and letters that this reader may know of, with the acts that are theirs."""
    session, actor, moment = current_session(), current_actor(), now()
    state = current(session, g.forum)
    own = actor.delegation
    found = letters.filed(session, g.forum, delegation=own)
    by_hash = {(each.delegation, each.sha256): each for each in found}
    presented = {(each.delegation, each.document) for each in state.credentials.values()}
    shown = [
        _shown(session, state, actor, each, by_hash, moment) for each in state.credentials.values() if own is None or each.delegation == own
    ]
    waiting = [each for each in found if (each.delegation, each.sha256) not in presented]
    return render_template(
        "credentials/letters.html",
        state=state,
        shown=shown[::-1],
        waiting=[(each, _present(session, state, actor, each, moment)) for each in waiting] if actor.role != "chair" else [],
        filed=found,
        openings=sealed.openings(session, [each.sealed_id for each in found]),
        may_file=actor.role != "chair",
        delegations=[each for each in in_order(g.forum, language()) if own is None or each.id == own],
        statuses=STATUS_WORDS,
        name=lambda party: delegation(g.forum, party).name(language()),
        without=_without(state, moment) if own is None else [],
        due=hours.in_zone(g.forum, moment + _A_WEEK),
    )


@blueprint.post("/<forum>/credentials")
@allow("secretariat", "head")
def file(forum: str) -> ResponseReturnValue:
    """File a letter, sealed."""
    actor, upload = current_actor(), request.files.get("letter")
    whose = actor.delegation or request.form.get("delegation", "")
    body = upload.stream.read() if upload is not None else b""
    letters.file(current_session(), g.forum, actor, whose, body, request.form.get("names", ""), now=now())
    flash(_("The letter is filed. Present it for examination next."), "good")
    return redirect(url_for("letters.listing", forum=forum))


@blueprint.post("/<forum>/credentials/letters/<int:number>")
@allow("chair", "secretariat", "head")
def letter(forum: str, number: int) -> ResponseReturnValue:
    """The letter itself, to be saved. That it was opened is written down, which is why a link alone does not open it."""
    session, actor = current_session(), current_actor()
    found = letters.letter_for(session, g.forum, actor, number)
    plain = sealed.opened(session, g.forum, actor, found.sealed_id, now=now())
    _log.info("letter.opened", letter=number, delegation=found.delegation, by=actor.person_id)
    return sealed.handed_out(plain, sealed.media_type(session, found.sealed_id), f"credentials-{found.delegation}-{found.sha256[:8]}")


_OFFERED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "presented": {"secretariat": (letters.EXAMINE,)},
    "under_examination": {"chair": (letters.ACCEPT, letters.PROVISIONAL, letters.REFUSE)},
    "provisional": {"chair": (letters.REGULARIZE,), "secretariat": (letters.REPLACE,)},
    "accepted": {"secretariat": (letters.REPLACE,)},
}


def _shown(
    session: Session, state: State, actor: Actor, each: Credential, by_hash: Mapping[tuple[str, str], Letter], moment: datetime
) -> Shown:
    status = consequences.credential_status(each, moment)
    document = contents.read(session, g.forum.id, each.content) or {}
    reason = contents.read(session, g.forum.id, each.reason) if each.reason else None
    return Shown(
        each,
        status,
        document.get("names"),
        by_hash.get((each.delegation, each.document)),
        (reason or {}).get("text"),
        {
            type_.partition(".")[2].removesuffix("-v1"): acts.offer(
                session, g.forum, actor, type_, each.digest, body, now=moment, filled_in=body is not None
            )
            for type_, body in _bodies(state, each, _OFFERED.get(status, {}).get(actor.role, ()), by_hash, moment)
        },
    )


def _bodies(
    state: State, each: Credential, types: tuple[str, ...], by_hash: Mapping[tuple[str, str], Letter], moment: datetime
) -> list[tuple[str, dict[str, Any] | None]]:
    found: list[tuple[str, dict[str, Any] | None]] = []
    for type_ in types:
        if type_ == letters.PROVISIONAL:
            found.append((type_, {"due": format_time(moment + _A_WEEK), "content": _NOTHING}))
        elif type_ == letters.REGULARIZE:
            others = [sha256 for delegation_id, sha256 in by_hash if delegation_id == each.delegation and sha256 != each.document]
            if others:
                found.append((type_, {"document": others[0]}))
        elif type_ == letters.REPLACE:
            later = [one.digest for one in state.credentials.values() if one.delegation == each.delegation and one.at > each.at]
            if later:
                found.append((type_, {"successor": later[-1]}))
        else:
            found.append((type_, None))
    return found


def _present(session: Session, state: State, actor: Actor, each: Letter, moment: datetime) -> Ask | None:
    if state.constitution is None:
        return None
    body = {"delegation": each.delegation, "document": each.sha256, "until": None, "content": _NOTHING}
    return acts.offer(session, g.forum, actor, letters.PRESENT, state.constitution.digest, body, now=moment, filled_in=True)


def _without(state: State, moment: datetime) -> list[str]:
    """Delegations that have no accepted or provisional credentials."""
    if state.constitution is None:
        return []
    good = {
        each.delegation
        for each in state.credentials.values()
        if consequences.credential_status(each, moment) in ("accepted", "provisional")
    }
    return [party for party in state.constitution.delegations if party not in good]
