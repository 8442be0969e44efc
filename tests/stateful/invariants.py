"""The invariants of the procedure (PROCEDURE, section 7) that a state can be asked about, by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.state import State
from declaration.procedure.tables import BY_TYPE

Holds = Callable[[State, Sequence[Act], datetime], bool]

AGREED = ("agreed_ad_ref", "legal_review", "presented", "adopted", "open_for_signature", "closed", "archived")


def applied_to_their_own_words(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """2, 5: every step of a unit's history begins with the words that the step before left, and the last one left those that stand."""
    for unit, history in state.history.items():
        for last, change in pairwise(history):
            if change.op not in ("move",) and change.before != last.after:
                return False
        standing = state.units.get(unit)
        if (standing.sha256 if standing else None) != history[-1].after:
            return False
    return state.units.keys() <= state.history.keys()


def every_word_has_a_source(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """5: the zero draft, a proposal, or an act of the Chair or the secretariat on the paragraph."""
    symbols = {each.symbol for each in state.versions.values()}
    return all(
        change.source in state.amendments or change.source in state.digests or change.source in symbols
        for history in state.history.values()
        for change in history
    )


def one_silence_a_paragraph(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """6: at most one that is announced or running."""
    held = [unit for each in state.silences.values() if each.live for unit in each.units]
    return len(held) == len(set(held))


def what_was_broken_in_time_never_expired(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """6: no silence has expired of which the record has a break; and every break came before its hour."""
    broken = {act.object: act.at for act in acts if act.type == "silence.break-v1"}
    return all(state.silences[digest].status == "broken" and at < state.silences[digest].expires for digest, at in broken.items())


def expiry_is_by_time(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """7: nothing runs whose hour was before the newest act."""
    return not state.times or all(each.expires > state.times[-1] for each in state.silences.values() if each.status == "running")


def nothing_is_agreed_until_everything_is(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """8: no bracket, silence or reserve is left in an agreed text; none was adopted without its quorum."""
    adopted = [act for act in acts if act.type == "declaration.adopt-v1"]
    return (state.stage not in AGREED or not consequences.unsettled(state)) and all(len(act["present"]) >= 1 for act in adopted)


def a_confirmation_names_what_it_confirms(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """9: those that count are of the text now agreed; without one none counts."""
    counted = consequences.confirmations(state).values()
    return all(each.version == state.agreed for each in counted) and (state.agreed is not None or not counted)


def the_chair_is_nobodys_head(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """11: no act of the Chair's key is one of a head."""
    of_heads = {type_ for type_, row in BY_TYPE.items() if row.who == ("head",)}
    return not any(act.statement.by.role == "chair" and act.type in of_heads for act in acts)


def the_depositary_is_not_the_chair(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """12: one key, one party, one role."""
    parties: dict[str, str] = {}
    return all(parties.setdefault(key.party, key.role) == key.role for key in state.keys.values())


def ids_are_for_ever(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """13, 18: a paragraph that ever stood stands, or is remembered where it went."""
    return state.history.keys() == state.units.keys() | state.gone.keys()


def languages_align(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """14: a certificate is of all paragraphs that stood, and the adopted text has all its languages paragraph by paragraph."""
    if state.adopted is None:
        return True
    rows = state.version_text(state.adopted).manifest.units
    return all(set(row.sha256) == set(state.known.languages) for row in rows) and [row.id for row in rows] == list(state.units)


def nobody_certified_the_own_translation(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """15: as the translations were when it was certified; whoever translates afterwards ends the certificate."""
    return all(
        each.translator != certificate.party
        for lang, certificate in state.certificates.items()
        for unit, each in state.translated.get(lang, {}).items()
        if certificate.hashes.get(unit) == each.sha256 and each.at <= certificate.at
    )


def late_is_late(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """24: what was submitted in time came before every deadline that was in force, by the record's own clock."""
    deadline: datetime | None = None
    for act in acts:
        if act.type in ("declaration.circulate_zero_draft-v1", "declaration.extend_deadline-v1"):
            deadline = datetime.fromisoformat(act["deadline"])
        if act.type == "amendment.submit-v1" and (deadline is None or act.at >= deadline):
            return False
        if act.type == "amendment.submit_late-v1" and (deadline is None or act.at < deadline):
            return False
    return True


def what_is_parked_can_be_revived(state: State, acts: Sequence[Act], now: datetime) -> bool:
    """26: what it was taken up in is still undecided, and its proposer's head may have it back."""
    undecided = ("admitted", "in_silence", "parked")
    return all(
        each.target is not None and state.amendments[each.target].status in undecided
        for each in state.amendments.values()
        if each.status == "parked"
    )


INVARIANTS: Sequence[Holds] = (
    applied_to_their_own_words,
    every_word_has_a_source,
    one_silence_a_paragraph,
    what_was_broken_in_time_never_expired,
    expiry_is_by_time,
    nothing_is_agreed_until_everything_is,
    a_confirmation_names_what_it_confirms,
    the_chair_is_nobodys_head,
    the_depositary_is_not_the_chair,
    ids_are_for_ever,
    languages_align,
    nobody_certified_the_own_translation,
    late_is_late,
    what_is_parked_can_be_revived,
)
