"""``/<forum>/``: the way in. Whoever is signed in goes on to what waits; everybody else reads where it stands and what is open."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from declaration.adoption.stages import ENDS, STAGES
from declaration.credentials.states import current
from declaration.desk.blueprint import blueprint, this_forum
from declaration.drafts.reading import may_read
from declaration.endorsements import figures
from declaration.forums.delegations import in_order
from declaration.procedure import consequences
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.get("/<forum>/")
@allow(PUBLIC)
def front(forum: str) -> ResponseReturnValue:
    """The declaration in one sentence, the figures that the record gives, and what anybody may open."""
    if optional_actor() is not None:
        return redirect(url_for("desk.home", forum=forum))
    state, moment = current(current_session(), this_forum()), now()
    at = consequences.stage(state, moment)
    return render_template(
        "desk/front.html",
        state=state,
        stands=next((each.now for each in STAGES if each.name == at), ENDS.get(at, "")),
        reads=may_read(state, None, moment) and state.current is not None,
        signing=state.window is not None and moment >= state.window.opens,
        closed=state.window is not None and moment >= state.window.closes,
        totals=figures.totals(state),
        delegations=in_order(this_forum(), language()),
    )
