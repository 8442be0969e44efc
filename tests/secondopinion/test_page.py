"""The page as a page: nothing leaves it, it can be read by everybody, and whoever changes a letter of it stops it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from declaration.protocol.note import NoteSigner
from declaration.verifier.report import TITLES
from declaration.verifier.standalone import verify_html, verify_sh
from tests.secondopinion import opinions
from tests.secondopinion.cases import replaced, signed
from tests.support.browser import LAPTOP, PHONE, overflow
from tests.verifier import forge as f


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return signed().pack(tmp_path_factory.mktemp("bundle") / "bundle.zip")


@pytest.fixture
def fresh(browser: Browser, files: Path) -> Iterator[Page]:
    with browser.new_context(offline=True, locale="en-GB", viewport=PHONE) as context:
        page = context.new_page()
        page.goto((files / "verify.html").as_uri())
        yield page


def test_it_allows_itself_nothing() -> None:
    page = verify_html().decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"(src|href)=.?(https?:|//)|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|eval\(|innerHTML", page)


def test_it_is_the_same_every_time() -> None:
    verify_html.cache_clear()
    first = verify_html()
    verify_html.cache_clear()
    assert verify_html() == first
    assert b"\r" not in first + verify_sh()


def test_it_asks_for_nothing(fresh: Page, bundle: Path) -> None:
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url) if not request.url.startswith("blob:") else None)
    assert opinions.page(fresh, bundle).status == 0
    assert asked == []


@pytest.mark.parametrize("place", ["const MOST_FINDINGS = 20;", "const USER_PRESENT = 0x01;", "state.lang = lang;"])
def test_a_page_that_somebody_changed_does_nothing(place: str, browser: Browser, tmp_path: Path) -> None:
    page = verify_html().decode()
    assert place in page
    (tmp_path / "verify.html").write_text(page.replace(place, place + " "), encoding="utf-8")
    with browser.new_context(offline=True) as context:
        tab = context.new_page()
        tab.goto((tmp_path / "verify.html").as_uri())
        # Either script alone is of no use: without the page's no form, without the engine no verdict.
        if tab.locator("#form").is_visible():
            tab.set_input_files("#bundle", signed().pack(tmp_path / "bundle.zip"))
            tab.click("#form [type=submit]")
            tab.wait_for_selector("[data-verdict]")
            assert tab.get_attribute("[data-verdict]", "data-verdict") == "no-answer"


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_nothing(size: dict[str, int], scheme: str, fresh: Page, bundle: Path) -> None:
    fresh.set_viewport_size({"width": size["width"], "height": size["height"]})
    fresh.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for _ in range(2):
        assert overflow(fresh) == []
        found = Axe().run(fresh).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        if fresh.locator("#form").is_visible():
            opinions.page(fresh, bundle)


def test_verdict_first_then_the_table_then_the_checks(fresh: Page, bundle: Path) -> None:
    said = opinions.page(fresh, bundle).said
    order = [
        said.index(each) for each in ("Verified: 2 signatures", "By country", "Nine checks", "What was verified", "What is not proved")
    ]
    assert order == sorted(order)
    for title in TITLES.values():
        assert title in said
    assert fresh.evaluate("document.activeElement.id") == "result", "whoever listens hears the verdict next"
    assert "Print" in said
    fresh.emulate_media(media="print")
    assert fresh.locator("#langs").is_hidden()


@pytest.mark.parametrize(("lang", "verdict"), [("az", "Təsdiqləndi: 2 imza sayılıb."), ("tr", "Doğrulandı: 2 imza sayıldı.")])
def test_three_languages(lang: str, verdict: str, fresh: Page, bundle: Path) -> None:
    keys = fresh.evaluate("Object.fromEntries(Object.entries(WORDS).map(([lang, words]) => [lang, Object.keys(words).sort()]))")
    assert keys["az"] == keys["en"] == keys["tr"]
    fresh.click(f"[data-lang={lang}]")
    opinions.page(fresh, bundle)
    assert fresh.inner_text("#verdict") == verdict
    assert fresh.get_attribute("html", "lang") == lang
    assert overflow(fresh) == []


def test_a_bad_report_fits_a_phone(fresh: Page, tmp_path: Path) -> None:
    forge = signed()
    path = forge.pack(tmp_path / "bundle.zip", replaced("/texts/az.txt", "ə".encode(), b"e")(forge, forge.members()))
    assert opinions.page(fresh, path).status == 1
    assert overflow(fresh) == []


def test_what_the_auditor_has_is_asked_first(fresh: Page, bundle: Path, tmp_path: Path) -> None:
    forge = signed()
    assert "came out of this very bundle" in opinions.page(fresh, bundle).said
    (tmp_path / "policy").write_bytes(f.policy())
    pinned = opinions.page(fresh, bundle, constitution=forge.trust_root, policy=tmp_path / "policy")
    assert (pinned.status, "came out of this very bundle" in pinned.said) == (0, False)
    assert opinions.page(fresh, bundle, constitution="0" * 64).failed == {5}
    (tmp_path / "policy").write_bytes(f.policy(NoteSigner(f.ORIGIN, f.private("another log"))))
    assert opinions.page(fresh, bundle, policy=tmp_path / "policy").failed == {2}
    (tmp_path / "since").write_bytes(forge.checkpoint(20))
    assert opinions.page(fresh, bundle, since=tmp_path / "since").status == 0
    twin = f.circulated()
    twin.act("secretariat.one", "accredit-v1", twin.constitution, twin.signatory("other"))
    (tmp_path / "since").write_bytes(twin.checkpoint())
    assert opinions.page(fresh, bundle, since=tmp_path / "since").failed == {3}


def test_a_root_of_trust_that_is_none(fresh: Page, bundle: Path) -> None:
    fresh.fill("#constitution", "12ab")
    fresh.set_input_files("#bundle", bundle)
    fresh.click("#form [type=submit]")
    assert fresh.inner_text("#constitution-error") == "These are not 64 digits of 0 to 9 and a to f."
    assert fresh.get_attribute("#constitution", "aria-invalid") == "true"


def test_without_a_worker_it_does_its_work_itself(fresh: Page, bundle: Path) -> None:
    fresh.evaluate("window.Worker = undefined")
    assert opinions.page(fresh, bundle).status == 0


def test_an_old_browser_is_told_so(fresh: Page, bundle: Path) -> None:
    fresh.evaluate(
        """() => {
             crypto.subtle.importKey = async () => { throw new DOMException('no', 'NotSupportedError'); };
             window.Worker = undefined;
           }"""
    )
    fresh.set_input_files("#bundle", bundle)
    fresh.click("#form [type=submit]")
    fresh.wait_for_selector("[data-verdict]")
    assert "cannot verify Ed25519" in fresh.inner_text("#result")


def test_a_name_writes_nothing_into_the_page(fresh: Page, tmp_path: Path) -> None:
    forge = f.Forge()
    names = {"az": {"en": "<b id=evil>A</b>\u202eZ"}, "kz": {"en": "K"}}
    forge.act("chair.chair", "constitution-v1", None, forge.constitution_body(delegations=names))
    said = opinions.page(fresh, forge.pack(tmp_path / "bundle.zip")).said
    assert "<b id=evil>A</b>\\u{202e}Z" in said
    assert fresh.locator("#evil").count() == 0
