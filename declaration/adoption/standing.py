"""What stands between us and the next stage: a list of points, each settled or open, and where to settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from declaration.drafts import views
from declaration.drafts.composing import is_circulated, next_symbol
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.i18n import language, language_name, when


@dataclass(frozen=True, slots=True)
class Point:
    """One condition of the next stage."""

    done: bool
    words: str | Markup
    sign: str = "wait"


def points(state: State, forum: Forum, now: datetime) -> list[Point]:
    """The conditions of the next stage, open ones first."""
    maker = _MAKERS.get(consequences.stage(state, now))
    found = maker(state, forum, now) if maker is not None else []
    return sorted(found, key=lambda point: point.done)


def _preparing(state: State, forum: Forum, now: datetime) -> list[Point]:
    return [
        Point(state.constitution is not None, _("The constitution is signed by the Chair")),
        Point(state.current is not None, _("The zero draft is approved by the Chair")),
    ]


def _first_reading(state: State, forum: Forum, now: datetime) -> list[Point]:
    waiting = [each.symbol for each in state.amendments.values() if each.status in ("submitted", "late")]
    passed = state.deadline is not None and now >= state.deadline
    text = escape(_("The deadline has passed"))
    if state.deadline is not None and not passed:
        text = escape(_("The deadline is %(when)s")) % {"when": when(state.deadline, "short")}
    return [
        Point(passed, text),
        Point(not waiting, _("Every proposal is examined") if not waiting else _("To be examined: %(list)s", list=", ".join(waiting))),
    ]


def _second_reading(state: State, forum: Forum, now: datetime) -> list[Point]:
    brackets = consequences.brackets(state)
    return [
        Point(
            not brackets,
            Markup("{}: {}").format(_("In brackets"), _links(state, forum, brackets)) if brackets else _("No paragraph is in brackets"),
            "bracketed",
        ),
        Point(
            is_circulated(state),
            _("The version in circulation has everything that was accepted")
            if is_circulated(state)
            else _("%(symbol)s, with what was accepted, is to be approved and circulated", symbol=next_symbol(state, final=False)),
        ),
    ]


def _agreed(state: State, forum: Forum, now: datetime) -> list[Point]:
    waiting = consequences.waiting_for_confirmation(state)
    objected = [name for name, each in consequences.confirmations(state).items() if each.status == "objected"]
    silent = [name for name in waiting if name not in objected]
    found = [Point(False, _("Withheld by %(list)s", list=_tags(forum, objected)), "no")] if objected else []
    words = _("Waiting for %(list)s", list=_tags(forum, silent)) if silent else _("Every delegation has answered")
    return [*found, Point(not silent, words)]


def _tags(forum: Forum, names: list[str]) -> str:
    return ", ".join(views.party_tag(forum, name, language()) for name in names)


def _legal_review(state: State, forum: Forum, now: datetime) -> list[Point]:
    found = [_language_point(state, lang) for lang in state.known.authentic if lang != state.known.original]
    version = state.versions[state.current] if state.current else None
    final = version is not None and version.symbol == state.declaration
    found.append(Point(final, _("The final version is approved by the Chair")))
    found.append(Point(version is not None and version.status == "frozen", _("The final version is frozen")))
    return found


def _presented(state: State, forum: Forum, now: datetime) -> list[Point]:
    everybody = len(state.known.delegations)
    return [
        Point(False, _("The quorum is %(quorum)s of %(all)s delegations; nobody objects", quorum=state.rules.quorum, all=everybody))
    ]


def _adopted(state: State, forum: Forum, now: datetime) -> list[Point]:
    return [Point(False, _("The depositary fixes the sentence and opens the Declaration for signature"))]


_MAKERS = {
    "preparing": _preparing, "first_reading": _first_reading, "second_reading": _second_reading, "agreed_ad_ref": _agreed,
    "legal_review": _legal_review, "presented": _presented, "adopted": _adopted,
}  # fmt: skip


def _language_point(state: State, lang: str) -> Point:
    status = consequences.language_status(state, lang)
    late = consequences.behind(state, lang)
    name = language_name(lang)
    if late:
        return Point(False, _("%(language)s: %(number)s paragraphs behind", language=name, number=len(late)))
    if status == "submitted":
        return Point(False, _("%(language)s: complete, not yet certified", language=name))
    return Point(status in ("concordant", "authentic"), _("%(language)s: certified concordant", language=name))


def _links(state: State, forum: Forum, units: list[str]) -> Markup:
    labels = {line.id: line.label for line in views.working_lines(state)}
    return Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(
            url_for("amendments.paragraph", forum=forum.slug, unit=unit), labels.get(unit) or unit
        )
        for unit in units
    )
