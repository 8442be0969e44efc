"""Long stretches that two texts share, found by jumping from one change to the next; only what lies around the changes is cut.

In a long paragraph with a few changes nearly everything stays. After a change, a probe from the old text a little further on is looked
for in the new one and widened by halving in both directions, up to the next change. That reads no word in between one by one, where
splitting both texts into pieces and aligning these reads all of them.

Of a stretch, only a margin at either end is cut into tokens: as many characters as the change beside it is long, and a little more,
because a change can slide by its own length. What lies between is one token in both lists. The stretches at the beginning and at the
end of both texts are always part of a minimal script. That those in between are too is checked with the changes that came out
(:func:`not_worth`): a script that matches no token of a stretch where ours does must break every piece of it that stands only once
around there in the new text, so it cannot be shorter where there are as many such pieces as tokens that change on either side. *Around
there* is as many tokens away as ours changes in all: a script that is no longer moves nothing farther. A stretch that fails is cut;
where a jump finds nothing, the answer is ``None`` and another way has to be taken.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.text import tokens as cut
from declaration.text.script import Hunk, common_beginning, common_end, hunks

MARGIN = 24
"""Characters that are cut beside a change, besides as many as the change is long."""

WHOLE_RUN = 16
"""Fewest pieces of a stretch that stays whole."""

_FEWEST_WORDS = 4
_MANY_RUNS = 32
_JUMPS = (0, 64, 256)
_PROBE = 48
_WINDOW = 1_024
_LONG_PIECE = 10
_MOST_CHANGES = 10
_MOST_TOKENS = 16_000


@dataclass(frozen=True, slots=True)
class Found:
    """Both texts as tokens between a common ``head`` and ``tail``, the script, and the tokens that are stretches left whole."""

    head: str
    tail: str
    old: list[str]
    new: list[str]
    script: list[Hunk]
    whole: frozenset[str]


@dataclass(frozen=True, slots=True)
class Middle:
    """Pieces ``left`` to ``right`` of the old text that stay whole; how many of these stand once in the new text, and are words."""

    left: int
    right: int
    once: int
    words: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Characters ``start`` to ``end`` of the old text, which stand in the new one from ``other`` on."""

    start: int
    end: int
    other: int


def by_stretches(old: str, new: str, beginning: int, ending: int) -> Found | None:
    """The tokens around the changes and a minimal script of them; ``None`` where this is not the way to find it.

    :param beginning: how many characters both texts begin with; ``ending``, how many of the others they end with.
    """
    shared = _shared(old, new, beginning, ending)
    if shared is None:
        return None
    stretches = _without_margins(old, shared)
    gaps = _gaps(old, new, stretches)
    first, *between, last = stretches
    pieces = old.count(" ", first.end, last.start) + 1
    whole = [old[one.start : one.end] for one in between]
    kept = list(range(len(between)))
    weighed: list[Middle] = []
    while True:
        a, b, places = _lists(gaps, whole, kept)
        if max(len(a), len(b)) > _MOST_TOKENS:
            return None
        script = hunks(a, b)
        changes = _beside(script, places)
        if changes is None:
            return None
        weighed = weighed or _weighed(old, new, stretches, sum(changes))
        left = {place: weighed[number] for place, number in enumerate(kept)}
        while lost := not_worth(left, changes, pieces):
            for place in lost:
                del left[place]
        if len(left) == len(kept):
            return Found(old[: first.end], old[last.start :], a, b, script, frozenset([whole[number] for number in kept]))
        kept = [kept[place] for place in left]


def _shared(old: str, new: str, beginning: int, ending: int) -> list[_Stretch] | None:
    """What stands in both, from the common beginning to the common end; one of them or both may be empty."""
    end, end_other = len(old) - ending, len(new) - ending
    found = [_Stretch(0, beginning, 0)]
    while len(found) <= _MOST_CHANGES:
        at, at_other = found[-1].end, found[-1].other + found[-1].end - found[-1].start
        for jump in _JUMPS:
            place = old.find(" ", at + jump, end)
            if place < 0 or place + _PROBE > end:
                return [*found, _Stretch(end, len(old), end_other)]
            probe = old[place : place + _PROBE]
            other = new.find(probe, at_other, min(end_other, at_other + jump + _WINDOW))
            if other >= 0:
                break
        else:
            return None
        back = common_end(old[at:place], new[at_other:other])
        on = common_beginning(old[place + _PROBE : end], new[other + _PROBE : end_other])
        found.append(_Stretch(place - back, place + _PROBE + on, other - back))
    return None


def _without_margins(old: str, shared: Sequence[_Stretch]) -> list[_Stretch]:
    """The stretches as far as they stay whole: the first and the last one, though they may be empty, and the long ones between."""
    lengths = [
        max(after.start - before.end, after.other - before.other - (before.end - before.start)) + MARGIN
        for before, after in itertools.pairwise(shared)
    ]
    first, *between, last = shared
    result = [_Stretch(0, max(0, _cut_before(old, 0, first.end - lengths[0])), 0)]
    for number, one in enumerate(between):
        left = _cut_after(old, one.start + lengths[number], one.end)
        right = _cut_before(old, one.start, one.end - lengths[number + 1])
        if 0 <= left < right and old.count(" ", left, right) >= WHOLE_RUN:
            result.append(_Stretch(left, right, one.other + left - one.start))
    tail = _cut_after(old, last.start + lengths[-1], last.end)
    tail = last.end if tail < 0 else tail
    return [*result, _Stretch(tail, last.end, last.other + tail - last.start)]


def _cut_before(text: str, start: int, place: int) -> int:
    """The last place before this one, and after ``start``, where every token ends and a space follows; -1 if there is none."""
    while (place := text.rfind(" ", start + 1, max(place, 0))) >= 0:
        if cut.ends_before_space(text[place - 1]):
            return place
    return -1


def _cut_after(text: str, place: int, end: int) -> int:
    """The first place after this one, and before ``end``, where every token ends and a space follows; -1 if there is none."""
    while (place := text.find(" ", place + 1, end)) >= 0:
        if cut.ends_before_space(text[place - 1]):
            return place
    return -1


def _gaps(old: str, new: str, stretches: Sequence[_Stretch]) -> list[tuple[list[str], list[str]]]:
    """The tokens of either text between the stretches."""
    return [
        (cut.tokens(old[before.end : after.start]), cut.tokens(new[before.other + before.end - before.start : after.other]))
        for before, after in itertools.pairwise(stretches)
    ]


def _lists(
    gaps: Sequence[tuple[list[str], list[str]]], whole: Sequence[str], kept: Sequence[int]
) -> tuple[list[str], list[str], list[int]]:
    """Either text's tokens, the stretches that are not kept whole cut once for both, and the places of those that are."""
    a: list[str] = []
    b: list[str] = []
    places: list[int] = []
    for number, (mine, theirs) in enumerate(gaps):
        a += mine
        b += theirs
        if number in kept:
            places.append(len(a))
            a.append(whole[number])
            b.append(whole[number])
        elif number < len(whole):
            shared = cut.tokens(whole[number])
            a += shared
            b += shared
    return a, b, places


def _beside(script: Sequence[Hunk], places: Sequence[int]) -> list[int] | None:
    """How many tokens change before, between and after the places; ``None`` where a place itself does."""
    changes = [0] * (len(places) + 1)
    number = 0
    for a0, a1, b0, b1 in script:
        while number < len(places) and places[number] < a0:
            number += 1
        if number < len(places) and places[number] < a1:
            return None
        changes[number] += a1 - a0 + b1 - b0
    return changes


def _weighed(old: str, new: str, stretches: Sequence[_Stretch], changed: int) -> list[Middle]:
    """What speaks for each stretch between the first and the last.

    Of each, only as much of its beginning is looked at as can matter where ``changed`` tokens change.
    """
    length = _LONG_PIECE * (2 * changed + WHOLE_RUN)
    weighed: list[Middle] = []
    first, *between, _last = stretches
    left, at = 0, first.end
    for one in between:
        left += old.count(" ", at, one.start)
        right = left + old.count(" ", one.start, one.end)
        _, *pieces = old[one.start : min(one.end, one.start + length)].split(" ")
        weighed.append(middle(left, right, pieces, _around(new, one.other, one.other + length, changed)))
        left, at = right, one.end
    return weighed


def _around(text: str, start: int, end: int, changed: int) -> Counter[str]:
    """How often pieces stand where a script that changes so few tokens can put them; empty where that cannot be said.

    Such a script moves no token past more than ``changed`` others. Between two words stands a space, so half as many words are enough.
    """
    reach = _LONG_PIECE * (changed + WHOLE_RUN) // 2
    before = text[max(0, start - reach) : start].split(" ")
    after = text[end : end + reach].split(" ")
    few = changed // 2 + 2
    if start > reach and sum(map(str.isalpha, before[1:])) < few:
        return Counter()
    if end + reach < len(text) and sum(map(str.isalpha, after[1:-1])) < few:
        return Counter()
    return Counter(text[max(0, start - reach) : end + reach].split(" "))


def middle(left: int, right: int, pieces: Sequence[str], often: Mapping[str, int]) -> Middle:
    """Pieces ``left`` to ``right``, weighed by the first of them. Every second counts as one that stands once: no token is of two."""
    once = sum([often[piece] == 1 for piece in pieces[1:-1:2]])
    return Middle(left, right, once, sum(map(str.isalpha, pieces)))


def not_worth(kept: Mapping[int, Middle], changes: Sequence[int], end: int) -> list[int]:
    """Runs that a shorter script might do without, or that are too short to keep what stands beside them apart.

    Without one of them others may do, so only the shortest is named; all of them where there are so many that this would take long.

    :param changes: how many tokens change before, between and after all runs, kept or not.
    :param end: how many pieces the old text has.
    """
    found: list[int] = []
    middles = list(kept.values())
    bounds = [0, *(number + 1 for number in kept), len(changes)]
    beside = [sum(changes[start:stop]) for start, stop in itertools.pairwise(bounds)]
    for position, (number, one) in enumerate(kept.items()):
        before, after = beside[position], beside[position + 1]
        if not before or not after:
            continue
        # As long as a change beside it can be, in words: every piece that is cut, and every token that is not common.
        left = one.left - (middles[position - 1].right if position else 0) + before
        right = (middles[position + 1].left if position + 1 < len(middles) else end) - one.right + after
        if one.once < before + after or one.words < _FEWEST_WORDS or 4 * one.words <= min(left, right):
            found.append(number)
    return found if len(found) > _MANY_RUNS else sorted(found, key=lambda number: kept[number].words)[:1]
