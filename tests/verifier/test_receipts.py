"""A receipt alone, and held against bundles: what it proves, whom it convicts, and what is no receipt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from declaration.errors import Malformed
from declaration.protocol.note import NoteSigner
from declaration.verifier.__main__ import main
from declaration.verifier.policy import parse_policy
from declaration.verifier.receipts import judge
from tests.attacks import test_passkeys as passkeys
from tests.attacks.test_record import forked
from tests.protocol.made import Passkey
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify
from tests.verifier.receipts import receipt_of
from tests.verifier.schema import problems

POLICY = parse_policy(f.policy())


def signature_of(forge: f.Forge, party: str = "k1") -> int:
    return next(n for n, raw in enumerate(forge.entries) if f'"party":"{party}"'.encode() in raw and b"endorsement.sign" in raw)


# -- alone -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pinned", [True, False])
def test_a_good_receipt(pinned: bool) -> None:
    forge = f.signed()
    report = judge(receipt_of(forge, signature_of(forge)), POLICY, forge.trust_root if pinned else None)
    assert report.verified
    assert len(report.warnings) == (0 if pinned else 1)
    assert report.as_text().startswith(f"GOOD RECEIPT. Entry {signature_of(forge)} of {f.ORIGIN}, endorsement.sign-v1 by k1, ")
    assert "withdrawn since" in report.as_text()
    assert problems(report.as_json()) == []
    with pytest.raises(TypeError):
        bool(report)


def test_a_passkeys_receipt_says_where_it_was_used() -> None:
    forge = passkeys.sign(passkeys.enrolled(Passkey()), Passkey())
    report = judge(receipt_of(forge, len(forge.entries) - 1), POLICY, forge.trust_root)
    assert (report.verified, report.site) == (True, "https://declaration.example")
    assert problems(report.as_json()) == []


@pytest.mark.parametrize(
    ("policy", "constitution", "code"),
    [
        (f.policy(NoteSigner(f.ORIGIN, f.private("another log"))), None, "note.unsigned"),
        (f.policy(), "0" * 64, "receipt.constitution"),
    ],
)
def test_a_receipt_of_somebody_else(policy: bytes, constitution: str | None, code: str) -> None:
    forge = f.signed()
    report = judge(receipt_of(forge, 5), parse_policy(policy), constitution)
    assert report.problem is not None
    assert report.problem.code == code
    assert report.as_text().startswith("RECEIPT REFUSED. ")
    assert problems(report.as_json()) == []


def test_an_act_exchanged_in_a_receipt() -> None:
    forge = f.signed()
    raw = receipt_of(forge, 5).replace(forge.entries[5], forge.entries[6])
    report = judge(raw, POLICY)
    assert report.problem is not None
    assert report.problem.code == "proof.root"


def test_a_receipt_of_an_act_that_the_key_did_not_sign() -> None:
    forge = f.opened()
    forge.force("signatory.ghost", f.SIGNED, forge.state.adopted, forge.endorsement(), signer=f.private("thief"))
    report = judge(receipt_of(forge, len(forge.entries) - 1), POLICY)
    assert report.problem is not None
    assert report.problem.code == "signature.other-key"


@pytest.mark.parametrize("raw", [b"", b"declaration-receipt@v1\n", b"x" * 300_000, f.signed().checkpoint()])
def test_what_is_no_receipt(raw: bytes, tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        judge(raw, POLICY)
    (tmp_path / "receipt").write_bytes(raw)
    (tmp_path / "policy").write_bytes(f.policy())
    assert main(["--receipt", str(tmp_path / "receipt"), "--policy", str(tmp_path / "policy")]) == 2


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forge = f.signed()
    (tmp_path / "receipt").write_bytes(receipt_of(forge, 5))
    (tmp_path / "policy").write_bytes(f.policy())
    receipt, policy = ["--receipt", str(tmp_path / "receipt")], ["--policy", str(tmp_path / "policy")]
    assert main([*receipt, *policy, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "receipt-report-1"
    assert main([*receipt, *policy, "--constitution", "0" * 64]) == 1
    for given in (receipt, [*policy], [*receipt, *policy, "--report", "html"], [*receipt, *policy, "--constitution", "x"]):
        assert main(given) == 2, given


# -- against a bundle ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [70, None])
def test_a_bundle_that_holds_the_act(size: int | None, tmp_path: Path) -> None:
    forge = f.signed()
    raw = receipt_of(forge, 5, size)
    report = verify(forge, tmp_path, receipt=raw, constitution=None, policy=f.policy())
    report.require_all()
    assert not report.warnings, "the receipt names the constitution"


def test_another_constitution_than_the_receipts(tmp_path: Path) -> None:
    other = f.Forge()
    other.act("chair.chair", "constitution-v1", None, other.constitution_body(title={"en": "Another forum"}))
    report = verify(other, tmp_path, receipt=receipt_of(f.signed(), 5, 6), policy=f.policy())
    refused(report, 3, "checkpoint.two-roots", "the receipt")
    refused(report, 2, "checkpoint.not-extended", "the receipt")
    report = verify(other, tmp_path, receipt=receipt_of(f.signed(), 0, 1), constitution=None, policy=f.policy())
    refused(report, 5, "constitution.other", "entry 0")
    refused(report, 3, "receipt.other-entry", "the receipt")


def test_a_record_without_the_act_is_convicted(tmp_path: Path) -> None:
    forge = f.signed()
    raw = receipt_of(forge, signature_of(forge))
    gone = signature_of(forge)
    members = f.rebuilt(forge.members(), forge.entries[:gone] + forge.entries[gone + 1 :])
    report = verify(forge, tmp_path, members, size=len(forge.entries) - 1, receipt=raw)
    assert f"entry {gone} is another act" in refused(report, 3, "receipt.other-entry", "the receipt").what


def test_a_fork_is_shown_by_a_receipt(tmp_path: Path) -> None:
    one, other = forked()
    report = verify(one, tmp_path, receipt=receipt_of(other, len(other.entries) - 1))
    refused(report, 3, "checkpoint.two-roots", "the receipt")
    refused(report, 3, "receipt.other-entry", "the receipt")
    only(report, 3)


def test_a_receipt_that_proves_nothing_is_no_proof_against_the_record(tmp_path: Path) -> None:
    forge = f.signed()
    raw = receipt_of(forge, 5).replace(forge.entries[5], forge.entries[6])
    report = verify(forge, tmp_path, receipt=raw)
    refused(report, 2, "proof.root", "the receipt")
    only(report, 2)


def test_a_bundle_older_than_the_receipt(tmp_path: Path) -> None:
    forge = f.signed()
    raw = receipt_of(forge, 5)
    members = f.rebuilt(forge.members(), forge.entries[:-1])
    refused(verify(forge, tmp_path, members, size=len(forge.entries) - 1, receipt=raw), 2, "checkpoint.not-extended", "a newer bundle")
