"""The shortest edit script between two lists of tokens, always the same one.

Both scripts below are minimal: no other removes and inserts fewer tokens. The rule that picks one is a function of the texts alone:

    after the common beginning and end are set aside, with n and m tokens left and d the number of tokens that must be removed or
    inserted (RapidFuzz's Indel distance), diff-match-patch makes the script where (n + m) * d <= 16,384, otherwise RapidFuzz.

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

SEARCH_LIMIT = 16_384

_FIRST_PRIVATE = 0xF0000

_differ = diff_match_patch()
_differ.Diff_Timeout = 0


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return what changed, in order; between two hunks stands at least one common token."""
    head, old_end, new_end = _common_ends(old, new)
    if head == old_end and head == new_end:
        return []
    if head in (old_end, new_end):
        return [(head, old_end, head, new_end)]
    numbers: dict[str, str] = {}
    a = _mapped(old[head:old_end], numbers)
    b = _mapped(new[head:new_end], numbers)
    # Told what is too far, RapidFuzz stops looking as soon as it knows; it then answers one more than that.
    nearest = SEARCH_LIMIT // (len(a) + len(b))
    if Indel.distance(a, b, score_cutoff=nearest) <= nearest:
        return _by_diff_match_patch(a, b, head)
    return _by_rapidfuzz(a, b, head)


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int, int]:
    head = 0
    shorter = min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        head += 1
    old_end, new_end = len(old), len(new)
    while old_end > head and new_end > head and old[old_end - 1] == new[new_end - 1]:
        old_end -= 1
        new_end -= 1
    return head, old_end, new_end


def _mapped(items: Sequence[str], numbers: dict[str, str]) -> str:
    return "".join([numbers.setdefault(item, chr(_FIRST_PRIVATE + len(numbers))) for item in items])


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
