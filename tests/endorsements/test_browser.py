"""A signatory on a phone and on a laptop: the text on the screen, the signature, the receipt, the register. In Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from declaration.forums.door import COOKIE
from declaration.protocol.recovery import backup
from declaration.web.security import cookie_name
from tests.endorsements.conftest import Playing
from tests.support.browser import LAPTOP, PHONE, complaints, overflow
from tests.support.play import ORIGIN, SLUG, private_key

pytestmark = pytest.mark.browser

PASSPHRASE = "a long enough phrase"
RESTORE = """async ([log, slot, pem, passphrase]) => {
  const keys = await import('/static/js/keys.js');
  keys.announce(await keys.restore({log, slot}, pem, passphrase));
}"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(params=[PHONE, LAPTOP], ids=["phone", "laptop"])
def enter(
    request: pytest.FixtureRequest, app: Flask, playing: Playing, browser: Browser, address: str
) -> Iterator[Callable[[str | None], Page]]:
    """Open a page of the service as somebody, or as nobody."""
    contexts = []

    def opened(party: str | None) -> Page:
        context = browser.new_context(viewport=request.param, base_url=address, accept_downloads=True)
        contexts.append(context)
        if party is not None:
            with playing() as play:
                token = play.session_of(party)
            with app.app_context():
                cookies = {COOKIE: token, "language": "en"}  # the tests read English, whatever the person speaks
                context.add_cookies([{"name": cookie_name(one), "value": value, "url": address} for one, value in cookies.items()])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def bring_key(page: Page, party: str) -> None:
    slot = page.locator("form[data-slot]").first.get_attribute("data-slot")
    page.evaluate(RESTORE, [ORIGIN, slot, backup(private_key(party, "signatory"), PASSPHRASE), PASSPHRASE])


def test_an_organization_signs_what_stands_on_the_screen(playing: Playing, enter: Callable[[str | None], Page], tmp_path: Path) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(1)
    page = enter(party)
    heard = complaints(page)
    page.goto(f"/{SLUG}/sign?text=tr")
    expect(page.get_by_role("button", name="Sign", exact=True)).to_be_disabled()
    bring_key(page, party)
    expect(page.get_by_role("button", name="Sign", exact=True)).to_be_enabled()
    expect(page.locator(".words li")).to_have_count(6)
    words = page.locator(".words li").all_inner_texts()
    assert overflow(page) == []
    page.screenshot(path=tmp_path / "sign.png", full_page=True)
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your signature is in the register")
    assert page.locator(".words li").all_inner_texts() == words
    assert overflow(page) == []
    page.screenshot(path=tmp_path / "receipt.png", full_page=True)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the receipt").click()
    assert saved.value.path().read_bytes().startswith(b"declaration-receipt@v1\n")
    page.get_by_role("link", name="See it in the register").click()
    page.screenshot(path=tmp_path / "endorsement.png", full_page=True)
    expect(page.locator(".checks__yes")).to_have_count(8)
    assert overflow(page) == []
    page.screenshot(path=tmp_path / "endorsement.png", full_page=True)
    assert heard == []


def test_a_changed_word_on_the_screen_stops_the_signature(playing: Playing, enter: Callable[[str | None], Page]) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(1)
    page = enter(party)
    page.goto(f"/{SLUG}/sign?text=en")
    bring_key(page, party)
    page.locator("[data-unit=OP1] [data-text]").evaluate("e => { e.textContent = e.textContent.replace('every year', 'never') }")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Nothing was signed")).to_be_visible()
    with playing() as play:
        assert play.state.endorsements == {}


def test_the_public_pages_fit_every_screen_without_an_account(
    playing: Playing, enter: Callable[[str | None], Page], tmp_path: Path
) -> None:
    with playing() as play:
        play.played("en", "tr", "az", "az")
    page = enter(None)
    heard = complaints(page)
    record = ("record", "record/3", "record/checkpoints", "record/checkpoints/3")
    for name in ("register", "register?q=isik", "register/all", "register/3", "verify", *record):
        page.goto(f"/{SLUG}/{name}")
        assert overflow(page) == [], name
        page.screenshot(path=tmp_path / f"{name.replace('/', '-').replace('?', '-')}.png", full_page=True)
    assert heard == []
