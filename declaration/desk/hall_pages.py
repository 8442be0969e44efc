"""``/<forum>/hall``: one paragraph on the projector, no acts. It is read at thirty metres and nobody touches it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.adoption import stages
from declaration.amendments.composing import number_of
from declaration.credentials.states import current
from declaration.desk import hall, strip, table
from declaration.desk.blueprint import blueprint, this_forum
from declaration.drafts import queries, views
from declaration.drafts.reading import require_reader
from declaration.errors import NotFound
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session


@blueprint.get("/<forum>/hall")
@allow(PUBLIC)
def hall_start(forum: str) -> ResponseReturnValue:
    """On to the first paragraph in brackets, or to the first operative one."""
    state = _state()
    found = next(iter(consequences.brackets(state)), None)
    if found is None:
        found = next((unit.id for unit in state.units.values() if unit.kind == "operative"), next(iter(state.units)))
    return redirect(url_for("desk.hall_unit", forum=forum, unit=found))


@blueprint.get("/<forum>/hall/<unit>")
@allow(PUBLIC)
def hall_unit(forum: str, unit: str) -> ResponseReturnValue:
    """One paragraph. ``?second=tr`` chooses the language under the original."""
    session, state, moment = current_session(), _state(), now()
    if unit not in state.units and not consequences.proposals_on(state, unit):
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    found = hall.shown(state, this_forum(), unit)
    second, words = None, ""
    for lang in _languages(state):
        texts = queries.working_text(session, this_forum(), state, lang)
        if unit in texts:
            second, words = lang, texts[unit]
            break
    ids = strip.order(state)
    here = ids.index(unit) if unit in ids else -1
    sign, word = views.PARAGRAPH_STATUS[consequences.paragraph_status(state, unit)]
    tiles = {tile.id: tile for part in strip.strip(state) for tile in part.tiles}
    closing = state.deadline if state.stage == "first_reading" and state.deadline and moment < state.deadline else None
    first = next(iter(state.versions.values()))
    return render_template(
        "desk/hall.html",
        state=state,
        unit=unit,
        name=tiles[unit].name if unit in tiles else views.unit_name(state, unit),
        number=number_of(state, unit),
        shown=found,
        size=hall.size(max(found.letters, len(words))),
        second=second,
        second_words=words,
        before=tiles[ids[here - 1]] if here > 0 else None,
        after=tiles[ids[here + 1]] if 0 <= here < len(ids) - 1 else None,
        sign=sign,
        word=word,
        stands=table.stands(state, this_forum(), unit),
        closing=closing,
        closing_hour=closing.astimezone(ZoneInfo(this_forum().time_zone)).strftime("%H:%M") if closing else "",
        since=first.at,
        version=state.versions[state.current or ""],
        sentence_now=next((str(each.now) for each in stages.STAGES if each.name == consequences.stage(state, moment)), ""),
        clock=moment.astimezone(ZoneInfo(this_forum().time_zone)).strftime("%H:%M:%S"),
        moment=moment,
    )


def _state() -> State:
    state = current(current_session(), this_forum())
    require_reader(state, optional_actor(), now())
    if state.current is None:
        raise NotFound(_("No text has been circulated yet."), code="version.none-yet")
    return state


def _languages(state: State) -> list[str]:
    """Languages to try for the second text: the one asked for, then the authentic ones."""
    wanted = request.args.get("second", "")
    known = [lang for lang in (wanted, *state.known.authentic) if lang in state.known.languages and lang != state.known.original]
    return list(dict.fromkeys(known))
