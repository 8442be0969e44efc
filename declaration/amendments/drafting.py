"""A delegation's drafts: written by a member, released by the head. Nobody else finds these pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.amendments import operations
from declaration.amendments.composing import base_units, cleaned, next_symbol, number_of
from declaration.amendments.models import Draft
from declaration.amendments.operations import DraftConflict
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.errors import DeclarationError, NotFound
from declaration.forums.models import Person
from declaration.procedure.state import State
from declaration.text.redline import Change, redline
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

blueprint = Blueprint("drafting", __name__)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form."""

    text: str
    rationale: str
    language: str
    revision: int


def base_text(state: State, unit: str, amends: str | None = None) -> str:
    """The words that a draft on ``unit`` starts from."""
    if amends is not None and amends not in state.amendments:
        raise NotFound(_("There is no such proposal."), code="amendment.unknown")
    found = base_units(state, amends).get(unit)
    if found is None:
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    return found.text


@blueprint.get("/<forum>/drafts")
@allow("head", "member")
def listing(forum: str) -> ResponseReturnValue:
    """The delegation's drafts, and what was submitted."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    rows = [(each, _author(each), _changes(state, each)) for each in operations.drafts_of(session, g.forum, actor)]
    submitted = [each for each in state.amendments.values() if each.proposer == actor.delegation]
    return render_template("amendments/drafts.html", rows=rows, submitted=submitted, state=state)


@blueprint.get("/<forum>/paragraphs/<unit>/propose")
@allow("head", "member")
def propose(forum: str, unit: str) -> ResponseReturnValue:
    """The editor on a paragraph, before anything is saved."""
    state = current(current_session(), g.forum)
    op, amends = _op(), request.args.get("amends") or None
    base = base_text(state, unit, amends)
    text = "" if op == "insert_after" else base
    return _editor(state, None, unit, op, amends, Written(text, "", current_actor().language, 0), base)


@blueprint.post("/<forum>/paragraphs/<unit>/propose")
@allow("head", "member")
def begin(forum: str, unit: str) -> ResponseReturnValue:
    """Save a new draft, or show it again with its redline."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    op, amends = _op(), request.form.get("amends") or None
    base, written = base_text(state, unit, amends), _written()
    if request.form.get("do") == "preview":
        return _editor(state, None, unit, op, amends, written, base)
    try:
        draft = operations.new_draft(
            session, g.forum, state, actor, op=op, unit=unit, amends=amends, text=written.text, rationale=written.rationale,
            now=now(),
        )  # fmt: skip
    except DeclarationError as error:
        if isinstance(error, NotFound):
            raise
        return _editor(state, None, unit, op, amends, written, base, error), 422
    draft.language = written.language
    return _done(draft)


@blueprint.get("/<forum>/drafts/<draft_id>")
@allow("head", "member")
def edit(forum: str, draft_id: str) -> ResponseReturnValue:
    """The editor on a saved draft."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    if draft.status == "released":
        return redirect(url_for("amendments.paragraph", forum=forum, unit=draft.unit))
    written = Written(draft.text, draft.rationale, draft.language, draft.revision)
    return _editor(state, draft, draft.unit, draft.op, draft.amends, written, base_text(state, draft.unit, draft.amends))


@blueprint.post("/<forum>/drafts/<draft_id>")
@allow("head", "member")
def save(forum: str, draft_id: str) -> ResponseReturnValue:
    """Save a draft; two people who save at once are shown both texts."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    base, written = base_text(state, draft.unit, draft.amends), _written()
    if request.form.get("do") == "preview":
        return _editor(state, draft, draft.unit, draft.op, draft.amends, written, base)
    try:
        operations.save(
            session, state, draft, text=written.text, rationale=written.rationale, language=written.language,
            revision=written.revision, now=now(),
        )  # fmt: skip
        if request.form.get("do") in ("ask", "release"):
            operations.draft_edits(state, draft)
    except DraftConflict as conflict:
        page = render_template(
            "amendments/conflict.html", draft=draft, mine=written, theirs=conflict.theirs, base=base,
            between=redline(conflict.theirs.text, conflict.mine), author=_author(draft),
        )  # fmt: skip
        return page, 409
    except DeclarationError as error:
        return _editor(state, draft, draft.unit, draft.op, draft.amends, written, base, error), 422
    return _done(draft)


def _done(draft: Draft) -> ResponseReturnValue:
    session = current_session()
    do = request.form.get("do")
    if do == "release":
        return redirect(url_for("drafting.release", forum=g.forum.slug, draft_id=draft.id))
    if do == "ask" and draft.status == "draft":
        operations.ask_head(session, draft, now=now())
        flash(_("Your head of delegation finds it on their page."), "good")
        return redirect(url_for("drafting.listing", forum=g.forum.slug))
    flash(_("Saved. Only your delegation can see it."), "good")
    return redirect(url_for("drafting.edit", forum=g.forum.slug, draft_id=draft.id))


@blueprint.get("/<forum>/drafts/<draft_id>/release")
@allow("head")
def release(forum: str, draft_id: str) -> ResponseReturnValue:
    """Before the head signs: the words, the redline, the reason, and who will see it."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    if draft.status == "released":
        return redirect(url_for("amendments.paragraph", forum=forum, unit=draft.unit))
    return render_template(
        "amendments/release.html", draft=draft, author=_author(draft), changes=_changes(state, draft), state=state,
        ask=_release_ask(state, draft), symbol=next_symbol(state),
    )  # fmt: skip


@blueprint.post("/<forum>/drafts/<draft_id>/return")
@allow("head")
def send_back(forum: str, draft_id: str) -> ResponseReturnValue:
    """Give a draft back to its author, with a note that stays inside."""
    session, actor = current_session(), current_actor()
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    operations.return_to_member(session, draft, request.form.get("note", ""), now=now())
    flash(_("Returned with your note. Only your delegation can read it."), "good")
    return redirect(url_for("drafting.listing", forum=forum))


@blueprint.post("/<forum>/drafts/<draft_id>/discard")
@allow("head", "member")
def discard(forum: str, draft_id: str) -> ResponseReturnValue:
    """Take a draft away."""
    session, actor = current_session(), current_actor()
    operations.discard(session, operations.own_draft(session, g.forum, actor, draft_id))
    flash(_("The draft is gone."), "good")
    return redirect(url_for("drafting.listing", forum=forum))


def _release_ask(state: State, draft: Draft) -> Ask:
    session, actor, moment = current_session(), current_actor(), now()
    late = state.deadline is not None and moment >= state.deadline
    body = {"symbol": next_symbol(state), "edits": _edits(state, draft), "amends": draft.amends, "content": "0" * 64}
    type_ = "amendment.submit_late-v1" if late else "amendment.submit-v1"
    return acts.offer(session, g.forum, actor, type_, state.current, body, now=moment, filled_in=True)


def _edits(state: State, draft: Draft) -> list[dict[str, object]]:
    try:
        return operations.draft_edits(state, draft)
    except DeclarationError:
        return []


def _op() -> str:
    wanted = request.values.get("op", "replace")
    return wanted if wanted in operations.OPS else "replace"


def _written() -> Written:
    form = request.form
    revision = form.get("revision", "0")
    return Written(
        form.get("text", ""), form.get("rationale", ""), form.get("language", current_actor().language)[:3],
        int(revision) if revision.isascii() and revision.isdigit() else 0,
    )  # fmt: skip


def _author(draft: Draft) -> str:
    return current_session().get_one(Person, draft.author_id).name


def _changes(state: State, draft: Draft) -> list[Change]:
    base = base_units(state, draft.amends).get(draft.unit)
    if base is None:
        return []
    if draft.op == "insert_after":
        return [Change("insert", draft.text)]
    return [Change("delete", base.text)] if draft.op == "delete" else redline(base.text, draft.text)


def _editor(
    state: State, draft: Draft | None, unit: str, op: str, amends: str | None, written: Written, base: str,
    error: DeclarationError | None = None,
) -> str:  # fmt: skip
    try:
        changes = [Change("insert", cleaned(written.text))] if op == "insert_after" else redline(base, cleaned(written.text))
    except DeclarationError as refused:
        changes, error = [], error or refused
    return render_template(
        "amendments/editor.html", state=state, draft=draft, unit=unit, op=op, amends=amends, written=written, base=base, error=error,
        changes=changes, number=number_of(state, unit), deadline=state.deadline,
        late=state.deadline is not None and now() >= state.deadline,
        head=current_actor().role == "head", parent=state.amendments.get(amends or ""),
    )  # fmt: skip
