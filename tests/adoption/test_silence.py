"""Silence procedures on their pages: the exact words and hour, who may do what, and what whoever comes second is told."""

from __future__ import annotations

import re

import pytest

from declaration.errors import DeclarationError
from tests.adoption.sitting import announce, hour, run

PAGES = "/forum/silences"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The acts are tested on both databases elsewhere; these are the pages."""
    return sqlite_url


@pytest.fixture
def first(tabled) -> str:
    """The proposal on paragraph 1."""
    with tabled() as play:
        return next(iter(play.state.amendments))


def page_of(browser_of, digest: str, party: str, role: str | None = None) -> str:
    answer = browser_of(party, role).get(f"{PAGES}/{digest[:12]}")
    assert answer.status_code == 200
    return answer.text


def disabled(page: str) -> list[str]:
    return re.findall(r"<button[^>]* disabled[^>]*>([^<]*)</button>", page)


def refused(playing, party: str, type_: str, digest: str, fields: dict[str, str], role: str | None = None) -> str:
    with pytest.raises(DeclarationError) as caught, playing() as play:
        play.act(party, type_, digest, fields, role=role)
    return caught.value.code


def test_the_chair_announces_from_the_proposal_with_the_hours_of_the_rules(browser_of, tabled, first):
    page = browser_of("chair").get("/forum/proposals/AM-001").text
    assert "Put under silence…" in page
    for hours in (24, 8, 72):
        assert f"At least {hours} hours from its opening" in page
    assert 'name="expires"' in page
    for party, role in (("az", "head"), ("kz", "member"), ("rapporteur", None)):
        assert "Put under silence" not in browser_of(party, role).get("/forum/proposals/AM-001").text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"setting": "session"}, "hour.missing"),
        ({"setting": "session", "hours": "23"}, "silence.too-short"),
        ({"setting": "overnight", "hours": "7"}, "silence.too-short"),
        ({"setting": "between", "hours": "71"}, "silence.too-short"),
        ({"setting": "soon", "hours": "100"}, "statement.field"),
    ],
)
def test_an_announcement_is_refused(tabled, first, fields, code):
    with tabled():
        expires = {"expires": hour(float(fields["hours"]))} if "hours" in fields else {}
    assert refused(tabled, "chair", "silence.announce-v1", first, {"setting": fields["setting"], **expires}) == code


def test_one_silence_at_a_time_and_the_second_button_says_so(browser_of, tabled, first):
    with tabled() as play:
        announce(play, first)
    page = browser_of("chair").get("/forum/proposals/AM-001").text
    assert "Put under silence" in disabled(page)
    assert "A silence procedure is announced for this paragraph already." in page


def test_announced_the_heads_may_object_and_the_chair_may_open(browser_of, tabled, first):
    with tabled() as play:
        digest = announce(play, first)
    assert "Object to its use…" in page_of(browser_of, digest, "kz", "head")
    chair = page_of(browser_of, digest, "chair")
    assert "Open the silence procedure" in chair
    assert "To be opened by" in chair
    assert {"Extend", "Cancel"} <= set(disabled(chair))  # nothing runs that could be extended
    assert "You may now" not in page_of(browser_of, digest, "kz", "member")


def test_running_it_shows_the_exact_words_and_the_hour_on_every_clock(browser_of, tabled, first):
    with tabled() as play:
        digest = run(play, first)
        sha256 = play.state.silences[digest].units["OP1"]
    page = page_of(browser_of, digest, "kz", "head")
    assert re.search(r"<del>.*?</del>.*?<ins>year</ins>", page)
    assert sha256 in page
    assert "data-until=" in page
    assert "data-now=" in page
    assert re.search(r"\(\+04:00\)", page)
    assert re.search(r"\d\d:\d\d UTC", page)
    assert "Break silence…" in page
    assert "cannot be taken back" in page


def test_a_member_is_told_that_the_head_alone_breaks_silence(browser_of, tabled, first):
    with tabled() as play:
        digest = run(play, first)
    page = page_of(browser_of, digest, "kz", "member")
    assert disabled(page) == ["Break silence"]
    assert "The head of your delegation alone breaks silence." in page


def test_whoever_comes_second_is_told_who_broke_it(browser_of, tabled, first):
    with tabled() as play:
        digest = run(play, first)
        play.act("kz", "silence.break-v1", digest, {"reason": "<i>The year</i> is too short."}, role="head")
    page = page_of(browser_of, digest, "hu", "head")
    assert disabled(page) == ["Break silence"]
    assert re.search(r"Already broken by Kazakhstan, .*Everybody was told at once\.", page)
    assert "&lt;i&gt;The year&lt;/i&gt; is too short." in page
    assert "Table your own words" not in page
    own = page_of(browser_of, digest, "kz", "head")
    assert "/forum/paragraphs/OP1/propose" in own
    assert "Table your own words" in own
    assert refused(tabled, "hu", "silence.break-v1", digest, {"reason": "We too."}, "head") == "silence.state"


def test_the_hour_decides_without_anything_having_run(browser_of, tabled, first, clock):
    with tabled() as play:
        digest = run(play, first, hours=24)
    clock.advance(hours=24)
    page = page_of(browser_of, digest, "kz", "head")
    assert "Nobody broke it before" in page
    assert "The hour has passed" in page
    assert disabled(page) == ["Break silence"]
    assert re.search(r"<ins>year</ins>", page)
    assert refused(tabled, "kz", "silence.break-v1", digest, {"reason": "Too late."}, "head") == "silence.state"


def test_an_objection_to_its_use_ends_it(browser_of, tabled, first):
    with tabled() as play:
        digest = announce(play, first)
        play.act("kz", "silence.object_to_use-v1", digest, {"reason": "Not on this one."}, role="head")
    page = page_of(browser_of, digest, "chair")
    assert "Not used: Kazakhstan" in page
    assert "Not on this one." in page
    assert refused(tabled, "chair", "silence.open-v1", digest, {}) == "silence.state"


def test_the_chair_extends_to_a_later_hour_and_cancels(browser_of, tabled, first):
    with tabled() as play:
        digest = run(play, first)
    with tabled():
        sooner, later = hour(26), hour(40)
    assert refused(tabled, "chair", "silence.extend-v1", digest, {"expires": sooner, "reason": "x"}) == "silence.not-later"
    assert refused(tabled, "chair", "silence.extend-v1", digest, {"expires": later}) == "reason.missing"
    with tabled() as play:
        play.act("chair", "silence.extend-v1", digest, {"expires": later, "reason": "The network was down."})
        play.act("chair", "silence.cancel-v1", digest, {"reason": "Talks go on."})
    page = page_of(browser_of, digest, "az", "head")
    assert "Not used: Chair" in page
    assert "Talks go on." in page


@pytest.mark.parametrize("name", ["0" * 12, "short", "..", "%27"])
def test_a_silence_that_is_not_there(browser_of, tabled, first, name):
    with tabled() as play:
        run(play, first)
    assert browser_of("kz", "head").get(f"{PAGES}/{name}").status_code == 404


def test_participants_alone_read_it(app, browser_of, tabled, first):
    with tabled() as play:
        digest = run(play, first)
    assert app.test_client().get(f"{PAGES}/{digest[:12]}").status_code == 401
    assert browser_of("ngo-1").get(PAGES).status_code == 403


def test_the_paragraph_and_the_list_show_it(browser_of, tabled, first):
    with tabled() as play:
        digest = run(play, first)
    head = browser_of("hu", "head")
    assert f"{PAGES}/{digest[:12]}" in head.get("/forum/paragraphs/OP1").text
    assert "Under silence" in head.get("/forum/paragraphs/OP1").text
    assert f"{PAGES}/{digest[:12]}" in head.get(PAGES).text
    assert "Until " in head.get("/forum/proposals/AM-001").text
