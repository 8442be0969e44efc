"""verifying.js: signatures of every kind, judged as strictly in Chromium as by the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from declaration.protocol.encoding import b64encode
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from tests.browser.js.conftest import Modules
from tests.protocol.made import ED, P256, POLICY, Passkey

pytestmark = pytest.mark.browser

NAMESPACE = "endorsement.sign-v1@declaration.example/forum"
MESSAGE = json.dumps({"reason": "sözün özü"}, ensure_ascii=False).encode()
ORDER = 2**252 + 27742317777372353535851937790883648493
VERIFY = """(async () => {
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const found = [];
  for (const one of arg.all) {
    try {
      const expected = {key: one.key, namespace: one.namespace, message: bytes(one.message), passkeys: arg.passkeys};
      found.push(await m.verifySshsig(bytes(one.blob), expected));
    } catch (error) { found.push(error.code ?? String(error)); }
  }
  return found;
})()"""


def malleable(blob: bytes) -> bytes:
    """The same signature with S + L: valid to whoever does not look."""
    s = int.from_bytes(blob[-32:], "little") + ORDER
    return blob[:-32] + s.to_bytes(32, "little")


def weak(blob: bytes) -> bytes:
    """The identity as R: what a key of small order would need."""
    return blob[:-64] + bytes([1]) + bytes(31) + blob[-32:]


ED_KEY, P_KEY, PASS_KEY = public_key_of(ED).fingerprint, public_key_of(P256).fingerprint, Passkey().key.fingerprint
GOOD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "Ed25519": (lambda: sign(ED, NAMESPACE, MESSAGE), ED_KEY, "ssh-ed25519"),
    "P-256": (lambda: sign(P256, NAMESPACE, MESSAGE), P_KEY, "ecdsa-sha2-nistp256"),
    "passkey": (lambda: Passkey().sign(NAMESPACE, MESSAGE), PASS_KEY, "sk-ecdsa-sha2-nistp256@openssh.com"),
    "passkey with extensions": (
        lambda: Passkey(flags=0x85, extensions=b"\xa0").sign(NAMESPACE, MESSAGE), PASS_KEY, "sk-ecdsa-sha2-nistp256@openssh.com",
    ),
}  # fmt: skip
BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "another message": (lambda: sign(ED, NAMESPACE, MESSAGE + b" "), ED_KEY, "signature.invalid"),
    "another message, P-256": (lambda: sign(P256, NAMESPACE, MESSAGE + b" "), P_KEY, "signature.invalid"),
    "another act": (lambda: sign(ED, NAMESPACE.replace("sign", "withdraw"), MESSAGE), ED_KEY, "signature.namespace"),
    "another key": (lambda: sign(P256, NAMESPACE, MESSAGE), ED_KEY, "signature.other-key"),
    "S not reduced": (lambda: malleable(sign(ED, NAMESPACE, MESSAGE)), ED_KEY, "signature.invalid"),
    "R of small order": (lambda: weak(sign(ED, NAMESPACE, MESSAGE)), ED_KEY, "signature.invalid"),
    "cut": (lambda: sign(ED, NAMESPACE, MESSAGE)[:-1], ED_KEY, "wire.short"),
    "longer": (lambda: sign(ED, NAMESPACE, MESSAGE) + b"\0", ED_KEY, "wire.long"),
    "nothing": (lambda: b"", ED_KEY, "wire.short"),
    "passkey of another site": (
        lambda: Passkey().sign(NAMESPACE, MESSAGE, origin="https://declaration.example.evil"), PASS_KEY, "passkey.site",
    ),
    "passkey signing in": (lambda: Passkey().sign(NAMESPACE, MESSAGE, type="webauthn.create"), PASS_KEY, "passkey.purpose"),
    "passkey for other words": (
        lambda: Passkey().sign(NAMESPACE, MESSAGE, Passkey().client_data(b"other words")), PASS_KEY, "passkey.purpose",
    ),
    "passkey in a frame": (lambda: Passkey().sign(NAMESPACE, MESSAGE, crossOrigin=True), PASS_KEY, "passkey.purpose"),
    "passkey without a touch": (lambda: Passkey(flags=0x04).sign(NAMESPACE, MESSAGE), PASS_KEY, "passkey.presence"),
    "passkey without a PIN": (lambda: Passkey(flags=0x01).sign(NAMESPACE, MESSAGE), PASS_KEY, "passkey.presence"),
    "passkey with odd flags": (lambda: Passkey(flags=0x45).sign(NAMESPACE, MESSAGE), PASS_KEY, "signature.malformed"),
    "passkey of another relying party": (lambda: Passkey(rp_id="evil.example").sign(NAMESPACE, MESSAGE), PASS_KEY, "signature.invalid"),
}  # fmt: skip


def test_every_kind_of_signature(modules: Modules) -> None:
    cases = {**GOOD, **BAD}
    message = b64encode(MESSAGE)
    asked = [{"blob": b64encode(make()), "key": key, "namespace": NAMESPACE, "message": message} for make, key, _said in cases.values()]
    found = modules("verifying.js", VERIFY, {"all": asked, "passkeys": {"origins": list(POLICY.origins), "rpId": POLICY.rp_id}})
    assert dict(zip(cases, found, strict=True)) == {name: said for name, (_make, _key, said) in cases.items()}


def test_a_site_that_the_constitution_does_not_name(modules: Modules) -> None:
    other = replace(POLICY, rp_id="declaration.other")
    asked = [{"blob": b64encode(Passkey(policy=other).sign(NAMESPACE, MESSAGE)), "key": Passkey(policy=other).key.fingerprint,
              "namespace": NAMESPACE, "message": b64encode(MESSAGE)}]  # fmt: skip
    assert modules("verifying.js", VERIFY, {"all": asked, "passkeys": {"origins": list(POLICY.origins), "rpId": POLICY.rp_id}}) == [
        "passkey.site"
    ]
