"""The strip of all units, section by section: each with its status and the number of proposals that stand open on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from declaration.drafts import views
from declaration.drafts.comparing import Line
from declaration.procedure import consequences
from declaration.procedure.state import State


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit. ``label`` is its number (:func:`declaration.drafts.views.numbers`), and the id of what has none."""

    id: str
    label: str
    name: str
    sign: str
    word: str
    proposals: int


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the strip. ``of_text``: its heading is the declaration's, in the original language."""

    heading: str
    tiles: Sequence[Tile]
    of_text: bool = False


def strip(state: State) -> list[Part]:
    """Every unit that stands, and every new one that is proposed, behind the one that it would follow."""
    after = _proposed(state)
    parts: list[tuple[str, list[Tile], bool]] = []
    lines = views.working_lines(state)
    numbers = views.numbers(lines)
    for line in lines:
        heading = _heading(line)
        if not parts or (heading is not None and parts[-1][0] != heading):
            parts.append((heading or "", [], line.kind == "heading"))
        parts[-1][1].append(_tile(state, line.id, line, numbers[line.id]))
        parts[-1][1].extend(_tile(state, unit, None) for unit in after.get(line.id, ()))
    loose = after.get("", [])
    if loose:
        parts.append((str(_("Put in")), [_tile(state, unit, None) for unit in loose], False))
    return [Part(*part) for part in parts]


def order(state: State) -> list[str]:
    """The ids of the strip, in its order."""
    return [tile.id for part in strip(state) for tile in part.tiles]


def next_open(state: State, unit: str) -> str | None:
    """The unsettled unit to go on to, never ``unit`` itself: the next one in brackets behind it, else the first in brackets; where
    there is none, in the same order one that waits for an hour or for a delegation."""
    unsettled = consequences.unsettled(state)
    ids = order(state)
    here = ids.index(unit) if unit in ids else -1
    onward = [each for each in (*ids[here + 1 :], *ids[: max(here, 0)]) if each in unsettled and each != unit]
    return next((each for each in onward if unsettled[each] == "bracketed"), next(iter(onward), None))


def _proposed(state: State) -> dict[str, list[str]]:
    """Units that open proposals would put in, by the unit that they would follow; ``""`` where that one does not stand."""
    found: dict[str, list[str]] = {}
    for each in state.amendments.values():
        for edit in each.edits if each.open else ():
            if edit["op"] == "insert_after" and edit["unit"] not in state.units:
                anchor = edit.get("after") or ""
                found.setdefault(anchor if anchor in state.units else "", []).append(edit["unit"])
    return {anchor: list(dict.fromkeys(units)) for anchor, units in found.items()}


def _tile(state: State, unit: str, line: Line | None, label: str = "") -> Tile:
    status = consequences.paragraph_status(state, unit)
    sign, word = views.PARAGRAPH_STATUS[status]
    number = sum(each.open for each in consequences.proposals_on(state, unit))
    name = views.where({unit: line.label}, line.kind, unit) if line is not None else str(_("New paragraph %(id)s", id=unit))
    return Tile(unit, label or unit, name, sign, str(word), number)


def _heading(line: Line) -> str | None:
    """The section that a line begins or stands in; None where it goes on."""
    if line.kind in ("title", "dateline", "chapeau"):
        return str(_("Opening"))
    if line.kind == "preambular":
        return str(_("Preamble"))
    if line.kind == "heading":
        return f"{line.label}. {line.text}" if line.label else line.text
    return None
