"""Versions, agreement and adoption: refused, each with the code of its rule."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import SYMBOL, TEXT, Bench, digest_of, refused, replaced

GOOD = [replaced("OP1", TEXT["OP1"][2]["en"], "Decide to meet every year;")]


@pytest.mark.parametrize(
    ("texts", "symbol", "previous", "code"),
    [
        ({**TEXT, "OP3": ("operative", "3", {"en": "Request nothing."})}, "Rev.1", True, "version.words-unaccounted"),
        ({key: TEXT[key] for key in ("T", "OP1", "OP2")}, "Rev.1", True, "version.units"),
        ({**TEXT, "OP3": ("heading", None, TEXT["OP3"][2])}, "Rev.1", True, "version.words-unaccounted"),
        (TEXT, "Rev.1", False, "version.previous"),
        (TEXT, "ZD", True, "version.symbol-taken"),
        (TEXT, "", True, "version.stage"),
        ({**TEXT, "OP3": ("operative", "3", {"en": TEXT["OP3"][2]["en"], "az": "Başqa."})}, "Rev.1", True, "version.translation"),
    ],
)
def test_a_version_with_words_that_nobody_proposed(texts: Any, symbol: str, previous: bool, code: str) -> None:
    bench = Bench().constituted().circulated()
    full = f"{SYMBOL}/{symbol}" if symbol else SYMBOL
    digest = bench.put_version(texts, full, bench.state.current if previous else None)
    approve = "draft_version.approve_and_circulate-v1"
    refused(code, lambda: bench.try_act("chair.chair", approve, digest, {"symbol": full}))
    refused("version.symbol", lambda: bench.try_act("chair.chair", approve, digest, {"symbol": f"{SYMBOL}/Rev.9"}))
    refused("role.not-entitled", lambda: bench.try_act("secretariat.one", approve, digest, {"symbol": full}))


def test_nothing_is_agreed_while_anything_is_in_brackets() -> None:
    bench = Bench().constituted().circulated()
    digest = bench.admit(bench.submit("head.kz", *GOOD))
    bench.second_reading()
    declare = "declaration.declare_agreed_ad_ref-v1"
    refused("agreed.brackets", lambda: bench.try_act("chair.chair", declare, bench.state.current))
    bench.accept(digest)
    refused("agreed.brackets", lambda: bench.try_act("chair.chair", declare, bench.state.current))
    bench.settle()
    refused("version.behind", lambda: bench.try_act("chair.chair", declare, bench.state.current))


def test_all_heads_confirm_the_same_text_and_an_objection_resets() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed()
    review = "declaration.begin_legal_review-v1"
    bench.act("head.az", "confirmation.confirm-v1", bench.state.current)
    refused("confirmation.given", lambda: bench.try_act("head.az", "confirmation.confirm-v1", bench.state.current))
    with pytest.raises(DeclarationError, match="waiting for HU, KZ"):
        bench.try_act("chair.chair", review, bench.state.current)
    reason = {"content": digest_of("reason")}
    refused("reopen.no-objection", lambda: bench.try_act("chair.chair", "declaration.reopen_text-v1", bench.state.current, reason))
    bench.act("head.kz", "confirmation.object-v1", bench.state.current, reason)
    bench.act("chair.chair", "declaration.reopen_text-v1", bench.state.current, reason)
    bench.agreed()
    assert consequences.confirmations(bench.state) == {}


def test_nobody_certifies_the_own_translation_and_adoption_needs_it() -> None:
    bench = Bench().constituted().circulated()
    words = {"language": "az", "units": {"OP1": unit_hash("Hər il görüşməyi qərara alırıq;")}}
    submit, certify = "language_version.submit-v1", "language_version.certify-v1"
    refused("translation.language", lambda: bench.try_act("translator.az-1", submit, bench.state.current, {**words, "language": "en"}))
    refused(
        "translation.units",
        lambda: bench.try_act("translator.az-1", submit, bench.state.current, {"language": "az", "units": {"OP9": "0" * 64}}),
    )
    bench.act("translator.az-1", submit, bench.state.current, words)
    whole = {"language": "az", "units": {u: t.sha256 for u, t in bench.state.translated["az"].items()}}
    refused("translation.own", lambda: bench.try_act("translator.az-1", certify, bench.state.current, whole))
    part = {**whole, "units": words["units"]}
    refused("translation.hashes", lambda: bench.try_act("translator.az-2", certify, bench.state.current, part))
    bench.act("translator.az-2", certify, bench.state.current, whole)
    assert consequences.language_status(bench.state, "az") == "concordant"


def test_adoption_needs_a_quorum_of_delegations_and_a_frozen_final_text() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", bench.state.current)
    refused("version.not-final", lambda: bench.try_act("chair.chair", "draft_version.freeze-v1", bench.state.current))
    final = bench.put_version(TEXT, SYMBOL, bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": SYMBOL})
    present = "declaration.present_for_adoption-v1"
    refused("version.not-frozen", lambda: bench.try_act("chair.chair", present, final))
    bench.certified()
    bench.act("chair.chair", "draft_version.freeze-v1", final)
    adopt, minute = "declaration.adopt-v1", digest_of("minute")
    refused("declaration.state", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az", "kz"], "content": minute}))
    bench.act("chair.chair", present, final)
    refused("adopt.quorum", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az"], "content": minute}))
    refused("adopt.presence", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az", "tr"], "content": minute}))
    refused("statement.field", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az", "az"], "content": minute}))
    bench.act("chair.chair", adopt, final, {"present": ["az", "kz"], "content": minute})
    with pytest.raises(DeclarationError) as late:
        bench.try_act("head.hu", "declaration.object_to_adoption-v1", final, {"content": minute})
    assert late.value.code == "declaration.state"
    assert "explanation of position" in late.value.instead


def test_languages_that_were_not_certified_are_not_presented() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", bench.state.current)
    final = bench.put_version(TEXT, SYMBOL, bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": SYMBOL})
    bench.act("chair.chair", "draft_version.freeze-v1", final)
    refused("languages.not-concordant", lambda: bench.try_act("chair.chair", "declaration.present_for_adoption-v1", final))


def test_a_text_that_went_back_comes_again_and_is_adopted() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed().certified().presented()
    first, minute = bench.state.current, digest_of("minute")
    bench.act("head.hu", "declaration.object_to_adoption-v1", first, {"content": minute})
    assert bench.state.versions[first].status == "circulated"
    digest = bench.submit_late("head.hu", bench.reads("OP3", "Request a short report."))
    bench.accept(digest)
    texts = {unit: (kind, number, {"en": text["en"]}) for unit, (kind, number, text) in bench.texts_now().items()}
    revised = bench.put_version(texts, f"{SYMBOL}/Rev.1", first)
    approve = "draft_version.approve_and_circulate-v1"
    bench.act("chair.chair", approve, revised, {"symbol": f"{SYMBOL}/Rev.1"})
    bench.agreed().confirmed()
    words = {"language": "az", "units": {"OP3": unit_hash("Hesabat xahiş edirik.")}}
    bench.act("translator.az-1", "language_version.submit-v1", revised, words)
    bench.certified().presented()
    assert bench.state.current not in (first, revised)
    body = {"present": ["az", "kz"], "content": minute}
    bench.act("chair.chair", "declaration.adopt-v1", bench.state.current, body)
    assert [each.symbol for each in bench.state.versions.values()].count(SYMBOL) == 2


def test_two_final_texts_never_stand_at_once() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed().certified().presented()
    first = bench.state.current
    bench.act("head.hu", "declaration.object_to_adoption-v1", first, {"content": digest_of("minute")})
    bench.agreed().confirmed()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", first)
    again = bench.put_version(TEXT, SYMBOL, first)
    approve = "draft_version.approve_and_circulate-v1"
    refused("version.symbol-taken", lambda: bench.try_act("chair.chair", approve, again, {"symbol": SYMBOL}))
    bench.act("chair.chair", "draft_version.freeze-v1", first)
    bench.act("chair.chair", "declaration.present_for_adoption-v1", first)
