"""The devices that people sign with, in Chromium: a passkey, a key of the browser, and what becomes of them when a device is lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from sqlalchemy.orm import Session

from declaration.credentials.enrolment import all_of
from declaration.forums import lifetimes, sessions
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import ED25519, P256, PASSKEY, parse_public_key
from declaration.protocol.sshsig import armor
from declaration.transparency import queries
from declaration.web.security import cookie_name
from tests.browser.js.test_ed25519 import WITHOUT_ED25519
from tests.endorsements.conftest import Playing
from tests.support.browser import PHONE, complaints, overflow
from tests.support.play import ORIGIN, SLUG, Player

pytestmark = pytest.mark.browser

PASSPHRASE = "bir dənə yaxşı parol"
PATIENCE_MS = 20_000
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip
EXPECTED = ("publicKey.pubKeyCredParams is missing", "Failed to load resource: the server responded with a status of 4")

Device = Callable[[], Page]


@pytest.fixture
def party(app: Flask, work: Callable[[], AbstractContextManager[Session]], address: str) -> str:
    """An organization that may sign and whose person has no key yet; its forum knows this very address."""
    with work() as session:
        play = Player(app, session, site=address).found().negotiated().opened()
        return play.organization(1, accredited=False)


@pytest.fixture
def device(app: Flask, browser: Browser, address: str, party: str) -> Iterator[Device]:
    """``device()`` is a browser that remembers nothing; it must not have complained at the end."""
    contexts: list[BrowserContext] = []
    heard: list[list[str]] = []
    expect.set_options(timeout=PATIENCE_MS)

    def fresh() -> Page:
        context = browser.new_context(viewport=PHONE, base_url=address, accept_downloads=True)  # type: ignore[arg-type]  # two numbers
        context.set_default_timeout(PATIENCE_MS)
        with app.app_context():
            context.add_cookies([{"name": cookie_name("language"), "value": "en", "url": address}])
        contexts.append(context)
        page = context.new_page()
        heard.append(complaints(page))
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert [line for lines in heard for line in lines if not line.startswith(EXPECTED)] == []


class Authenticator:
    """What holds a device's passkeys, and its holder, who agrees unless a test says otherwise."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def agrees(self, yes: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": yes})

    @property
    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return found

    def carry_to(self, other: Authenticator) -> None:
        """What a system does that keeps passkeys for all of its owner's devices."""
        for credential in self.credentials:
            other.session.send("WebAuthn.addCredential", {"authenticatorId": other.id, "credential": credential})


def come_in(page: Page, playing: Playing, party: str) -> None:
    """By a link, as everybody comes in first."""
    with playing() as play:
        token = sessions.invite(play.session, play.person(party), now=lifetimes.machine_now())
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="Sign in on this device").click()
    page.wait_for_url(f"**/{SLUG}/home")


def begin_a_key(page: Page) -> None:
    page.goto(f"/{SLUG}/keys")
    page.get_by_role("button", name="Make a key", exact=True).click()
    expect(page.get_by_role("heading", name="1. How you will sign")).to_be_visible()


def accredit(playing: Playing, party: str) -> str:
    """Two persons of the secretariat, behind the scenes; the public key."""
    with playing() as play:
        row = all_of(play.session, play.actor(party).person_id)[0]
        first = play.accredit(row.id, by="rapporteur")
        play.act("registrar", "second-v1", first.act.digest)
        return row.public or ""


def sign(page: Page) -> None:
    page.goto(f"/{SLUG}/sign?text=en")
    expect(page.locator(".words li")).to_have_count(6)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Sign", exact=True).click()


def signed(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Your signature is in the register")
    assert overflow(page) == []


def leave(page: Page) -> None:
    page.goto(f"/{SLUG}/sessions")
    page.get_by_role("button", name="Sign out on this device").first.click()
    page.wait_for_url("**/sign-in")
    page.goto(f"/sign-in?forum={SLUG}")


def require_good(page: Page, playing: Playing, folder: Path, party: str) -> list[str]:
    """Stock ssh-keygen finds every signature of the party good by the exported keys; the types of the acts."""
    assert shutil.which("ssh-keygen"), "ssh-keygen is not installed"
    (folder / "allowed_signers").write_bytes(page.request.get(f"/{SLUG}/allowed_signers").body())
    with playing() as play:
        log = queries.find_log(play.session, ORIGIN)
        assert log is not None
        entries: list[Entry] = [parse_entry(raw) for _, raw in queries.entries(play.session, log, 0, log.size)]
    theirs = [entry for entry in entries if entry.statement.by.party == party]
    for entry in theirs:
        (folder / "act.sig").write_text(armor(entry.signature))
        command = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", f"signatory.{party}", "-s", "act.sig"]
        command += ["-n", f"{entry.statement.type}@{ORIGIN}", "-O", f"verify-time={entry.at:%Y%m%d%H%M%SZ}"]
        answer = subprocess.run(command, input=entry.statement.raw, capture_output=True, cwd=folder, check=False)
        assert answer.returncode == 0, answer.stdout + answer.stderr
    return [entry.statement.type for entry in theirs]


def test_a_passkey_from_the_first_touch_to_the_lost_phone(
    device: Device, playing: Playing, looking: Playing, party: str, tmp_path: Path
) -> None:
    phone = device()
    authenticator = Authenticator(phone)
    come_in(phone, playing, party)
    begin_a_key(phone)
    expect(phone.get_by_text("Recommended on this device")).to_be_visible()
    expect(phone.get_by_label("Passphrase")).to_be_hidden()
    assert overflow(phone) == []
    phone.get_by_role("button", name="Make a passkey").click()
    expect(phone.get_by_role("heading", name="2. Prove that it is yours")).to_be_visible()
    authenticator.agrees(False)
    phone.get_by_role("button", name="Agree once more and send").click()
    expect(phone.get_by_role("alert")).to_contain_text("fingerprint, face or code was not accepted")
    with looking() as play:
        assert all_of(play.session, play.actor(party).person_id) == []
    authenticator.agrees(True)
    phone.get_by_role("button", name="Agree once more and send").click()
    expect(phone.get_by_text("Your public key has arrived.")).to_be_visible()
    assert parse_public_key(accredit(playing, party)).kind == PASSKEY

    authenticator.agrees(False)
    sign(phone)
    expect(phone.get_by_role("alert")).to_contain_text("Nothing was signed.")
    expect(phone.get_by_role("alert")).to_contain_text("Press again")
    with looking() as play:
        assert play.state.endorsements == {}
    authenticator.agrees(True)
    phone.get_by_role("button", name="Sign", exact=True).click()
    signed(phone)

    leave(phone)
    phone.get_by_role("button", name="Sign in with a passkey").click()
    phone.wait_for_url(f"**/{SLUG}/home")

    laptop = device()
    authenticator.carry_to(Authenticator(laptop))
    laptop.goto(f"/sign-in?forum={SLUG}")
    expect(laptop.get_by_role("button", name="Sign in with the key in this browser")).to_be_hidden()
    laptop.get_by_role("button", name="Sign in with a passkey").click()
    laptop.wait_for_url(f"**/{SLUG}/home")
    laptop.goto(f"/{SLUG}/keys")
    laptop.get_by_text("Suspend this key now").first.click()
    laptop.get_by_label("Reason").first.fill("The phone was lost on the way.")
    laptop.get_by_role("button", name="Suspend this key now").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("You need to sign in")  # the key had begun this session too
    phone.goto(f"/{SLUG}/home")
    expect(phone.get_by_role("heading", level=1)).to_have_text("You need to sign in")
    assert require_good(phone, playing, tmp_path, party) == ["endorsement.sign-v1", "key.suspend-v1"]


@pytest.mark.parametrize("kind", [ED25519, P256])
def test_a_key_of_the_browser_comes_back_from_its_backup_and_signs(
    device: Device, playing: Playing, party: str, tmp_path: Path, kind: str
) -> None:
    old, new = device(), device()
    for page in (old, new):
        if kind == P256:
            page.add_init_script(WITHOUT_ED25519)
    come_in(old, playing, party)
    begin_a_key(old)
    expect(old.get_by_text("This device has no reader of its own")).to_be_visible()
    old.get_by_label("Passphrase").fill(PASSPHRASE)
    old.get_by_label("The same once more").fill(PASSPHRASE)
    old.get_by_role("button", name="Make my key").click()
    with old.expect_download() as download:
        old.get_by_role("link", name="Download the backup").click()
    download.value.save_as(tmp_path / "backup.pem")
    old.get_by_role("button", name="Send my public key").click()
    expect(old.get_by_text("Your public key has arrived.")).to_be_visible()
    assert parse_public_key(accredit(playing, party)).kind == kind

    come_in(new, playing, party)
    new.goto(f"/{SLUG}/keys")
    new.get_by_label("Backup file").set_input_files(tmp_path / "backup.pem")
    new.get_by_label("Passphrase").fill(PASSPHRASE)
    new.get_by_role("button", name="Restore").click()
    expect(new.get_by_text("The key is on this device.")).to_be_visible()
    sign(new)
    signed(new)
    leave(new)
    new.get_by_role("button", name="Sign in with the key in this browser").click()
    new.wait_for_url(f"**/{SLUG}/home")
    assert require_good(new, playing, tmp_path, party) == ["endorsement.sign-v1"]


def test_a_device_that_offers_another_kind_of_passkey_makes_a_key_of_the_browser(device: Device, playing: Playing, party: str) -> None:
    """A TPM that knows RS256 alone: the refusal says what to do, and what to do is unfolded."""
    page = device()
    Authenticator(page)
    come_in(page, playing, party)
    begin_a_key(page)
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotSupportedError')); }")
    expect(page.get_by_label("Passphrase")).to_be_hidden()
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Use a key in this browser instead")
    expect(page.get_by_label("Passphrase")).to_be_visible()
