"""J5 in browsers: a delegation makes up its mind, its head on a phone; others join and leave."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import PHONE, overflow

pytestmark = pytest.mark.browser

UNIT = "OP2"
FEW_TAPS = 3
FIRST, BETTER = "chaired", "chaired for one year, in the alphabetical order of the English language,"
NOTE = "Say how long, and in which order. Ask Samarkand before you write again."
WHY = "Everybody carries it in turn."

TAPS = "Number(sessionStorage.getItem('taps'))"
COUNT = f"addEventListener('pointerdown', () => sessionStorage.setItem('taps', {TAPS} + 1), true)"


def test_a_head_decides_in_three_taps(opened: Service, enter_opened: Enter) -> None:
    member = enter_opened().be("member", "uz")
    head = enter_opened(size=PHONE).be("head", "uz").use_demo_key()
    chair = enter_opened().be("chair", "chair").use_demo_key()

    put_before_the_head(member)
    return_it(head)
    improve(member)
    submit_in_few_taps(head)
    (digest,) = opened.state.amendments
    opened.act("secretariat", "rapporteur", "amendment.admit-v1", digest)

    other = enter_opened(size=PHONE).be("head", "kg").use_demo_key()
    join_and_leave(other, opened, digest)
    for one in (chair, other):
        for path in ("home", "proposals/AM-001", f"paragraphs/{UNIT}", f"paragraphs/{UNIT}/history"):
            one.go(path)
            assert "Samarkand" not in one.page.content()


def put_before_the_head(member: Visitor) -> None:
    page = member.go(f"paragraphs/{UNIT}/propose")
    area = page.get_by_label("As it would read")
    area.fill(area.input_value().replace("led", FIRST))
    member.button("Ask the head").click()
    expect(page.get_by_text("Waiting for the head")).to_be_visible()


def return_it(head: Visitor) -> None:
    """With a note that stays inside."""
    page = head.go("home")
    expect(page.locator(".card ins")).to_have_text(FIRST)
    assert overflow(page) == []
    page.get_by_role("link", name="Return…").click()
    page.get_by_label("Note to the author").fill(NOTE)
    assert overflow(page) == []
    head.button("Return").click()
    expect(page.get_by_text("Returned with your note. Only your delegation can read it.")).to_be_visible()


def improve(member: Visitor) -> None:
    page = member.go("home")
    expect(page.locator("section.card", has_text="Returned by your head")).to_contain_text(NOTE)
    page.get_by_role("link", name="Go on writing").click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    area = page.get_by_label("As it would read")
    area.fill(area.input_value().replace(FIRST, BETTER))
    page.get_by_label("Why", exact=True).fill(WHY)
    member.button("Ask the head").click()
    expect(page.get_by_text("Waiting for the head")).to_be_visible()


def submit_in_few_taps(head: Visitor) -> None:
    """From the first page over what changed since it was returned to the receipt."""
    page = head.page
    page.add_init_script(COUNT)
    head.go("home")
    card = page.locator("section.card", has_text="Draft of your delegation")
    expect(card.locator("ins")).to_have_text(BETTER)
    expect(card).to_contain_text(WHY)
    assert overflow(page) == []
    head.sign(card.get_by_role("button", name="Submit and sign"))
    assert 0 < page.evaluate(TAPS) <= FEW_TAPS
    expect(page.get_by_text("AM/001")).to_be_visible()


def join_and_leave(head: Visitor, service: Service, digest: str) -> None:
    page = head.go("home")
    head.sign(page.locator("section.card", has_text="AM/001").get_by_role("button", name="Join as co-sponsor"))
    assert service.state.amendments[digest].sponsors == ("kg",)
    page = head.go("proposals/AM-001")
    expect(page.locator(".head .lede")).to_have_text(re.compile("Uzbekistan, Kyrgyzstan"))
    assert overflow(page) == []
    head.sign(head.button("Leave as co-sponsor"))
    expect(page.locator(".head .lede")).not_to_contain_text("Kyrgyzstan")
    done = page.locator("ol.plain > li")
    for what in ("submitted", "admitted as in order", "Kyrgyzstan: joined as co-sponsor", "Kyrgyzstan: left as co-sponsor"):
        expect(done.filter(has_text=what)).to_have_count(1)
    assert service.state.amendments[digest].sponsors == ()
