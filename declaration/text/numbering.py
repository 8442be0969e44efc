"""Numbers and labels: display, computed from the order of units, the same in every language.

* operative paragraphs: ``1``, ``2``, ``3`` through all sections;
* headings: ``A``, ``B`` … ``Z``, ``AA``;
* list items: ``(a)``, ``(i)``, ``a.`` by level, each counted under its parent;
* everything else has none.

Until a text is renumbered, the numbers that an earlier version gave are kept, and a paragraph put in takes the number of the one
before it with *bis*, *ter*, *quater*: ``8 bis``. Before the first stands ``0 bis``. Only operative numbers enter a
manifest (:func:`number_of`); every other label is for reading (:func:`labels`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from declaration.errors import Malformed
from declaration.text.units import Unit, UnitText, item_levels

ADVERBS = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies")

Units = Sequence[Unit] | Sequence[UnitText]


def number_of(units: Units, kept: Mapping[str, str | None] | None = None) -> dict[str, str | None]:
    """Return the number of every unit, by id: operative paragraphs have one, all others ``None``.

    :param kept: numbers of an earlier version that stay (until renumbering); without it everything is numbered from 1.
    :raises Malformed: ``number.exhausted`` (more than nine insertions after one number), ``number.twice``.
    """
    numbers: dict[str, str | None] = {unit.id: None for unit in units}
    operative = [unit.id for unit in units if unit.kind == "operative"]
    known = {unit_id: kept[unit_id] for unit_id in operative if kept and kept.get(unit_id)}
    if not known:
        numbers.update({unit_id: str(position) for position, unit_id in enumerate(operative, 1)})
        return numbers
    taken = set(known.values())
    if len(taken) != len(known):
        raise Malformed("two paragraphs keep the same number", code="number.twice")
    stem = "0"
    for unit_id in operative:
        number = known.get(unit_id)
        if number is None:
            number = _inserted(stem, taken)
            taken.add(number)
        else:
            # A paragraph put in after "8 bis" continues that row: "8 ter".
            stem = number.split(" ")[0]
        numbers[unit_id] = number
    return numbers


def _inserted(stem: str, taken: set[str | None]) -> str:
    for adverb in ADVERBS:
        number = f"{stem} {adverb}"
        if number not in taken:
            return number
    problem = f"more than {len(ADVERBS)} paragraphs stand after {stem}"
    raise Malformed(problem, code="number.exhausted", instead="Renumber the text.")


def labels(units: Units, kept: Mapping[str, str | None] | None = None) -> dict[str, str | None]:
    """Return what is printed before every unit, by id: ``A`` for a heading, ``5`` or ``8 bis``, ``(a)``, ``(i)``, ``a.``."""
    result = number_of(units, kept)
    levels = item_levels(units)
    counts: dict[str | None, int] = {}
    headings = 0
    for unit in units:
        if unit.kind == "heading":
            headings += 1
            result[unit.id] = letters(headings).upper()
        elif unit.kind == "item":
            counts[unit.parent] = counts.get(unit.parent, 0) + 1
            result[unit.id] = item_label(levels[unit.id], counts[unit.parent])
    return result


def item_label(level: int, position: int) -> str:
    """Return the label of the ``position``-th item (from 1) of a list at ``level`` 1, 2 or 3."""
    if level == 1:
        return f"({letters(position)})"
    return f"({roman(position)})" if level == 2 else f"{letters(position)}."


def letters(position: int) -> str:
    """Return ``a`` for 1, ``z`` for 26, ``aa`` for 27: bijective base 26."""
    name = ""
    while position > 0:
        position, rest = divmod(position - 1, 26)
        name = chr(97 + rest) + name
    return name


_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def roman(position: int) -> str:
    """Return a small Roman numeral: ``iv`` for 4."""
    name = ""
    for value, sign in _ROMAN:
        while position >= value:
            name += sign
            position -= value
    return name
