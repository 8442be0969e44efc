"""What time has brought in a forum. Everything follows from the state and the hour; that it is told once is the notices' business.

An hour that passed more than :data:`LATE` ago is not told: whoever starts the service anew after a month tells nobody of last month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from declaration.credentials.states import current
from declaration.desk.telling.audiences import Seat, ids_of
from declaration.drafts.reading import PARTICIPANTS
from declaration.forums import queries
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.notices.host import Told
from declaration.notices.telling import Tale
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time
from declaration.web import clock

LATE = timedelta(days=3)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SILENCE_NEAR, CONCURRENCE_NEAR = timedelta(hours=3), timedelta(hours=12)
_ALL: list[Seat] = [(role, None) for role in sorted(PARTICIPANTS)]


def brought(session: Session) -> Iterator[Told]:
    """What time has brought, in every forum."""
    for forum in queries.forums(session):
        use_forum(forum)
        state = current(session, forum)
        if state.constitution is not None:
            yield from _Hours(session, forum, state, clock.now()).all()


class _Hours:
    """The hours of one forum, as they stand now."""

    def __init__(self, session: Session, forum: Forum, state: State, now: datetime) -> None:
        self._session, self._forum, self._state, self._now = session, forum, state, now

    def all(self) -> Iterator[Told]:
        yield from self._deadline()
        yield from self._silences()
        yield from self._reserves()
        yield from self._groups()
        yield from self._credentials()
        yield from self._window()
        yield from self._organizations()
        yield from self._corrections()

    def _deadline(self) -> Iterator[Told]:
        deadline, state = self._state.deadline, self._state
        if deadline is None or state.stage != "first_reading":
            return
        circulated = max(each.at for each in state.versions.values())
        if self._near(deadline, DAY, since=circulated):
            yield self._told("deadline-near", deadline, self._tale("hour.deadline-near", [("head", None), ("member", None)], urgent=True))
        if self._passed(deadline):
            yield self._told(
                "deadline", deadline,
                self._tale("hour.deadline-secretariat", [("secretariat", None)], mine=True), self._tale("hour.deadline", _ALL),
            )  # fmt: skip

    def _silences(self) -> Iterator[Told]:
        for silence in self._state.silences.values():
            facts = {"units": list(silence.units), "proposer": silence.proposal}
            amendment = self._state.amendments.get(silence.proposal)
            if amendment is not None:
                facts = {"units": list(silence.units), "symbol": amendment.symbol.removeprefix(self._state.declaration + "/")}
            running = silence.status == "running"
            if running and self._near(silence.expires, SILENCE_NEAR, since=silence.opened_at):
                tale = self._tale("hour.silence-near", [("head", None)], facts, mine=True, urgent=True)
                yield self._told(f"silence-near:{silence.digest}", silence.expires, tale)
            if (running or silence.status == "expired") and self._passed(silence.expires):
                tale = self._tale("hour.silence", _ALL, facts, urgent=True)
                yield self._told(f"silence:{silence.digest}", silence.expires, tale)

    def _reserves(self) -> Iterator[Told]:
        for unit, reserves in self._state.reserves.items():
            for each in reserves:
                if each.until is not None and self._passed(each.until):
                    facts = {"units": [unit], "who": each.delegation}
                    yield self._told(
                        f"reserve:{each.act}", each.until,
                        self._tale("hour.reserve", [("head", each.delegation)], facts, mine=True, urgent=True),
                        self._tale("hour.reserve-chair", [("chair", None)], facts, mine=True),
                    )  # fmt: skip

    def _groups(self) -> Iterator[Told]:
        for unit, group in self._state.groups.items():
            if self._passed(group.report_by):
                seats: list[Seat] = [("chair", None), ("secretariat", None), *(("head", each) for each in group.members)]
                tale = self._tale("hour.group", seats, {"units": [unit]}, mine=True, urgent=True)
                yield self._told(f"group:{unit}", group.report_by, tale)

    def _credentials(self) -> Iterator[Told]:
        for each in self._state.credentials.values():
            if each.status != "provisional" or each.due is None:
                continue
            facts = {"who": each.delegation}
            if self._near(each.due, DAY, since=each.decided):
                tale = self._tale("hour.credential-near", [("head", each.delegation)], facts, mine=True, urgent=True)
                yield self._told(f"credential-near:{each.digest}", each.due, tale)
            if self._passed(each.due):
                seats: list[Seat] = [("head", each.delegation), ("chair", None), ("secretariat", None)]
                yield self._told(f"credential:{each.digest}", each.due, self._tale("hour.credential", seats, facts, urgent=True))

    def _window(self) -> Iterator[Told]:
        window = self._state.window
        if window is None:
            return
        opened = self._state.times[self._state.digests[window.act]] if window.act in self._state.digests else window.opens
        if window.opens > opened and self._passed(window.opens):
            yield self._told("window-opens", window.opens, self._tale("hour.window-opens", self._unsigned(), mine=True, urgent=True))
        for name, before in (("week", WEEK), ("day", DAY)):
            if self._near(window.closes, before, since=max(window.opens, opened)):
                tale = self._tale(f"hour.window-{name}", self._unsigned(), mine=True, urgent=name == "day")
                yield self._told(f"window-{name}", window.closes, tale)
        if self._passed(window.closes):
            accede = self._state.rules.accession
            lapsed = self._tale("hour.lapsed-accede" if accede else "hour.lapsed", self._unsigned(), mine=accede)
            yield self._told("window-closed", window.closes, lapsed, self._tale("hour.window-closed", _ALL))
        closed = self._state.closed_at
        if closed is not None and closed > window.closes and self._passed(closed):
            yield self._told("accession-closed", closed, self._tale("hour.lapsed", self._unsigned()))

    def _organizations(self) -> Iterator[Told]:
        """The hours in which a head may object to an organization of the own country."""
        for each in self._state.organizations.values():
            if each.status != "under_review" or each.concurred is not None or each.objected is not None:
                continue
            over = each.since + timedelta(hours=self._state.rules.concurrence_hours)
            facts = {"organization": each.name, "party": each.party}
            if self._near(over, CONCURRENCE_NEAR, since=each.since):
                tale = self._tale("hour.concurrence-near", [("head", each.country)], facts, mine=True, urgent=True)
                yield self._told(f"concurrence-near:{each.digest}", over, tale)
            if self._passed(over):
                tale = self._tale("hour.concurrence", [("secretariat", None)], facts, mine=True)
                yield self._told(f"concurrence:{each.digest}", over, tale)

    def _corrections(self) -> Iterator[Told]:
        for each in self._state.corrigenda.values():
            if each.status != "notified" or each.until is None:
                continue
            if self._near(each.until, DAY, since=each.notified_at):
                tale = self._tale("hour.correction-near", [("head", None), ("signatory", None)], mine=True, urgent=True)
                yield self._told(f"correction-near:{each.digest}", each.until, tale)
            if self._passed(each.until):
                yield self._told(f"correction:{each.digest}", each.until, self._tale("hour.correction", [("depositary", None)], mine=True))

    def _unsigned(self) -> list[Seat]:
        """Organizations that may sign and have not."""
        parties = {key.party for key in self._state.keys.values() if key.role == "signatory"}
        return [("signatory", party) for party in sorted(parties - self._state.by_party.keys())]

    def _near(self, hour: datetime, before: timedelta, *, since: datetime | None) -> bool:
        """Whether the hour is that near; not where it was so near already when it was set: the act itself has told it."""
        return hour - before <= self._now < hour and (since is None or hour - before > since)

    def _passed(self, hour: datetime) -> bool:
        return hour <= self._now < hour + LATE

    def _tale(
        self, kind: str, seats: list[Seat], facts: dict[str, Any] | None = None, *, mine: bool = False, urgent: bool = False
    ) -> tuple[str, list[Seat], dict[str, Any], bool, bool]:
        return kind, seats, facts or {}, mine, urgent

    def _told(self, name: str, hour: datetime, *tales: tuple[str, list[Seat], dict[str, Any], bool, bool]) -> Told:
        """With the hour in the key: one that was moved is told again."""
        moment = format_time(hour)
        made = [
            Tale(tuple(ids_of(self._session, self._forum, seats)), kind, {**facts, "until": moment}, mine=mine, urgent=urgent)
            for kind, seats, facts, mine, urgent in tales
        ]
        return Told(self._forum.id, f"hour:{name}:{moment}", self._now, made)
