"""Effects of acts on proposals (see :mod:`declaration.procedure.effects`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from declaration.procedure.act import Act
from declaration.procedure.state import (
    Amendment,
    Change,
    State,
)
from declaration.procedure.working import Units, result_of
from declaration.text.splices import parse_splices

Effect = Callable[[State, Act], None]


def work_on(state: State, units: Units) -> None:
    """Go on with these units; every text that a unit ever had is kept by its hash."""
    state.units = units
    for unit in units.values():
        state.words[unit.sha256] = unit.text


def _tabled(state: State, act: Act, *, kind: str, status: str, sources: tuple[str, ...] = ()) -> None:
    state.amendments[act.digest] = Amendment(
        digest=act.digest,
        symbol=act["symbol"],
        kind=kind if act["amends"] is None else "sub_amendment",
        proposer=act.statement.by.party,
        edits=tuple(act["edits"]),
        status=status,
        at=act.at,
        index=act.index,
        tabled=act.digest,
        content=act["content"],
        amends=act["amends"],
        sources=sources,
    )
    state.symbols[act["symbol"]] = act.digest
    # What a proposal would make of the text is the ground of those that amend it, and is shown with them for ever.
    proposed = result_of(state, state.amendments[act.digest])
    for unit in {edit["unit"] for edit in act["edits"]} & proposed.keys():
        state.words[proposed[unit].sha256] = proposed[unit].text


def submit(state: State, act: Act) -> None:
    """On the table, awaiting examination of its form."""
    _tabled(state, act, kind="amendment", status="submitted")


def submit_late(state: State, act: Act) -> None:
    """On the table only with the Chair's leave."""
    _tabled(state, act, kind="amendment", status="late")


def table_chair_text(state: State, act: Act) -> None:
    """The Chair's bridge between the proposals that it names."""
    _tabled(state, act, kind="chair_text", status="admitted", sources=tuple(act["sources"]))


def becomes(status: str) -> Effect:
    """The effect of an act that only changes an amendment's status; a decision keeps its moment and its reason."""

    def effect(state: State, act: Act) -> None:
        final = status in ("inadmissible", "accepted", "not_retained", "lapsed", "withdrawn")
        reason = act.statement.body.get("content") if final else None
        state.set_amendment(act.object, status=status, decided=act.at if final else None, reason=reason)

    return effect


def join(state: State, act: Act) -> None:
    """One more sponsor; history keeps who was one when."""
    sponsors = state.amendments[act.object].sponsors
    state.set_amendment(act.object, sponsors=(*sponsors, act.statement.by.party))


def leave_sponsorship(state: State, act: Act) -> None:
    """One sponsor fewer."""
    sponsors = state.amendments[act.object].sponsors
    state.set_amendment(act.object, sponsors=tuple(each for each in sponsors if each != act.statement.by.party))


def rebase(state: State, act: Act) -> None:
    """The same proposal against the new words; the old edits stay in the record."""
    state.set_amendment(act.object, edits=tuple(act["edits"]), tabled=act.digest)


def park(state: State, act: Act) -> None:
    """Taken up elsewhere; its proposer may revive it."""
    state.set_amendment(act.object, status="parked", target=act["target"])


def revive(state: State, act: Act) -> None:
    """Back on the table, unchanged."""
    state.set_amendment(act.object, status="admitted", target=None)


def take_over(state: State, act: Act) -> None:
    """Any delegation may take up what its proposer has withdrawn (OAS 54-55)."""
    sponsors = tuple(each for each in state.amendments[act.object].sponsors if each != act.statement.by.party)
    state.set_amendment(act.object, status="admitted", proposer=act.statement.by.party, sponsors=sponsors, decided=None, reason=None)


def accept(state: State, act: Act) -> None:
    """The words enter the working text; what was taken up in them is merged."""
    amendment = state.amendments[act.object]
    before, after = state.units, result_of(state, amendment)
    chain: list[Mapping[str, Any]] = []
    link: Amendment | None = amendment
    while link is not None:
        chain[:0] = [{**edit, "by": link.digest} for edit in link.edits]
        link = state.amendments[link.amends] if link.amends else None
    for edit in chain:
        unit = edit["unit"]
        change = Change(
            act=act.digest,
            at=act.at,
            source=edit["by"],
            op=edit["op"],
            before=before[unit].sha256 if unit in before else None,
            after=after[unit].sha256 if unit in after else None,
            splices=tuple(parse_splices(edit["splices"])),
        )
        state.history[unit] = (*state.history.get(unit, ()), change)
    work_on(state, after)
    state.set_amendment(act.object, status="accepted", decided=act.at)
    _merge_parked(state, act.object, act.at)


def _merge_parked(state: State, target: str, at: datetime) -> None:
    for each in list(state.amendments.values()):
        if each.status == "parked" and each.target == target:
            state.set_amendment(each.digest, status="merged", decided=at)
            _merge_parked(state, each.digest, at)


AMENDMENT_EFFECTS: Mapping[str, Effect] = {
    "amendment.submit-v1": submit,
    "amendment.submit_late-v1": submit_late,
    "amendment.grant_leave-v1": becomes("admitted"),
    "amendment.refuse_leave-v1": becomes("lapsed"),
    "amendment.admit-v1": becomes("admitted"),
    "amendment.rule_inadmissible-v1": becomes("inadmissible"),
    "amendment.table_chair_text-v1": table_chair_text,
    "amendment.join-v1": join,
    "amendment.leave_sponsorship-v1": leave_sponsorship,
    "amendment.rebase-v1": rebase,
    "amendment.lapse-v1": becomes("lapsed"),
    "amendment.accept-v1": accept,
    "amendment.park-v1": park,
    "amendment.revive-v1": revive,
    "amendment.not_retain-v1": becomes("not_retained"),
    "amendment.withdraw-v1": becomes("withdrawn"),
    "amendment.take_over-v1": take_over,
}
