"""``/<forum>/silences``: every silence procedure, and one of them with its exact words, its hour and who ended it."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from declaration.adoption import forms, silences
from declaration.adoption.blueprint import blueprint, readable
from declaration.procedure.state import Amendment
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session


@blueprint.get("/<forum>/silences")
@allow(PUBLIC)
def silence_list(forum: str) -> ResponseReturnValue:
    """Those that run first, by the hour at which they end; then the others, the latest first."""
    state, session = readable(), current_session()
    running = silences.live(state)
    ended = [each for each in reversed(state.silences.values()) if not each.live]
    rows = [silences.shown(session, g.forum, state, each) for each in (*running, *ended)]
    return render_template("adoption/silences.html", state=state, rows=rows, address=silences.address, moment=now())


@blueprint.get("/<forum>/silences/<name>")
@allow(PUBLIC)
def silence(forum: str, name: str) -> ResponseReturnValue:
    """One silence procedure."""
    state, session, actor = readable(), current_session(), optional_actor()
    found = silences.find(state, name)
    mine = actor is not None and actor.role == "head" and found.by == actor.party
    return render_template(
        "adoption/silence.html",
        state=state,
        shown=silences.shown(session, g.forum, state, found),
        name=silences.address(found),
        acting=silences.on_silence(session, g.forum, state, actor, found, now=now()),
        answer=state.amendments.get(found.answer or ""),
        own_words=silences.own_words(g.forum, state, found) if mine else None,
        moment=now(),
        fill=forms.filled(g.forum, state, now(), silence=found),
    )


def silences_of(amendment: Amendment) -> list[silences.Shown]:
    """For a proposal's page: the silence procedures on it, the latest first."""
    state = readable()
    return [silences.shown(current_session(), g.forum, state, each) for each in silences.of_proposal(state, amendment.digest)]
