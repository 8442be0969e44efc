"""What stands between us and *agreed ad referendum*: brackets by owner, silences with their hour, small groups, reserves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from declaration.adoption import saying, silences
from declaration.adoption.points import Point, language_point
from declaration.drafts import views
from declaration.drafts.composing import is_circulated, next_symbol
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.i18n import language, time_left, when

Linker = Callable[[str], Markup]


def second_reading(state: State, forum: Forum, now: datetime, endpoint: str) -> list[Point]:
    """Every open point of the second reading; what is done is said once.

    :param endpoint: the page of a paragraph that the points lead to: the Chair's table, or the delegations' page.
    """
    labels = {line.id: line.label for line in views.working_lines(state)}

    def link(unit: str) -> Markup:
        return Markup('<a href="{}">{}</a>').format(url_for(endpoint, forum=forum.slug, unit=unit), labels.get(unit) or unit)

    found = consequences.unsettled(state)
    of = {status: [unit for unit, each in found.items() if each == status] for status in consequences.UNSETTLED}
    points = [
        _brackets(state, forum, of["bracketed"], link),
        *_silences(state, forum),
        *_groups(state, of["small_group"], link, now),
        *_reserves(state, forum, link, now),
        *_corrections(state),
        _circulated(state),
    ]
    points += [language_point(state, lang) for lang in state.known.authentic if lang != state.known.original]
    return points


def _brackets(state: State, forum: Forum, units: Sequence[str], link: Linker) -> Point:
    if not units:
        return Point(True, _("No paragraph is in brackets"))
    owned = []
    for unit in units:
        owners = [each.proposer for each in consequences.proposals_on(state, unit) if each.open]
        words = saying.tags(forum, list(dict.fromkeys(owners))) if owners else _("to be put to the meeting")
        owned.append(Markup("{} ({})").format(link(unit), words))
    return Point(False, Markup("{}: {}").format(_("In brackets"), Markup(", ").join(owned)), "bracketed")


def _silences(state: State, forum: Forum) -> list[Point]:
    found = []
    for each in silences.live(state):
        page = url_for("adoption.silence", forum=forum.slug, name=silences.address(each))
        name = Markup('<a href="{}">{}</a>').format(page, saying.listed(state, list(each.units)))
        if each.status == "running":
            words = Markup("{}: {}, {}").format(_("Silence"), name, _("%(time)s left", time=time_left(each.expires)))
        else:
            words = Markup("{}: {}").format(_("Silence announced, not opened"), name)
        found.append(Point(False, words, "silence" if each.status == "running" else "wait"))
    return found


def _groups(state: State, units: Sequence[str], link: Linker, now: datetime) -> list[Point]:
    found = []
    for unit in units:
        group = state.groups[unit]
        hour = when(group.report_by, "short")
        said = _("the report was due %(when)s") if group.report_by <= now else _("reports by %(when)s")
        found.append(Point(False, Markup("{}: {}, {}").format(_("Small group"), link(unit), escape(said) % {"when": hour}), "group"))
    return found


def _reserves(state: State, forum: Forum, link: Linker, now: datetime) -> list[Point]:
    """One point a reserve; those whose hour has passed say so."""
    found = []
    for unit, placed in state.reserves.items():
        for each in placed:
            words = Markup("{}: {}, {}").format(_("Reserve"), link(unit), views.party_tag(forum, each.delegation, language()))
            if each.until is not None:
                said = _("overdue since %(when)s") if each.until <= now else _("until %(when)s")
                words += Markup(" ") + escape(said) % {"when": when(each.until, "short")}
            found.append(Point(False, words, "reserved"))
    return found


def _corrections(state: State) -> list[Point]:
    waiting = [digest for digest, act in state.awaiting_second.items() if act.type == "paragraph.correct_editorially-v1"]
    return [Point(False, _("An editorial correction waits for the Chair’s countersignature"), "wait")] if waiting else []


def _circulated(state: State) -> Point:
    if is_circulated(state):
        return Point(True, _("The version in circulation has everything that was accepted"))
    symbol = next_symbol(state, final=False)
    return Point(False, _("%(symbol)s, with what was accepted, is to be approved and circulated", symbol=symbol))
