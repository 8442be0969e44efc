"""Markup as the templates write it, and the words that tests look for."""

from __future__ import annotations

import html
import json
import subprocess
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page

from tests.browser.js.service import ORIGIN, Service

PASSPHRASE = "correct horse battery"
SLOT = "person-7"
OBJECT = "ab" * 32


def template(act: str = "proposal.join-v1", **changes: Any) -> dict[str, Any]:
    made = {
        "type": act,
        "declaration": "joint-declaration",
        "log": ORIGIN,
        "object": OBJECT,
        "by": {"party": "az", "role": "head"},
        "body": {"reason": "Birlikdə güclüyük"},
    }
    return made | changes


def attributes(**values: Any) -> str:
    """HTML attributes; ``_`` stands for ``-``, True for an attribute without value, other values are written as JSON."""
    parts = []
    for name, value in values.items():
        if value is None:
            continue
        text = "" if value is True else value if isinstance(value, str) else json.dumps(value)
        parts.append(f'{name.replace("_", "-")}="{html.escape(text)}"')
    return " ".join(parts)


def act_form(service: Service, act: dict[str, Any] | None = None, inside: str = "", **changes: Any) -> str:
    act = template() if act is None else act
    given = {
        "data_act": act,
        "data_namespace": f"{act.get('type')}@{act.get('log')}",
        "data_log": "/log/",
        "data_vkey": service.record.vkey,
        "data_slot": SLOT,
    } | changes
    return f'<form method="post" action="/sink" {attributes(**given)}>{inside}<button name="choice" value="join">Join</button></form>'


def quick_backup() -> str:
    """A backup of a new key with one round of derivation, so that a test does not wait for 600,000."""
    private = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    command = ["openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", "1", "-passout", f"pass:{PASSPHRASE}"]
    return subprocess.run(command, input=private, capture_output=True, check=True).stdout.decode()


def make_key(page: Page, slot: str = SLOT, log: str = ORIGIN) -> dict[str, str]:
    """Put a key on this device; gives its public line and fingerprint."""
    found: dict[str, str] = page.evaluate(
        """async ([log, slot, pem, passphrase]) => {
             const keys = await import('/static/js/keys.js');
             const {openssh, fingerprint} = await keys.restore({log, slot}, pem, passphrase);
             return {openssh, fingerprint};
           }""",
        [log, slot, quick_backup(), PASSPHRASE],
    )
    return found


def refusal(page: Page) -> str:
    """The words of the refusal beside the button, once they are there."""
    alert = page.locator("[role=alert]:not([hidden])")
    alert.wait_for()
    return alert.inner_text()


def stored(page: Page, store: str) -> list[Any]:
    """Everything in one store of this device, without the keys' private halves."""
    found: list[Any] = page.evaluate(
        """async store => (await (await import('/static/js/store.js')).all(store)).map(({privateKey, ...rest}) => rest)""", store
    )
    return found


def ready(page: Page, service: Service, form: str | None = None, *, key: bool = True) -> dict[str, str]:
    """Open a page with an act to sign on a device that has a key."""
    page.goto(service.page("<main></main>", path="/empty"))
    made = make_key(page) if key else {}
    page.goto(service.page(act_form(service) if form is None else form, "act.js"))
    return made


def press(page: Page, name: str = "Join") -> None:
    page.get_by_role("button", name=name).click()


def sent(page: Page, service: Service) -> dict[str, str]:
    page.wait_for_url("**/sink**")
    assert len(service.posted) == 1
    return service.posted[0][1]
