"""Comments on the page of a paragraph, and what people send from there. Everything works without scripts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.amendments.composing import short
from declaration.amendments.routes import add_to_paragraph
from declaration.comments import audiences, machine, models, operations, queries, views
from declaration.credentials.routes import local_path
from declaration.credentials.states import current
from declaration.drafts import views as draft_views
from declaration.drafts.reading import PARTICIPANTS, require_reader
from declaration.errors import Malformed, NotFound
from declaration.web.access import allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import LANGUAGES
from declaration.web.logs import inside

__all__ = ["blueprint", "init_app", "models"]

blueprint = Blueprint("comments", __name__)


def init_app(app: Flask) -> None:
    """Bring the threads to the page of a paragraph."""
    add_to_paragraph(app, on_paragraph)


def on_paragraph(unit: str) -> dict[str, Any]:
    """The template variable ``comments`` for a participant; nothing for anybody else."""
    actor = optional_actor()
    if actor is None or actor.role not in PARTICIPANTS:
        return {}
    session = current_session()
    state = current(session, g.forum)
    found = queries.on_unit(session, g.forum, actor, unit)
    return {"comments": views.section(g.forum, state, actor, unit, found)}


@blueprint.post("/<forum>/paragraphs/<unit>/comments")
@inside
@allow(*machine.WRITERS)
def begin(forum: str, unit: str) -> ResponseReturnValue:
    """Begin a thread on a paragraph, or on a proposal to it."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    require_reader(state, actor, now())
    about = request.form.get("about") or None
    try:
        message = operations.begin(
            session, g.forum, state, actor, unit=unit, amendment=about, text=request.form.get("text", ""),
            audience=request.form.get("audience", ""), language=_language(), now=now(),
        )  # fmt: skip
    except Malformed as error:
        amendment = state.amendments.get(about or "")
        heading = _("Comment on %(what)s", what=short(state, amendment) if amendment else draft_views.unit_name(state, unit))
        return _again(unit, heading, error, audiences.choices(actor), url_for("comments.begin", forum=forum, unit=unit)), 422
    flash(views.said_to(g.forum, message), "good")
    return redirect(_back(unit, message.thread_id))


@blueprint.post("/<forum>/comments/<thread_id>/reply")
@inside
@allow(*machine.WRITERS)
def reply(forum: str, thread_id: str) -> ResponseReturnValue:
    """Answer in a thread."""
    session, actor = current_session(), current_actor()
    found = queries.thread(session, g.forum, actor, thread_id)
    try:
        message = operations.reply(
            session, g.forum, actor, thread_id, text=request.form.get("text", ""), audience=request.form.get("audience", ""),
            language=_language(), now=now(),
        )  # fmt: skip
    except Malformed as error:
        options = operations.choices_in(found, actor)
        return _again(found.thread.unit, _("Reply"), error, options, url_for("comments.reply", forum=forum, thread_id=thread_id)), 422
    flash(views.said_to(g.forum, message), "good")
    return redirect(_back(found.thread.unit, thread_id))


@blueprint.post("/<forum>/comments/messages/<message_id>/widen")
@inside
@allow("head")
def widen(forum: str, message_id: str) -> ResponseReturnValue:
    """Open a comment to more readers."""
    session, actor = current_session(), current_actor()
    message = operations.widen(session, g.forum, actor, message_id, to=request.form.get("audience", ""), now=now())
    flash(views.said_to(g.forum, message), "good")
    return redirect(_back(message.thread.unit, message.thread_id))


@blueprint.post("/<forum>/comments/<thread_id>/<any(resolve, reopen, hide, unhide):step>")
@inside
@allow("chair", "secretariat", "head")
def settle(forum: str, thread_id: str, step: str) -> ResponseReturnValue:
    """Resolve a thread, reopen it, hide it or show it again."""
    session, actor = current_session(), current_actor()
    thread = operations.settle(session, g.forum, actor, thread_id, step, reason=request.form.get("reason", ""), now=now())
    flash(str(views.SETTLED[thread.status]) if step != "unhide" else _("The thread is shown again."), "good")
    return redirect(_back(thread.unit, thread_id))


def _again(unit: str, heading: str, error: Malformed, options: list[audiences.Choice], action: str) -> str:
    """The form once more, with what was typed and what is wrong with it."""
    state = current(current_session(), g.forum)
    if unit not in state.units and unit not in {each for one in state.amendments.values() for each in one.units}:
        raise NotFound("there is no such paragraph", code="unit.unknown")
    return render_template(
        "comments/again.html",
        heading=heading,
        error=error,
        action=action,
        back=_back(unit),
        unit=unit,
        about=request.form.get("about", ""),
        typed=request.form.get("text", ""),
        choices=views.choice_rows(g.forum, options),
        chosen=request.form.get("audience") or None,
        languages=LANGUAGES,
        language_chosen=_language(),
    )


def _language() -> str:
    wanted = request.form.get("language", "")
    return wanted if wanted in LANGUAGES else current_actor().language


def _back(unit: str, thread_id: str | None = None) -> str:
    """The page that the form stood on, at the thread."""
    page = url_for("amendments.paragraph", forum=g.forum.slug, unit=unit)
    page = local_path(request.form.get("next", ""), page)
    return f"{page}#thread-{thread_id}" if thread_id else page
