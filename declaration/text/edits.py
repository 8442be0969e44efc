"""Edits: what one amendment does to units, as its signed statement carries it.

    {"base": "<unit hash>", "op": "replace", "splices": [[start, end, "text"], …], "unit": id}
    {"after": id|null, "base": null, "kind": "operative", "op": "insert_after", "parent": id|null,
     "splices": [[0, 0, "text"]], "unit": new id}
    {"base": hash, "op": "delete", "splices": [], "unit": id}
    {"after": id|null, "base": hash, "op": "move", "splices": [], "unit": id}
    {"at": [offset, …], "base": hash, "into": [id, id, …], "op": "split", "splices": [], "unit": id}
    {"base": hash, "op": "join", "separator": " ", "splices": [], "unit": id, "with": [[id, hash], …]}

``after`` null means at the very beginning. A split names one part more than it has offsets; the space on either side of a cut is
dropped; a part may keep the unit's own id. A join appends the named units to ``unit``. Deleting or moving a paragraph takes its list
items with it. Fields other than these are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from declaration.errors import Malformed
from declaration.protocol.encoding import JSON
from declaration.text.splices import Splice, check_splices, parse_splices, splices_json
from declaration.text.units import Kind, of_kind


@dataclass(frozen=True, slots=True)
class Replace:
    """Change words of a unit whose hash is ``base``."""

    unit: str
    base: str
    splices: tuple[Splice, ...]


@dataclass(frozen=True, slots=True)
class InsertAfter:
    """Put a new unit after another one, or at the beginning."""

    unit: str
    after: str | None
    kind: Kind
    text: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a unit out, with its list items."""

    unit: str
    base: str


@dataclass(frozen=True, slots=True)
class Move:
    """Put a unit, with its list items, after another one, or at the beginning."""

    unit: str
    base: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Split:
    """Cut a unit at offsets into parts with the ids ``into``."""

    unit: str
    base: str
    at: tuple[int, ...]
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Append other units, each with its hash, to a unit."""

    unit: str
    base: str
    parts: tuple[tuple[str, str], ...]
    separator: str = " "


Edit: TypeAlias = Replace | InsertAfter | Delete | Move | Split | Join


def parse_edits(value: JSON) -> list[Edit]:
    """Read the ``edits`` of a statement: a list, not empty.

    :raises Malformed: ``edit.malformed``, ``edit.twice`` (one unit with the same operation twice), ``splice.…``
    """
    if not isinstance(value, list) or not value:
        raise Malformed("edits are not a list of at least one edit", code="edit.malformed")
    edits = [parse_edit(item) for item in value]
    seen: set[tuple[type[Edit], str]] = set()
    for edit in edits:
        if (type(edit), edit.unit) in seen:
            raise Malformed(f"{edit.unit} has the same operation twice", code="edit.twice")
        seen.add((type(edit), edit.unit))
    return edits


def parse_edit(value: JSON) -> Edit:
    """Read one edit; every field as written above and no other.

    :raises Malformed: ``edit.malformed``, ``splice.…``, ``unit.kind``
    """
    if not isinstance(value, Mapping):
        raise Malformed("an edit is not an object", code="edit.malformed")
    op = value.get("op")
    if not isinstance(op, str) or op not in _READERS:
        raise Malformed(f"no edit is called {op!r}", code="edit.malformed")
    fields, read = _READERS[op]
    if set(value) != {"op", "unit", "base", "splices", *fields}:
        raise Malformed(f"a {op} has other fields than it should", code="edit.malformed")
    return read(value)


def _text(value: Mapping[str, JSON], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not text:
        raise Malformed(f"{name} is not text", code="edit.malformed")
    return text


def _text_or_null(value: Mapping[str, JSON], name: str) -> str | None:
    return None if value[name] is None else _text(value, name)


def _no_splices(value: Mapping[str, JSON]) -> None:
    if value["splices"] != []:
        raise Malformed(f"a {value['op']} has splices", code="edit.malformed")


def _replace(value: Mapping[str, JSON]) -> Edit:
    splices = parse_splices(value["splices"])
    if not splices:
        raise Malformed("a replace changes nothing", code="edit.malformed")
    check_splices(splices, max(end for _, end, _ in splices))  # how long the base is nobody knows here
    return Replace(_text(value, "unit"), _text(value, "base"), tuple(splices))


def _insert_after(value: Mapping[str, JSON]) -> Edit:
    splices = parse_splices(value["splices"])
    if value["base"] is not None or len(splices) != 1 or splices[0][:2] != (0, 0):
        raise Malformed('an insert_after has a base, or other splices than one [0, 0, "text"]', code="edit.malformed")
    check_splices(splices, 0)
    kind = of_kind(_text(value, "kind"))
    return InsertAfter(_text(value, "unit"), _text_or_null(value, "after"), kind, splices[0][2], _text_or_null(value, "parent"))


def _delete(value: Mapping[str, JSON]) -> Edit:
    _no_splices(value)
    return Delete(_text(value, "unit"), _text(value, "base"))


def _move(value: Mapping[str, JSON]) -> Edit:
    _no_splices(value)
    return Move(_text(value, "unit"), _text(value, "base"), _text_or_null(value, "after"))


def _split(value: Mapping[str, JSON]) -> Edit:
    _no_splices(value)
    at, into = value["at"], value["into"]
    if not isinstance(at, list) or not isinstance(into, list) or not at or len(into) != len(at) + 1 or len(set(into)) != len(into):
        raise Malformed("a split does not name one part more than it has offsets", code="edit.malformed")
    offsets = [offset for offset in at if type(offset) is int and offset > 0]
    names = [name for name in into if isinstance(name, str) and name]
    if len(offsets) != len(at) or len(names) != len(into) or offsets != sorted(set(offsets)):
        raise Malformed("the offsets of a split do not rise, or a part has no id", code="edit.malformed")
    return Split(_text(value, "unit"), _text(value, "base"), tuple(offsets), tuple(names))


def _join(value: Mapping[str, JSON]) -> Edit:
    _no_splices(value)
    unit, parts, separator = _text(value, "unit"), value["with"], value["separator"]
    if not isinstance(parts, list) or not parts or not isinstance(separator, str) or "\n" in separator:
        raise Malformed("a join names no unit to append, or no separator", code="edit.malformed")
    pairs: list[tuple[str, str]] = []
    for part in parts:
        if not isinstance(part, list) or len(part) != 2 or not isinstance(part[0], str) or not isinstance(part[1], str):
            raise Malformed("a joined unit is not [id, hash]", code="edit.malformed")
        pairs.append((part[0], part[1]))
    if len({unit, *(name for name, _ in pairs)}) != len(pairs) + 1:
        raise Malformed("a join names a unit twice", code="edit.malformed")
    return Join(unit, _text(value, "base"), tuple(pairs), separator)


_READERS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, JSON]], Edit]]] = {
    "replace": ((), _replace),
    "insert_after": (("after", "kind", "parent"), _insert_after),
    "delete": ((), _delete),
    "move": (("after",), _move),
    "split": (("at", "into"), _split),
    "join": (("separator", "with"), _join),
}


def edit_json(edit: Edit) -> dict[str, JSON]:
    """Return an edit as JSON, the counterpart of :func:`parse_edit`."""
    match edit:
        case Replace(unit, base, splices):
            return {"base": base, "op": "replace", "splices": splices_json(splices), "unit": unit}
        case InsertAfter(unit, after, kind, text, parent):
            place: dict[str, JSON] = {"after": after, "kind": kind, "parent": parent}
            return {"base": None, "op": "insert_after", "splices": [[0, 0, text]], "unit": unit, **place}
        case Delete(unit, base):
            return {"base": base, "op": "delete", "splices": [], "unit": unit}
        case Move(unit, base, after):
            return {"after": after, "base": base, "op": "move", "splices": [], "unit": unit}
        case Split(unit, base, at, into):
            return {"at": list(at), "base": base, "into": list(into), "op": "split", "splices": [], "unit": unit}
        case Join(unit, base, parts, separator):
            pairs: Sequence[JSON] = [[name, digest] for name, digest in parts]
            return {"base": base, "op": "join", "separator": separator, "splices": [], "unit": unit, "with": pairs}
