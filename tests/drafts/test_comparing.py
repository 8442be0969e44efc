from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from declaration.drafts.comparing import Line, compare, lines_of
from declaration.drafts.views import numbers


def line(unit: str, text: str = "Decide;", label: str | None = None) -> Line:
    return Line(unit, "operative", label, 0, text)


def states(old: list[Line], new: list[Line]) -> list[tuple[str, str]]:
    return [(each.line.id, each.state) for each in compare(old, new)]


def test_a_unit_taken_out_is_shown_where_it_stood() -> None:
    old = [line("OP1"), line("OP2"), line("OP3")]
    assert states(old, [line("OP1"), line("OP3")]) == [("OP1", "same"), ("OP2", "deleted"), ("OP3", "same")]


def test_a_unit_taken_out_at_the_beginning_comes_first() -> None:
    assert states([line("T"), line("OP1")], [line("OP1")]) == [("T", "deleted"), ("OP1", "same")]


def test_units_are_paired_by_id_and_not_by_their_words() -> None:
    assert states([line("OP1", "Decide;")], [line("OP2", "Decide;")]) == [("OP1", "deleted"), ("OP2", "new")]


def test_one_unit_that_went_to_the_end_is_moved_and_the_others_are_not() -> None:
    old = [line("OP1"), line("OP2"), line("OP3")]
    assert states(old, [line("OP2"), line("OP3"), line("OP1")]) == [("OP2", "same"), ("OP3", "same"), ("OP1", "moved")]


def test_a_new_number_alone_is_not_a_change_of_words() -> None:
    only = compare([line("OP9", label="8 bis")], [line("OP9", label="9")])[0]
    assert (only.state, only.before, only.differs) == ("same", "8 bis", False)


def test_a_changed_unit_carries_the_words_taken_out_and_added() -> None:
    only = compare([line("OP1", "Parties shall meet;")], [line("OP1", "Parties should meet;")])[0]
    assert [(each.op, each.text) for each in only.changes] == [
        ("equal", "Parties "), ("delete", "shall"), ("insert", "should"), ("equal", " meet;"),
    ]  # fmt: skip


def test_items_are_as_deep_as_their_parents_make_them() -> None:
    units = [("OP1", "operative", None), ("OP1.a", "item", "OP1"), ("OP1.a.i", "item", "OP1.a")]
    lines = lines_of(units, {}, {"OP1": "x", "OP1.a": "y", "OP1.a.i": "z"})
    assert [each.level for each in lines] == [0, 1, 2]


ids = st.lists(st.sampled_from([f"OP{number}" for number in range(12)]), unique=True)


@given(ids, ids)
def test_every_unit_of_both_texts_appears_once(old: list[str], new: list[str]) -> None:
    result = compare([line(each) for each in old], [line(each) for each in new])
    assert sorted(each.line.id for each in result) == sorted({*old, *new})
    assert [each.line.id for each in result if each.state != "deleted"] == new


@given(ids, st.randoms())
def test_what_is_not_moved_stands_in_the_same_order_and_no_longer_run_exists(old: list[str], chance: object) -> None:
    new = list(old)
    chance.shuffle(new)  # type: ignore[attr-defined]  # hypothesis types its random source as object
    kept = [each.line.id for each in compare([line(each) for each in old], [line(each) for each in new]) if each.state == "same"]
    assert kept == [each for each in old if each in kept]
    assert len(kept) == longest_common(old, new)


def longest_common(a: list[str], b: list[str]) -> int:
    """The textbook table."""
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def test_a_unit_is_called_by_the_number_that_the_text_shows_and_by_its_id_without_one() -> None:
    lines = [
        Line("T", "title", None, 0, "Declaration"),
        Line("PP1", "preambular", None, 0, "Recalling,"), Line("PP1i", "item", "(a)", 1, "the first,"),
        Line("H2", "heading", "B", 0, "Aims"),
        Line("OP8bis", "operative", "8 bis", 0, "Decide:"), Line("I1", "item", "(a)", 1, "to meet:"),
        Line("I2", "item", "(i)", 2, "often;"),
        Line("I3", "item", "(b)", 1, "to write;"), Line("OP3", "operative", "9", 0, "Thank."),
    ]  # fmt: skip
    assert list(numbers(lines).values()) == ["T", "PP1", "PP1 (a)", "B", "8 bis", "8 bis (a)", "8 bis (a)(i)", "8 bis (b)", "9"]
