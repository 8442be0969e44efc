"""Manifests and canonical text: what is written is what is read, and the digest names every letter."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.encoding import canonical, parse_json, sha256_hex
from declaration.protocol.manifest import (
    Manifest,
    TextRow,
    UnitRow,
    build_manifest,
    canonical_text,
    check_text,
    parse_canonical_text,
    parse_manifest,
    unit_hash,
)

UNITS = {
    "az": [("T", None, "Birgə Bəyannamə"), ("OP1", "1", "Hər il görüşmək;"), ("OP1a", "(a)", "Bakıda.")],
    "en": [("T", None, "Joint Declaration"), ("OP1", "1", "Meet every year;"), ("OP1a", "(a)", "In Baku.")],
}
KINDS = {"T": ("title", None), "OP1": ("operative", None), "OP1a": ("item", "OP1")}


def manifest(units: dict[str, list[tuple[str, str | None, str]]] = UNITS, **changes: Any) -> Manifest:
    texts = [TextRow(lang, sha256_hex(raw), len(raw), "authentic") for lang, raw in texts_of(units).items()]
    rows = [
        UnitRow(unit_id, KINDS[unit_id][0], number, KINDS[unit_id][1], {lang: unit_hash(units[lang][n][2]) for lang in units})
        for n, (unit_id, number, _) in enumerate(units["en"])
    ]
    return build_manifest(
        **{"declaration": "joint-declaration", "previous": None, "symbol": "JD/Rev.1", "texts": texts, "units": rows, **changes}
    )


def texts_of(units: dict[str, list[tuple[str, str | None, str]]]) -> dict[str, bytes]:
    return {lang: canonical_text(units[lang]) for lang in units}


VERSION = manifest()
TEXTS = texts_of(UNITS)

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=8)
LINES = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: unicodedata.normalize("NFC", " ".join(words)).replace("\ufeff", "x"))
NUMBERED = st.tuples(st.sampled_from(["1", "12", "8 bis", "5.1", "(a)", "iv"]), LINES)
PLAIN = st.tuples(st.none(), LINES.map(lambda text: f"— {text}"))


@given(st.lists(NUMBERED | PLAIN, min_size=1, max_size=6))
def test_canonical_text_reads_back(rows: list[tuple[str | None, str]]) -> None:
    units = [(f"OP{index}", number, text) for index, (number, text) in enumerate(rows)]
    assert parse_canonical_text(canonical_text(units)) == units


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        (("OP1", None, "1. Dayanışma Forumu"), "text.ambiguous"),
        (("OP1", None, "8 bis. Foo"), "text.ambiguous"),
        (("OP1", None, "(a). Foo"), "text.ambiguous"),
        (("OP1", "1", ""), "text.line"),
        (("OP1", "1", " Foo"), "text.line"),
        (("OP1", "1", "Foo "), "text.line"),
        (("OP1", "1", "Foo\nbar"), "text.line"),
        (("OP1", "1", "Foo\n\n[OP2] 2. bar"), "text.line"),
        (("OP1", "1", "Foo\r"), "text.line"),
        (("OP1", "1", "Foo\r\nbar"), "text.line"),
        (("OP1", "1", "Foo\u2028bar"), "text.line"),
        (("OP1", "1", "Foo\x85bar"), "text.line"),
        (("OP1", "1", "Foo\x00"), "text.line"),
        (("OP1", "1", "\ufeffFoo"), "text.line"),
        (("OP1", "1", "Foo\ud800"), "text.line"),
        (("OP1", "1", "Türkiye".replace("ü", "u\u0308")), "text.not-nfc"),
        (("OP]1", "1", "Foo"), "name.unit-id"),
        (("OP 1", "1", "Foo"), "name.unit-id"),
        (("", "1", "Foo"), "name.unit-id"),
        (("OP1", "1.", "Foo"), "name.number"),
        (("OP1", "", "Foo"), "name.number"),
        (("OP1", "one two", "Foo"), "name.number"),
    ],
)
def test_canonical_text_refuses(unit: tuple[str, str | None, str], code: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        canonical_text([unit])
    assert caught.value.code == code


@pytest.mark.parametrize(
    "unit",
    [
        ("H", None, "1.\u00a0Dayanışma Forumu"),
        ("H", None, "2025 The year"),
        ("H", None, "Mr. Smith"),
        ("H", None, "[OP1] 1. Foo"),
        ("OP1", "1", "2. Foo"),
        ("OP1", "1", "1. 1. Foo"),
        ("D", None, "Baku – Nakhchivan, 23–26 November 2025"),
        ("OP1", "1", "2025-ci ilin aprelində"),
    ],
)
def test_what_looks_like_a_number_or_an_id_but_is_not_reads_back(unit: tuple[str, str | None, str]) -> None:
    assert parse_canonical_text(canonical_text([unit])) == [unit]


GOOD = TEXTS["en"]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\n",
        GOOD[:-1],
        GOOD + b"\n",
        b"\n" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n\n", b"\n"),
        GOOD.replace(b"\n\n", b"\n\n\n"),
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"OP1a", b"OP1"),
        GOOD.replace(b"[T] ", b"[T]"),
        GOOD.replace(b"[T] ", b"[T]  "),
        GOOD.replace(b"[T] ", b""),
        GOOD.replace(b"Meet", b"Meet\xff"),
        GOOD.replace(b"Meet", "ü".replace("ü", "u\u0308").encode()),
        GOOD.replace(b";", b"; "),
        GOOD.replace(b"1. ", b"1.  "),
    ],
)
def test_reading_text_refuses(bad: bytes) -> None:
    with pytest.raises(Malformed):
        parse_canonical_text(bad)


def test_a_text_without_units_is_refused() -> None:
    with pytest.raises(Malformed):
        canonical_text([])


def test_unit_hash_is_of_the_bare_text() -> None:
    assert unit_hash("Meet every year;") == sha256_hex(b"Meet every year;")
    for bad in ("", " a", "a\n", "u\u0308"):
        with pytest.raises(Malformed):
            unit_hash(bad)


def test_a_manifest_reads_back() -> None:
    assert parse_manifest(VERSION.raw) == VERSION
    assert VERSION.digest == sha256_hex(VERSION.raw)
    assert VERSION.languages == ("az", "en")
    assert [row.parent for row in VERSION.units] == [None, None, "OP1"]
    assert hash(VERSION) == hash(parse_manifest(VERSION.raw))
    later = manifest(previous=VERSION.digest)
    assert later.previous == VERSION.digest
    assert later != VERSION


@pytest.mark.parametrize("lang", ["az", "en"])
def test_texts_match(lang: str) -> None:
    assert check_text(VERSION, lang, TEXTS[lang]) == UNITS[lang]


@pytest.mark.parametrize(
    ("lang", "data"),
    [
        ("az", TEXTS["en"]),
        ("en", TEXTS["az"]),
        ("tr", TEXTS["az"]),
        ("en", TEXTS["en"].replace(b"Meet", b"Meat")),
        ("en", TEXTS["en"].replace(b"[OP1] 1.", b"[OP1] 2.")),
        ("en", TEXTS["en"].replace(b"[OP1] ", b"[OP2] ")),
        ("en", TEXTS["en"] + b"\n[OP9] 9. More\n"),
        ("en", TEXTS["en"].rpartition(b"\n\n")[0] + b"\n"),
        ("en", b"[T] Joint Declaration\n"),
    ],
)
def test_swapped_and_changed_texts_are_refused(lang: str, data: bytes) -> None:
    with pytest.raises(Malformed):
        check_text(VERSION, lang, data)


def test_the_first_changed_unit_is_named() -> None:
    with pytest.raises(Malformed, match="unit OP1a"):
        check_text(VERSION, "en", TEXTS["en"].replace(b"Baku", b"Baki"))


def value() -> dict[str, Any]:
    parsed = parse_json(VERSION.raw)
    assert isinstance(parsed, dict)
    return parsed


def changed(path: list[str | int], new: Any) -> bytes:
    whole: Any = value()
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    if new is None and isinstance(inner, dict) and path[-1] == "-":
        inner.pop(next(iter(inner)))
    else:
        inner[path[-1]] = new
    return canonical(whole)


HEX = "0" * 64


@pytest.mark.parametrize(
    "bad",
    [
        VERSION.raw + b"\n",
        canonical([value()]),
        changed(["-"], None),
        changed(["note"], ""),
        changed(["type"], "manifest-v2"),
        changed(["declaration"], ""),
        changed(["symbol"], "JD Rev 1"),
        changed(["previous"], ""),
        changed(["previous"], HEX.replace("0", "A")),
        changed(["texts"], []),
        changed(["texts"], {}),
        changed(["texts"], value()["texts"][::-1]),
        changed(["texts"], value()["texts"][:1]),
        changed(["texts"], [value()["texts"][0]] * 2),
        changed(["texts", 0, "-"], None),
        changed(["texts", 0, "title"], "x"),
        changed(["texts", 0, "bytes"], 0),
        changed(["texts", 0, "bytes"], -1),
        changed(["texts", 0, "bytes"], True),
        changed(["texts", 0, "bytes"], "10"),
        changed(["texts", 0, "lang"], "en"),
        changed(["texts", 0, "lang"], "AZ"),
        changed(["texts", 0, "status"], "official"),
        changed(["texts", 0, "sha256"], "0"),
        changed(["units"], []),
        changed(["units"], value()["units"][::-1]),
        changed(["units"], value()["units"] + value()["units"][:1]),
        changed(["units", 0, "-"], None),
        changed(["units", 0, "text"], "x"),
        changed(["units", 0, "id"], "T]"),
        changed(["units", 0, "kind"], ""),
        changed(["units", 0, "kind"], "Title"),
        changed(["units", 0, "number"], 5),
        changed(["units", 0, "number"], "5."),
        changed(["units", 0, "parent"], "T"),
        changed(["units", 0, "parent"], "OP1"),
        changed(["units", 2, "parent"], "OP9"),
        changed(["units", 0, "sha256"], {"az": HEX}),
        changed(["units", 0, "sha256"], {"az": HEX, "en": HEX, "tr": HEX}),
        changed(["units", 0, "sha256"], {"az": HEX, "en": None}),
        changed(["units", 0, "sha256"], HEX),
    ],
)
def test_manifest_refuses(bad: bytes) -> None:
    with pytest.raises(DeclarationError):
        parse_manifest(bad)
