"""Acts on paragraphs where they are offered: ready, or disabled with the reason in a person's words."""

from __future__ import annotations

import re

import pytest

from declaration.adoption import matrix, unit_acts
from tests.adoption import sitting
from tests.adoption.sitting import hour, reserve, run


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The acts are tested on both databases elsewhere; these are the pages."""
    return sqlite_url


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<.*?>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_paragraph_with_open_proposals_is_not_put_to_the_meeting(browser_of, tabled):
    page = browser_of("chair").get("/forum/paragraphs/OP1").text
    assert "Still on the table: AM/001. Decide on each of them first." in text_of(page)
    assert "Refer to a small group…" in page


def test_under_silence_every_act_says_until_when(browser_of, tabled):
    with tabled() as play:
        run(play, next(iter(play.state.amendments)))
    words = text_of(browser_of("chair").get("/forum/paragraphs/OP1").text)
    assert re.search(r"Paragraph 1 is under silence until .*?\d\d:\d\d", words)
    assert "OP1 is under silence" not in words


@pytest.mark.parametrize(
    ("party", "role", "offered"),
    [("chair", None, True), ("kz", "head", False), ("kz", "member", False), ("rapporteur", None, False), ("depositary", None, False)],
)
def test_the_chair_alone_puts_to_the_meeting(browser_of, tabled, party, role, offered):
    page = browser_of(party, role).get("/forum/paragraphs/PP1").text
    assert ("Put to the meeting: no objection" in page) == offered


def test_before_the_second_reading_nothing_is_settled(browser_of, playing):
    assert "Put to the meeting" not in browser_of("chair").get("/forum/paragraphs/PP1").text


def test_a_reserve_is_placed_lifted_and_in_the_way(browser_of, tabled):
    with tabled() as play:
        for digest in list(play.state.amendments):
            play.accept(digest)
        sitting.agreed(play, "OP1", "OP2")
    head = browser_of("kz", "head")
    assert "Place a reserve…" in head.get("/forum/paragraphs/OP1").text
    with tabled() as play:
        reserve(play, "kz", "OP1")
    page = head.get("/forum/paragraphs/OP1").text
    assert "Lift the reserve" in page
    assert "&lt;b&gt;We ask&lt;/b&gt;" in page
    assert "Reserve of Kazakhstan" in browser_of("az", "head").get("/forum/paragraphs/OP1").text
    assert "Lift the reserve" not in browser_of("az", "head").get("/forum/paragraphs/OP1").text
    stage = text_of(browser_of("chair").get("/forum/stage").text)
    assert "Reserved: paragraph 1 by KZ." in stage
    assert "reserved: OP1" not in stage


def test_a_reserve_on_what_is_not_agreed_is_refused_in_words(browser_of, tabled):
    words = text_of(browser_of("kz", "head").get("/forum/paragraphs/OP1").text)
    assert "Paragraph 1: in brackets." in words


def test_brackets_are_named_as_people_name_them(browser_of, tabled):
    words = text_of(browser_of("chair").get("/forum/stage").text)
    assert "Still in brackets: paragraph 1, paragraph 2. Settle these first." in words
    assert re.search(r"In brackets\s*: 1 \(AZ\), 2 \(HU\)", words)


def test_a_small_group_settles_and_the_secretariat_reports(browser_of, tabled):
    with tabled() as play:
        fields = {
            "unit": "OP1", "member-kz": "y", "member-az": "y", "facilitator": "az", "report_by": hour(3), "reason": "Find a year.",
        }  # fmt: skip
        play.act("chair", "paragraph.refer_to_small_group-v1", play.state.current, fields)
    page = browser_of("rapporteur").get("/forum/paragraphs/OP1").text
    assert "Before a small group" in page
    assert "Find a year." in page
    assert "Report back from the small group…" in page
    assert "Report back" not in browser_of("az", "head").get("/forum/paragraphs/OP1").text
    assert "Before a small group: paragraph 1" in text_of(browser_of("chair").get("/forum/proposals/AM-001").text)


def test_a_deleted_paragraph_can_be_restored_where_it_stood(browser_of, tabled):
    with tabled() as play:
        digest = list(play.state.amendments)[1]
        play.act("chair", "amendment.not_retain-v1", digest, {"reason": "No consensus."})
        play.act("chair", "paragraph.delete-v1", play.state.current, {"unit": "OP2", "reason": "Nobody objected."})
    page = browser_of("chair").get("/forum/paragraphs/OP2").text
    assert "Restore the paragraph…" in page
    assert re.search(r'<option value="OP1" selected>', page)
    assert "Put to the meeting" not in page


def test_a_correction_is_previewed_by_the_secretariat_and_listed_to_all(browser_of, tabled):
    with tabled() as play:
        sitting.agreed(play, "PP1")
    typed = {"text": "Recalling the  Agreement of 2009, and its Annex,"}
    answer = browser_of("rapporteur").post("/forum/paragraphs/PP1/correction", data=typed)
    assert "<ins>" in answer.text
    assert browser_of("kz", "head").post("/forum/paragraphs/PP1/correction", data=typed).status_code == 403
    assert browser_of("rapporteur").post("/forum/paragraphs/OP99/correction", data=typed).status_code == 404
    with tabled() as play:
        fields = {"unit": "PP1", "text": "Recalling the agreement of 2009,", "reason": "A capital letter."}
        first = play.act("rapporteur", "paragraph.correct_editorially-v1", play.state.current, fields).act.digest
    assert "waits for the Chair’s countersignature" in browser_of("kz", "head").get("/forum/paragraphs/PP1").text
    assert "Editorial corrections, countersigned" not in browser_of("kz", "head").get("/forum/agreed").text
    with tabled() as play:
        play.act("chair", "second-v1", first)
    page = browser_of("kz", "head").get("/forum/agreed").text
    assert "Editorial corrections, countersigned by the Chair" in page
    assert "<ins>agreement</ins>" in page


# -- the matrix ----------------------------------------------------------------------------------------------------------------


def test_nobody_is_taken_to_have_agreed_who_did_not(tabled):
    with tabled() as play:
        first = next(iter(play.state.amendments))
        play.accept(first)
        sitting.agreed(play, "OP1", "PP1", **{"present-az": "y", "present-kz": "y"})
        reserve(play, "kz", "PP1")
        state = play.state
        assert [matrix.stand(state, "OP1", each) for each in ("az", "hu", "kz")] == ["agrees", "absent", "present"]
        assert [matrix.stand(state, "PP1", each) for each in ("az", "hu", "kz")] == ["present", "absent", "reserve"]
        assert matrix.stand(state, "OP2", "hu") == ""
        assert matrix.settled(state) == (1, 6)
        assert unit_acts.present_before(state) == ("az", "kz")


def test_what_silence_settled_is_silence(tabled, clock):
    with tabled() as play:
        run(play, next(iter(play.state.amendments)), hours=24)
    clock.advance(hours=25)
    with tabled() as play:
        assert [matrix.stand(play.state, "OP1", each) for each in ("az", "hu", "kz")] == ["agrees", "silent", "silent"]


def test_several_are_put_at_once_and_only_those_that_can_be(browser_of, tabled):
    chair = browser_of("chair")
    page = chair.get("/forum/agreed").text
    assert re.findall(r'name="unit-(\w+)"', page) == ["T", "PP1", "S1", "CL"]
    with tabled() as play:
        current = play.state.current
    form = {"type": "paragraph.agree_ad_ref-v1", "object": current, "unit-T": "yes", "unit-PP1": "yes"}
    body = chair.post("/forum/act/compose", data=form).get_json()["act"]["body"]
    assert sorted(body["units"]) == ["PP1", "T"]
    assert chair.post("/forum/act/compose", data={"type": form["type"], "object": current}).status_code == 400


@pytest.mark.parametrize(("party", "role"), [("kz", "head"), ("kz", "member"), ("rapporteur", None)])
def test_everybody_else_reads_the_matrix(browser_of, tabled, party, role):
    page = browser_of(party, role).get("/forum/agreed").text
    assert 'name="unit-' not in page
    assert page.count('class="matrix__cell') == 6 * 3


def test_the_matrix_is_the_participants(app, browser_of, tabled):
    assert app.test_client().get("/forum/agreed").status_code == 401
    assert browser_of("ngo-1").get("/forum/agreed").status_code == 403


def test_what_is_referred_back_is_ticked_and_in_brackets_again(browser_of, agreed):
    with agreed() as play:
        for party in ("az", "hu", "kz"):
            play.act(party, "confirmation.confirm-v1", play.state.current, role="head")
        play.act("chair", "declaration.begin_legal_review-v1", play.state.current)
        current = play.state.current
    chair = browser_of("chair")
    assert 'name="unit-OP1"' in chair.get("/forum/stage").text
    form = {"type": "declaration.refer_back-v1", "object": current, "reason": "A body is named and not created."}
    assert chair.post("/forum/act/compose", data=form).status_code == 400
    body = chair.post("/forum/act/compose", data={**form, "unit-OP1": "yes"}).get_json()["act"]["body"]
    assert body["units"] == ["OP1"]
    with agreed() as play:
        play.act("chair", "declaration.refer_back-v1", current, {"unit-OP1": "yes", "reason": "A finding."})
    assert "In brackets" in browser_of("kz", "head").get("/forum/paragraphs/OP1").text
