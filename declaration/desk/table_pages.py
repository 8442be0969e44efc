"""``/<forum>/table``: one paragraph at a time, for the Chair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.adoption import offers as stage_offers
from declaration.adoption import paragraph_pages, silences, stages, standing
from declaration.adoption.unit_acts import UnitOffer
from declaration.amendments import offers, proposals
from declaration.amendments.composers import SOURCE
from declaration.amendments.composing import base_units, cleaned, number_of
from declaration.amendments.offers import Offer
from declaration.amendments.proposals import Paragraph, Proposal
from declaration.comments import queries as comment_queries
from declaration.comments import views as comment_views
from declaration.credentials.states import current
from declaration.desk import strip, table
from declaration.desk.blueprint import blueprint, this_forum
from declaration.drafts import views
from declaration.errors import DeclarationError, NotFound, Refused
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.procedure.working import result_of
from declaration.text.redline import Change, redline
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form of the Chair's text."""

    text: str
    sources: Sequence[str]
    reason: str
    changes: Sequence[Change]
    error: DeclarationError | None = None


@blueprint.get("/<forum>/table")
@allow("chair")
def table_start(forum: str) -> ResponseReturnValue:
    """On to the first paragraph in brackets, or to the first of the text."""
    state = current(current_session(), this_forum())
    if state.current is None:
        return render_template("drafts/no_text.html", state=state)
    found = next(iter(consequences.brackets(state)), None) or _first_operative(state)
    return redirect(url_for("desk.table_unit", forum=forum, unit=found))


@blueprint.get("/<forum>/table/<unit>")
@allow("chair")
def table_unit(forum: str, unit: str) -> ResponseReturnValue:
    """One paragraph at the table. ``?from=<digest>`` begins the Chair's text with the words of one proposal."""
    state = current(current_session(), this_forum())
    return _page(state, unit, _begun(state, unit, request.args.get("from")))


@blueprint.post("/<forum>/table/<unit>/preview")
@allow("chair", reads_only=True)
def table_preview(forum: str, unit: str) -> ResponseReturnValue:
    """The same page with the redline of what is in the form, for a browser without scripts; or with the ticked proposals merged."""
    state = current(current_session(), this_forum())
    _amends, base = table.ground(state, proposals.paragraph(current_session(), this_forum(), state, unit, now=now()))
    if base is None:
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    typed = request.form.get("text", "")
    sources = [name.removeprefix(SOURCE) for name in request.form if name.startswith(SOURCE)]
    reason = request.form.get("reason", "")
    try:
        if request.form.get("merge"):
            typed = table.merged(state, base, sources)
        written = Written(typed, sources, reason, redline(base.text, cleaned(typed)))
    except DeclarationError as error:
        written = Written(typed, sources, reason, (), error)
    return _page(state, unit, written)


def _page(state: State, unit: str, written: Written) -> str:
    session, forum, actor, moment = current_session(), this_forum(), current_actor(), now()
    if unit not in state.units and not consequences.proposals_on(state, unit):
        raise NotFound(_("There is no such paragraph."), code="unit.unknown", instead=_("The strip shows all of them."))
    page = proposals.paragraph(session, forum, state, unit, now=moment)
    second = state.stage == "second_reading"
    acting: list[tuple[Proposal, list[Offer], UnitOffer | None]] = [
        (
            each,
            offers.on_proposal(session, forum, state, actor, each.amendment, now=moment),
            silences.announcing(session, forum, state, actor, each.amendment, now=moment) if second else None,
        )
        for each in page.proposals
    ]
    onward = strip.next_open(state, unit)
    here = url_for("desk.table_unit", forum=forum.slug, unit=unit)
    onward_url = url_for("desk.table_unit", forum=forum.slug, unit=onward) if onward is not None else here
    # In the second reading the paragraph itself is put to the meeting once its last proposal is decided.
    after = here if second or len(page.open) > 1 else onward_url
    agree = next(
        (
            each
            for each in stage_offers.offered(session, forum, state, actor, moment)
            if each.offer.type not in (stages.LAPSE, stages.EXTEND, stages.REOPEN, stages.REFER_BACK)
        ),
        None,
    )
    found = comment_queries.on_unit(session, forum, actor, unit)
    return render_template(
        "desk/table.html",
        state=state,
        page=page,
        unit=unit,
        name=_name(state, unit),
        number=number_of(state, unit),
        parts=strip.strip(state),
        total=len(state.units),
        acting=[(each, offered, silence) for each, offered, silence in acting if offered or silence],
        press=_press(page),
        after=after,
        onward_url=onward_url,
        **paragraph_pages.about(unit),
        onward=onward,
        onward_name=views.unit_name(state, onward) if onward else "",
        written=written,
        chair_text=table.chair_text(session, forum, state, actor, page, now=moment),
        bridged=table.bridged(page),
        points=standing.points(state, forum, moment, endpoint="desk.table_unit"),
        amends=table.ground(state, page)[0],
        stage=consequences.stage(state, moment),
        agree=agree,
        stands=table.stands(state, forum, unit),
        log=table.last_acts(session, forum, state, unit),
        comments=comment_views.section(forum, state, actor, unit, found),
        here=here,
        source=SOURCE,
        status=page.status,
    )


def _press(page: Paragraph) -> str | None:
    """The digest of the proposal that is accepted with one key, where there is no choice between several."""
    tabled = [each for each in page.open if each.status == "admitted"]
    return tabled[0].amendment.digest if len(tabled) == 1 == len(page.open) else None


def _begun(state: State, unit: str, source: str | None) -> Written:
    """The Chair's text before anything was typed: the words as they stand, or those that one proposal would make of them."""
    amends, base = table.ground(state, proposals.paragraph(current_session(), this_forum(), state, unit, now=now()))
    if base is None:
        return Written("", (), "", ())
    if amends is not None:
        return Written(base.text, [amends], "", redline(base.text, base.text))
    text = base.text
    amendment = state.amendments.get(source or "")
    if amendment is not None:
        try:
            made = result_of(state, amendment).get(unit)
        except Refused:
            made = base_units(state, None).get(unit)
        text = made.text if made is not None else text
    ticked = [each.digest for each in consequences.proposals_on(state, unit) if each.status == "admitted" and each.kind != "chair_text"]
    return Written(text, ticked, "", redline(base.text, text))


def _first_operative(state: State) -> str:
    return next((unit.id for unit in state.units.values() if unit.kind == "operative"), next(iter(state.units)))


def _name(state: State, unit: str) -> str:
    if unit in state.units:
        return views.unit_name(state, unit)
    return str(_("New paragraph %(id)s", id=unit))
