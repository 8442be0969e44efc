"""The shortest edit script between two lists of tokens, always the same one.

Both scripts below are minimal: no other removes and inserts fewer tokens. The rule that picks one is a function of the texts alone:

    after the common beginning and end are set aside, with n and m tokens left and d the number of tokens that must be removed or
    inserted (RapidFuzz's Indel distance), diff-match-patch makes the script where (n + m) * d <= 4,096, otherwise RapidFuzz.

diff-match-patch places changes a little better; its pure-Python search takes (n + m) * d steps and turns quadratic on a rewritten
paragraph (7 s at 20,000 characters), where RapidFuzz takes milliseconds. ``Diff_Timeout`` is 0: with the default, the redline
would depend on how busy the machine is. Tokens are mapped to private-use code points numbered from zero for every pair, so that a
redline does not depend on earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

Hunk = tuple[int, int, int, int]
"""Tokens ``a0`` to ``a1`` of the old list became tokens ``b0`` to ``b1`` of the new one."""

SEARCH_LIMIT = 4_096

_FIRST_PRIVATE, _LAST = 0xF0000, 0x110000

_differ = diff_match_patch()
_differ.Diff_Timeout = 0


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return what changed, in order; between two hunks stands at least one common token."""
    numbers = dict(zip(dict.fromkeys([*old, *new]), map(chr, range(_FIRST_PRIVATE, _LAST)), strict=False))
    a, b = "".join(map(numbers.__getitem__, old)), "".join(map(numbers.__getitem__, new))
    head = common_beginning(a, b)
    tail = min(common_beginning(a[::-1], b[::-1]), len(a) - head, len(b) - head)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not a or not b:
        return [(head, head + len(a), head, head + len(b))] if a or b else []
    # Told what is too far, RapidFuzz stops looking as soon as it knows; it then answers one more than that.
    nearest = SEARCH_LIMIT // (len(a) + len(b))
    if Indel.distance(a, b, score_cutoff=nearest) <= nearest:
        return _by_diff_match_patch(a, b, head)
    return _by_rapidfuzz(a, b, head)


def common_beginning(one: str, other: str) -> int:
    """Return the length of the common beginning of two texts, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _by_diff_match_patch(a: str, b: str, head: int) -> list[Hunk]:
    result: list[Hunk] = []
    at_a = at_b = head
    start_a, start_b = at_a, at_b
    for operation, run in _differ.diff_main(a, b, False):
        if operation == 0:
            if (start_a, start_b) != (at_a, at_b):
                result.append((start_a, at_a, start_b, at_b))
            at_a += len(run)
            at_b += len(run)
            start_a, start_b = at_a, at_b
        elif operation < 0:
            at_a += len(run)
        else:
            at_b += len(run)
    if (start_a, start_b) != (at_a, at_b):
        result.append((start_a, at_a, start_b, at_b))
    return result


def _by_rapidfuzz(a: str, b: str, head: int) -> list[Hunk]:
    result: list[Hunk] = []
    for operation in Indel.opcodes(a, b):
        if operation.tag == "equal":
            continue
        a0, a1 = operation.src_start + head, operation.src_end + head
        b0, b1 = operation.dest_start + head, operation.dest_end + head
        if result and result[-1][1] == a0 and result[-1][3] == b0:
            a0, _, b0, _ = result.pop()
        result.append((a0, a1, b0, b1))
    return result
