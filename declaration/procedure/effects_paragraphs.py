"""Effects of the Chair's, the heads' and the secretariat's acts on paragraphs (see :mod:`declaration.procedure.effects`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from declaration.procedure.act import Act
from declaration.procedure.consequences import changed
from declaration.procedure.matters import Agreed, Reserve, SmallGroup, Step
from declaration.procedure.state import Change, State, units_of_edits
from declaration.procedure.working import Units, apply_edits
from declaration.protocol.encoding import parse_time
from declaration.text.splices import parse_splices

Effect = Callable[[State, Act], None]


def work_on(state: State, units: Units) -> None:
    """Go on with these units; every text that a unit ever had is kept by its hash."""
    state.units = units
    for unit in units.values():
        state.words[unit.sha256] = unit.text


def bracket(state: State, units: Iterable[str]) -> None:
    """Not agreed, or no longer: what was said of the earlier words, reserves included, falls with them."""
    for unit in units:
        state.paragraphs[unit] = "bracketed"
        state.reserves.pop(unit, None)
        state.agreements.pop(unit, None)


def remember_gone(state: State, before: Units, after: Units) -> None:
    """Keep the units that went, with what each stood after, so that they can be restored where they were."""
    behind: str | None = None
    for unit in before:
        if unit not in after:
            state.gone[unit] = (before[unit], behind)
            state.paragraphs.pop(unit, None)
        behind = unit
    for unit in after.keys() & state.gone.keys():
        del state.gone[unit]


def record_edits(state: State, edits: Sequence[Mapping[str, Any]], after: Units, *, source: str, act: str, at: datetime) -> None:
    """Keep the step, and one step in the history of each unit that ``edits`` name, credited to ``source``, made by ``act``."""
    before = state.units
    state.steps.append(Step(act, source, tuple(edits)))
    for edit in edits:
        for unit in units_of_edits([edit]):
            splices = tuple(parse_splices(edit["splices"])) if unit == edit["unit"] else ()
            _remember(state, unit, Change(act, at, source, edit["op"], _hash(before, unit), _hash(after, unit), splices))


def record_others(state: State, named: Iterable[str], after: Units, *, source: str, act: str, at: datetime) -> None:
    """One step in the history of each unit that changes without being named: the list items of a paragraph that is taken out."""
    known, before = set(named), state.units
    for unit in changed(before, after):
        if unit not in known:
            op = "delete" if unit not in after else "insert_after" if unit not in before else "replace"
            _remember(state, unit, Change(act, at, source, op, _hash(before, unit), _hash(after, unit)))


def _remember(state: State, unit: str, change: Change) -> None:
    state.history[unit] = (*state.history.get(unit, ()), change)


def _hash(units: Units, unit: str) -> str | None:
    return units[unit].sha256 if unit in units else None


def refer_to_small_group(state: State, act: Act) -> None:
    """A few delegations settle it."""
    unit = act["unit"]
    state.groups[unit] = SmallGroup(unit, tuple(act["members"]), act["facilitator"], parse_time(act["report_by"]), act["content"], act.at)


def report_back(state: State, act: Act) -> None:
    """Back before the meeting."""
    del state.groups[act["unit"]]
    state.paragraphs[act["unit"]] = "bracketed"


def agree_ad_ref(state: State, act: Act) -> None:
    """These words, subject to confirmation."""
    for unit, sha256 in act["units"].items():
        state.paragraphs[unit] = "agreed_ad_ref"
        state.agreements[unit] = Agreed(sha256, tuple(act["present"]), act.at, act.digest, act["content"])


def place_reserve(state: State, act: Act) -> None:
    """Held back for now."""
    unit, until = act["unit"], act["until"]
    reserve = Reserve(act.statement.by.party, unit, parse_time(until) if until else None, act["content"], act.at, act.digest)
    state.reserves[unit] = (*state.reserves.get(unit, ()), reserve)


def lift_reserve(state: State, act: Act) -> None:
    """This delegation agrees."""
    left = tuple(each for each in state.reserves[act["unit"]] if each.delegation != act.statement.by.party)
    if left:
        state.reserves[act["unit"]] = left
    else:
        del state.reserves[act["unit"]]


def reopen(state: State, act: Act) -> None:
    """Before the meeting again."""
    bracket(state, (act["unit"],))


def delete(state: State, act: Act) -> None:
    """Out of the text, with its list items; it can be restored until the text is agreed."""
    edit = {"base": act["base"], "op": "delete", "splices": [], "unit": act["unit"]}
    before, after = state.units, apply_edits(state.units, [edit])
    record_edits(state, [edit], after, source=act.digest, act=act.digest, at=act.at)
    record_others(state, [act["unit"]], after, source=act.digest, act=act.digest, at=act.at)
    remember_gone(state, before, after)
    work_on(state, after)


def restoring(state: State, act: Act) -> tuple[dict[str, Any], Units]:
    """The edit that puts a deleted paragraph back in the words that it had, and the working text with it.

    :raises Refused, Malformed: there is no such place.
    """
    unit, _ = state.gone[act["unit"]]
    edit = {
        "after": act["after"], "base": None, "kind": unit.kind, "op": "insert_after", "parent": unit.parent,
        "splices": [[0, 0, unit.text]], "unit": unit.id,
    }  # fmt: skip
    return edit, apply_edits(state.units, [edit])


def restore(state: State, act: Act) -> None:
    """Back in the text, in brackets."""
    before, (edit, after) = state.units, restoring(state, act)
    record_edits(state, [edit], after, source=act.digest, act=act.digest, at=act.at)
    remember_gone(state, before, after)
    work_on(state, after)
    bracket(state, (act["unit"],))


def correct_editorially(state: State, act: Act) -> None:
    """In force once the Chair has countersigned."""
    state.awaiting_second[act.digest] = act


def corrected(state: State, first: Act, act: Act) -> None:
    """The Chair has countersigned: the corrected words are those of the text, and what was agreed stays agreed."""
    after = apply_edits(state.units, first["edits"])
    record_edits(state, first["edits"], after, source=first.digest, act=act.digest, at=act.at)
    work_on(state, after)


PARAGRAPH_EFFECTS: Mapping[str, Effect] = {
    "paragraph.refer_to_small_group-v1": refer_to_small_group,
    "paragraph.report_back-v1": report_back,
    "paragraph.agree_ad_ref-v1": agree_ad_ref,
    "paragraph.place_reserve-v1": place_reserve,
    "paragraph.lift_reserve-v1": lift_reserve,
    "paragraph.reopen-v1": reopen,
    "paragraph.delete-v1": delete,
    "paragraph.restore-v1": restore,
    "paragraph.correct_editorially-v1": correct_editorially,
}
