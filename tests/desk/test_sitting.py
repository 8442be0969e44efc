"""The sitting on the home pages and at the table: silence first, reserves, groups, corrections, one press."""

from __future__ import annotations

import re

import pytest

from tests.adoption import sitting
from tests.adoption.conftest import tabled
from tests.adoption.sitting import hour, reserve, run
from tests.desk.conftest import HALL, HOME, TABLE
from tests.desk.test_home import later, things

__all__ = ["tabled"]

P1, P2 = "Paragraph\N{NO-BREAK SPACE}1", "Paragraph\N{NO-BREAK SPACE}2"


def test_silence_comes_first_with_its_hour_and_break_behind_a_reason(browser_of, tabled):
    with tabled() as play:
        first, second = play.state.amendments
        run(play, second, hours=60)
        run(play, first, hours=30)
        sitting.agreed(play, "PP1")
        reserve(play, "kz", "PP1", hour(1))
    page = browser_of("kz", "head").get(HOME).text
    assert things(page)[:2] == [f"{P1}: silence on AM/001", f"{P2}: silence on AM/002"]
    card = page[page.index("card--now") : page.index("</section>", page.index("card--now"))]
    assert "Silence ends in" in card
    assert "<ins>year</ins>" in card
    assert "Break silence…" in card
    assert "cannot be taken back" in card
    assert 'name="reason"' in card
    assert things(browser_of("kz", "member").get(HOME).text) == []


def test_an_announced_one_can_be_objected_to_by_heads_and_opened_by_the_chair(browser_of, tabled):
    with tabled() as play:
        sitting.announce(play, next(iter(play.state.amendments)))
    head, chair = browser_of("hu", "head").get(HOME).text, browser_of("chair").get(HOME).text
    assert "Object to its use…" in head
    assert "Break silence" not in head
    assert "Open the silence procedure" in chair
    assert "To be opened within" in chair


def test_the_chair_does_not_break_silence(browser_of, tabled):
    with tabled() as play:
        run(play, next(iter(play.state.amendments)))
    page = browser_of("chair").get(HOME).text
    assert "Break silence" not in page
    assert "Extend or cancel" in later(page)


def test_a_reserve_waits_for_its_head_and_when_overdue_for_the_chair(browser_of, tabled, clock):
    with tabled() as play:
        sitting.agreed(play, "PP1")
        reserve(play, "kz", "PP1", hour(0.1))
    head, chair = browser_of("kz", "head"), browser_of("chair")
    assert "Lift the reserve" in head.get(HOME).text
    assert "Lift the reserve" not in browser_of("az", "head").get(HOME).text
    assert "overdue" not in chair.get(HOME).text
    clock.advance(minutes=10)
    assert "The hour of your reserve has passed" in head.get(HOME).text
    assert "Preambular paragraph PP1: ask Kazakhstan" in things(chair.get(HOME).text)
    assert "overdue since" in chair.get(f"{TABLE}/PP1").text


def test_a_group_waits_for_the_secretariat(browser_of, tabled):
    with tabled() as play:
        fields = {"unit": "OP1", "member-kz": "y", "member-az": "y", "facilitator": "kz", "report_by": hour(3), "reason": "A year."}
        play.act("chair", "paragraph.refer_to_small_group-v1", play.state.current, fields)
    assert f"{P1}: report of the small group" in things(browser_of("rapporteur").get(HOME).text)
    assert "Small group" in browser_of("chair").get(f"{TABLE}/OP1").text


def test_a_correction_waits_for_the_chairs_countersignature(browser_of, tabled):
    with tabled() as play:
        sitting.agreed(play, "PP1")
        fields = {"unit": "PP1", "text": "Recalling the agreement of 2009,", "reason": "A letter."}
        play.act("rapporteur", "paragraph.correct_editorially-v1", play.state.current, fields)
    page = browser_of("chair").get(HOME).text
    assert "Editorial correction: Preambular paragraph PP1" in things(page)
    assert "Countersign" in page
    assert "Countersign" not in browser_of("rapporteur").get(HOME).text


# -- the table -----------------------------------------------------------------------------------------------------------------


def test_one_press_accepts_then_agrees_then_goes_on(browser_of, tabled):
    chair = browser_of("chair")
    page = chair.get(f"{TABLE}/OP1").text
    assert re.search(r'data-key="p">.*?Accept: no objection <kbd aria-hidden="true">P</kbd>', page, re.DOTALL)
    assert f'name="next" value="{TABLE}/OP1"' in page
    with tabled() as play:
        play.accept(next(iter(play.state.amendments)))
    page = chair.get(f"{TABLE}/OP1").text
    assert re.search(r'data-key="P">.*?Put to the meeting: no objection <kbd aria-hidden="true">P</kbd>', page, re.DOTALL)
    assert f'name="next" value="{TABLE}/OP2"' in page
    assert "Single keys are on" in page


def test_with_two_texts_no_key_chooses_between_them(browser_of, playing, clock):
    with playing() as play:
        play.replace("az", "OP1", "Decide to meet every year;", 1)
        play.replace("kz", "OP1", "Decide to meet every five years;", 2)
    clock.advance(days=10)
    with playing() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
    assert 'data-key="p"' not in browser_of("chair").get(f"{TABLE}/OP1").text


def test_every_act_of_the_chair_is_there_with_its_reason(browser_of, tabled):
    with tabled() as play:
        run(play, next(iter(play.state.amendments)))
    page = browser_of("chair").get(f"{TABLE}/OP1").text
    found = re.findall(r"<button[^>]* disabled[^>]*>([^<]*)</button>", page)
    assert {"Put to the meeting: no objection", "Refer to a small group", "Delete as agreed", "Reopen"} <= set(found)
    assert "is under silence until" in page


def test_what_stands_between_is_told_by_owner_hour_and_delegation(browser_of, tabled):
    with tabled() as play:
        first, _second = play.state.amendments
        run(play, first, hours=30)
        sitting.agreed(play, "PP1")
        reserve(play, "kz", "PP1")
    page = browser_of("chair").get(f"{TABLE}/OP2").text
    points = re.sub(r"<.*?>", "", page[page.index("Between us and agreed") : page.index("round the table")])
    assert "In brackets: 2 (HU)" in points
    assert re.search(r"Silence: paragraph.1, .* left", points)
    assert "Reserve: PP1, KZ" in points
    assert "Azərbaycanca" in points


def test_ticked_proposals_are_merged_word_for_word_or_not_at_all(browser_of, playing):
    with playing() as play:
        play.replace("az", "OP1", "Resolve to meet every two years;", 1)
        play.replace("kz", "OP1", "Decide to meet every year;", 2)
        play.replace("hu", "OP1", "Decide to meet every five years;", 3)
        one, two, three = play.state.amendments
    chair = browser_of("chair")

    def begin(*ticked):
        form = {"text": "As typed;", "merge": "yes"} | {f"source-{each}": "yes" for each in ticked}
        return chair.post(f"{TABLE}/OP1/preview", data=form).text

    assert "\nResolve to meet every year;</textarea>" in begin(one, two)
    collision = begin(two, three)
    assert "AM/002 and AM/003 want different things of" in collision
    assert "\nAs typed;</textarea>" in collision
    assert "None of the ticked proposals changes words" in begin()
    assert "None of the ticked proposals changes words" in begin("0" * 64)


def test_a_paragraph_that_does_not_stand_yet_has_a_chairs_text(browser_of, playing, clock):
    with playing() as play:
        edits = [{"after": "OP1", "base": None, "kind": "operative", "op": "insert_after", "parent": None,
                  "splices": [[0, 0, "Support the exchange of students;"]], "unit": "OP1bis"}]  # fmt: skip
        body = {"symbol": "FORUM/2025/JD/AM/001", "edits": edits, "amends": None, "content": "0" * 64}
        digest = play.act("kz", "amendment.submit-v1", play.state.current, body=body, role="head").act.digest
        play.act("rapporteur", "amendment.admit-v1", digest)
    page = browser_of("chair").get(f"{TABLE}/OP1bis").text
    assert f'name="amends" value="{digest}"' in page
    assert "Redline against the proposal" in page
    assert "\nSupport the exchange of students;</textarea>" in page
    with playing() as play:
        fields = {"unit": "OP1bis", "text": "Support the exchange of young people;", "amends": digest, "sources": digest, "reason": "More."}
        made = play.act("chair", "amendment.table_chair_text-v1", play.state.current, fields).act.digest
        assert play.state.amendments[made].amends == digest
    answer = browser_of("chair").post(f"{TABLE}/OP1bis/preview", data={"text": "Support all;", "amends": digest})
    assert "<ins>" in answer.text


# -- the screen in the hall ------------------------------------------------------------------------------------------------------


def test_the_screen_follows_the_chair_and_nobody_else(browser_of, tabled):
    chair = browser_of("chair")
    assert "Decide to meet every" in chair.get(HALL).text
    assert chair.post(f"{HALL}/OP2").headers["Location"] == f"{TABLE}/OP2"
    assert "Invite all bodies" in browser_of("kz", "head").get(HALL).text
    assert chair.post(f"{HALL}/OP99").status_code == 404
    for party, role in (("kz", "head"), ("kz", "member"), ("depositary", None)):
        assert browser_of(party, role).post(f"{HALL}/OP1").status_code == 403


def test_an_unchanged_screen_is_304_with_the_hour(browser_of, tabled, clock):
    reader = browser_of("kz", "head")
    first = reader.get(f"{HALL}/now")
    assert "<html" not in first.text
    clock.advance(seconds=61)
    second = reader.get(f"{HALL}/now", headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.text) == (304, "")
    assert second.headers["X-As-At"] != first.headers["X-As-At"]
    with tabled() as play:
        run(play, next(iter(play.state.amendments)), hours=24)
    third = reader.get(f"{HALL}/now", headers={"If-None-Match": first.headers["ETag"]})
    assert third.status_code == 200
    assert "Silence ends in" in third.text
    clock.advance(hours=24)  # nothing is recorded, and the screen changes: time has
    fourth = browser_of("kz", "head").get(f"{HALL}/now", headers={"If-None-Match": third.headers["ETag"]})
    assert fourth.status_code == 200
    assert "Silence ends in" not in fourth.text


@pytest.mark.parametrize("path", [HALL, f"{HALL}/now", f"{HALL}/OP1/now"])
def test_the_screen_is_the_participants_before_adoption(app, browser_of, tabled, path):
    assert app.test_client().get(path).status_code == 401
    assert browser_of("ngo-1").get(path).status_code == 403
    assert browser_of("kz", "member").get(path).status_code == 200


def test_the_tiles_say_who_agrees_reserves_and_was_silent(browser_of, tabled):
    with tabled() as play:
        play.accept(next(iter(play.state.amendments)))
        sitting.agreed(play, "OP1", **{"present-az": "y", "present-kz": "y"})
        reserve(play, "kz", "OP1")
    page = browser_of("hu", "head").get(f"{HALL}/OP1").text
    assert re.findall(r'tile__tag">(\w+)<.*?</i>(\w+)', page) == [("AZ", "agrees"), ("HU", "absent"), ("KZ", "reserve")]


def test_before_the_plenary_the_fingerprints_and_after_the_gavel_the_sentence(app, browser_of, presented, adopted):
    page = app.test_client().get(HALL).text
    assert re.search(r"No objection\. Adopted, 4 December 2025, \d\d:\d\d\.", page)
    assert "Quorum: 2 of 3 delegations present, 2 needed." in page
    assert page.count('class="words"') == 2  # az and en
    assert not re.search(r"<(form|button|input)", page)


def test_presented_it_says_what_adopts(browser_of, presented):
    page = browser_of("kz", "head").get(HALL).text
    assert "The text is before the plenary" in page
    assert "2 of 3 delegations" in page


def test_during_signing_the_total_and_the_head_of_the_record(app, adopted):
    from datetime import timedelta

    from declaration.protocol.encoding import format_time
    from declaration.web.clock import now

    with adopted() as play:
        fields = {"opens": format_time(now()), "closes": format_time(now() + timedelta(days=7))}
        play.act("depositary", "declaration.open_for_signature-v1", play.state.adopted, fields)
        size = play.state.size
    page = app.test_client().get(HALL).text
    assert "0 organizations have signed" in page
    assert f"Head of the record, {size} entries" in page
    assert "<svg" in page
    assert page.count("<progress") == 3


# -- the rolling text --------------------------------------------------------------------------------------------------------------


def test_the_rolling_text_names_who_wants_each_bracket(app, browser_of, tabled):
    page = browser_of("kz", "member").get("/forum/compilation").text
    assert '<ins>year</ins><span class="by">AZ</span>' in page
    assert "2 brackets are left." in page
    assert app.test_client().get("/forum/compilation").status_code == 401
    assert browser_of("ngo-1").get("/forum/compilation").status_code == 403
