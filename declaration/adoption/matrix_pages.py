"""``/<forum>/agreed``: paragraphs by delegations, and several paragraphs put to the meeting at once."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from declaration.adoption import corrections, forms, matrix, unit_acts
from declaration.adoption.blueprint import blueprint, readable, this_forum
from declaration.forums.delegations import in_order
from declaration.procedure import consequences
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.get("/<forum>/agreed", endpoint="matrix")
@allow(PUBLIC)
def matrix_page(forum: str) -> ResponseReturnValue:
    """Who stands where on what; for the Chair the paragraphs that can be put to the meeting together."""
    session, state, actor, moment = current_session(), readable(), optional_actor(), now()
    if state.current is None:
        return render_template("drafts/no_text.html", state=state)
    delegations = in_order(this_forum(), language())
    chair = actor is not None and actor.role == "chair" and state.stage == "second_reading"
    can = {unit: chair and unit_acts.can_be_agreed(state, unit) for unit in state.units}
    ready = [unit for unit, yes in can.items() if yes]
    ask = unit_acts.agree(session, this_forum(), state, actor, ready, now=moment) if actor is not None and chair and ready else None
    agreed, total = matrix.settled(state)
    return render_template(
        "adoption/matrix.html",
        state=state,
        stage=consequences.stage(state, moment),
        rows=matrix.rows(state, delegations, can),
        words=matrix.WORDS,
        delegations=delegations,
        agreed=agreed,
        total=total,
        ask=ask,
        fill=forms.filled(this_forum(), state, moment),
        corrections=corrections.made(state),
        moment=moment,
    )
