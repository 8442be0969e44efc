"""ed25519.js: a browser without Ed25519 checks the record all the same, and decides as the one that has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from tests.browser.js.conftest import Modules
from tests.browser.js.pages import act_form, press
from tests.browser.js.service import Service

pytestmark = pytest.mark.browser

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
POINT = KEY.public_key().public_bytes_raw()
MESSAGE = b"declaration.example/forum\n5\n"
SIGNED = KEY.sign(MESSAGE)
ORDER = 2**252 + 27742317777372353535851937790883648493
PLAINLY = "Promise.all(arg.map(([k, s, t]) => m.verifyPlainly(unhex(k), unhex(s), unhex(t))))"

WITHOUT_ED25519 = """
  for (const name of ['generateKey', 'importKey']) {
    const real = crypto.subtle[name];
    crypto.subtle[name] = function (...given) {
      const missing = given.some(one => one === 'Ed25519' || one?.name === 'Ed25519');
      return missing ? Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')) : real.apply(this, given);
    };
  }"""


def twin() -> bytes:
    """The same signature with S beyond the order: valid by arithmetic, and not the signature that was made."""
    return SIGNED[:32] + (int.from_bytes(SIGNED[32:], "little") + ORDER).to_bytes(32, "little")


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("point", "signature", "message"),
    [
        (POINT, SIGNED, MESSAGE + b"\n"),
        (flipped(POINT, 5), SIGNED, MESSAGE),
        (POINT, flipped(SIGNED, 0), MESSAGE),
        (POINT, flipped(SIGNED, 40), MESSAGE),
        (POINT, twin(), MESSAGE),
        (POINT, SIGNED[:63], MESSAGE),
        (POINT[:31], SIGNED, MESSAGE),
        (b"\xff" * 32, SIGNED, MESSAGE),
    ],
    ids=["another-message", "another-key", "another-r", "another-s", "s-beyond-the-order", "short", "short-key", "no-point"],
)
def test_what_is_not_signed_is_refused(modules: Modules, point: bytes, signature: bytes, message: bytes) -> None:
    assert modules("ed25519.js", PLAINLY, [[one.hex() for one in (point, signature, message)]]) == [False]


def test_what_is_signed_verifies(modules: Modules) -> None:
    keys = [Ed25519PrivateKey.generate() for _ in range(5)]
    cases = [[key.public_key().public_bytes_raw().hex(), key.sign(MESSAGE[:n]).hex(), MESSAGE[:n].hex()] for n, key in enumerate(keys)]
    assert modules("ed25519.js", PLAINLY, cases) == [True] * len(cases)


def test_published_vectors(modules: Modules, vectors: Path) -> None:
    """C2SP/CCTV's corner cases: the browser's own verdict wherever the key is spelled canonically."""
    cases = json.loads((vectors / "cctv-ed25519" / "ed25519vectors.json").read_text())
    triples = [[one["key"], one["sig"], one["msg"].encode().hex()] for one in cases if "non_canonical_A" not in (one["flags"] or [])]
    assert len(triples) > 500
    theirs = modules("ed25519.js", "Promise.all(arg.map(([k, s, t]) => m.verifyEd25519(unhex(k), unhex(s), unhex(t))))", triples)
    assert modules("ed25519.js", PLAINLY, triples) == theirs


def test_a_browser_without_it_checks_the_record_and_signs(page: Page, service: Service) -> None:
    page.add_init_script(WITHOUT_ED25519)
    page.goto(service.page("<main></main>", path="/empty"))
    made = page.evaluate(
        "async ([log]) => (await import('/static/js/keys.js')).generate({log, slot: 'person-7'}, 'correct horse battery')"
        ".then(({kind}) => kind)",
        [service.record.origin],
    )
    assert made == "ecdsa-sha2-nistp256"
    page.goto(service.page(act_form(service), "act.js"))
    press(page)
    page.wait_for_url("**/sink")
    service.record.fork_at = 0
    page.goto(service.page(act_form(service), "act.js"))
    press(page)
    page.get_by_text("a different record than before").wait_for()
