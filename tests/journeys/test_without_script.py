"""Without scripts everything can be read, drafted and said; what is signed says what it needs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.service import Service
from tests.journeys.test_negotiation import BASE, OF_UZ, comment
from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser


def test_a_member_drafts_and_a_head_is_told_what_signing_needs(opened: Service, enter_opened: Enter) -> None:
    member = enter_opened(size=PHONE, script=False).sign_in("member", "uz")
    for path in ("home", "stage", "text", "proposals", "languages", "paragraphs/OP2", "paragraphs/OP2/history"):
        member.go(path)
    draft(member)
    head = enter_opened(size=PHONE, script=False).sign_in("head", "uz")
    comment(head.go("paragraphs/OP2"), "A word to everybody.", "Everyone")
    expect(head.page.locator(".comment--all").get_by_text("A word to everybody.")).to_be_visible()
    cannot_sign(head)
    assert not opened.state.amendments


def draft(member: Visitor) -> None:
    """The button gives the redline that the script would have formed."""
    page = member.go("paragraphs/OP2/propose")
    assert page.get_by_label("As it would read").input_value().strip() == BASE
    page.get_by_label("As it would read").fill(OF_UZ)
    page.get_by_label("Why", exact=True).fill("Everybody carries it in turn.")
    member.button("Show the redline again").click()
    expect(page.locator("#redline del")).to_have_text("led")
    expect(page.locator("#redline ins")).to_have_text("chaired for one year")
    assert page.get_by_label("Why", exact=True).input_value().strip() == "Everybody carries it in turn."
    member.button("Ask the head").click()
    expect(page.get_by_text("Waiting for the head")).to_be_visible()


def cannot_sign(head: Visitor) -> None:
    """Nothing is signed, and one is told what to do and led back."""
    page = head.go("home")
    expect(page.locator(".card del")).to_have_text("led")
    head.button("Submit and sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That is not possible now")
    expect(page.get_by_text("Nothing was signed on this device.")).to_be_visible()
    expect(page.get_by_text("Allow scripts for this site")).to_be_visible()
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(f"{head.service.url}{head.base}/home")
    head.forgive("409")
    page = head.go("keys")
    assert "scripts" in head.words
