"""What a delegation does inside, and what the forum does in public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from declaration.drafts import operations
from declaration.web.clock import now
from tests.amendments.conftest import form_of
from tests.drafts.play import DELEGATIONS, SLUG
from tests.privacy.twins import INSIDE, SECRET, Twin

PARAGRAPH = f"/{SLUG}/paragraphs/OP1"
PROPOSE = f"{PARAGRAPH}/propose"
HEAD, MEMBER = INSIDE


class Inside:
    """The delegation at work. Every step is named apart from every public one, so that it uses up nobody else's chance."""

    def __init__(self, twin: Twin) -> None:
        self.twin, self.number = twin, 0
        self.drafts: list[str] = []

    def post(self, who: tuple[str, str], path: str, data: dict[str, str], *allowed: int) -> str:
        self.number += 1
        browser = self.twin.browser(who)
        self.twin.chance.begin(f"inside {self.number}")
        answer = browser.post(path, data=data)
        assert answer.status_code in (allowed or (302, 303)), (path, answer.status_code, answer.text[:500])
        return answer.headers.get("Location", "") if answer.status_code < 400 else answer.text

    def get(self, who: tuple[str, str], path: str) -> str:
        self.number += 1
        browser = self.twin.browser(who)
        self.twin.chance.begin(f"inside {self.number}")
        return browser.get(path).text

    def draft(self, do: str = "save", **more: str) -> str:
        data = {"text": f"Decide: {SECRET} {len(self.drafts)};", "rationale": SECRET, "do": do, "key": f"k{len(self.drafts)}", **more}
        self.post(MEMBER, PROPOSE, data)
        page = self.get(MEMBER, f"/{SLUG}/drafts")
        found = [each for each in page.split('"') if each.startswith(f"/{SLUG}/drafts/") and each.count("/") == 3]
        fresh = next(each for each in found if each not in self.drafts)
        self.drafts.append(fresh)
        return fresh

    def drafts_and_notes(self) -> None:
        """Drafts of every fate: saved twice, asked, returned with a note, fought over, gone back, taken away, erased."""
        one, two, three = self.draft(), self.draft("ask"), self.draft(op="insert_after")
        self.post(HEAD, f"{two}/return", {"note": SECRET})
        form = form_of(self.get(MEMBER, one))
        self.post(HEAD, one, {**form_of(self.get(HEAD, one)), "text": f"{SECRET} of the head;", "do": "save"})
        self.post(MEMBER, one, {**form, "text": f"{SECRET} of the member;", "do": "save"}, 409)
        self.post(MEMBER, f"{one}/theirs", {**form, "text": f"{SECRET} of the member;"})
        history = self.get(HEAD, f"{one}/history")
        revision = history.partition('name="revision-id" value="')[2].partition('"')[0]
        self.post(HEAD, f"{one}/restore", {"revision-id": revision})
        self.post(MEMBER, f"{three}/discard", {})
        self.post(MEMBER, f"{three}/erase", {})
        self.post(MEMBER, f"{two}/discard", {})
        self.post(MEMBER, f"{two}/bring-back", {})
        self.post(MEMBER, two, {**form_of(self.get(MEMBER, two)), "do": "ask"})
        self.post(MEMBER, f"{two}/take-back", {})
        self.post(HEAD, f"/{SLUG}/act/compose", {"type": "amendment.submit-v1", "draft": one.rpartition("/")[2]}, 200)
        self.post(MEMBER, f"{PARAGRAPH}/redline", {"text": SECRET}, 200)

    def comments(self) -> None:
        """Threads, replies and settlements that stay inside; replies inside what everybody reads."""
        for who in INSIDE:
            self.post(who, f"{PARAGRAPH}/comments", {"text": f"{SECRET} says {who[1]}", "audience": "own"})
        page = self.get(HEAD, PARAGRAPH)
        threads = {each.partition('"')[0] for each in page.split('id="thread-')[1:]}
        for number, thread in enumerate(sorted(threads)):
            self.post(HEAD, f"/{SLUG}/comments/{thread}/reply", {"text": f"{SECRET} {number}", "audience": "own"})
        own = page[: page.index(f"{SECRET} says member")].rpartition('id="thread-')[2].partition('"')[0]
        self.post(HEAD, f"/{SLUG}/comments/{own}/resolve", {"reason": SECRET})
        self.post(HEAD, f"/{SLUG}/comments/{own}/reopen", {"reason": SECRET})

    def rows_of_its_own(self) -> None:
        """What is done with rows that other delegations have too: keys begun, mail chosen, another device, messages read."""
        self.post(MEMBER, f"/{SLUG}/keys/begin", {})
        self.post(MEMBER, f"/{SLUG}/mail", {"mode": "daily", "hour": "8"})
        self.get(MEMBER, f"/{SLUG}/messages")
        for number in range(3):
            with self.twin.play(f"inside device {number}") as play:
                play.cookie(*MEMBER)

    def everything(self) -> None:
        """All of it."""
        self.drafts_and_notes()
        self.comments()
        self.rows_of_its_own()


def _propose(party: str, unit: str, text: str, number: int) -> Callable[[Twin], None]:
    def step(twin: Twin) -> None:
        with twin.play(f"{party} proposes {text}") as play:
            play.replace(party, unit, text, number)

    return step


def _say(who: tuple[str, str], text: str, audience: str = "all") -> Callable[[Twin], None]:
    def step(twin: Twin) -> None:
        browser = twin.browser(who)
        twin.chance.begin(f"{who} says {text}")
        answer = browser.post(f"{PARAGRAPH}/comments", data={"text": text, "audience": audience})
        assert answer.status_code == 302

    return step


def own_work(twin: Twin) -> None:
    """What another delegation does for itself: begins a draft, a key, and signs in on a second device."""
    who = ("hu", "head")
    browser = twin.browser(who)
    for path, data in ((PROPOSE, {"text": "Decide to meet in spring;", "do": "save", "key": "hu"}), (f"/{SLUG}/keys/begin", {})):
        twin.chance.begin(f"{who} {path}")
        browser.post(path, data=data)
    with twin.play("hu device") as play:
        play.cookie(*who)


PUBLIC: Final = (
    _say(("az", "head"), "A first word to everyone."),
    _propose("kz", "OP1", "Decide to meet every year;", 1),
    own_work,
    _propose("az", "OP1", "Decide to meet every three years;", 2),
    _say(("chair", "chair"), "Settle it together."),
    _propose("kz", "OP2", "Invite most bodies to support projects;", 3),
    _say(("kz", "head"), "A word to everyone."),
)
"""The steps of the forum, the delegation's own public ones among them."""


def to_adoption(twin: Twin) -> None:
    """From the first reading to the gavel, with nothing proposed."""
    twin.clock.advance(days=10)
    with twin.play("compile") as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
    with twin.play("agree") as play:
        play.act("chair", "declaration.declare_agreed_ad_ref-v1", play.state.current)
        for party in DELEGATIONS:
            play.act(party, "confirmation.confirm-v1", play.state.current, role="head")
    with twin.play("review") as play:
        play.act("chair", "declaration.begin_legal_review-v1", play.state.current)
        play.act("translator-az-2", "language_version.certify-v1", play.state.current, {"language": "az"})
        final = operations.submit_for_approval(play.session, play.forum, play.state, final=True, prepared_by=None, now=now())
        play.act("chair", "draft_version.approve_and_circulate-v1", final)
        play.act("chair", "draft_version.freeze-v1", final)
        play.act("chair", "declaration.present_for_adoption-v1", final)
    with twin.play("adopt") as play:
        play.act("chair", "declaration.adopt-v1", play.state.current, {"present-az": "yes", "present-kz": "yes", "minute": "No objection."})
