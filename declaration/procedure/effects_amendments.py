"""Effects of acts on proposals (see :mod:`declaration.procedure.effects`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from declaration.procedure.act import Act
from declaration.procedure.consequences import touched
from declaration.procedure.effects_paragraphs import bracket, record_edits, record_others, remember_gone, work_on
from declaration.procedure.state import Amendment, State
from declaration.procedure.working import apply_edits, result_of

Effect = Callable[[State, Act], None]

_FAILED = ("inadmissible", "not_retained", "lapsed", "withdrawn")


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
        examined=status == "admitted",
    )
    state.symbols[act["symbol"]] = act.digest
    if status == "admitted":
        bracket(state, state.amendments[act.digest].units)
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


def table_with_break(state: State, act: Act) -> None:
    """On the table at once: it is the other half of a break of silence."""
    _tabled(state, act, kind="amendment", status="admitted")
    state.set_silence(act["silence"], answer=act.digest)


def becomes(status: str) -> Effect:
    """The effect of an act that only changes an amendment's status; a decision keeps its moment and its reason.

    Where a proposal fails, those that were parked under it are back on the table, unchanged.
    """

    def effect(state: State, act: Act) -> None:
        final = status in _FAILED
        reason = act.statement.body.get("content") if final else None
        state.set_amendment(act.object, status=status, decided=act.at if final else None, reason=reason)
        if status == "admitted":
            state.set_amendment(act.object, examined=True)
            bracket(state, state.amendments[act.object].units)
        if final:
            for each in list(state.amendments.values()):
                if each.status == "parked" and each.target == act.object:
                    _back_on_the_table(state, each.digest)

    return effect


def _back_on_the_table(state: State, digest: str) -> None:
    state.set_amendment(digest, status="admitted", target=None)
    bracket(state, state.amendments[digest].units)


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
    before = state.amendments[act.object]
    state.set_amendment(act.object, edits=tuple(act["edits"]), tabled=act.digest, revisions=(*before.revisions, before.tabled))


def revise(state: State, act: Act) -> None:
    """Other words, beside the earlier ones. Its co-sponsors joined those, and are asked again."""
    rebase(state, act)
    state.set_amendment(act.object, content=act["content"], sponsors=())
    proposed = result_of(state, state.amendments[act.object])
    for unit in {edit["unit"] for edit in act["edits"]} & proposed.keys():
        state.words[proposed[unit].sha256] = proposed[unit].text


def park(state: State, act: Act) -> None:
    """Taken up elsewhere; its proposer may revive it."""
    state.set_amendment(act.object, status="parked", target=act["target"])


def revive(state: State, act: Act) -> None:
    """Back on the table, unchanged."""
    _back_on_the_table(state, act.object)


def take_over(state: State, act: Act) -> None:
    """Any delegation may take up what its proposer has withdrawn (OAS 54-55)."""
    sponsors = tuple(each for each in state.amendments[act.object].sponsors if each != act.statement.by.party)
    state.set_amendment(act.object, status="admitted", proposer=act.statement.by.party, sponsors=sponsors, decided=None, reason=None)
    bracket(state, state.amendments[act.object].units)


def accept(state: State, act: Act) -> None:
    """The words enter the working text; what was taken up in them is merged. The Chair then puts the paragraph to the meeting."""
    units = touched(state, state.amendments[act.object])
    carry(state, act.object, act=act.digest, at=act.at)
    bracket(state, (unit for unit in units if unit in state.units))


def carry(state: State, proposal: str, *, act: str, at: datetime) -> None:
    """Make a proposal's words, and those of the proposals that it amends, the words of the text."""
    result_of(state, state.amendments[proposal])  # refuses before anything has changed
    chain: list[Amendment] = []
    link: Amendment | None = state.amendments[proposal]
    while link is not None:
        chain.insert(0, link)
        link = state.amendments[link.amends] if link.amends else None
    for each in chain:
        # One step each: a sub-amendment is written for what the proposal before it makes of the words.
        after = apply_edits(state.units, each.edits)
        record_edits(state, each.edits, after, source=each.digest, act=act, at=at)
        record_others(state, each.units, after, source=each.digest, act=act, at=at)
        remember_gone(state, state.units, after)
        work_on(state, after)
    state.set_amendment(proposal, status="accepted", decided=at)
    _merge_parked(state, proposal, at)


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
    "amendment.revise-v1": revise,
    "amendment.table_with_break-v1": table_with_break,
    "amendment.lapse-v1": becomes("lapsed"),
    "amendment.accept-v1": accept,
    "amendment.park-v1": park,
    "amendment.revive-v1": revive,
    "amendment.not_retain-v1": becomes("not_retained"),
    "amendment.withdraw-v1": becomes("withdrawn"),
    "amendment.take_over-v1": take_over,
}
