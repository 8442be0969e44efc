"""What follows from the acts, the rules and the hour, and is therefore never recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from declaration.procedure.state import Amendment, Confirmation, Endorsement, State, Translation
from declaration.procedure.working import is_stale


def amendment_status(state: State, amendment: Amendment) -> str:
    """The amendment's status as people see it: an admitted one whose words have moved is ``stale``."""
    if amendment.status == "admitted" and is_stale(state, amendment):
        return "stale"
    return amendment.status


def touched(state: State, amendment: Amendment) -> tuple[str, ...]:
    """Ids of the units that accepting it changes: its own and those of the proposals that it amends."""
    units = dict.fromkeys(amendment.units)
    parent = amendment.amends
    while parent is not None:
        units.update(dict.fromkeys(state.amendments[parent].units))
        parent = state.amendments[parent].amends
    return tuple(units)


def proposals_on(state: State, unit: str) -> list[Amendment]:
    """The proposals that touch a unit, in the order in which they were tabled."""
    return [each for each in state.amendments.values() if unit in each.units]


def brackets(state: State) -> list[str]:
    """Ids of the units in brackets, in document order, new ones last: those with an open proposal."""
    marked = {unit for each in state.amendments.values() if each.open for unit in each.units}
    standing = [unit for unit in state.units if unit in marked]
    return standing + sorted(marked - set(standing))


def paragraph_status(state: State, unit: str) -> str:
    """``open``, ``bracketed``, ``agreed_ad_ref``, ``agreed`` or ``deleted``."""
    if any(each.open and unit in each.units for each in state.amendments.values()):
        return "bracketed"
    if unit not in state.units:
        return "deleted"
    if state.stage == "agreed_ad_ref":
        return "agreed_ad_ref"
    if state.stage in ("legal_review", "presented", "adopted", "open_for_signature"):
        return "agreed"
    return "open"


def confirmations(state: State) -> Mapping[str, Confirmation]:
    """The confirmations that count: those of the text now agreed. Reopening resets all others."""
    return {name: each for name, each in state.confirmations.items() if each.version == state.agreed}


def waiting_for_confirmation(state: State) -> list[str]:
    """Delegations whose head has not confirmed the agreed text."""
    given = confirmations(state)
    return [name for name in state.known.delegations if name not in given or given[name].status != "confirmed"]


def translation(state: State, lang: str) -> Mapping[str, Translation]:
    """The texts of a language for the units that stand now, out-of-date ones included."""
    known = state.translated.get(lang, {})
    return {unit: known[unit] for unit in state.units if unit in known}


def behind(state: State, lang: str) -> list[str]:
    """Units whose text in ``lang`` is missing, or whose original has changed since it was translated."""
    known = state.translated.get(lang, {})
    return [unit.id for unit in state.units.values() if unit.id not in known or known[unit.id].source != unit.sha256]


def language_status(state: State, lang: str) -> str:
    """``original``, ``missing``, ``outdated``, ``submitted``, ``concordant`` or ``authentic``."""
    if lang == state.known.original:
        return "authentic" if state.adopted else "original"
    if state.adopted and state.known.languages[lang] == "authentic":
        return "authentic"
    if not state.translated.get(lang):
        return "missing"
    if behind(state, lang):
        return "outdated"
    certificate = state.certificates.get(lang)
    current = {unit: entry.sha256 for unit, entry in translation(state, lang).items()}
    return "concordant" if certificate is not None and dict(certificate.hashes) == current else "submitted"


def stage(state: State, now: datetime) -> str:
    """The declaration's stage at ``now``: the window for signature closes by the hour, not by a job having run."""
    if state.stage == "open_for_signature" and state.window is not None and now >= state.window.closes:
        return "accession_open" if state.rules.accession else "closed"
    return state.stage


@dataclass(frozen=True, slots=True)
class Totals:
    """The register in figures; nothing here but what the endorsements give (PROCEDURE, invariant 17).

    :ivar withdrawn: organizations that have withdrawn; persons and associates, who may be of no country of the forum, stand apart
        in ``listed_withdrawn``.
    """

    counted: Mapping[str, int]
    accessions: Mapping[str, int]
    withdrawn: Mapping[str, int]
    listed: int
    listed_withdrawn: int = 0

    @property
    def total(self) -> int:
        """Signatures that count."""
        return sum(self.counted.values())


def totals(state: State, *, as_at: datetime | None = None) -> Totals:
    """Count the register per country, organizations only, persons and associates apart; as at any moment, UTC."""
    counted: Counter[str] = Counter()
    accessions: Counter[str] = Counter()
    withdrawn: Counter[str] = Counter()
    listed = listed_withdrawn = 0
    for each in state.endorsements.values():
        if as_at is not None and each.at > as_at:
            continue
        gone = _withdrawn(each, as_at)
        if each.capacity != "organization":
            listed, listed_withdrawn = listed + (not gone), listed_withdrawn + gone
        elif gone:
            withdrawn[each.country] += 1
        elif each.kind == "accession":
            accessions[each.country] += 1
        else:
            counted[each.country] += 1
    order = state.known.delegations
    return Totals(
        {name: counted[name] for name in order},
        {name: accessions[name] for name in order},
        {name: withdrawn[name] for name in order},
        listed,
        listed_withdrawn,
    )


def _withdrawn(each: Endorsement, as_at: datetime | None) -> bool:
    return each.withdrawn is not None and (as_at is None or each.withdrawn <= as_at)
