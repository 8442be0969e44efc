"""The editor: every operation from a form, several paragraphs together, and what it refuses."""

from __future__ import annotations

import pytest

from declaration.amendments import operations
from tests.amendments.conftest import DRAFTS, PROPOSE, form_of, send
from tests.drafts.play import SLUG

OP1, OP2 = "Decide to meet every two years;", "Invite all bodies to support projects;"
MEMBER = ("kz", "member")


def edits_of(playing, address: str) -> list[dict]:
    with playing() as play:
        draft = operations.own_draft(play.session, play.forum, play.actor("kz", "head"), address.rpartition("/")[2])
        return operations.draft_edits(play.state, draft)


@pytest.mark.parametrize(
    ("fields", "edit"),
    [
        ({"op": "replace", "text": "Decide to meet every year;"}, {"op": "replace", "splices": [[21, 30, "year"]]}),
        (
            {"op": "insert_after", "text": "Ask for a report;"},
            {"op": "insert_after", "after": "OP1", "unit": "OP1bis", "kind": "operative"},
        ),
        ({"op": "delete"}, {"op": "delete"}),
        ({"op": "move", "target": "OP2"}, {"op": "move", "after": "OP2"}),
        ({"op": "move", "target": ""}, {"op": "move", "after": None}),
        ({"op": "split", "text": "Decide to meet\r\nevery two years;"}, {"op": "split", "at": [15], "into": ["OP1", "OP1bis"]}),
        ({"op": "join", "target": "OP2"}, {"op": "join", "separator": " "}),
    ],
)
def test_every_operation_can_be_written(browser_of, playing, fields, edit):
    browser = browser_of(*MEMBER)
    page = browser.get(f"{PROPOSE}?op={fields['op']}")
    assert page.status_code == 200
    answer = send(browser, PROPOSE, form_of(page.text), **fields, do="save")
    assert answer.status_code == 302, answer.text
    (made,) = edits_of(playing, answer.headers["Location"])
    assert {name: made[name] for name in edit} == edit
    assert browser.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"op": "replace", "text": OP1}, "changes nothing"),
        ({"op": "insert_after", "text": " "}, "needs words"),
        ({"op": "move", "target": "S1"}, "stands there already"),
        ({"op": "move", "target": "OP99"}, "not in the text"),
        ({"op": "move", "target": "OP1"}, "not in the text"),
        ({"op": "split", "text": OP1}, "othing is cut"),
        ({"op": "split", "text": "Decide to\nmeet every year;"}, "without changing its words"),
        ({"op": "split", "text": "Decide to\nmeet"}, "without changing its words"),
        ({"op": "join", "target": "PP1"}, "of one kind"),
        ({"op": "join"}, "not in the text"),
        ({"op": "replace", "text": "Decide\u202e to meet;"}, ""),
        ({"op": "replace", "text": "x " * 15_000}, "too long"),
    ],
)
def test_what_says_nothing_or_something_else_is_refused_and_kept_in_the_form(browser_of, rows, fields, says):
    browser = browser_of(*MEMBER)
    answer = browser.post(PROPOSE, data={**fields, "rationale": "Because.", "do": "save"})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Because." in answer.text
    assert rows() == []


@pytest.mark.parametrize("fields", [{"op": "drop"}, {"op": "replace", "unit": "../x"}, {"op": "move", "target": "<b>"}])
def test_what_no_form_would_send_is_refused(browser_of, rows, fields):
    assert browser_of(*MEMBER).post(PROPOSE, data={**fields, "do": "save"}).status_code == 400
    assert rows() == []


def test_more_parts_than_a_statement_has_room_for(browser_of, rows):
    fields = {"op": "replace", "text": "x"} | {f"op-{number}": "delete" for number in range(1, 25)}
    answer = browser_of(*MEMBER).post(PROPOSE, data={**fields, "do": "save"})
    assert answer.status_code == 400
    assert rows() == []


def test_another_paragraph_is_added_and_taken_out_without_saving(browser_of, rows):
    browser = browser_of(*MEMBER)
    form = form_of(browser.get(PROPOSE).text) | {"text": "Decide to meet every year;"}
    page = send(browser, PROPOSE, form, do="add", add_unit="OP2", add_op="replace")
    assert page.status_code == 200
    both = form_of(page.text)
    assert (both["text"], both["unit-1"], both["text-1"]) == ("Decide to meet every year;", "OP2", OP2)
    assert both["key"] == form["key"]
    assert "All of it is taken, or nothing." in page.text
    page = send(browser, PROPOSE, both, do="remove-0")
    assert "unit-1" not in form_of(page.text)
    assert form_of(page.text)["unit"] == "OP2"
    assert rows() == []


def test_the_redline_of_each_part_is_shown(browser_of):
    browser = browser_of(*MEMBER)
    form = {"op": "replace", "text": OP1, "op-1": "replace", "unit-1": "OP2", "text-1": "Invite some bodies to support projects;"}
    address = f"/{SLUG}/paragraphs/OP1/redline"
    assert "<ins>" not in browser.post(f"{address}?part=0", data=form).text
    assert "<ins>some</ins>" in browser.post(f"{address}?part=1", data=form).text
    assert browser.post(f"{address}?part=2", data=form).status_code == 404
    assert browser.post(f"{address}?part=x", data=form).status_code == 200


TWO = {"op": "replace", "unit": "OP1", "text": "Decide to meet every year;"}


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ({"op-1": "replace", "unit-1": "OP1", "text-1": "Decide."}, "changed twice"),
        ({"op-1": "delete", "unit-1": "OP1"}, "contradict"),
        ({"op-1": "join", "unit-1": "OP1", "target-1": "OP1"}, "not in the text"),
        ({"op-1": "replace", "unit-1": "OP2", "text-1": OP2}, "changes nothing"),
        ({"op-1": "replace", "unit-1": "OP77", "text-1": "x"}, "is not in the text"),
    ],
)
def test_all_or_nothing(browser_of, rows, second, says):
    answer = browser_of(*MEMBER).post(PROPOSE, data={**TWO, **second, "do": "save"})
    assert answer.status_code == 422
    assert says in answer.text
    assert rows() == []


def test_two_new_paragraphs_in_one_place_have_two_ids(browser_of, playing):
    fields = {"op": "insert_after", "text": "One;", "op-1": "insert_after", "unit-1": "OP1", "text-1": "Two;"}
    answer = browser_of(*MEMBER).post(PROPOSE, data={**fields, "do": "save"})
    edits = edits_of(playing, answer.headers["Location"])
    assert [each["unit"] for each in edits] == ["OP1bis", "OP1ter"]


def test_a_paragraph_that_is_not_there_has_no_editor(browser_of):
    browser = browser_of(*MEMBER)
    assert browser.get(f"/{SLUG}/paragraphs/OP99/propose").status_code == 404
    assert browser.post(f"/{SLUG}/paragraphs/OP99/propose", data={"text": "x"}).status_code == 404
    assert browser.get(f"{PROPOSE}?amends={'0' * 64}").status_code == 404
    assert browser.get(f"{PROPOSE}?revises={'0' * 64}").status_code == 404


@pytest.mark.parametrize(
    "who", [("chair", "chair"), ("rapporteur", "secretariat"), ("translator-az-1", "translator"), ("ngo-1", "signatory")]
)
def test_only_delegations_draft(browser_of, who):
    browser = browser_of(*who)
    assert browser.get(PROPOSE).status_code == 403
    assert browser.get(DRAFTS).status_code == 403
    assert browser.post(PROPOSE, data={"text": "x"}).status_code == 403


# -- words that move under a draft ---------------------------------------------------------------------------------------------


def test_a_draft_for_words_that_have_changed_is_never_submitted_silently(browser_of, draft_of, playing):
    address = draft_of("kz", "member", text="Decide to meet every year;")
    with playing() as play:
        play.accept(play.replace("az", "OP1", "Solemnly decide to meet every two years;"))
    head = browser_of("kz", "head")
    page = head.get(f"{address}/release")
    assert "The words have changed since this was written." in page.text
    assert '<button class="btn btn--wide" type="button" disabled' in page.text
    page = head.get(address)
    assert "Solemnly decide to meet every year;" in page.text  # carried over, as a proposal
    form = form_of(page.text)
    assert send(head, address, form, do="release").status_code == 422
    carried = form_of(send(head, address, form, do="carry-0").text)
    assert carried["text"] == "Solemnly decide to meet every year;"
    assert send(head, address, carried, do="release").status_code == 302


def test_where_both_change_the_same_words_nothing_is_carried_over(browser_of, draft_of, playing):
    address = draft_of("kz", "member", text="Decide to meet every year;")
    with playing() as play:
        play.accept(play.replace("az", "OP1", "Decide to meet every three years;"))
    browser = browser_of(*MEMBER)
    page = browser.get(address)
    assert "meet in one place" in page.text
    form = form_of(send(browser, address, form_of(page.text), do="carry-0").text)
    assert form["text"] == "Decide to meet every year;"  # the writer's own words, now shown against the new ones
    assert send(browser, address, form, do="ask").status_code == 302


def test_a_deletion_is_not_carried_over_to_words_that_nobody_saw(browser_of, draft_of, playing):
    address = draft_of("kz", "head", op="delete", text="")
    with playing() as play:
        play.accept(play.replace("az", "OP1", "Decide to meet every three years;"))
    head = browser_of("kz", "head")
    form = form_of(head.get(address).text)
    assert send(head, address, form, do="release").status_code == 422
    form = form_of(send(head, address, form, do="carry-0").text)
    assert send(head, address, form, do="release").status_code == 302
