"""J2 in browsers: two proposals that exclude each other, the Chair's text, silence broken at night from a phone, and the agreement.

Every one who acts has a browser of their own, all of them at once, and each reads what the others did.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from declaration.procedure import consequences
from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import PHONE, overflow

pytestmark = pytest.mark.browser

UNIT = "OP5"
FIRST = (
    "Welcome the First Azerbaijan–Kazakhstan NGO Cooperation Forum and encourage the holding of bilateral and multilateral forums "
    "among our countries at regular intervals and, as far as possible, every year;"
)
BEFORE_IT = ", together with the Azerbaijan–Türkiye and Azerbaijan–Uzbekistan forums that preceded it,"
SECOND = FIRST.replace("Cooperation Forum", f"Cooperation Forum{BEFORE_IT}")
WHY_BROKEN = "Uzbekistan hosted such forums in 2023 and 2024. A text that names only the latest one is not balanced."


def test_silence_is_broken_from_a_phone_and_the_second_text_is_agreed(negotiated: Service, enter_negotiated: Enter) -> None:
    chair = enter_negotiated().be("chair", "chair").use_demo_key()
    uz, kg, tr = (enter_negotiated(size=PHONE).be("head", party).use_demo_key() for party in ("uz", "kg", "tr"))
    member = enter_negotiated(size=PHONE).be("member", "uz")
    hall = enter_negotiated().be("member", "hu")
    hall.go(f"hall/{UNIT}")
    expect(hall.page.get_by_text("In brackets")).to_be_visible()

    first = bridge(chair, FIRST, {"AM/001", "AM/002"})
    told_of_the_parking(tr)
    silence_for_the_night(chair, first)
    expect(hall.page.get_by_text("Under silence")).to_be_visible()  # nobody touches the screen in the hall
    expect(hall.page.locator(".countdown__left")).to_be_visible()

    no_member_breaks_it(member)
    open_before_it_was_broken(kg)
    break_it(uz)
    expect(hall.page.get_by_text("In brackets")).to_be_visible()
    comes_second(kg)
    table_with_the_break(uz, first)
    revive_and_park_again(tr, chair)

    second = bridge(chair, SECOND, {first, own_text(negotiated)})
    agree_with_the_key(chair, negotiated)
    expect(hall.page.get_by_text("Agreed ad referendum")).to_be_visible()
    expect(hall.page.locator("main")).to_contain_text(SECOND)
    history_names_everybody(kg, second)
    assert negotiated.state.units[UNIT].text == SECOND


def bridge(chair: Visitor, text: str, sources: set[str]) -> str:
    """The Chair's text from the ticked proposals, each of which is then parked under it; its number."""
    page = chair.go(f"table/{UNIT}")
    form = page.locator("section.side--chair")
    for tick in form.get_by_role("checkbox").all():
        tick.set_checked(any(name in tick.locator("xpath=..").inner_text() for name in sources))
    form.get_by_label("Text", exact=True).fill(text)
    expect(form.locator("#chair-preview ins").first).to_be_visible()
    form.get_by_label("Why").fill("It takes up what each of them needs.")
    chair.sign(chair.button("Table it and sign"))
    tabled = page.locator("article.side--chair").last
    for name in sources:
        expect(tabled).to_contain_text(name)
    name = tabled.locator(".side__head a").inner_text()
    for source in sorted(sources):
        acts = page.locator(".bench__acts .acts", has=page.get_by_role("heading", name=source))
        chair.sign(acts.get_by_role("button", name="Park: taken up elsewhere"))
    expect(page.locator(".clash")).to_have_count(0)
    return name


def told_of_the_parking(head: Visitor) -> None:
    page = head.go("home")
    card = page.locator("section.card", has_text="AM/002")
    expect(card).to_contain_text("parked")
    expect(card.get_by_role("button", name="Revive")).to_be_enabled()


def silence_for_the_night(chair: Visitor, name: str) -> None:
    page = chair.go(f"proposals/{name.replace('/', '-')}")
    page.get_by_text("Put under silence…").click()
    hour = page.get_by_label("Expires")
    in_a_sitting = datetime.fromisoformat(hour.input_value())
    page.get_by_label(re.compile("Overnight")).check()
    assert in_a_sitting - datetime.fromisoformat(hour.input_value()) == timedelta(hours=16)  # 8 hours, not 24: it follows the choice
    hour.fill((in_a_sitting - timedelta(hours=12)).isoformat(timespec="minutes"))
    page.get_by_label(re.compile("Between two sessions")).check()
    page.get_by_label(re.compile("Overnight")).check()
    assert datetime.fromisoformat(hour.input_value()) == in_a_sitting - timedelta(hours=12)  # what the Chair wrote stays
    chair.sign(chair.button("Put under silence"))
    chair.go("home")
    chair.sign(chair.button("Open the silence procedure"))


def no_member_breaks_it(member: Visitor) -> None:
    page = member.go("silences")
    page.get_by_role("heading", name="AM/").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Break silence", exact=True)).to_be_disabled()
    expect(page.get_by_text("The head of your delegation alone breaks silence.")).to_be_visible()
    assert overflow(page) == []


def break_silence(page_of: Visitor) -> Locator:
    return page_of.page.locator("section.card", has_text="Silence ends in").first


def open_before_it_was_broken(head: Visitor) -> None:
    head.go("home")
    card = break_silence(head)
    expect(card.locator(".countdown__left")).to_be_visible()
    card.get_by_text("Break silence…").click()
    card.get_by_label("Reason").fill("We would have hosted the next one.")


def break_it(head: Visitor) -> None:
    page = head.go("home")
    card = break_silence(head)
    expect(card.locator("ins").first).to_be_visible()
    card.get_by_text("Break silence…").click()
    assert overflow(page) == []
    card.get_by_label("Reason").fill(WHY_BROKEN)
    head.sign(card.get_by_role("button", name="Break silence"))


def comes_second(head: Visitor) -> None:
    """Whoever has the page open still presses, and is told who came first and when."""
    page = head.page
    break_silence(head).get_by_role("button", name="Break silence").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That is not possible now")
    expect(page.get_by_text(re.compile("Already broken by Uzbekistan, .+ Bishkek.*Nothing was recorded"))).to_be_visible()
    expect(page.get_by_text("We would have hosted the next one.")).to_be_visible()
    assert overflow(page) == []
    head.forgive("409")
    head.go("silences")
    page.get_by_role("heading", name="AM/").get_by_role("link").first.click()
    expect(page.get_by_text(WHY_BROKEN)).to_be_visible()
    expect(page.get_by_role("button", name="Break silence")).to_be_disabled()
    expect(page.get_by_text(re.compile("Already broken by Uzbekistan"))).to_be_visible()


def table_with_the_break(head: Visitor, name: str) -> None:
    """From the receipt of the break to the own words on the table."""
    page = head.page
    page.get_by_role("link", name="Table your own words").click()
    area = page.get_by_label("As it would read")
    assert area.input_value().strip() == FIRST, name
    area.fill(SECOND)
    expect(page.locator("#redline ins")).to_have_count(1)
    page.get_by_label("Why", exact=True).fill("The forums that came before it are named.")
    head.button("Go on to submit").click()
    release = head.button("Table with the break of silence and sign")
    expect(release).to_be_enabled()
    assert overflow(page) == []
    head.sign(release)
    expect(page.locator("article.side", has_text="Uzbekistan").last).to_contain_text("on the table")


def revive_and_park_again(head: Visitor, chair: Visitor) -> None:
    head.go("home")
    head.sign(head.page.locator("section.card", has_text="AM/002").get_by_role("button", name="Revive"))
    page = chair.go(f"table/{UNIT}")
    acts = page.locator(".bench__acts .acts", has=page.get_by_role("heading", name="AM/002"))
    chair.sign(acts.get_by_role("button", name="Park: taken up elsewhere"))


def own_text(service: Service) -> str:
    (found,) = [each for each in service.state.amendments.values() if each.proposer == "uz" and each.amends is not None]
    return found.symbol.removeprefix(service.state.declaration + "/")


def agree_with_the_key(chair: Visitor, service: Service) -> None:
    page = chair.go(f"table/{UNIT}")
    expect(page.get_by_role("button", name=re.compile("^Accept: no objection"))).to_be_enabled()
    page.keyboard.press("p")
    expect(chair.button("Put to the meeting: no objection")).to_be_enabled()
    page.keyboard.press("p")
    page.wait_for_url(re.compile(rf"/table/(?!{UNIT}$)"))
    expect(page.get_by_text(re.compile(r"^Recorded as entry"))).to_be_visible()
    assert consequences.paragraph_status(service.state, UNIT) == "agreed_ad_ref"


def history_names_everybody(reader: Visitor, name: str) -> None:
    page = reader.go(f"paragraphs/{UNIT}/history")
    for who in ("Kazakhstan", "Azerbaijan", "Türkiye", "Uzbekistan", "Chair"):
        expect(page.locator("main")).to_contain_text(who)
    expect(page.locator("main")).to_contain_text(name)
    assert overflow(page) == []
