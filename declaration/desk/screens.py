"""What the screen in the hall shows by itself: a paragraph, the text before the plenary, the adoption, the signatures.

Nobody touches it. The Chair chooses the paragraph from the table; where none was chosen it is the one whose silence ends next, or the
first that is not settled. From the presentation on the stage decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from markupsafe import Markup
from sqlalchemy.orm import Session

from declaration.adoption import silences
from declaration.desk import strip
from declaration.desk.models import HallScreen
from declaration.drafts import queries as texts
from declaration.endorsements import figures, register
from declaration.endorsements.blueprint import words_of
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.register import Country, Listed
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.act import act_of
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries

LAST = 10
"""Signatures that are named."""


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of the text in one language."""

    language: str
    sha256: str

    @property
    def words(self) -> Sequence[str]:
        return words_of(self.sha256, 4)


@dataclass(frozen=True, slots=True)
class Plenary:
    """The text before the plenary, or adopted by it. ``present`` are the delegations in the minute, empty before."""

    symbol: str
    prints: Sequence[Print]
    quorum: int
    delegations: int
    present: Sequence[str]
    adopted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signing:
    """The register while organizations sign, and the head of the record for everybody in the room to keep."""

    total: int
    countries: Sequence[Country]
    most: int
    last: Sequence[Listed]
    size: int
    words: Sequence[str]
    code: Markup


def mode(state: State, now: datetime) -> str:
    """``paragraph``, ``plenary`` or ``signing``."""
    if state.window is not None and now >= state.window.opens:
        return "signing"
    return "plenary" if consequences.stage(state, now) in ("presented", "adopted", "open_for_signature") else "paragraph"


def chosen(session: Session, forum: Forum, state: State) -> str:
    """The paragraph on the screen."""
    row = session.get(HallScreen, forum.id)
    order = strip.order(state)
    if row is not None and row.unit in order:
        return row.unit
    for silence in silences.live(state):
        if silence.status == "running":
            return next(iter(silence.units))
    unsettled = next(iter(consequences.unsettled(state)), None)
    return unsettled or next((unit.id for unit in state.units.values() if unit.kind == "operative"), order[0])


def show(session: Session, forum: Forum, unit: str, *, now: datetime) -> None:
    """Put a paragraph on the screen."""
    row = session.get(HallScreen, forum.id)
    if row is None:
        session.add(HallScreen(forum_id=forum.id, unit=unit, at=now))
    else:
        row.unit, row.at = unit, now


def tag(state: State, shown: str, language: str, now: datetime) -> str:
    """Changes whenever the screen would, but for the clocks on it: with each entry, and with what an hour brings."""
    ended = sum(not each.live for each in state.silences.values())
    open_ = state.deadline is not None and now < state.deadline
    parts = (str(state.size), shown, language, consequences.stage(state, now), str(ended), str(open_), mode(state, now))
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def plenary(session: Session, forum: Forum, state: State) -> Plenary:
    """See the class."""
    version = state.versions[state.adopted or state.current or ""]
    loaded = texts.version(session, forum, version.digest)
    prints = [Print(each.lang, each.sha256) for each in loaded.manifest.texts if each.status == "authentic"]
    return Plenary(
        symbol=version.symbol,
        prints=prints,
        quorum=state.rules.quorum,
        delegations=len(state.known.delegations),
        present=_present(session, forum, state),
        adopted_at=state.adopted_at,
    )


def _present(session: Session, forum: Forum, state: State) -> Sequence[str]:
    """The delegations that the act of adoption names, read from its entry."""
    log = queries.find_log(session, forum.origin)
    if log is None or state.adopted_at is None:
        return ()
    for index in (place for place, at in enumerate(state.times) if at == state.adopted_at):
        act = act_of(parse_entry(queries.entry(session, log, index)), index)
        if act.type == "declaration.adopt-v1":
            return tuple(act["present"])
    return ()


def signing(session: Session, forum: Forum, state: State, language: str, title: str) -> Signing:
    """See the class.

    :param title: what a screen reader says of the code.
    """
    totals = figures.totals(state)
    countries = register.by_country(forum, totals, language)
    log = queries.find_log(session, forum.origin)
    note = queries.latest(session, log).decode() if log is not None else ""
    root = queries.served_root(session, log, log.size).hex() if log is not None else ""
    return Signing(
        total=totals.total,
        countries=countries,
        most=max([each.counted for each in countries] + [1]),
        last=register.page(session, forum, after=max(0, len(state.endorsements) - LAST)).listed[::-1],
        size=log.size if log is not None else 0,
        words=words_of(root, 4),
        code=qr_svg(note, title, fills=True),
    )
