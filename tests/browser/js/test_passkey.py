"""passkey.js: a passkey signs the act itself, and stock ssh-keygen and our verifier accept it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from declaration.errors import SignatureInvalid
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.keys import parse_public_key
from declaration.protocol.sshsig import PasskeyPolicy, armor, verify
from tests.browser.js.conftest import Modules
from tests.browser.js.pages import act_form, attributes, refusal, stored
from tests.browser.js.service import ORIGIN, Service
from tests.browser.js.test_enrol import CONSTITUTION, NONCE, enrol_form

pytestmark = pytest.mark.browser

NAMES = {"data_rp_id": "localhost", "data_rp_name": "Forum", "data_user_name": "Ayla"}
BUTTON = f'<button type="button" {attributes(data_enrol_passkey=True, **NAMES)}>Use a passkey</button>'
OPTIONS = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}


@pytest.fixture
def authenticator(page: Page) -> tuple[CDPSession, str]:
    """A phone's authenticator whose holder always agrees, until a test says otherwise."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS | {"automaticPresenceSimulation": True}})
    return session, made["authenticatorId"]


def enrol(page: Page, service: Service) -> dict[str, str]:
    page.goto(service.page(enrol_form().replace("</div>", BUTTON + "</div>", 1), "enrol.js"))
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("Your passkey is made").wait_for()
    expect(page.get_by_label("Without a backup")).to_be_hidden()  # there is nothing to back up
    page.get_by_role("button", name="Send my public key").click()
    page.wait_for_url("**/sink")
    return service.posted.pop()[1]


def test_a_passkey_is_enrolled_and_signs(page: Page, service: Service, base: str, authenticator: Any, tmp_path: Path) -> None:
    form = enrol(page, service)
    key = parse_public_key(form["key"])
    policy = PasskeyPolicy((base,), "localhost")
    verify_possession(b64decode(form["possession"]), key=key, constitution=CONSTITUTION, nonce=NONCE, log=ORIGIN, passkey=policy)
    page.goto(service.page(act_form(service), "act.js"))
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/sink")
    sent = service.posted[0][1]
    statement, blob = json.loads(sent["statement"]), b64decode(sent["signature"])
    namespace = f"{statement['type']}@{ORIGIN}"
    assert statement["by"]["key"] == key.fingerprint
    verify(blob, key=key, namespace=namespace, message=sent["statement"].encode(), passkey=policy)
    with pytest.raises(SignatureInvalid):
        verify(
            blob,
            key=key,
            namespace=namespace,
            message=sent["statement"].encode(),
            passkey=PasskeyPolicy(("https://other.example",), "localhost"),
        )
    (tmp_path / "allowed").write_text(f'head.az namespaces="{namespace}" {form["key"]}\n')
    (tmp_path / "act.sig").write_text(armor(blob))
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "head.az", "-n", namespace, "-s", "act.sig"]
    answer = subprocess.run(command, input=sent["statement"].encode(), capture_output=True, cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr


def test_a_passkey_that_was_carried_to_this_device_signs(page: Page, service: Service, authenticator: Any) -> None:
    form = enrol(page, service)
    (record,) = stored(page, "keys")
    page.evaluate(
        """async () => { const store = await import('/static/js/store.js');
             for (const {log, slot, fingerprint} of await store.all('keys')) await store.remove('keys', [log, slot, fingerprint]); }"""
    )
    carried = [{name: record[name] for name in ("credential", "openssh", "fingerprint", "rpId")}]
    page.goto(service.page(act_form(service, data_passkeys=carried), "act.js"))
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/sink")
    assert json.loads(service.posted[0][1]["statement"])["by"]["key"] == parse_public_key(form["key"]).fingerprint


def test_a_holder_who_does_not_agree_signs_nothing(page: Page, service: Service, authenticator: tuple[CDPSession, str]) -> None:
    enrol(page, service)
    session, identity = authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": identity, "isUserVerified": False})
    page.goto(service.page(act_form(service), "act.js"))
    page.get_by_role("button", name="Join").click()
    assert refusal(page).startswith("Nothing was signed. The passkey was not used")
    assert (service.posted, stored(page, "acts")) == ([], [])
    session.send("WebAuthn.setUserVerified", {"authenticatorId": identity, "isUserVerified": True})
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/sink")


def test_a_device_without_passkeys_says_so(page: Page, service: Service) -> None:
    page.add_init_script("delete globalThis.PublicKeyCredential;")
    page.goto(service.page(enrol_form().replace("</div>", BUTTON + "</div>", 1), "enrol.js"))
    page.get_by_role("button", name="Use a passkey").click()
    assert "Use a key in this browser instead" in refusal(page)
    assert stored(page, "keys") == []


@pytest.mark.parametrize(
    ("rp_id", "origins"),
    [("declaration.example", "https://declaration.example"), ("localhost", "https://localhost"), ("ocalhost", "HERE"), ("localhost", "")],
)
def test_a_page_at_another_address_offers_no_passkey(page: Page, service: Service, base: str, rp_id: str, origins: str) -> None:
    """One that is made there could never sign: its signatures would be refused."""
    names = NAMES | {"data_rp_id": rp_id, "data_origins": origins.replace("HERE", base)}
    button = f'<button type="button" {attributes(data_enrol_passkey=True, **names)}>Use a passkey</button>'
    part = f"""<div data-enrol-passkey-part>{button}</div>
      <p data-enrol-passkey-why hidden></p></div>"""
    page.goto(service.page(enrol_form().replace("</div>", part, 1), "enrol.js"))
    expect(page.get_by_text("Passkeys of this forum do not work at this address")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Make my key")).to_be_visible()


@pytest.mark.parametrize(
    ("client", "flags", "code"),
    [
        ({"challenge": "AQID", "origin": "http://localhost", "type": "webauthn.get"}, 5, "passkey.unsupported"),
        ({"type": "webauthn.get", "challenge": "AQIE", "origin": "http://localhost"}, 5, "key.self-test"),
        ({"type": "webauthn.get", "challenge": "AQID", "origin": "http://localhost"}, 1, "key.self-test"),
        ({"type": "webauthn.get", "challenge": "AQID", "origin": "http://localhost"}, 4, "key.self-test"),
    ],
)
def test_what_an_authenticator_gives_is_looked_at(modules: Modules, client: dict[str, str], flags: int, code: str) -> None:
    """What the service would refuse is refused here, where it can be said what to do. Firefox before 2023 wrote in another order."""
    given = [json.dumps(client, separators=(",", ":")), flags]
    call = """(async ([said, flags]) => {
      const data = new Uint8Array(37); data[32] = flags;
      const real = navigator.credentials.get;
      navigator.credentials.get = async () => ({ rawId: new ArrayBuffer(4), response: {
        authenticatorData: data.buffer, clientDataJSON: new TextEncoder().encode(said).buffer, signature: new ArrayBuffer(8) } });
      try { return await m.signWithPasskey({ credential: 'AAAA', rpId: 'localhost' }, unhex('010203')); }
      finally { navigator.credentials.get = real; }
    })(arg)"""
    assert modules("passkey.js", call, given)["refused"] == code
