"""Cards about the sitting: silence that runs, reserves, small groups, editorial corrections."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from declaration.adoption import corrections, saying, silences, unit_acts
from declaration.adoption.unit_acts import UnitOffer
from declaration.amendments.composing import number_of, short
from declaration.credentials import contents
from declaration.desk.cards import Card, Doing, Later, Link, Redline, Waiting, paragraph_url
from declaration.drafts import views
from declaration.procedure.matters import Silence
from declaration.text.redline import Change
from declaration.web.i18n import when

FIRST = -20
"""Silence comes before everything: nothing else takes effect by doing nothing."""


def silences_for_head(found: Waiting) -> None:
    """Every silence that runs, the next to end first; those that are announced, to object to."""
    for each in silences.live(found.state):
        found.cards.append(_silence(found, each))


def answers_of_head(found: Waiting) -> None:
    """Silence that the delegation broke, with the way to the words that go with its break."""
    for each in found.state.silences.values():
        url = silences.own_words(found.forum, found.state, each) if each.by == found.actor.party else None
        if url is None:
            continue
        what = short(found.state, found.state.amendments[each.proposal])
        found.cards.append(
            Card(
                key=f"answer-{each.digest[:8]}",
                heading=_("%(what)s: your own words", what=saying.listed_first(found.state, list(each.units))),
                due=_("You have broken silence on %(symbol)s", symbol=what),
                due_more=when(each.ended, "short") if each.ended else "",
                weight=3,
                lines=[_("Every head has been told. You may table your own words with your break. They need no leave.")],
                links=[Link(url, _("Table your own words"), main=True), Link(_page(found, each), _("The exact text and hour"))],
            )
        )


def silences_for_chair(found: Waiting) -> None:
    """What the Chair announced and can open now; what runs is told below."""
    for each in silences.live(found.state):
        if each.status == "announced":
            found.cards.append(_silence(found, each))
        else:
            words = _("Runs until %(when)s.", when=when(each.expires, "short"))
            page = Markup('{} <a href="{}">{}</a>').format(words, _page(found, each), _("Extend or cancel"))
            found.later.append(Later(_("Silence: %(what)s", what=saying.listed(found.state, list(each.units))), page))


def _silence(found: Waiting, silence: Silence) -> Card:
    shown = silences.shown(found.session, found.forum, found.state, silence)
    running = silence.status == "running"
    acting = silences.on_silence(found.session, found.forum, found.state, found.actor, silence, now=found.now)
    if found.actor.role == "chair":
        acting = [each for each in acting if each.name == "open"]
    names = ", ".join(each.name for each in shown.words) or shown.short
    return Card(
        key=f"silence-{silence.digest[:8]}",
        heading=_("%(what)s: silence on %(symbol)s", what=names, symbol=shown.short),
        due=_("Under silence") if running else _("Silence is announced"),
        due_more=Markup("{} · {}").format(shown.setting, when(silence.expires, "short")),
        until=silence.expires if running else shown.open_by if found.actor.role == "chair" else None,
        since=silence.opened_at,
        ends=_("Silence ends in") if running else _("To be opened within"),
        weight=FIRST if running else FIRST + 1,
        redlines=[Redline(each.changes, each.number, each.name if len(shown.words) > 1 else "") for each in shown.words],
        lines=[
            _("If no head breaks silence before the hour, this text is agreed ad referendum.")
            if running
            else _("It runs when the Chair opens it, unless a head objects to its use.")
        ],
        rationale=contents.read(found.session, found.forum.id, shown.amendment.content) or {},
        doings=[_doing(each) for each in acting],
        links=[Link(_page(found, silence), _("The exact text and hour")), Link(paragraph_url(next(iter(silence.units))), _("Comment"))],
    )


def reserves_of_head(found: Waiting) -> None:
    """The delegation's own reserves, with the hour that it gave."""
    for unit, placed in found.state.reserves.items():
        for each in placed:
            if each.delegation == found.actor.party:
                found.cards.append(_reserve(found, unit, each.until, each.content))


def _reserve(found: Waiting, unit: str, until: datetime | None, content: str) -> Card:
    reason = contents.read(found.session, found.forum.id, content) or {}
    passed = until is not None and until <= found.now
    due = _("The hour of your reserve has passed") if passed else _("Your reserve")
    offers = unit_acts.on_paragraph(found.session, found.forum, found.state, found.actor, unit, now=found.now)
    return Card(
        key=f"reserve-{unit}",
        heading=views.unit_name(found.state, unit),
        due=due,
        due_more=when(until, "short") if until is not None else "",
        until=None if passed else until,
        ends=_("You said that you would speak within"),
        weight=8 if passed else 45,
        redlines=_as_it_stands(found, unit),
        rationale=dict(reason),
        lines=[_("Your delegation holds its agreement back. It does not lapse at the hour: the Chair will ask you.")],
        doings=[_doing(each) for each in offers if each.name == "lift_reserve"],
        links=[Link(paragraph_url(unit), _("Open the paragraph"))],
    )


def overdue_reserves(found: Waiting) -> None:
    """For the Chair: reserves whose hour has passed."""
    overdue = [
        (unit, each)
        for unit, placed in found.state.reserves.items()
        for each in placed
        if each.until is not None and each.until <= found.now
    ]
    for unit, each in overdue:
        who = views.party_name(found.forum, each.delegation, found.actor.language)
        reason = contents.read(found.session, found.forum.id, each.content) or {}
        found.cards.append(
            Card(
                key=f"overdue-{unit}-{each.delegation}",
                heading=_("%(what)s: ask %(who)s", what=views.unit_name(found.state, unit), who=who),
                due=_("A reserve is overdue"),
                due_more=when(each.until, "short") if each.until else "",
                weight=9,
                rationale=dict(reason),
                lines=[_("It stands until its head lifts it or you reopen the paragraph.")],
                links=[Link(url_for("desk.table_unit", forum=found.forum.slug, unit=unit), _("Go to the table"), main=True)],
            )
        )


def groups_of_secretariat(found: Waiting) -> None:
    """Small groups that have not reported."""
    for unit, group in found.state.groups.items():
        late = group.report_by <= found.now
        found.cards.append(
            Card(
                key=f"group-{unit}",
                heading=_("%(what)s: report of the small group", what=views.unit_name(found.state, unit)),
                due=_("The report is overdue") if late else _("Small group"),
                due_more=Markup("{} · {}").format(saying.tags(found.forum, group.members), when(group.report_by, "short")),
                until=None if late else group.report_by,
                since=group.at,
                ends=_("The group reports within"),
                weight=9,
                links=[Link(f"{paragraph_url(unit)}#pacts", _("Report back"), main=True)],
            )
        )


def corrections_for_chair(found: Waiting) -> None:
    """Editorial corrections to countersign."""
    for each in corrections.waiting(found.state):
        ask = corrections.countersign(found.session, found.forum, found.state, found.actor, each, now=found.now)
        found.cards.append(
            Card(
                key=f"correct-{each.digest[:8]}",
                heading=_("Editorial correction: %(what)s", what=", ".join(word.name for word in each.words)),
                due=_("To be countersigned"),
                due_more=when(each.at, "short"),
                weight=14,
                redlines=[Redline(word.changes, word.number) for word in each.words],
                rationale=dict(corrections.reason(found.session, found.forum, each)),
                lines=[_("The words change for everybody, what was agreed stays agreed, and every head sees it listed.")],
                doings=[Doing(_("Countersign"), ask, main=True)],
            )
        )


def _as_it_stands(found: Waiting, unit: str) -> list[Redline]:
    standing = found.state.units.get(unit)
    return [Redline([Change("equal", standing.text)], number_of(found.state, unit))] if standing is not None else []


def _doing(offer: UnitOffer) -> Doing:
    hidden = (("unit", offer.unit),) if offer.unit else ()
    reason = "reason" in offer.fields
    return Doing(offer.label, offer.ask, reason=reason, main=offer.main, grave=bool(offer.confirm), why=offer.why,
                 confirm=offer.confirm or None, hidden=hidden)  # fmt: skip


def _page(found: Waiting, silence: Silence) -> str:
    return url_for("adoption.silence", forum=found.forum.slug, name=silences.address(silence))
