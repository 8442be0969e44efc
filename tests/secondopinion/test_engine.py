"""The page's own arithmetic against other people's: hashes, points, spelling."""

from __future__ import annotations

import hashlib
import random
import zlib

import pytest
from nacl.bindings import crypto_core_ed25519_add, crypto_core_ed25519_is_valid_point
from playwright.sync_api import Page

from declaration.errors import Malformed
from declaration.protocol.encoding import parse_canonical
from tests.verifier import forge as f

HOW = random.Random("the engine")
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
NOT_REDUCED = ["edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ff" * 31 + "7f", "ff" * 32, "eeff" + "ff" * 29 + "7f"]


def points() -> list[bytes]:
    honest = [f.private(f"key {n}").public_key().public_bytes_raw() for n in range(12)]
    mixed = [crypto_core_ed25519_add(honest[n % 12], bytes.fromhex(low)) for n, low in enumerate(SMALL[1:])]
    anything = [HOW.randbytes(32) for _ in range(24)]
    return [*honest, *mixed, *map(bytes.fromhex, SMALL + NOT_REDUCED), *anything]


def test_points_are_judged_as_libsodium_judges_them(tab: Page) -> None:
    every = points()
    ours = tab.evaluate("points => points.map(each => isStrongEd25519(fromHex(each)))", [each.hex() for each in every])
    theirs = [crypto_core_ed25519_is_valid_point(each) for each in every]
    assert ours == theirs
    assert sum(theirs) >= 12
    assert tab.evaluate("SMALL_Y.size") == 7


def test_hashes(tab: Page) -> None:
    for length in (0, 1, 55, 56, 63, 64, 65, 119, 120, 1000):
        data = HOW.randbytes(length)
        cut = HOW.randrange(length + 1)
        ours = tab.evaluate(
            "([a, b]) => [new Sha256().update(fromHex(a)).update(fromHex(b)).hex(), crc32(fromHex(b), crc32(fromHex(a)))]",
            [data[:cut].hex(), data[cut:].hex()],
        )
        assert ours == [hashlib.sha256(data).hexdigest(), zlib.crc32(data)]


SPELLINGS = [
    b"{}", b"[]", b"null", b"0", b"-1", b"9007199254740991", b'"\xc9\x99"', b'{"a":1,"b":[true,false,null]}', b'"\\u001f\\n\\"\\\\"',
    b'"\x7f"', b'{"__proto__":1}', b'{"1":1,"10":2,"2":3}', "\u2028".join('""').encode(),
    b"", b" {}", b"{} ", b"\xef\xbb\xbf{}", b"01", b"-0", b"1.0", b"1e3", b"9007199254740992", b"NaN", b'{"b":1,"a":2}', b'{"a":1,"a":1}',
    b'{"a": 1}', b'"\\u0041"', b'"\\/"', b'"\\u001F"', b'"\\ud800"', b'"\\ud83d\\ude00"',
    b'"\xff"', b'"\xed\xa0\x80"', b'"\n"', b'{"\xc9\x99":1}',
    b"[" * 32 + b"]" * 32, b"[" * 33 + b"]" * 33, b"[" * 5000 + b"]" * 5000, b"[1,]", b"'a'", b'"a', b"tru",
]  # fmt: skip


@pytest.mark.parametrize("raw", SPELLINGS)
def test_spelling_is_judged_alike(raw: bytes, tab: Page) -> None:
    try:
        parse_canonical(raw)
        ours = True
    except Malformed:
        ours = False
    judged = """hex => {
      try { parseCanonical(fromHex(hex)); return true; } catch (error) { if (error instanceof Refusal) return false; throw error; }
    }"""
    assert tab.evaluate(judged, raw.hex()) is ours


@pytest.mark.parametrize("text", ["", "QQ==", "QR==", "QUI=", "QUJ=", "QUJD", "Q===", "QQ", "Q Q=", "QQ==\n", "-_==", "AA==AA=="])
def test_base64_has_one_spelling(text: str, tab: Page) -> None:
    from declaration.protocol.encoding import b64decode

    try:
        ours: str | None = b64decode(text).hex()
    except (Malformed, ValueError):
        ours = None
    assert tab.evaluate("text => { try { return toHex(fromBase64(text)); } catch { return null; } }", text) == ours


def test_times_that_do_not_exist(tab: Page) -> None:
    times = [
        "2025-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z",
        "2025-11-24T24:00:00Z",
        "2025-11-24T23:59:60Z",
        "2025-13-01T00:00:00Z",
        "2025-11-24T1:00:00Z",
    ]
    judged = tab.evaluate("times => times.map(each => isMoment(each))", times)
    assert judged == [False, True, False, False, False, False]
