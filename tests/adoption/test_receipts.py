"""Receipts of reading: who sees them, and what stands before a confirmation."""

from __future__ import annotations

import pytest

from declaration.adoption import receipts
from declaration.drafts import operations
from declaration.web.clock import now
from tests.adoption.sitting import YEAR, agreed

NOTE, CONFIRM = "/forum/text/received", "/forum/stage/confirm"


@pytest.fixture
def revised(tabled):
    """Paragraph 1 was changed and agreed; Rev.1 is declared agreed ad referendum."""
    with tabled() as play:
        first, second = play.state.amendments
        play.accept(first)
        play.act("chair", "amendment.not_retain-v1", second, {"reason": "No consensus."})
        agreed(play, "OP1", "OP2")
        version = operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
        play.act("chair", "draft_version.approve_and_circulate-v1", version)
        play.act("chair", "declaration.declare_agreed_ad_ref-v1", version)
    return tabled


def test_opening_the_text_is_a_receipt_of_the_delegation_once(browser_of, tabled):
    member, chair = browser_of("kz", "member"), browser_of("chair")
    assert "data-received" in member.get("/forum/text").text
    assert "0 of 3 have received it" in chair.get("/forum/stage").text
    assert member.post(NOTE, headers={"X-Fragment": "1"}).status_code == 204
    assert browser_of("kz", "head").post(NOTE).status_code == 302
    assert "data-received" not in browser_of("kz", "head").get("/forum/text").text
    for reader in (chair, browser_of("rapporteur")):
        assert "1 of 3 have received it" in reader.get("/forum/stage").text
    with tabled() as play:
        board = receipts.board(play.session, play.forum, play.state.current, "en")
        assert [(each.delegation.id, each.at is not None) for each in board] == [("az", False), ("hu", False), ("kz", True)]


@pytest.mark.parametrize(("party", "role"), [("az", "head"), ("kz", "member"), ("depositary", None)])
def test_nobody_else_sees_the_board(browser_of, tabled, party, role):
    assert "have received it" not in browser_of(party, role).get("/forum/stage").text


@pytest.mark.parametrize(("party", "role"), [("chair", None), ("rapporteur", None), ("ngo-1", None)])
def test_delegations_alone_receive(browser_of, tabled, party, role):
    assert browser_of(party, role).post(NOTE).status_code == 403


def test_what_another_delegation_read_changes_nothing_for_the_others(browser_of, tabled):
    az = browser_of("az", "head")
    paths = ("/forum/text", "/forum/stage", "/forum/agreed")
    before = [az.get(path).text for path in paths]
    browser_of("kz", "member").post(NOTE)
    after = [az.get(path).text for path in paths]
    assert [one.partition('class="foot"')[0] for one in before] == [one.partition('class="foot"')[0] for one in after]


def test_the_changes_stand_before_the_confirmation(browser_of, revised):
    head = browser_of("kz", "head")
    page = head.get(CONFIRM).text
    assert "What changed since the first draft" in page
    assert "<ins>year</ins>" in page
    assert "data-digest-check" not in page
    assert head.post(f"{CONFIRM}/changes").headers["Location"] == CONFIRM
    page = head.get(CONFIRM).text
    assert "data-digest-check" in page
    assert YEAR in page
    assert "data-digest-check" not in browser_of("az", "head").get(CONFIRM).text  # every head for itself


def test_the_same_text_again_is_told_and_forces_nothing(browser_of, revised, client):
    with revised() as play:
        play.act("kz", "confirmation.confirm-v1", play.state.current, role="head")
        play.act("az", "confirmation.object-v1", play.state.current, {"reason": "The handover."}, role="head")
        play.act("chair", "declaration.reopen_text-v1", play.state.current, {"reason": "A minute settles it."})
    opened = browser_of("az", "head").get("/forum/stage").text
    assert "Opened again by" in opened
    assert "A minute settles it." in opened
    assert "A minute settles it." not in client.get("/forum/stage").text  # nobody outside reads it
    with revised() as play:
        play.act("chair", "declaration.declare_agreed_ad_ref-v1", play.state.current)
    assert "Opened again by" not in browser_of("az", "head").get("/forum/stage").text
    page = browser_of("kz", "head").get(CONFIRM).text
    assert "Not a word has changed." in page
    assert "data-digest-check" in page


def test_a_reset_confirmation_is_what_a_delegation_last_agreed_to(browser_of, revised):
    with revised() as play:
        old = play.state.current
        play.act("kz", "confirmation.confirm-v1", old, role="head")
        play.act("az", "confirmation.object-v1", old, {"reason": "The handover."}, role="head")
        play.act("chair", "declaration.reopen_text-v1", old, {"reason": "Words are found."})
        fields = {"unit": "PP1", "text": "Recalling the agreement of 2009,", "reason": "A letter."}
        agreed(play, "PP1")
        done = play.act("rapporteur", "paragraph.correct_editorially-v1", old, fields).act.digest
        play.act("chair", "second-v1", done)
        version = operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
        play.act("chair", "draft_version.approve_and_circulate-v1", version)
        play.act("chair", "declaration.declare_agreed_ad_ref-v1", version)
        since = receipts.last_known(play.session, play.forum, play.state, "kz")
        assert (since.version.digest, since.how) == (old, "confirmed")
    page = browser_of("kz", "head").get(CONFIRM).text
    assert "What changed since you last agreed" in page
    assert "<ins>agreement</ins>" in page
    assert "<ins>year</ins>" not in page  # agreed to before


@pytest.mark.parametrize(("party", "role"), [("chair", None), ("kz", "member"), ("rapporteur", None)])
def test_heads_alone_go_on_to_confirm(browser_of, revised, party, role):
    assert browser_of(party, role).post(f"{CONFIRM}/changes").status_code == 403
