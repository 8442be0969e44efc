"""The sample forum played from its constitution to its signatures, on the sample's own calendar.

Every step is an act of a persona through :mod:`declaration.demo.player`, in a transaction of its own. The calendar can be moved as a
whole; the order and the distances stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from declaration.amendments import operations as amendments
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.states import current
from declaration.demo import player
from declaration.demo.personas import KeyRing, persona, require_demo
from declaration.demo.player import Persona
from declaration.demo.sample import Sample, SampleAmendment
from declaration.drafts import operations as drafts
from declaration.forums import queries
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.clock import SettableClock
from declaration.web.db import current_session
from declaration.web.transaction import unit_of_work

BAKU = ZoneInfo("Asia/Baku")
CIRCULATED = datetime(2025, 11, 13, 18, 0, tzinfo=BAKU)
DEADLINE = datetime(2025, 11, 20, 18, 0, tzinfo=BAKU)
ADOPTED = datetime(2025, 11, 25, 15, 31, tzinfo=BAKU)
OPENED = datetime(2025, 11, 25, 16, 0, tzinfo=BAKU)
CLOSES = datetime(2026, 2, 1, 0, 0, tzinfo=BAKU)

Say = Callable[[str], None]


def november(day: int, hour: int, minute: int = 0) -> datetime:
    """An hour of the sample's calendar."""
    return datetime(2025, 11, day, hour, minute, tzinfo=BAKU)


@dataclass
class Play:
    """One performance.

    :ivar shift: how far the sample's calendar is moved.
    :ivar acts: number of an amendment → digest of the act that tabled it.
    """

    slug: str
    sample: Sample
    ring: KeyRing
    clock: SettableClock
    shift: timedelta = timedelta()
    say: Say = print
    acts: dict[int, str] = field(default_factory=dict)

    # -- the parts, in their order -------------------------------------------------------------------------------------

    @property
    def parts(self) -> Sequence[Callable[[], None]]:
        """The steps in their order, from the constitution to the opening for signature."""
        return (self.constitute, self.circulate, self.first_reading, self.second_reading, self.agree, self.review, self.adopt)

    def constitute(self) -> None:
        """Constitution, and the keys of everybody who will act."""
        self.say("The Chair signs the constitution")
        self.at(CIRCULATED - timedelta(hours=2))
        with unit_of_work() as session:
            forum = self.forum()
            log_of(session, forum)
            player.enrol(session, forum, self.who("chair", "chair"))
        self.act("chair", "chair", "constitution-v1")
        self.say("Heads, secretariat, depositary and translators are accredited")
        with unit_of_work() as session:
            officers = [
                one for one in queries.people_of(session, self.forum()) if one.role in ("head", "secretariat", "depositary", "translator")
            ]
        for number, one in enumerate(officers):
            self.at(CIRCULATED - timedelta(minutes=90) + timedelta(minutes=number))
            with unit_of_work() as session:
                player.accredit(session, self.forum(), self.who(one.role, one.party), self.who("chair", "chair"))

    def circulate(self, deadline: datetime = DEADLINE) -> None:
        """The zero draft, approved and circulated."""
        self.say("The zero draft is circulated")
        self.at(CIRCULATED)
        with unit_of_work() as session:
            forum = self.forum()
            languages = [lang for lang, status in forum.languages.items() if status == "authentic"]
            digest = drafts.store_zero_draft(session, forum, self.sample.texts(languages), now=self.clock.now())
        self.act("chair", "chair", "draft_version.approve_and_circulate-v1", digest)
        fields = {"deadline": (deadline + self.shift).isoformat()}
        self.act("chair", "chair", "declaration.circulate_zero_draft-v1", digest, fields)

    def first_reading(self) -> None:
        """Amendments are submitted and examined; the compilation is issued."""
        timely = sorted((one for one in self.sample.amendments if one.submitted < DEADLINE), key=lambda one: one.submitted)
        for one in timely:
            self.say(f"AM/{one.number:03} by {one.proposer.upper()}")
            self.submit(one)
            if self.ruling(one) != "inadmissible":
                self.act("secretariat", "rapporteur", "amendment.admit-v1", self.acts[one.number])
                self.join(one)
        for one in timely:
            if self.ruling(one) == "inadmissible":
                self.at(november(20, 17, 30))
                reason = str(self.sample.rulings[one.number].get("reason", "not in order"))
                self.act("chair", "chair", "amendment.rule_inadmissible-v1", self.acts[one.number], {"reason": reason})
        for one in self.sample.amendments:
            if DEADLINE <= one.submitted < november(21, 0):
                self.say(f"AM/{one.number:03} by {one.proposer.upper()} comes late")
                self.submit(one)
        self.at(november(21, 10))
        self.say("The compilation is issued; second reading")
        self.act("secretariat", "rapporteur", "declaration.issue_compilation-v1", self.version)

    def second_reading(self) -> None:
        """The sample's rulings, in the order in which the sittings made them."""
        self.at(november(23, 10, 30))
        for one in self.sample.amendments:
            if DEADLINE <= one.submitted < november(21, 0):
                self.act("chair", "chair", "amendment.grant_leave-v1", self.acts[one.number])
        self.at(november(23, 16))
        self.decide({"withdrawn"}, before=november(24, 0))
        self.at(november(24, 10))
        self.settle_sub_amendments()
        self.decide({"accepted", "not_retained"})
        self.decide({"withdrawn"})
        self.compromises()

    def settle_sub_amendments(self) -> None:
        """What a sub-amendment takes up is parked under it."""
        for one in self.sample.amendments:
            if one.kind == "sub_amendment" and one.submitted < DEADLINE and one.amends is not None:
                self.act("chair", "chair", "amendment.park-v1", self.acts[one.amends], {"target": self.acts[one.number]})

    def compromises(self) -> None:
        """The Chair's texts on paragraph 5: silence on the first, broken in the night with a text, and the agreement on the second."""
        late = sorted((one for one in self.sample.amendments if one.submitted >= november(24, 0)), key=lambda one: one.submitted)
        for one in late:
            self.say(f"AM/{one.number:03} by {one.proposer}")
            if one.kind == "chair_text":
                sources = self.taken_up_in(one.number)
                self.table(one, sources)
                for source in sources:
                    self.act("chair", "chair", "amendment.park-v1", self.acts[source], {"target": self.acts[one.number]})
            if one.silence is not None:
                self.under_silence(one)
            elif one.kind != "chair_text":
                self.break_silence(one)
        self.at(november(25, 10, 20))
        for one in late:
            if self.ruling(one) == "accepted":
                self.accept(one)

    def under_silence(self, one: SampleAmendment) -> None:
        """The Chair puts a text under silence overnight, on the sample's hours."""
        opens, closes = one.silence or (one.submitted, one.submitted)
        fields = {"setting": "overnight", "expires": (closes + self.shift).astimezone(UTC).isoformat()}
        announced = self.act("chair", "chair", "silence.announce-v1", self.acts[one.number], fields)
        self.at(opens)
        self.say(f"AM/{one.number:03} is under silence until {closes:%d %B %H:%M}")
        self.act("chair", "chair", "silence.open-v1", announced.act.digest)

    def break_silence(self, one: SampleAmendment) -> None:
        """A head breaks the silence that runs, and tables the text that goes with it."""
        self.at(one.submitted)
        running = next(each.digest for each in self.state.silences.values() if each.status == "running")
        self.act("head", one.proposer, "silence.break-v1", running, {"reason": one.rationale})
        self.submit(one, silence=running)

    def agree(self) -> None:
        """The revised draft, agreed ad referendum and confirmed by every head."""
        self.say("Revised draft, agreed ad referendum, confirmed by every head")
        self.at(november(25, 10, 45))
        self.settle()
        self.circulate_next(final=False)
        self.at(november(25, 11))
        self.act("chair", "chair", "declaration.declare_agreed_ad_ref-v1", self.version)
        with unit_of_work() as session:
            heads = [one.party for one in queries.people_of(session, self.forum(), role="head")]
        for number, party in enumerate(heads):
            self.at(november(25, 11, 30 + number))
            self.act("head", party, "confirmation.confirm-v1", self.version)

    def review(self) -> None:
        """Legal review: languages brought up to date by one translator, certified by another; the final version."""
        self.say("Legal review: languages, the final version")
        self.at(november(25, 13))
        self.act("chair", "chair", "declaration.begin_legal_review-v1", self.version)
        for position, lang in enumerate(sorted({row["language"] for row in self.sample.translations})):
            for step, act in enumerate(("submit", "correct")):
                rows = [row for row in self.sample.translations if row["language"] == lang and row["act"] == act]
                if rows:
                    self.at(november(25, 13, 10 + 10 * position + 5 * step))
                    fields = {"language": lang}
                    for row in rows:
                        fields |= {f"text-{row['unit']}": row["text"], f"ready-{row['unit']}": "yes"}
                    self.act("translator", f"translator-{lang}-1", "language_version.submit-v1", self.version, fields)
            self.at(november(25, 14, 5 * position))
            self.act("translator", f"translator-{lang}-2", "language_version.certify-v1", self.version, {"language": lang})
        self.at(november(25, 14, 30))
        self.circulate_next(final=True)
        self.act("chair", "chair", "draft_version.freeze-v1", self.version)
        self.at(november(25, 14, 50))
        self.act("chair", "chair", "declaration.present_for_adoption-v1", self.version)

    def adopt(self) -> None:
        """The gavel, and the opening for signature."""
        self.say("Adopted; opened for signature")
        self.statements()
        self.at(ADOPTED)
        with unit_of_work() as session:
            present = [one.party for one in queries.people_of(session, self.forum(), role="head")]
        fields = {f"present-{party}": "yes" for party in present} | {"minute": "There was no objection."}
        self.act("chair", "chair", "declaration.adopt-v1", self.version, fields)
        for annex, lodged in enumerate(self.state.statements, start=1):
            self.act("chair", "chair", "statement.record-v1", lodged, {"annex": str(annex)})
        self.at(OPENED)
        window = {"opens": (OPENED + self.shift).isoformat(), "closes": (CLOSES + self.shift).isoformat()}
        self.act("depositary", "depositary", "declaration.open_for_signature-v1", self.version, window)

    def statements(self) -> None:
        """Statements on the text, lodged before the gavel, circulated, and attached to the minute after it."""
        for one in self.sample.statements:
            self.at(one.lodged)
            fields = {"kind": one.kind, "units": one.unit, "text": one.text}
            lodged = self.act("head", one.delegation, "statement.lodge-v1", self.version, fields)
            self.act("secretariat", "rapporteur", "statement.circulate-v1", lodged.act.digest)

    # -- single steps ---------------------------------------------------------------------------------------------------

    def at(self, moment: datetime) -> None:
        """Go on to a moment of the sample's calendar; never back."""
        self.clock.set(max(self.clock.now(), (moment + self.shift).astimezone(UTC)))

    def forum(self) -> Forum:
        """The forum, in this transaction."""
        forum = queries.forum_by_slug(current_session(), self.slug)
        require_demo(forum)
        use_forum(forum)
        return forum

    def who(self, role: str, party: str) -> Persona:
        """A persona, in this transaction."""
        return persona(current_session(), self.forum(), self.ring, role, party)

    def act(self, role: str, party: str, type_: str, object_: str | None = None, fields: Mapping[str, str] | None = None) -> Recorded:
        """One act in a transaction of its own, a second after the one before."""
        self.clock.advance(seconds=1)
        with unit_of_work() as session:
            return player.act(session, self.forum(), self.who(role, party), type_, object_, fields)

    @property
    def state(self) -> State:
        """The state after the last act."""
        with unit_of_work() as session:
            return current(session, self.forum())

    @property
    def version(self) -> str:
        """Digest of the version in circulation."""
        return self.state.current or ""

    def ruling(self, one: SampleAmendment) -> str:
        """What the sittings made of it."""
        return str(self.sample.rulings[one.number]["status"])

    def taken_up_in(self, number: int) -> list[int]:
        """The amendments that were merged into one, or that it supersedes."""
        merged = [each for each, row in self.sample.rulings.items() if row.get("into") == number]
        superseded = [each for each, row in self.sample.rulings.items() if row.get("superseded_by") == number]
        return sorted(merged + superseded)

    def symbol(self, one: SampleAmendment) -> str:
        """The sample's own number."""
        return f"{self.state.declaration}/AM/{one.number:03}"

    def submit(self, one: SampleAmendment, *, silence: str | None = None) -> None:
        """The head drafts and releases one amendment: late where the deadline has passed, or with the break of a silence."""
        self.at(one.submitted)
        symbol = self.symbol(one)
        with unit_of_work() as session:
            forum, head = self.forum(), self.who("head", one.proposer)
            state = current(session, forum)
            amends = self.acts[one.amends] if one.amends is not None else None
            (unit, text), *rest = one.wanted.items()
            draft = amendments.new_draft(
                session, forum, state, head.actor, op="insert_after" if one.insert_after else "replace",
                unit=one.insert_after or unit, text=text or "", amends=amends, rationale=one.rationale, now=self.clock.now(),
                also=[{"op": "replace" if words else "delete", "unit": each, "text": words or ""} for each, words in rest],
            )  # fmt: skip
            draft.language = one.language
            late = state.deadline is not None and self.clock.now() >= state.deadline
            type_ = "amendment.submit_late-v1" if late else "amendment.submit-v1"
            fields = {"draft": draft.id, "symbol": symbol}
            if silence is not None:
                type_, fields["silence"] = "amendment.table_with_break-v1", silence
            recorded = player.act(session, forum, head, type_, state.current, fields)
        self.acts[one.number] = recorded.act.digest

    def table(self, one: SampleAmendment, sources: list[int]) -> None:
        """The Chair tables a text that names what it bridges."""
        self.at(one.submitted)
        ((unit, text),) = one.wanted.items()
        fields = {
            "unit": unit, "text": text or "", "reason": one.rationale, "symbol": self.symbol(one),
            "sources": " ".join(self.acts[each] for each in sources),
        }  # fmt: skip
        recorded = self.act("chair", "chair", "amendment.table_chair_text-v1", self.version, fields)
        self.acts[one.number] = recorded.act.digest

    def join(self, one: SampleAmendment) -> None:
        """Its co-sponsors join."""
        for party in one.sponsors:
            self.act("head", party, "amendment.join-v1", self.acts[one.number])

    def decide(self, statuses: set[str], before: datetime | None = None) -> None:
        """Carry out the rulings of some kinds on what was proposed in time, in the order of the numbers."""
        for one in self.sample.amendments:
            row = self.sample.rulings[one.number]
            if row["status"] not in statuses or one.submitted >= november(24, 0):
                continue
            if before is not None and datetime.fromisoformat(str(row.get("time", CLOSES.isoformat()))) >= before:
                continue
            if self.state.amendments[self.acts[one.number]].status != "admitted":
                continue
            reason = {"reason": str(row.get("reason", "no consensus"))}
            match row["status"]:
                case "accepted":
                    self.accept(one)
                case "not_retained":
                    self.act("chair", "chair", "amendment.not_retain-v1", self.acts[one.number], reason)
                case "withdrawn":
                    self.act("head", one.proposer, "amendment.withdraw-v1", self.acts[one.number], reason)

    def accept(self, one: SampleAmendment) -> None:
        """Put to the meeting; where the words have moved, its head confirms it first."""
        state, digest = self.state, self.acts[one.number]
        if consequences.amendment_status(state, state.amendments[digest]) == "stale":
            self.act("head", one.proposer, "amendment.rebase-v1", digest)
        self.act("chair", "chair", "amendment.accept-v1", digest)

    def settle(self) -> None:
        """The Chair puts every paragraph to the meeting on which all proposals have been decided, one after the other."""
        for unit in consequences.brackets(self.state):
            self.act("chair", "chair", "paragraph.agree_ad_ref-v1", self.version, {"units": unit})

    def circulate_next(self, *, final: bool) -> None:
        """The secretariat prepares the next version; the Chair approves it by signing its digest."""
        with unit_of_work() as session:
            forum = self.forum()
            rapporteur = self.who("secretariat", "rapporteur").person
            state = current(session, forum)
            digest = drafts.submit_for_approval(session, forum, state, final=final, prepared_by=rapporteur.id, now=self.clock.now())
        self.act("chair", "chair", "draft_version.approve_and_circulate-v1", digest)
