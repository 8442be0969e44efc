"""What parties, statuses and paragraphs are called in a page, for every template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Flask, g
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from declaration.credentials.states import current
from declaration.drafts import views
from declaration.procedure.state import State
from declaration.web.db import current_session
from declaration.web.i18n import language

AMENDMENT: Final = {
    "submitted": _l("submitted"),
    "late": _l("late, waiting for leave"),
    "admitted": _l("on the table"),
    "in_silence": _l("under silence"),
    "stale": _l("the words have changed"),
    "inadmissible": _l("inadmissible"),
    "parked": _l("parked, taken up elsewhere"),
    "merged": _l("merged"),
    "accepted": _l("accepted"),
    "not_retained": _l("not retained"),
    "lapsed": _l("lapsed"),
    "withdrawn": _l("withdrawn"),
}


def init_app(app: Flask) -> None:
    """Give templates ``party_name``, ``party_tag``, ``amendment_word``, ``unit_status`` and ``unit_name``."""
    app.jinja_env.globals.update(
        party_name=party_name, party_tag=party_tag, amendment_word=amendment_word, unit_status=unit_status, unit_name=unit_name
    )


def party_name(party: str) -> str:
    """A delegation's name or an office, in the reader's language."""
    return views.party_name(g.forum, party, language())


def party_tag(party: str) -> str:
    """The same, short."""
    return views.party_tag(g.forum, party, language())


def amendment_word(status: str) -> str:
    """What became of a proposal."""
    return str(AMENDMENT.get(status, status))


def unit_status(status: str) -> Markup:
    """The sign and the word of a paragraph's status."""
    sign, word = views.PARAGRAPH_STATUS[status]
    return Markup('<span class="status status--{0}"><i class="sign sign--{0}" aria-hidden="true"></i>{1}</span>').format(sign, word)


def unit_name(unit: str, *, inside: bool = False) -> str:
    """What a unit is called; ``inside`` a sentence."""
    name = views.unit_name(current(current_session(), g.forum), unit)
    return within(name) if inside else name


def unit_names(state: State, units: Iterable[str]) -> dict[str, str]:
    """What units are called, by id, for a list to choose from."""
    labels = {line.id: line for line in views.working_lines(state)}
    return {
        unit: views.where({unit: labels[unit].label}, state.units[unit].kind, unit) if unit in labels else views.unit_name(state, unit)
        for unit in units
    }


def within(name: str) -> str:
    """A unit's name where it does not begin the sentence."""
    return name[:1].lower() + name[1:] if language() == "en" else name
