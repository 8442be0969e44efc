"""Attacks on the register: who signs what, when, as what, and how often; adoption; withdrawals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from declaration.protocol.encoding import format_time
from tests.procedure.bench import START
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify

REASON = {"content": "0" * 64}


def test_one_organization_with_two_keys_signs_once(tmp_path: Path) -> None:
    forge = f.signed()
    again = forge.signatory("a1", named="a second key")
    first = forge.act("secretariat.one", "accredit-v1", forge.constitution, again)
    forge.act("secretariat.two", "second-v1", first.digest)
    forge.force("signatory.a1", f.SIGNED, forge.state.adopted, forge.endorsement(), key="a second key")
    report = verify(forge, tmp_path)
    assert "this organization has signed already, at position 1" in refused(report, 8, "endorsement.duplicate", "sign by a1").what
    only(report, 8)
    assert report.totals["by_country"]["az"]["counted"] == 4


def test_one_organization_under_two_names_is_accredited_once(tmp_path: Path) -> None:
    forge = f.signed()
    twin = forge.signatory("a1-twin", organization={"country": "az", "name": "A One", "registration": "a1"})
    forge.force("secretariat.one", "accredit-v1", forge.constitution, twin)
    report = verify(forge, tmp_path)
    refused(report, 5, "accredit.organization-known", "accredit by one")
    only(report, 5)


def opened(**mandate: Any) -> f.Forge:
    forge = f.opened()
    forge.enrol("new", "kz", **mandate)
    return forge


@pytest.mark.parametrize(
    ("hours", "changes", "code"),
    [
        (0, {"capacity": "personal"}, "endorsement.capacity"),
        (0, {"kind": "accession"}, "endorsement.no-accession"),
        (0, {"language": "kk"}, "endorsement.language"),
        (0, {"texts": {"en": "0" * 64, "az": "0" * 64}}, "endorsement.texts"),
        (24 * 30, {}, "endorsement.window-closed"),
        (24 * 40, {}, "endorsement.window-closed"),
    ],
)
def test_an_endorsement_that_is_not_what_it_may_be(hours: int, changes: dict[str, Any], code: str, tmp_path: Path) -> None:
    forge = opened()
    forge.pass_time(hours=hours)
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(**changes))
    report = verify(forge, tmp_path)
    refused(report, 8, code, "endorsement.sign by new")
    only(report, 8)
    assert report.totals["counted"] == 0


def test_hashes_of_the_texts_swapped_between_languages(tmp_path: Path) -> None:
    forge = opened()
    texts = forge.endorsement()["texts"]
    swapped = {"az": texts["en"], "en": texts["az"]}
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(texts=swapped))
    refused(verify(forge, tmp_path), 8, "endorsement.texts", "by new")


def test_a_signature_before_the_opening(tmp_path: Path) -> None:
    forge = f.agreed().presented()
    forge.act("chair.chair", "declaration.adopt-v1", forge.state.current, {"present": ["az", "kz"], "content": "0" * 64})
    later = {"opens": format_time(forge.now + timedelta(days=1)), "closes": format_time(forge.now + timedelta(days=9)), **REASON}
    forge.enrol("new", "kz")
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement())
    forge.act("depositary.keeper", "declaration.open_for_signature-v1", forge.state.adopted, later)
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement())
    report = verify(forge, tmp_path)
    size = len(forge.entries)
    assert [each.where for each in report.checks[7].findings] == [f"entry {n}, endorsement.sign by new" for n in (size - 3, size - 1)]
    refused(report, 8, "endorsement.not-open", "by new")
    only(report, 8)


@pytest.mark.parametrize("which", [0, 1])
def test_a_signature_on_a_draft(which: int, tmp_path: Path) -> None:
    forge = opened()
    draft = list(forge.state.versions)[which]
    assert draft != forge.state.adopted
    forge.force("signatory.new", f.SIGNED, draft, forge.endorsement())
    refused(verify(forge, tmp_path), 8, "version.not-adopted", "by new")


@pytest.mark.parametrize(("hours", "code"), [(0, "mandate.not-yet"), (48, "mandate.expired"), (24, "")])
def test_a_mandate_is_for_a_time(hours: int, code: str, tmp_path: Path) -> None:
    opens = START + timedelta(days=8)
    mandate = {
        "continues": None,
        "document": None,
        "joint": False,
        "from": format_time(opens + timedelta(hours=1)),
        "until": format_time(opens + timedelta(hours=48)),
    }
    forge = opened(mandate=mandate)
    forge.pass_time(hours=hours)
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement())
    report = verify(forge, tmp_path)
    if code:
        refused(report, 8, code, "by new")
    else:
        assert report.verified


def test_a_head_signs_for_no_organization(tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("head.az", f.SIGNED, forge.state.adopted, forge.endorsement())
    refused(verify(forge, tmp_path), 5, "role.not-entitled", "endorsement.sign by az")


# -- withdrawals -------------------------------------------------------------------------------------------------------


def test_a_withdrawal_hidden_is_seen_by_whoever_signs_after_it(tmp_path: Path) -> None:
    forge = opened()
    forge.enrol("next", "hu")
    forge.sign("new")
    hidden = forge.state.size
    forge.act("signatory.new", f.WITHDRAWN, forge.state.by_party["new"], REASON)
    forge.enrol("third", "hu")
    forge.act("signatory.next", f.SIGNED, forge.state.adopted, forge.endorsement(), seen=hidden + 1)
    members = f.rebuilt(forge.members(), [raw for n, raw in enumerate(forge.entries) if n != hidden])
    report = verify(forge, tmp_path, members, size=len(forge.entries) - 1)
    refused(report, 3, "seen.other-history", "endorsement.sign by next")


def test_the_last_withdrawal_hidden_contradicts_the_receipt_that_was_given(tmp_path: Path) -> None:
    """Nobody signed after it, but the organization holds the checkpoint of its receipt."""
    forge = f.signed()
    receipt = forge.checkpoint()
    members = f.rebuilt(forge.members(), forge.entries[:-1])
    members = {name: raw for name, raw in members.items() if not (name.startswith("contents/") and name[9:73] == withdrawal_content(forge))}
    assert verify(forge, tmp_path, members, size=len(forge.entries) - 1).verified
    refused(verify(forge, tmp_path, members, size=len(forge.entries) - 1, since=receipt), 2, "checkpoint.not-extended", "kept from before")


def withdrawal_content(forge: f.Forge) -> str:
    from declaration.protocol.entry import parse_entry

    return str(parse_entry(forge.entries[-1]).statement.body["content"])


def test_a_withdrawal_before_the_signature(tmp_path: Path) -> None:
    forge = f.signed()
    signed = next(n for n, raw in enumerate(forge.entries) if b'"party":"h3"' in raw and b"endorsement.sign" in raw)
    order = [*forge.entries[:signed], forge.entries[-1], *forge.entries[signed:-1]]
    report = verify(forge, tmp_path, f.rebuilt(forge.members(), order))
    refused(report, 3, "seen.unknown", "endorsement.withdraw by h3")


@pytest.mark.parametrize(
    ("who", "code", "number"), [("signatory.a1", "endorsement.not-own", 8), ("depositary.keeper", "role.not-entitled", 5)]
)
def test_nobody_else_withdraws(who: str, code: str, number: int, tmp_path: Path) -> None:
    forge = f.signed()
    forge.force(who, f.WITHDRAWN, forge.state.by_party["a2"], REASON)
    report = verify(forge, tmp_path)
    refused(report, number, code, "endorsement.withdraw by")
    assert report.totals["by_country"]["az"]["counted"] == 4


def test_nobody_withdraws_twice_or_signs_again(tmp_path: Path) -> None:
    forge = f.signed()
    forge.force("signatory.h3", f.WITHDRAWN, forge.state.by_party["h3"], REASON)
    forge.force("signatory.h3", f.SIGNED, forge.state.adopted, forge.endorsement())
    report = verify(forge, tmp_path)
    refused(report, 8, "endorsement.state", "withdraw by h3")
    refused(report, 8, "endorsement.duplicate", "sign by h3")
    assert report.totals["by_country"]["hu"] == {"name": "Hungary", "counted": 2, "accessions": 0, "withdrawn": 1}


def test_an_associate_of_another_country_withdraws(tmp_path: Path) -> None:
    forge = f.signed()
    forge.act("signatory.friend", f.WITHDRAWN, forge.state.by_party["friend"], REASON)
    report = verify(forge, tmp_path)
    report.require_all()
    assert (report.totals["listed"], report.totals["listed_withdrawn"], report.totals["withdrawn"]) == (1, 1, 1)


# -- adoption ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "code"),
    [(["az"], "adopt.quorum"), (["az", "tr"], "adopt.presence"), ([], "statement.field"), (["az", "az"], "statement.field")],
)
def test_an_adoption_without_its_quorum(present: list[str], code: str, tmp_path: Path) -> None:
    forge = f.agreed().presented()
    forge.force("chair.chair", "declaration.adopt-v1", forge.state.current, {"present": present, **REASON})
    window = {"opens": format_time(forge.now), "closes": format_time(forge.now + timedelta(days=1)), **REASON}
    forge.force("depositary.keeper", "declaration.open_for_signature-v1", forge.state.current, window)
    report = verify(forge, tmp_path)
    refused(report, 6, code, "declaration.adopt by chair")
    refused(report, 6, "declaration.state", "declaration.open_for_signature by keeper")
    only(report, 6)
    assert report.record["adopted"] is None


@pytest.mark.parametrize("which", [0, 1])
def test_an_adoption_of_an_earlier_version(which: int, tmp_path: Path) -> None:
    forge = f.agreed().presented()
    draft = list(forge.state.versions)[which]
    forge.force("chair.chair", "declaration.adopt-v1", draft, {"present": ["az", "kz"], **REASON})
    refused(verify(forge, tmp_path), 6, "version.not-current", "declaration.adopt by chair")


def test_an_adoption_that_nobody_confirmed(tmp_path: Path) -> None:
    forge = f.second_reading()
    forge.force("chair.chair", "declaration.begin_legal_review-v1", forge.state.current)
    forge.force("chair.chair", "declaration.adopt-v1", forge.state.current, {"present": ["az", "kz"], **REASON})
    report = verify(forge, tmp_path)
    refused(report, 6, "declaration.state", "declaration.begin_legal_review by chair")
    refused(report, 6, "declaration.state", "declaration.adopt by chair")


def test_an_unknown_kind_of_act(tmp_path: Path) -> None:
    forge = f.signed()
    forge.force("chair.chair", "register.rewrite-v1", forge.state.adopted, REASON)
    refused(verify(forge, tmp_path), 6, "statement.type", "register.rewrite by chair")
