"""``/<forum>/register/lapsed``: whose word no longer holds, since when, why, and what they can do. Nothing lapses out of sight."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from declaration.drafts.reading import require_reader
from declaration.endorsements import lapses
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.i18n import language


@blueprint.get("/<forum>/register/lapsed")
@allow(PUBLIC)
def lapsed(forum: str) -> ResponseReturnValue:
    """The rule, and everything that has lapsed by it; for whoever reads the texts."""
    found, state, moment = this_forum(), this_state(), now()
    require_reader(state, optional_actor(), moment)
    corrections = sum(len(done) for done in state.corrected.values())
    kept = sum(each.stands and each.status != "withdrawn" for each in state.endorsements.values())
    return render_template(
        "endorsements/lapsed.html", state=state, rows=lapses.rows(found, state, moment, language()), corrections=corrections, kept=kept,
    )  # fmt: skip
