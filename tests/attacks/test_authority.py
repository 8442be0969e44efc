"""Attacks on authority: keys that nobody accredited, people who act as two, proofs that are used again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from declaration.protocol.encoding import b64encode
from tests.procedure.bench import public
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify


def test_a_signature_by_a_key_that_nobody_accredited(tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("signatory.ghost", f.SIGNED, forge.state.adopted, forge.endorsement())
    report = verify(forge, tmp_path)
    refused(report, 5, "key.unknown", "endorsement.sign by ghost")
    only(report, 5)


def test_one_person_of_the_secretariat_is_not_enough(tmp_path: Path) -> None:
    forge = f.opened()
    forge.act("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("ngo"))
    forge.force("signatory.ngo", f.SIGNED, forge.state.adopted, forge.endorsement())
    refused(verify(forge, tmp_path), 5, "key.unknown", "by ngo")


@pytest.mark.parametrize(
    ("who", "key", "code"),
    [
        ("secretariat.one", "secretariat.one", "second.same-person"),
        ("secretariat.two", "secretariat.one", "key.party"),
        ("chair.chair", "chair.chair", "role.not-entitled"),
        ("signatory.ngo", "signatory.ngo", "key.unknown"),
    ],
)
def test_one_person_as_two(who: str, key: str, code: str, tmp_path: Path) -> None:
    forge = f.opened()
    first = forge.act("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("ngo"))
    forge.force(who, "second-v1", first.digest, key=key)
    refused(verify(forge, tmp_path), 5, code, "second by")


@pytest.mark.parametrize(
    ("who", "accreditation", "code"),
    [
        ("head.az", lambda x: x.accreditation("head.az", named="head.az again"), "role.not-entitled"),
        ("secretariat.one", lambda x: x.accreditation("secretariat.three"), "accredit.role"),
        ("secretariat.one", lambda x: x.signatory("ngo", named="secretariat.one"), "key.known"),
        ("chair.chair", lambda x: x.signatory("ngo"), "accredit.role"),
        ("chair.chair", lambda x: x.accreditation("head.tr"), "accredit.party"),
        ("chair.chair", lambda x: x.accreditation("secretariat.az"), "accredit.party"),
        ("chair.chair", lambda x: x.accreditation("head.az", named="head.kz"), "key.known"),
        ("secretariat.one", lambda x: x.signatory("az"), "accredit.party"),
        ("secretariat.one", lambda x: x.signatory("ngo", country="rs"), "accredit.not-entitled"),
    ],
)
def test_an_accreditation_that_nobody_may_give(who: str, accreditation: Any, code: str, tmp_path: Path) -> None:
    forge = f.opened()
    forge.force(who, "accredit-v1", forge.constitution, accreditation(forge))
    report = verify(forge, tmp_path)
    refused(report, 5, code, "accredit by")
    only(report, 5)


def test_a_delegation_that_the_constitution_does_not_know(tmp_path: Path) -> None:
    """The operator invents one, with a proof of possession and a head who signs: the Chair never accredited it."""
    forge = f.circulated()
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("head.tr"), signer=f.private("operator"))
    forge.force("head.tr", "amendment.submit-v1", forge.state.current, forge.proposal([forge.reads("OP1", "Decide nothing;")]))
    report = verify(forge, tmp_path)
    refused(report, 4, "signature.other-key", "accredit by chair")
    refused(report, 5, "key.unknown", "amendment.submit by tr")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"constitution": "0" * 64}, "signature.invalid"),
        ({"log": "declaration.example/other"}, "signature.namespace"),
        ({"key": public("another").openssh}, "signature.other-key"),
        ({"possession": {"nonce": "AAECAwQFBgcICQoLDA0ODw", "signature": "AA=="}}, "signature.malformed"),
        ({"possession": {"nonce": "short", "signature": b64encode(b"x")}}, "encoding.base64"),
        ({"possession": {"nonce": "AAEC", "signature": b64encode(b"x")}}, "enrolment.nonce"),
        ({"possession": {"nonce": "AAECAwQFBgcICQoLDA0ODw", "signature": "\u00e9"}}, "encoding.base64"),
    ],
)
def test_a_proof_of_possession_that_proves_nothing(changes: dict[str, Any], code: str, tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("translator.new", **changes))
    forge.force("translator.new", "second-v1", "0" * 64)
    report = verify(forge, tmp_path)
    assert "proof of possession" in refused(report, 5, code, "accredit by chair").what
    refused(report, 5, "key.unknown", "second by new")


def test_a_proof_of_possession_used_again(tmp_path: Path) -> None:
    forge = f.opened()
    body = forge.signatory("ngo")
    forge.act("secretariat.one", "accredit-v1", forge.constitution, body)
    forge.force("secretariat.two", "accredit-v1", forge.constitution, {**body, "party": "other"})
    report = verify(forge, tmp_path)
    refused(report, 5, "accredit.nonce-used", "accredit by two")
    only(report, 5)


def test_one_nonce_for_two_keys(tmp_path: Path) -> None:
    forge = f.opened()
    nonce = "AAECAwQFBgcICQoLDA0ODw"
    forge.act("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("ngo", nonce=nonce))
    forge.force("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("other", nonce=nonce))
    refused(verify(forge, tmp_path), 5, "accredit.nonce-used", "accredit by one")


def test_a_key_accredited_after_it_signed(tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("signatory.ngo", f.SIGNED, forge.state.adopted, forge.endorsement())
    forge.enrol("ngo")
    report = verify(forge, tmp_path)
    refused(report, 5, "key.unknown", "endorsement.sign by ngo")
    only(report, 5)


@pytest.mark.parametrize(
    ("changes", "number", "code"),
    [
        ({"possession": {"nonce": "AAECAwQFBgcICQoLDA0ODw"}}, 6, "statement.fields"),
        ({"possession": [1]}, 6, "statement.field"),
        ({"possession": None}, 6, "statement.field"),
        ({"key": 7}, 6, "statement.field"),
        ({"key": "ssh-ed25519  x"}, 5, "key.malformed"),
        ({"key": "ssh-ed25519 " + b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(32))}, 5, "key.weak"),
    ],
)
def test_an_accreditation_that_has_not_its_form(changes: dict[str, Any], number: int, code: str, tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("translator.new", **changes))
    report = verify(forge, tmp_path)
    refused(report, number, code, "accredit by chair")
    only(report, number)


# -- the constitution --------------------------------------------------------------------------------------------------


def test_another_constitution_under_the_same_log_key(tmp_path: Path) -> None:
    """The operator begins the record again, with a Chair of its own; the log's key is the same."""
    honest, other = f.signed(), f.Forge()
    body = other.constitution_body(delegations={"xx": {"en": "Elsewhere"}, "yy": {"en": "Nowhere"}})
    other.act("chair.chair", "constitution-v1", None, body)
    report = verify(other, tmp_path, constitution=honest.trust_root, policy=f.policy())
    refused(report, 5, "constitution.other", "entry 0")
    only(report, 5)


def test_a_second_constitution(tmp_path: Path) -> None:
    forge = f.circulated()
    forge.force("chair.chair", "constitution-v1", None, forge.constitution_body(rule={"quorum": 1}))
    report = verify(forge, tmp_path)
    refused(report, 5, "constitution.exists", "constitution by chair")
    forge = f.circulated()
    forge.force("chair.chair", "constitution-v1", None, forge.constitution_body(), seen=0)
    refused(verify(forge, tmp_path), 3, "seen.unknown", "constitution by chair")


def test_a_record_without_a_constitution(tmp_path: Path) -> None:
    forge = f.circulated()
    report = verify(forge, tmp_path, f.rebuilt(forge.members(), forge.entries[1:]), size=len(forge.entries) - 1)
    refused(report, 5, "constitution.missing", "entry 0")
    assert [check.ran for check in report.checks] == [True, True] + [False] * 7
    assert not report.totals


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": public("head.az").openssh}, "constitution.key"),
        ({"original": "kk"}, "constitution.languages"),
        ({"rule": {"quorum": 9}}, "constitution.quorum"),
    ],
)
def test_a_constitution_that_does_not_hold_together(changes: dict[str, Any], code: str, tmp_path: Path) -> None:
    forge = f.Forge()
    act = forge.statement("chair.chair", "constitution-v1", None, forge.constitution_body(**changes))
    forge.record(act, forge.signature(act, "chair.chair"))
    report = verify(forge, tmp_path, f.rebuilt(_nothing(), forge.entries))
    refused(report, 5, code, "constitution by chair")


def _nothing() -> f.Members:
    return {"policy": f.policy(), "allowed_signers": b"", "README.txt": b""}


# -- allowed_signers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + f'signatory.a1 namespaces="*" {public("thief").openssh}\n'.encode(),
        lambda raw: raw.replace(b"signatory.a1 ", b"signatory.a1,signatory.a2 "),
        lambda raw: raw.replace(b'namespaces="*@declaration.example/forum"', b'namespaces="*"', 1),
        lambda raw: raw.replace(b"valid-after=", b"valid-before=", 1),
        lambda raw: raw.replace(b"2025", b"2024", 1),
        lambda raw: raw.rstrip(b"\n"),
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: b"\n".join(reversed(raw.splitlines())) + b"\n",
        lambda raw: b"",
        lambda raw: b"# a comment\n" + raw,
        lambda raw: raw.replace(b"signatory.a1 ", b"* ", 1),
    ],
)
def test_a_file_of_allowed_signers_that_says_something_else(change: Any, tmp_path: Path) -> None:
    forge = f.signed()
    members = forge.members()
    assert change(members["allowed_signers"]) != members["allowed_signers"]
    report = verify(forge, tmp_path, {**members, "allowed_signers": change(members["allowed_signers"])})
    refused(report, 5, "allowed-signers.other", "allowed_signers")
    only(report, 5)


@pytest.mark.parametrize("party", ['a" ssh-ed25519 x', "a\nsignatory.b", "a b", "A", "*", "a,b", "", "-a", "é"])
def test_a_party_that_would_write_a_line_of_its_own(party: str, tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("secretariat.one", "accredit-v1", forge.constitution, {**forge.signatory("ngo"), "party": party})
    refused(verify(forge, tmp_path), 6, "statement.field", "accredit by one")
