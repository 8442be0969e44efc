"""What stands between us and the next stage: a list of points, each settled or open, and where to settle it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from markupsafe import escape

from declaration.adoption.points import Point, language_point
from declaration.adoption.standing_reading import second_reading
from declaration.drafts import views
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.i18n import language, when


def points(state: State, forum: Forum, now: datetime, *, endpoint: str = "amendments.paragraph") -> list[Point]:
    """The conditions of the next stage, open ones first.

    :param endpoint: the page of a paragraph that they lead to.
    """
    at = consequences.stage(state, now)
    if at == "second_reading":
        found = second_reading(state, forum, now, endpoint)
    else:
        maker = _MAKERS.get(at)
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
    found = [language_point(state, lang) for lang in state.known.authentic if lang != state.known.original]
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
    "preparing": _preparing, "first_reading": _first_reading, "agreed_ad_ref": _agreed,
    "legal_review": _legal_review, "presented": _presented, "adopted": _adopted,
}  # fmt: skip
