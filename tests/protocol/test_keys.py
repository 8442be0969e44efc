"""Public keys: three kinds, one spelling, and no key that signs everything."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from declaration.errors import DeclarationError, Malformed, SignatureInvalid
from declaration.protocol.encoding import b64encode
from declaration.protocol.keys import PASSKEY, PublicKey, parse_fingerprint, parse_key_blob, parse_public_key, passkey, public_key_of
from declaration.protocol.wire import mpint, string
from tests.protocol.made import ED_KEY, P256_KEY, Passkey

PASSKEY_KEY = Passkey().key
LINE = ED_KEY.openssh

# The eight points of order 1, 2, 4 and 8 of edwards25519, and spellings of them above the prime.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0200000000000000000000000000000000000000000000000000000000000000",
]


@pytest.mark.parametrize("key", [ED_KEY, P256_KEY, PASSKEY_KEY], ids=lambda key: key.kind)
def test_keys_read_back(key: PublicKey) -> None:
    assert parse_public_key(key.openssh) == key
    assert parse_fingerprint(key.fingerprint) == key.fingerprint


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "ssh-ed25519",
        LINE + " comment",
        LINE + " ",
        LINE + "\n",
        " " + LINE,
        LINE.replace(" ", "  "),
        LINE.replace(" ", "\t"),
        'namespaces="x" ' + LINE,
        "ecdsa-sha2-nistp256 " + LINE.split()[1],
        LINE[:-1],
        LINE + "=",
        LINE.replace(" ", " ==="),
        "ssh-ed25519 " + "A" * 4000,
    ],
)
def test_line_refuses(bad: str) -> None:
    with pytest.raises(Malformed):
        parse_public_key(bad)


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_weak_ed25519_points_are_refused(point: str) -> None:
    with pytest.raises(SignatureInvalid) as caught:
        parse_key_blob(string(b"ssh-ed25519") + string(bytes.fromhex(point)))
    assert caught.value.code == "key.weak"


def test_ed25519_key_with_a_small_order_part_is_refused() -> None:
    from nacl.bindings import crypto_core_ed25519_add

    mixed = crypto_core_ed25519_add(ED_KEY.point, bytes.fromhex(SMALL_ORDER[4]))
    with pytest.raises(SignatureInvalid) as caught:
        parse_key_blob(string(b"ssh-ed25519") + string(mixed))
    assert caught.value.code == "key.weak"


P = P256_KEY.point
EC, CURVE = string(b"ecdsa-sha2-nistp256"), string(b"nistp256")
SK = string(PASSKEY.encode())


@pytest.mark.parametrize(
    ("blob", "code"),
    [
        (b"", "wire.short"),
        (ED_KEY.blob[:-1], "wire.short"),
        (ED_KEY.blob + b"\x00", "wire.trailing"),
        (P256_KEY.blob + b"\x00", "wire.trailing"),
        (string(b"ssh-ed25519") + string(ED_KEY.point[:-1]), "key.malformed"),
        (string(b"ssh-rsa") + mpint(65537) + mpint(2**2047 + 1), "key.kind"),
        (string(b"ssh-dss"), "key.kind"),
        (string(b"ssh-ed25519-cert-v01@openssh.com") + string(ED_KEY.point), "key.kind"),
        (string(b"sk-ssh-ed25519@openssh.com") + string(ED_KEY.point) + string(b"ssh:"), "key.kind"),
        (EC + string(b"nistp384") + string(P), "key.kind"),
        (EC + CURVE + string(P[:-1] + bytes([P[-1] ^ 1])), "key.weak"),
        (EC + CURVE + string(b"\x04" + bytes(64)), "key.weak"),
        (EC + CURVE + string(b"\x00"), "key.weak"),
        (EC + CURVE + string(bytes([2 + (P[-1] & 1)]) + P[1:33]), "key.weak"),
        (EC + CURVE + string(bytes([6 + (P[-1] & 1)]) + P[1:]), "key.weak"),
        (SK + CURVE + string(P), "wire.short"),
        (SK + CURVE + string(P) + string(b""), "key.kind"),
        (SK + CURVE + string(P) + string(b"ssh:"), "key.kind"),
        (SK + CURVE + string(P) + string(b"a b"), "key.kind"),
        (SK + CURVE + string(P) + string(b"a\nb"), "key.kind"),
        (string(b"x" * 600), "key.malformed"),
    ],
)
def test_blob_refuses(blob: bytes, code: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        parse_key_blob(blob)
    assert caught.value.code == code


def test_other_curves_are_refused() -> None:
    with pytest.raises(SignatureInvalid):
        public_key_of(generate_private_key(SECP384R1()))


def test_a_passkey_is_another_key_than_its_bare_point() -> None:
    assert passkey(P, "declaration.example").fingerprint != P256_KEY.fingerprint
    assert passkey(P, "declaration.example").fingerprint != passkey(P, "evil.example").fingerprint


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "SHA256:",
        "SHA256:" + "A" * 42,
        "SHA256:" + "A" * 42 + "B",
        "SHA256:" + "A" * 43 + "=",
        "MD5:" + "A" * 43,
        "sha256:" + "A" * 43,
        None,
    ],
)
def test_fingerprint_refuses(bad: object) -> None:
    with pytest.raises(Malformed):
        parse_fingerprint(bad)


def test_fingerprint_is_openssh_s() -> None:
    line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJMtILLLHu8vV0eZ5+suFivi0duywc8B7LOPaW2zQ2Ug"
    assert parse_public_key(line).fingerprint == "SHA256:KvPx+zKXHKtq58OAjfdul6kcaujUU7+djLOhneHn2ZU"
    assert b64encode(parse_public_key(line).blob) == line.split()[1]
