"""Which proposals on one unit change the same words.

Two changes collide when they overlap, or touch: when nothing or only space stands between them. ``thirty`` replaced by ``sixty`` and
``working `` put in before ``days`` collide, because neither author has seen *sixty working days*. The same change made twice is no
collision.

Changes that collide directly or through others form one **region** of the base text. Regions are found in one pass over the sorted
changes, so that hundreds of proposals on one paragraph cost no more than sorting them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from declaration.text.splices import Splice


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a base text and everything proposed inside it.

    :param changes: every different splice in the region, in order, with the names of all who propose it.
    """

    start: int
    end: int
    changes: tuple[tuple[Splice, tuple[str, ...]], ...]

    def by_name(self) -> dict[str, tuple[Splice, ...]]:
        """Return what each proposal does in this region."""
        result: dict[str, list[Splice]] = {}
        for splice, names in self.changes:
            for name in names:
                result.setdefault(name, []).append(splice)
        return {name: tuple(result[name]) for name in sorted(result)}

    @property
    def disputed(self) -> bool:
        """Whether two proposals want different things here.

        One that wants all that the others want, and more, agrees with them: its author has seen those words together.
        """
        wanted = {frozenset(splices) for splices in self.by_name().values()}
        most = max(wanted, key=len)
        return not all(one <= most for one in wanted)


@dataclass(frozen=True, slots=True)
class Collision:
    """A disputed region, for the Chair's table.

    :param between: the proposals that meet here, by name.
    :param words: the base text of the region, widened to whole words where it is only a place between two.
    """

    between: tuple[str, ...]
    start: int
    end: int
    words: str


def regions(base: str, proposals: Mapping[str, Sequence[Splice]]) -> list[Region]:
    """Return the regions of ``base`` that proposals change, from left to right; each proposal's splices are sorted."""
    who: dict[Splice, list[str]] = {}
    for name in sorted(proposals):
        for splice in proposals[name]:
            who.setdefault(splice, []).append(name)
    found: list[Region] = []
    members: list[tuple[Splice, tuple[str, ...]]] = []
    start, end, reach = 0, 0, -1
    for splice in sorted(who):
        if members and splice[0] > reach:
            found.append(Region(start, end, tuple(members)))
            members = []
        if not members:
            start, end = splice[0], splice[1]
        members.append((splice, tuple(who[splice])))
        end = max(end, splice[1])
        reach = _past_space(base, end)
    if members:
        found.append(Region(start, end, tuple(members)))
    return found


def collisions(base: str, proposals: Mapping[str, Sequence[Splice]]) -> list[Collision]:
    """Return what collides in ``base``, from left to right; the order of the proposals does not matter."""
    return [
        Collision(tuple(region.by_name()), region.start, region.end, words_at(base, region.start, region.end))
        for region in regions(base, proposals)
        if region.disputed
    ]


def touching(base: str, one: Splice, other: Splice) -> bool:
    """Say whether two splices overlap, or have nothing but space between them."""
    first, second = sorted((one, other))
    return second[0] <= _past_space(base, first[1])


def words_at(base: str, start: int, end: int) -> str:
    """Return the words of ``base`` from ``start`` to ``end``; for a place between two characters, the words on either side."""
    words = base[start:end].strip()
    if words:
        return words
    left, right = base[:start].rstrip(), base[end:].lstrip()
    return f"{left[left.rfind(' ') + 1 :]} {right.partition(' ')[0]}".strip()


def _past_space(base: str, position: int) -> int:
    while position < len(base) and base[position].isspace():
        position += 1
    return position


def sentences(base: str, splices: Iterable[Splice]) -> list[int]:
    """Return for each splice the number of the sentence that it begins in."""
    ends = _ends_of_sentences(base)
    return [bisect_left(ends, start) for start, _, _ in splices]


# The same few paragraphs are asked about for every proposal on them.
@lru_cache(maxsize=256)
def _ends_of_sentences(base: str) -> tuple[int, ...]:
    return tuple(match.start() for match in _SENTENCE_END.finditer(base))


_SENTENCE_END = re.compile(r"[.;!?](?= |\Z)")
