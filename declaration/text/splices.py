"""Splices: a change as exact offsets of an exact text.

A splice ``(start, end, text)`` replaces the code points ``start`` to ``end`` of a base text in NFC by ``text``. The splices of one
unit are sorted and do not touch: between two of them stands at least one code point. They are computed once, by the redline, when
a proposal is submitted, and are signed with it; from then on applying them needs no diff:

    apply_splices("within thirty days", [(7, 13, "sixty")])  ->  "within sixty days"

This is what the verifier applies. It refuses everything that has two readings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from declaration.errors import Malformed

Splice = tuple[int, int, str]


def check_splices(splices: Sequence[Splice], length: int) -> None:
    """Refuse splices that a base of ``length`` code points cannot take in one way only.

    :raises Malformed: ``splice.outside``, ``splice.unsorted`` (also overlapping), ``splice.touching``, ``splice.empty`` (changes
        nothing), ``splice.letters`` (not NFC, or more than one line).
    """
    previous = -1
    for start, end, text in splices:
        if not 0 <= start <= end <= length:
            raise Malformed(f"splice {start}-{end} lies outside a text of {length} characters", code="splice.outside")
        if start < previous:
            raise Malformed(f"splice {start}-{end} begins before the one before it ends", code="splice.unsorted")
        if start == previous:
            raise Malformed(f"splice {start}-{end} touches the one before it", code="splice.touching")
        if start == end and not text:
            raise Malformed(f"splice {start}-{end} changes nothing", code="splice.empty")
        if "\n" in text or "\r" in text or not unicodedata.is_normalized("NFC", text):
            raise Malformed(f"the text of splice {start}-{end} is not one line in NFC", code="splice.letters")
        previous = end


def apply_splices(text: str, splices: Sequence[Splice]) -> str:
    """Return ``text`` with every splice applied; offsets are those of ``text``.

    :raises Malformed: as :func:`check_splices`, and ``splice.empty`` where a splice puts back the words it takes out, and
        ``splice.letters`` where the result is not in NFC (a combining mark put after a letter).
    """
    check_splices(splices, len(text))
    parts: list[str] = []
    position = 0
    for start, end, new in splices:
        if text[start:end] == new:
            raise Malformed(f"splice {start}-{end} puts back what it takes out", code="splice.empty")
        parts += text[position:start], new
        position = end
    parts.append(text[position:])
    result = "".join(parts)
    if not unicodedata.is_normalized("NFC", result):
        raise Malformed("the splices give a text that is not in NFC", code="splice.letters")
    return result


def invert(text: str, splices: Sequence[Splice]) -> list[Splice]:
    """Return the splices that turn ``apply_splices(text, splices)`` back into ``text``."""
    check_splices(splices, len(text))
    inverse: list[Splice] = []
    shift = 0
    for start, end, new in splices:
        inverse.append((start + shift, start + shift + len(new), text[start:end]))
        shift += len(new) - (end - start)
    return inverse


def parse_splices(value: object) -> list[Splice]:
    """Read splices from JSON: a list of ``[start, end, "text"]``.

    :raises Malformed: ``splice.malformed``
    """
    if not isinstance(value, list):
        raise Malformed("splices are not a list", code="splice.malformed")
    return [_parse_one(item) for item in value]


def _parse_one(item: object) -> Splice:
    if isinstance(item, list) and len(item) == 3:
        start, end, text = item
        # bool is an int in Python; true is not an offset.
        if type(start) is int and type(end) is int and isinstance(text, str):
            return start, end, text
    raise Malformed("a splice is not [start, end, text]", code="splice.malformed")


def splices_json(splices: Iterable[Splice]) -> list[list[int | str]]:
    """Return splices as JSON values, the counterpart of :func:`parse_splices`."""
    return [[start, end, text] for start, end, text in splices]
