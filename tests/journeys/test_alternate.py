"""A head who cannot act appoints a member, whose own key then submits in the head's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.service import Service
from tests.journeys.visitor import Enter
from tests.support.browser import PHONE, overflow

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PASSPHRASE = "seven quiet herons by the Caspian"


def test_an_alternate_submits_with_a_key_of_the_own_device(opened: Service, enter_opened: Enter) -> None:
    member = enter_opened(size=PHONE).sign_in("member", "az")
    page = member.go("keys")
    member.button("Make a key").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    member.button("Make my key").click()
    with page.expect_download():
        page.get_by_role("link", name="Download the backup").click()
    member.button("Send my public key").click()
    expect(page.get_by_text("Your public key has arrived.")).to_be_visible()
    fingerprint = member.go("keys").locator("main strong.hash").inner_text()

    head = enter_opened(size=PHONE).sign_in("head", "az").use_demo_key()
    page = head.go("home")
    page.get_by_role("link", name="Alternate", exact=True).click()
    expect(page.locator("main")).to_contain_text(fingerprint)
    assert overflow(page) == []
    page.get_by_text("Appoint and sign…").click()
    head.sign(head.button("Appoint and sign"))
    expect(page.get_by_text("Acts now")).to_be_visible()
    assert opened.state.keys[fingerprint].delegated_by is not None

    page = member.go("paragraphs/OP2/propose")
    expect(page.locator(".mast__who")).to_contain_text("acting head")
    area = page.get_by_label("As it would read")
    area.fill(area.input_value().strip().replace("led", "chaired"))
    page.get_by_label("Why", exact=True).fill("A chair presides.")
    member.button("Go on to submit").click()
    expect(page.locator("main ins")).to_have_text("chaired")
    member.sign(member.button("Submit and sign"))
    (amendment,) = opened.state.amendments.values()
    assert amendment.proposer == "az"
    assert overflow(page) == []
