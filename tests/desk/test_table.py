"""The Chair's table and the hall."""

from __future__ import annotations

import re

import pytest

from declaration.amendments.composers import SOURCE, compose_chair_text
from declaration.desk import hall, strip, table
from declaration.errors import Malformed
from declaration.procedure import consequences
from tests.desk.conftest import HALL, TABLE

YEAR, BAKU = "Decide to meet every year;", "Decide to meet every two years in Baku;"


@pytest.fixture
def disputed(playing):
    """Two proposals on paragraph 1 and one on paragraph 2."""
    with playing() as play:
        play.replace("az", "OP1", YEAR, 1)
        play.replace("kz", "OP1", "Decide to meet every five years;", 2)
        play.replace("hu", "OP2", "Invite all bodies to support joint projects;", 3)
        play.act("hu", "amendment.join-v1", next(iter(play.state.amendments)), role="head")
    return playing


@pytest.mark.parametrize(("party", "role"), [("kz", "head"), ("kz", "member"), ("rapporteur", None), ("ngo-1", None)])
def test_the_table_is_the_chairs(browser_of, playing, party, role):
    for page in (TABLE, f"{TABLE}/OP1"):
        assert browser_of(party, role).get(page).status_code == 403


def test_the_table_begins_with_the_first_paragraph_in_brackets(browser_of, disputed):
    assert browser_of("chair").get(TABLE).headers["Location"] == f"{TABLE}/OP1"


@pytest.mark.parametrize("unit", ["OP99", "op1", "NEW"])
def test_a_paragraph_that_is_not_there(browser_of, disputed, unit):
    assert browser_of("chair").get(f"{TABLE}/{unit}").status_code == 404
    assert browser_of("chair").get(f"{HALL}/{unit}").status_code == 404


def test_before_the_zero_draft_there_is_nothing_on_the_table(begun, app):
    from tests.drafts.play import signed_in

    with begun() as play:
        token = play.cookie("chair")
    assert signed_in(app, token).get(TABLE).status_code == 200
    assert signed_in(app, token).get(HALL).status_code == 404


def test_the_strip_has_every_unit_with_its_status_in_words(browser_of, disputed):
    page = browser_of("chair").get(f"{TABLE}/OP1").text
    nav = page[page.index("bench__strip") : page.index("</nav>", page.index("bench__strip"))]
    assert nav.count("<li><a ") == 6
    assert "Paragraph\N{NO-BREAK SPACE}1: In brackets, 2 proposals" in nav
    assert "Paragraph\N{NO-BREAK SPACE}2: In brackets, one proposal" in nav
    assert nav.count('aria-current="page"') == 1


def test_collisions_and_the_delegations_round_the_table(browser_of, disputed):
    page = browser_of("chair").get(f"{TABLE}/OP1").text
    assert "Collision 1." in page
    words = re.findall(r'tile__tag" title="(\w+)".*?</i>(\w+)', page[: page.index("have received it")])
    assert words == [("Azerbaijan", "moved"), ("Hungary", "joined"), ("Kazakhstan", "moved")]


def test_accepting_the_last_proposal_leads_on_and_the_first_does_not(browser_of, disputed):
    chair = browser_of("chair")
    one, two = chair.get(f"{TABLE}/OP1").text, chair.get(f"{TABLE}/OP2").text
    assert f'name="next" value="{TABLE}/OP2"' not in one  # another proposal stands on it still
    assert f'name="next" value="{TABLE}/OP1"' in two


def test_the_log_tells_the_last_acts_on_this_unit_alone(browser_of, disputed):
    page = browser_of("chair").get(f"{TABLE}/OP2").text
    log = page[page.index("Last acts on it") :]
    assert re.findall(r"AM/\d+", log) == ["AM/003", "AM/003"]
    assert "Hungary submits AM/003" in log


def test_a_chairs_text_begins_with_the_words_that_are_chosen(browser_of, disputed):
    with disputed() as play:
        digest = next(each.digest for each in play.state.amendments.values() if each.symbol.endswith("001"))
    chair = browser_of("chair")
    assert "\nDecide to meet every two years;</textarea>" in chair.get(f"{TABLE}/OP1").text
    page = chair.get(f"{TABLE}/OP1?from={digest}").text
    assert f"\n{YEAR}</textarea>" in page
    assert page.count(f'name="{SOURCE}') == 2
    assert "Nothing" in chair.get(f"{TABLE}/PP1?from={'0' * 64}").text


def test_the_preview_works_without_scripts_and_keeps_what_was_typed(browser_of, disputed):
    chair = browser_of("chair")
    answer = chair.post(f"{TABLE}/OP1/preview", data={"text": BAKU, "reason": "A bridge."})
    assert answer.status_code == 200
    assert re.search(r'id="chair-preview".*?<ins>in Baku</ins>', answer.text, re.DOTALL)
    assert f"\n{BAKU}</textarea>" in answer.text
    assert "\nA bridge.</textarea>" in answer.text
    assert not re.search(rf'name="{SOURCE}[0-9a-f]+" value="yes" checked', answer.text)
    refused = chair.post(f"{TABLE}/OP1/preview", data={"text": "Meet in \u202eBaku;"})
    assert "Not yet" in refused.text
    assert chair.post(f"{TABLE}/OP99/preview", data={"text": BAKU}).status_code == 404
    assert browser_of("kz", "head").post(f"{TABLE}/OP1/preview", data={"text": BAKU}).status_code == 403


def test_sources_are_named_by_ticks_or_in_one_field(disputed):
    with disputed() as play:
        first, second, _third = play.state.amendments
        fields = {"unit": "OP1", "text": BAKU, "reason": "A bridge.", f"{SOURCE}{first}": "yes", "sources": f"{second} {first}"}
        body = compose_chair_text(play.session, play.forum, play.state, play.actor("chair"), play.state.current, fields)
        assert body["sources"] == [second, first]
        with pytest.raises(Malformed) as refused:
            compose_chair_text(play.session, play.forum, play.state, play.actor("chair"), None, {"unit": "OP1", "text": BAKU})
        assert refused.value.code == "chair-text.sources"


def test_a_chairs_text_is_tabled_and_the_hall_shows_it(browser_of, disputed):
    with disputed() as play:
        first, second, _third = play.state.amendments
        fields = {"unit": "OP1", "text": BAKU, "reason": "A bridge.", f"{SOURCE}{first}": "yes", f"{SOURCE}{second}": "yes"}
        play.act("chair", "amendment.table_chair_text-v1", play.state.current, fields)
    page = browser_of("chair").get(f"{TABLE}/OP1").text
    assert "Park: taken up elsewhere" in page
    seen = browser_of("kz", "member").get(f"{HALL}/OP1").text
    assert '<ins>in Baku</ins><span class="by">Chair</span>' in seen
    assert "every year" not in seen
    home = browser_of("hu", "head").get("/forum/home").text
    assert "The Chair’s text is on the table" in home


def test_the_strip_leads_round(disputed):
    with disputed() as play:
        assert strip.order(play.state) == ["T", "PP1", "S1", "OP1", "OP2", "CL"]
        assert [strip.next_open(play.state, unit) for unit in ("OP1", "OP2", "CL", "T")] == ["OP2", "OP1", "OP1", "OP1"]


def test_with_nothing_open_there_is_nowhere_to_go_on(playing):
    with playing() as play:
        assert strip.next_open(play.state, "OP1") is None
        assert table.last_acts(play.session, play.forum, play.state, "OP1") == []


# -- the hall ------------------------------------------------------------------------------------------------------------------


def test_the_hall_is_the_participants_until_the_text_is_open(app, browser_of, disputed):
    assert app.test_client().get(f"{HALL}/OP1").status_code == 401
    assert browser_of("ngo-1").get(f"{HALL}/OP1").status_code == 403
    assert "Decide to meet every" in browser_of("depositary").get(HALL).text  # the first that is not settled


def test_the_hall_is_everybodys_after_adoption(app, browser_of, adopted):
    answer = app.test_client().get(f"{HALL}/OP1")
    assert answer.status_code == 200
    assert "Agreed" in answer.text


def test_the_hall_names_who_wants_each_change_and_offers_no_act(browser_of, disputed):
    page = browser_of("kz", "head").get(f"{HALL}/OP1").text
    assert "AZ, HU" in page
    assert "Several texts are open. None of them is agreed." in page
    assert not re.search(r"<(form|button|input|textarea)", page)
    assert 'lang="az"' in page  # the second language
    assert "data-until" in page  # the deadline runs


def test_the_hall_shows_the_fingerprint_of_words_that_stand_alone(browser_of, disputed):
    with disputed() as play:
        digest = play.state.units["PP1"].sha256
        assert consequences.paragraph_status(play.state, "PP1") == "open"
    assert f'<span class="num">{digest[:8]}</span>' in browser_of("az", "head").get(f"{HALL}/PP1").text


@pytest.mark.parametrize(("letters", "expected"), [(0, ""), (319, ""), (320, " hall--long"), (519, " hall--long"), (520, " hall--longest")])
def test_long_words_are_set_smaller(letters: int, expected: str):
    assert hall.size(letters) == expected
