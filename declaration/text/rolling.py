"""Rolling text: all open proposals on a text in one reading, in brackets, with their owners.

    [OP7] …, including the [-falling level-: TM][+protection of the marine environment+: TM] of the Caspian [-Sea;-: KZ, UZ]…
    [OP5 alt: TR] [Welcome the bilateral NGO cooperation forums held so far and decide …;]
    [OP8bis: TRNC, TR, AZ] [Support the exchange of volunteers, students and young researchers among our organizations;]

Every unit stands once, in document order. Changes that leave each other alone stand in its line; where proposals collide, the base
words stand once as taken out and each proposal's words for them behind it. A proposal that keeps less than half of a unit is a whole
alternative below it (*alt*), as are deletions, moves, splits and joins; new units follow the unit they are put behind;
sub-amendments are quoted with the word before, so that the place is found.

An insertion that hangs on a word without a space (a comma, a clause before a semicolon) is shown with that word replaced: nobody
reads a comma between brackets. That is display; the splices stay as they were signed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from declaration.text.collisions import Region, regions
from declaration.text.composition import cut_at
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.splices import Splice, apply_splices
from declaration.text.units import UnitText, unit_hash

Kind = Literal["alt", "new", "delete", "move", "split", "join", "sub"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An open proposal.

    :param name: ``AM/001``.
    :param owners: the tags of its proposer and co-sponsors, in their order.
    :param amends: for a sub-amendment the name of the proposal it amends; its edits are to the base or to that proposal's result.
    :param whole: whether to show it as a whole alternative; ``None``: where it keeps less than half of a unit.
    """

    name: str
    owners: tuple[str, ...]
    edits: tuple[Edit, ...]
    amends: str | None = None
    whole: bool | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a unit's line.

    :param owners: of a bracket; empty for *equal*.
    :param names: the proposals.
    :param clash: the number of the collision, from 1 in each unit, where proposals want different words here.
    :param bracket: the number of the bracket, from 1 in each unit; what is taken out and put in there have the same one.
    """

    op: Literal["equal", "delete", "insert"]
    text: str
    owners: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    clash: int | None = None
    bracket: int | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A proposal shown below a unit's line.

    :param kind: ``alt``, ``new`` (a unit put in, ``unit`` is its id), ``delete``, ``move``, ``split``, ``join``, ``sub``.
    :param texts: the words: the alternative, the new unit, the parts of a split, the units joined or the one moved behind, the
        quoted words before and after a sub-amendment.
    """

    kind: Kind
    unit: str
    owners: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()
    amends: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of the base with everything proposed on it; ``unit`` is ``None`` for what is put before the first one."""

    unit: UnitText | None
    runs: tuple[Run, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def open(self) -> bool:
        """Whether anything is proposed here."""
        return bool(self.alternatives) or any(run.op != "equal" for run in self.runs)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many brackets are left.

    :param by_owner: for every owner the number of brackets that carry its tag.
    :param by_unit: for every unit that has some.
    """

    brackets: int
    by_owner: Mapping[str, int] = field(hash=False)
    by_unit: Mapping[str, int] = field(hash=False)


def rolling(base: Sequence[UnitText], proposals: Sequence[Proposal]) -> list[Block]:
    """Return the rolling text of ``base``; a proposal whose words no longer stand in the base is left out of it.

    The order of the proposals is that of owners within a bracket and of alternatives below a unit.
    """
    sorting = _Sorting(base, proposals)
    blocks = [Block(None, (), sorting.below(None))] if sorting.below(None) else []
    blocks += [Block(unit, sorting.line(unit), sorting.below(unit.id)) for unit in base]
    return blocks


def summary(blocks: Iterable[Block]) -> Summary:
    """Count the brackets of a rolling text."""
    by_owner: Counter[str] = Counter()
    by_unit: Counter[str] = Counter()
    total = 0
    for block in blocks:
        owned: dict[int, set[str]] = {}
        for run in block.runs:
            if run.bracket is not None:
                owned.setdefault(run.bracket, set()).update(run.owners)
        brackets = [*owned.values(), *(set(one.owners) for one in block.alternatives)]
        for owners in brackets:
            by_owner.update(owners)
        total += len(brackets)
        if brackets:
            by_unit["" if block.unit is None else block.unit.id] += len(brackets)
    return Summary(total, dict(sorted(by_owner.items())), dict(by_unit))


# -- plain text ------------------------------------------------------------------

_SIGNS = {"delete": "-", "insert": "+"}
_LEFT_OUT = frozenset(("heading", "dateline"))


def compilation(blocks: Iterable[Block], heading: str) -> str:
    """Print a rolling text; headings and the date line appear only where something is proposed on them."""
    parts = [f"# {heading}"]
    for block in blocks:
        if block.unit is not None and block.unit.kind in _LEFT_OUT and not block.open:
            continue
        lines = [] if block.unit is None else [f"[{block.unit.id}] " + "".join(map(_printed, block.runs))]
        parts.append("\n".join(lines + [_below(one) for one in block.alternatives]))
    return "\n\n".join(parts) + "\n"


def _printed(run: Run) -> str:
    if run.op == "equal":
        return run.text
    sign = _SIGNS[run.op]
    return f"[{sign}{run.text}{sign}: {', '.join(run.owners)}]"


def _below(one: Alternative) -> str:
    owners = ", ".join(one.owners)
    bracketed = " ".join(f"[{text}]" for text in one.texts)
    if one.kind == "sub":
        quoted = "; ".join(f"“{old}” → “{new}”" for old, new in zip(one.texts[::2], one.texts[1::2], strict=True))
        return f"    sub-amendment {', '.join(one.names)} to {one.amends} ({owners}): {quoted}"
    if one.kind == "new":
        return f"[{one.unit}: {owners}] {bracketed}"
    return f"[{one.unit} {one.kind}: {owners}]{' ' if bracketed else ''}{bracketed}"


# -- sorting ---------------------------------------------------------------------


Shown: TypeAlias = tuple[Kind, str, tuple[str, ...], str | None]
"""What an alternative says: kind, unit, texts, the proposal amended."""


class _Sorting:
    """Proposals by the unit they are shown at, either in its line or below it."""

    def __init__(self, base: Sequence[UnitText], proposals: Sequence[Proposal]) -> None:
        self.base = {unit.id: unit for unit in base}
        self.hashes = {unit.id: unit_hash(unit.text) for unit in base}
        self.owners = {proposal.name: proposal.owners for proposal in proposals}
        self.place = {proposal.name: position for position, proposal in enumerate(proposals)}
        self.proposals = {proposal.name: proposal for proposal in proposals}
        self.inline: dict[str, dict[str, tuple[Splice, ...]]] = {}
        self.found: dict[str | None, dict[Shown, tuple[str, list[str]]]] = {}
        for proposal in proposals:
            new = {edit.unit: edit for edit in proposal.edits if isinstance(edit, InsertAfter)}
            for edit in proposal.edits:
                self.sort(proposal, edit, new)

    def sort(self, proposal: Proposal, edit: Edit, new: Mapping[str, InsertAfter]) -> None:
        if proposal.amends is not None:
            self.sort_sub(proposal, edit)
            return
        if isinstance(edit, InsertAfter):
            anchor = edit.after
            while anchor is not None and anchor in new and anchor not in self.base:
                anchor = new[anchor].after
            if anchor is None or anchor in self.base:
                self.add(anchor, ("new", edit.unit, (edit.text,), None), proposal.name)
            return
        if self.hashes.get(edit.unit) != edit.base:
            return
        text = self.base[edit.unit].text
        match edit:
            case Replace(unit, _, splices):
                if _is_whole(text, splices) if proposal.whole is None else proposal.whole:
                    self.add(unit, ("alt", unit, (apply_splices(text, splices),), None), proposal.name)
                else:
                    self.inline.setdefault(unit, {})[proposal.name] = splices
            case Delete(unit):
                self.add(unit, ("delete", unit, (), None), proposal.name)
            case Move(unit, _, after):
                self.add(unit, ("move", unit, (after or "",), None), proposal.name)
            case Split(unit, _, at, _):
                self.add(unit, ("split", unit, tuple(_parts(text, at)), None), proposal.name)
            case Join(unit, _, parts):
                self.add(unit, ("join", unit, tuple(part for part, _ in parts), None), proposal.name)

    def sort_sub(self, proposal: Proposal, edit: Edit) -> None:
        amended = self.proposals.get(proposal.amends or "")
        if not isinstance(edit, Replace) or edit.unit not in self.base or amended is None:
            return
        text = self.base[edit.unit].text
        others = [one.splices for one in amended.edits if isinstance(one, Replace) and one.unit == edit.unit]
        around: tuple[Splice, ...] = others[0] if others else ()
        if self.hashes[edit.unit] != edit.base:
            text, around = apply_splices(text, around), ()
            if unit_hash(text) != edit.base:
                return
        quotes = tuple(quote for splice in edit.splices for quote in _quoted(text, splice, around))
        self.add(edit.unit, ("sub", edit.unit, quotes, proposal.amends), proposal.name)

    def add(self, anchor: str | None, shown: Shown, name: str) -> None:
        """Proposals that say the same below one unit share a line; different ids for the same new words are the same."""
        kind, unit, texts, amends = shown
        key = (kind, "" if kind == "new" else unit, texts, amends)
        self.found.setdefault(anchor, {}).setdefault(key, (unit, []))[1].append(name)

    def owners_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The tags of all owners of some proposals, in the proposals' order."""
        ordered = sorted(names, key=self.place.__getitem__)
        return tuple(dict.fromkeys(owner for name in ordered for owner in self.owners[name]))

    def below(self, anchor: str | None) -> tuple[Alternative, ...]:
        """What stands below a unit's line: alternatives to it first, then what is put behind it, then sub-amendments."""
        shown = [
            Alternative(kind, unit, self.owners_of(names), tuple(names), texts, amends)
            for (kind, _, texts, amends), (unit, names) in self.found.get(anchor, {}).items()
        ]
        return tuple(sorted(shown, key=lambda one: _BELOW.index(one.kind)))

    def line(self, unit: UnitText) -> tuple[Run, ...]:
        """A unit's text with the brackets of everything proposed in its line."""
        found = regions(unit.text, self.inline.get(unit.id, {}))
        runs: list[Run] = []
        at = bracket = clash = 0
        for position, region in enumerate(found):
            limit = found[position + 1].start if position + 1 < len(found) else len(unit.text)
            if region.disputed:
                clash += 1
                pieces = [_alternatives(unit.text, region)]
            else:
                pieces = [(splice, [(splice[2], names)]) for splice, names in region.changes]
            for (start, end, _), wordings in pieces:
                before, after = _hangs_on(unit.text, (start, end), wordings, at, limit)
                bracket += 1
                wordings.sort(key=lambda wording: min(self.place[name] for name in wording[1]))
                names = tuple(name for _, group in wordings for name in group)
                number = clash if region.disputed else None
                runs += _run("equal", unit.text[at:before])
                owners = self.owners_of(names)
                runs += _run("delete", unit.text[before:after], owners, names, number, bracket)
                for wording, group in wordings:
                    words = unit.text[before:start] + wording + unit.text[end:after]
                    shown = words if wording or before < start or end < after else ""
                    runs += _run("insert", shown, self.owners_of(group), group, number, bracket)
                at = after
        return (*runs, *_run("equal", unit.text[at:]))


_BELOW = ("alt", "delete", "move", "split", "join", "new", "sub")

Wordings = list[tuple[str, tuple[str, ...]]]
"""New words for a stretch of text, each with the proposals that want them."""


def _run(
    op: Literal["equal", "delete", "insert"],
    text: str,
    owners: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    clash: int | None = None,
    bracket: int | None = None,
) -> list[Run]:
    return [Run(op, text, owners, names, clash, bracket)] if text else []


def _alternatives(text: str, region: Region) -> tuple[Splice, Wordings]:
    """A disputed region as one stretch, with each proposal's words for the whole of it."""
    wordings: dict[str, list[str]] = {}
    for name, splices in region.by_name().items():
        inside = [(start - region.start, end - region.start, new) for start, end, new in splices]
        wordings.setdefault(apply_splices(text[region.start : region.end], inside), []).append(name)
    return (region.start, region.end, ""), [(wording, tuple(names)) for wording, names in wordings.items()]


def _hangs_on(text: str, place: tuple[int, int], wordings: Wordings, floor: int, ceiling: int) -> tuple[int, int]:
    """Where the mark begins and ends: around the whole word that a pure insertion or deletion hangs on without a space."""
    start, end = place
    if start < end and any(wording for wording, _ in wordings):
        return start, end
    inner = text[start:end] or wordings[0][0]
    if start == 0 or text[start - 1].isspace() or (inner[0].isspace() and (end == len(text) or text[end].isspace())):
        return start, end
    before, after = start, end
    while before > floor and not text[before - 1].isspace():
        before -= 1
    while after < ceiling and not text[after].isspace():
        after += 1
    # Beside another change there is no room for the whole word.
    blocked = (before == floor > 0 and not text[before - 1].isspace()) or (after == ceiling < len(text) and not text[after].isspace())
    return place if blocked else (before, after)


def _is_whole(text: str, splices: Sequence[Splice]) -> bool:
    """Whether less than half of a unit's letters stay."""
    changed = sum(len("".join(text[start:end].split())) for start, end, _ in splices)
    letters = len("".join(text.split()))
    return 2 * (letters - changed) < letters


def _parts(text: str, at: Sequence[int]) -> list[str]:
    parts, start = [], 0
    for offset in at:
        left, right, _ = cut_at(text, offset)
        parts.append(text[start:left])
        start = right
    return [*parts, text[start:]]


def _quoted(text: str, splice: Splice, around: Sequence[Splice]) -> tuple[str, str]:
    """The words that a sub-amendment replaces and its own, with those of the proposal it amends and the word before."""
    start, end, new = splice
    for other_start, other_end, _ in around:
        if other_start <= end and start <= other_end:
            start, end = min(start, other_start), max(end, other_end)
    before = text[:start].rstrip()
    start = before.rfind(" ") + 1
    return text[start:end].strip(), (text[start : splice[0]] + new + text[splice[1] : end]).strip()
