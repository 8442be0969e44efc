"""The same pairs marked by other libraries on our tokens, and what a reader would stumble over in the result."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from rapidfuzz.distance import Indel

from declaration.text.tokens import is_word, tokens

Pairs = Sequence[tuple[str, str]]
Marked = list[list[tuple[int, str]]]


def by_difflib(pairs: Pairs) -> Marked:
    return [opcodes(difflib.SequenceMatcher(None, tokens(a), tokens(b), autojunk=False).get_opcodes(), a, b) for a, b in pairs]


def by_rapidfuzz(pairs: Pairs) -> Marked:
    return [opcodes([tuple(found) for found in Indel.opcodes(tokens(a), tokens(b))], a, b) for a, b in pairs]


def opcodes(found: Sequence[tuple[str, int, int, int, int]], old: str, new: str) -> list[tuple[int, str]]:
    a, b = tokens(old), tokens(new)
    pieces: list[tuple[int, str]] = []
    for tag, a0, a1, b0, b1 in found:
        if tag == "equal":
            pieces.append((0, "".join(a[a0:a1])))
            continue
        pieces += [(-1, "".join(a[a0:a1]))] if a1 > a0 else []
        pieces += [(1, "".join(b[b0:b1]))] if b1 > b0 else []
    return pieces


def islands(marked: Marked) -> int:
    """Stretches without a word of more than three letters that stand between two replacements."""
    count = 0
    for pieces in marked:
        for before, middle, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
            if before[0] and after[0] and not middle[0] and not any(is_word(t) and len(t) > 3 for t in tokens(middle[1])):
                count += middle[1] not in (". ", "; ", ": ")
    return count
