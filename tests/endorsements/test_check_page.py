"""A receipt checked by dropping a file: a good one, and bad ones that are told apart; nothing is sent. In Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from declaration.credentials.record import log_of
from declaration.protocol.encoding import b64encode
from declaration.transparency import receipts
from tests.endorsements.conftest import Playing
from tests.journeys.test_pages import problems
from tests.support.browser import PHONE, complaints, overflow
from tests.support.play import ORGANIZATIONS, SLUG

pytestmark = pytest.mark.browser

DROP = """([name, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), one => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type: "text/plain"}));
  document.querySelector("[data-receipt]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def receipt(playing: Playing) -> bytes:
    with playing() as play:
        play.played("en")
        (found,) = play.state.endorsements.values()
        return receipts.receipt(play.session, log_of(play.session, play.forum), found.index)


def drop(page: Page, body: bytes) -> None:
    page.evaluate(DROP, ["receipt.txt", b64encode(body)])


def answers(page: Page) -> dict[str, str]:
    page.locator("[data-receipt-answer] h2").wait_for()
    found: Any = page.eval_on_selector_all("[data-check]", "all => all.map(one => [one.dataset.check, one.dataset.answer])")
    return dict(found)


def changed(receipt: bytes, old: bytes, new: bytes) -> bytes:
    assert receipt.count(old) >= 1, old
    return receipt.replace(old, new, 1)


# What was done to it, the check that names it, and words of the answer.
BAD: tuple[tuple[str, Callable[[bytes], bytes], str, str], ...] = (
    ("a byte of the statement", lambda one: changed(one, b'"language":"en"', b'"language":"az"'), "inclusion", "a byte of the entry"),
    ("a byte of the checkpoint", lambda one: changed(one, b"played\n1\n", b"played\n2\n"), "checkpoint", "under a checkpoint is wrong"),
    ("another forum", lambda one: one.replace(b"declaration.example/played", b"declaration.example/player"), "forum", "another record"),
    ("cut", lambda one: one[: len(one) // 2], "form", "ends too early"),
    ("its line ends", lambda one: one.replace(b"\n", b"\r\n"), "form", "line ends"),
    ("no receipt", lambda one: b"%PDF-1.7 a scan of a receipt", "form", "This is no receipt"),
    ("nothing in it", lambda one: b"", "form", "empty"),
)  # fmt: skip


def test_receipts_good_and_bad_without_a_word_to_anybody(receipt: bytes, browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=address)  # type: ignore[arg-type]  # two numbers
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"/{SLUG}/check")
    expect(page.get_by_text("Drop the receipt here")).to_be_visible()
    assert "Access-Control-Allow-Origin" not in page.request.get(f"/{SLUG}/check").headers
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.set_offline(True)  # once it is loaded it needs no network
    drop(page, receipt)
    good = answers(page)
    assert page.locator("[data-receipt-answer] h2").inner_text() == "A good receipt"
    assert {name for name, answer in good.items() if answer == "passed"} == {
        "form", "forum", "checkpoint", "root", "inclusion", "signature", "text",
    }  # fmt: skip
    assert (good["who"], good["witnesses"]) == ("told", "skipped")
    shown = page.locator("[data-receipt-answer]").inner_text()
    assert ORGANIZATIONS[0][1] in shown
    assert "signs the Declaration" in shown
    assert "it may have been withdrawn since" in shown
    assert overflow(page) == []
    heard_before = list(heard)
    assert problems(page) == []
    assert heard == heard_before
    for what, spoil, check, words in BAD:
        drop(page, spoil(receipt))
        expect(page.locator("[data-receipt-answer] h2")).to_have_text("This receipt does not hold")
        failed = [name for name, answer in answers(page).items() if answer == "failed"]
        assert failed[0] == check, what
        assert words in page.locator("[data-receipt-answer] .verdict").inner_text(), what
    page.get_by_text("Paste its text instead").click()
    page.get_by_label("Text of the receipt").fill(receipt.decode())
    page.get_by_role("button", name="Check the text").click()
    expect(page.locator("[data-receipt-answer] h2")).to_have_text("A good receipt")
    page.locator("input[type=file]").set_input_files({"name": "r.txt", "mimeType": "text/plain", "buffer": receipt[:-1]})
    expect(page.locator("[data-receipt-answer] .verdict")).to_contain_text("ends too early")
    assert asked == []
    assert heard == []
    context.close()


@pytest.mark.parametrize(
    ("lacks", "verdict"),
    [
        ("""const given = crypto.subtle.importKey.bind(crypto.subtle);
            crypto.subtle.importKey = (format, key, algorithm, ...rest) => algorithm === "Ed25519"
              ? Promise.reject(new DOMException("", "NotSupportedError")) : given(format, key, algorithm, ...rest);""", "A good receipt"),
        ("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined});", "This browser cannot check it"),
    ],
    ids=["without Ed25519", "without https"],
)  # fmt: skip
def test_browsers_that_lack_something(receipt: bytes, browser: Browser, address: str, lacks: str, verdict: str) -> None:
    context = browser.new_context(base_url=address)
    context.add_init_script(lacks)
    page = context.new_page()
    page.goto(f"/{SLUG}/check")
    drop(page, receipt)
    expect(page.locator("[data-receipt-answer] h2")).to_have_text(verdict)
    drop(page, receipt.replace(b"\n\n\xe2\x80\x94 declaration.example/played ", b"\n\n\xe2\x80\x94 declaration.example/played A", 1))
    expect(page.locator("[data-receipt-answer] h2")).not_to_have_text("A good receipt")
    context.close()


def test_an_address_is_handed_to_the_device_and_to_nobody_else(receipt: bytes, browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address)
    context.add_init_script(
        """window.handed = [];
           navigator.canShare = () => true;
           navigator.share = (data) => { window.handed.push(data); return Promise.resolve(); };"""
    )
    page = context.new_page()
    page.goto(f"/{SLUG}/register?q=az")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Share This page", exact=True).click()
    handed: Any = page.evaluate("window.handed")
    assert handed == [{"title": "Register of signatures", "url": page.locator("#share-page").input_value()}]
    assert handed[0]["url"].endswith(f"/{SLUG}/register?q=az")
    assert asked == []
    context.close()
