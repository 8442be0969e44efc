"""Corrections after adoption: notified, objected to, rectified; and what they never do to a signature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from declaration.procedure import consequences, standing
from declaration.protocol.encoding import format_time
from tests.procedure.bench import SYMBOL, Bench, digest_of, refused, replaced

CONTENT = {"content": digest_of("why")}
AZ = "İki ildən bir görüşməyi qərara alırıq;"
BETTER = "İki ildən bir Bakıda görüşməyi qərara alırıq;"


def edits(bench: Bench, language: str = "az", unit: str = "OP1", new: str = BETTER) -> list[dict[str, Any]]:
    return [replaced(unit, standing.text_as_corrected(bench.state, language)[unit], new)]


def proposal(bench: Bench, language: str = "az", unit: str = "OP1", new: str = BETTER, **changes: Any) -> dict[str, Any]:
    made = edits(bench, language, unit, new)
    corrected = standing.with_edits(bench.state, language, tuple(made))[1]
    return {"kind": "text", "language": language, "edits": made, "corrected": corrected, **CONTENT, **changes}


def propose(bench: Bench, who: str = "depositary.keeper", **changes: Any) -> str:
    return bench.act(who, "corrigendum.propose-v1", bench.state.adopted, proposal(bench, **changes)).digest


def notice(bench: Bench, number: int = 1, days: int = 14) -> dict[str, Any]:
    return {"symbol": f"{SYMBOL}/Corr.{number}", "until": format_time(bench.now + timedelta(days=days)), **CONTENT}


def notified(bench: Bench, number: int = 1, **changes: Any) -> str:
    digest = propose(bench, **changes)
    bench.act("depositary.keeper", "corrigendum.notify-v1", digest, notice(bench, number))
    return digest


def rectification(bench: Bench, digest: str) -> dict[str, Any]:
    made = bench.state.corrigenda[digest]
    previous = None if made.kind == "copy" else standing.hash_as_corrected(bench.state, made.language)
    return {"previous": previous, "corrected": made.sha256, **CONTENT}


def rectify(bench: Bench, digest: str, **changes: Any) -> None:
    bench.act("depositary.keeper", "corrigendum.rectify-v1", digest, {**rectification(bench, digest), **changes})


def test_a_correction_step_by_step() -> None:
    """J12: notified, objected to, revised, notified again, rectified; the signed text stays beside the corrected one."""
    bench = Bench().open(days=60)
    bench.enrol("ngo")
    signature = bench.sign("ngo").digest
    signed = {row.lang: row.sha256 for row in bench.state.version_text(bench.state.adopted or "").manifest.texts}
    digest = notified(bench)
    refused("role.not-entitled", lambda: bench.try_act("chair.chair", "corrigendum.rectify-v1", digest, rectification(bench, digest)))
    bench.act("head.kz", "corrigendum.object-v1", digest, CONTENT)
    refused("corrigendum.state", lambda: rectify(bench, digest))
    again = proposal(bench, new="İki ildən bir görüşməyi qəti qərara alırıq;")
    body = {"edits": again["edits"], "corrected": again["corrected"], "until": format_time(bench.now + timedelta(days=14)), **CONTENT}
    bench.act("depositary.keeper", "corrigendum.renotify-v1", digest, body)
    refused("corrigendum.too-early", lambda: rectify(bench, digest))
    bench.pass_time(days=14)
    rectify(bench, digest)
    made = bench.state.corrected["az"][0]
    assert (made.previous, made.sha256, made.symbol) == (signed["az"], again["corrected"], f"{SYMBOL}/Corr.1")
    assert standing.text_as_corrected(bench.state, "az")["OP1"] == "İki ildən bir görüşməyi qəti qərara alırıq;"
    assert bench.state.version_text(bench.state.adopted or "").texts["az"]["OP1"] == AZ
    assert bench.state.endorsements[signature].status == "counted"
    bench.enrol("later")
    assert bench.state.endorsements[bench.sign("later").digest].status == "counted", "what is signed is the adopted text"


def test_a_rectification_touches_no_signature() -> None:
    """Every endorsement is what it was, letter for letter, and what is signed later is still the adopted text, not the corrected one."""
    bench = Bench().open(days=60)
    for party in ("counted", "questioned", "withdrawn"):
        bench.enrol(party)
        bench.sign(party)
    bench.enrol("later")
    digests = dict(bench.state.by_party)
    bench.act("depositary.keeper", "endorsement.question-v1", digests["questioned"], CONTENT)
    bench.act("signatory.withdrawn", "endorsement.withdraw-v1", digests["withdrawn"], CONTENT)
    before, figures = dict(bench.state.endorsements), consequences.totals(bench.state)
    digest = notified(bench)
    bench.pass_time(days=14)
    rectify(bench, digest)
    assert (bench.state.endorsements, consequences.totals(bench.state)) == (before, figures)
    corrected = {**bench.endorsement()["texts"], "az": bench.state.corrected["az"][0].sha256}
    refused("endorsement.texts", lambda: bench.sign("later", texts=corrected))
    assert bench.state.endorsements[bench.sign("later").digest].status == "counted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"corrected": "0" * 64}, "corrigendum.hash"),
        ({"edits": None}, "corrigendum.incomplete"),
        ({"corrected": None}, "corrigendum.incomplete"),
        ({"kind": "copy"}, "corrigendum.incomplete"),
        ({"kind": "style"}, "statement.field"),
        ({"language": "kk"}, "corrigendum.language"),
        ({"language": "en"}, "corrigendum.base-changed"),
        ({"edits": []}, "statement.field"),
        ({"edits": [replaced("OP9", AZ, BETTER)]}, "corrigendum.unit"),
        ({"edits": [replaced("OP1", "other words", BETTER)]}, "corrigendum.base-changed"),
        ({"edits": [{"unit": "OP1", "base": replaced("OP1", AZ, BETTER)["base"], "op": "delete", "splices": []}]}, "corrigendum.op"),
        ({"edits": [replaced("OP1", AZ, AZ + " ")]}, "unit.text"),
        ({"edits": [replaced("OP1", AZ, AZ + "\u200b")]}, "letters.refused"),
        ({"content": "x"}, "statement.field"),
    ],
)
def test_a_correction_that_says_something_else(changes: dict[str, Any], code: str) -> None:
    bench = Bench().adopted()
    body = {**proposal(bench), **changes}
    refused(code, lambda: bench.try_act("depositary.keeper", "corrigendum.propose-v1", bench.state.adopted, body))


def test_the_text_is_corrected_after_adoption_and_by_whom_it_concerns() -> None:
    bench = Bench().adopted()
    body = proposal(bench)
    refused("role.not-entitled", lambda: bench.try_act("chair.chair", "corrigendum.propose-v1", bench.state.adopted, body))
    refused("role.not-entitled", lambda: bench.try_act("translator.az-1", "corrigendum.propose-v1", bench.state.adopted, body))
    other = next(each for each in bench.library if each != bench.state.adopted)
    refused("version.not-adopted", lambda: bench.try_act("head.az", "corrigendum.propose-v1", other, body))
    early = Bench().constituted().circulated()
    refused("version.not-adopted", lambda: early.try_act("head.az", "corrigendum.propose-v1", early.state.current, body))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"symbol": f"{SYMBOL}/Corr.2"}, "corrigendum.symbol"),
        ({"symbol": "OTHER/Corr.1"}, "corrigendum.symbol"),
        ({"until": "2025-11-22T00:00:00Z"}, "corrigendum.period"),
        ({"extra": 1}, "statement.fields"),
    ],
)
def test_a_notice_that_does_not_fit(changes: dict[str, Any], code: str) -> None:
    bench = Bench().adopted()
    digest = propose(bench)
    refused(code, lambda: bench.try_act("depositary.keeper", "corrigendum.notify-v1", digest, {**notice(bench), **changes}))
    refused("role.not-entitled", lambda: bench.try_act("secretariat.one", "corrigendum.notify-v1", digest, notice(bench)))
    refused("corrigendum.unknown", lambda: bench.try_act("depositary.keeper", "corrigendum.notify-v1", digest_of("x"), notice(bench)))


def test_who_objects_and_when() -> None:
    bench = Bench().open(days=60)
    bench.enrol("signed"), bench.enrol("unsigned")
    bench.sign("signed")
    digest = notified(bench)
    object_ = "corrigendum.object-v1"
    refused("corrigendum.not-signatory", lambda: bench.try_act("signatory.unsigned", object_, digest, CONTENT))
    refused("role.not-entitled", lambda: bench.try_act("secretariat.one", object_, digest, CONTENT))
    bench.try_act("signatory.signed", object_, digest, CONTENT)
    bench.pass_time(days=14)
    refused("corrigendum.too-late", lambda: bench.try_act("head.az", object_, digest, CONTENT))
    refused("corrigendum.state", lambda: bench.try_act("depositary.keeper", "corrigendum.drop-v1", digest, CONTENT))


@pytest.mark.parametrize("changes", [{"previous": "0" * 64}, {"corrected": "0" * 64}, {"previous": None}, {"corrected": None}])
def test_a_proces_verbal_chains_the_two_texts(changes: dict[str, Any]) -> None:
    bench = Bench().adopted()
    digest = notified(bench)
    bench.pass_time(days=14)
    refused("corrigendum.hash", lambda: rectify(bench, digest, **changes))
    rectify(bench, digest)
    refused("corrigendum.state", lambda: rectify(bench, digest))


def test_a_later_correction_is_chained_to_the_earlier_one_and_a_crossed_one_falls() -> None:
    bench = Bench().adopted()
    first = notified(bench)
    crossed = propose(bench, new="Başqa sözlər;")
    bench.pass_time(days=14)
    rectify(bench, first)
    refused(
        "corrigendum.base-changed",
        lambda: bench.try_act("depositary.keeper", "corrigendum.notify-v1", crossed, notice(bench, 2)),
    )
    bench.act("depositary.keeper", "corrigendum.drop-v1", crossed, CONTENT)
    second = notified(bench, 2, unit="OP3", new="Hesabat istəyirik.")
    bench.pass_time(days=14)
    rectify(bench, second)
    one, two = bench.state.corrected["az"]
    assert two.previous == one.sha256
    assert two.texts["OP1"] == BETTER


def test_an_error_in_a_copy_needs_a_proces_verbal_alone() -> None:
    bench = Bench().adopted()
    body = {"kind": "copy", "language": "az", "edits": None, "corrected": None, **CONTENT}
    digest = bench.act("secretariat.one", "corrigendum.propose-v1", bench.state.adopted, body).digest
    refused("corrigendum.copy", lambda: bench.try_act("depositary.keeper", "corrigendum.notify-v1", digest, notice(bench)))
    rectify(bench, digest)
    assert bench.state.corrected == {}
    text = propose(bench)
    refused("corrigendum.not-notified", lambda: rectify(bench, text))


def test_an_archived_instrument_is_not_corrected_and_a_running_correction_keeps_it_open() -> None:
    bench = Bench().open(days=1)
    digest = notified(bench)
    bench.pass_time(days=15)
    bench.act("depositary.keeper", "declaration.close_accession-v1", bench.state.adopted, CONTENT)
    deposit = {"bundle": digest_of("bundle"), **CONTENT}
    refused("archive.corrigendum", lambda: bench.try_act("depositary.keeper", "declaration.archive-v1", bench.state.adopted, deposit))
    rectify(bench, digest)
    bench.act("depositary.keeper", "declaration.archive-v1", bench.state.adopted, deposit)
    body = proposal(bench, unit="OP2", new="Bütün qurumları çağırırıq;")
    refused("corrigendum.archived", lambda: bench.try_act("depositary.keeper", "corrigendum.propose-v1", bench.state.adopted, body))
