"""Proofs of possession: this key, this constitution, this nonce, this forum, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.errors import DeclarationError, SignatureInvalid
from declaration.protocol.encoding import b64url_encode
from declaration.protocol.enrolment import possession, possession_namespace, verify_possession
from declaration.protocol.keys import PublicKey
from declaration.protocol.sshsig import sign
from declaration.protocol.wire import string
from tests.protocol.made import ED, ED_KEY, LOG, OTHER_ED, OTHER_KEY, POLICY, Passkey

CONSTITUTION, NONCE = "c" * 64, b64url_encode(bytes(16))
GIVEN: dict[str, Any] = {"key": ED_KEY, "constitution": CONSTITUTION, "nonce": NONCE, "log": LOG}
MESSAGE = possession(CONSTITUTION, ED_KEY.fingerprint, NONCE)


def test_the_bytes_are_these() -> None:
    assert MESSAGE.decode() == (
        f'{{"constitution":"{CONSTITUTION}","key":"{ED_KEY.fingerprint}","nonce":"{NONCE}","type":"possession-v1"}}'
    )
    assert possession_namespace(LOG) == f"possession-v1@{LOG}"


def test_a_proof_verifies() -> None:
    verify_possession(sign(ED, possession_namespace(LOG), MESSAGE), **GIVEN)
    device = Passkey()
    message = possession(CONSTITUTION, device.key.fingerprint, NONCE)
    verify_possession(device.sign(possession_namespace(LOG), message), **{**GIVEN, "key": device.key}, passkey=POLICY)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER_KEY},
        {"constitution": "d" * 64},
        {"nonce": b64url_encode(b"\x01" * 16)},
        {"log": "declaration.example/other"},
    ],
)
def test_a_proof_is_for_one_enrolment(changes: dict[str, Any]) -> None:
    with pytest.raises(SignatureInvalid):
        verify_possession(sign(ED, possession_namespace(LOG), MESSAGE), **{**GIVEN, **changes})


def test_nobody_proves_possession_of_another_s_key() -> None:
    with pytest.raises(SignatureInvalid):
        verify_possession(sign(OTHER_ED, possession_namespace(LOG), MESSAGE), **GIVEN)


def test_a_sign_in_is_not_a_proof() -> None:
    with pytest.raises(SignatureInvalid):
        verify_possession(sign(ED, "sign-in@declaration.example", MESSAGE), **GIVEN)


def test_the_identity_key_proves_nothing() -> None:
    """Its universal signature verifies with openssl and ssh-keygen for every message."""
    point = b"\x01" + bytes(31)
    weak = PublicKey("ssh-ed25519", string(b"ssh-ed25519") + string(point), point)
    signature = string(b"ssh-ed25519") + string(b"\x01" + bytes(63))
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + string(weak.blob) + string(possession_namespace(LOG).encode())
    blob += string(b"") + string(b"sha512") + string(signature)
    with pytest.raises(SignatureInvalid):
        verify_possession(blob, **{**GIVEN, "key": weak})


@pytest.mark.parametrize(
    "bad",
    [
        ("0" * 63, ED_KEY.fingerprint, NONCE),
        (CONSTITUTION, "x", NONCE),
        (CONSTITUTION, ED_KEY.fingerprint, "AAAA"),
        (CONSTITUTION, ED_KEY.openssh, NONCE),
    ],
)
def test_possession_refuses(bad: tuple[str, str, str]) -> None:
    with pytest.raises(DeclarationError):
        possession(*bad)
    with pytest.raises(DeclarationError):
        possession_namespace("forum")
