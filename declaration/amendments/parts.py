"""The parts of a proposal: what it does to one paragraph, in the words in which a person says it.

==============  ==========================================================================================================
``op``          what somebody fills in
==============  ==========================================================================================================
replace         ``text``: the paragraph as it would read
insert_after    ``text``: the new paragraph, behind ``unit``
delete          nothing
move            ``target``: the paragraph that it goes behind; empty for the beginning
split           ``text``: the paragraph's own words, with a line end wherever it is cut
join            ``target``: the paragraph whose words are put behind those of ``unit``
==============  ==========================================================================================================

``base`` is the hash of the words that the person had before them. From here to the edits that are signed:
:mod:`declaration.amendments.composing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.errors import Malformed

OPS = ("replace", "insert_after", "delete", "move", "split", "join")
MOST = 20
"""Parts that one proposal may have; the statement has a size."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,31}")


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph's share of a proposal; see the module."""

    op: str
    unit: str
    text: str = ""
    target: str | None = None
    base: str = ""

    @property
    def json(self) -> dict[str, str | None]:
        """As a draft keeps it."""
        return {"op": self.op, "unit": self.unit, "text": self.text, "target": self.target, "base": self.base}


def part_of(found: Mapping[str, str | None]) -> Part:
    """A part as a draft kept it.

    :raises Malformed: ``amendment.op``
    """
    op = found.get("op") or ""
    if op not in OPS:
        raise Malformed(f"unknown kind of proposal: {op}", code="amendment.op")
    return Part(op, found.get("unit") or "", found.get("text") or "", found.get("target"), found.get("base") or "")


def parts_of_form(form: Mapping[str, str], unit: str) -> list[Part]:
    """The parts in a form: the first in ``op``, ``unit``, ``text``, ``target``, ``base``, the others with ``-1``, ``-2`` … behind.

    :param unit: the paragraph of the page, where the form names none.
    :raises Malformed: ``amendment.op``, ``amendment.unit``, ``amendment.parts``
    """
    found: list[Part] = []
    number = 0
    while number == 0 or f"op-{number}" in form:
        if number >= MOST:
            raise Malformed("this amendment has too many parts", code="amendment.parts", instead="Submit it as two amendments.")
        found.append(_part(form, f"-{number}" if number else "", unit if number == 0 else ""))
        number += 1
    return found


def _part(form: Mapping[str, str], suffix: str, unit: str) -> Part:
    op = form.get("op" + suffix) or "replace"
    about = form.get("unit" + suffix) or unit
    target = form.get("target" + suffix)
    if op not in OPS:
        raise Malformed(f"unknown kind of proposal: {op[:20]}", code="amendment.op")
    if not _ID.fullmatch(about) or (target and not _ID.fullmatch(target)):
        raise Malformed("this is no paragraph", code="amendment.unit", instead="Choose one that the text has.")
    return Part(op, about, form.get("text" + suffix, ""), target, form.get("base" + suffix, "")[:64])


def without(parts: Sequence[Part], number: int) -> list[Part]:
    """All but one; the last that is left stays."""
    return [each for place, each in enumerate(parts) if place != number] if len(parts) > 1 else list(parts)
