import pytest
from hypothesis import given

from declaration.errors import Malformed
from declaration.text.redline import splices_between
from declaration.text.splices import apply_splices, check_splices, invert, parse_splices, splices_json
from declaration.text.tokens import nfc
from tests.text.strategies import base_and_edits

TEXT = "within thirty days"


def test_splices_are_applied() -> None:
    assert apply_splices(TEXT, [(7, 13, "sixty"), (18, 18, " or less")]) == "within sixty days or less"


@pytest.mark.parametrize(
    ("splices", "code"),
    [
        ([(-1, 2, "x")], "splice.outside"),
        ([(3, 2, "x")], "splice.outside"),
        ([(17, 19, "x")], "splice.outside"),
        ([(19, 19, "x")], "splice.outside"),
        ([(7, 13, "a"), (9, 15, "b")], "splice.unsorted"),
        ([(14, 18, "a"), (7, 13, "b")], "splice.unsorted"),
        ([(7, 13, "a"), (13, 14, "b")], "splice.touching"),
        ([(7, 7, "a"), (7, 13, "b")], "splice.touching"),
        ([(0, 6, ""), (6, 6, "x")], "splice.touching"),
        ([(7, 7, "")], "splice.empty"),
        ([(7, 13, "thirty")], "splice.empty"),
        ([(7, 13, "a\nb")], "splice.letters"),
        ([(7, 13, "a\rb")], "splice.letters"),
        ([(7, 13, "e\u0301")], "splice.letters"),
        ([(13, 13, "\u0301")], "splice.letters"),
    ],
)
def test_what_has_two_readings_is_refused(splices: list[tuple[int, int, str]], code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        apply_splices(TEXT, splices)
    assert refusal.value.code == code


def test_a_mark_on_a_letter_it_composes_with_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        apply_splices("cafe", [(4, 4, "\u0301")])
    assert refusal.value.code == "splice.letters"


@pytest.mark.parametrize(
    "value", [None, {}, "x", [[1, 2]], [[1, 2, "x", 3]], [[1.0, 2, "x"]], [[True, 2, "x"]], [["1", 2, "x"]], [[1, 2, None]], [1]]
)
def test_other_json_is_refused(value: object) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_splices(value)
    assert refusal.value.code == "splice.malformed"


def test_json_reads_back() -> None:
    splices = [(7, 13, "sixty"), (18, 18, ".")]
    assert parse_splices(splices_json(splices)) == splices


def test_offsets_are_code_points() -> None:
    assert apply_splices("👍 ə thirty", [(4, 10, "otuz")]) == "👍 ə otuz"


@given(base_and_edits(1))
def test_inverted_they_lead_back(case: tuple[str, list[str]]) -> None:
    old, (new,) = nfc(case[0]), case[1]
    splices = splices_between(old, new)
    check_splices(splices, len(old))
    assert apply_splices(old, splices) == nfc(new)
    assert apply_splices(nfc(new), invert(old, splices)) == old
