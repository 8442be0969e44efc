"""Pages of amendments: a paragraph with its proposals, the delegation's drafts, the head's release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.amendments import drafting, models, offers, operations, proposals, words
from declaration.amendments.composing import cleaned, neighbours, number_of, short
from declaration.credentials import acts
from declaration.credentials.states import current
from declaration.drafts.reading import require_reader
from declaration.errors import DeclarationError, NotFound
from declaration.forums import sections
from declaration.procedure import consequences
from declaration.text.redline import redline
from declaration.web.access import PUBLIC, allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

__all__ = ["blueprint", "init_app", "models"]

blueprint = Blueprint("amendments", __name__)

Extra = Callable[[str], dict[str, Any]]


def init_app(app: Flask) -> None:
    """Register how proposals and decisions are composed, and the section of proposals."""
    for type_ in ("amendment.submit-v1", "amendment.submit_late-v1"):
        acts.register(app, type_, compose=operations.compose_submission, then=operations.note_released)
    acts.register(app, "amendment.table_chair_text-v1", compose=operations.compose_chair_text)
    acts.register(app, "amendment.accept-v1", compose=operations.compose_acceptance)
    acts.register(app, "amendment.rebase-v1", compose=operations.compose_rebase)
    acts.register(app, "amendment.park-v1", compose=operations.compose_park)
    acts.register(app, "amendment.grant_leave-v1", compose=operations.compose_leave)
    words.init_app(app)
    app.register_blueprint(drafting.blueprint)
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


@blueprint.post("/<forum>/paragraphs/<unit>/redline")
@allow("head", "member", "chair", reads_only=True)
def preview(forum: str, unit: str) -> ResponseReturnValue:
    """The redline of what is being written, as a fragment; asked for while somebody types."""
    state = current(current_session(), g.forum)
    current_actor()
    base = drafting.base_text(state, unit, request.form.get("amends") or None)
    try:
        changes = redline(base, cleaned(request.form.get("text", "")))
    except DeclarationError as error:
        return render_template("amendments/redline_refused.html", error=error), 200
    return render_template(
        "amendments/redline.html", changes=changes, changed=any(c.op != "equal" for c in changes), number=number_of(state, unit)
    )
