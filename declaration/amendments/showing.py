"""How a change of one paragraph looks: as a redline of words, with ¶ where a paragraph is cut or two become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from declaration.amendments.composing import carried, cleaned, cuts, ground_of, number_of
from declaration.amendments.models import Draft
from declaration.amendments.operations import text_of
from declaration.amendments.parts import Part
from declaration.amendments.words import unit_name
from declaration.errors import DeclarationError
from declaration.procedure.state import State, Unit
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.redline import Change, changes_of, redline

PILCROW = " ¶ "


@dataclass(frozen=True, slots=True)
class Stale:
    """What became of the words that a part was written for.

    :ivar since: the redline from those words to the ones that stand now.
    :ivar carried: the same change made to the words that stand now, as it would read; ``None`` where it cannot be carried over.
    :ivar words: the words in question where it cannot.
    """

    since: tuple[Change, ...]
    carried: str | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of a draft for a page.

    :ivar heading: what it does, in a few words ("Amend paragraph 5").
    :ivar label: a remark above the redline, empty for a change of words.
    :ivar error: why it does not hold as it is written.
    """

    part: Part
    heading: str
    label: str
    number: str | None
    base: str
    changes: tuple[Change, ...]
    stale: Stale | None = None
    error: DeclarationError | None = None


def of_draft(state: State, draft: Draft) -> list[Shown]:
    """All parts of a draft."""
    units = ground_of(state, amends=draft.amends, revises=draft.revises)
    return [of_part(state, part, units) for part in text_of(draft).parts]


def of_part(state: State, part: Part, units: Mapping[str, Unit]) -> Shown:
    """One part, as it is written, against the words that it was written for."""
    unit = units.get(part.unit)
    base = unit.text if unit is not None else ""
    stale = None
    if unit is not None and part.op in ("replace", "delete") and part.base and part.base != unit.sha256:
        stale = _stale(state, part, units, unit)
        base = state.words.get(part.base, base)
    error: DeclarationError | None = None
    changes: Sequence[Change] = ()
    try:
        changes = _changes(part, base, units)
    except DeclarationError as refused:
        error = refused
        changes = [Change("equal", base)] if part.op == "split" else ()
    number = None if part.op == "insert_after" else number_of(state, part.unit)
    return Shown(part, heading(part.op, part.unit), label(part.op, part.target), number, base, tuple(changes), stale, error)


def _changes(part: Part, base: str, units: Mapping[str, Unit]) -> Sequence[Change]:
    match part.op:
        case "insert_after":
            return [Change("insert", cleaned(part.text))] if part.text.strip() else []
        case "delete":
            return [Change("delete", base)]
        case "move":
            return [Change("move", base)]
        case "split":
            return cut(base, cuts(base, part.text))
        case "join":
            other = units.get(part.target or "")
            return joined(base, [other.text] if other is not None else [])
        case _:
            return redline(base, cleaned(part.text))


def _stale(state: State, part: Part, units: Mapping[str, Unit], unit: Unit) -> Stale:
    old = state.words.get(part.base, "")
    since = tuple(redline(old, unit.text))
    if part.op == "delete":
        return Stale(since, "")
    found = carried(state, part, units)
    if found is None or found.status in ("conflict", "orphaned"):
        return Stale(since, None, found.words if found is not None else ())
    return Stale(since, found.text.get(part.unit, unit.text))


def of_edit(edit: Edit, base: str, others: Mapping[str, str]) -> list[Change]:
    """The redline of an edit that was signed, on the words that it names.

    :param others: the words of the paragraphs that a join appends, by hash.
    """
    match edit:
        case InsertAfter():
            return [Change("insert", edit.text)]
        case Replace():
            return list(changes_of(base, edit.splices))
        case Delete():
            return [Change("delete", base)]
        case Move():
            return [Change("move", base)]
        case Split():
            return cut(base, edit.at)
        case Join():
            return joined(base, [others[digest] for _unit, digest in edit.parts if digest in others])


def cut(text: str, at: Sequence[int]) -> list[Change]:
    """A paragraph with a ¶ put in wherever it is cut."""
    found: list[Change] = []
    start = 0
    for end in at:
        found += [Change("equal", text[start:end].rstrip()), Change("insert", PILCROW)]
        start = end
    return [*found, Change("equal", text[start:].lstrip())]


def joined(text: str, others: Sequence[str]) -> list[Change]:
    """Paragraphs with the ¶ between them taken out."""
    found = [Change("equal", text)]
    for other in others:
        found += [Change("delete", PILCROW), Change("equal", other)]
    return found


def target_of(edit: Edit) -> str | None:
    """The other paragraph of an edit: the one that a unit is moved behind (empty: the beginning), or that is joined to it."""
    if isinstance(edit, Move):
        return edit.after or ""
    return ", ".join(unit for unit, _digest in edit.parts) if isinstance(edit, Join) else None


def heading(op: str, unit: str) -> str:
    """What a part does, as a heading."""
    what = unit_name(unit, inside=True)
    match op:
        case "insert_after":
            return str(_("New paragraph after %(what)s", what=what))
        case "delete":
            return str(_("Delete %(what)s", what=what))
        case "move":
            return str(_("Move %(what)s", what=what))
        case "split":
            return str(_("Split %(what)s", what=what))
        case "join":
            return str(_("Join %(what)s with another", what=what))
        case _:
            return str(_("Amend %(what)s", what=what))


def label(op: str, target: str | None, pieces: int = 0) -> str:
    """A remark above a redline that is more than a change of words; empty for that."""
    match op:
        case "insert_after":
            return str(_("New paragraph"))
        case "delete":
            return str(_("Delete the paragraph"))
        case "move" if target:
            return str(_("The paragraph moves behind %(what)s", what=unit_name(target, inside=True)))
        case "move":
            return str(_("The paragraph moves to the beginning"))
        case "split" if pieces:
            return str(ngettext("The paragraph is split.", "The paragraph becomes %(num)d paragraphs.", pieces))
        case "split":
            return str(_("The paragraph is cut at ¶."))
        case "join" if target:
            return str(_("Joined with %(what)s: the ¶ between them goes.", what=unit_name(target, inside=True)))
        case _:
            return ""
