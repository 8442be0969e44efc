"""Lists: every line fits its column, every row is on exactly one page, and the cost is the number of rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.documents import fonts
from declaration.documents.rows import Column, Row, Rows, break_lines, make_row

words = st.text("abcğışöəқңөWi", min_size=1, max_size=30)


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    fonts.register()


@given(st.lists(words, min_size=1, max_size=20), st.floats(20, 300))
def test_lines_fit_and_lose_nothing(text: list[str], available: float) -> None:
    lines = break_lines(" ".join(text), fonts.REGULAR, 8.5, available)
    assert "".join(lines).replace(" ", "") == "".join(text)
    assert all(fonts.width(line, fonts.REGULAR, 8.5) <= available + 0.01 for line in lines)


@given(st.lists(words, min_size=1, max_size=20))
def test_words_that_fit_are_never_cut(text: list[str]) -> None:
    available = max(fonts.width(word, fonts.REGULAR, 8.5) for word in text)
    assert " ".join(break_lines(" ".join(text), fonts.REGULAR, 8.5, available)) == " ".join(text)


def test_a_column_narrower_than_a_letter_takes_one_letter_a_line() -> None:
    assert break_lines("WWW", fonts.REGULAR, 8.5, 1) == ("W", "W", "W")


@given(st.lists(st.floats(14, 200), min_size=1, max_size=60), st.floats(0, 700))
def test_pages_hold_every_row_once_and_in_order(heights: list[float], first_page: float) -> None:
    columns = (Column(100, "Caption"),)
    rest = Rows(columns, [Row(((str(number),),), height) for number, height in enumerate(heights)], 8.5, title="Country")
    room, seen = first_page, []
    for _ in range(len(heights) + 2):
        if rest.wrap(450, room)[1] <= room:
            seen += range(rest.first, rest.last)
            break
        parts = rest.split(450, room)
        if parts:
            head, rest = parts
            assert head.wrap(450, room)[1] <= room + 1e-6
            seen += range(head.first, head.last)
        room = 700
    assert seen == list(range(len(heights)))


def test_a_title_with_one_row_of_many_goes_to_the_next_page() -> None:
    columns = (Column(100, "Caption"),)
    rows = [make_row(columns, (str(number),), 8.5) for number in range(10)]
    listed = Rows(columns, rows, 8.5, title="Country")
    assert listed.split(450, listed.top + rows[0].height * 1.5) == []
    assert len(listed.split(450, listed.top + rows[0].height * 2.5)) == 2


def test_a_row_needs_a_text_for_every_column() -> None:
    with pytest.raises(ValueError, match="zip"):
        make_row((Column(10), Column(10)), ("one",), 8.5)
