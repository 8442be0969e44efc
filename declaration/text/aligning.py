"""What two texts share is set aside before they are cut into tokens: cutting costs more than all the rest of a redline.

The result is what it would be without: the tokens, and a script over them that is minimal.

1. **Ends.** The common beginning and end, but for a margin, are not cut at all.
2. **Once for both.** The texts are split at spaces, which is cheap, and RapidFuzz aligns the pieces. A run of pieces that stands in
   both is cut into tokens once.
3. **Whole.** Of a run that is long, only a margin at either end is cut; what lies between is one token in both lists, where no
   shorter script could do without it. A script that matches no token of the run where ours does must break every piece of the run
   that stands only once in the new text, at one token each at least (of these, every second is counted, so that no token counts
   for two). So the run is whole only where it has as many such pieces as the tokens that change on either side of it: what is
   won there is lost here. A run at the beginning or the end of both texts is always part of a minimal script. And a run is whole
   only where it has so many words that a reader never sees the changes on either side of it as one phrase.

In a long text with few changes :mod:`declaration.text.stretches` finds the runs without splitting the texts, before this is tried.

A cut is made before a single space after something that cannot take that space into its own token, so every token ends there whatever
stands around it. The margin is as long as what changed beside it, and a little more: a change can slide by its own length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from declaration.errors import Refused
from declaration.text import tokens as cut
from declaration.text.script import Hunk, common_beginning, common_end, hunks
from declaration.text.stretches import MARGIN, WHOLE_RUN, Middle, by_stretches, middle, not_worth

MAX_CHARACTERS = 100_000
"""Longest text taken, in code points of its NFC form: a declaration of forty pages. A longer one is refused."""

MAX_TOKENS = 32_000
"""Most tokens taken on one side; bounds memory (128 MB in the worst case) as well as time."""

_MARGIN = MARGIN
_LONG_TEXT = 240
_VERY_LONG_TEXT = 2_000
_SHARED_RUN = 6
_MANY_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two texts as lists of tokens, and the minimal script between these.

    :param head: common beginning, not cut; ``tail`` the common end.
    :param whole: lines, or parts of one, that are one token in both lists.
    """

    head: str
    tail: str
    old: list[str]
    new: list[str]
    script: list[Hunk]
    whole: frozenset[str] = frozenset()


def align(old: str, new: str) -> Aligned:
    """Align two texts of one line.

    :raises Refused: ``redline.too-long``
    """
    first, last = common_ends(old, new)
    if len(old) >= _VERY_LONG_TEXT and min(len(old), len(new)) - first - last >= _LONG_TEXT:
        found = by_stretches(old, new, first, last)
        if found is not None:
            return Aligned(found.head, found.tail, found.old, found.new, found.script, found.whole)
    first, last = with_margin(old, new, first, last)
    head, tail = old[:first], old[len(old) - last :]
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    if min(len(old), len(new)) >= _LONG_TEXT:
        pieces = _by_pieces(old, new)
        if pieces is not None:
            a, b, script, whole = pieces
            return Aligned(head, tail, a, b, script, whole)
    a, b = bounded_tokens(old), bounded_tokens(new)
    return Aligned(head, tail, a, b, hunks(a, b))


def common_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters at either end are the same; none is counted twice."""
    first = common_beginning(old, new)
    return first, common_end(old[first:], new[first:])


def with_margin(old: str, new: str, first: int, last: int) -> tuple[int, int]:
    """How much of the common ends need not be cut into tokens."""
    margin = max(len(old), len(new)) - first - last + _MARGIN
    first = max(0, old.rfind(" ", 0, max(0, first - margin)))
    while first > 0 and not cut.ends_before_space(old[first - 1]):
        first -= 1
    end = old.find(" ", len(old) - max(0, last - margin))
    while 0 < end < len(old) and not cut.ends_before_space(old[end - 1]):
        end = old.find(" ", end + 1)
    return first, 0 if end <= 0 or last <= margin else len(old) - end


def bounded_tokens(text: str) -> list[str]:
    """Return the tokens of a text.

    :raises Refused: ``redline.too-long``
    """
    result = cut.tokens(text)
    if len(result) > MAX_TOKENS:
        raise too_long()
    return result


def too_long() -> Refused:
    """The refusal of a text that is too long to compare."""
    return Refused(
        f"a text is longer than {MAX_CHARACTERS:,} characters or {MAX_TOKENS:,} words and marks",
        code="redline.too-long",
        instead="Compare it paragraph by paragraph.",
    )


# -- pieces --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """Pieces ``start`` to ``end`` of the old text, which stand in the new one from ``other`` on."""

    start: int
    end: int
    other: int


def _by_pieces(old: str, new: str) -> tuple[list[str], list[str], list[Hunk], frozenset[str]] | None:
    """Tokens and script by way of the pieces between spaces; ``None`` where that does not help or would not be minimal."""
    pieces, others = old.split(" "), new.split(" ")
    runs = list(_runs(pieces, others))
    if not runs:
        return None
    a, b, whole = _cut(pieces, others, runs)
    if len(a) > MAX_TOKENS or len(b) > MAX_TOKENS:
        return None
    script = hunks(a, b)
    if not all(whole.isdisjoint(a[a0:a1]) for a0, a1, _, _ in script):
        return None
    return a, b, script, whole


def _runs(pieces: Sequence[str], others: Sequence[str]) -> Iterator[_Run]:
    """Runs that stand in both texts and can be cut out of both."""
    # Of two texts that share little, there is nothing to gain, and the search would cost as much as that of the tokens.
    if len(pieces) * len(others) > _MANY_PIECES:
        most = (len(pieces) + len(others)) // 3
        if Indel.distance(pieces, others, score_cutoff=most) > most:
            return
    for found in Indel.opcodes(pieces, others):
        # The space before the run belongs to it, so the first piece of a text is left to what stands there in the other.
        skipped = int((found.src_start == 0) != (found.dest_start == 0))
        run = _Run(found.src_start + skipped, found.src_end, found.dest_start + skipped)
        length = run.end - run.start
        if found.tag != "equal" or length < _SHARED_RUN:
            continue
        # RapidFuzz compares hashes; a coincidence of hashes must not become a coincidence of words.
        same = pieces[run.start : run.end] == others[run.other : run.other + length]
        if same and _ends(pieces, run.start) and _ends(others, run.other) and _ends(pieces, run.end):
            yield run


def _ends(pieces: Sequence[str], position: int) -> bool:
    """Whether every token ends before the space in front of piece ``position``."""
    return position in (0, len(pieces)) or cut.ends_before_space(pieces[position - 1][-1:])


def _cut(pieces: Sequence[str], others: Sequence[str], runs: Sequence[_Run]) -> tuple[list[str], list[str], frozenset[str]]:
    """Both texts' tokens, those of the runs cut once; and what stays whole."""
    gaps = _gaps(pieces, others, runs)
    kept = _kept_whole(pieces, others, runs, gaps)
    a: list[str] = []
    b: list[str] = []
    whole: list[str] = []
    for number, (mine, theirs) in enumerate(gaps):
        a += mine
        b += theirs
        if number == len(runs):
            break
        run, middle = runs[number], kept.get(number)
        if middle is None:
            shared = _tokens(pieces, run.start, run.end)
        else:
            between = _text(pieces, middle.left, middle.right)
            whole.append(between)
            shared = [*_tokens(pieces, run.start, middle.left), between, *_tokens(pieces, middle.right, run.end)]
        a += shared
        b += shared
    return a, b, frozenset(whole)


def _gaps(pieces: Sequence[str], others: Sequence[str], runs: Sequence[_Run]) -> list[tuple[list[str], list[str]]]:
    """The tokens of either text before, between and after the runs."""
    gaps = []
    at = at_other = 0
    for run in (*runs, _Run(len(pieces), len(pieces), len(others))):
        gaps.append((_tokens(pieces, at, run.start), _tokens(others, at_other, run.other)))
        at, at_other = run.end, run.other + run.end - run.start
    return gaps


def _kept_whole(
    pieces: Sequence[str], others: Sequence[str], runs: Sequence[_Run], gaps: Sequence[tuple[list[str], list[str]]]
) -> dict[int, Middle]:
    """For every run that may stay whole, the pieces between its margins."""
    lengths = [max(sum(map(len, mine)), sum(map(len, theirs))) + _MARGIN for mine, theirs in gaps]
    found: dict[int, tuple[int, int]] = {}
    for number, run in enumerate(runs):
        if run.end - run.start < WHOLE_RUN:
            continue
        left = _margin(pieces, run.start, run.end, lengths[number], 1)
        right = _margin(pieces, run.end, run.start, lengths[number + 1], -1)
        if right - left >= WHOLE_RUN and _ends(pieces, left) and _ends(pieces, right):
            found[number] = left, right
    if not found:
        return {}
    often = Counter(others)
    changes = [len(mine) + len(theirs) for mine, theirs in gaps]
    # More than all changes together need not be counted; most pieces stand once.
    enough = 4 * sum(changes) + 4 * WHOLE_RUN
    kept: dict[int, Middle] = {}
    for number, (left, right) in found.items():
        kept[number] = middle(left, right, pieces[left : min(right, left + enough)], often)
    while lost := not_worth(kept, changes, len(pieces)):
        for number in lost:
            del kept[number]
    return kept


def _margin(pieces: Sequence[str], start: int, end: int, length: int, step: int) -> int:
    """The boundary between pieces that is ``length`` characters or more from ``start`` in the direction of ``end``."""
    while start != end and length > 0:
        length -= len(pieces[start if step > 0 else start - 1]) + 1
        start += step
    return start


def _text(pieces: Sequence[str], start: int, end: int) -> str:
    """Pieces as they stand in the text, with the space before them."""
    return (" " if start and start < end else "") + " ".join(pieces[start:end])


def _tokens(pieces: Sequence[str], start: int, end: int) -> list[str]:
    return cut.tokens(_text(pieces, start, end)) if start < end else []
