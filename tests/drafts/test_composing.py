from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from declaration.drafts import composing
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.protocol.manifest import check_text
from declaration.text.units import UnitText
from tests.drafts.play import SYMBOL, units
from tests.procedure.bench import Bench

STATUSES = {"en": "authentic", "az": "authentic", "hu": "translation"}


def zero(texts: dict[str, Sequence[UnitText]]) -> composing.Composed:
    return composing.zero_draft(texts, declaration=SYMBOL, original="en", statuses=STATUSES)


def test_the_zero_draft_has_every_language_and_its_symbol() -> None:
    composed = zero({"en": units(), "az": units("az")})
    manifest = composed.manifest
    assert (manifest.symbol, manifest.previous, manifest.languages) == (f"{SYMBOL}/ZD", None, ("az", "en"))
    assert [(row.id, row.number) for row in manifest.units if row.number] == [("OP1", "1"), ("OP2", "2")]
    for lang, body in composed.texts.items():
        assert [unit for unit, _number, _text in check_text(manifest, lang, body)] == [row.id for row in manifest.units]


def test_the_same_texts_give_the_same_digest_whatever_their_order() -> None:
    one, other = zero({"en": units(), "az": units("az")}), zero({"az": units("az"), "en": units()})
    assert one.digest == other.digest


def changed(found: Sequence[UnitText], unit: str, **how: str) -> list[UnitText]:
    return [replace(each, **how) if each.id == unit else each for each in found]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"az": units("az")}, "version.original-missing"),
        ({"en": units(), "fr": units()}, "version.language"),
        ({"en": units(), "az": units("az")[:-1]}, "version.languages-differ"),
        ({"en": units(), "az": [*units("az"), UnitText("OP3", "operative", "Əlavə;")]}, "version.languages-differ"),
        ({"en": units(), "az": [units("az")[1], units("az")[0], *units("az")[2:]]}, "version.languages-differ"),
        ({"en": units(), "az": changed(units("az"), "OP1", kind="preambular")}, "version.languages-differ"),
        ({"en": changed(units(), "OP1", text="Decide\u200b to meet;")}, "letters.refused"),
        ({"en": changed(units(), "OP1", text="Decide to \u202emeet;")}, "letters.refused"),
        ({"en": changed(units(), "OP1", text="Decide to meet; ")}, "unit.text"),
        ({"en": changed(units(), "OP2", id="OP1")}, "unit.id"),
    ],
)
def test_a_zero_draft_is_refused(texts: dict[str, Sequence[UnitText]], code: str) -> None:
    with pytest.raises(Malformed) as caught:
        zero(texts)
    assert caught.value.code == code



def hashes(bench: Bench) -> dict[str, str]:
    return {
        row.sha256[lang]: version.texts[lang][row.id]
        for version in bench.library.values()
        for row in version.manifest.units
        for lang in version.texts
    }


def test_a_revision_has_the_languages_that_are_up_to_date_and_no_other() -> None:
    bench = Bench().constituted().circulated()
    unchanged = composing.next_version(bench.state, hashes(bench), final=False)
    assert unchanged.manifest.languages == ("az", "en")
    bench.accept(bench.admit(bench.submit("head.kz", bench.reads("OP1", "Decide to meet every year;"))))
    revised = composing.next_version(bench.state, hashes(bench), final=False)
    assert revised.manifest.languages == ("en",)
    assert (revised.manifest.symbol, revised.manifest.previous) == ("FORUM/2025/JD/Rev.1", bench.state.current)
    assert "1. Decide to meet every year;" in revised.texts["en"].decode()


def test_the_chair_can_approve_what_was_composed() -> None:
    bench = Bench().constituted().circulated()
    bench.accept(bench.admit(bench.submit("head.kz", bench.reads("OP1", "Decide to meet every year;"))))
    composed = composing.next_version(bench.state, hashes(bench), final=False)
    from declaration.procedure.state import VersionText

    texts = {lang: {unit: text for unit, _n, text in check_text(composed.manifest, lang, body)} for lang, body in composed.texts.items()}
    bench.library[composed.digest] = VersionText(composed.manifest, texts)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", composed.digest, {"symbol": composed.manifest.symbol})
    assert bench.state.current == composed.digest
    assert composing.is_circulated(bench.state)
    assert composing.next_symbol(bench.state, final=False) == "FORUM/2025/JD/Rev.2"


def test_a_revision_keeps_numbers_and_the_final_version_counts_anew() -> None:
    bench = Bench().constituted().circulated()
    edit = {
        "unit": "OP1bis", "base": None, "op": "insert_after", "after": "OP1", "kind": "operative", "parent": None,
        "splices": [[0, 0, "Thank the host;"]],
    }  # fmt: skip
    bench.accept(bench.admit(bench.submit("head.kz", edit)))
    assert composing.working_numbers(bench.state)["OP1bis"] == "1 bis"
    assert composing.working_numbers(bench.state, final=True)["OP1bis"] == "2"
    revised = composing.next_version(bench.state, hashes(bench), final=False)
    assert [row.number for row in revised.manifest.units] == [None, "1", "1 bis", "2", "3"]


def test_no_final_version_while_an_authentic_text_is_behind() -> None:
    bench = Bench().constituted().circulated()
    bench.accept(bench.admit(bench.submit("head.kz", bench.reads("OP1", "Decide to meet every year;"))))
    with pytest.raises(Refused, match="az") as caught:
        composing.next_version(bench.state, hashes(bench), final=True)
    assert caught.value.code == "version.language-missing"


def test_no_version_while_the_words_of_a_translation_are_not_at_hand() -> None:
    bench = Bench().constituted().circulated()
    with pytest.raises(Refused) as caught:
        composing.next_version(bench.state, {}, final=False)
    assert caught.value.code == "version.words-missing"


def test_no_next_version_before_the_first() -> None:
    with pytest.raises(DeclarationError) as caught:
        composing.next_version(Bench().constituted().state, {}, final=False)
    assert caught.value.code == "version.none-yet"
