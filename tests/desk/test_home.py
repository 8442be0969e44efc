"""What waits for whom, stage by stage."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from declaration.amendments import operations as amendments
from declaration.desk.cards import Card, in_order
from declaration.drafts import operations as drafts
from declaration.forums.door import COOKIE
from declaration.forums.people import add_person
from declaration.web.clock import now
from declaration.web.security import cookie_name
from tests.desk.conftest import HOME
from tests.drafts.play import SLUG, SYMBOL


def things(page: str) -> list[str]:
    return [re.sub(r"<.*?>", "", each) for each in re.findall(r'<h2 id="c-[^"]*">(.*?)</h2>', page)]


def later(page: str) -> str:
    found = re.search(r'<ul class="quiet">(.*?)</ul>', page, re.DOTALL)
    return re.sub(r"<.*?>", " ", found[1]) if found else ""


def draft(play, *, ask: bool, text: str = "Decide to meet every year;", party: str = "kz"):
    made = amendments.new_draft(
        play.session, play.forum, play.state, play.actor(party, "member"), op="replace", unit="OP1", text=text, rationale="One reason.",
        now=now(),
    )  # fmt: skip
    if ask:
        amendments.ask_head(play.session, made, now=now())
    return made.id


def test_nobody_signed_in_has_no_home(app, playing):
    assert app.test_client().get(HOME).status_code == 401


def test_cards_stand_in_the_order_in_which_they_run_out():
    noon = datetime(2025, 11, 24, 8, tzinfo=UTC)
    cards = [
        Card("never", "", weight=1), Card("late", "", until=noon + timedelta(days=1), weight=50), Card("first", "", weight=-10),
        Card("soon", "", until=noon, weight=90), Card("never2", "", weight=2),
    ]  # fmt: skip
    assert [each.key for each in in_order(cards)] == ["first", "soon", "late", "never", "never2"]


# -- keys --------------------------------------------------------------------------------------------------------------------


def test_a_key_comes_first(begun, browser_of, playing):
    page = browser_of("ngo-1").get(HOME).text
    assert things(page) == ["Make your key"]
    assert "One thing wants you" in page


def test_members_need_no_key(browser_of):
    assert "Make your key" not in browser_of("kz", "member").get(HOME).text


def test_an_enrolled_key_waits_for_its_accreditation(browser_of, playing):
    with playing() as play:
        play.enrol("ngo-1", "signatory")
    page = browser_of("ngo-1").get(HOME).text
    assert things(page) == []
    assert "Two persons of the secretariat accredit it." in later(page)
    assert things(browser_of("rapporteur").get(HOME).text) == ["One key waits for accreditation"]
    assert things(browser_of("chair").get(HOME).text) == []


def test_the_second_person_is_asked_and_the_first_is_not(browser_of, playing):
    with playing() as play:
        add_person(play.session, play.forum, name="Another", role="secretariat", party="secretary", language="en")
        play.act("chair", "accredit-v1", play.state.known.digest, {"enrolment": str(play.enrol("secretary", "secretariat"))})
        row = play.enrol("ngo-1", "signatory")
        play.act("rapporteur", "accredit-v1", play.state.known.digest, {"enrolment": str(row)})
    assert things(browser_of("secretary").get(HOME).text) == ["One key waits for a second person"]
    assert things(browser_of("rapporteur").get(HOME).text) == []
    assert "A second one confirms." in later(browser_of("ngo-1").get(HOME).text)


# -- delegations ---------------------------------------------------------------------------------------------------------------


def test_a_draft_before_the_head_can_be_submitted_there(browser_of, playing):
    with playing() as play:
        draft(play, ask=True)
    page = browser_of("kz", "head").get(HOME).text
    assert things(page) == ["Paragraph\N{NO-BREAK SPACE}1"]
    assert "card--now" in page
    assert 'data-until="' in page
    assert re.search(r"<del>.*?</del>.*<ins>.*?</ins>", page)
    assert "One reason." in page
    assert 'value="amendment.submit-v1"' in page
    for party in ("az", "hu", "chair"):
        assert things(browser_of(party).get(HOME).text) == []


def test_after_the_deadline_it_is_submitted_late(browser_of, playing, clock):
    with playing() as play:
        draft(play, ask=True)
    clock.advance(days=8)
    page = browser_of("kz", "head").get(HOME).text
    assert "Submit late and sign" in page
    assert "card--now" not in page


def test_a_returned_draft_waits_for_its_author_with_the_note(browser_of, playing):
    with playing() as play:
        number = draft(play, ask=True)
    head = browser_of("kz", "head")
    assert head.post(f"/{SLUG}/drafts/{number}/return", data={"note": "Softer, please."}).status_code == 302
    page = browser_of("kz", "member").get(HOME).text
    assert "Returned by your head" in page
    assert "Softer, please." in page
    assert "Softer, please." not in head.get(HOME).text


def test_a_proposal_on_the_table_can_be_joined_by_others_while_it_is_new(browser_of, playing, clock):
    with playing() as play:
        play.replace("kz", "OP1", "Decide to meet every year;")
    page = browser_of("az", "head").get(HOME).text
    assert things(page) == ["Paragraph\N{NO-BREAK SPACE}1: AM/001"]
    assert "Join as co-sponsor" in page
    assert things(browser_of("kz", "head").get(HOME).text) == []
    clock.advance(days=3)
    assert things(browser_of("az", "head").get(HOME).text) == []


def test_a_stale_proposal_waits_for_its_own_head(browser_of, playing):
    with playing() as play:
        first = play.replace("az", "OP1", "Decide to meet every year;", 1)
        play.replace("kz", "OP1", "Decide to meet every two years in Baku;", 2)
        play.session.flush()
    with playing() as play:
        play.act("chair", "declaration.extend_deadline-v1", play.state.current, {"deadline": "2025-12-02T18:00", "reason": "Asked for."})
        play.accept(first)
    page = browser_of("kz", "head").get(HOME).text
    assert things(page) == ["Paragraph\N{NO-BREAK SPACE}1: AM/002"]
    assert "Your proposal, the words have changed" in page
    assert "Confirm against the new words" in page
    assert things(browser_of("hu", "head").get(HOME).text) == []


def test_the_whole_text_waits_for_every_head_once(browser_of, agreed):
    assert things(browser_of("az", "head").get(HOME).text) == ["Confirm the whole text"]
    with agreed() as play:
        play.act("az", "confirmation.confirm-v1", play.state.current, role="head")
    page = browser_of("az", "head").get(HOME).text
    assert things(page) == []
    assert "You have confirmed. Waiting for HU, KZ." in later(page)


def test_what_is_not_yet_possible_says_why(browser_of, second_reading):
    with second_reading() as play:
        play.act("kz", "amendment.submit_late-v1", play.state.current, role="head", body=_late(play))
    page = browser_of("kz", "head").get(HOME).text
    assert "Opens when the Chair declares the text agreed ad referendum." in later(page)
    assert "waits for the Chair’s leave" in later(page)
    assert things(browser_of("chair").get(HOME).text) == ["Paragraph\N{NO-BREAK SPACE}1: AM/009"]
    assert "Rule on each of them first." in later(browser_of("chair").get(HOME).text)


def _late(play):
    from declaration.protocol.manifest import unit_hash
    from declaration.text.redline import splices_between

    old = play.state.units["OP1"].text
    splices = [list(each) for each in splices_between(old, "Decide to meet every year;")]
    edits = [{"unit": "OP1", "base": unit_hash(old), "op": "replace", "splices": splices}]
    return {"symbol": f"{SYMBOL}/AM/009", "edits": edits, "amends": None, "content": "0" * 64}


# -- offices -------------------------------------------------------------------------------------------------------------------


def test_the_secretariat_admits_from_its_home(browser_of, playing):
    with playing() as play:
        play.act("kz", "amendment.submit-v1", play.state.current, role="head", body=_late(play))
    page = browser_of("rapporteur").get(HOME).text
    assert things(page) == ["Paragraph\N{NO-BREAK SPACE}1: AM/009"]
    assert "Admit as in order" in page
    assert "The deadline for amendments has not passed yet." in later(page)
    assert "Admit as in order" not in browser_of("chair").get(HOME).text


def test_the_compilation_is_due_after_the_deadline(browser_of, playing, clock):
    clock.advance(days=10)
    assert things(browser_of("rapporteur").get(HOME).text) == ["Issue the compilation"]


def test_a_version_goes_from_the_secretariat_to_the_chair_and_back(browser_of, second_reading):
    with second_reading() as play:
        digest = play.act("kz", "amendment.submit_late-v1", play.state.current, role="head", body=_late(play)).act.digest
        play.act("chair", "amendment.grant_leave-v1", digest, {"reason": "No objection."})
        play.accept(digest)
    rapporteur, chair = browser_of("rapporteur"), browser_of("chair")
    assert things(rapporteur.get(HOME).text) == []  # the paragraph is still before the meeting
    with second_reading() as play:
        play.act("chair", "paragraph.agree_ad_ref-v1", play.state.current, {"units": "OP1"})
    assert things(rapporteur.get(HOME).text) == [f"Prepare {SYMBOL}/Rev.1"]
    with second_reading() as play:
        version = drafts.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
    assert "It is before the Chair." in later(rapporteur.get(HOME).text)
    assert things(chair.get(HOME).text) == [f"Approve {SYMBOL}/Rev.1"]
    with second_reading() as play:
        drafts.return_for_work(play.session, play.forum, version, "A comma is missing.", now=now())
    assert "A comma is missing." in rapporteur.get(HOME).text
    assert things(chair.get(HOME).text) == []


def test_translators_see_what_is_behind_and_what_they_may_certify(browser_of, second_reading):
    assert things(browser_of("translator-az-2").get(HOME).text) == ["Azərbaycanca: certify that it says the same"]
    with second_reading() as play:
        digest = play.act("kz", "amendment.submit_late-v1", play.state.current, role="head", body=_late(play)).act.digest
        play.act("chair", "amendment.grant_leave-v1", digest, {"reason": "No objection."})
        play.accept(digest)
    page = browser_of("translator-az-1").get(HOME).text
    assert things(page) == ["Azərbaycanca: translate what has changed"]
    assert "One paragraph is behind the original." in page


def test_a_comment_to_the_chair_waits_until_it_is_answered(browser_of, playing):
    kz = browser_of("kz", "head")
    kz.post(f"/{SLUG}/paragraphs/OP1/comments", data={"text": "May we speak first?", "audience": "chair"})
    kz.post(f"/{SLUG}/paragraphs/OP2/comments", data={"text": "Only among us.", "audience": "own"})
    chair = browser_of("chair")
    page = chair.get(HOME).text
    assert things(page) == ["Kazakhstan writes to you: Paragraph\N{NO-BREAK SPACE}1"]
    assert "May we speak first?" in page
    assert "Only among us." not in page
    thread = re.search(r"#thread-([\w-]+)", page)[1]
    chair.post(f"/{SLUG}/comments/{thread}/reply", data={"text": "Yes.", "audience": "chair:kz"})
    assert things(chair.get(HOME).text) == []


def test_the_depositary_opens_for_signature(browser_of, adopted):
    assert things(browser_of("depositary").get(HOME).text) == ["Open for signature"]
    assert things(browser_of("chair").get(HOME).text) == []


def test_the_chair_adopts_when_it_is_presented(browser_of, presented):
    assert things(browser_of("chair").get(HOME).text) == ["Adopt the Declaration"]
    assert "Object to adoption" in later(browser_of("az", "head").get(HOME).text)


@pytest.mark.parametrize(("party", "role"), [("kz", "head"), ("kz", "member"), ("depositary", None), ("rapporteur", None)])
def test_an_empty_home_says_what_is_so_and_the_next_hour(browser_of, playing, party, role):
    page = browser_of(party, role).get(HOME).text
    assert "Nothing wants you now" in page
    assert "when amendments close." in page
    assert "Read the text" in page


def test_another_forums_session_is_nobody_here(app, browser_of, playing):
    stranger = app.test_client()
    with app.app_context():
        stranger.set_cookie(cookie_name(COOKIE), "A" * 43)
    assert stranger.get(HOME).status_code == 401
