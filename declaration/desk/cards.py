"""A card of the home page: one thing that waits for its reader, with the acts right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, g, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from declaration.amendments import offers, proposals
from declaration.amendments.composing import number_of, short
from declaration.amendments.words import within
from declaration.credentials import contents
from declaration.credentials.asking import key_of
from declaration.credentials.signing import Ask
from declaration.drafts import views
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State
from declaration.text.redline import Change
from declaration.web.access import Actor
from declaration.web.i18n import language, when


@dataclass(frozen=True, slots=True)
class Link:
    """A way on. ``main``: the filled button of its card."""

    url: str
    word: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Doing:
    """An act on a card, signed there. ``reason`` asks for one first; ``hidden`` are fields that its composer reads."""

    label: str
    ask: Ask
    reason: bool = False
    main: bool = False
    grave: bool = False
    why: str = ""
    confirm: str | None = None
    hidden: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Redline:
    """Old and new words of one unit. ``name`` is said where a card has more than one, or where the unit is new or goes."""

    changes: Sequence[Change]
    number: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing.

    :ivar until: when it runs out, or None; cards that run out come first, the next to run out before all others.
    :ivar since: when that time began to run, for the bar.
    :ivar ends: what runs out, before the time that is left.
    :ivar weight: the order among cards that do not run out; below 0 before everything.
    :ivar note: what somebody wrote back to the reader.
    """

    key: str
    heading: str
    due: str = ""
    due_more: str | Markup = ""
    until: datetime | None = None
    since: datetime | None = None
    ends: str = ""
    weight: int = 50
    redlines: Sequence[Redline] = ()
    rationale: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str | Markup] = ()
    note: str = ""
    doings: Sequence[Doing] = ()
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """What comes and is not possible yet, and why.

    :ivar link: the page that helps meanwhile.
    """

    heading: str
    why: str | Markup
    link: Link | None = None


@dataclass
class Waiting:
    """What one reader's page is made from, and what it is filled with: things that want the reader, and what comes later."""

    session: Session
    forum: Forum
    state: State
    actor: Actor
    now: datetime
    cards: list[Card] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)

    @property
    def stage(self) -> str:
        return consequences.stage(self.state, self.now)

    @property
    def can_sign(self) -> bool:
        """Whether the reader has an accredited key."""
        return key_of(self.state, self.actor) is not None

    @property
    def closing(self) -> datetime | None:
        """When amendments close, while they are open."""
        deadline = self.state.deadline
        return deadline if deadline is not None and self.now < deadline and self.stage == "first_reading" else None

    @property
    def opened(self) -> datetime | None:
        """When the first version was circulated."""
        first = next(iter(self.state.versions.values()), None)
        return first.at if first is not None else None


def in_order(cards: Sequence[Card]) -> list[Card]:
    """By what runs out next; silence before all else, since it takes effect by doing nothing."""
    return sorted(
        cards,
        key=lambda one: (not one.key.startswith("silence-"), one.weight >= 0, one.until is None, one.until.timestamp() if one.until else 0,
                         one.weight),
    )  # fmt: skip


def address(endpoint: str, **values: str) -> str | None:
    """The address of a page, or None where this service does not have it."""
    return url_for(endpoint, **{"forum": g.forum.slug, **values}) if endpoint in current_app.view_functions else None


def paragraph_url(unit: str) -> str:
    return url_for("amendments.paragraph", forum=g.forum.slug, unit=unit)


def proposal_card(
    session: Session, forum: Forum, state: State, actor: Actor, amendment: Amendment, *, now: datetime, names: Sequence[str], due: str,
    main: str, weight: int, until: datetime | None = None, lines: Sequence[str | Markup] = (),
) -> Card:  # fmt: skip
    """A proposal with its redline, its reason and those acts on it that are in ``names``; ``main`` is the filled one."""
    reason = contents.read(session, forum.id, amendment.content) or {}
    redlines = []
    for unit in amendment.units:
        each = proposals.proposal(state, amendment, unit, {})
        name = {"insert_after": _("New paragraph"), "delete": _("The paragraph goes")}.get(each.op, "")
        if len(amendment.units) > 1:
            name = " · ".join(filter(None, (views.unit_name(state, unit), name)))
        redlines.append(Redline(each.carried or each.changes, number_of(state, unit) if each.op == "replace" else None, name))
    found = [each for each in offers.on_proposal(session, forum, state, actor, amendment, now=now) if each.name in names]
    doings = [
        Doing(each.label, each.ask, reason=each.reason, main=each.name == main, grave=each.grave, why=each.why) for each in found
    ]
    unit = amendment.units[0]
    return Card(
        key=f"am-{amendment.digest[:10]}",
        heading=_("%(what)s: %(symbol)s", what=place(state, amendment), symbol=short(state, amendment)),
        due=due,
        due_more=Markup("{} · {}").format(_by(forum, amendment), when(amendment.at, "short")),
        until=until,
        weight=weight,
        redlines=redlines,
        rationale=reason,
        lines=lines,
        doings=doings,
        links=[Link(paragraph_url(unit), _("Open the paragraph"))],
    )


def place(state: State, amendment: Amendment) -> str:
    """Where a proposal is: paragraph 5; a new paragraph after paragraph 8."""
    edit = amendment.edits[0]
    if edit["op"] == "insert_after" and edit.get("after"):
        return str(_("New after %(what)s", what=within(views.unit_name(state, edit["after"]))))
    return views.unit_name(state, edit["unit"])


def _by(forum: Forum, amendment: Amendment) -> str:
    return ", ".join(views.party_name(forum, party, language()) for party in (amendment.proposer, *amendment.sponsors))
