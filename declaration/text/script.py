"""The shortest edit script between two lists of tokens, always the same one.

The script is minimal: no other removes and inserts fewer tokens. The rule that picks one is a function of the texts alone:

1. RapidFuzz's Indel finds a minimal script. Where it keeps ``LONG_RUN`` tokens or more in a row, they stay; between two such
   runs lies a gap, which gets ``GAP_MARGIN`` tokens of the runs back on either side;
2. in a gap with n and m tokens, d of them removed or inserted, diff-match-patch looks again where (n + m) * d <= 1,024, because it
   places changes a little better. Both are minimal in the gap, so the whole stays minimal.

diff-match-patch is pure Python and takes (n + m) * d steps: over a whole paragraph it took longer than everything else together,
and it turns quadratic on a rewritten one (7 s at 20,000 characters), where RapidFuzz takes milliseconds. ``Diff_Timeout`` is 0: with
the default, the redline would depend on how busy the machine is. Tokens are mapped to private-use code points numbered from zero
for every pair, so that a redline does not depend on earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

Hunk = tuple[int, int, int, int]
"""Tokens ``a0`` to ``a1`` of the old list became tokens ``b0`` to ``b1`` of the new one."""

SEARCH_LIMIT = 1_024
LONG_RUN = 12
GAP_MARGIN = 6

_FIRST_PRIVATE, _LAST = 0xF0000, 0x110000

_differ = diff_match_patch()
_differ.Diff_Timeout = 0


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return what changed, in order; between two hunks stands at least one common token."""
    script = _by_rapidfuzz(old, new)
    if len(script) < 2:
        return script
    result: list[Hunk] = []
    for gap in _gaps(script):
        result += _placed(old, new, gap)
    return result


def _gaps(script: list[Hunk]) -> list[list[Hunk]]:
    """The hunks in groups, with a long run of kept tokens between two groups."""
    gaps: list[list[Hunk]] = []
    for hunk in script:
        if gaps and hunk[0] - gaps[-1][-1][1] < LONG_RUN:
            gaps[-1].append(hunk)
        else:
            gaps.append([hunk])
    return gaps


def _placed(old: Sequence[str], new: Sequence[str], gap: list[Hunk]) -> list[Hunk]:
    """The hunks of one gap as diff-match-patch places them, where that is worth its time."""
    first, last = gap[0], gap[-1]
    # One insertion or deletion has its place found by whoever reads the hunks; one replacement stands where it stands.
    if len(gap) == 1:
        return gap
    start = min(first[0], first[2], GAP_MARGIN)
    end = min(len(old) - last[1], len(new) - last[3], GAP_MARGIN)
    a0, a1, b0, b1 = first[0] - start, last[1] + end, first[2] - start, last[3] + end
    changed = sum(hunk[1] - hunk[0] + hunk[3] - hunk[2] for hunk in gap)
    if (a1 - a0 + b1 - b0) * changed > SEARCH_LIMIT:
        return gap
    a, b = _numbered(old[a0:a1], new[b0:b1])
    return _by_diff_match_patch(a, b, a0, b0)


def _numbered(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """Two lists as texts of one character a token."""
    numbers = dict(zip(dict.fromkeys([*old, *new]), map(chr, range(_FIRST_PRIVATE, _LAST)), strict=False))
    return "".join(map(numbers.__getitem__, old)), "".join(map(numbers.__getitem__, new))


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


def common_end(one: str, other: str) -> int:
    """Return the length of the common end of two texts, by halving."""
    low, high = 0, min(len(one), len(other))
    at, at_other = len(one), len(other)
    while low < high:
        middle = (low + high + 1) // 2
        if one[at - middle : at - low] == other[at_other - middle : at_other - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _by_diff_match_patch(a: str, b: str, at_a: int, at_b: int) -> list[Hunk]:
    result: list[Hunk] = []
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


def _by_rapidfuzz(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    script = _indel(old, new)
    # RapidFuzz compares the hashes of words. Should two words ever share one, numbers tell them apart.
    if all(old[a0 : a0 + length] == new[b0 : b0 + length] for a0, b0, length in _kept(script, len(old))):
        return script
    return _indel(*_numbered(old, new))


def _indel(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    result: list[Hunk] = []
    for found in Indel.opcodes(old, new):
        if found.tag == "equal":
            continue
        a0, a1, b0, b1 = found.src_start, found.src_end, found.dest_start, found.dest_end
        if result and result[-1][1] == a0 and result[-1][3] == b0:
            before = result.pop()
            result.append((before[0], a1, before[2], b1))
        else:
            result.append((a0, a1, b0, b1))
    return result


def _kept(script: Sequence[Hunk], length: int) -> Iterator[tuple[int, int, int]]:
    """What stays between the hunks: where it begins on either side, and how long it is."""
    at = at_new = 0
    for a0, a1, _b0, b1 in script:
        yield at, at_new, a0 - at
        at, at_new = a1, b1
    yield at, at_new, length - at
