"""A sitting with several people at once: silence announced, opened and broken from a phone, the hall following; one key after another."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from declaration.procedure import consequences
from tests.journeys.service import Service
from tests.journeys.visitor import Enter
from tests.support.browser import PHONE

UNIT, WORDS = "OP6", "Invite every body that supports civil society to consider grant programmes for joint projects;"


def a_text_of_the_chair(service: Service) -> str:
    source = next(iter(service.state.amendments))
    fields = {"unit": UNIT, "text": WORDS, "sources": source, "reason": "Shorter."}
    return service.act("chair", "chair", "amendment.table_chair_text-v1", service.state.current, fields)


def test_silence_from_the_announcement_to_the_break(negotiated: Service, enter_negotiated: Enter) -> None:
    digest = a_text_of_the_chair(negotiated)
    name = negotiated.state.amendments[digest].symbol.removeprefix(negotiated.state.declaration + "/").replace("/", "-")
    chair = enter_negotiated().be("chair", "chair").use_demo_key()
    head = enter_negotiated(size=PHONE).be("head", "kz").use_demo_key()
    other = enter_negotiated(size=PHONE).be("head", "uz").use_demo_key()
    hall = enter_negotiated().be("member", "hu")
    hall.go(f"hall/{UNIT}")

    page = chair.go(f"proposals/{name}")
    page.get_by_text("Put under silence…").click()
    page.get_by_label(re.compile("Overnight")).check()
    chair.sign(chair.button("Put under silence"))
    head.go("home")
    expect(head.page.get_by_text("Object to its use…")).to_be_visible()
    page = chair.go("home")
    chair.sign(chair.button("Open the silence procedure"))

    expect(hall.page.get_by_text("Under silence")).to_be_visible()  # nobody reloads the screen
    expect(hall.page.locator(".countdown__left")).to_be_visible()

    page = head.go("home")
    card = page.locator("section.card").first
    expect(card).to_contain_text("Silence ends in")
    card.get_by_text("Break silence…").click()
    card.get_by_label("Reason").fill("Our organizations were not asked.")
    head.sign(card.get_by_role("button", name="Break silence"))

    expect(hall.page.get_by_text("In brackets")).to_be_visible()
    other.go("silences")
    other.page.get_by_role("link", name=re.compile(UNIT.removeprefix("OP"))).first.click()
    expect(other.page.get_by_text(re.compile("Already broken by Kazakhstan"))).to_be_visible()
    expect(other.page.get_by_text("Our organizations were not asked.")).to_be_visible()
    expect(other.page.get_by_role("button", name="Break silence")).to_be_disabled()
    head.go("silences")
    head.page.get_by_role("link", name=re.compile(UNIT.removeprefix("OP"))).first.click()
    expect(head.page.get_by_role("link", name="Table your own words")).to_be_visible()
    (silence,) = [each for each in negotiated.state.silences.values() if each.proposal == digest]
    assert (silence.status, silence.by) == ("broken", "kz")


def test_one_key_puts_to_the_meeting_and_goes_on(negotiated: Service, enter_negotiated: Enter) -> None:
    before = consequences.brackets(negotiated.state)
    assert len(before) > 1
    chair = enter_negotiated().be("chair", "chair").use_demo_key()
    page = chair.go(f"table/{before[0]}")
    expect(chair.button("Accept: no objection")).to_be_enabled()
    page.keyboard.press("p")
    expect(chair.button("Put to the meeting: no objection")).to_be_enabled()
    page.keyboard.press("p")
    page.wait_for_url(re.compile(rf"/table/{re.escape(before[1])}$"))
    expect(page.get_by_text(re.compile(r"^Recorded as entry"))).to_be_visible()
    assert consequences.paragraph_status(negotiated.state, before[0]) == "agreed_ad_ref"
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("p")
    page.reload()
    assert consequences.paragraph_status(negotiated.state, before[1]) == "bracketed"
