"""Asking the tables: is this act allowed now, and what is the state after it."""

from __future__ import annotations

from collections.abc import Iterable

from declaration.errors import Malformed, Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.effects import EFFECTS
from declaration.procedure.fields import check_fields
from declaration.procedure.guards import GUARDS, fresh
from declaration.procedure.state import Library, State
from declaration.procedure.tables import BY_TYPE, Transition


def new_state(origin: str, library: Library) -> State:
    """The state of a record without entries."""
    return State(origin=origin, library=library)


def check(state: State, act: Act) -> None:
    """Refuse ``act`` unless the rules allow it in ``state``, as the next entry.

    :raises Malformed: the statement has not the fields of its type.
    :raises Refused: a rule does not allow it; ``code`` says which.
    """
    check_order(state, act)
    check_authority(state, act)
    check_allowed(state, act)


def check_order(state: State, act: Act) -> None:
    """New, the next, not before the last one, for this log and declaration, and not held back."""
    statement = act.statement
    if act.index != state.size:
        raise Refused("the act is not the next one", code="record.order")
    if state.times and act.at < state.times[-1]:
        raise Refused("the time runs backwards", code="record.time")
    if act.digest in state.digests:
        raise Refused("this act is in the record already", code="record.repeated")
    if statement.log != state.origin:
        raise Refused("the act was signed for another record", code="record.log")
    if state.constitution is not None and statement.declaration != state.declaration:
        raise Refused("the act was signed for another declaration", code="record.declaration")
    fresh(state, act)


def check_authority(state: State, act: Act) -> None:
    """The key was accredited before this act, for this party and role, and its mandate is in force."""
    by = act.statement.by
    if state.constitution is None:
        if act.type != "constitution-v1":
            raise Refused("a record begins with its constitution", code="constitution.missing")
        return
    key = state.keys.get(by.key)
    if key is None:
        raise Refused(
            "this key is not accredited",
            code="key.unknown",
            instead="Enrol the key; its accreditation is shown on your page.",
        )
    if (key.party, key.role) != (by.party, by.role):
        raise Refused(f"this key speaks for {key.party} as {key.role}", code="key.party")


def check_allowed(state: State, act: Act) -> None:
    """The table's row for this type allows it: role, fields, state, guards."""
    row = BY_TYPE.get(act.type)
    if row is None:
        raise Malformed(f"unknown type of statement: {act.type}", code="statement.type")
    if act.statement.by.role not in row.who:
        raise Refused(
            f"only {' or '.join(row.who)} may do this",
            code="role.not-entitled",
            instead=f"Ask {' or '.join(row.who)}.",
        )
    check_fields(act.statement.body, row.fields)
    check_object(state, act, row)
    for name in row.guards:
        GUARDS[name](state, act)


def check_object(state: State, act: Act, row: Transition) -> None:
    """What is acted on exists and is in a state from which the row starts."""
    if row.object == "none":
        if act.statement.object is not None:
            raise Refused("this act has no object", code="object.unexpected")
        return
    if not act.object:
        raise Refused("the act names no object", code="object.missing")
    if row.object == "constitution" and act.object != state.known.digest:
        raise Refused("the act names another constitution", code="object.constitution")
    status = _status(state, act, row)
    if status is not None and status not in row.before:
        raise Refused(
            f"not possible: {status.replace('_', ' ')}",
            code=f"{row.machine}.state",
            instead=_INSTEAD.get((row.machine, row.name, status), ""),
        )


_INSTEAD = {
    ("declaration", "object_to_adoption", "adopted"): "An explanation of position is still possible.",
    ("declaration", "object_to_adoption", "open_for_signature"): "An explanation of position is still possible.",
    ("amendment", "accept", "stale"): "The proposer's head can confirm it against the new words.",
    ("amendment", "admit", "late"): "The Chair may give leave.",
}


def _status(state: State, act: Act, row: Transition) -> str | None:
    if row.machine == "declaration":
        return state.stage
    if row.object == "amendment":
        amendment = state.amendments.get(act.object)
        if amendment is None:
            raise Refused("there is no such proposal", code="amendment.unknown")
        return consequences.amendment_status(state, amendment)
    if row.machine == "draft_version" and row.name != "approve_and_circulate":
        version = state.versions.get(act.object)
        if version is None:
            raise Refused("there is no such version", code="version.unknown")
        return version.status
    if (row.machine, row.name) == ("endorsement", "withdraw"):
        endorsement = state.endorsements.get(act.object)
        return endorsement.status if endorsement is not None else None
    return None


def advance(state: State, act: Act) -> State:
    """Carry an allowed act into ``state``, in place, and return it."""
    EFFECTS[act.type](state, act)
    state.digests[act.digest] = act.index
    state.times.append(act.at)
    state.size = act.index + 1
    return state


def apply(state: State, act: Act) -> State:
    """:func:`check`, then :func:`advance`."""
    check(state, act)
    return advance(state, act)


def replay(origin: str, acts: Iterable[Act], library: Library) -> State:
    """The state that a whole record leaves.

    :raises Refused: at the first act that the rules did not allow.
    """
    state = new_state(origin, library)
    for act in acts:
        apply(state, act)
    return state
