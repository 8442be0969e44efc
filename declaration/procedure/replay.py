"""Asking the tables: is this act allowed now, and what is the state after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from declaration.errors import Malformed, NotEntitled, Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.effects import EFFECTS
from declaration.procedure.effects_silence import due, elapse
from declaration.procedure.fields import check_fields
from declaration.procedure.guards import GUARDS, fresh
from declaration.procedure.guards_keys import key_stands
from declaration.procedure.guards_paragraphs import named_units
from declaration.procedure.papers import paper_status
from declaration.procedure.standing import key_named, key_status, organization_named
from declaration.procedure.state import Library, State
from declaration.procedure.tables import BY_TYPE, Transition
from declaration.protocol.encoding import format_time
from declaration.protocol.statement import Statement

T = TypeVar("T")


def new_state(origin: str, library: Library) -> State:
    """The state of a record without entries."""
    return State(origin=origin, library=library)


def check(state: State, act: Act, *, formed: bool = False) -> None:
    """Refuse ``act`` unless the rules allow it in ``state``, as the next entry.

    :param formed: :func:`check_form` was asked already, perhaps by another process, and refused nothing.
    :raises Malformed: the statement has not the fields of its type.
    :raises Refused: a rule does not allow it; ``code`` says which.
    """
    check_order(state, act)
    check_authority(state, act)
    check_allowed(state, act, formed=formed)


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
    key_stands(state, key, act.at)
    if key.delegated_by is not None and not (key.valid_from and key.valid_until and key.valid_from <= act.at < key.valid_until):
        raise Refused(
            "the alternate's time has not begun or is over", code="key.delegation-over", instead="Ask the head of the delegation."
        )
    if by.role == "head" and not consequences.is_seated(state, by.party, act.at):
        raise Refused(
            "this delegation has no credentials that stand",
            code="credential.none",
            instead="Have the secretariat present a letter of the competent authority.",
        )


def check_form(statement: Statement) -> None:
    """The statement is of a type that the table knows, and has its fields; this depends on nothing but the statement.

    :raises Malformed: ``statement.type``, ``statement.fields``, ``statement.field``.
    """
    check_fields(statement.body, _row(statement.type).fields)


def _row(kind: str) -> Transition:
    row = BY_TYPE.get(kind)
    if row is None:
        raise Malformed(f"unknown type of statement: {kind}", code="statement.type")
    return row


def check_allowed(state: State, act: Act, *, formed: bool = False) -> None:
    """The table's row for this type allows it: role, fields, state, guards."""
    row = _row(act.type)
    if act.statement.by.role not in row.who:
        raise NotEntitled(
            f"only {' or '.join(row.who)} may do this",
            instead=f"Ask {' or '.join(row.who)}.",
        )
    if not formed:
        check_form(act.statement)
    state = settled(state, act.at)
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
    for what, status in _statuses(state, act, row):
        if status not in row.before:
            raise Refused(
                _said(state, act) or f"not possible: {what}{status.replace('_', ' ')}",
                code=f"{row.machine or row.object}.state",
                instead=_INSTEAD.get((row.machine, row.name, status), ""),
            )


def _said(state: State, act: Act) -> str:
    """More than the word of a state where a person wants to know more: who was faster."""
    silence = state.silences.get(act.object)
    if silence is None or silence.status != "broken" or silence.by is None or silence.ended is None:
        return ""
    return f"silence has been broken already by {silence.by.upper()}, at {format_time(silence.ended)}"


_INSTEAD = {
    ("declaration", "object_to_adoption", "adopted"): "An explanation of position is still possible.",
    ("declaration", "object_to_adoption", "open_for_signature"): "An explanation of position is still possible.",
    ("amendment", "accept", "stale"): "The proposer's head can confirm it against the new words.",
    ("amendment", "accept", "in_silence"): "Wait for the hour, or cancel the silence procedure.",
    ("amendment", "admit", "late"): "The Chair may give leave.",
    ("silence", "break", "broken"): "Everybody was told at once; write a comment, or table an amendment.",
    ("silence", "break", "expired"): "The hour has passed; ask the Chair to reopen the paragraph.",
    ("silence", "break", "announced"): "Object to using silence instead.",
    ("silence", "object_to_use", "running"): "Break silence instead.",
    ("endorsement", "release", "counted"): "It counts already.",
    ("endorsement", "annul", "counted"): "Question it first, and ask the organization.",
    ("endorsement", "refuse", "counted"): "Question it first, and ask the organization.",
    ("organization", "verify", "verified"): "It is verified already.",
    ("corrigendum", "rectify", "objected"): "Revise it and notify it again, or drop it.",
    ("corrigendum", "drop", "notified"): "Wait for the day that was notified; nobody else decides before it.",
    ("", "revoke", "revoked"): "It signs nothing any more.",
    ("paragraph", "correct_editorially", "bracketed"): "The words are still being negotiated: propose an amendment.",
    ("paragraph", "place_reserve", "open"): "Nobody has put this paragraph to the meeting yet.",
    ("paragraph", "place_reserve", "bracketed"): "It is not agreed yet; say so in the meeting, or propose an amendment.",
}


def _statuses(state: State, act: Act, row: Transition) -> list[tuple[str, str]]:
    """What the act is about, and the status of each: the name of a paragraph with a colon and a space where one is named."""
    if row.machine == "paragraph":
        return [(f"{unit}: ", _paragraph_status(state, unit)) for unit in named_units(act)]
    status = _status(state, act, row)
    return [] if status is None else [("", status)]


def _paragraph_status(state: State, unit: str) -> str:
    if unit not in state.units and unit not in state.gone:
        raise Refused(f"there is no {unit} in the text", code="paragraph.unknown")
    return consequences.paragraph_status(state, unit)


def _status(state: State, act: Act, row: Transition) -> str | None:
    if row.machine == "declaration":
        return consequences.stage(state, act.at)
    if row.machine == "draft_version" and row.name != "approve_and_circulate":
        return _found(state.versions.get(act.object), "there is no such version", "version.unknown").status
    if row.object == "endorsement":
        endorsement = state.endorsements.get(act.object)
        if endorsement is None and "signatory" in row.who:
            return None  # a guard says that it is not a signature of this organization, whether there is one or not
        return _found(endorsement, "there is no such signature in the register", "endorsement.unknown").status
    if row.object == "paper":
        return paper_status(state, _found(state.papers.get(act.object), "no signature on paper was attested so", "paper.unknown"))
    if row.machine == "paper":
        return None  # guards ask what is signed and for whom
    if row.object == "corrigendum":
        return _found(state.corrigenda.get(act.object), "there is no such correction", "corrigendum.unknown").status
    if row.object == "organization":
        return organization_named(state, act.object).status
    if row.object == "key":
        key = key_named(state, act.object)
        if row.machine == "mandate":
            return "revoked" if key.mandate_revoked is not None else "active"
        return key_status(state, key, act.at)
    if (row.machine, row.name) == ("mandate", "refuse"):
        waiting = state.awaiting_accreditation.get(act.object)
        return _found("presented" if waiting else None, "no accreditation waits there", "mandate.unknown")
    if row.object == "amendment":
        amendment = _found(state.amendments.get(act.object), "there is no such proposal", "amendment.unknown")
        return consequences.amendment_status(state, amendment) if row.before else None
    if row.object == "silence":
        return _found(state.silences.get(act.object), "there is no such silence procedure", "silence.unknown").status
    if row.object == "statement":
        return _found(state.statements.get(act.object), "there is no such statement", "statement.unknown").status
    if row.object == "credential":
        credential = _found(state.credentials.get(act.object), "there are no such credentials", "credential.unknown")
        return consequences.credential_status(credential, act.at)
    return None


def _found(value: T | None, message: str, code: str) -> T:
    if value is None:
        raise Refused(message, code=code)
    return value


def settled(state: State, at: datetime) -> State:
    """The state at an hour: ``state`` itself, or a fork of it in which what has expired since its last act has taken effect."""
    if not due(state, at):
        return state
    fork = state.fork()
    elapse(fork, at)
    return fork


def advance(state: State, act: Act) -> State:
    """Carry an allowed act into ``state``, in place, and return it."""
    elapse(state, act.at)
    EFFECTS[act.type](state, act)
    state.digests[act.digest] = act.index
    state.signed[act.index] = act.statement.by.key
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
