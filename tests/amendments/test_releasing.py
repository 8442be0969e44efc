"""What the head signs, and what becomes of it: several paragraphs, changes to a proposal, revisions, a break of silence."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from declaration.amendments import operations
from declaration.amendments.operations import Text
from declaration.amendments.parts import Part
from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.web.clock import now
from tests.amendments.conftest import DRAFTS, PROPOSE, form_of, send
from tests.drafts.play import SLUG

OP1, OP2 = "Decide to meet every two years;", "Invite all bodies to support projects;"
SUBMIT, WITH_BREAK, REVISE = "amendment.submit-v1", "amendment.table_with_break-v1", "amendment.revise-v1"
TABLE = "amendment.table_chair_text-v1"


def draft(play, *parts: Part, party: str = "kz", amends: str | None = None, revises: str | None = None) -> str:
    actor = play.actor(party, "head")
    return operations.begin(
        play.session, play.forum, play.state, actor, Text(tuple(parts)), now=now(), amends=amends, revises=revises
    ).id  # fmt: skip


def tabled(play, *parts: Part, party: str = "kz", amends: str | None = None) -> str:
    """Submitted and admitted; the digest."""
    found = play.act(party, SUBMIT, play.state.current, {"draft": draft(play, *parts, party=party, amends=amends)}, role="head").act.digest
    play.act("rapporteur", "amendment.admit-v1", found, body={})
    return found


def words(play) -> list[tuple[str, str]]:
    return [(each.id, each.text) for each in play.state.units.values() if each.id.startswith("OP")]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([Part("replace", "OP1", "Meet;"), Part("delete", "OP2")], [("OP1", "Meet;")]),
        ([Part("move", "OP1", target="OP2")], [("OP2", OP2), ("OP1", OP1)]),
        (
            [Part("split", "OP1", "Decide to meet\nevery two years;")],
            [("OP1", "Decide to meet"), ("OP1bis", "every two years;"), ("OP2", OP2)],
        ),
        ([Part("join", "OP1", target="OP2")], [("OP1", f"{OP1} {OP2}")]),
        (
            [Part("insert_after", "OP1", "One;"), Part("insert_after", "OP1", "Two;"), Part("move", "OP2", target="S1")],
            [("OP2", OP2), ("OP1", OP1), ("OP1bis", "One;"), ("OP1ter", "Two;")],
        ),
    ],
)  # fmt: skip
def test_every_operation_reaches_the_text(playing, browser_of, parts, expected):
    with playing() as play:
        found = tabled(play, *parts)
        number = play.state.amendments[found].symbol.rpartition("/")[2]
    head = browser_of("az", "head")
    for path in (f"proposals/AM-{number}", "proposals", f"paragraphs/{parts[0].unit}", "text"):
        assert head.get(f"/{SLUG}/{path}").status_code == 200, path
    with playing() as play:
        play.accept(found)
        assert words(play) == expected
    for path in (f"proposals/AM-{number}", f"paragraphs/{expected[0][0]}", f"paragraphs/{expected[0][0]}/history", "text", "drafts"):
        assert head.get(f"/{SLUG}/{path}").status_code == 200, path


def test_one_stale_paragraph_holds_back_all_of_it(playing):
    with playing() as play:
        both = tabled(play, Part("replace", "OP1", "Meet;"), Part("replace", "OP2", "Invite some bodies;"))
        play.accept(play.replace("az", "OP2", "Invite every body to support projects;", 2))
        assert consequences.amendment_status(play.state, play.state.amendments[both]) == "stale"
        with pytest.raises(DeclarationError) as refused:
            play.accept(both)
        assert refused.value.code in ("amendment.stale", "amendment.base-changed", "edit.base-changed", "amendment.state")
        assert dict(words(play))["OP1"] == OP1


# -- what was read is what is signed -------------------------------------------------------------------------------------------


def composed(browser, type_: str, address: str) -> object:
    """Press the button of the release page, as the script does: ask for the act to be signed."""
    page = browser.get(f"{address}/release").text
    form = form_of(page, '<form class="act')
    assert form["type"] == type_
    return browser.post(f"/{SLUG}/act/compose", data=form)


def test_what_a_colleague_saves_meanwhile_is_not_signed_unseen(browser_of, draft_of):
    address = draft_of("kz", "member")
    head, member = browser_of("kz", "head"), browser_of("kz", "member")
    form = form_of(head.get(f"{address}/release").text, '<form class="act')
    assert head.post(f"/{SLUG}/act/compose", data=form).status_code == 200
    send(member, address, form_of(member.get(address).text), text="Decide never to meet;")
    answer = head.post(f"/{SLUG}/act/compose", data=form)
    assert answer.status_code == 409
    assert "changed since you read it" in answer.text
    assert composed(head, SUBMIT, address).status_code == 200


@pytest.mark.parametrize(("who", "status"), [(("kz", "member"), 404), (("az", "head"), 404), (("chair", "chair"), 404)])
def test_nobody_composes_another_delegations_draft(browser_of, draft_of, who, status):
    address = draft_of("kz", "head")
    form = {"type": SUBMIT, "draft": address.rpartition("/")[2]}
    answer = browser_of(*who).post(f"/{SLUG}/act/compose", data=form, headers={"Accept": "application/json"})
    if who == ("kz", "member"):
        assert answer.status_code == 200  # a member may look at what would be signed; the record takes the head's signature alone
    else:
        assert answer.status_code == status
        assert answer.json["code"] == "draft.unknown"


def test_a_released_draft_is_no_draft(playing, browser_of, rows):
    with playing() as play:
        tabled(play, Part("replace", "OP1", "Meet;"))
    (row,) = rows()
    address = f"{DRAFTS}/{row.id}"
    head = browser_of("kz", "head")
    assert row.status == "released"
    assert head.get(address).status_code == 302
    assert head.post(address, data={"text": "x", "revision": "1"}).status_code == 422
    assert head.post(f"{address}/discard").status_code == 409
    assert head.post(f"/{SLUG}/act/compose", data={"type": SUBMIT, "draft": row.id}).status_code == 409


# -- changes to a proposal -------------------------------------------------------------------------------------------------------


def test_sub_amendments_to_depth_two_and_no_deeper(playing, browser_of):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
        second = tabled(play, Part("replace", "OP1", "Decide to meet every year in Baku;"), party="az", amends=first)
        third = tabled(play, Part("replace", "OP1", "Decide to meet every year in Baku or Astana;"), party="hu", amends=second)
        with pytest.raises(DeclarationError) as refused:
            tabled(play, Part("replace", "OP1", "Decide to meet every year anywhere;"), amends=third)
        assert refused.value.code == "sub-amendment.depth"
    head = browser_of("az", "head")
    page = head.get(f"{PROPOSE}?amends={first}")
    assert form_of(page.text)["text"] == "Decide to meet every year;"
    assert "Propose a change to this proposal" in head.get(f"/{SLUG}/proposals/AM-002").text
    page = head.get(f"/{SLUG}/proposals/AM-003").text
    assert "is not itself amended" in page
    assert f"amends={third}" not in page
    with playing() as play:
        play.accept(third)
        assert dict(words(play))["OP1"] == "Decide to meet every year in Baku or Astana;"


def test_a_change_to_a_proposal_that_is_not_on_the_table(playing, browser_of):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
        play.act("kz", "amendment.withdraw-v1", first, {"reason": "Not now."}, role="head")
        with pytest.raises(DeclarationError) as refused:
            tabled(play, Part("replace", "OP1", "Decide to meet every year in Baku;"), party="az", amends=first)
        assert refused.value.code == "sub-amendment.target"
    assert "is not on the table" in browser_of("az", "head").get(f"/{SLUG}/proposals/AM-001").text


def test_the_chair_changes_a_proposal(playing, browser_of):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
    chair = browser_of("chair")
    address = f"/{SLUG}/proposals/AM-001/change/OP1"
    form = form_of(chair.get(address).text, '<form class="act')
    assert form["text"] == "Decide to meet every year;"
    answer = chair.post(f"/{SLUG}/act/compose", data={**form, "text": "Decide to meet every year in turn;", "reason": "Both."})
    body = answer.json["act"]["body"]
    assert (body["amends"], body["sources"]) == (first, [first])
    assert chair.post(f"/{SLUG}/act/compose", data=form).status_code == 409  # nothing is changed
    assert chair.get(f"/{SLUG}/proposals/AM-001/change/OP9").status_code == 404
    assert browser_of("kz", "head").get(address).status_code == 403
    with playing() as play:
        made = play.act("chair", TABLE, play.state.current, body=body).act.digest
        assert play.state.amendments[made].status == "admitted"
        play.accept(made)
        assert dict(words(play))["OP1"] == "Decide to meet every year in turn;"


@pytest.mark.parametrize("name", ["AM-099", "ZD", "AM-1", "x", "0" * 64])
def test_a_proposal_that_is_not_there(browser_of, name):
    assert browser_of("kz", "head").get(f"/{SLUG}/proposals/{name}").status_code == 404
    assert browser_of("chair").get(f"/{SLUG}/proposals/{name}/change/OP1").status_code == 404


# -- revisions -----------------------------------------------------------------------------------------------------------------


def test_a_new_revision_stands_beside_the_old_one(playing, browser_of):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"), Part("insert_after", "OP1", "Ask for a report;"))
        units = play.state.amendments[first].units
    head = browser_of("kz", "head")
    page = head.get(f"{PROPOSE}?revises={first}")
    form = form_of(page.text)
    assert (form["text"], form["text-1"], form["revises"]) == ("Decide to meet every year;", "Ask for a report;", first)
    answer = send(head, PROPOSE, form, text="Decide to meet every spring;", rationale="Spring is better.", do="release")
    assert answer.status_code == 302
    address = answer.headers["Location"].removesuffix("/release")
    body = composed(head, REVISE, address).json["act"]["body"]
    with playing() as play:
        play.act("kz", REVISE, first, {"draft": address.rpartition("/")[2]}, role="head")
        found = play.state.amendments[first]
        assert found.units == units
        assert {each["unit"] for each in body["edits"]} == set(units)
    page = browser_of("az", "head").get(f"/{SLUG}/proposals/AM-001").text
    assert "revised" in page
    history = page[page.index("What was done with it") :]
    assert "<ins>year</ins>" in history
    assert "<ins>spring</ins>" in history
    assert "Spring is better." in history


def test_only_the_proposer_revises_and_only_on_the_table(playing, browser_of):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
        second = play.act(
            "az", SUBMIT, play.state.current, {"draft": draft(play, Part("delete", "OP2"), party="az")}, role="head"
        ).act.digest
    az = browser_of("az", "head")
    assert az.get(f"{PROPOSE}?revises={first}").status_code == 403
    assert az.post(PROPOSE, data={"text": "Mine;", "revises": first, "do": "save"}).status_code == 403
    assert "Revise it" not in az.get(f"/{SLUG}/proposals/AM-001").text
    page = az.get(f"/{SLUG}/proposals/AM-002").text
    assert "A proposal is revised while it is on the table." in page
    assert second


def test_a_revision_does_not_reach_other_paragraphs(playing):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
        more = draft(play, Part("replace", "OP1", "Meet;"), Part("delete", "OP2"), revises=first)
        with pytest.raises(DeclarationError) as refused:
            play.act("kz", REVISE, first, {"draft": more}, role="head")
        assert refused.value.code == "amendment.units"
        with pytest.raises(DeclarationError) as refused:
            play.act("kz", REVISE, first, {"draft": draft(play, Part("replace", "OP1", "Meet;"))}, role="head")
        assert refused.value.code == "amendment.revises"


# -- rebase ------------------------------------------------------------------------------------------------------------------


def test_a_stale_proposal_is_carried_over_with_one_tap(playing, browser_of):
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
        play.accept(play.replace("az", "OP1", "Solemnly decide to meet every two years;", 2))
    kz = browser_of("kz", "head")
    for path in ("paragraphs/OP1", "proposals/AM-001"):
        page = kz.get(f"/{SLUG}/{path}").text
        assert "Carried over, it would read:" in page
        form = form_of(page[page.index("amendment.rebase-v1") - 2500 :], '<form class="act')
        assert form["type"] == "amendment.rebase-v1"
        assert kz.post(f"/{SLUG}/act/compose", data=form).status_code == 200
    assert "amendment.rebase-v1" not in browser_of("az", "head").get(f"/{SLUG}/paragraphs/OP1").text
    with playing() as play:
        play.act("kz", "amendment.rebase-v1", first, {}, role="head")
        play.accept(first)
        assert dict(words(play))["OP1"] == "Solemnly decide to meet every year;"


def test_where_it_cannot_be_carried_over_the_words_in_the_way_are_named(playing, browser_of):
    with playing() as play:
        tabled(play, Part("replace", "OP1", "Decide to meet every year;"))
        play.accept(play.replace("az", "OP1", "Decide to meet every three years;", 2))
    page = unescape(browser_of("kz", "head").get(f"/{SLUG}/paragraphs/OP1").text)
    assert "two" in page[page.index("in the same place") :][:80]
    assert '<button class="btn" type="button" disabled' in page


# -- with a break of silence -----------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(playing, clock):
    """OP1 was under silence, which Kazakhstan has broken; the digest of the silence."""
    with playing() as play:
        first = tabled(play, Part("replace", "OP1", "Decide to meet every year;"), party="az")
        clock.advance(days=8)
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current, {})
        until = (now() + timedelta(hours=60)).strftime("%Y-%m-%dT%H:%M")
        fields = {"setting": "session", "expires": until}
        found = play.act("chair", "silence.announce-v1", first, fields).act.digest
        play.act("chair", "silence.open-v1", found, {})
        play.act("kz", "silence.break-v1", found, {"reason": "Every year is too often."}, role="head")
    return found


def test_a_text_goes_with_the_break_of_silence(broken, browser_of, draft_of, playing):
    address = draft_of("kz", "member", text="Decide to meet every second year;")
    head = browser_of("kz", "head")
    page = head.get(f"{address}/release").text
    assert "Table with the break of silence and sign" in page
    assert "Submit late and sign" in page  # the other way stays open
    body = composed(head, WITH_BREAK, address).json["act"]["body"]
    assert body["silence"] == broken
    with playing() as play:
        fields = {"draft": address.rpartition("/")[2], "silence": broken}
        found = play.act("kz", WITH_BREAK, play.state.current, fields, role="head").act.digest
        assert play.state.amendments[found].status == "admitted"
    assert "tabled with a break of silence" in head.get(f"/{SLUG}/proposals/AM-002").text
    other = draft_of("kz", "member", text="Decide to meet now and then;")
    assert "break of silence" not in head.get(f"{other}/release").text  # once


def test_a_break_is_the_breakers_and_stays_with_its_paragraphs(broken, browser_of, draft_of, playing):
    theirs = draft_of("hu", "head", text="Decide to meet every second year;")
    assert "break of silence" not in browser_of("hu", "head").get(f"{theirs}/release").text
    wide = draft_of("kz", "head", **{"text": "Decide to meet;", "op-1": "delete", "unit-1": "OP2"})
    page = browser_of("kz", "head").get(f"{wide}/release").text
    assert "Table with the break of silence and sign</button>" in page
    assert "Not under this silence: OP2" in page  # said beside the button, which is disabled
    with playing() as play:
        fields = {"draft": wide.rpartition("/")[2], "silence": broken}
        with pytest.raises(DeclarationError) as refused:
            play.act("kz", WITH_BREAK, play.state.current, fields, role="head")
        assert refused.value.code == "silence.other-paragraphs"


def test_without_a_break_there_is_no_such_way(browser_of, draft_of):
    address = draft_of("kz", "head")
    assert "break of silence" not in browser_of("kz", "head").get(f"{address}/release").text


# -- sponsors, withdrawal, taking over, reviving ---------------------------------------------------------------------------------


def buttons(browser, name: str = "AM-001") -> tuple[set[str], set[str]]:
    """The acts on a proposal's page: those that can be pressed, and those that say why not."""
    page = unescape(browser.get(f"/{SLUG}/proposals/{name}").text)
    dead = set(re.findall(r'<button[^>]* disabled aria-describedby="why-amendment[^>]*>([^<]+)</button>', page))
    live = set(re.findall(r'<button class="btn[^"]*" type="submit">([^<]+)</button>', page))
    return live, dead


def test_what_cannot_be_done_with_a_proposal_now_says_so(playing, browser_of):
    with playing() as play:
        first = play.act("kz", SUBMIT, play.state.current, {"draft": draft(play, Part("replace", "OP1", "Meet;"))}, role="head").act.digest
    kz, az = browser_of("kz", "head"), browser_of("az", "head")
    assert buttons(az) == (set(), {"Join as co-sponsor", "Take over"})
    assert buttons(kz) == ({"Withdraw"}, {"Revive"})
    with playing() as play:
        play.act("rapporteur", "amendment.admit-v1", first, body={})
    assert buttons(az) == ({"Join as co-sponsor"}, {"Take over"})
    with playing() as play:
        play.act("az", "amendment.join-v1", first, body={}, role="head")
    assert buttons(az) == ({"Leave as co-sponsor"}, set())
    with playing() as play:
        play.act("az", "amendment.leave_sponsorship-v1", first, body={}, role="head")
        play.act("kz", "amendment.withdraw-v1", first, {"reason": "Not now."}, role="head")
    assert buttons(az) == ({"Take over"}, {"Join as co-sponsor"})
    assert buttons(kz) == (set(), {"Revive", "Withdraw"})
    page = az.get(f"/{SLUG}/proposals/AM-001").text
    for said in ("joined as co-sponsor", "left as co-sponsor", "withdrawn", "Not now."):
        assert said in page
    with playing() as play:
        play.act("az", "amendment.take_over-v1", first, body={}, role="head")
    assert buttons(az)[0] == {"Withdraw"}
    assert buttons(browser_of("kz", "member")) == (set(), set())
