"""Who has not signed yet, by country: how far each organization is, and reminding those who sign for it.

A reminder is a notice like every other: it stands on the person's page, and goes out by mail as that person wants mail. Nobody is
reminded twice on one day of the forum's, by whomever: the notice has the day in its key, which is unique for its reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from declaration.credentials.models import ClaimedMandate, Enrolment
from declaration.endorsements.models import OrganizationDocument
from declaration.endorsements.search import matches, search_key
from declaration.errors import Refused
from declaration.forums import queries
from declaration.forums.models import Forum, Person
from declaration.notices.host import host
from declaration.notices.models import MailPreference, Notice
from declaration.notices.telling import Tale, tell
from declaration.procedure import consequences, standing
from declaration.procedure.state import State
from declaration.web.access import Actor

NO_MANDATE, NOT_ENROLLED, NOT_ACTIVATED, MAY_SIGN, ONE_OF_TWO = "no_mandate", "not_enrolled", "not_activated", "may_sign", "one_of_two"
STATES: Final = (NO_MANDATE, NOT_ENROLLED, NOT_ACTIVATED, MAY_SIGN, ONE_OF_TWO)
"""No document names a person; nobody has made a key; a key waits for the secretariat; one is in force; the second of two is missing."""
_KINDS: Final = {
    NO_MANDATE: "reminder.mandate",
    NOT_ENROLLED: "reminder.key",
    NOT_ACTIVATED: "reminder.desk",
    MAY_SIGN: "reminder.sign",
    ONE_OF_TWO: "reminder.countersign",
}
_NO_MORE = ("refused", "struck_off")


@dataclass(frozen=True, slots=True)
class Missing:
    """An organization that has not signed.

    :ivar remindable: persons whose step it is.
    :ivar reminded: when one of them was reminded last; ``today`` whether that was on this day.
    """

    party: str
    country: str
    name: str
    registration: str
    state: str
    remindable: Sequence[Person]
    reminded: datetime | None = None
    today: bool = False


@dataclass(slots=True)
class Plan:
    """What a reminder would do, for whoever confirms it.

    :ivar mailed: a mail goes out as they want it; ``page_only`` have no address or want none; ``left_out`` were reminded today.
    """

    rows: list[Missing] = field(default_factory=list)
    mailed: list[Person] = field(default_factory=list)
    page_only: list[Person] = field(default_factory=list)
    left_out: list[Missing] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.mailed) + len(self.page_only)


@dataclass(frozen=True, slots=True)
class Sent:
    """One time that somebody sent reminders: how many, and what has become of their mails."""

    at: datetime
    by: str
    count: int
    mailed: int
    waiting: int
    failed: int


def missing(session: Session, forum: Forum, state: State, actor: Actor, now: datetime) -> list[Missing]:
    """Organizations of the forum's countries that have not signed: all for the secretariat, those of the own country for a head."""
    people: dict[str, list[Person]] = {}
    for one in queries.people_of(session, forum, role="signatory"):
        if one.organization is not None and (actor.role == "secretariat" or one.organization["country"] == actor.party):
            people.setdefault(one.party, []).append(one)
    facts = _Facts(session, forum, state, now)
    found = [row for party, persons in people.items() if (row := _row(facts, party, persons)) is not None]
    return sorted(found, key=lambda row: (row.country, STATES.index(row.state), row.party))


class _Facts:
    """What the states of all organizations follow from, read once."""

    def __init__(self, session: Session, forum: Forum, state: State, now: datetime) -> None:
        self.state, self.now = state, now
        self.zone = ZoneInfo(forum.time_zone)
        keys = select(Enrolment).where(Enrolment.forum_id == forum.id, Enrolment.public.is_not(None), Enrolment.refused_at.is_(None))
        self.keys: dict[int, list[str]] = {}
        for row in session.scalars(keys):
            self.keys.setdefault(row.person_id, []).append(row.fingerprint or "")
        self.claims = set(session.scalars(select(ClaimedMandate.person_id).where(ClaimedMandate.document != "")))
        of_forum = (OrganizationDocument.forum_id == forum.id, OrganizationDocument.kind == "decision")
        decided = select(OrganizationDocument.party).where(*of_forum)
        self.decided = set(session.scalars(decided))
        self.reminded = {person: notice.at for person, notice in _last(session, forum).items()}

    def stands(self, person: Person) -> str:
        """How far one person is."""
        names = self.keys.get(person.id, [])
        known = [self.state.keys[name] for name in names if name in self.state.keys]
        if any(standing.key_status(self.state, key, self.now) == "active" for key in known):
            return MAY_SIGN
        if len(known) < len(names):
            return NOT_ACTIVATED
        return NOT_ENROLLED if known or person.id in self.claims or person.party in self.decided else NO_MANDATE


def _row(facts: _Facts, party: str, persons: list[Person]) -> Missing | None:
    state, organization = facts.state, persons[0].organization or {}
    recorded = state.organizations.get(party)
    if recorded is not None and recorded.status in _NO_MORE:
        return None
    signed = state.endorsements.get(state.by_party.get(party, ""))
    stands = {one.id: facts.stands(one) for one in persons}
    if signed is not None and signed.stands:
        if not (signed.joint and signed.countersigned is None and signed.status == "held"):
            return None
        remindable, how_far = [one for one in persons if signed.key not in facts.keys.get(one.id, ())], ONE_OF_TWO
    else:
        how_far = max(stands.values(), key=STATES.index)
        remindable = [one for one in persons if stands[one.id] == how_far]
    last = max((facts.reminded[one.id] for one in remindable if one.id in facts.reminded), default=None)
    today = last is not None and _day(last, facts.zone) == _day(facts.now, facts.zone)
    return Missing(
        party, organization.get("country", ""), organization.get("name", party), organization.get("registration", ""), how_far,
        remindable, last, today,
    )  # fmt: skip


def chosen(rows: Iterable[Missing], *, country: str = "", state: str = "", query: str = "") -> list[Missing]:
    """Those of one country, in one state, with these words."""
    return [
        row
        for row in rows
        if (not country or row.country == country)
        and (not state or row.state == state)
        and (not query or matches(search_key(row.name, f"{row.registration} {row.party}"), query))
    ]


def by_country(rows: Iterable[Missing]) -> dict[str, dict[str, int]]:
    """How many are how far, by country."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault(row.country, dict.fromkeys(STATES, 0))
        counts[row.state] += 1
    return found


def plan(session: Session, rows: Iterable[Missing]) -> Plan:
    """Whom a reminder would reach, and how."""
    made = Plan()
    unwilling = set(session.scalars(select(MailPreference.person_id).where(MailPreference.mode == "none")))
    for row in rows:
        if row.today or not row.remindable:
            made.left_out.append(row)
            continue
        made.rows.append(row)
        for one in row.remindable:
            (made.mailed if one.id not in unwilling and host().address(one.id) else made.page_only).append(one)
    return made


def remind(session: Session, forum: Forum, state: State, actor: Actor, rows: Sequence[Missing], *, now: datetime) -> int:
    """Tell those whose step it is; returns how many persons. Whoever was reminded on this day is not told again.

    :raises Refused: ``reminder.closed``: nobody can sign any more; ``reminder.not-open``: those who may sign cannot yet.
    """
    stage = consequences.stage(state, now)
    if stage in ("closed", "archived", "lapsed"):
        raise Refused("nobody can sign any more", code="reminder.closed")
    if stage not in ("open_for_signature", "accession_open") and any(row.state in (MAY_SIGN, ONE_OF_TWO) for row in rows):
        raise Refused(
            "the Declaration is not open for signature", code="reminder.not-open", instead="Remind those who have no key in force."
        )
    tales = [Tale(tuple(one.id for one in row.remindable), _KINDS[row.state], {"by": actor.party}, mine=True) for row in rows]
    day = _day(now, ZoneInfo(forum.time_zone))
    return tell(session, forum.id, tales, key=f"reminder:{day}", at=now)


def sent(session: Session, forum: Forum, people: Iterable[int] | None = None, *, most: int = 20) -> list[Sent]:
    """What was sent, the newest first; to these people alone where they are named."""
    wanted = None if people is None else set(people)
    batches: dict[tuple[datetime, str], list[Notice]] = {}
    for notice in session.scalars(_reminders(forum).order_by(Notice.at.desc())):
        if wanted is None or notice.person_id in wanted:
            batches.setdefault((notice.at, str(notice.facts.get("by", ""))), []).append(notice)
    return [Sent(at, by, len(each), **_fates(each)) for (at, by), each in list(batches.items())[:most]]


def _fates(notices: Iterable[Notice]) -> Mapping[str, int]:
    found = {"mailed": 0, "waiting": 0, "failed": 0}
    names = {"sent": "mailed", "waiting": "waiting", "dead": "failed"}
    for each in notices:
        if not each.settled:
            found["waiting"] += 1
        elif each.mail is not None:
            found[names[each.mail.status]] += 1
    return found


def _reminders(forum: Forum) -> Select[Notice]:
    return select(Notice).where(Notice.forum_id == forum.id, Notice.kind.in_(_KINDS.values())).options(joinedload(Notice.mail))


def _last(session: Session, forum: Forum) -> dict[int, Notice]:
    return {notice.person_id: notice for notice in session.scalars(_reminders(forum).order_by(Notice.at))}


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()
