"""What follows from the acts, the rules and the hour, and is therefore never recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from declaration.errors import Malformed, Refused
from declaration.procedure.matters import Credential, Silence
from declaration.procedure.state import Amendment, Confirmation, State, Translation, Unit
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


def outcome(state: State, amendment: Amendment) -> dict[str, str | None]:
    """What accepting a proposal leaves, by unit: the hash of its words, or ``None`` where it goes.

    :raises Refused: ``edit.base-changed`` where it no longer fits.
    """
    after = result_of(state, amendment)
    return {unit: after[unit].sha256 if unit in after else None for unit in touched(state, amendment)}


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
    """The register in figures; nothing here but what the record gives (PROCEDURE, invariant 17).

    By country stand organizations alone; persons and associates, who may be of no country of the forum, stand apart in the figures
    that begin with ``listed``.

    :ivar counted: signatures that count; ``accessions`` those that came after the window.
    :ivar held: received, and examined by the depositary.
    :ivar prepared: organizations that may sign and have not; ``lapsed`` the same when nobody can sign any more.
    """

    counted: Mapping[str, int]
    accessions: Mapping[str, int]
    withdrawn: Mapping[str, int]
    listed: int
    listed_withdrawn: int
    held: Mapping[str, int]
    refused: Mapping[str, int]
    annulled: Mapping[str, int]
    prepared: Mapping[str, int]
    lapsed: Mapping[str, int]
    listed_held: int = 0
    listed_refused: int = 0
    listed_annulled: int = 0

    @property
    def total(self) -> int:
        """Signatures that count."""
        return sum(self.counted.values())

    @property
    def received(self) -> int:
        """Everything that ever came into the register: nothing is taken out of it."""
        by_country = (self.counted, self.accessions, self.withdrawn, self.held, self.refused, self.annulled)
        apart = self.listed + self.listed_withdrawn + self.listed_held + self.listed_refused + self.listed_annulled
        return sum(sum(each.values()) for each in by_country) + apart

    @property
    def everything(self) -> int:
        """With the organizations that have not signed."""
        return self.received + sum(self.prepared.values()) + sum(self.lapsed.values())


def totals(state: State, *, as_at: datetime | None = None) -> Totals:
    """Count the register per country, organizations only, persons and associates apart; as at any moment, UTC."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    apart: Counter[str] = Counter()
    for each in state.endorsements.values():
        status = each.status if as_at is None else each.status_at(as_at)
        if status is None:
            continue
        if each.capacity != "organization":
            apart[status] += 1
        else:
            found["accessions" if status == "counted" and each.kind == "accession" else status][each.country] += 1
    waiting = "lapsed" if _nobody_signs(state, as_at) else "prepared"
    for country in _unsigned(state, as_at):
        found[waiting][country] += 1
    order = state.known.delegations

    def row(status: str) -> Mapping[str, int]:
        return {name: found[status][name] for name in order}

    return Totals(
        counted=row("counted"),
        accessions=row("accessions"),
        withdrawn=row("withdrawn"),
        listed=apart["listed"],
        listed_withdrawn=apart["withdrawn"],
        held=row("held"),
        refused=row("refused"),
        annulled=row("annulled"),
        prepared=row("prepared"),
        lapsed=row("lapsed"),
        listed_held=apart["held"],
        listed_refused=apart["refused"],
        listed_annulled=apart["annulled"],
    )


def _unsigned(state: State, as_at: datetime | None) -> Iterator[str]:
    """The country of each organization that had a key and had not signed; what had signed is counted by its signature."""
    signed: Container[str] = state.by_party
    if as_at is not None:
        signed = {each.party for each in state.endorsements.values() if each.at <= as_at}
    for party, key in state.parties.items():
        known = as_at is None or state.times[key.accredited] <= as_at
        if known and key.capacity == "organization" and key.organization is not None and party not in signed:
            yield key.organization["country"]


def _nobody_signs(state: State, as_at: datetime | None) -> bool:
    """Whether what was prepared has lapsed: accession was closed, or the window was and there is no accession."""
    if state.closed_at is not None and (as_at is None or as_at >= state.closed_at):
        return True
    moment = as_at if as_at is not None else state.times[-1] if state.times else None
    return state.window is not None and moment is not None and moment >= state.window.closes and not state.rules.accession
