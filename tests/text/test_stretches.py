"""Jumping from change to change finds what looking at every word finds: the same redline, a script as short."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from declaration.text import aligning, stretches, tokens
from declaration.text.aligning import align
from declaration.text.redline import redline, splices_between
from declaration.text.script import common_beginning, common_end
from declaration.text.splices import apply_splices
from tests.text.strategies import WORDS, any_text
from tests.text.test_aligning import changed, distance, long_text


def by_jumping(old: str, new: str) -> stretches.Found | None:
    return stretches.by_stretches(old, new, *aligning.common_ends(old, new))


def repeating(rng: random.Random) -> tuple[str, str]:
    """A text of blocks that hardly differ, and one in which whole blocks went or came: every stretch stands in several places."""
    size = rng.choice((20, 40, 80, 160))
    block = ["".join(rng.choices("abcdefghij", k=rng.randint(2, 9))) for _ in range(size)]
    words: list[str] = []
    for _ in range(rng.randint(4, 12)):
        words += block
        words[-rng.randint(1, size)] = rng.choice(WORDS)
    new = words[:]
    for _ in range(rng.randint(1, 5)):
        place, length, kind = rng.randrange(len(new)), rng.choice((1, 2, 5, size // 2, size - 1, size)), rng.random()
        if kind < 0.4:
            del new[place : place + length]
        elif kind < 0.7:
            new[place:place] = new[max(0, place - length) : place]
        else:
            new[place : place + length] = rng.choices(WORDS, k=rng.randint(1, length))
    return " ".join(words), " ".join(new)


def assert_minimal_and_whole(old: str, new: str) -> None:
    found = align(old, new)
    assert found.head + "".join(found.old) + found.tail == old
    assert found.head + "".join(found.new) + found.tail == new
    assert distance(found.script) == Indel.distance(tokens.tokens(old), tokens.tokens(new))
    assert apply_splices(old, splices_between(old, new)) == new


@given(st.integers(0, 2**32), st.sampled_from([2, 5, 20, len(WORDS)]))
def test_the_script_is_minimal_in_a_long_text(seed: int, different: int) -> None:
    rng = random.Random(seed)
    old = long_text(rng, rng.randint(350, 900), of=different)
    assert_minimal_and_whole(old, changed(rng, old, rng.randint(1, 8)))


@given(st.integers(0, 2**32))
def test_the_script_is_minimal_where_every_stretch_stands_in_several_places(seed: int) -> None:
    assert_minimal_and_whole(*repeating(random.Random(seed)))


@given(st.integers(0, 2**32), st.sampled_from([5, 20, len(WORDS)]))
def test_the_redline_is_the_one_that_is_found_word_by_word(seed: int, different: int) -> None:
    rng = random.Random(seed)
    old = long_text(rng, rng.randint(350, 900), of=different)
    new = changed(rng, old, rng.randint(1, 6))
    quick = redline(old, new)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(aligning, "by_stretches", lambda *_: None)
        assert quick == redline(old, new)
        patched.setattr(aligning, "_LONG_TEXT", 10**9)
        patched.setattr(aligning, "_MARGIN", 10**9)
        assert quick == redline(old, new)


@pytest.mark.parametrize("places", [(150, 400, 650), (300, 310, 500), (2, 450, 897)])
def test_only_what_lies_around_the_changes_is_cut(places: tuple[int, ...]) -> None:
    pieces = [f"word{chr(97 + n // 90)}{chr(97 + n // 9 % 10)}{chr(97 + n % 9)}" for n in range(900)]
    old = " ".join(pieces)
    for place in places:
        pieces[place] = "otherwise"
    found = by_jumping(old, " ".join(pieces))
    assert found is not None
    assert len(found.whole) == (1 if places[1] - places[0] == 10 else 2)
    assert len(found.old) < 100
    assert distance(found.script) == 6


def test_a_stretch_that_stands_again_nearby_is_cut() -> None:
    block = "we meet and we agree and we part and we write and we read and then we " * 6
    old = f"first {block} second {block} third {block} last word of it all"
    new = f"other {block} second thing {block} {block} last words of it all"
    found = by_jumping(old, new)
    assert found is None or not found.whole
    assert_minimal_and_whole(old, new)


def test_where_nothing_is_found_again_nobody_jumps() -> None:
    rng = random.Random(5)
    old, new = long_text(rng, 500), long_text(rng, 500)
    assert by_jumping(old, new) is None


def test_so_many_changes_are_left_to_the_other_way() -> None:
    rng = random.Random(6)
    pieces = [f"{WORDS[n % 7]}{n}" for n in range(2000)]
    old = " ".join(pieces)
    for place in range(60, 2000, 60):
        pieces[place] = rng.choice(WORDS)
    assert by_jumping(old, " ".join(pieces)) is None


@given(any_text, any_text, any_text)
def test_common_ends_are_the_longest(left: str, one: str, right: str) -> None:
    for other in (left + one + right, left + right, one, right):
        text = left + one + right
        first = common_beginning(text, other)
        assert text[:first] == other[:first]
        assert first in (len(text), len(other)) or text[first] != other[first]
        last = common_end(text, other)
        assert text[len(text) - last :] == other[len(other) - last :]
        assert last in (len(text), len(other)) or text[-last - 1] != other[-last - 1]
