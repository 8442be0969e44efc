"""Units: the paragraphs of a declaration, identified by an id that never changes.

A unit is a title, a date line, a chapeau, a preambular paragraph, a heading, an operative paragraph, a list item (under a paragraph
or another item, three levels deep) or a testimonium. Its id (``PP3``, ``OP5``, ``OP8bis``) identifies it for good; its
number is computed (:mod:`declaration.text.numbering`) and is no part of its text. In each language its text is one line in NFC, and
its hash is the SHA-256 of those bytes alone: no id, no number, no line end.

A text is a sequence of units in document order; what all languages share (id, kind, parent, order) is said once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from declaration.errors import Malformed
from declaration.protocol.encoding import sha256_hex

Kind = Literal["title", "dateline", "chapeau", "preambular", "heading", "operative", "item", "testimonium"]

KINDS: tuple[Kind, ...] = get_args(Kind)

MAX_ITEM_LEVEL = 3

_ID = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,31}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its text in every language it has.

    :param text: by language code; one line, NFC.
    :param parent: for an item the id of the operative paragraph or item that it belongs to, otherwise ``None``.
    """

    id: str
    kind: Kind
    text: Mapping[str, str] = field(hash=False)
    parent: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", MappingProxyType(dict(self.text)))

    def hashes(self) -> dict[str, str]:
        """Return the unit hash in every language."""
        return {language: unit_hash(text) for language, text in self.text.items()}


@dataclass(frozen=True, slots=True)
class UnitText:
    """A unit in one language: what edits apply to."""

    id: str
    kind: Kind
    text: str
    parent: str | None = None


def unit_hash(text: str) -> str:
    """Return the SHA-256 of the bare text, 64 hexadecimal digits; the same as that of a manifest, but of any text."""
    return sha256_hex(text.encode())


def in_language(units: Iterable[Unit], language: str) -> list[UnitText]:
    """Return the units that have a text in ``language``, in document order."""
    return [UnitText(unit.id, unit.kind, unit.text[language], unit.parent) for unit in units if language in unit.text]


def of_kind(kind: str) -> Kind:
    """Return ``kind`` if it is one of :data:`KINDS`.

    :raises Malformed: ``unit.kind``
    """
    for known in KINDS:
        if kind == known:
            return known
    raise Malformed(f"no kind of unit is called {kind!r}", code="unit.kind", instead=f"Use one of: {', '.join(KINDS)}.")


def check_text(text: str, *, where: str) -> None:
    """Refuse a text that is not one line in NFC without space at its ends.

    :raises Malformed: ``unit.text``
    """
    if "\n" in text or "\r" in text or not unicodedata.is_normalized("NFC", text):
        raise Malformed(f"the text of {where} is not one line in NFC", code="unit.text")
    if text != text.strip():
        raise Malformed(f"the text of {where} begins or ends with a space", code="unit.text")


def check_units(units: Sequence[Unit] | Sequence[UnitText]) -> None:
    """Refuse units that do not form one text.

    :raises Malformed: ``unit.id`` (malformed or used twice), ``unit.parent`` (missing, of a wrong kind, or not right before its
        items), ``unit.level`` (a fourth level of items), ``unit.text``, ``unit.kind``.
    """
    levels: dict[str, int] = {}
    open_path: list[str] = []
    for unit in units:
        of_kind(unit.kind)
        if not _ID.fullmatch(unit.id):
            raise Malformed(f"{unit.id!r} is no id: a letter, then up to 31 letters, digits, dots or hyphens", code="unit.id")
        if unit.id in levels:
            raise Malformed(f"the id {unit.id} is used twice", code="unit.id")
        levels[unit.id] = _level(unit, levels, open_path)
        texts = unit.text if isinstance(unit, Unit) else {"": unit.text}
        for language, text in texts.items():
            check_text(text, where=f"{unit.id} ({language})" if language else unit.id)


def _level(unit: Unit | UnitText, levels: Mapping[str, int], open_path: list[str]) -> int:
    """The level of a unit: 0 for what is no item. ``open_path`` holds the paragraph and items that may take another item."""
    if unit.kind != "item":
        if unit.parent is not None:
            raise Malformed(f"{unit.id} has a parent but is no list item", code="unit.parent")
        open_path[:] = [unit.id] if unit.kind in ("operative", "preambular", "chapeau") else []
        return 0
    if unit.parent is None or unit.parent not in open_path:
        raise Malformed(f"the list item {unit.id} does not follow its paragraph {unit.parent}", code="unit.parent")
    level = levels[unit.parent] + 1
    if level > MAX_ITEM_LEVEL:
        raise Malformed(f"the list item {unit.id} stands {level} levels deep; {MAX_ITEM_LEVEL} are allowed", code="unit.level")
    open_path[level:] = [unit.id]
    return level


def misplaced(units: Sequence[Unit] | Sequence[UnitText]) -> tuple[str, Malformed] | None:
    """Return the first unit that does not stand where a text allows it, and what :func:`check_units` says of it."""
    levels: dict[str, int] = {}
    open_path: list[str] = []
    for unit in units:
        try:
            levels[unit.id] = _level(unit, levels, open_path)
        except Malformed as error:
            return unit.id, error
    return None


def item_levels(units: Iterable[Unit] | Iterable[UnitText]) -> dict[str, int]:
    """Return the level (1 to 3) of every list item, by id."""
    levels: dict[str, int] = {}
    for unit in units:
        if unit.kind == "item":
            levels[unit.id] = levels.get(unit.parent or "", 0) + 1
    return levels


# -- languages side by side ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where two languages do not say the same structure.

    :param problem: ``missing`` (the language has no such unit), ``kind``, ``parent``, ``order``.
    """

    unit: str
    language: str
    problem: Literal["missing", "kind", "parent", "order"]


def align(texts: Mapping[str, Sequence[UnitText]], *, lead: str) -> tuple[list[Unit], list[Mismatch]]:
    """Put texts of several languages side by side by id; the language ``lead`` gives order, kind and parent.

    Every mismatch is named. A unit that only another language has is placed after the one it follows there.

    :raises Malformed: ``unit.id`` where a language uses an id twice.
    """
    by_language: dict[str, dict[str, UnitText]] = {}
    for language, units in texts.items():
        by_language[language] = {unit.id: unit for unit in units}
        if len(by_language[language]) != len(units):
            raise Malformed(f"an id is used twice in {language}", code="unit.id")
    others = sorted(language for language in texts if language != lead)
    order, first = _joint_order([lead, *others], by_language)
    mismatches: list[Mismatch] = []
    result: list[Unit] = []
    for unit_id in order:
        shape = first[unit_id]
        found: dict[str, str] = {}
        for language in [lead, *others]:
            unit = by_language[language].get(unit_id)
            if unit is None:
                mismatches.append(Mismatch(unit_id, language, "missing"))
                continue
            found[language] = unit.text
            if unit.kind != shape.kind:
                mismatches.append(Mismatch(unit_id, language, "kind"))
            if unit.parent != shape.parent:
                mismatches.append(Mismatch(unit_id, language, "parent"))
        result.append(Unit(unit_id, shape.kind, found, shape.parent))
    positions = {unit_id: position for position, unit_id in enumerate(order)}
    for language in others:
        highest = -1
        for unit_id in by_language[language]:
            if positions[unit_id] < highest:
                mismatches.append(Mismatch(unit_id, language, "order"))
            highest = max(highest, positions[unit_id])
    return result, mismatches


def _joint_order(languages: Sequence[str], texts: Mapping[str, Mapping[str, UnitText]]) -> tuple[list[str], dict[str, UnitText]]:
    order: list[str] = list(texts[languages[0]])
    first: dict[str, UnitText] = dict(texts[languages[0]])
    for language in languages[1:]:
        previous: str | None = None
        for unit_id, unit in texts[language].items():
            if unit_id not in first:
                first[unit_id] = unit
                order.insert(order.index(previous) + 1 if previous is not None else 0, unit_id)
            previous = unit_id
    return order, first


def missing_languages(units: Iterable[Unit], languages: Sequence[str]) -> list[Mismatch]:
    """Name every unit that lacks one of ``languages``."""
    return [Mismatch(unit.id, language, "missing") for unit in units for language in languages if language not in unit.text]
