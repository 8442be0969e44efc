"""Attacks on the words: texts swapped, languages relabelled, words that nobody proposed, edits with two readings."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from declaration.procedure.state import VersionText
from declaration.protocol.encoding import canonical, sha256_hex
from declaration.protocol.manifest import parse_manifest, unit_hash
from tests.procedure.bench import TEXT, version
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify

APPROVE = "draft_version.approve_and_circulate-v1"


def folder_of(forge: f.Forge) -> str:
    return f"versions/{forge.state.adopted or forge.state.current}"


# -- the files of a version --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (lambda text: text.replace(b"Hesabat", "Hesabat\u0131".encode()), "text.unit-differs", "OP3 in az"),
        (lambda text: text.replace(b"[OP3]", b"[OP4]"), "text.unit-differs", "OP3 in az"),
        (lambda text: text.replace(b"3. ", b"4. "), "text.units", "az"),
        (lambda text: text.replace(b"\n", b"\r\n"), "text.form", "az"),
        (lambda text: text.replace(b"\n\n", b"\n"), "text.form", "az"),
        (lambda text: text.rstrip(b"\n"), "text.form", "az"),
        (lambda text: b"\xef\xbb\xbf" + text, "text.form", "az"),
        (lambda text: text.replace("ə".encode(), "e\u0301".encode(), 1), "text.not-nfc", "az"),
        (lambda text: text + b"\n[OP9] 4. More.\n", "text.units", "az"),
        (lambda text: b"\n\n".join(reversed(text.rstrip(b"\n").split(b"\n\n"))) + b"\n", "text.units", "az"),
        (lambda text: b"\xff" + text, "text.not-utf8", "az"),
        (lambda text: b"", "text.form", "az"),
    ],
)
def test_a_text_that_was_changed(change: Callable[[bytes], bytes], code: str, where: str, tmp_path: Path) -> None:
    forge = f.signed()
    name = f"{folder_of(forge)}/texts/az.txt"
    members = forge.members()
    assert change(members[name]) != members[name]
    refused(verify(forge, tmp_path, {**members, name: change(members[name])}), 7, code, where)


def test_two_translations_swapped(tmp_path: Path) -> None:
    forge = f.signed()
    members = forge.members()
    az, en = (f"{folder_of(forge)}/texts/{lang}.txt" for lang in ("az", "en"))
    report = verify(forge, tmp_path, {**members, az: members[en], en: members[az]})
    refused(report, 7, "text.unit-differs", "OP1 in az")
    refused(report, 7, "text.unit-differs", "OP1 in en")


def test_a_language_dropped(tmp_path: Path) -> None:
    forge = f.signed()
    members = forge.members()
    del members[f"{folder_of(forge)}/texts/az.txt"]
    refused(verify(forge, tmp_path, members), 7, "text.missing", f"{f.SYMBOL}, az")


def test_a_language_slipped_in(tmp_path: Path) -> None:
    forge = f.signed()
    name = f"{folder_of(forge)}/texts/ru.txt"
    report = verify(forge, tmp_path, {**forge.members(), name: b"[T] \xd0\x94\n"})
    refused(report, 7, "text.unlisted", name)
    only(report, 7)


def test_a_manifest_swapped(tmp_path: Path) -> None:
    forge = f.signed()
    before = f"versions/{next(iter(forge.state.versions))}/manifest.json"
    name = f"{folder_of(forge)}/manifest.json"
    members = forge.members()
    refused(verify(forge, tmp_path, {**members, name: members[before]}), 7, "version.digest", folder_of(forge))
    refused(verify(forge, tmp_path, {**members, name: b"{}"}), 7, "version.digest", folder_of(forge))


def test_a_version_left_out(tmp_path: Path) -> None:
    forge = f.signed()
    members = {name: raw for name, raw in forge.members().items() if not name.startswith(folder_of(forge))}
    refused(verify(forge, tmp_path, members), 7, "version.missing", folder_of(forge))


def test_a_version_slipped_in_that_nobody_approved(tmp_path: Path) -> None:
    forge = f.signed()
    other = version({**TEXT, "OP3": ("operative", "3", {"en": "Request money.", "az": "Pul."})}, f"{f.SYMBOL}/Rev.9", None)
    report = verify(forge, tmp_path, {**forge.members(), **f.version_members(other)})
    refused(report, 7, "version.unapproved", other.manifest.digest)
    only(report, 7)


# -- what the Chair is made to approve ---------------------------------------------------------------------------------


def relabelled(made: VersionText, **changes: Any) -> VersionText:
    """The same version with members of its manifest changed."""
    import json

    value = {**json.loads(made.manifest.raw), **changes}
    return VersionText(parse_manifest(canonical(value)), made.texts)


def approve(forge: f.Forge, made: VersionText, symbol: str) -> f.Members:
    """The Chair, deceived, signs the approval; the version is in the bundle."""
    forge.library[made.manifest.digest] = made
    forge.force("chair.chair", APPROVE, made.manifest.digest, {"symbol": symbol})
    return {**forge.members(), **f.version_members(made)}


def revised(forge: f.Forge, symbol: str, **words: dict[str, str]) -> VersionText:
    texts = {unit: (kind, number, {**text, **words.get(unit, {})}) for unit, (kind, number, text) in forge.texts_now().items()}
    return version(texts, symbol, forge.state.current)


REV = f"{f.SYMBOL}/Rev.2"


@pytest.mark.parametrize(
    ("make", "number", "code", "what"),
    [
        (lambda x: revised(x, REV, OP3={"en": "Request money."}), 7, "version.words-unaccounted", "OP3"),
        (lambda x: revised(x, REV, OP3={"az": "Pul tələb edirik."}), 7, "version.translation", "OP3 in az"),
        (lambda x: revised(x, REV, OP1={"az": "İki ildən bir görüşməyi qərara alırıq;"}), 7, "version.translation", "OP1 in az"),
        (lambda x: relabelled(revised(x, REV), texts=_statuses(revised(x, REV), az="translation")), 7, "version.language-status", "az"),
        (lambda x: revised(x, f.SYMBOL), 6, "version.stage", ""),
        (lambda x: version(x.texts_now(), REV, None), 6, "version.previous", ""),
        (lambda x: relabelled(revised(x, REV), declaration="OTHER/JD"), 6, "version.declaration", ""),
        (lambda x: _without(x, "OP3"), 7, "version.units", ""),
        (lambda x: _reordered(x, REV), 7, "version.units", ""),
    ],
)
def test_a_version_with_words_that_nobody_proposed(
    make: Callable[[f.Forge], VersionText], number: int, code: str, what: str, tmp_path: Path
) -> None:
    forge = f.second_reading()
    first = next(iter(forge.state.amendments))
    forge.accept(first)
    forge.translate(OP1="Hər il görüşməyi qərara alırıq;")
    made = make(forge)
    report = verify(forge, tmp_path, approve(forge, made, made.manifest.symbol))
    assert what in refused(report, number, code, "draft_version.approve_and_circulate by chair").what
    refused(report, 7, "version.unapproved", made.manifest.digest)


def _statuses(made: VersionText, **changes: str) -> list[dict[str, Any]]:
    rows = made.manifest.texts
    return [{"bytes": row.bytes, "lang": row.lang, "sha256": row.sha256, "status": changes.get(row.lang, row.status)} for row in rows]


def _without(forge: f.Forge, unit: str) -> VersionText:
    return version({name: text for name, text in forge.texts_now().items() if name != unit}, REV, forge.state.current)


def _reordered(forge: f.Forge, symbol: str) -> VersionText:
    texts = forge.texts_now()
    two, three = texts["OP2"], texts["OP3"]
    swapped = {"T": texts["T"], "OP1": texts["OP1"], "OP3": (three[0], "2", three[2]), "OP2": (two[0], "3", two[2])}
    return version(swapped, symbol, forge.state.current)


def test_a_translation_is_promoted_by_nobody(tmp_path: Path) -> None:
    """A language that the constitution calls a translation is adopted as authentic."""
    forge = f.Forge()
    forge.act("chair.chair", "constitution-v1", None, forge.constitution_body(languages={"az": "translation", "en": "authentic"}))
    made = version(TEXT, f"{f.SYMBOL}/ZD", None)
    report = verify(forge, tmp_path, approve(forge, made, f"{f.SYMBOL}/ZD"))
    refused(report, 7, "version.language-status", "entry 1")


def test_the_final_version_lacks_an_authentic_language(tmp_path: Path) -> None:
    forge = f.agreed()
    forge.act("chair.chair", "declaration.begin_legal_review-v1", forge.state.current)
    english = {unit: (kind, number, {"en": text["en"]}) for unit, (kind, number, text) in forge.texts_now().items()}
    report = verify(forge, tmp_path, approve(forge, version(english, f.SYMBOL, forge.state.current), f.SYMBOL))
    assert "az" in refused(report, 7, "version.language-missing", "approve_and_circulate").what


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Decide \u202eto meet;", "letters.refused"),
        ("Decide \u2066to\u2069 meet;", "letters.refused"),
        ("Decide\u200b to meet;", "letters.refused"),
        ("Decide\u00ad to meet;", "letters.refused"),
    ],
)
def test_a_zero_draft_with_letters_that_nobody_sees(words: str, code: str, tmp_path: Path) -> None:
    forge = f.Forge().constituted()
    made = version({**TEXT, "OP1": ("operative", "1", {**TEXT["OP1"][2], "en": words})}, f"{f.SYMBOL}/ZD", None)
    report = verify(forge, tmp_path, approve(forge, made, f"{f.SYMBOL}/ZD"))
    assert "OP1 in en" in refused(report, 7, code, "approve_and_circulate by chair").what


# -- edits -------------------------------------------------------------------------------------------------------------

OP1 = TEXT["OP1"][2]["en"]
BASE = unit_hash(OP1)


def edit(*splices: Any, **changes: Any) -> dict[str, Any]:
    return {"unit": "OP1", "base": BASE, "op": "replace", "splices": [list(each) for each in splices], **changes}


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (edit((0, 6, "Agree"), (4, 9, "x")), "splice.unsorted"),
        (edit((10, 12, "x"), (0, 6, "Agree")), "splice.unsorted"),
        (edit((0, 6, "Agree"), (6, 9, "x")), "splice.touching"),
        (edit((0, 5000, "x")), "splice.outside"),
        (edit((5000, 5000, "x")), "splice.outside"),
        (edit((-1, 2, "x")), "splice.outside"),
        (edit((6, 2, "x")), "splice.outside"),
        (edit((0, 0, "")), "splice.empty"),
        (edit((0, 6, "Decide")), "splice.empty"),
        (edit((0, 6, "Decide\n")), "splice.letters"),
        (edit((0, 6, "e\u0301")), "splice.letters"),
        (edit((6, 6, "\u0301")), "splice.letters"),
        (edit((True, 6, "x")), "splice.malformed"),
        (edit(("0", 6, "x")), "splice.malformed"),
        (edit((0, 6)), "splice.malformed"),
        (edit((0, 6, "Agree"), base="0" * 64), "edit.base-changed"),
        (edit((0, 6, "Agree"), unit="OP9"), "edit.unit-unknown"),
        (edit((0, 6, "Agree"), op="rewrite"), "edit.malformed"),
        (edit((0, 6, "Agree"), extra=1), "edit.malformed"),
        (edit((0, 6, "\u202eAgree")), "letters.refused"),
        (edit((0, len(OP1), "")), "amendment.empties-unit"),
    ],
)
def test_an_edit_with_two_readings_or_none(made: dict[str, Any], code: str, tmp_path: Path) -> None:
    forge = f.circulated()
    forge.force("head.az", "amendment.submit-v1", forge.state.current, forge.proposal([made]))
    report = verify(forge, tmp_path)
    number = 7 if code.startswith("letters.") else 6
    refused(report, number, code, "amendment.submit by az")
    only(report, number)


def test_an_acceptance_that_says_other_words(tmp_path: Path) -> None:
    """The Chair signs hashes of the result: an operator who swaps the edits behind them is found out."""
    forge = f.second_reading()
    first = next(iter(forge.state.amendments))
    body = forge.acceptance(first)
    forge.force("chair.chair", "amendment.accept-v1", first, {**body, "result": {"OP1": sha256(b"other").hexdigest()}})
    report = verify(forge, tmp_path)
    refused(report, 7, "amendment.result", "amendment.accept by chair")
    only(report, 7)


def test_an_amendment_accepted_by_somebody_else(tmp_path: Path) -> None:
    forge = f.second_reading()
    first = next(iter(forge.state.amendments))
    forge.force("head.kz", "amendment.accept-v1", first, forge.acceptance(first))
    refused(verify(forge, tmp_path), 5, "role.not-entitled", "amendment.accept by kz")


def test_the_edits_of_a_signed_proposal_changed(tmp_path: Path) -> None:
    forge = f.circulated()
    forge.submit("head.kz", forge.reads("OP1", "Decide to meet every year;"))
    changed = forge.entries[-1].replace(b"every year", b"never more")
    if changed == forge.entries[-1]:
        changed = forge.entries[-1].replace(b'"year', b'"hour')
    assert changed != forge.entries[-1]
    refused(verify(forge, tmp_path, f.rebuilt(forge.members(), [*forge.entries[:-1], changed])), 4, "signature.invalid", "by kz")


# -- documents beside the record ---------------------------------------------------------------------------------------


def test_a_document_swapped(tmp_path: Path) -> None:
    forge = f.signed()
    name = f"contents/{next(iter(forge.contents))}.json"
    report = verify(forge, tmp_path, {**forge.members(), name: b'{"text":"something else"}'})
    refused(report, 1, "content.differs", name)
    only(report, 1)


def test_a_document_withheld_is_told_and_not_refused(tmp_path: Path) -> None:
    forge = f.signed()
    members = forge.members()
    before = verify(forge, tmp_path).record["withheld"]
    del members[f"contents/{next(iter(forge.contents))}.json"]
    report = verify(forge, tmp_path, members)
    report.require_all()
    assert report.record["withheld"] == before + 1
    assert f"withheld      {before + 1}" in report.as_text()


def test_a_document_that_no_act_names(tmp_path: Path) -> None:
    forge = f.signed()
    raw = b'{"salt":"00","text":"a person who never agreed"}'
    name = f"contents/{sha256_hex(raw)}.json"
    report = verify(forge, tmp_path, {**forge.members(), name: raw})
    refused(report, 1, "content.uncited", name)
    only(report, 1)
