"""Merge and rebase cases as JSON, for the command line and for other tools.

A merge case is ``{"base": [[id, text], …], "amendments": {name: [edit, …]}}``; an edit names a whole new text, and the redline finds the
splices:

    {"op": "replace", "p": id, "text": …}   {"op": "delete", "p": id}        {"op": "move", "p": id, "after": id|null}
    {"op": "insert", "after": id|null, "text": …, "p"?: new id}              {"op": "join", "p": id, "with": [id, …], "separator"?: " "}
    {"op": "split", "p": id, "at": [offset, …], "into": [id, id, …]}

Edits in the form of a statement (:mod:`declaration.text.edits`) are taken too. A rebase case is ``{"old", "new", "amended"}``, each a
text or a map of unit ids to texts, and optionally ``"lineage": {old id: [new id, …]}``. Without it, a unit whose exact words stand in
units that are new is taken to have been split into them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from declaration.errors import Malformed
from declaration.protocol.encoding import JSON
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, parse_edit
from declaration.text.ground import Ground
from declaration.text.merge import merge
from declaration.text.rebase import rebase
from declaration.text.redline import splices_between
from declaration.text.splices import splices_json
from declaration.text.tokens import nfc
from declaration.text.units import UnitText, unit_hash


def run_merge(case: JSON) -> dict[str, JSON]:
    """Run a merge case; ``text`` is the list of texts, ``null`` where there is a conflict.

    :raises Malformed: ``case.…`` and what :func:`declaration.text.merge.merge` raises.
    """
    fields = _object(case, "a case")
    base = _units(fields.get("base"))
    amendments = _object(fields.get("amendments"), '"amendments"')
    units = {unit.id: unit for unit in base}
    edits: dict[str, list[Edit]] = {}
    for name, listed in amendments.items():
        made = [_edit(_object(item, "an edit"), units, f"{name}.{position}") for position, item in enumerate(_list(listed, name), 1)]
        edits[name] = [edit for edit in made if edit is not None]
    merged = merge(base, edits)
    return {
        "status": merged.status,
        "text": [unit.text for unit in merged.units] if merged.status == "clean" else None,
        "conflicts": [
            {"p": one.unit, "kind": one.kind, "between": list(one.between), "words": list(one.words)} for one in merged.conflicts
        ],
        "warnings": [{"p": one.unit, "kind": one.kind, "by": list(one.by), "words": one.words} for one in merged.cautions],
        "credits": [
            {"p": one.unit, "op": one.op, "by": list(one.by), "splice": splices_json([one.splice])[0] if one.splice else None}
            for one in merged.credits
        ],
    }


def run_rebase(case: JSON) -> dict[str, JSON]:
    """Run a rebase case; ``text`` is the proposed text, ``p`` its unit where units have names.

    :raises Malformed: ``case.…`` and what :func:`declaration.text.rebase.rebase` raises.
    """
    fields = _object(case, "a case")
    named = not isinstance(fields.get("old"), str)
    old, new, amended = (_version(fields.get(name), name) for name in ("old", "new", "amended"))
    lineage = fields.get("lineage")
    ground = Ground(
        _as_units(old), _as_units(new), _exact_splits(old, new) if lineage is None else {
            unit: [_string(part, "a part") for part in _list(parts, unit)] for unit, parts in _object(lineage, '"lineage"').items()
        }
    )  # fmt: skip
    edits = _edits_between(old, amended)
    result: dict[str, JSON]
    if not edits:
        changed = sorted(unit for unit in amended if unit in new and new[unit] != old[unit])
        text = {unit: new[unit] for unit in (changed or amended) if unit in new}
        result = {"status": "absorbed" if changed else "unchanged", "text": _single(text, named=named), "words": []}
        return result
    done = rebase(edits, ground)
    texts = dict(done.text)
    if done.status == "absorbed":
        texts = {part: new[part] for edit in edits for part in ground.lineage.get(edit.unit, (edit.unit,)) if part in new}
    result = {"status": done.status, "text": _single(texts, named=named), "words": list(done.words), "warnings": list(done.cautions)}
    if named and len(texts) == 1:
        result["p"] = next(iter(texts))
    return result


# -- reading -----------------------------------------------------------------


def _object(value: JSON, what: str) -> Mapping[str, JSON]:
    if not isinstance(value, Mapping):
        raise Malformed(f"{what} is not an object", code="case.form")
    return value


def _list(value: JSON, what: str) -> Sequence[JSON]:
    if not isinstance(value, list):
        raise Malformed(f"{what} is not a list", code="case.form")
    return value


def _string(value: JSON, what: str) -> str:
    if not isinstance(value, str):
        raise Malformed(f"{what} is not text", code="case.form")
    return value


def _units(value: JSON) -> list[UnitText]:
    units = []
    for item in _list(value, '"base"'):
        pair = _list(item, "a paragraph")
        if len(pair) != 2:
            raise Malformed("a paragraph is not [id, text]", code="case.form")
        units.append(UnitText(_string(pair[0], "an id"), "operative", nfc(_string(pair[1], "a paragraph"))))
    return units


def _edit(item: Mapping[str, JSON], units: Mapping[str, UnitText], new_id: str) -> Edit | None:
    if "unit" in item:
        return parse_edit(item)
    op = item.get("op")
    after = None if item.get("after") is None else _string(item["after"], '"after"')
    if op == "insert":
        named = item.get("p")
        unit = new_id if named is None else _string(named, '"p"')
        return InsertAfter(unit, after, "operative", nfc(_string(item.get("text"), '"text"')))
    unit = _string(item.get("p"), '"p"')
    if unit not in units:
        raise Malformed(f"there is no paragraph {unit}", code="case.unit")
    text = units[unit].text
    base = unit_hash(text)
    if op == "replace":
        splices = splices_between(text, _string(item.get("text"), '"text"'))
        return Replace(unit, base, tuple(splices)) if splices else None
    if op == "delete":
        return Delete(unit, base)
    if op == "move":
        return Move(unit, base, after)
    if op == "split":
        return parse_edit({"base": base, "op": op, "splices": [], "unit": unit, "at": item.get("at"), "into": item.get("into")})
    if op == "join":
        parts = [_string(part, "a unit") for part in _list(item.get("with"), '"with"')]
        if any(part not in units for part in parts):
            raise Malformed(f"{unit} is joined with a paragraph that is not there", code="case.unit")
        separator = _string(item.get("separator", " "), '"separator"')
        return Join(unit, base, tuple((part, unit_hash(units[part].text)) for part in parts), separator)
    raise Malformed(f"no edit is called {op!r}", code="case.form")


def _version(value: JSON, name: str) -> dict[str, str]:
    if isinstance(value, str):
        return {"": nfc(value)}
    return {unit: nfc(_string(text, unit)) for unit, text in _object(value, f'"{name}"').items()}


def _as_units(version: Mapping[str, str]) -> list[UnitText]:
    return [UnitText(unit, "operative", text) for unit, text in version.items()]


def _edits_between(old: Mapping[str, str], amended: Mapping[str, str]) -> list[Edit]:
    edits: list[Edit] = []
    before: str | None = None
    for unit, text in amended.items():
        if unit not in old:
            edits.append(InsertAfter(unit, before, "operative", text))
        elif splices := splices_between(old[unit], text):
            edits.append(Replace(unit, unit_hash(old[unit]), tuple(splices)))
        before = unit
    return edits


def _exact_splits(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, list[str]]:
    """Units that are gone and whose words stand, complete and in order, in neighbouring units that are new."""
    lineage: dict[str, list[str]] = {}
    added = [unit for unit in new if unit not in old]
    for unit, text in old.items():
        if unit in new:
            continue
        for first in range(len(added)):
            for last in range(first + 2, len(added) + 1):
                if " ".join(new[part] for part in added[first:last]) == text:
                    lineage[unit] = added[first:last]
    return lineage


def _single(texts: Mapping[str, str], *, named: bool) -> JSON:
    if not texts:
        return None
    return dict(texts) if named and len(texts) > 1 else next(iter(texts.values()))
