import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import Refused
from declaration.text import aligning
from declaration.text import redline as module
from declaration.text.redline import Change, changes_of, is_editorial, redline, replacements, splices_between, to_html, to_text
from declaration.text.script import SEARCH_LIMIT, hunks
from declaration.text.splices import apply_splices
from declaration.text.tokens import nfc, tokens, words
from tests.text.strategies import any_text, base_and_edits, edited, sentence

CASES = json.loads((Path(__file__).parents[1] / "cases" / "text-cases.json").read_text())


@pytest.mark.parametrize("case", CASES["tokens"], ids=lambda case: case["id"])
def test_the_token_cases(case: dict) -> None:
    assert [list(pair) for pair in replacements(redline(case["a"], case["b"]))] == case["expect"]


# What a careful editor marks, and nothing else.
EDITOR = [
    ("The Parties shall ensure access.", "The Parties may ensure access.", "The Parties [-shall-][+may+] ensure access."),
    (
        "every two years in the country",
        "every year, in principle in the country",
        "every [-two years-][+year, in principle+] in the country",
    ),
    ("of the Member Countries of", "of the Member and Observer Countries of", "of the Member [+and Observer +]Countries of"),
    ("the OTS, beginning with", "the OTS, for that time, beginning with", "the OTS, [+for that time, +]beginning with"),
    (
        "from 1 May to 31 December 2025, and",
        "from 1 May to 28 February 2026, and",
        "from 1 May to [-31 December 2025-][+28 February 2026+], and",
    ),
    ("USD 1,000,000 a year", "USD 10,000,000 a year", "USD [-1,000,000-][+10,000,000+] a year"),
    # no coincidental islands
    (
        "report to the Chair, the bureau",
        "inform in the plenary, the heads",
        "[-report to the Chair, the bureau-][+inform in the plenary, the heads+]",
    ),
    ("small, cheap projects", "large, dear projects", "[-small, cheap-][+large, dear+] projects"),
    ("red and green lines", "blue and yellow lines", "[-red and green-][+blue and yellow+] lines"),
    # but two insertions are two insertions
    ("the Parties and the States", "the eight Parties and the member States", "the [+eight +]Parties and the [+member +]States"),
    # nor does a word between a replacement and an insertion belong to them
    ("forums among our countries", "a forum of our eight countries", "[-forums among-][+a forum of+] our [+eight +]countries"),
    ("кедергі жасамайды және ақпарат", "кедергі жасайды және толық ақпарат", "кедергі [-жасамайды-][+жасайды+] және [+толық +]ақпарат"),
    # a sentence's end is no island
    ("We meet. You go.", "We part. They go.", "We [-meet-][+part+]. [-You-][+They+] go."),
    ("Бір. Екі", "Бір. Үш", "Бір. [-Екі-][+Үш+]"),
    ("", "new words", "[+new words+]"),
    ("old words", "", "[-old words-]"),
    ("same", "same", "same"),
    ("", "", ""),
]


@pytest.mark.parametrize(("old", "new", "marked"), EDITOR)
def test_it_marks_what_an_editor_marks(old: str, new: str, marked: str) -> None:
    assert to_text(redline(old, new)) == marked


@given(base_and_edits(1))
def test_forwards_and_backwards(case: tuple[str, list[str]]) -> None:
    old, (new,) = case
    changes = redline(old, new)
    assert "".join(change.text for change in changes if change.op in ("equal", "delete")) == nfc(old)
    assert "".join(change.text for change in changes if change.op in ("equal", "insert")) == nfc(new)
    assert apply_splices(nfc(old), splices_between(old, new)) == nfc(new)
    assert changes_of(nfc(old), splices_between(old, new)) == changes


@given(any_text, any_text)
def test_any_two_texts(old: str, new: str) -> None:
    changes = redline(old, new)
    assert "".join(change.text for change in changes if change.op in ("equal", "delete")) == nfc(old)
    assert "".join(change.text for change in changes if change.op in ("equal", "insert", "move")) == nfc(new)
    assert redline(unicodedata.normalize("NFD", old), unicodedata.normalize("NFD", new)) == changes


@given(base_and_edits(1))
def test_no_token_is_cut(case: tuple[str, list[str]]) -> None:
    old, (new,) = case
    changes = redline(old, new)
    assert [token for change in changes if change.op in ("equal", "delete") for token in tokens(change.text)] == tokens(old)
    assert [token for change in changes if change.op in ("equal", "insert") for token in tokens(change.text)] == tokens(new)


@given(sentence())
def test_nothing_changed_nothing_marked(text: str) -> None:
    assert redline(text, text) == ([Change("equal", nfc(text))] if text else [])
    assert splices_between(text, unicodedata.normalize("NFD", text)) == []


@given(base_and_edits(1))
def test_between_two_changes_stands_a_word_or_a_sentence(case: tuple[str, list[str]]) -> None:
    changes = redline(case[0], case[1][0])
    for before, middle, after in zip(changes, changes[1:], changes[2:], strict=False):
        if middle.op == "equal" and before.op != "equal" != after.op:
            assert middle.text.strip()


@given(base_and_edits(1))
def test_both_scripts_are_minimal(case: tuple[str, list[str]]) -> None:
    from rapidfuzz.distance import Indel

    old, new = tokens(case[0]), tokens(case[1][0])
    found = hunks(old, new)
    assert sum(a1 - a0 + b1 - b0 for a0, a1, b0, b1 in found) == Indel.distance(old, new)


def test_past_the_limit_the_other_script_is_as_short() -> None:
    from rapidfuzz.distance import Indel

    old, new = [f"w{n * 7 % 400}" for n in range(400)], [f"w{n * 11 % 450}" for n in range(400)]
    assert 800 * Indel.distance(old, new) > SEARCH_LIMIT
    found = hunks(old, new)
    assert sum(a1 - a0 + b1 - b0 for a0, a1, b0, b1 in found) == Indel.distance(old, new)
    rebuilt, at = [], 0
    for a0, a1, b0, b1 in found:
        rebuilt += old[at:a0] + new[b0:b1]
        at = a1
    assert rebuilt + old[at:] == new


def test_a_rewritten_paragraph_is_one_replacement() -> None:
    old = "Each party pays the first sum before winter begins and informs all others of it in writing"
    new = "No member may ever leave before paying what any court has found to be due from it to others"
    assert len(replacements(redline(old, new))) <= 2


@pytest.mark.parametrize(("old", "new"), [("x" * 100_001, "y"), ("y", "x" * 100_001), ("y", "é" * 200_000), ("a," * 20_000, "b")])
def test_too_long_a_text_is_refused(old: str, new: str) -> None:
    for compare in (redline, splices_between):
        with pytest.raises(Refused) as refusal:
            compare(old, new)
        assert refusal.value.code == "redline.too-long"
        assert refusal.value.instead


def test_at_the_bound_a_rewrite_is_quick() -> None:
    old, new = " ".join(f"old{n % 97}" for n in range(12_000)), " ".join(f"new{n % 89}" for n in range(12_000))
    assert len(replacements(redline(old, new))) == 1


# -- moves ---------------------------------------------------------------------

FIRST, SECOND, THIRD = "The first line stands here.", "The second line stands there.", "A third one, quite another."


def test_a_moved_line_is_shown_as_moved() -> None:
    old, new = "\n".join([FIRST, SECOND, THIRD]), "\n".join([SECOND, THIRD, FIRST])
    changes = redline(old, new)
    assert [change.text for change in changes if change.op == "move"] == [FIRST]
    assert "".join(change.text for change in changes if change.op in ("equal", "delete")) == old
    assert "".join(change.text for change in changes if change.op in ("equal", "insert", "move")) == new
    assert '<span class="moved">The first line' in to_html(changes)


def test_a_changed_line_beside_a_moved_one() -> None:
    old, new = "\n".join([FIRST, SECOND, THIRD]), "\n".join([THIRD, FIRST, SECOND.replace("second", "2nd")])
    changes = redline(old, new)
    assert "move" in {change.op for change in changes}
    assert "".join(change.text for change in changes if change.op != "delete") == new


@pytest.mark.parametrize("line", ["Short line.", "twice the same line here"])
def test_short_and_repeated_lines_are_not_called_moved(line: str) -> None:
    old, new = "\n".join([line, line, FIRST]), "\n".join([FIRST, line])
    assert not [change for change in redline(old, new) if change.op == "move" and change.text == line]


# -- editorial -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "editorial"),
    [
        ("a, b", "a; b", True),
        ("a  b", "a b", True),
        ("don't go", "don’t go", True),
        ("o'zbek", "oʻzbek", True),
        ("a – b", "a - b", True),
        ("30 days", "30 days.", True),
        ("2.5 million", "25 million", False),
        ("san’at", "sanat", False),
        ("5 %", "5", False),
        ("$5", "€5", False),
        ("may", "May", False),
        ("same", "same", False),
    ],
)
def test_only_spaces_and_punctuation_are_editorial(old: str, new: str, editorial: bool) -> None:
    assert is_editorial(redline(old, new)) is editorial


# -- output ----------------------------------------------------------------------


def test_html_escapes_and_keeps_spaces_outside_the_mark() -> None:
    changes = redline("Member Countries <b> & so", "Member and Observer Countries <i> & so")
    html = to_html(changes)
    assert "Member <ins>and Observer</ins> Countries" in html
    assert "<b>" not in html
    assert "&lt;" in html
    assert "&amp;" in html


def test_html_puts_what_is_taken_out_first() -> None:
    assert to_html(redline("we shall go", "we may go")) == "we <del>shall</del> <ins>may</ins> go"


def test_html_names_an_editorial_change() -> None:
    html = to_html(redline("a, b", "a; b"))
    assert html == 'a<del class="editorial">,</del> <ins class="editorial">;</ins><b class="by">editorial</b> b'
    assert "by" not in to_html(redline("a, b", "a; b"), editorial="")


def test_html_shows_spaces_that_changed() -> None:
    assert "␣␣" in to_html(redline("a  b", "a b"))


def test_a_redline_of_words_alone_is_words_alone() -> None:
    for old, new, _ in EDITOR:
        for taken, put in replacements(redline(old, new)):
            assert words(taken) or words(put)


def test_the_version_names_tokens_too() -> None:
    assert module.VERSION.endswith("tokens-1")


@given(sentence(least=20, most=60), st.data())
def test_what_is_set_aside_at_the_ends_changes_nothing(text: str, data: st.DataObject) -> None:
    new = data.draw(edited(text))
    whole = redline(text, new)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(aligning, "_MARGIN", 10**9)
        assert redline(text, new) == whole


@pytest.mark.parametrize(("old", "new"), [("a  b c " * 40, "a  b c " * 41), ("ab " * 200 + "x", "ab " * 201 + "x"), (" " * 200, " " * 201)])
def test_repeated_text_still_applies(old: str, new: str) -> None:
    assert apply_splices(old, splices_between(old, new)) == new
