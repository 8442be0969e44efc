"""Signatures: one valid one, and everything that must not pass for it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import SignatureInvalid
from declaration.protocol.keys import PrivateKey, PublicKey
from declaration.protocol.sshsig import armor, dearmor, parse_signature, sign, tbs, verify
from declaration.protocol.wire import mpint, string
from tests.protocol.made import ED, ED_KEY, OTHER_ED, OTHER_KEY, P256, P256_KEY, POLICY, Passkey

NS = "endorsement.sign-v1@declaration.example/forum"
MESSAGE = b'{"type":"endorsement.sign-v1"}'
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ED_ORDER = 2**252 + 27742317777372353535851937790883648493
KEYS = [(ED, ED_KEY), (P256, P256_KEY)]


def blob(
    key: PublicKey,
    signature: bytes,
    *,
    magic: bytes = b"SSHSIG",
    version: int = 1,
    namespace: str = NS,
    reserved: bytes = b"",
    hashed: bytes = b"sha512",
    tail: bytes = b"",
) -> bytes:
    return (
        magic
        + version.to_bytes(4, "big")
        + string(key.blob)
        + string(namespace.encode())
        + string(reserved)
        + string(hashed)
        + string(signature)
        + tail
    )


def ed_part(signature: bytes | None = None, kind: bytes = b"ssh-ed25519") -> bytes:
    return string(kind) + string(ED.sign(tbs(NS, MESSAGE)) if signature is None else signature)


def ec_numbers() -> tuple[int, int]:
    return decode_dss_signature(P256.sign(tbs(NS, MESSAGE), ECDSA(SHA256())))


def ec_part(fields: bytes, kind: bytes = b"ecdsa-sha2-nistp256") -> bytes:
    return string(kind) + string(fields)


def refusal(signature: bytes, key: PublicKey = ED_KEY, namespace: str = NS, message: bytes = MESSAGE) -> str:
    with pytest.raises(SignatureInvalid) as caught:
        verify(signature, key=key, namespace=namespace, message=message, passkey=POLICY)
    return caught.value.code


@pytest.mark.parametrize(("private", "key"), KEYS)
def test_a_signature_verifies(private: PrivateKey, key: PublicKey) -> None:
    signature = sign(private, NS, MESSAGE)
    verify(signature, key=key, namespace=NS, message=MESSAGE)
    parsed = parse_signature(signature)
    assert (parsed.public_key, parsed.namespace, parsed.assertion) == (key, NS, None)


@pytest.mark.parametrize(("private", "key"), KEYS)
def test_it_is_for_one_message_one_act_one_forum_one_key(private: PrivateKey, key: PublicKey) -> None:
    signature = sign(private, NS, MESSAGE)
    assert refusal(signature, key, message=MESSAGE + b" ") == "signature.invalid"
    assert refusal(signature, key, namespace="amendment.submit-v1@declaration.example/forum") == "signature.namespace"
    assert refusal(signature, key, namespace="endorsement.sign-v1@declaration.example/other") == "signature.namespace"
    assert refusal(signature, OTHER_KEY) == "signature.other-key"


def test_the_key_in_the_blob_cannot_be_exchanged() -> None:
    assert refusal(sign(OTHER_ED, NS, MESSAGE)) == "signature.other-key"
    assert refusal(blob(ED_KEY, ed_part(OTHER_ED.sign(tbs(NS, MESSAGE))))) == "signature.invalid"


def test_the_namespace_in_the_blob_cannot_be_exchanged() -> None:
    assert refusal(blob(ED_KEY, ed_part(ED.sign(tbs("sign-in@declaration.example", MESSAGE))))) == "signature.invalid"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"", "signature.malformed"),
        (b"SSHSIG", "signature.malformed"),
        (blob(ED_KEY, ed_part(), magic=b"SSHSIC"), "signature.version"),
        (blob(ED_KEY, ed_part(), version=0), "signature.version"),
        (blob(ED_KEY, ed_part(), version=2), "signature.version"),
        (blob(ED_KEY, ed_part(), namespace=""), "signature.namespace"),
        (blob(ED_KEY, ed_part(), reserved=b"\x00"), "signature.reserved"),
        (blob(ED_KEY, ed_part(), hashed=b"sha256"), "signature.hash"),
        (blob(ED_KEY, ed_part(), hashed=b"SHA512"), "signature.hash"),
        (blob(ED_KEY, ed_part(), hashed=b""), "signature.hash"),
        (blob(ED_KEY, ed_part(), tail=b"\x00"), "signature.malformed"),
        (blob(ED_KEY, ed_part() + b"\x00"), "signature.malformed"),
        (blob(ED_KEY, ed_part())[:-1], "signature.malformed"),
        (blob(ED_KEY, b""), "signature.malformed"),
        (blob(ED_KEY, ed_part(b"")), "signature.malformed"),
        (blob(ED_KEY, ed_part(bytes(63))), "signature.malformed"),
        (blob(ED_KEY, ed_part(bytes(65))), "signature.malformed"),
        (blob(ED_KEY, ed_part(bytes(64))), "signature.invalid"),
        (blob(ED_KEY, ed_part(kind=b"ssh-rsa")), "signature.kind"),
        (blob(ED_KEY, ed_part(kind=b"rsa-sha2-512")), "signature.kind"),
        (blob(ED_KEY, ed_part(kind=b"sk-ssh-ed25519@openssh.com")), "signature.kind"),
        (blob(ED_KEY, ec_part(mpint(1) + mpint(1))), "signature.kind"),
        (b"\x00" * 9000, "signature.too-long"),
        (armor(blob(ED_KEY, ed_part())).encode(), "signature.version"),
    ],
)
def test_blob_refuses(bad: bytes, code: str) -> None:
    assert refusal(bad) == code


def test_ed25519_with_s_not_reduced_is_refused() -> None:
    signature = ED.sign(tbs(NS, MESSAGE))
    twin = signature[:32] + (int.from_bytes(signature[32:], "little") + ED_ORDER).to_bytes(32, "little")
    assert refusal(blob(ED_KEY, ed_part(twin))) == "signature.invalid"


def test_ed25519_universal_signature_of_the_identity_key_is_refused() -> None:
    identity = PublicKey("ssh-ed25519", string(b"ssh-ed25519") + string(b"\x01" + bytes(31)), b"\x01" + bytes(31))
    universal = blob(identity, ed_part(b"\x01" + bytes(63)))
    assert refusal(universal, identity) == "signature.invalid"
    with pytest.raises(SignatureInvalid):
        parse_signature(universal)


def test_ecdsa_twin_is_accepted_because_the_act_is_its_digest() -> None:
    r, s = ec_numbers()
    for value in (s, ORDER - s):
        verify(blob(P256_KEY, ec_part(mpint(r) + mpint(value))), key=P256_KEY, namespace=NS, message=MESSAGE)


@pytest.mark.parametrize(
    "fields",
    [
        lambda r, s: mpint(r),
        lambda r, s: mpint(r) + mpint(s) + b"\x00",
        lambda r, s: mpint(r) + mpint(s) + mpint(s),
        lambda r, s: string(b"") + mpint(s),
        lambda r, s: string(b"\x00") + mpint(s),
        lambda r, s: mpint(r) + string(b"\x00"),
        lambda r, s: string(b"\x00\x00" + r.to_bytes(32, "big")) + mpint(s),
        lambda r, s: string(b"\x00" + (r >> 8).to_bytes(31, "big")) + mpint(s) if not r >> 255 else mpint(r),
        lambda r, s: string(b"\xff" + r.to_bytes(32, "big")[1:]) + mpint(s),
        lambda r, s: mpint(r + ORDER) + mpint(s),
        lambda r, s: mpint(r) + mpint(s + ORDER),
        lambda r, s: mpint(ORDER) + mpint(s),
        lambda r, s: r.to_bytes(32, "big") + s.to_bytes(32, "big"),
        lambda r, s: b"\x30\x06\x02\x01\x01\x02\x01\x01",
    ],
)
def test_ecdsa_numbers_have_one_form(fields: object) -> None:
    assert callable(fields)
    assert refusal(blob(P256_KEY, ec_part(fields(*ec_numbers()))), P256_KEY) == "signature.malformed"


def test_ecdsa_of_other_numbers_is_refused() -> None:
    r, s = ec_numbers()
    assert refusal(blob(P256_KEY, ec_part(mpint(s) + mpint(r))), P256_KEY) == "signature.invalid"
    assert refusal(blob(P256_KEY, ec_part(mpint(1) + mpint(1))), P256_KEY) == "signature.invalid"


def test_a_passkey_s_key_without_its_assertion_is_refused() -> None:
    r, s = ec_numbers()
    key = Passkey().key
    assert refusal(blob(key, ec_part(mpint(r) + mpint(s))), key) == "signature.kind"
    native = string(b"sk-ecdsa-sha2-nistp256@openssh.com") + string(mpint(r) + mpint(s)) + b"\x05" + bytes(4)
    assert refusal(blob(key, native), key) == "signature.kind"


@pytest.mark.parametrize(("private", "key"), KEYS)
@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_every_changed_byte_is_refused(private: PrivateKey, key: PublicKey, mask: int) -> None:
    good = sign(private, NS, MESSAGE)
    for position in range(len(good)):
        bad = bytearray(good)
        bad[position] ^= mask
        refusal(bytes(bad), key)


@given(st.binary(max_size=300))
def test_garbage_is_refused_with_one_error(data: bytes) -> None:
    refusal(data)
    refusal(b"SSHSIG\x00\x00\x00\x01" + data)


@given(st.binary(min_size=1, max_size=400))
def test_armor_reads_back(data: bytes) -> None:
    assert dearmor(armor(data)) == data
    assert dearmor("\r\n" + armor(data).replace("\n", "\r\n") + "  ") == data


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "AAAA",
        armor(b"x").replace("SSH", "PGP"),
        armor(b"x").replace("-----END SSH SIGNATURE-----", ""),
        armor(b"x").replace("eA==", "eB=="),
        armor(b"x").replace("eA==", "eA=="[:3]),
        armor(b"x").replace("eA==", "eA== "),
        "hello\n" + armor(b"x"),
        armor(b"x") + armor(b"x"),
    ],
)
def test_armor_refuses(bad: str) -> None:
    with pytest.raises(SignatureInvalid) as caught:
        dearmor(bad)
    assert caught.value.code == "signature.armor"


def test_a_namespace_is_required() -> None:
    with pytest.raises(SignatureInvalid):
        sign(ED, "", MESSAGE)
