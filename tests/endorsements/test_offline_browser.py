"""In Chromium: a signature that is made elsewhere with stock OpenSSH, and a phone that loses the network in the middle."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect

from declaration.credentials.models import Enrolment
from declaration.forums.door import COOKIE
from declaration.protocol.receipt import parse_receipt
from declaration.protocol.sshsig import armor
from declaration.web.security import cookie_name
from tests.endorsements.conftest import Playing
from tests.endorsements.test_browser import bring_key
from tests.support.browser import PHONE, complaints, overflow
from tests.support.play import ORGANIZATIONS, SLUG

pytestmark = pytest.mark.browser

SIGNED = "Your signature is in the register"
SIGN = re.compile(rf"/{SLUG}/sign$")
Enter = Callable[[str], Page]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def enter(app: Flask, playing: Playing, browser: Browser, address: str) -> Iterator[Enter]:
    contexts = []

    def opened(party: str) -> Page:
        context = browser.new_context(viewport=PHONE, base_url=address, accept_downloads=True)  # type: ignore[arg-type]  # two numbers
        contexts.append(context)
        with playing() as play:
            token = play.session_of(party)
        with app.app_context():
            cookies = {COOKIE: token, "language": "en"}  # the tests read English, whatever the person speaks
            context.add_cookies([{"name": cookie_name(one), "value": value, "url": address} for one, value in cookies.items()])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def saved(page: Page, link: Locator, folder: Path) -> Path:
    with page.expect_download() as download:
        link.click()
    download.value.save_as(folder / download.value.suggested_filename)
    return folder / download.value.suggested_filename


def run_as_shown(page: Page, folder: Path) -> None:
    """The command to the letter, with the file of the key in its place."""
    words = page.locator(".cmd", has_text="ssh-keygen -Y sign").first.inner_text().replace("KEY", "key")
    subprocess.run(words.split(), cwd=folder, check=True, capture_output=True)


def test_an_organization_signs_with_ssh_keygen_alone(playing: Playing, enter: Enter, tmp_path: Path) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(1, accredited=False)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me@laptop", "-f", tmp_path / "key"], check=True)
    page = enter(party)
    heard = complaints(page)
    enrol_from_outside(page, tmp_path)
    with playing() as play:
        row = play.session.query(Enrolment).filter(Enrolment.person_id == play.person(party).id).one()
        play.act("registrar", "second-v1", play.accredit(row.id, by="rapporteur").act.digest)
    page.goto(f"/{SLUG}/sign?text=tr")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="Sign outside of this browser").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign outside of this browser")
    assert overflow(page) == []
    statement = saved(page, page.get_by_role("link", name="statement.json"), tmp_path)
    run_as_shown(page, tmp_path)
    page.get_by_label("Signature file").set_input_files(tmp_path / "statement.json.sig")
    page.get_by_role("button", name="Check the signature").click()
    expect(page.get_by_role("heading", name="What will be recorded")).to_be_visible()
    expect(page.locator(".checks__yes")).to_have_count(6)
    expect(page.locator("main")).to_contain_text(ORGANIZATIONS[1][1])
    assert overflow(page) == []
    with playing() as play:
        assert play.state.endorsements == {}
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGNED)
    receipt = saved(page, page.get_by_role("link", name="Save the receipt"), tmp_path)
    assert "Good" in stock(parse_receipt(receipt.read_bytes()).entry.signature, statement, party, tmp_path)
    assert heard == []


def enrol_from_outside(page: Page, folder: Path) -> None:
    page.goto(f"/{SLUG}/keys")
    page.get_by_role("button", name="Enrol a key from outside").click()
    page.get_by_label("Public key").fill((folder / "key.pub").read_text())
    page.get_by_role("button", name="Go on").click()
    assert overflow(page) == []
    saved(page, page.get_by_role("link", name="possession.json"), folder)
    run_as_shown(page, folder)
    page.get_by_label("Or its text").fill((folder / "possession.json.sig").read_text())
    page.get_by_role("button", name="Send my public key").click()
    expect(page.get_by_text("Your public key has arrived.")).to_be_visible()


def stock(blob: bytes, statement: Path, party: str, folder: Path) -> str:
    """What ``ssh-keygen -Y verify`` says of the signature in the record."""
    kind, key = (folder / "key.pub").read_text().split()[:2]
    (folder / "allowed").write_text(f"signatory.{party} {kind} {key}\n")
    (folder / "recorded.sig").write_text(armor(blob))
    space = f"endorsement.sign-v1@declaration.example/{SLUG}"
    command = ["ssh-keygen", "-Y", "verify", "-f", folder / "allowed", "-I", f"signatory.{party}", "-n", space,
               "-s", folder / "recorded.sig"]  # fmt: skip
    return subprocess.run(command, input=statement.read_bytes(), capture_output=True).stdout.decode()


# -- the network goes away -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ready(playing: Playing, enter: Enter) -> Page:
    """The signing page on a phone that has the key, ticked, with the button before the thumb."""
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(1)
    page = enter(party)
    page.goto(f"/{SLUG}/sign?text=tr")
    bring_key(page, party)
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    return page


def press(page: Page) -> None:
    page.get_by_role("button", name="Sign", exact=True).click()


def endorsements(playing: Playing) -> int:
    with playing() as play:
        return len(play.state.endorsements)


def test_what_did_not_arrive_is_kept_and_sent_when_the_network_is_back(ready: Page, playing: Playing) -> None:
    def vanish(route: Route) -> None:
        ready.context.set_offline(True)
        route.abort("internetdisconnected")

    ready.route(SIGN, vanish)
    press(ready)
    expect(ready.get_by_text("Signed, and kept on this device")).to_be_visible()
    assert endorsements(playing) == 0
    ready.unroute(SIGN)
    ready.context.set_offline(False)
    expect(ready.get_by_role("heading", level=1)).to_have_text(SIGNED)
    assert endorsements(playing) == 1


def test_a_lost_answer_is_found_by_the_digest_and_nothing_is_sent_twice(ready: Page, playing: Playing) -> None:
    sent: list[str] = []

    def record_and_vanish(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fetch()
        ready.context.set_offline(True)
        route.abort("connectionreset")

    ready.route(SIGN, record_and_vanish)
    press(ready)
    expect(ready.get_by_text("Signed, and kept on this device")).to_be_visible()
    assert endorsements(playing) == 1
    ready.context.set_offline(False)
    expect(ready.get_by_role("heading", level=1)).to_have_text(SIGNED)
    assert len(sent) == 1
    assert endorsements(playing) == 1


def test_a_page_that_was_closed_in_between_is_gone_on_with(ready: Page, playing: Playing) -> None:
    ready.route(SIGN, lambda route: route.abort("connectionreset"))
    press(ready)
    expect(ready.get_by_text("Signed, and kept on this device")).to_be_visible()
    ready.close()
    page = ready.context.new_page()
    page.goto(f"/{SLUG}/sign")
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGNED)
    assert endorsements(playing) == 1


def test_after_a_lost_answer_the_next_page_finds_the_receipt(ready: Page, playing: Playing) -> None:
    def record_and_close(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    ready.route(SIGN, record_and_close)
    ready.route("**/where", lambda route: route.abort("connectionreset"))
    press(ready)
    expect(ready.get_by_text("Signed, and kept on this device")).to_be_in_viewport()
    ready.close()
    page = ready.context.new_page()
    page.goto(f"/{SLUG}/sign")
    expect(page.get_by_text("What you signed on this device is in the record, once.")).to_be_visible()
    page.get_by_role("link", name="Open its receipt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGNED)
    assert endorsements(playing) == 1
    page.goto(f"/{SLUG}/sign")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your organization has signed")
    expect(page.locator("[data-act-unanswered]")).to_have_count(0)


def test_what_is_not_wanted_any_more_is_not_sent(ready: Page, playing: Playing) -> None:
    ready.route(SIGN, lambda route: route.abort("connectionreset"))
    press(ready)
    expect(ready.get_by_text("Signed, and kept on this device")).to_be_visible()
    ready.reload()
    ready.get_by_role("button", name="Do not send it").click()
    expect(ready.get_by_text("It is not sent any more.")).to_be_visible()
    ready.unroute(SIGN)
    ready.reload()
    expect(ready.locator(".words li")).to_have_count(6)
    assert endorsements(playing) == 0
