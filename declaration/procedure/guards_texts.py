"""Guards about texts: versions, edits, translations (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from declaration.errors import Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.state import State, Unit, units_of_edits
from declaration.procedure.working import apply_edits, base_of, is_stale, result_of, units_of
from declaration.text.letters import check_letters
from declaration.text.numbering import number_of
from declaration.text.units import UnitText, check_units, of_kind


def version_at_hand(state: State, act: Act) -> None:
    """The manifest and its texts can be read: nobody approves what cannot be shown."""
    version = state.version_text(act.object)
    if version.manifest.declaration != state.declaration:
        raise Refused("this version belongs to another declaration", code="version.declaration")
    if state.known.original not in version.texts:
        raise Refused("the version lacks the original language", code="version.original-missing")
    for row in version.manifest.texts:
        if state.known.languages.get(row.lang) != row.status:
            raise Refused(f"{row.lang} is not {row.status} in this forum", code="version.language-status")
        for unit, text in version.texts[row.lang].items():
            check_letters(text, where=f"{unit} in {row.lang}")
    check_units(_as_text(units_of(state, act.object)))


def symbol_fits(state: State, act: Act) -> None:
    """The act and the manifest bear the same symbol, one of this declaration that no other version bears.

    The final version has no suffix: where a final text went back to the table and was superseded, the next final one bears the
    same symbol, and the digest tells them apart.
    """
    version = state.version_text(act.object)
    symbol = act["symbol"]
    if version.manifest.symbol != symbol:
        raise Refused("the manifest bears another symbol", code="version.symbol")
    if symbol != state.declaration and not symbol.startswith(state.declaration + "/"):
        raise Refused("the symbol is not one of this declaration", code="version.symbol")
    bearers = [each for each in state.versions.values() if each.symbol == symbol]
    superseded_final = symbol == state.declaration and all(each.status == "superseded" for each in bearers)
    if symbol in state.symbols or (bearers and not superseded_final):
        raise Refused(f"{symbol} is taken", code="version.symbol-taken")


def succeeds_current(state: State, act: Act) -> None:
    """A version names the one before it."""
    version = state.version_text(act.object)
    if version.manifest.previous != state.current:
        raise Refused("the version does not succeed the current one", code="version.previous")


def numbers_follow(state: State, act: Act) -> None:
    """Numbers are computed: from 1, or as the version before has them, with paragraphs put in as *bis*, *ter*."""
    rows = state.version_text(act.object).manifest.units
    units = _as_text(units_of(state, act.object))
    numbers = {row.id: row.number for row in rows}
    if numbers == number_of(units):
        return
    if state.current is not None:
        before = {row.id: row.number for row in state.version_text(state.current).manifest.units}
        if numbers == number_of(units, before):
            return
    raise Refused("the paragraphs bear other numbers than their order gives", code="version.numbers")


def _as_text(units: Mapping[str, Unit]) -> list[UnitText]:
    return [UnitText(unit.id, of_kind(unit.kind), unit.text, unit.parent) for unit in units.values()]


def stage_for_version(state: State, act: Act) -> None:
    """The zero draft while preparing, revisions during the readings, the final version in legal review."""
    final = act["symbol"] == state.declaration
    if final:
        allowed: tuple[str, ...] = ("legal_review",)
    elif state.current is None:
        allowed = ("preparing",)
    else:
        allowed = ("first_reading", "second_reading", "legal_review")
    if state.stage not in allowed:
        raise Refused("no version of this kind is approved at this stage", code="version.stage")


def words_accounted_for(state: State, act: Act) -> None:
    """Every word of a new version is the working text's: it was there before, or came by an accepted proposal.

    In other languages a unit's text is that of the version before, where the original has not changed since, or the one that
    a translator submitted. The final version has every authentic text, certified.
    """
    version = state.version_text(act.object)
    if state.current is None:
        _final_has_all(state, act)
        return
    proposed, working = units_of(state, act.object), state.units
    if list(proposed) != list(working):
        raise Refused("the version has other units than the working text", code="version.units")
    for unit in working.values():
        mine = proposed[unit.id]
        if (mine.sha256, mine.kind, mine.parent) != (unit.sha256, unit.kind, unit.parent):
            raise Refused(f"{unit.id} has words that nobody proposed", code="version.words-unaccounted")
    for lang in version.texts:
        if lang != state.known.original:
            _translation_accounted_for(state, act, lang)
    _final_has_all(state, act)


def _translation_accounted_for(state: State, act: Act, lang: str) -> None:
    version = state.version_text(act.object)
    known = consequences.translation(state, lang)
    for row in version.manifest.units:
        entry = known.get(row.id)
        if entry is None or entry.sha256 != row.sha256.get(lang) or entry.source != row.sha256[state.known.original]:
            raise Refused(f"{row.id} in {lang} is not a translation of these words", code="version.translation")


def _final_has_all(state: State, act: Act) -> None:
    if act["symbol"] != state.declaration:
        return
    version = state.version_text(act.object)
    for lang in state.known.authentic:
        if lang not in version.texts:
            raise Refused(f"the final version lacks {lang}", code="version.language-missing")


def is_current_version(state: State, act: Act) -> None:
    """The act names the version that is in circulation."""
    if state.current is None or act.object != state.current:
        raise Refused("this is not the current version", code="version.not-current", instead="Look at the version in circulation.")


def is_final(state: State, act: Act) -> None:
    """Only the version without a suffix in its symbol is final."""
    if state.versions[act.object].symbol != state.declaration:
        raise Refused("this is not the final version", code="version.not-final", instead="Approve the final version first.")


def in_legal_review(state: State, act: Act) -> None:
    """The text is frozen in legal review."""
    if state.stage != "legal_review":
        raise Refused("the text is frozen in legal review", code="version.stage")


def is_frozen(state: State, act: Act) -> None:
    """Nothing is presented that could still change."""
    if state.versions[act.object].status != "frozen":
        raise Refused("the version is not frozen", code="version.not-frozen", instead="Freeze the final version first.")


def is_adopted_version(state: State, act: Act) -> None:
    """Only the adopted digest is ever opened or signed; drafts cannot be signed."""
    if state.adopted is None or act.object != state.adopted:
        raise Refused("this is not the adopted text", code="version.not-adopted", instead="Drafts cannot be signed.")


def version_is_working_text(state: State, act: Act) -> None:
    """What is agreed is what was circulated: accepted changes are in the version that is named."""
    proposed = units_of(state, act.object)
    if [(u.id, u.sha256) for u in proposed.values()] != [(u.id, u.sha256) for u in state.units.values()]:
        raise Refused(
            "accepted changes are not in the current version",
            code="version.behind",
            instead="Approve and circulate a revised draft first.",
        )


def symbol_is_free(state: State, act: Act) -> None:
    """A proposal's symbol is its own."""
    symbol = act["symbol"]
    if symbol in state.symbols:
        raise Refused(f"{symbol} is taken", code="amendment.symbol-taken", instead="Sign again under the next number.")
    if not symbol.startswith(state.declaration + "/"):
        raise Refused("the symbol is not one of this declaration", code="amendment.symbol")


def edits_fit(state: State, act: Act) -> None:
    """The edits are exact against the words they name, and change something."""
    if act.type in ("amendment.rebase-v1", "amendment.revise-v1"):
        amendment = state.amendments[act.object]
        base = base_of(state, amendment)
    else:
        base = dict(state.units) if act["amends"] is None else _amended(state, act["amends"])
    result = apply_edits(base, act["edits"])
    if result == base and list(result) == list(base):
        raise Refused("this changes nothing", code="amendment.no-change")
    for unit in result.values():
        if unit.id not in base or base[unit.id].text != unit.text:
            check_letters(unit.text, where=unit.id)
    check_units(_as_text(result))


def not_the_whole_text(state: State, act: Act) -> None:
    """A proposal that leaves no paragraph as it was is another text, not an amendment (PACE 34.4, OAS 54)."""
    amendment = state.amendments[act.object]
    base = base_of(state, amendment)
    result = apply_edits(base, amendment.edits)
    if not any(unit.id in result and result[unit.id].sha256 == unit.sha256 for unit in base.values()):
        raise Refused(
            "an amendment may not replace the whole text",
            code="amendment.whole-text",
            instead="The Chair rules it inadmissible; it may be tabled as a separate proposal.",
        )


def _amended(state: State, digest: str) -> dict[str, Unit]:
    target = state.amendments.get(digest)
    if target is None or target.status not in ("submitted", "late", "admitted", "parked"):
        raise Refused("the proposal to be amended is not on the table", code="sub-amendment.target")
    if target.amends is not None and state.amendments[target.amends].amends is not None:
        raise Refused("a sub-amendment of a sub-amendment is not itself amended", code="sub-amendment.depth")
    return result_of(state, target)


def same_units(state: State, act: Act) -> None:
    """A rebase keeps the proposal to the units it was made for."""
    if set(units_of_edits(act["edits"])) != set(state.amendments[act.object].units):
        raise Refused(
            "confirming an amendment keeps it to its paragraphs",
            code="amendment.units",
            instead="Withdraw it and submit a new one.",
        )


def not_stale(state: State, act: Act) -> None:
    """An amendment is applied only to the words it was written for."""
    if is_stale(state, state.amendments[act.object]):
        raise Refused(
            "the text has changed since this was written",
            code="amendment.stale",
            instead="The proposer's head can confirm it against the new words.",
        )


def result_follows(state: State, act: Act) -> None:
    """The act names, unit by unit, the words that follow: what the Chair saw is what the record says."""
    amendment = state.amendments[act.object]
    if dict(act["result"]) != consequences.outcome(state, amendment):
        raise Refused("the result that was signed is not the one that follows", code="amendment.result")


def own_language(state: State, act: Act) -> None:
    """A translator acts in the own language only, never in the original."""
    key = state.keys[act.statement.by.key]
    if key.language != act["language"] or act["language"] == state.known.original:
        raise Refused("this is not your language", code="translation.language")


def before_presentation(state: State, act: Act) -> None:
    """Language versions are settled before the text is presented; afterwards only by corrigendum (VCLT 79)."""
    if state.stage not in ("first_reading", "second_reading", "agreed_ad_ref", "legal_review"):
        raise Refused("the texts are settled", code="translation.stage")
    if state.current is not None and state.versions[state.current].status == "frozen":
        raise Refused("the texts are frozen", code="translation.frozen")


def units_known(state: State, act: Act) -> None:
    """A translation is of units that stand in the working text."""
    unknown = [unit for unit in act["units"] if unit not in state.units]
    if unknown:
        raise Refused(f"not in the text: {', '.join(unknown)}", code="translation.units")


def words_are_new(state: State, act: Act) -> None:
    """Words that stand are not submitted again: otherwise who wrote them and who certified them could change places."""
    known = state.translated.get(act["language"], {})
    same = [
        unit
        for unit, sha256 in act["units"].items()
        if unit in known and (known[unit].sha256, known[unit].source) == (sha256, state.units[unit].sha256)
    ]
    if same:
        raise Refused(
            f"these words stand already: {', '.join(same)}", code="translation.unchanged", instead="Submit what you have changed."
        )


def units_of_version(state: State, act: Act) -> None:
    """Paragraphs that an act names stand in the text."""
    unknown = [unit for unit in act["units"] if unit not in state.units]
    if unknown:
        raise Refused(f"not in the text: {', '.join(unknown)}", code="act.units")


def source_stands(state: State, act: Act) -> None:
    """What is taken for translation are the original's words as they stand, not yet taken by somebody else for the same words."""
    lang = act["language"]
    for unit, source in act["units"].items():
        if unit not in state.units or state.units[unit].sha256 != source:
            raise Refused(f"{unit} has other words by now", code="translation.source", instead="Look at the text as it stands.")
        status = consequences.unit_language_status(state, lang, unit)
        if status not in ("missing", "outdated"):
            raise Refused(f"{unit} is {status} in this language already", code="translation.state")


def not_divergent(state: State, act: Act) -> None:
    """A paragraph that was reported as divergent is corrected by an act of its own, which answers the report."""
    found = [unit for unit in act["units"] if unit in state.divergences.get(act["language"], {})]
    if found:
        raise Refused(
            f"reported as divergent: {', '.join(found)}", code="translation.divergent", instead="Correct these in answer to the report."
        )


def are_divergent(state: State, act: Act) -> None:
    """A correction answers a report, and changes the words that were reported."""
    known = state.divergences.get(act["language"], {})
    for unit, sha256 in act["units"].items():
        if unit not in known:
            raise Refused(
                f"nobody has reported {unit} as divergent", code="translation.not-divergent", instead="Submit it as a translation."
            )
        if known[unit].sha256 == sha256:
            raise Refused(f"{unit} has the words that were reported", code="translation.unchanged", instead="Correct them.")


def has_translation(state: State, act: Act) -> None:
    """A divergence is between the original as it stands and a text in another language that was made for it."""
    lang, unit = act["language"], act["unit"]
    if lang == state.known.original or lang not in state.known.languages:
        raise Refused(f"there is no other text in {lang}", code="translation.language")
    if unit not in state.units:
        raise Refused(f"not in the text: {unit}", code="act.units")
    status = consequences.unit_language_status(state, lang, unit)
    if status not in ("submitted", "concordant"):
        raise Refused(f"{unit} is {status} in this language", code="language_version.state")


def not_own_translation(state: State, act: Act) -> None:
    """Nobody certifies the own translation."""
    lang = act["language"]
    mine = [unit for unit, entry in consequences.translation(state, lang).items() if entry.translator == act.statement.by.party]
    if mine:
        raise Refused(f"you translated {', '.join(mine[:5])}", code="translation.own", instead="Another editor of the language certifies.")


def translation_complete(state: State, act: Act) -> None:
    """What is certified is the whole language version as it stands, unit for unit."""
    lang = act["language"]
    behind = consequences.behind(state, lang)
    if behind:
        raise Refused(f"not up to date: {', '.join(behind)}", code="translation.behind", instead="Translate these first.")
    divergent = consequences.divergent(state, lang)
    if divergent:
        raise Refused(f"reported as divergent: {', '.join(divergent)}", code="translation.divergent", instead="Have these corrected first.")
    if dict(act["units"]) != {unit: entry.sha256 for unit, entry in consequences.translation(state, lang).items()}:
        raise Refused("these are not the texts as they stand", code="translation.hashes")


def languages_concordant(state: State, act: Act) -> None:
    """Every authentic text that is presented was certified concordant, as it stands."""
    version = state.version_text(act.object)
    for lang in state.known.authentic:
        if lang == state.known.original:
            continue
        certificate = state.certificates.get(lang)
        hashes = {row.id: row.sha256.get(lang) for row in version.manifest.units}
        if certificate is None or dict(certificate.hashes) != hashes:
            raise Refused(f"{lang} is not certified concordant", code="languages.not-concordant")


TEXT_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard
    for guard in (
        version_at_hand,
        symbol_fits,
        succeeds_current,
        numbers_follow,
        stage_for_version,
        words_accounted_for,
        is_current_version,
        is_final,
        in_legal_review,
        is_frozen,
        is_adopted_version,
        version_is_working_text,
        symbol_is_free,
        edits_fit,
        same_units,
        not_stale,
        not_the_whole_text,
        result_follows,
        own_language,
        before_presentation,
        units_known,
        words_are_new,
        units_of_version,
        source_stands,
        not_divergent,
        are_divergent,
        has_translation,
        not_own_translation,
        translation_complete,
        languages_concordant,
    )
}
