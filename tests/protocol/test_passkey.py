"""Passkeys: what the browser and the device say must be what the constitution wants."""

from __future__ import annotations

import json

import pytest

from declaration.errors import SignatureInvalid
from declaration.protocol.encoding import b64url_encode
from declaration.protocol.keys import passkey
from declaration.protocol.sshsig import PasskeyPolicy, tbs, verify
from tests.protocol.made import P256_KEY, POLICY, Passkey

NS = "endorsement.sign-v1@declaration.example/forum"
MESSAGE = b'{"type":"endorsement.sign-v1"}'
TBS = tbs(NS, MESSAGE)
ORIGIN = POLICY.origins[0]


def refusal(signature: bytes, policy: PasskeyPolicy | None = POLICY, device: Passkey | None = None) -> str:
    with pytest.raises(SignatureInvalid) as caught:
        verify(signature, key=(device or Passkey()).key, namespace=NS, message=MESSAGE, passkey=policy)
    return caught.value.code


@pytest.mark.parametrize(
    "device",
    [
        Passkey(),
        Passkey(flags=0x1D),  # a synced passkey: backup eligible and backed up
        Passkey(flags=0x85, extensions=b"\xa0"),
        Passkey(counter=0),
        Passkey(counter=2**32 - 1),
    ],
)
def test_a_passkey_verifies(device: Passkey) -> None:
    verify(device.sign(NS, MESSAGE), key=device.key, namespace=NS, message=MESSAGE, passkey=POLICY)


@pytest.mark.parametrize(
    "client_data",
    [
        Passkey().client_data(TBS, extraData="may be extended"),
        Passkey().client_data(TBS).replace(b',"crossOrigin":false', b""),
    ],
)
def test_client_data_may_say_more_and_less(client_data: bytes) -> None:
    signature = Passkey().sign(NS, MESSAGE, client_data)
    verify(signature, key=Passkey().key, namespace=NS, message=MESSAGE, passkey=POLICY)


@pytest.mark.parametrize(
    ("flags", "extensions", "code"),
    [
        (0x04, b"", "passkey.user-present"),
        (0x00, b"", "passkey.user-present"),
        (0x01, b"", "passkey.user-verified"),
        (0x45, b"", "passkey.flags"),
        (0x85, b"", "passkey.flags"),
        (0x05, b"\xa0", "passkey.flags"),
    ],
)
def test_flags_refused(flags: int, extensions: bytes, code: str) -> None:
    assert refusal(Passkey(flags=flags, extensions=extensions).sign(NS, MESSAGE)) == code


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://declaration.example",
        "https://declaration.example:443",
        "https://declaration.example/",
        "https://declaration.example.evil.example",
        "https://DECLARATION.example",
        "",
    ],
)
def test_other_origins_are_refused(origin: str) -> None:
    assert refusal(Passkey().sign(NS, MESSAGE, origin=origin)) == "passkey.origin"


def with_origin(text: str) -> bytes:
    start = f'{{"type":"webauthn.get","challenge":"{b64url_encode(TBS)}","origin":"{ORIGIN}"'
    return (start + text).encode()


@pytest.mark.parametrize(
    ("client_data", "code"),
    [
        (Passkey().client_data(TBS, type="webauthn.create"), "passkey.client-data"),
        (Passkey().client_data(TBS, type="payment.get"), "passkey.client-data"),
        (Passkey().client_data(tbs("sign-in@declaration.example", MESSAGE)), "passkey.client-data"),
        (Passkey().client_data(tbs(NS, MESSAGE + b" ")), "passkey.client-data"),
        (Passkey().client_data(b"an opaque challenge of the server"), "passkey.client-data"),
        (Passkey().client_data(TBS).replace(ORIGIN.encode(), b"https://evil.example"), "passkey.client-data"),
        (Passkey().client_data(TBS).replace(b'","', b'", "'), "passkey.client-data"),
        (json.dumps({"origin": ORIGIN, "type": "webauthn.get", "challenge": b64url_encode(TBS)}).encode(), "passkey.client-data"),
        (with_origin(',"origin":"https://evil.example"}'), "passkey.client-data"),
        (with_origin(',"challenge":"AAAA"}'), "passkey.client-data"),
        (with_origin("x}"), "passkey.client-data"),
        (with_origin(","), "passkey.client-data"),
        (with_origin("}}"), "passkey.client-data"),
        (with_origin('.evil.example"}'), "passkey.client-data"),
        (b"", "passkey.client-data"),
        (b"[]", "passkey.client-data"),
        (Passkey().client_data(TBS, crossOrigin=True), "passkey.cross-origin"),
        (Passkey().client_data(TBS, crossOrigin="false"), "passkey.cross-origin"),
        (Passkey().client_data(TBS, crossOrigin=None), "passkey.cross-origin"),
        (Passkey().client_data(TBS, topOrigin=ORIGIN), "passkey.cross-origin"),
    ],
)
def test_client_data_refused(client_data: bytes, code: str) -> None:
    assert refusal(Passkey().sign(NS, MESSAGE, client_data)) == code


def test_client_data_says_what_it_means_when_it_is_parsed() -> None:
    """An origin spelled with an escape stands in the bytes as the policy has it, and means another one."""
    policy = PasskeyPolicy((r"https:\u002f\u002fevil.example",), POLICY.rp_id)
    device = Passkey(policy=policy)
    client_data = device.client_data(TBS).replace(rb"\\u", rb"\u")
    assert refusal(device.sign(NS, MESSAGE, client_data), policy, device) == "passkey.client-data"


def test_a_passkey_of_another_site_is_refused() -> None:
    other = PasskeyPolicy(POLICY.origins, "other.example")
    device = Passkey(policy=other)
    assert refusal(device.sign(NS, MESSAGE), POLICY, device) == "passkey.rp-id"


def test_the_device_must_have_been_asked_for_this_site() -> None:
    assert refusal(Passkey(rp_id="evil.example").sign(NS, MESSAGE)) == "signature.invalid"


def test_without_a_policy_no_passkey_is_accepted() -> None:
    assert refusal(Passkey().sign(NS, MESSAGE), None) == "passkey.policy"
    assert refusal(Passkey().sign(NS, MESSAGE), PasskeyPolicy((), POLICY.rp_id)) == "passkey.origin"


def test_the_same_point_without_the_site_is_another_key() -> None:
    signature = Passkey().sign(NS, MESSAGE)
    with pytest.raises(SignatureInvalid) as caught:
        verify(signature, key=P256_KEY, namespace=NS, message=MESSAGE, passkey=POLICY)
    assert caught.value.code == "signature.other-key"
    assert passkey(P256_KEY.point, POLICY.rp_id) == Passkey().key


def test_every_changed_byte_is_refused() -> None:
    good = Passkey().sign(NS, MESSAGE)
    for position in range(len(good)):
        bad = bytearray(good)
        bad[position] ^= 0x20
        refusal(bytes(bad))
