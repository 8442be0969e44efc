"""What is set aside before texts are cut changes nothing: the same words, the same tokens, a script as short."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from rapidfuzz.distance import Indel

from declaration.text import aligning, tokens
from declaration.text.aligning import align
from declaration.text.redline import redline, splices_between
from declaration.text.script import hunks
from declaration.text.splices import apply_splices
from tests.text.strategies import NUMBERS, WORDS, any_text


def long_text(rng: random.Random, words: int, *, of: int = len(WORDS)) -> str:
    """Words in sentences; the fewer different ones, the more a text repeats itself."""
    drawn = [rng.choice(WORDS[:of] + NUMBERS) + rng.choice(["", "", "", ",", ";", ".", " –"]) for _ in range(words)]
    return " ".join(drawn)


def changed(rng: random.Random, text: str, times: int) -> str:
    pieces = text.split(" ")
    for _ in range(times):
        place, kind = rng.randrange(len(pieces)), rng.random()
        if kind < 0.4:
            pieces[place] = rng.choice(WORDS)
        elif kind < 0.6:
            pieces[place:place] = rng.choices(WORDS, k=rng.randint(1, 8))
        elif kind < 0.8:
            del pieces[place : place + rng.randint(1, 8)]
        else:
            # a stretch that goes elsewhere: the longest run need not be part of the shortest script
            taken = pieces[place : place + 60]
            del pieces[place : place + 60]
            other = rng.randrange(len(pieces) + 1)
            pieces[other:other] = taken
    return " ".join(pieces)


def distance(script: list[tuple[int, int, int, int]]) -> int:
    return sum(a1 - a0 + b1 - b0 for a0, a1, b0, b1 in script)


@pytest.mark.parametrize("different", [2, 5, 20, len(WORDS)])
@pytest.mark.parametrize("seed", range(12))
def test_the_script_is_minimal_and_the_texts_are_whole(seed: int, different: int) -> None:
    rng = random.Random(seed)
    old = long_text(rng, 500, of=different)
    new = changed(rng, old, rng.randint(1, 6))
    found = align(old, new)
    assert found.head + "".join(found.old) + found.tail == old
    assert found.head + "".join(found.new) + found.tail == new
    assert distance(found.script) == Indel.distance(tokens.tokens(old), tokens.tokens(new))
    for a0, a1, _, _ in found.script:
        assert found.whole.isdisjoint(found.old[a0:a1])


@pytest.mark.parametrize("seed", range(12))
def test_the_redline_is_as_minimal_and_as_tidy_as_without(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(100 + seed)
    old = long_text(rng, 700)
    new = changed(rng, old, rng.randint(1, 4))
    quick = redline(old, new)
    monkeypatch.setattr(aligning, "_LONG_TEXT", 10**9)
    monkeypatch.setattr(aligning, "_MARGIN", 10**9)
    slow = redline(old, new)
    assert sum(len(change.text) for change in quick if change.op != "equal") == sum(
        len(change.text) for change in slow if change.op != "equal"
    )
    assert len(quick) == len(slow)


def test_long_runs_really_stay_uncut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligning, "by_stretches", lambda *_: None)
    pieces = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(600)]
    old = " ".join(pieces)
    pieces[200], pieces[450] = "elsewhere", "otherwise"
    found = align(old, " ".join(pieces))
    assert len(found.whole) == 3
    assert len(found.old) < 100
    assert distance(found.script) == 4


def test_a_text_that_repeats_itself_is_cut_whole() -> None:
    old = "we meet and we agree and " * 80 + "go"
    new = "x " + old.replace("go", "stay")[: 25 * 40] + "we part and " + old[25 * 40 :] + " y"
    assert not align(old, new).whole


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one  two   three " * 60 + "a", "one  two   three " * 60 + "b"),
        ("x\u00a0 y \u0301z " * 80, "w " + "x\u00a0 y \u0301z " * 80 + "v"),
        ("\u0600 1 and " * 90 + "end", "\u0600 1 and " * 45 + "more " + "\u0600 1 and " * 45 + "end"),
        (" " + "leading words stand here " * 40, "leading words stand here " * 40 + " "),
        ("tail " * 300, "tail " * 300 + "x"),
    ],
)
def test_spaces_that_do_not_end_a_token(old: str, new: str) -> None:
    found = align(old, new)
    assert apply_splices(tokens.nfc(old), splices_between(old, new)) == tokens.nfc(new)
    cut = [token for token in found.old if token not in found.whole]
    assert set(cut) <= set(tokens.tokens(old))


def test_equal_hashes_are_not_equal_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from declaration.text import script

    real, asked = script.Indel.opcodes, []

    class Confused:
        """A RapidFuzz that takes every word for the same until it is given numbers."""

        @staticmethod
        def opcodes(old: Sequence[str], new: Sequence[str]) -> object:
            asked.append(type(old))
            if isinstance(old, list) and isinstance(new, list):
                return real("x" * len(old), "x" * len(new))
            return real(old, new)

    monkeypatch.setattr(script, "Indel", Confused)
    assert hunks(["a", "b", "c"], ["a", "x", "c"]) == [(1, 2, 1, 2)]
    assert asked == [list, str]


@given(any_text)
def test_plain_texts_are_cut_by_the_same_rules(text: str) -> None:
    plain = "".join(one for one in tokens.nfc(text) if not tokens._NOT_PLAIN.match(one)) + "oʻquv tog‘ 1,000 2024-cü  x\r\ny"
    assert tokens._PLAIN.findall(plain) == tokens._BMP_ONLY.findall(plain) == tokens.tokens(plain)
