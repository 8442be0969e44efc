"""The term list: what stands in the original, and whether the other text says it."""

from __future__ import annotations

import pytest

from declaration.text.terms import Hit, contains, hits

TERMS = [{"en": "Zangazur", "az": "Zəngəzur", "tr": "Zengezur"}, {"en": "NGO", "az": "QHT"}]


@pytest.mark.parametrize(
    ("text", "term", "language", "expected"),
    [
        ("Zəngəzur dəhlizinin açılması", "Zəngəzur dəhlizi", "az", True),
        ("ZƏNGƏZUR", "Zəngəzur", "az", True),
        ("IŞIK vakfı", "ışık", "tr", True),
        ("ışık", "İşik", "tr", False),
        ("Zəngəzur".replace("ə", "e"), "Zəngəzur", "az", False),
        ("ŞərqiZəngəzur", "Zəngəzur", "az", False),
        ("Zengezur", "Zəngəzur", "az", False),
        ("", "Zəngəzur", "az", False),
        ("a.c", "abc", "en", False),
        ("abc", "a.c", "en", False),
    ],
)
def test_a_term_stands_at_the_beginning_of_a_word(text: str, term: str, language: str, expected: bool) -> None:
    assert contains(text, term, language) is expected


def test_only_terms_of_the_original_are_looked_for_and_a_deviation_is_named() -> None:
    assert hits("along the Zangazur Corridor", "Zangezur dəhlizi boyunca", TERMS, "en", "az") == [Hit("Zangazur", "Zəngəzur", False)]
    assert hits("along the corridor", "Zangezur", TERMS, "en", "az") == []
    assert hits("an NGO", "bir STK", TERMS, "en", "tr") == []  # the list does not say it in Turkish
