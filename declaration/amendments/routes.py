"""Pages of amendments: a paragraph with its proposals, the delegation's drafts, the head's release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.amendments import (
    composers,
    drafting,
    editing,
    models,
    offers,
    one,
    proposals,
    releasing,
    revisions,
    showing,
    silence,
    words,
)
from declaration.amendments.composing import base_units, neighbours, next_symbol, number_of, short
from declaration.credentials import acts
from declaration.credentials.states import current
from declaration.drafts.reading import require_reader
from declaration.errors import NotFound, Refused
from declaration.forums import sections
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State
from declaration.web.access import PUBLIC, Actor, allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.logs import inside

__all__ = ["blueprint", "init_app", "models"]

blueprint = Blueprint("amendments", __name__)

Extra = Callable[[str], dict[str, Any]]


def init_app(app: Flask) -> None:
    """Register how proposals and decisions are composed, and the section of proposals."""
    for type_ in (releasing.SUBMIT, releasing.LATE):
        acts.register(app, type_, compose=composers.compose_submission, then=composers.note_released)
    acts.register(app, releasing.WITH_BREAK, compose=composers.compose_with_break, then=composers.note_released)
    acts.register(app, releasing.REVISE, compose=composers.compose_revision, then=composers.note_released)
    acts.register(app, "amendment.table_chair_text-v1", compose=composers.compose_chair_text)
    acts.register(app, "amendment.accept-v1", compose=composers.compose_acceptance)
    acts.register(app, "amendment.rebase-v1", compose=composers.compose_rebase)
    acts.register(app, "amendment.park-v1", compose=composers.compose_park)
    acts.register(app, "amendment.grant_leave-v1", compose=composers.compose_leave)
    silence.register(app)
    words.init_app(app)
    app.register_blueprint(drafting.blueprint)
    app.register_blueprint(revisions.blueprint)
    app.jinja_env.globals.update(proposal_address=_address)
    sections.add(app, "amendments.listing", _l("Proposals"), order=30)
    sections.add(app, "drafting.listing", _l("Drafts"), order=31)
    app.extensions.setdefault("paragraph-extras", [])


def add_to_paragraph(app: Flask, extra: Extra) -> None:
    """Let a feature above bring its part of a paragraph's page (comments): template variables by unit id."""
    app.extensions.setdefault("paragraph-extras", []).append(extra)


@blueprint.get("/<forum>/paragraphs/<unit>")
@allow(PUBLIC)
def paragraph(forum: str, unit: str) -> ResponseReturnValue:
    """One paragraph: the words as they stand, every proposal beside them, what collides, what was decided."""
    session, actor = current_session(), optional_actor()
    state = current(session, g.forum)
    require_reader(state, actor, now())
    if unit not in state.units and not consequences.proposals_on(state, unit):
        raise NotFound(_("There is no such paragraph."), code="unit.unknown", instead=_("The text shows all of them."))
    found = proposals.paragraph(session, g.forum, state, unit, now=now())
    acting = {}
    if actor is not None:
        for each in (*found.proposals, *found.decided):
            acting[each.amendment.digest] = offers.on_proposal(session, g.forum, state, actor, each.amendment, now=now())
    extra: dict[str, Any] = {}
    for more in current_app.extensions["paragraph-extras"]:
        extra.update(more(unit))
    return render_template(
        "amendments/paragraph.html", page=found, state=state, acting=acting, number=number_of(state, unit),
        neighbours=neighbours(state, unit), open_for_proposals=state.stage in ("first_reading", "second_reading"), **extra,
    )  # fmt: skip


@blueprint.get("/<forum>/proposals")
@allow(PUBLIC)
def listing(forum: str) -> ResponseReturnValue:
    """Every proposal in the order of the text, with what became of it."""
    session, actor = current_session(), optional_actor()
    state = current(session, g.forum)
    require_reader(state, actor, now())
    order = {unit: position for position, unit in enumerate(state.units)}
    rows = sorted(state.amendments.values(), key=lambda each: (order.get(each.units[0], len(order)), each.symbol))
    listed = [(each, short(state, each), consequences.amendment_status(state, each)) for each in rows]
    return render_template("amendments/listing.html", rows=listed, state=state)


@blueprint.get("/<forum>/proposals/<name>")
@allow(PUBLIC)
def proposal(forum: str, name: str) -> ResponseReturnValue:
    """One proposal: its paragraphs together, who stands behind it, its revisions, every act on it."""
    session, actor = current_session(), optional_actor()
    state = current(session, g.forum)
    require_reader(state, actor, now())
    amendment = one.find(state, name)
    page = one.page(session, g.forum, state, amendment)
    acting = offers.on_proposal(session, g.forum, state, actor, amendment, now=now(), every=True) if actor is not None else []
    status = consequences.amendment_status(state, amendment)
    return render_template(
        "amendments/proposal.html", page=page, state=state, status=status, short=short(state, amendment), acting=acting,
        number_of=number_of, changing=_changing(state, actor, page, status),
        own=actor is not None and actor.role in ("head", "member") and actor.delegation == amendment.proposer,
    )  # fmt: skip


def _changing(state: State, actor: Actor | None, page: one.Page, status: str) -> Refused | bool | None:
    """Whether the reader may propose a change to a proposal: ``None`` if never, the reason if not now."""
    if actor is None or actor.role not in ("head", "member", "chair"):
        return None
    if page.depth >= one.DEEPEST:
        return Refused("a sub-amendment of a sub-amendment is not itself amended", code="sub-amendment.depth")
    if status not in ("submitted", "late", "admitted", "parked"):
        return Refused("the proposal to be amended is not on the table", code="sub-amendment.target")
    if state.stage not in ("first_reading", "second_reading"):
        return Refused("proposals are made in the first and second reading", code="amendment.stage")
    return True


@blueprint.get("/<forum>/proposals/<name>/change/<unit>")
@allow("chair")
def change(forum: str, name: str, unit: str) -> ResponseReturnValue:
    """The Chair's change to a proposal: the words begin as the proposal would have them."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    amendment = one.find(state, name)
    units = base_units(state, amendment.digest)
    text = editing.require_unit(units, unit).text
    # Placeholders of the right form: what is signed is composed from the form.
    body = {
        "symbol": next_symbol(state), "amends": amendment.digest, "content": "0" * 64, "sources": [amendment.digest],
        "edits": [{"base": units[unit].sha256, "op": "replace", "splices": [[0, 0, "—"]], "unit": unit}],
    }  # fmt: skip
    ask = acts.offer(session, g.forum, actor, "amendment.table_chair_text-v1", state.current, body, now=now(), filled_in=True)
    return render_template(
        "amendments/change.html", amendment=amendment, short=short(state, amendment), name=name, unit=unit, text=text, ask=ask,
        number=number_of(state, unit), words_allowed=state.rules.rationale_words,
    )  # fmt: skip


@blueprint.post("/<forum>/paragraphs/<unit>/redline")
@inside
@allow("head", "member", "chair", reads_only=True)
def preview(forum: str, unit: str) -> ResponseReturnValue:
    """The redline of what is being written, as a fragment; asked for while somebody types. ``?part=`` counts the form's parts."""
    state = current(current_session(), g.forum)
    what = editing.about(state, request.form.get("amends") or None, request.form.get("revises") or None)
    units = editing.ground(state, what)
    editing.require_unit(units, unit)
    form, part = editing.read_form(unit), request.args.get("part", "0")
    number = int(part) if part.isascii() and part.isdigit() else 0
    if number >= len(form.text.parts):
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    shown = showing.of_part(state, form.text.parts[number], units)
    if shown.error is not None:
        return render_template("amendments/redline_refused.html", error=shown.error), 200
    return render_template("amendments/redline.html", shown=shown, changed=any(each.op != "equal" for each in shown.changes))


def _address(amendment: Amendment) -> str:
    """The address of a proposal's page."""
    state = current(current_session(), g.forum)
    return url_for("amendments.proposal", forum=g.forum.slug, name=one.address(state, amendment))
