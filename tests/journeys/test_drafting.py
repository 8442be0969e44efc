"""J4 and J5 in browsers: drafting without a network, in a tab that is closed, by two people at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor

pytestmark = pytest.mark.browser

PROPOSE = "paragraphs/OP2/propose"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('draft ')).length"


def drafts(visitor: Visitor) -> int:
    return visitor.go("drafts").locator("main .card").count()


def editor(visitor: Visitor, path: str = PROPOSE) -> Page:
    page = visitor.go(path)
    expect(page.get_by_label("As it would read")).to_be_visible()
    return page


def test_a_draft_made_on_a_flight_is_sent_once_on_landing(enter_opened: Enter) -> None:
    member = enter_opened().be("member", "uz")
    page = editor(member)
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.get_by_label("As it would read").fill("Written over the Caspian;")
    member.button("Save draft").click()
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    page.get_by_label("As it would read").fill("Written over the Caspian, and improved;")
    page.context.set_offline(False)
    page.wait_for_url("**/drafts/*")
    expect(page.get_by_label("As it would read")).to_have_value("Written over the Caspian, and improved;")
    assert page.evaluate(KEPT) == 0
    assert drafts(member) == 1
    member.forgive("ERR_INTERNET_DISCONNECTED")


def test_an_answer_that_is_lost_on_the_way_makes_no_second_draft(enter_opened: Enter) -> None:
    member = enter_opened().be("member", "uz")
    page = editor(member)
    lost = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]  # playwright's route
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())  # it arrives, and the answer does not
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route(f"**/{PROPOSE}", lose)
    page.get_by_label("As it would read").fill("Sent, and not heard of;")
    member.button("Save draft").click()
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    assert len(lost) == 1
    page.wait_for_url("**/drafts/*")  # it is sent again from time to time
    assert drafts(member) == 1
    member.forgive("ERR_CONNECTION_RESET")


def test_words_in_a_tab_that_was_closed_are_offered_back(enter_opened: Enter) -> None:
    member = enter_opened().be("member", "uz")
    page = editor(member)
    page.get_by_label("As it would read").fill("Typed and left;")
    other = page.context.new_page()
    page.close()
    member.page = other
    listed = member.go("drafts")
    expect(listed.get_by_role("heading", name="On this device only")).to_be_visible()
    listed.get_by_role("link", name="Amend paragraph").click()
    expect(other.get_by_text("Words that were not saved.")).to_be_visible()
    other.get_by_role("button", name="Bring them back").click()
    expect(other.get_by_label("As it would read")).to_have_value("Typed and left;")
    other.get_by_role("button", name="Save draft").click()
    other.wait_for_url("**/drafts/*")
    assert other.evaluate(KEPT) == 0


def test_what_is_forgotten_is_gone(enter_opened: Enter) -> None:
    member = enter_opened().be("member", "uz")
    page = editor(member)
    page.get_by_label("As it would read").fill("Never mind;")
    page = editor(member)
    page.get_by_role("button", name="Forget them").click()
    expect(page.get_by_text("Words that were not saved.")).to_be_hidden()
    assert page.evaluate(KEPT) == 0
    assert drafts(member) == 0


def test_on_a_shared_device_nobody_is_offered_a_colleagues_words(enter_opened: Enter) -> None:
    member = enter_opened().be("member", "uz")
    page = editor(member)
    page.get_by_label("As it would read").fill("Of the member alone;")
    page.wait_for_timeout(500)
    member.be("head", "uz")
    page = editor(member)
    expect(page.get_by_text("Words that were not saved.")).to_be_hidden()
    expect(member.go("drafts").get_by_role("heading", name="On this device only")).to_be_hidden()


def test_two_people_on_one_draft_lose_nothing(enter_opened: Enter, opened: Service) -> None:
    member, head = enter_opened().be("member", "uz"), enter_opened().be("head", "uz")
    page = editor(member)
    area = page.get_by_label("As it would read")
    area.fill("Decide to meet in Samarkand;")
    member.button("Save draft").click()
    page.wait_for_url("**/drafts/*")
    address = page.url.partition(f"{member.base}/")[2]
    theirs = editor(head, address)
    theirs.get_by_label("As it would read").fill("Solemnly decide to meet in Samarkand;")
    head.button("Save draft").click()
    expect(theirs.get_by_text("Saved. Only your delegation can see it.")).to_be_visible()
    page.get_by_label("As it would read").fill("Decide to meet in Samarkand every spring;")
    member.button("Ask the head").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A colleague saved in between")
    expect(page.get_by_label("As it would read")).to_have_value("Solemnly decide to meet in Samarkand every spring;")
    member.button("Save it like this").click()
    expect(page.get_by_text("Saved. Only your delegation can see it.")).to_be_visible()
    assert "Solemnly decide to meet in Samarkand" in member.go(f"{address}/history").locator("main").inner_text()
    member.forgive("409")
    assert opened.state.amendments == {}
