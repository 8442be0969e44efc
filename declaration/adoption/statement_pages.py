"""``/<forum>/statements``: what delegations state on the text, beside it and never in it."""

from __future__ import annotations

from flask import Blueprint, Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from declaration.adoption import statements
from declaration.credentials.states import current
from declaration.drafts import views
from declaration.forums import sections
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

blueprint = Blueprint("statements", __name__)

KIND_WORDS = {
    "interpretative_statement": _l("Interpretative statement"),
    "explanation_of_position": _l("Explanation of position"),
}
STATUS_WORDS = {
    "lodged": ("wait", _l("Lodged with the secretariat")),
    "circulated": ("adref", _l("Circulated")),
    "recorded": ("yes", _l("Attached to the minute")),
    "out_of_order": ("no", _l("Ruled out of order")),
    "withdrawn": ("deleted", _l("Withdrawn")),
}


def init_app(app: Flask) -> None:
    """Register the page and its section."""
    statements.register(app)
    app.register_blueprint(blueprint)
    sections.add(app, "statements.listing", _l("Statements"), order=36, foot=True)


@blueprint.get("/<forum>/statements")
@allow(PUBLIC)
def listing(forum: str) -> ResponseReturnValue:
    """Every statement that this reader may read; a head's form for a new one."""
    session, actor, moment = current_session(), optional_actor(), now()
    state = current(session, g.forum)
    lines = views.working_lines(state) if state.current is not None else []
    may_lodge = actor is not None and actor.role == "head" and state.current is not None
    return render_template(
        "adoption/statements.html",
        state=state,
        shown=statements.listed(session, g.forum, state, actor, moment),
        lodge=statements.ask_to_lodge(session, g.forum, state, actor, moment) if actor and may_lodge else None,
        kinds=KIND_WORDS,
        statuses=STATUS_WORDS,
        units=[(line.id, views.where({line.id: line.label}, line.kind, line.id)) for line in lines],
        party=lambda name: views.party_name(g.forum, name, language()),
        unit_name=lambda unit: views.unit_name(state, unit),
    )
