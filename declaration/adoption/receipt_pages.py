"""Receipts of reading: a delegation has received the text; it has read what changed since it last agreed."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from declaration.adoption import models, receipts
from declaration.adoption.blueprint import blueprint, readable, this_forum
from declaration.adoption.models import CHANGES
from declaration.adoption.receipts import Since
from declaration.drafts.reading import text_language
from declaration.errors import Refused
from declaration.procedure.state import State
from declaration.web.access import Actor, allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

__all__ = ["models"]


@blueprint.post("/<forum>/text/received")
@allow("head", "member")
def received(forum: str) -> ResponseReturnValue:
    """Note that the reader's delegation has the version in circulation before it."""
    state = readable()
    if state.current is None:
        raise Refused("no text has been circulated yet", code="version.none-yet")
    receipts.note(current_session(), this_forum(), current_actor(), state.current, now=now())
    return ("", 204) if request.headers.get("X-Fragment") else redirect(url_for("drafts.text", forum=forum))


@blueprint.post("/<forum>/stage/confirm/changes")
@allow("head")
def changes_read(forum: str) -> ResponseReturnValue:
    """The head has read what changed; on to the whole text and the confirmation."""
    state, session, actor = readable(), current_session(), current_actor()
    since = receipts.last_known(session, this_forum(), state, actor.party)
    if state.current is not None and since is not None:
        receipts.note(session, this_forum(), actor, state.current, now=now(), kind=CHANGES, base=since.version.digest)
    return redirect(url_for("adoption.on_text", forum=forum, step="confirm"))


def changes_first(state: State, actor: Actor, since: Since) -> str:
    """The page that stands before the confirmation: what changed since this delegation last agreed."""
    session, new = current_session(), state.current or ""
    known = receipts.languages(session, this_forum(), since.version.digest, new)
    lang = text_language(known, state.known.original)
    units = receipts.changes(session, this_forum(), since.version.digest, new, lang)
    return render_template(
        "adoption/changes.html",
        state=state,
        since=since,
        version=state.versions[new],
        units=units,
        changed=sum(each.differs for each in units),
        languages=known,
        lang=lang,
    )


def receipt_due() -> bool:
    """For the page of the text: whether opening it is a receipt."""
    return receipts.due(current_session(), g.forum, readable(), optional_actor())


def receipt_board() -> list[receipts.Received]:
    """For the Chair and the secretariat: who has received the version in circulation. Empty for everybody else."""
    actor, state = optional_actor(), readable()
    if actor is None or actor.role not in ("chair", "secretariat") or state.current is None:
        return []
    known = receipts.answered(current_session(), g.forum, state)
    return receipts.board(current_session(), g.forum, state.current, language(), known)
