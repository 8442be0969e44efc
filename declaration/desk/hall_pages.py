"""``/<forum>/hall``: the projector, no acts. It is read at thirty metres, nobody touches it, and it keeps itself current.

The page is a frame with a fragment in it. ``static/js/hall.js`` asks for the fragment again every few seconds; an unchanged one is
answered with 304, and every answer says by the server's clock as at when it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from declaration.adoption import stages
from declaration.amendments.composing import number_of
from declaration.credentials.states import current
from declaration.desk import hall, screens, strip, table
from declaration.desk.blueprint import blueprint, this_forum
from declaration.drafts import queries, views
from declaration.drafts.reading import require_reader
from declaration.errors import NotFound
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.get("/<forum>/hall")
@allow(PUBLIC)
def hall_start(forum: str) -> ResponseReturnValue:
    """The screen that follows the sitting by itself. ``?second=tr`` chooses the language under the original."""
    state = _state()
    return _framed(state, _following(state), url_for("desk.hall_now", forum=forum, second=request.args.get("second")))


@blueprint.get("/<forum>/hall/now")
@allow(PUBLIC)
def hall_now(forum: str) -> ResponseReturnValue:
    """The same as a fragment, with an ETag."""
    state = _state()
    return _fragment(state, _following(state))


@blueprint.get("/<forum>/hall/<unit>")
@allow(PUBLIC)
def hall_unit(forum: str, unit: str) -> ResponseReturnValue:
    """One paragraph, whatever the stage."""
    state = _state()
    return _framed(state, unit, url_for("desk.hall_unit_now", forum=forum, unit=unit, second=request.args.get("second")))


@blueprint.get("/<forum>/hall/<unit>/now")
@allow(PUBLIC)
def hall_unit_now(forum: str, unit: str) -> ResponseReturnValue:
    """The same as a fragment, with an ETag."""
    return _fragment(_state(), unit)


@blueprint.post("/<forum>/hall/<unit>")
@allow("chair", "secretariat")
def hall_show(forum: str, unit: str) -> ResponseReturnValue:
    """Put a paragraph on the screen in the hall."""
    state = _state()
    if unit not in strip.order(state):
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    screens.show(current_session(), this_forum(), unit, now=now())
    return redirect(url_for("desk.table_unit", forum=forum, unit=unit))


def _following(state: State) -> str | None:
    """The paragraph to show, or None where the stage shows something else."""
    return screens.chosen(current_session(), this_forum(), state) if screens.mode(state, now()) == "paragraph" else None


def _framed(state: State, unit: str | None, address: str) -> Response:
    return make_response(render_template("desk/hall.html", address=address, **_screen(state, unit)))


def _fragment(state: State, unit: str | None) -> Response:
    moment = now()
    shown = f"{unit or ''} {request.args.get('second', '')}"
    etag = screens.tag(state, shown, language(), moment)
    answer = make_response("" if request.if_none_match.contains(etag) else render_template("desk/_hall.html", **_screen(state, unit)))
    answer.set_etag(etag)
    answer.headers["X-As-At"] = _clock(moment)
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer.make_conditional(request)


def _screen(state: State, unit: str | None) -> Mapping[str, Any]:
    """Template variables of the fragment."""
    session, moment = current_session(), now()
    version = state.versions[state.current or ""]
    shared: dict[str, Any] = {
        "state": state,
        "version": version,
        "moment": moment,
        "clock": _clock(moment),
        "stage_now": next((str(each.now) for each in stages.STAGES if each.name == consequences.stage(state, moment)), ""),
        "mode": "paragraph" if unit is not None else screens.mode(state, moment),
    }
    if unit is not None:
        return shared | _paragraph(state, unit, moment)
    if shared["mode"] == "signing":
        title = str(_("The signed head of the record"))
        return shared | {"signing": screens.signing(session, this_forum(), state, language(), title), "size": "", "name": _("Signatures")}
    return shared | {"plenary": screens.plenary(session, this_forum(), state), "size": "", "name": _("Adoption")}


def _paragraph(state: State, unit: str, moment: datetime) -> dict[str, Any]:
    if unit not in state.units and not consequences.proposals_on(state, unit):
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    found = hall.shown(state, this_forum(), unit)
    second, words = _second(state, unit)
    ids = strip.order(state)
    here = ids.index(unit) if unit in ids else -1
    sign, word = views.PARAGRAPH_STATUS[consequences.paragraph_status(state, unit)]
    tiles = {tile.id: tile for part in strip.strip(state) for tile in part.tiles}
    silence = consequences.silence_on(state, unit)
    reading = state.stage == "first_reading" and state.deadline is not None and moment < state.deadline
    closing = silence.expires if silence is not None else state.deadline if reading else None
    first = next(iter(state.versions.values()))
    return {
        "unit": unit,
        "name": tiles[unit].name if unit in tiles else views.unit_name(state, unit),
        "number": number_of(state, unit),
        "shown": found,
        "size": hall.size(max(found.letters, len(words))),
        "second": second,
        "second_words": words,
        "before": tiles[ids[here - 1]] if here > 0 else None,
        "after": tiles[ids[here + 1]] if 0 <= here < len(ids) - 1 else None,
        "sign": sign,
        "word": word,
        "stands": table.stands(state, this_forum(), unit),
        "silence": silence,
        "closing": closing,
        "closing_hour": closing.astimezone(ZoneInfo(this_forum().time_zone)).strftime("%H:%M") if closing else "",
        "since": (silence.opened_at or silence.announced_at) if silence is not None else first.at,
        "group": state.groups.get(unit),
    }


def _second(state: State, unit: str) -> tuple[str | None, str]:
    """The second language and its words, where there are any."""
    for lang in _languages(state):
        texts = queries.working_text(current_session(), this_forum(), state, lang)
        if unit in texts:
            return lang, texts[unit]
    return None, ""


def _clock(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(this_forum().time_zone)).strftime("%H:%M:%S")


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
