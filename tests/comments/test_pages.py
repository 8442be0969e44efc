"""The pages, without scripts; and that nothing of a delegation's inside changes a single byte of what others get."""

from __future__ import annotations

import re

import pytest

from declaration.comments import operations
from declaration.comments.models import Message
from tests.comments.conftest import PAGE
from tests.drafts.play import SLUG

SECRET = "We give way if the word year stays"
OTHERS = (("az", "head"), ("hu", "head"), ("chair", "chair"), ("rapporteur", "secretariat"), ("translator-az-1", "translator"))
PAGES = (
    "", "/home", "/text", "/proposals", "/paragraphs/OP1", "/paragraphs/OP1/history", "/paragraphs/OP2", "/drafts", "/stage", "/table/OP1",
    "/hall/OP1", "/versions/ZD", "/languages",
)  # fmt: skip
PASSING = {"X-Request-Id", "Set-Cookie", "Date"}


def snapshot(browser) -> dict[str, tuple[int, bytes, list[tuple[str, str]]]]:
    found = {}
    for page in PAGES:
        answer = browser.get(f"/{SLUG}{page}")
        body = re.sub(rb"[A-Z0-9]{3}-[A-Z0-9]{3}(?=</)", b"", answer.data) if answer.status_code >= 400 else answer.data
        headers = sorted((name, value) for name, value in answer.headers if name not in PASSING)
        if answer.status_code >= 400:  # the reference of a refusal is the request's own
            headers = [(name, value) for name, value in headers if name != "Content-Length"]
        found[page] = (answer.status_code, body, headers)
    return found


def thread_of(browser, text: str) -> str:
    page = browser.get(PAGE).text
    assert text in page
    return page[: page.index(text)].rpartition('id="thread-')[2].split('"')[0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # every page is asked for several times: one database will do
def test_a_delegations_inside_changes_no_byte_of_what_others_get(browser_of, say):
    say("A first word to everyone.", "all", "az")
    others = {who: browser_of(*who) for who in OTHERS}
    before = {who: snapshot(browser) for who, browser in others.items()}
    assert all(before[who]["/paragraphs/OP1"][0] == 200 for who in OTHERS)

    member, head = browser_of("kz", "member"), browser_of("kz", "head")
    thread = thread_of(head, "A first word to everyone.")
    for browser in (member, head):
        assert browser.post(f"{PAGE}/comments", data={"text": f"Inside: {SECRET}", "audience": "own"}).status_code == 302
        assert browser.post(f"/{SLUG}/comments/{thread}/reply", data={"text": SECRET, "audience": "own"}).status_code == 302
    own = thread_of(head, f"Inside: {SECRET}")
    assert head.post(f"/{SLUG}/comments/{own}/resolve", data={"reason": SECRET}).status_code == 302
    draft = {"op": "replace", "text": "Decide to meet every year;", "rationale": SECRET, "language": "en"}
    assert member.post(f"/{SLUG}/paragraphs/OP1/propose", data={**draft, "do": "save"}).status_code == 302
    assert member.post(f"/{SLUG}/paragraphs/OP2/propose", data={**draft, "do": "ask"}).status_code == 302

    assert SECRET in head.get(PAGE).text
    assert {who: snapshot(browser) for who, browser in others.items()} == before

    say("A second word to everyone.", "all", "kz")  # and the net does catch what is meant for them
    assert all(snapshot(browser)["/paragraphs/OP1"] != before[who]["/paragraphs/OP1"] for who, browser in others.items())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # every page is asked for several times: one database will do
def test_what_is_said_to_the_chair_changes_no_byte_for_other_delegations(browser_of, say):
    others = {who: browser_of(*who) for who in OTHERS if who[0] != "chair"}
    before = {who: snapshot(browser) for who, browser in others.items()}
    say("Between us, year must stay.", "chair", "kz")
    chair = browser_of("chair")
    thread = thread_of(chair, "Between us, year must stay.")
    answer = chair.post(f"/{SLUG}/comments/{thread}/reply", data={"text": "Understood.", "audience": "chair:kz"})
    assert answer.status_code == 302
    assert "Understood." in browser_of("kz", "member").get(PAGE).text
    assert {who: snapshot(browser) for who, browser in others.items()} == before


def test_a_foreign_thread_and_none_are_answered_alike(browser_of, say):
    say(SECRET, "own", "kz")
    thread = thread_of(browser_of("kz", "head"), SECRET)
    stranger = browser_of("az", "head")
    for step in ("reply", "resolve", "reopen"):
        hidden = stranger.post(f"/{SLUG}/comments/{thread}/{step}", data={"text": "x", "reason": "x"})
        missing = stranger.post(f"/{SLUG}/comments/{'A' * 22}/{step}", data={"text": "x", "reason": "x"})
        assert hidden.status_code == missing.status_code == 404
        assert len(hidden.data) == len(missing.data)


@pytest.mark.parametrize(("party", "role"), [("ngo-1", "signatory"), ("depositary", "depositary")])
def test_who_writes_no_comments_has_no_form(browser_of, say, party, role):
    say("A word to everyone.", "all", "kz")
    browser = browser_of(party, role)
    assert browser.post(f"{PAGE}/comments", data={"text": "A word."}).status_code == 403
    answer = browser.get(PAGE)
    assert "Add a comment" not in answer.text
    assert ("A word to everyone." in answer.text) == (role == "depositary")


def test_nobody_signed_in_reads_nothing(app, playing, say):
    say("A word to everyone.", "all", "kz")
    answer = app.test_client().get(PAGE)
    assert answer.status_code == 401
    assert "A word to everyone." not in answer.text


def test_the_choice_is_unmistakable_and_the_narrowest_is_chosen(browser_of):
    page = browser_of("kz", "head").get(PAGE).text
    form = page[page.index("Add a comment") :]
    assert re.search(r'aud--own"><input type="radio" name="audience" value="own" checked>', form)
    assert form.count(" checked") == 1
    assert form.index("Only the delegation of Kazakhstan") < form.index("The Chair") < form.index("Everyone in the Forum")


def test_a_member_sees_why_others_cannot_be_addressed(browser_of):
    page = browser_of("kz", "member").get(PAGE).text
    form = page[page.index("Add a comment") :]
    assert form.count('type="radio"') == 3
    assert form.count(" disabled") == 2
    assert "Your head of delegation speaks to others." in form
    refused = browser_of("kz", "member").post(f"{PAGE}/comments", data={"text": "A word.", "audience": "all"})
    assert refused.status_code == 403


@pytest.mark.parametrize("text", ["", "x" * 5001])
def test_what_was_typed_is_kept_when_it_is_refused(browser_of, text):
    answer = browser_of("kz", "head").post(f"{PAGE}/comments", data={"text": text, "audience": "chair"})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert text in answer.text
    assert re.search(r'value="chair" checked', answer.text)


def test_markup_in_a_comment_is_words(browser_of, say):
    say("<b>8 & 9</b>\nsecond line", "all", "kz")
    page = browser_of("az", "head").get(PAGE).text
    assert "<p>&lt;b&gt;8 &amp; 9&lt;/b&gt;</p><p>second line</p>" in page


def test_a_hidden_thread_shows_its_reason_and_none_of_its_words(browser_of, say):
    say("Somebody’s telephone number.", "all", "kz")
    chair = browser_of("chair")
    thread = thread_of(chair, "Somebody’s telephone number.")
    assert chair.post(f"/{SLUG}/comments/{thread}/hide", data={"reason": "Personal data."}).status_code == 302
    for who in (("az", "head"), ("kz", "head"), ("chair", "chair")):
        page = browser_of(*who).get(PAGE).text
        assert "Somebody’s telephone number." not in page
        assert "Personal data." in page


def test_the_way_back_stays_on_this_site(browser_of):
    answer = browser_of("kz", "head").post(f"{PAGE}/comments", data={"text": "A word.", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"].startswith(f"/{SLUG}/paragraphs/OP1#thread-")


def test_comments_are_in_no_record(playing, say):
    with playing() as play:
        size = play.state.size
    say("A word to everyone.", "all", "kz")
    with playing() as play:
        assert play.state.size == size


def test_it_is_said_who_opened_a_comment_to_more_readers(browser_of, say):
    say("Astana agrees.", "own", "kz", "member")
    head = browser_of("kz", "head")
    message = re.search(r"/comments/messages/([\w-]+)/widen", head.get(PAGE).text)[1]
    assert browser_of("kz", "member").post(f"/{SLUG}/comments/messages/{message}/widen", data={"audience": "all"}).status_code == 403
    assert browser_of("az", "head").post(f"/{SLUG}/comments/messages/{message}/widen", data={"audience": "all"}).status_code == 404
    assert head.post(f"/{SLUG}/comments/messages/{message}/widen", data={"audience": "all"}).status_code == 302
    assert "opened to more readers by kz head" in browser_of("az", "head").get(PAGE).text
    assert head.post(f"/{SLUG}/comments/messages/{message}/widen", data={"audience": "chair"}).status_code == 403


def test_a_hidden_comment_keeps_its_words_sealed_and_its_hash_in_sight(browser_of, say, playing):
    say("Somebody’s telephone number.", "all", "kz")
    chair = browser_of("chair")
    thread = thread_of(chair, "Somebody’s telephone number.")
    reply = {"text": "It is +994 50.", "audience": "own"}
    assert browser_of("kz", "head").post(f"/{SLUG}/comments/{thread}/reply", data=reply).status_code == 302
    chair.post(f"/{SLUG}/comments/{thread}/hide", data={"reason": "Personal data."})
    with playing() as play:
        kept = {one.text: operations.seal(one) for one in play.session.query(Message)}
    opening, inside = kept["Somebody’s telephone number."], kept["It is +994 50."]
    for who in (("az", "head"), ("chair", "chair")):
        page = browser_of(*who).get(PAGE).text
        assert opening in page
        assert inside not in page  # not even the hash of what this reader never could read
    assert inside in browser_of("kz", "head").get(PAGE).text
    assert "Hidden: begin another." in browser_of("az", "head").get(PAGE).text


def test_the_hash_of_the_same_words_is_another_each_time(say, playing):
    say("+994 50 123 45 67", "all", "kz")
    say("+994 50 123 45 67", "all", "az")
    with playing() as play:
        assert len({operations.seal(one) for one in play.session.query(Message)}) == 2
