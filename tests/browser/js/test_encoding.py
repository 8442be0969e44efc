"""bytes.js and canonical.js: one value, one spelling, and the same one as Python's."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from declaration.protocol.wire import mpint
from tests.browser.js.conftest import Modules

pytestmark = pytest.mark.browser

PROBES = [
    "",
    "a",
    "Ə ğ ı ş ň ő ű ʻ қ ң ө ү һ",
    "\x00\x01\x07\b\t\n\x0b\f\r\x1f\x7f\x80\x9f",
    '"\\/',
    "\u2028\u2029",
    "\ufeff",
    "\uffff\ufffe",
    "e\u0301 é",
    "😀 \U0010ffff \U00010000",
    "</script><!--",
    "\u200b\u202e\u2066",
    "ŞƏKİ",
    "'",
    "{}[]:,",
]


def strings(count: int) -> list[str]:
    """Strings of every plane and many lengths, always the same ones."""
    source = random.Random(8785)
    ranges = [(0, 0x20), (0x20, 0x7F), (0x80, 0x2FF), (0x400, 0x52F), (0x2000, 0x206F), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)]

    def one() -> str:
        return "".join(chr(source.randint(*source.choice(ranges))) for _ in range(source.randint(0, 12)))

    return PROBES + [text for text in (one() for _ in range(count)) if not any(0xD800 <= ord(c) < 0xE000 for c in text)]


def python_spelling(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_strings_are_spelled_as_python_spells_them(modules: Modules) -> None:
    texts = strings(3000)
    assert modules("canonical.js", "arg.map(m.canonical)", texts) == [python_spelling(text) for text in texts]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -1,
        2**53 - 1,
        -(2**53) + 1,
        [],
        {},
        [[[]]],
        {"b": 1, "a": 2, "A": 3, "_": 4, "10": 5, "9": 6, "": 7},
        {"by": {"key": "SHA256:x", "party": "az"}, "edits": [{"splices": [[0, 3, "sözün"]], "op": "replace"}]},
    ],
)
def test_values_are_spelled_as_python_spells_them(modules: Modules, value: Any) -> None:
    assert modules("canonical.js", "m.canonical(arg)", value) == python_spelling(value)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("0.5", "json.number"),
        ("1e300", "json.number"),
        ("2 ** 53", "json.number"),
        ("-0", "json.number"),
        ("NaN", "json.number"),
        ("Infinity", "json.number"),
        ("'\\ud800'", "unicode.lone-surrogate"),
        ("['a\\udc00b']", "unicode.lone-surrogate"),
        ("undefined", "json.type"),
        ("[undefined]", "json.type"),
        ("({a: undefined})", "json.type"),
        ("10n", "json.type"),
        ("new Date()", "json.type"),
        ("new Map()", "json.type"),
        ("(() => 1)", "json.type"),
        ("({'é': 1})", "json.key"),
        ("Array(33).fill().reduce(v => [v], 1)", "json.too-deep"),
        ("Array(2)", "json.type"),
    ],
)
def test_what_has_no_canonical_form_is_refused(modules: Modules, expression: str, code: str) -> None:
    assert modules("canonical.js", f"m.canonical({expression})")["refused"] == code


@pytest.mark.parametrize(
    "bad", ['{"a":1,"a":1}', '{"b":1,"a":1}', '{"a": 1}', '"\\u00e9"', '"\\/"', "1.0", "-0", "1e2", '{"a":1}\n', "9007199254740993"]
)
def test_other_spellings_are_refused(modules: Modules, bad: str) -> None:
    assert modules("canonical.js", "m.parseCanonical(arg)", bad)["refused"] in ("json.not-canonical", "json.number")


def test_published_cases(modules: Modules, vectors: Path) -> None:
    outside = {"arrays", "french", "structures", "values", "weird"}  # floats, or keys beyond ASCII: the profile refuses them
    for path in sorted((vectors / "rfc8785-jcs" / "input").glob("*.json")):
        expected = (vectors / "rfc8785-jcs" / "output" / path.name).read_text("utf-8").strip()
        result = modules("canonical.js", "m.canonical(JSON.parse(arg))", path.read_text("utf-8"))
        if path.stem in outside and isinstance(result, dict):
            assert result["refused"] in ("json.key", "json.number"), path.stem
        else:
            assert result == expected, path.stem


@pytest.mark.parametrize("bad", ["QQ", "QQ=", "QR==", "Q===", "QQ==\n", " QQ==", "QQ-_", "=", "QQ==QQ=="])
def test_lax_base64_is_refused(modules: Modules, bad: str) -> None:
    assert modules("bytes.js", "m.fromBase64(arg)", bad)["refused"] == "base64.malformed"


@pytest.mark.parametrize("bad", ["Q", "QR", "QQ==", "Q+", "Q/", "QQ\n"])
def test_lax_base64url_is_refused(modules: Modules, bad: str) -> None:
    assert modules("bytes.js", "m.fromBase64url(arg)", bad)["refused"] == "base64.malformed"


@pytest.mark.parametrize("bad", ["a", "AB", "0x", "zz", " 00"])
def test_lax_hex_is_refused(modules: Modules, bad: str) -> None:
    assert modules("bytes.js", "m.fromHex(arg)", bad)["refused"] == "hex.malformed"


def test_bytes_survive_their_spellings(modules: Modules) -> None:
    source = random.Random(4648)
    values = [source.randbytes(length).hex() for length in range(70)]
    for pair in (("toHex", "fromHex"), ("toBase64", "fromBase64"), ("toBase64url", "fromBase64url")):
        assert modules("bytes.js", f"arg.map(v => hex(m.{pair[1]}(m.{pair[0]}(unhex(v)))))", values) == values


def test_mpint_is_the_protocols(modules: Modules) -> None:
    assert modules("bytes.js", "hex(m.mpint(new Uint8Array(32)))") == "00000000"  # RFC 4251: zero has no bytes
    numbers = [1, 0x7F, 0x80, 0xFF, 0x100, 2**255, 2**255 - 1, 2**256 - 1]
    spelled = [number.to_bytes(32, "big").hex() for number in numbers]
    assert modules("bytes.js", "arg.map(v => hex(m.mpint(unhex(v))))", spelled) == [mpint(number).hex() for number in numbers]


@pytest.mark.parametrize("bad", ["-1", "2 ** 32", "1.5", "NaN"])
def test_uint32_has_a_range(modules: Modules, bad: str) -> None:
    assert modules("bytes.js", f"m.uint32({bad})")["refused"] == "uint32.range"


@pytest.mark.parametrize("bad", ["ff", "c080", "eda080", "f4908080", "e9"])
def test_what_is_not_utf8_is_refused(modules: Modules, bad: str) -> None:
    assert modules("bytes.js", "m.fromUtf8(unhex(arg))", bad)["refused"] == "utf8.malformed"
