"""enrol.js, restore.js, keys.js: a key is made, backed up, proved, and found again on another device."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from playwright.sync_api import BrowserContext, Page, Route, expect

from declaration.protocol.encoding import b64decode, canonical
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.keys import parse_public_key
from declaration.protocol.sshsig import verify
from tests.browser.js.pages import PASSPHRASE, SLOT, act_form, attributes, make_key, quick_backup, refusal, stored, template
from tests.browser.js.service import ORIGIN, Service

pytestmark = pytest.mark.browser

CONSTITUTION = "c0" * 32
NONCE = "A" * 21 + "Q"


def enrol_form(**changes: Any) -> str:
    given = {
        "data_enrol": True,
        "data_constitution": CONSTITUTION,
        "data_log_origin": ORIGIN,
        "data_slot": SLOT,
        "data_nonce": NONCE,
    } | changes
    return f"""<form method="post" action="/sink" {attributes(**given)}>
      <div data-enrol-choose>
        <label>Passphrase <input type="password" data-enrol-passphrase name="passphrase"></label>
        <label>Again <input type="password" data-enrol-again></label>
        <button type="submit" data-enrol-make>Make my key</button></div>
      <div data-enrol-backup hidden>
        <a data-enrol-download>Download the backup</a>
        <label><input type="checkbox" data-enrol-decline>Without a backup</label>
        <button type="button" data-enrol-another>Make another key</button>
        <button>Send my public key</button></div></form>"""


def make(page: Page, passphrase: str = PASSPHRASE, again: str | None = None) -> None:
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_label("Again").fill(passphrase if again is None else again)
    page.get_by_role("button", name="Make my key").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my public key").click()


def test_a_key_is_made_backed_up_and_proved(page: Page, service: Service, tmp_path: Path) -> None:
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the backup").click()
    assert download.value.suggested_filename.startswith("signing-key-")
    backup = tmp_path / "backup.pem"
    download.value.save_as(backup)
    send(page)
    page.wait_for_url("**/sink")
    ((_, form),) = service.posted
    assert set(form) == {"key", "possession"}  # and never the passphrase
    key = parse_public_key(form["key"])
    verify_possession(b64decode(form["possession"]), key=key, constitution=CONSTITUTION, nonce=NONCE, log=ORIGIN)
    public = load_pem_private_key(backup.read_bytes(), PASSPHRASE.encode()).public_key()
    assert public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() == form["key"]
    subprocess.run(["openssl", "pkey", "-in", backup, "-passin", f"pass:{PASSPHRASE}", "-noout"], check=True)
    (record,) = stored(page, "keys")
    assert (record["fingerprint"], record["backup"]) == (key.fingerprint, None)


def test_before_there_is_a_constitution(page: Page, service: Service) -> None:
    page.goto(service.page(enrol_form(data_constitution=""), "enrol.js"))
    make(page)
    page.get_by_label("Without a backup").check()
    send(page)
    page.wait_for_url("**/sink")
    form = service.posted[0][1]
    key = parse_public_key(form["key"])
    message = canonical({"constitution": None, "key": key.fingerprint, "nonce": NONCE, "type": "possession-v1"})
    verify(b64decode(form["possession"]), key=key, namespace=f"possession-v1@{ORIGIN}", message=message)


@pytest.mark.parametrize(
    ("passphrase", "again", "words"),
    [
        ("", None, "fewer than 12"),
        ("elevenchars", None, "fewer than 12"),
        ("şşşşşşşşşşş", None, "fewer than 12"),
        (PASSPHRASE, PASSPHRASE + " ", "not the same"),
        (PASSPHRASE, "", "not the same"),
    ],
)
def test_weak_or_mistyped_passphrases_are_refused(page: Page, service: Service, passphrase: str, again: str | None, words: str) -> None:
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page, passphrase, again)
    assert words in refusal(page)
    assert stored(page, "keys") == []


def test_the_backup_must_be_taken_or_declined(page: Page, service: Service) -> None:
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page)
    send(page)
    assert "Download the backup, or say that you go on without one." in refusal(page)
    assert service.posted == []


def test_the_key_survives_a_reload_and_a_broken_connection(page: Page, service: Service) -> None:
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page)
    page.get_by_role("link", name="Download the backup").wait_for()
    page.get_by_text("Your key is made").wait_for()
    assert "Keep" not in page.locator("body").inner_text()  # the page itself says so, above the file
    page.reload()
    page.get_by_text("This device already has a key for this").wait_for()
    page.get_by_label("Without a backup").check()

    def arrive_and_break(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/sink", arrive_and_break)
    with page.expect_event("requestfailed"):
        send(page)
    page.unroute("**/sink")
    page.goto(service.page(enrol_form(data_nonce="B" * 21 + "Q"), "enrol.js"))
    send(page)  # the backup was settled before: it is not asked for again
    page.wait_for_url("**/sink")
    assert service.posted[0][1]["key"] == service.posted[1][1]["key"]
    assert service.posted[0][1]["possession"] != service.posted[1][1]["possession"]
    assert len(stored(page, "keys")) == 1


def test_rotation_makes_another_key_beside_the_accredited_one(page: Page, service: Service) -> None:
    page.goto(service.page("<main></main>", path="/empty"))
    old = make_key(page)
    page.goto(service.page(enrol_form(data_keys=old["fingerprint"]), "enrol.js"))
    make(page)
    page.get_by_label("Without a backup").check()
    send(page)
    page.wait_for_url("**/sink")
    assert service.posted[0][1]["key"] != old["openssh"]
    assert len(stored(page, "keys")) == 2


def test_another_key_can_be_made_instead(page: Page, service: Service) -> None:
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page)
    page.get_by_role("button", name="Make another key").click()
    expect(page.get_by_label("Passphrase")).to_have_value("")
    make(page)
    page.get_by_role("link", name="Download the backup").wait_for()
    assert len({record["fingerprint"] for record in stored(page, "keys")}) == 2


RESTORE = f"""<form {attributes(data_restore=True, data_log_origin=ORIGIN, data_slot=SLOT)}>
  <input type="file" data-restore-file><textarea data-restore-text name="pem"></textarea>
  <input type="password" data-restore-passphrase name="secret"><button>Restore</button>
  <div data-restore-done hidden>Go on</div></form>"""


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_a_backup_is_restored_on_another_device(page: Page, service: Service, profile: Callable[[], BrowserContext], kind: str) -> None:
    if kind == "p256":  # a browser without Ed25519
        page.add_init_script(
            """const generateKey = crypto.subtle.generateKey; crypto.subtle.generateKey = function (algorithm, ...rest) {
                 if (algorithm.name === 'Ed25519') return Promise.reject(new DOMException('', 'NotSupportedError'));
                 return generateKey.call(this, algorithm, ...rest); };"""
        )
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the backup").click()
    pem = Path(download.value.path()).read_bytes()
    (made,) = stored(page, "keys")
    assert made["kind"] == {"ed25519": "ssh-ed25519", "p256": "ecdsa-sha2-nistp256"}[kind]

    other = profile().new_page()
    other.goto(service.page(RESTORE + act_form(service), "restore.js", "act.js"))
    expect(other.get_by_role("button", name="Join")).to_be_disabled()
    other.locator("[data-restore-file]").set_input_files({"name": "key.pem", "mimeType": "text/plain", "buffer": pem})
    other.locator("[data-restore-passphrase]").fill(PASSPHRASE)
    other.get_by_role("button", name="Restore").click()
    other.get_by_text("Go on").wait_for()
    (restored,) = stored(other, "keys")
    assert (restored["openssh"], restored["kind"]) == (made["openssh"], made["kind"])
    assert other.evaluate(
        """async () => { const [{privateKey}] = await (await import('/static/js/store.js')).all('keys');
             return [privateKey.extractable, await crypto.subtle.exportKey('pkcs8', privateKey).catch(e => e.name)]; }"""
    ) == [False, "InvalidAccessError"]
    assert other.locator("[data-restore-passphrase]").input_value() == ""
    other.get_by_role("button", name="Join").click()  # at once, on the same page
    other.wait_for_url("**/sink")
    form = service.posted[0][1]
    verify(
        b64decode(form["signature"]),
        key=parse_public_key(made["openssh"]),
        namespace=f"{template()['type']}@{ORIGIN}",
        message=form["statement"].encode(),
    )


@pytest.mark.parametrize(
    ("pem", "passphrase", "words"),
    [
        (quick_backup(), "wrong horse battery", "not the one of this backup, or the file is damaged"),
        (quick_backup(), "", "not the one of this backup, or the file is damaged"),
        (quick_backup()[:-40], PASSPHRASE, "This is not a key backup"),
        ("", PASSPHRASE, "Choose the backup file, or paste its text."),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            PASSPHRASE,
            "another kind (OPENSSH PRIVATE KEY)",
        ),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", PASSPHRASE, "is not encrypted"),
    ],
)
def test_what_cannot_be_restored_is_refused(page: Page, service: Service, pem: str, passphrase: str, words: str) -> None:
    page.goto(service.page(RESTORE, "restore.js"))
    page.locator("[data-restore-text]").fill(pem)
    page.locator("[data-restore-passphrase]").fill(passphrase)
    page.get_by_role("button", name="Restore").click()
    assert words in refusal(page)
    assert stored(page, "keys") == []
    assert page.url.endswith("/page")  # nothing went into the address
    assert page.locator("[data-restore-text]").input_value() == pem


def demo(**changes: Any) -> str:
    given = {
        "data_demo_key": True,
        "data_pem_url": "/demo.pem",
        "data_passphrase": PASSPHRASE,
        "data_log_origin": ORIGIN,
        "data_slot": SLOT,
    } | changes
    return f'<button type="button" {attributes(**given)}>Use demo key</button>'


def test_a_demo_persona_signs_after_one_press(page: Page, service: Service) -> None:
    service.files["/demo.pem"] = quick_backup()
    offer = f"<div data-act-nokey hidden><p data-act-nokey-why></p>{demo()}</div>"
    page.goto(service.page(act_form(service, inside=offer), "restore.js", "act.js"))
    expect(page.get_by_role("button", name="Join")).to_be_disabled()
    page.get_by_role("button", name="Use demo key").click()
    expect(page.get_by_role("button", name="Join")).to_be_enabled()
    expect(page.locator("[data-act-nokey]")).to_be_hidden()
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/sink")


def test_a_demo_key_as_a_form_that_leads_on(page: Page, service: Service) -> None:
    service.files["/demo.pem"] = quick_backup()
    service.page("<h1>Next</h1>", path="/next")
    given = {
        "data_demo_key": True,
        "data_pem_url": "/demo.pem",
        "data_passphrase": PASSPHRASE,
        "data_log_origin": ORIGIN,
        "data_slot": SLOT,
    }
    page.goto(service.page(f"<form {attributes(**given, data_next='/next')}><button>Use demo key</button></form>", "restore.js"))
    page.get_by_role("button").click()
    page.wait_for_url("**/next")
    assert len(stored(page, "keys")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data_pem_url": "/nowhere.pem"}, "(404)"),
        ({"data_pem_url": "https://elsewhere.example/k"}, "not as it should be"),
        ({"data_passphrase": "other"}, "not the one of this backup"),
    ],
)
def test_a_demo_key_that_cannot_be_had(page: Page, service: Service, changes: dict[str, str], words: str) -> None:
    service.files["/demo.pem"] = quick_backup()
    page.goto(service.page(demo(**changes), "restore.js"))
    page.get_by_role("button").click()
    assert words in refusal(page)
    assert stored(page, "keys") == []


def test_a_key_can_be_forgotten(page: Page, service: Service) -> None:
    page.goto(service.page("<main></main>", path="/empty"))
    make_key(page)
    page.evaluate(
        f"""async () => {{ const keys = await import('/static/js/keys.js'); const place = {{log: '{ORIGIN}', slot: '{SLOT}'}};
              await keys.remove(await keys.load(place)); }}"""
    )
    assert stored(page, "keys") == []


def test_a_browser_without_any_kind_of_key(page: Page, service: Service) -> None:
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new DOMException('', 'NotSupportedError'));")
    page.goto(service.page(enrol_form(), "enrol.js"))
    make(page)
    assert "This browser cannot make or use this kind of key" in refusal(page)
