"""Attacks with passkeys, in a whole record: without a touch, at another site, for a sign-in, in a stranger's page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from declaration.protocol.encoding import b64encode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.sshsig import PasskeyPolicy
from tests.protocol.made import Passkey
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify

NONCE = "AAECAwQFBgcICQoLDA0ODw"
ELSEWHERE = PasskeyPolicy(("https://declaration.example.evil",), "declaration.example")


def enrolled(device: Passkey) -> f.Forge:
    """Open for signature; an organization's key is a passkey."""
    forge = f.opened()
    message = possession(forge.constitution, device.key.fingerprint, NONCE)
    proof = {"nonce": NONCE, "signature": b64encode(device.sign(possession_namespace(f.ORIGIN), message))}
    body = forge.signatory("new", "kz", key=device.key.openssh, possession=proof)
    first = forge.act("secretariat.one", "accredit-v1", forge.constitution, body)
    forge.act("secretariat.two", "second-v1", first.digest)
    return forge


def sign(forge: f.Forge, device: Passkey, namespace: str = "", **changes: Any) -> f.Forge:
    fingerprint = device.key.fingerprint
    act = forge.statement("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), fingerprint=fingerprint)
    forge.record(act, device.sign(namespace or act.statement.namespace, act.statement.raw, **changes))
    return forge


def test_a_passkey_signs(tmp_path: Path) -> None:
    report = verify(sign(enrolled(Passkey()), Passkey()), tmp_path)
    report.require_all()
    assert report.totals["by_country"]["kz"]["counted"] == 1


@pytest.mark.parametrize(
    ("device", "changes", "code"),
    [
        (Passkey(flags=0x04), {}, "passkey.user-present"),
        (Passkey(flags=0x01), {}, "passkey.user-verified"),
        (Passkey(flags=0x45), {}, "passkey.flags"),
        (replace(Passkey(), policy=ELSEWHERE), {}, "passkey.origin"),
        (Passkey(), {"origin": "http://declaration.example"}, "passkey.origin"),
        (Passkey(rp_id="declaration.example.evil"), {}, "signature.invalid"),
        (Passkey(), {"crossOrigin": True}, "passkey.cross-origin"),
        (Passkey(), {"topOrigin": "https://evil.example"}, "passkey.cross-origin"),
        (Passkey(), {"type": "webauthn.create"}, "passkey.client-data"),
        (Passkey(), {"client_data": Passkey().client_data(b"a challenge of the server"), "crossOrigin": False}, "passkey.client-data"),
        (Passkey(), {"namespace": f"sign-in@{f.ORIGIN}"}, "signature.namespace"),
    ],
)
def test_a_passkey_that_was_used_for_something_else(device: Passkey, changes: dict[str, Any], code: str, tmp_path: Path) -> None:
    report = verify(sign(enrolled(Passkey()), device, **changes), tmp_path)
    refused(report, 4, code, "endorsement.sign by new")
    only(report, 4)
    assert report.totals["counted"] == 0


def test_a_passkey_enrolled_at_another_site(tmp_path: Path) -> None:
    device = replace(Passkey(), policy=ELSEWHERE)
    refused(verify(enrolled(device), tmp_path), 5, "passkey.origin", "accredit by one")
