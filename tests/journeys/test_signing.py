"""An organization signs from a phone: a key of its own, two persons who accredit it, the whole text, the receipt, and no second time."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from declaration.protocol.note import parse_vkey
from declaration.protocol.receipt import parse_receipt, verify_receipt
from tests.journeys.service import SIGNED, Service
from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import PHONE, overflow

pytestmark = pytest.mark.browser

PASSPHRASE = "bir dənə yaxşı parol"


def test_an_organization_signs_once_with_a_key_that_it_made(played: Service, enter_played: Enter, tmp_path: Path) -> None:
    party = next(one for one in played.parties("signatory") if one not in played.state.by_party)
    signatory = enter_played(size=PHONE).sign_in("signatory", party)
    backup = make_a_key(signatory, tmp_path)
    accredit(played, enter_played, fingerprint_of(signatory))
    second = on_another_device(enter_played, party, backup)
    tamper(signatory, played)
    receipt = sign(signatory, played, tmp_path)
    refuse_the_second(second, played)
    restored = signatory.page.context.new_page()
    restored.goto(receipt)
    expect(restored.get_by_role("heading", level=1)).to_have_text("Your signature is in the register")


def make_a_key(signatory: Visitor, folder: Path) -> Path:
    """From the home page on, without a demo key; the backup is kept."""
    page = signatory.page
    page.get_by_role("link", name="Make your key").click()
    expect(page.get_by_role("button", name="Use demo key")).to_have_count(0)
    signatory.button("Make a key").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    signatory.button("Make my key").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the backup").click()
    kept = folder / "backup.pem"
    download.value.save_as(kept)
    assert "BEGIN ENCRYPTED PRIVATE KEY" in kept.read_text()
    assert overflow(page) == []
    signatory.button("Send my public key").click()
    expect(page.get_by_text("Your public key has arrived. It can sign once it is accredited.")).to_be_visible()
    return kept


def fingerprint_of(signatory: Visitor) -> str:
    return signatory.go("keys").locator("main strong.hash").inner_text()


def accredit(service: Service, enter: Enter, fingerprint: str) -> None:
    """Two persons of the secretariat; one of them twice is not two."""
    first = enter().sign_in("secretariat", "rapporteur").use_demo_key()
    page = first.go("accreditations")
    card = page.locator(".card", has_text=fingerprint)
    first.sign(card.get_by_role("button", name="Accredit this key"))
    again = page.get_by_role("button", name="Confirm as the second person")
    expect(again).to_be_disabled()
    reason = page.locator(f"#{again.get_attribute('aria-describedby')}").inner_text()
    assert "another person" in reason.lower() or "second person" in reason.lower(), reason
    second = enter().sign_in("secretariat", "registrar").use_demo_key()
    page = second.go("home")
    page.get_by_role("link", name="Check the fingerprints").first.click()
    expect(page.locator("main")).to_contain_text(fingerprint)
    second.sign(page.get_by_role("button", name="Confirm as the second person"))
    assert fingerprint in service.state.keys


def on_another_device(enter: Enter, party: str, backup: Path) -> Visitor:
    """The same person at a laptop, with the key from the backup, ready to press the button."""
    other = enter().sign_in("signatory", party)
    page = other.go("keys")
    page.get_by_label("Backup file").set_input_files(backup)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    other.button("Restore").click()
    expect(page.get_by_text("The key is on this device.")).to_be_visible()
    other.go("sign?text=en")
    tick(page)
    return other


def tick(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()


def tamper(signatory: Visitor, service: Service) -> None:
    """One letter of the text on the screen is another: nothing is signed, and the paragraph is named."""
    page = signatory.go("home")
    page.get_by_role("link", name="Read and sign").click()
    expect(page.locator(".words li")).to_have_count(6)
    page.get_by_role("link", name="Türkçe").first.click()
    expect(page.locator("[data-text-root]")).to_have_attribute("lang", "tr")
    expect(page.locator("[data-text-root]")).to_contain_text("Platform")
    page.locator("[data-unit=OP4] [data-text]").evaluate("e => { e.textContent = e.textContent.replace('a', 'e') }")
    tick(page)
    signatory.button("Sign").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was signed.")
    expect(page.get_by_role("alert")).to_contain_text("OP4")
    assert len(service.state.endorsements) == SIGNED


def sign(signatory: Visitor, service: Service, folder: Path) -> str:
    """The address of the receipt, whose file proves the place in the record."""
    page = signatory.go("sign?text=tr")
    expect(page.locator(".words li")).to_have_count(6)
    words = page.locator(".words li").all_inner_texts()
    assert overflow(page) == []
    tick(page)
    signatory.button("Sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your signature is in the register")
    assert page.locator(".words li").all_inner_texts() == words
    assert overflow(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the receipt").click()
    raw = download.value.path().read_bytes()
    vkey = page.request.get(f"/log/{service.slug}/vkey").text().strip()
    entry, index = verify_receipt(parse_receipt(raw), parse_vkey(vkey))
    assert entry.statement.type == "endorsement.sign-v1"
    assert entry.statement.body["language"] == "tr"
    assert f"entry {index} of the record" in signatory.words
    return page.url


def refuse_the_second(other: Visitor, service: Service) -> None:
    other.button("Sign").click()
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Your organization has signed already")
    expect(other.page.get_by_role("heading", name="The first signature")).to_be_visible()
    assert len(service.state.endorsements) == SIGNED + 1
    other.forgive("409")
    other.go("sign")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Your organization has signed")
    expect(other.button("Sign")).to_have_count(0)
