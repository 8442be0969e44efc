"""Making a version out of units: pure, so that the same units give the same digest everywhere.

The symbol of the zero draft is ``<declaration>/ZD``, of the revisions ``<declaration>/Rev.1``, ``/Rev.2`` and so on; the final
version bears the declaration's own symbol, without a suffix. Revisions keep the numbers of the version before and number what
was put in *bis*, *ter*; the final version is numbered anew from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.errors import Malformed, Refused
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.protocol.encoding import sha256_hex
from declaration.protocol.manifest import Manifest, TextRow, UnitRow, build_manifest, canonical_text, unit_hash
from declaration.text.letters import check_letters
from declaration.text.numbering import number_of
from declaration.text.units import Unit, UnitText, align, check_units, in_language, of_kind

ZERO_DRAFT = "ZD"
REVISION = "Rev."


@dataclass(frozen=True, slots=True)
class Composed:
    """A version that nobody has approved: its manifest and the canonical text of each language."""

    manifest: Manifest
    texts: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """The identity of the version."""
        return self.manifest.digest


def compose(
    units: Sequence[UnitText],
    texts: Mapping[str, Mapping[str, str]],
    *,
    declaration: str,
    symbol: str,
    previous: str | None,
    statuses: Mapping[str, str],
    kept: Mapping[str, str | None] | None,
) -> Composed:
    """Compose a version.

    :param units: in document order; their own text is not read.
    :param texts: language → unit id → text; every language has every unit.
    :param statuses: language → ``authentic`` or ``translation``.
    :param kept: numbers of the version before, or None to number from 1.
    :raises Malformed: ``letters.refused`` and what canonical texts and manifests refuse.
    """
    check_units(units)
    numbers = number_of(units, kept)
    bodies: dict[str, bytes] = {}
    for lang, words in texts.items():
        for unit in units:
            check_letters(words[unit.id], where=f"{unit.id} ({lang})")
        bodies[lang] = canonical_text([(unit.id, numbers[unit.id], words[unit.id]) for unit in units])
    manifest = build_manifest(
        declaration=declaration,
        previous=previous,
        symbol=symbol,
        texts=[TextRow(lang, sha256_hex(body), len(body), statuses[lang]) for lang, body in bodies.items()],
        units=[
            UnitRow(unit.id, unit.kind, numbers[unit.id], unit.parent, {lang: unit_hash(texts[lang][unit.id]) for lang in texts})
            for unit in units
        ],
    )
    return Composed(manifest, bodies)


def zero_draft(
    texts: Mapping[str, Sequence[UnitText]], *, declaration: str, original: str, statuses: Mapping[str, str]
) -> Composed:
    """The zero draft from a text in each language.

    :raises Malformed: ``version.original-missing``, ``version.language`` (not one of the forum's), ``version.languages-differ``
        (a unit that a language lacks, has besides, or has elsewhere).
    """
    if original not in texts:
        raise Malformed(f"the zero draft has no text in {original}, the original language", code="version.original-missing")
    for lang in texts:
        if lang not in statuses:
            raise Malformed(f"{lang} is not a language of this forum", code="version.language")
    units, mismatches = align(texts, lead=original)
    if mismatches:
        first = mismatches[0]
        raise Malformed(
            f"the languages are not the same text: {first.unit} in {first.language} ({first.problem})",
            code="version.languages-differ",
            instead="Give every paragraph the same id in every language.",
        )
    return compose(
        in_language(units, original),
        by_language(units),
        declaration=declaration,
        symbol=f"{declaration}/{ZERO_DRAFT}",
        previous=None,
        statuses=statuses,
        kept=None,
    )


def by_language(units: Sequence[Unit]) -> dict[str, dict[str, str]]:
    """Language → unit id → text."""
    result: dict[str, dict[str, str]] = {}
    for unit in units:
        for lang, text in unit.text.items():
            result.setdefault(lang, {})[unit.id] = text
    return result


def working_units(state: State) -> list[UnitText]:
    """The working text in the original language, as the text package reads units."""
    return [UnitText(unit.id, of_kind(unit.kind), unit.text, unit.parent) for unit in state.units.values()]


def working_numbers(state: State, *, final: bool = False) -> dict[str, str | None]:
    """The numbers that the next version would print."""
    return number_of(working_units(state), None if final else kept_numbers(state))


def kept_numbers(state: State) -> dict[str, str | None] | None:
    """The numbers of the version in circulation, by unit; None before the first."""
    version = state.version_text(state.current) if state.current else None
    return None if version is None else {row.id: row.number for row in version.manifest.units}


def is_circulated(state: State) -> bool:
    """Whether the version in circulation has everything that was accepted: its words are those of the working text."""
    version = state.version_text(state.current) if state.current else None
    if version is None:
        return False
    original = state.known.original
    circulated = [(row.id, row.sha256[original]) for row in version.manifest.units]
    return circulated == [(unit.id, unit.sha256) for unit in state.units.values()]


def next_symbol(state: State, *, final: bool) -> str:
    """The symbol of the next version."""
    if final:
        return state.declaration
    stem = f"{state.declaration}/{REVISION}"
    return f"{stem}{1 + sum(each.symbol.startswith(stem) for each in state.versions.values())}"


def complete_languages(state: State) -> list[str]:
    """The languages that a version composed now would have: the original, and those whose translation is up to date."""
    original = state.known.original
    return [lang for lang in state.known.languages if lang == original or not consequences.behind(state, lang)]


def next_version(state: State, words: Mapping[str, str], *, final: bool) -> Composed:
    """The version that the working text would make.

    :param words: hash → text of every translation that the record names, at least of the complete languages.
    :raises Refused: ``version.none-yet`` before the zero draft, ``version.language-missing`` where the final version would lack
        an authentic text, ``version.words-missing`` where a translation is not at hand.
    """
    if state.current is None:
        raise Refused("no version has been circulated yet", code="version.none-yet", instead="Approve the zero draft first.")
    languages = complete_languages(state)
    if final:
        lacking = [lang for lang in state.known.authentic if lang not in languages]
        if lacking:
            raise Refused(
                f"the final version needs every authentic text; behind: {', '.join(lacking)}",
                code="version.language-missing",
                instead="The translators bring them up to date first.",
            )
    original = state.known.original
    texts: dict[str, dict[str, str]] = {original: {unit.id: unit.text for unit in state.units.values()}}
    for lang in languages:
        if lang == original:
            continue
        known = consequences.translation(state, lang)
        missing = [unit for unit, entry in known.items() if entry.sha256 not in words]
        if missing:
            raise Refused(f"the words of {missing[0]} in {lang} are not at hand", code="version.words-missing")
        texts[lang] = {unit: words[entry.sha256] for unit, entry in known.items()}
    return compose(
        working_units(state),
        texts,
        declaration=state.declaration,
        symbol=next_symbol(state, final=final),
        previous=state.current,
        statuses=state.known.languages,
        kept=None if final else kept_numbers(state),
    )
