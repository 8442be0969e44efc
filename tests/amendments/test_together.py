"""Two people on one draft: nothing is lost, everything can be brought back, a form that is sent twice is one draft."""

from __future__ import annotations

import threading

import pytest

from declaration.amendments import operations
from declaration.amendments.operations import DraftConflict, Text
from declaration.amendments.parts import Part
from tests.amendments.conftest import DRAFTS, PROPOSE, form_of, send

MINE, THEIRS = "Decide to meet every year;", "Solemnly decide to meet every two years;"
BOTH = "Solemnly decide to meet every year;"
MEMBER, HEAD = ("kz", "member"), ("kz", "head")


@pytest.fixture
def contested(browser_of, draft_of):
    """A draft that the head and a member have open at once, and the head has saved."""
    address = draft_of(*MEMBER, text="Decide to meet every two years, always;")
    member, head = browser_of(*MEMBER), browser_of(*HEAD)
    form = form_of(member.get(address).text)
    assert send(head, address, form_of(head.get(address).text), text="Solemnly decide to meet every two years, always;").status_code == 302
    return address, member, form


def test_the_second_is_shown_both_texts(contested):
    address, member, form = contested
    answer = send(member, address, form, text="Decide to meet every year, always;", do="ask")
    assert answer.status_code == 409
    assert "Decide to meet every year, always;" in answer.text
    assert "Solemnly decide to meet every two years, always;" in answer.text
    assert "kz head saved this draft while you were writing" in answer.text
    merged = form_of(answer.text[answer.text.index("Or edit both together") - 600 :], "<form")
    assert merged["text"] == "Solemnly decide to meet every year, always;"


def test_nothing_of_the_first_is_overwritten_before_somebody_decides(contested, saved):
    address, member, form = contested
    send(member, address, form, text="Decide to meet every year, always;")
    assert [each.parts[0]["text"] for each in saved()] == [
        "Decide to meet every two years, always;", "Solemnly decide to meet every two years, always;",
    ]  # fmt: skip


def test_keep_mine(contested, saved):
    address, member, form = contested
    page = send(member, address, form, text="Mine;").text
    mine = form_of(page[page.index("Three ways on") :], "<form")
    assert send(member, address, mine, do="save").status_code == 302
    assert [each.parts[0]["text"] for each in saved()][1:] == ["Solemnly decide to meet every two years, always;", "Mine;"]


def test_keep_theirs_and_mine_stays_in_the_history(contested, saved, browser_of):
    address, member, form = contested
    answer = member.post(f"{address}/theirs", data={**form, "text": "Mine;"})
    assert answer.status_code == 302
    assert [(each.revision, each.kind) for each in saved()] == [(1, "saved"), (1, "set_aside"), (2, "saved")]
    page = browser_of(*HEAD).get(f"{address}/history").text
    assert "Set aside by kz member" in page
    aside = next(each for each in saved() if each.kind == "set_aside")
    assert member.post(f"{address}/restore", data={"revision-id": aside.id}).status_code == 302
    assert form_of(member.get(address).text)["text"] == "Mine;"
    assert len(saved()) == 4


def test_the_same_words_are_no_conflict(contested):
    address, member, form = contested
    assert send(member, address, form, text="Solemnly decide to meet every two years, always;").status_code == 302


def test_where_the_same_words_were_changed_mine_stand_in_the_merge(contested):
    address, member, form = contested
    answer = send(member, address, form, text="Gravely decide to meet every two years, always;")
    assert answer.status_code == 409
    assert "yours stand here" in answer.text


def test_a_colleagues_other_paragraph_is_in_the_merge(contested, browser_of):
    address, member, form = contested
    head = browser_of(*HEAD)
    more = form_of(send(head, address, form_of(head.get(address).text), do="add", add_unit="OP2", add_op="delete").text)
    assert send(head, address, more, do="save").status_code == 302
    answer = send(member, address, form, text="Mine;")
    assert answer.status_code == 409
    assert "Not in yours" in answer.text
    merged = form_of(answer.text[answer.text.index("Or edit both together") - 600 :], "<form")
    assert (merged["op-1"], merged["unit-1"]) == ("delete", "OP2")


# -- history -----------------------------------------------------------------------------------------------------------------


def test_every_save_can_be_gone_back_to(browser_of, draft_of, saved):
    address = draft_of(*MEMBER, text="First;")
    member = browser_of(*MEMBER)
    send(member, address, form_of(member.get(address).text), text="Second;")
    first = saved()[0]
    assert member.post(f"{address}/restore", data={"revision-id": first.id}).status_code == 302
    assert [(each.kind, each.parts[0]["text"]) for each in saved()] == [("saved", "First;"), ("saved", "Second;"), ("restored", "First;")]
    page = member.get(f"{address}/history").text
    assert "Brought back by kz member" in page
    assert "stands now" in page


def test_a_revision_of_another_draft_is_not_brought_back(browser_of, draft_of, saved):
    one, other = draft_of(*MEMBER, text="One;"), draft_of(*MEMBER, text="Other;")
    foreign = next(each for each in saved() if each.parts[0]["text"] == "Other;")
    assert browser_of(*MEMBER).post(f"{one}/restore", data={"revision-id": foreign.id}).status_code == 404
    assert browser_of(*MEMBER).post(f"{one}/restore", data={}).status_code == 404
    assert browser_of(*MEMBER).get(other).status_code == 200


PRIVATE = ("", "/history", "/release")
POSTS = ("", "/theirs", "/restore", "/return", "/take-back", "/discard", "/bring-back", "/erase")


@pytest.mark.parametrize("who", [("az", "head"), ("hu", "head")])
def test_another_delegation_finds_nothing(browser_of, draft_of, who):
    address = draft_of(*MEMBER)
    browser = browser_of(*who)
    for path in PRIVATE:
        assert browser.get(address + path).status_code == 404
        assert browser.get(f"{DRAFTS}/never-was{path}").status_code == 404
    for path in POSTS:
        theirs, none = browser.post(address + path), browser.post(f"{DRAFTS}/never-was{path}")
        assert theirs.status_code == none.status_code == 404
        assert theirs.headers.get("Location") is None


# -- inside the delegation -----------------------------------------------------------------------------------------------------


def test_asked_returned_with_a_note_asked_again(browser_of, draft_of, rows):
    address = draft_of(*MEMBER)
    member, head = browser_of(*MEMBER), browser_of(*HEAD)
    assert head.post(f"{address}/return", data={"note": "Not yet asked."}).status_code == 409
    send(member, address, form_of(member.get(address).text), do="ask")
    assert rows()[0].status == "awaiting_head"
    assert member.post(f"{address}/return", data={"note": "Mine."}).status_code == 403
    assert head.post(f"{address}/return", data={"note": "Shorter, and say why."}).status_code == 302
    assert "Shorter, and say why." in member.get(address).text
    send(member, address, form_of(member.get(address).text), do="ask")
    assert rows()[0].status == "awaiting_head"


def test_an_author_takes_it_back_from_the_head(browser_of, draft_of, rows):
    address = draft_of(*MEMBER, do="ask")
    address = f"{DRAFTS}/{rows()[0].id}"
    assert browser_of(*HEAD).post(f"{address}/take-back").status_code == 403
    assert browser_of(*MEMBER).post(f"{address}/take-back").status_code == 302
    assert rows()[0].status == "draft"
    assert browser_of(*MEMBER).post(f"{address}/take-back").status_code == 409


def test_a_discarded_draft_comes_back_and_an_erased_one_does_not(browser_of, draft_of, rows, saved):
    address = draft_of(*MEMBER)
    member = browser_of(*MEMBER)
    assert member.post(f"{address}/erase").status_code == 409
    assert member.post(f"{address}/discard").status_code == 302
    assert member.get(address).status_code == 302
    assert member.post(address, data={"text": "x", "revision": "1"}).status_code == 422
    assert MINE.removesuffix("year;") in member.get(DRAFTS).text
    assert member.post(f"{address}/bring-back").status_code == 302
    assert member.get(address).status_code == 200
    assert member.post(f"{address}/bring-back").status_code == 409
    member.post(f"{address}/discard")
    assert member.post(f"{address}/erase").status_code == 302
    assert rows() == saved() == []


def test_a_member_does_not_dispose_of_what_the_head_began(browser_of, draft_of, rows):
    address = draft_of(*HEAD)
    assert browser_of(*MEMBER).post(f"{address}/discard").status_code == 403
    assert browser_of(*HEAD).post(f"{address}/discard").status_code == 302
    assert browser_of(*MEMBER).post(f"{address}/erase").status_code == 403
    assert len(rows()) == 1


# -- one form, one draft -----------------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_is_one_draft(browser_of, rows, saved):
    member = browser_of(*MEMBER)
    form = form_of(member.get(PROPOSE).text) | {"text": MINE, "do": "save"}
    one, other = member.post(PROPOSE, data=form), member.post(PROPOSE, data=form)
    assert one.headers["Location"] == other.headers["Location"]
    assert len(rows()) == len(saved()) == 1


def test_sent_again_with_more_words_it_is_the_same_draft_and_both_are_kept(browser_of, rows, saved):
    member = browser_of(*MEMBER)
    form = form_of(member.get(PROPOSE).text) | {"do": "save"}
    for words in (MINE, "Decide to meet every second year;", "Decide to meet in spring;"):
        assert member.post(PROPOSE, data={**form, "text": words}).status_code == 302
    assert len(rows()) == 1
    assert [each.revision for each in saved()] == [1, 2, 3]


def test_a_late_copy_of_the_first_form_does_not_undo_what_came_after(browser_of, rows):
    member, head = browser_of(*MEMBER), browser_of(*HEAD)
    form = form_of(member.get(PROPOSE).text) | {"text": MINE, "do": "save"}
    address = member.post(PROPOSE, data=form).headers["Location"]
    send(head, address, form_of(head.get(address).text), text="Of the head;")
    assert member.post(PROPOSE, data=form).status_code == 302  # the copy: nothing new
    assert rows()[0].text == "Of the head;"
    answer = member.post(PROPOSE, data={**form, "text": "More of mine;"})
    assert answer.status_code == 409
    assert rows()[0].text == "Of the head;"


def test_a_save_whose_answer_was_lost_does_not_collide_with_itself(browser_of, draft_of, saved):
    address = draft_of(*MEMBER)
    member = browser_of(*MEMBER)
    form = form_of(member.get(address).text)
    for words in ("One;", "One and two;"):
        assert send(member, address, form, text=words).status_code == 302
    assert len(saved()) == 3


def test_a_key_of_somebody_else_finds_nothing(browser_of, rows):
    for who in (MEMBER, HEAD, ("az", "head")):
        assert browser_of(*who).post(PROPOSE, data={"text": MINE, "key": "the-same-key", "do": "save"}).status_code == 302
    assert len(rows()) == 3


def test_a_script_is_told_the_address_and_no_page(browser_of, draft_of, rows):
    member = browser_of(*MEMBER)
    data = {"text": MINE, "do": "ask", "key": "k"}
    answer = member.post(PROPOSE, data=data, headers={"Accept": "application/json"})
    assert answer.json == {"url": DRAFTS, "revision": 1}
    assert rows()[0].status == "awaiting_head"


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_two_saves_in_one_moment(app, playing):
    """Both writers have seen revision 1; one of them is told."""
    with playing() as play:
        actor = play.actor(*HEAD)
        draft = operations.begin(play.session, play.forum, play.state, actor, Text((Part("replace", "OP1", MINE),)), now=_now(play)).id
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def write(words: str) -> None:
        barrier.wait()
        try:
            with playing() as play:
                actor = play.actor(*HEAD)
                found = operations.own_draft(play.session, play.forum, actor, draft, lock=True)
                text = Text((Part("replace", "OP1", words),))
                operations.save(play.session, play.state, actor, found, text, revision=1, now=_now(play))
            outcomes.append("saved")
        except DraftConflict:
            outcomes.append("told")

    threads = [threading.Thread(target=write, args=(words,)) for words in ("One;", "Other;")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["saved", "told"]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_one_form_twice_in_one_moment(app, playing):
    found: list[str] = []
    barrier = threading.Barrier(2)

    def write() -> None:
        barrier.wait()
        with playing() as play:
            text = Text((Part("replace", "OP1", MINE),))
            found.append(operations.begin(play.session, play.forum, play.state, play.actor(*HEAD), text, now=_now(play), key="k").id)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 2
    assert len(set(found)) == 1


def _now(play):
    return play.app.extensions["clock"].now()
