"""What a page tells beside a redline, and what it keeps quiet about."""

from __future__ import annotations

import pytest
from flask import Flask

from declaration.drafts.cautions import Caution, cautions, defined_in, told
from declaration.text.redline import Change, redline


def of(old: str, new: str, language: str = "en", *terms: str) -> list[Caution]:
    return list(cautions(redline(old, new), language, terms))


@pytest.mark.parametrize(
    ("old", "new", "language", "kind", "before", "after"),
    [
        ("every two years in Baku", "every three years in Baku", "en", "number", ("two",), ("three",)),
        ("within 30 days", "within days", "en", "number", ("30",), ()),
        ("The Parties shall pay", "The Parties shall not pay", "en", "negation", (), ("not",)),
        ("Raporlar açıklanır.", "Raporlar açıklanmaz.", "tr", "negation", ("açıklanır",), ("açıklanmaz",)),
        ("Бұл жерде кедергі жасамайды", "Бұл жерде кедергі жасайды", "kk", "negation", ("жасамайды",), ("жасайды",)),
        ("the Forum of the OTC meets", "the Forum of the \u041e\u0422\u0421 meets", "en", "other-letters", ("\u041e\u0422\u0421",), None),
        ("the great Forum meets", "the great F\u043erum meets", "en", "letters", ("F\u043erum",), None),
    ],
)
def test_what_is_told(old: str, new: str, language: str, kind: str, before: tuple[str, ...], after: tuple[str, ...] | None) -> None:
    (found,) = of(old, new, language)
    assert (found.kind, found.before) == (kind, before)
    if after is not None:
        assert found.after == after


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We meet in Baku.", "We meet in Ankara."),
        ("same words", "same words"),
        ("the three Parties of the Forum, not alone", "the three States of the Forum, not alone"),
        ("Words with F\u043erum in them", "Words with F\u043erum inside them"),  # stood there before
    ],
)
def test_what_is_not_told(old: str, new: str) -> None:
    assert of(old, new) == []


def test_a_new_paragraph_alters_no_number_and_a_deleted_one_neither() -> None:
    assert cautions([Change("insert", "Decide to meet two times, not more;")], "en") == ()
    assert cautions([Change("delete", "Decide to meet two times, not more;")], "en") == ()
    assert cautions([Change("insert", "Decide that the F\u043erum meets;")], "en")[0].kind == "letters"


def test_a_defined_term_spelled_two_ways() -> None:
    assert of("the Platform meets", "the Platform meets; the Plat-form decides", "en", "Platform") == [
        Caution("term", ("Platform",), ("Plat-form",))
    ]
    defined = "Establish the Framework (hereinafter “the Platform”) and its seat"
    assert [one.kind for one in of("the Forum meets", "the F\u043erum meets", "en", "Forum")] == ["letters"]
    assert defined_in([defined, "Təşkilatı (bundan sonra – TDT) adı"]) == ("the Platform", "TDT")
    assert [one.kind for one in of(defined, defined + "; the plat-form meets")] == ["term"]


def test_it_is_told_in_words(app: Flask) -> None:
    with app.test_request_context():
        assert told(Caution("number", ("two",), ("three",))).word == "Alters a number"
        assert told(Caution("number", ("two",), ("three",))).detail == "“two” becomes “three”"
        assert told(Caution("negation", (), ("not",))).detail == "puts in “not”"
        assert told(Caution("negation", ("not",), ())).detail == "takes out “not”"
        assert told(Caution("term", ("a",), ("b",))).word == "A term spelled two ways"
