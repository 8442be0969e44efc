"""A delegation's drafts: written by a member, released by the head. Nobody else finds these pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.amendments import editing, operations, releasing, revisions, showing
from declaration.amendments.editing import About, Form
from declaration.amendments.models import Draft
from declaration.amendments.operations import DraftConflict, Text
from declaration.amendments.parts import OPS
from declaration.amendments.words import unit_name
from declaration.credentials.states import current
from declaration.errors import DeclarationError, NotFound
from declaration.forums.models import Person
from declaration.procedure.state import State
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.logs import inside

blueprint = Blueprint("drafting", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One draft in the list."""

    draft: Draft
    author: str
    name: str
    parts: list[showing.Shown]


@blueprint.get("/<forum>/drafts")
@inside
@allow("head", "member")
def listing(forum: str) -> ResponseReturnValue:
    """The delegation's drafts, those it took away, and what was submitted."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    rows = [row(state, each) for each in operations.drafts_of(session, g.forum, actor)]
    discarded = [row(state, each) for each in operations.drafts_of(session, g.forum, actor, ("discarded",))]
    submitted = [each for each in state.amendments.values() if each.proposer == actor.delegation]
    return render_template(
        "amendments/drafts.html", rows=rows, discarded=discarded, submitted=submitted, state=state, owner=str(actor.person_id),
        may_dispose=lambda draft: actor.role == "head" or draft.author_id == actor.person_id,
    )  # fmt: skip


def row(state: State, draft: Draft) -> Row:
    """A draft for the list."""
    return Row(draft, author_of(draft), unit_name(draft.unit), showing.of_draft(state, draft))


@blueprint.get("/<forum>/paragraphs/<unit>/propose")
@inside
@allow("head", "member")
def propose(forum: str, unit: str) -> ResponseReturnValue:
    """The editor on a paragraph, before anything is saved. ``?revises=`` begins with what an own proposal says now."""
    state = current(current_session(), g.forum)
    wanted = request.args.get("op", "replace")
    what = editing.about(state, request.args.get("amends") or None, request.args.get("revises") or None)
    units = editing.ground(state, what)
    if what.revises is not None:
        revisions.require_own(state, current_actor(), what.revises)
        parts = revisions.parts_of_proposal(state, state.amendments[what.revises])
    else:
        parts = [editing.begun(units, wanted if wanted in OPS else "replace", unit)]
    return editing.page(state, None, what, Text(tuple(parts), "", current_actor().language))


@blueprint.post("/<forum>/paragraphs/<unit>/propose")
@inside
@allow("head", "member")
def begin(forum: str, unit: str) -> ResponseReturnValue:
    """Save a new draft, or show it again with its redline."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    what = editing.about(state, request.form.get("amends") or None, request.form.get("revises") or None)
    editing.require_unit(editing.ground(state, what), unit)
    if what.revises is not None:
        revisions.require_own(state, actor, what.revises)
    form = editing.read_form(unit)
    if _is_small(form.do):
        return _altered(state, None, what, form)
    try:
        draft = operations.begin(
            session, g.forum, state, actor, form.text, now=now(), amends=what.amends, revises=what.revises, key=form.key or None
        )
    except DraftConflict as conflict:
        return revisions.conflict_page(state, conflict), 409
    except DeclarationError as error:
        if isinstance(error, NotFound):
            raise
        return editing.page(state, None, what, form.text, key=form.key, error=error), 422
    return _done(state, draft, form)


@blueprint.get("/<forum>/drafts/<draft_id>")
@inside
@allow("head", "member")
def edit(forum: str, draft_id: str) -> ResponseReturnValue:
    """The editor on a saved draft."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    if draft.status == "released":
        return redirect(url_for("amendments.paragraph", forum=forum, unit=draft.unit))
    if draft.status == "discarded":
        return redirect(url_for("drafting.listing", forum=forum, _anchor="discarded"))
    return editing.page(
        state, draft, about_of(draft), operations.text_of(draft), revision=draft.revision, error=operations.ready(state, draft), saved=True
    )


@blueprint.post("/<forum>/drafts/<draft_id>")
@inside
@allow("head", "member")
def save(forum: str, draft_id: str) -> ResponseReturnValue:
    """Save a draft; two people who save at once are shown both texts."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id, lock=True)
    form = editing.read_form(draft.unit)
    if _is_small(form.do):
        return _altered(state, draft, about_of(draft), form)
    try:
        operations.save(session, state, actor, draft, form.text, revision=form.revision, now=now(), key=form.key or None)
        if form.do in ("ask", "release"):
            operations.draft_edits(state, draft)
    except DraftConflict as conflict:
        return revisions.conflict_page(state, conflict), 409
    except DeclarationError as error:
        session.rollback()
        return editing.page(state, draft, about_of(draft), form.text, revision=form.revision, key=form.key, error=error), 422
    return _done(state, draft, form)


def about_of(draft: Draft) -> About:
    """What a draft is to."""
    return About(draft.amends, draft.revises)


def _is_small(do: str) -> bool:
    """Buttons that only draw the form again."""
    return do == "preview" or do.partition("-")[0] in ("add", "remove", "carry")


def _altered(state: State, draft: Draft | None, what: About, form: Form) -> ResponseReturnValue:
    """The form again, saved by nobody."""
    try:
        text = editing.altered(state, editing.ground(state, what), form.text, form.do)
    except NotFound:
        raise
    except DeclarationError as error:
        return editing.page(state, draft, what, form.text, revision=form.revision, key=form.key, error=error), 422
    return editing.page(state, draft, what, text, revision=form.revision, key=form.key)


def _done(state: State, draft: Draft, form: Form) -> ResponseReturnValue:
    """After saving: on to where the button leads. A script that sent the form by itself is told the address instead."""
    session, slug = current_session(), g.forum.slug
    if form.do == "release":
        onward = url_for("drafting.release", forum=slug, draft_id=draft.id)
    elif form.do == "ask" and draft.status == "draft":
        operations.ask_head(session, draft, now=now())
        flash(_("Your head of delegation finds it on their page."), "good")
        onward = url_for("drafting.listing", forum=slug)
    else:
        flash(_("Saved. Only your delegation can see it."), "good")
        onward = url_for("drafting.edit", forum=slug, draft_id=draft.id)
    if request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") == "application/json":
        return jsonify(url=onward, revision=draft.revision)
    return redirect(onward)


@blueprint.get("/<forum>/drafts/<draft_id>/release")
@inside
@allow("head")
def release(forum: str, draft_id: str) -> ResponseReturnValue:
    """Before the head signs: the words, the redline, the reason, and who will see it."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    if draft.status not in ("draft", "awaiting_head"):
        return redirect(url_for("drafting.edit", forum=forum, draft_id=draft_id))
    return render_template(
        "amendments/release.html", draft=draft, author=author_of(draft), parts=showing.of_draft(state, draft), state=state,
        problem=operations.ready(state, draft), offers=releasing.offers(session, g.forum, state, actor, draft, now=now()),
    )  # fmt: skip


@blueprint.post("/<forum>/drafts/<draft_id>/return")
@inside
@allow("head")
def send_back(forum: str, draft_id: str) -> ResponseReturnValue:
    """Give a draft back to its author, with a note that stays inside."""
    draft = _mine(draft_id)
    operations.return_to_member(current_session(), draft, request.form.get("note", ""), now=now())
    flash(_("Returned with your note. Only your delegation can read it."), "good")
    return redirect(url_for("drafting.listing", forum=forum))


@blueprint.post("/<forum>/drafts/<draft_id>/take-back")
@inside
@allow("head", "member")
def take_back(forum: str, draft_id: str) -> ResponseReturnValue:
    """The author goes on writing what the head has before them."""
    operations.take_back(current_session(), current_actor(), _mine(draft_id), now=now())
    flash(_("It does not wait for your head any more."), "good")
    return redirect(url_for("drafting.edit", forum=forum, draft_id=draft_id))


@blueprint.post("/<forum>/drafts/<draft_id>/discard")
@inside
@allow("head", "member")
def discard(forum: str, draft_id: str) -> ResponseReturnValue:
    """Take a draft away; it can be brought back."""
    operations.discard(current_session(), current_actor(), _mine(draft_id), now=now())
    flash(_("The draft is taken away. It can be brought back from the end of this page."), "good")
    return redirect(url_for("drafting.listing", forum=forum))


@blueprint.post("/<forum>/drafts/<draft_id>/bring-back")
@inside
@allow("head", "member")
def bring_back(forum: str, draft_id: str) -> ResponseReturnValue:
    """Undo it."""
    operations.bring_back(current_session(), _mine(draft_id), now=now())
    flash(_("The draft is back."), "good")
    return redirect(url_for("drafting.edit", forum=forum, draft_id=draft_id))


@blueprint.post("/<forum>/drafts/<draft_id>/erase")
@inside
@allow("head", "member")
def erase(forum: str, draft_id: str) -> ResponseReturnValue:
    """Erase it for good."""
    operations.erase(current_session(), current_actor(), _mine(draft_id))
    flash(_("The draft is erased, with everything that was ever saved of it."), "good")
    return redirect(url_for("drafting.listing", forum=forum))


def _mine(draft_id: str) -> Draft:
    return operations.own_draft(current_session(), g.forum, current_actor(), draft_id, lock=True)


def author_of(draft: Draft) -> str:
    """Who began a draft."""
    return current_session().get_one(Person, draft.author_id).name
