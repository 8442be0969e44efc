import unicodedata
from itertools import accumulate

import pytest
import regex
from hypothesis import assume, given

from declaration.text.tokens import nfc, tokens, words
from tests.text.strategies import any_text, sentence

WHOLE = [
    "non-governmental",
    "don’t",
    "Türkiye’nin",
    "2024-cü",
    "31-dək",
    "1,000,000.50",
    "2.5",
    "31.12.2026",
    "10:30",
    "2025-2030",
    "1\u00a0000",
    "WUF13",
    "oʻzbek",
    "o'zbek",
    "o’zbek",
    "o‘zbek",
    "o`zbek",
    "oʼzbek",
    "o´zbek",
    "gʻoya",
    "togʻ",
    "tog‘",
    "жасамайды",
    "İstanbul",
    "31/12/2026",
    "снова",
    "qadr‐qimmat",
    "ąĺ̃x",
]


@pytest.mark.parametrize("word", WHOLE)
def test_a_word_is_one_token(word: str) -> None:
    assert tokens(f"x {word} y") == ["x", " ", nfc(word), " ", "y"]
    assert tokens(f"({word}),") == ["(", nfc(word), ")", ","]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Azerbaijan–Kazakhstan", ["Azerbaijan", "–", "Kazakhstan"]),
        ("and/or", ["and", "/", "or"]),
        ("5.", ["5", "."]),
        ("1, 2", ["1", ",", " ", "2"]),
        ("(a) (2)", ["(", "a", ")", " ", "(", "2", ")"]),
        ("“the OTS”", ["“", "the", " ", "OTS", "”"]),
        ("‘quoted’", ["‘", "quoted", "’"]),
        ("a  b\u00a0c", ["a", "  ", "b", "\u00a0", "c"]),
        ("a\r\n\nb", ["a", "\r\n", "\n", "b"]),
        ("e.g.", ["e", ".", "g", "."]),
        ("--", ["-", "-"]),
        ("", []),
    ],
)
def test_everything_else_is_cut(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


def test_words_are_those_that_count() -> None:
    assert words("Az 1. cikk, (2) bekezdés –") == ["Az", "1", "cikk", "2", "bekezdés"]


@given(any_text)
def test_joined_they_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == nfc(text)


@given(sentence())
def test_nfd_gives_the_same_tokens(text: str) -> None:
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(text)


def cut_inside_a_grapheme(text: str) -> list[str]:
    """The tokens that end inside a grapheme, as another implementation knows them."""
    ends = set(accumulate(map(len, regex.findall(r"\X", text))))
    found = tokens(text)
    return [token for token, end in zip(found, accumulate(map(len, found)), strict=True) if end not in ends]


@given(any_text)
def test_no_grapheme_is_cut(text: str) -> None:
    # What no standard has assigned yet may turn out to be a mark; the tokens are those of Unicode 14 on every machine.
    assume("Cn" not in map(unicodedata.category, text))
    assert cut_inside_a_grapheme(nfc(text)) == []


@pytest.mark.parametrize("pattern", ["%s:", ":%s", "1%s2", "\u200d%s"])
def test_no_character_that_attaches_to_another_is_cut_off(pattern: str) -> None:
    kinds = regex.compile(r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=Prepend}]")
    assigned = (one for one in map(chr, range(0x20000)) if unicodedata.category(one) not in ("Cn", "Cs"))
    attaching = [character for character in assigned if kinds.match(character)]
    assert len(attaching) > 2000
    assert [character for character in attaching if cut_inside_a_grapheme(nfc(pattern % character))] == []


@pytest.mark.parametrize("cluster", ["👨‍👩‍👧", "🇦🇿", "1️⃣", "é̂", "क्ष", "👍🏽", "☺️"])
def test_a_grapheme_stays_whole(cluster: str) -> None:
    assert tokens(f" {cluster} ") == [" ", nfc(cluster), " "]
