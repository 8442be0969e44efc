"""Refusals as people say them: paragraphs by their names, hours in the reader's zone.

The rules name paragraphs by their ids, because they are pure. A page that has the state before it says the same with the numbers that
are printed in front of the paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from declaration.amendments.composing import short
from declaration.amendments.words import unit_names, within
from declaration.credentials.signing import Ask
from declaration.drafts import views
from declaration.errors import DeclarationError
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.i18n import language, when
from declaration.web.refusals import SaidInWords


def said(forum: Forum, state: State, ask: Ask, units: Sequence[str] = ()) -> Ask:
    """``ask`` with its refusal in the words of a person, where there are such.

    :param units: the paragraphs that the act is about.
    """
    return ask if ask.refusal is None else replace(ask, refusal=in_words(forum, state, ask.refusal, units))


def in_words(forum: Forum, state: State, error: DeclarationError, units: Sequence[str] = ()) -> DeclarationError:
    """The error, or another one of the same code that says the same with names."""
    message, instead = _told(forum, state, error.code, units)
    return error if not message else SaidInWords(message, code=error.code, instead=instead)


def _told(forum: Forum, state: State, code: str, units: Sequence[str]) -> tuple[str, str]:
    match code:
        case "agreed.brackets":
            return _unsettled(state), _("Settle these first.")
        case "agreed.reserves":
            return _("reserved: %(list)s", list=reserved(forum, state)), _("Their heads lift the reserves, or you reopen the paragraphs.")
        case "confirmation.waiting":
            waiting = consequences.waiting_for_confirmation(state)
            return _("waiting for %(list)s", list=tags(forum, waiting)), ""
        case "paragraph.under-silence":
            return _silence(state, units), _("Wait for the hour, or cancel the silence procedure.")
        case "paragraph.small-group":
            found = [unit for unit in units if unit in state.groups]
            return _("before a small group: %(list)s", list=listed(state, found)), _("The secretariat reports back from the group first.")
        case "paragraph.proposals-open":
            waiting_ones = [short(state, each) for each in state.amendments.values() if each.open and not set(units).isdisjoint(each.units)]
            return _("still on the table: %(list)s", list=", ".join(waiting_ones)), _("Decide on each of them first.")
        case "paragraph.state" if any(consequences.silence_on(state, unit) for unit in units):
            return _silence(state, units), _("Wait for the hour, or cancel the silence procedure.")
        case "paragraph.state":
            return _status(state, units), ""
        case _:
            return "", ""


def _unsettled(state: State) -> str:
    """What keeps the text from being agreed, by the reason why; a reserve is no bracket."""
    found = consequences.unsettled(state)
    by = {status: listed(state, [unit for unit, each in found.items() if each == status]) for status in consequences.UNSETTLED}
    parts = [
        _("still in brackets: %(list)s", list=by["bracketed"]) if by["bracketed"] else "",
        _("under silence: %(list)s", list=by["under_silence"]) if by["under_silence"] else "",
        _("before a small group: %(list)s", list=by["small_group"]) if by["small_group"] else "",
    ]
    return "; ".join(part for part in parts if part)


def _silence(state: State, units: Sequence[str]) -> str:
    for unit in units:
        silence = consequences.silence_on(state, unit)
        if silence is not None:
            name = views.unit_name(state, unit)
            return str(_("%(what)s is under silence until %(when)s", what=within(name), when=when(silence.expires, "short").striptags()))
    return ""


def _status(state: State, units: Sequence[str]) -> str:
    statuses = {unit: consequences.paragraph_status(state, unit) for unit in units}
    names = unit_names(state, units)
    parts = [f"{names[unit]}: {within(str(views.PARAGRAPH_STATUS[status][1]))}" for unit, status in statuses.items()]
    return ", ".join(parts)


def listed(state: State, units: Sequence[str]) -> str:
    """Paragraphs in a sentence: paragraph 5, paragraph 8 bis."""
    names = unit_names(state, units)
    return ", ".join(within(names[unit]) for unit in units)


def listed_first(state: State, units: Sequence[str]) -> str:
    """Paragraphs at the head of a line: Paragraph 5, Paragraph 8 bis."""
    names = unit_names(state, units)
    return ", ".join(names[unit] for unit in units)


def reserved(forum: Forum, state: State) -> str:
    """Every reserve in a sentence: paragraph 16 by KZ."""
    held = {unit: each for unit, each in state.reserves.items() if each}
    names = unit_names(state, held)
    return ", ".join(
        _("%(what)s by %(list)s", what=within(names[unit]), list=tags(forum, [each.delegation for each in placed]))
        for unit, placed in held.items()
    )


def tags(forum: Forum, parties: Sequence[str]) -> str:
    """Delegations in a sentence, short."""
    return ", ".join(views.party_tag(forum, party, language()) for party in parties)
