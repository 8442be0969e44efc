"""What this package adds to a paragraph's page: its silence, its reserves, its small group, corrections, and the acts on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.adoption import corrections, forms, silences, unit_acts
from declaration.adoption.blueprint import blueprint, readable
from declaration.adoption.corrections import Correction
from declaration.adoption.forms import Filled
from declaration.adoption.unit_acts import UnitOffer
from declaration.amendments.composing import cleaned
from declaration.credentials import contents
from declaration.errors import DeclarationError, NotFound
from declaration.procedure.matters import Agreed, SmallGroup
from declaration.text.redline import redline
from declaration.web.access import allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session


@dataclass(frozen=True, slots=True)
class Placed:
    """A reserve with the reason that was given."""

    delegation: str
    until: datetime | None
    overdue: bool
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """See the module. ``asked`` is what the small group was asked to settle."""

    silences: Sequence[silences.Shown]
    group: SmallGroup | None
    asked: Mapping[str, str]
    reserves: Sequence[Placed]
    agreed: Agreed | None
    corrections: Sequence[Correction]
    acting: Sequence[UnitOffer]
    fill: Filled
    moment: datetime


def about(unit: str) -> dict[str, Any]:
    """Template variables for one paragraph."""
    session, state, moment = current_session(), readable(), now()
    group = state.groups.get(unit)
    placed = state.reserves.get(unit, ())
    documents = contents.read_many(session, g.forum.id, [each.content for each in placed] + ([group.content] if group else []))
    found = About(
        silences=[silences.shown(session, g.forum, state, each) for each in silences.live(state) if unit in each.units],
        group=group,
        asked=documents.get(group.content, {}) if group else {},
        reserves=[
            Placed(each.delegation, each.until, each.until is not None and each.until <= moment, documents.get(each.content, {}))
            for each in placed
        ],
        agreed=state.agreements.get(unit),
        corrections=[each for each in corrections.waiting(state) if unit in each.units],
        acting=unit_acts.on_paragraph(session, g.forum, state, optional_actor(), unit, now=moment),
        fill=forms.filled(g.forum, state, moment, unit=unit),
        moment=moment,
    )
    return {"about": found}


@blueprint.post("/<forum>/paragraphs/<unit>/correction")
@allow("secretariat", reads_only=True)
def correction_preview(forum: str, unit: str) -> ResponseReturnValue:
    """The redline of an editorial correction while it is being typed, as a fragment."""
    state = readable()
    if unit not in state.units:
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    try:
        changes = redline(state.units[unit].text, cleaned(request.form.get("text", "")))
    except DeclarationError as error:
        return render_template("amendments/redline_refused.html", error=error)
    return render_template("adoption/correction_preview.html", changes=changes)
