"""The clean-up that turns a minimal script into what a careful editor would have marked.

A minimal script keeps every coincidence: *the* of one phrase matched with *the* of another, a comma left standing between two
replaced phrases. Four steps, each a function of the tokens alone, mend that; none ever cuts a token:

1. **Slide.** An insertion or deletion that could stand in several places equally (``a [b a] b`` or ``[a b] a b``) is moved
   against the change next to it if it reaches it, otherwise to where it begins at the start of a word.
2. **Group.** Two changes become one phrase when what stands between them carries nothing: only space; or a comma or the like,
   where one of the two replaces something or one takes out and the other puts in; or one or two small words (three letters or
   fewer, or listed in :data:`SMALL_WORDS`), where both replace something or, again, one takes out and the other puts in; or so
   few words that both neighbours are four times longer. Never across a sentence's end, and a number is never a small word.
3. **Rewrite.** Where less than a fifth of the words of the longer side stays, in pieces, the text was rewritten and is shown
   as one replacement.
4. **Trim.** Tokens that a grouped change takes out and puts back at its edge return to the common text.
"""

from __future__ import annotations

from collections.abc import Sequence

from declaration.text.script import Hunk
from declaration.text.tokens import LINE_ENDS, is_word

_SMALL_WORDS_BY_LANGUAGE = {
    "en": "with from that this which their into upon over under between among such other",
    "az": "üçün olan kimi digər bütün",
    "tr": "için olan gibi diğer bütün üzere",
    "uz": "uchun bilan ushbu hamda boshqa barcha",
    "kk": "үшін және осы барлық басқа туралы",
    "ky": "үчүн жана менен ушул бардык башка",
    "tk": "üçin bilen beýleki ähli",
    "hu": "hogy mint vagy való minden ezen valamint",
    "ru": "для или что при этой этого также между",
}

SMALL_WORDS = frozenset(word for words in _SMALL_WORDS_BY_LANGUAGE.values() for word in words.split())
"""Words longer than three letters that carry no content by themselves, in the languages served."""

_SENTENCE_ENDS = frozenset(".;:!?…。")
_MAX_SMALL = 2


def tidy(old: Sequence[str], new: Sequence[str], raw: Sequence[Hunk], *, whole: frozenset[str] = frozenset()) -> list[Hunk]:
    """Return the hunks as a reader wants them; they still turn ``old`` into ``new``.

    :param whole: tokens that stand for long stretches which stay: what has one between its changes was not rewritten.
    """
    if not raw:
        return []
    slid = _slide_all(old, new, raw)
    grouped = _group(old, slid)
    if _rewritten(old, new, grouped, whole):
        grouped = [_span(grouped[0], grouped[-1])]
    trimmed = [_trim(old, new, hunk) for hunk in grouped]
    return _settle(old, new, trimmed)


# -- slide -------------------------------------------------------------------


def _slide_all(old: Sequence[str], new: Sequence[str], raw: Sequence[Hunk]) -> list[Hunk]:
    result: list[Hunk] = []
    for position, hunk in enumerate(raw):
        a0, a1, b0, b1 = hunk
        if a0 != a1 and b0 != b1:
            result.append(hunk)
            continue
        left_wall = result[-1][1] if result else 0
        right_wall = raw[position + 1][0] if position + 1 < len(raw) else len(old)
        left, right = _room(old, new, hunk, left_wall, right_wall)
        if result and a0 - left == left_wall:
            before = result.pop()
            result.append((before[0], a1 - left, before[2], b1 - left))
        elif position + 1 < len(raw) and a1 + right == right_wall:
            result.append((a0 + right, a1 + right, b0 + right, b1 + right))
        else:
            shift = _best_shift(old, new, hunk, left, right)
            result.append((a0 + shift, a1 + shift, b0 + shift, b1 + shift))
    return _joined(result)


def _room(old: Sequence[str], new: Sequence[str], hunk: Hunk, left_wall: int, right_wall: int) -> tuple[int, int]:
    """How far a pure insertion or deletion can move left and right and still say the same."""
    a0, a1, b0, b1 = hunk
    run, start, end = (new, b0, b1) if a0 == a1 else (old, a0, a1)
    left = right = 0
    while a0 - left > left_wall and old[a0 - left - 1] == run[end - left - 1]:
        left += 1
    while a1 + right < right_wall and old[a1 + right] == run[start + right]:
        right += 1
    return left, right


def _best_shift(old: Sequence[str], new: Sequence[str], hunk: Hunk, left: int, right: int) -> int:
    if not left and not right:
        return 0
    a0, a1, b0, b1 = hunk
    run, start, end = (new, b0, b1) if a0 == a1 else (old, a0, a1)
    best, best_score = 0, -1
    for shift in range(-left, right + 1):
        before = run[start + shift - 1] if start + shift > 0 else "\n"
        after = run[end + shift] if end + shift < len(run) else "\n"
        score = _edge(before, run[start + shift]) + _edge(run[end + shift - 1], after)
        if score >= best_score:
            best, best_score = shift, score
    return best


def _edge(left: str, right: str) -> int:
    """How good a place between two tokens is for the edge of a change; higher is better."""
    if left in LINE_ENDS or right in LINE_ENDS:
        return 6
    if left.isspace():
        return 5 if is_word(right) else 4
    if left in _SENTENCE_ENDS:
        return 4
    if right.isspace():
        return 2
    return 1 if left in ",(" or right in ",)" else 0


def _joined(hunks: Sequence[Hunk]) -> list[Hunk]:
    result: list[Hunk] = []
    for hunk in hunks:
        if result and result[-1][1] == hunk[0]:
            result.append(_span(result.pop(), hunk))
        else:
            result.append(hunk)
    return result


def _span(first: Hunk, last: Hunk) -> Hunk:
    """One change from the beginning of ``first`` to the end of ``last``."""
    return first[0], last[1], first[2], last[3]


# -- group -------------------------------------------------------------------


def _group(old: Sequence[str], hunks: Sequence[Hunk]) -> list[Hunk]:
    """Join neighbours over islands that carry nothing, until nothing more joins."""
    before = list(hunks)
    while True:
        stack: list[Hunk] = []
        for hunk in before:
            joins = bool(stack) and _carries_nothing(old, stack[-1], hunk)
            stack.append(_span(stack.pop(), hunk) if joins else hunk)
        if len(stack) == len(before):
            return stack
        before = stack


def _carries_nothing(old: Sequence[str], left: Hunk, right: Hunk) -> bool:
    start, end = left[1], right[0]
    # A long island always stays, and need not be counted: neighbours would have to be four times longer still.
    if end - start > 64:
        return False
    small = content = 0
    space_only = True
    for token in old[start:end]:
        if token.isspace():
            if token in LINE_ENDS:
                return False
            continue
        space_only = False
        if not is_word(token):
            if token in _SENTENCE_ENDS or len(token) > 8:
                return False
        elif _is_small(token):
            small += 1
        else:
            content += 1
    if space_only:
        return True
    if not content and small <= _MAX_SMALL and _meet(left, right, fully=small > 0):
        return True
    return 4 * (small + content) <= min(_length(left), _length(right))


def _is_small(token: str) -> bool:
    return (len(token) <= 3 and token.isalpha()) or token.lower() in SMALL_WORDS


def _meet(left: Hunk, right: Hunk, *, fully: bool) -> bool:
    """Whether a coincidence between two changes is likely: both replace something, or one takes out and the other puts in.

    Two insertions or two deletions stay apart, and a word between a replacement and an insertion is there for itself (``fully``).
    """
    takes, adds = (left[0] < left[1], right[0] < right[1]), (left[2] < left[3], right[2] < right[3])
    if fully:
        return all(takes) == all(adds)
    return any(takes) and any(adds)


def _length(hunk: Hunk) -> int:
    """The length of a change in words, near enough: every second token is a space."""
    return (max(hunk[1] - hunk[0], hunk[3] - hunk[2]) + 1) // 2


# -- rewrite, trim, settle -----------------------------------------------------


def _rewritten(old: Sequence[str], new: Sequence[str], hunks: Sequence[Hunk], whole: frozenset[str]) -> bool:
    if len(hunks) < 3:
        return False
    a0, a1, b0, b1 = hunks[0][0], hunks[-1][1], hunks[0][2], hunks[-1][3]
    if whole and not whole.isdisjoint(old[a0:a1]):
        return False
    changed = 0
    for hunk in hunks:
        changed += hunk[1] - hunk[0]
    middle = a1 - a0
    if 5 * (middle - changed) >= max(middle, b1 - b0):
        return False
    return LINE_ENDS.isdisjoint(old[a0:a1]) and LINE_ENDS.isdisjoint(new[b0:b1])


def _trim(old: Sequence[str], new: Sequence[str], hunk: Hunk) -> Hunk:
    a0, a1, b0, b1 = hunk
    while a0 < a1 and b0 < b1 and old[a0] == new[b0]:
        a0 += 1
        b0 += 1
    while a1 > a0 and b1 > b0 and old[a1 - 1] == new[b1 - 1]:
        a1 -= 1
        b1 -= 1
    return a0, a1, b0, b1


def _settle(old: Sequence[str], new: Sequence[str], hunks: Sequence[Hunk]) -> list[Hunk]:
    """Give trimmed insertions and deletions their best place, and keep at least one token that is no space between changes."""
    result: list[Hunk] = []
    for position, hunk in enumerate(hunks):
        a0, a1, b0, b1 = hunk
        if a0 == a1 and b0 == b1:
            continue
        if a0 == a1 or b0 == b1:
            left_wall = result[-1][1] if result else 0
            right_wall = hunks[position + 1][0] if position + 1 < len(hunks) else len(old)
            left, right = _room(old, new, hunk, left_wall, right_wall)
            shift = _best_shift(old, new, hunk, left, right)
            a0, a1, b0, b1 = a0 + shift, a1 + shift, b0 + shift, b1 + shift
        settled = (a0, a1, b0, b1)
        if result and all(token.isspace() and token not in LINE_ENDS for token in old[result[-1][1] : a0]):
            settled = _span(result.pop(), settled)
        result.append(settled)
    return result
