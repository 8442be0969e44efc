"""What follows from the acts, the rules and the hour, and is therefore never recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from declaration.errors import Malformed, Refused
from declaration.procedure.matters import Credential, Silence
from declaration.procedure.state import Amendment, Confirmation, Endorsement, State, Translation, Unit
from declaration.procedure.working import is_stale, result_of


def amendment_status(state: State, amendment: Amendment) -> str:
    """The amendment's status as people see it: an admitted one whose words have moved is ``stale``."""
    if amendment.status == "admitted" and is_stale(state, amendment):
        return "stale"
    return amendment.status


def touched(state: State, amendment: Amendment) -> tuple[str, ...]:
    """Ids of the units that accepting it changes: those that it and the proposals that it amends name, and those that change with them,
    such as the list items of a deleted paragraph."""
    units = dict.fromkeys(amendment.units)
    parent = amendment.amends
    while parent is not None:
        units.update(dict.fromkeys(state.amendments[parent].units))
        parent = state.amendments[parent].amends
    try:
        after = result_of(state, amendment)
    except (Refused, Malformed):
        return tuple(units)  # stale: nothing follows from it
    units.update(dict.fromkeys(changed(state.units, after)))
    return tuple(units)


def changed(before: Mapping[str, Unit], after: Mapping[str, Unit]) -> list[str]:
    """Ids of the units that are not the same on both sides, or stand on one only."""
    return [unit for unit in (*before, *(each for each in after if each not in before)) if before.get(unit) != after.get(unit)]


def proposals_on(state: State, unit: str) -> list[Amendment]:
    """The proposals that touch a unit, in the order in which they were tabled."""
    return [each for each in state.amendments.values() if unit in each.units]


def paragraph_status(state: State, unit: str) -> str:
    """``open``, ``bracketed``, ``small_group``, ``under_silence``, ``agreed_ad_ref``, ``reserved``, ``agreed`` or ``deleted``.

    A paragraph is in brackets from the moment at which a proposal on it is admitted until the Chair has put it to the meeting. An
    ``open`` one, to which nobody proposed anything, is agreed with the whole text. What was only submitted, in time or late, puts
    nothing in brackets: otherwise one delegation could reopen, by itself, what all have agreed.
    """
    if silence_on(state, unit) is not None:
        return "under_silence"
    if unit in state.groups:
        return "small_group"
    if any(each.status in ("admitted", "in_silence") for each in proposals_on(state, unit)):
        return "bracketed"
    if unit not in state.units:
        return "deleted"
    if state.paragraphs.get(unit) == "bracketed":
        return "bracketed"
    if state.reserves.get(unit):
        return "reserved"
    if state.stage in ("legal_review", "presented", "adopted", "open_for_signature", "closed", "archived"):
        return "agreed"
    if state.stage == "agreed_ad_ref":
        return "agreed_ad_ref"
    return state.paragraphs.get(unit, "open")


def silence_on(state: State, unit: str) -> Silence | None:
    """The silence procedure that runs on a paragraph."""
    for each in state.silences.values():
        if each.status == "running" and unit in each.units:
            return each
    return None


def unsettled(state: State) -> dict[str, str]:
    """What stands between the text and *agreed ad referendum*: ``bracketed``, ``small_group``, ``under_silence`` or ``reserved``, by unit.

    In document order, paragraphs that are only proposed last.
    """
    proposed = {unit for each in state.amendments.values() if each.open for unit in each.units} - state.units.keys()
    found = {unit: paragraph_status(state, unit) for unit in (*state.units, *sorted(proposed))}
    return {unit: status for unit, status in found.items() if status in UNSETTLED}


UNSETTLED = ("bracketed", "small_group", "under_silence", "reserved")
"""Statuses of a paragraph that keep the text from being agreed."""


def brackets(state: State) -> list[str]:
    """Ids of the units in brackets, in document order, those that are only proposed last; a reserve is no bracket."""
    return [unit for unit, status in unsettled(state).items() if status != "reserved"]


def credential_status(credential: Credential, at: datetime) -> str:
    """A credential's status at an hour: provisional ones are refused and accepted ones expire by time."""
    if credential.status == "provisional" and credential.due is not None and at >= credential.due:
        return "refused"
    if credential.status == "accepted" and credential.until is not None and at >= credential.until:
        return "expired"
    return credential.status


def is_seated(state: State, delegation: str, at: datetime) -> bool:
    """Whether a delegation may act: it has credentials that stand, or none were presented yet (UNGA rule 29, provisional admission)."""
    presented = [each for each in state.credentials.values() if each.delegation == delegation]
    return not presented or any(
        credential_status(each, at) in ("presented", "under_examination", "provisional", "accepted") for each in presented
    )


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


def divergent(state: State, lang: str) -> list[str]:
    """Units that were found not to say the same in ``lang`` and were not corrected since, in document order."""
    found = state.divergences.get(lang, {})
    return [unit for unit in state.units if unit in found]


def unit_language_status(state: State, lang: str, unit: str) -> str:
    """One paragraph in one language: ``original``, ``missing``, ``translating``, ``outdated``, ``submitted``, ``divergent``,
    ``concordant`` or ``authentic``."""
    if lang == state.known.original:
        return "authentic" if state.adopted else "original"
    if state.adopted and state.known.languages[lang] == "authentic":
        return "authentic"
    source = state.units[unit].sha256
    entry = state.translated.get(lang, {}).get(unit)
    if entry is not None and entry.source == source:
        if unit in state.divergences.get(lang, {}):
            return "divergent"
        certificate = state.certificates.get(lang)
        return "concordant" if certificate is not None and certificate.hashes.get(unit) == entry.sha256 else "submitted"
    taken = state.taken.get(lang, {}).get(unit)
    if taken is not None and taken.source == source:
        return "translating"
    return "missing" if entry is None else "outdated"


def language_status(state: State, lang: str) -> str:
    """``original``, ``missing``, ``outdated``, ``divergent``, ``submitted``, ``concordant`` or ``authentic``."""
    if lang == state.known.original:
        return "authentic" if state.adopted else "original"
    if state.adopted and state.known.languages[lang] == "authentic":
        return "authentic"
    if not state.translated.get(lang):
        return "missing"
    if behind(state, lang):
        return "outdated"
    if divergent(state, lang):
        return "divergent"
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
