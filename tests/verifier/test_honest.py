"""An honest bundle is verified, and the report says what that means and what it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from declaration.protocol.note import COSIGNATURE, NoteSigner, cosign
from declaration.verifier.__main__ import main
from declaration.verifier.report import Check, Finding, Report, VerificationFailed, plain
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify
from tests.verifier.schema import problems

NOW = 1_764_000_000


def test_a_signed_forum_is_verified_and_counted(tmp_path: Path) -> None:
    report = verify(f.signed(), tmp_path)
    report.require_all()
    counted = {country: row["counted"] for country, row in report.totals["by_country"].items()}
    assert counted == {"az": 4, "kz": 3, "hu": 2}
    assert (report.totals["counted"], report.totals["withdrawn"], report.totals["listed"]) == (9, 1, 2)
    assert report.totals["by_country"]["hu"]["withdrawn"] == 1
    assert report.record["withheld"] > 0


@pytest.mark.parametrize("stage", [f.circulated, f.second_reading, f.agreed, f.opened])
def test_a_record_is_verified_at_every_stage(stage: object, tmp_path: Path) -> None:
    assert callable(stage)
    report = verify(stage(), tmp_path)
    report.require_all()
    assert report.totals["counted"] == 0


def test_the_constitution_alone_is_a_record(tmp_path: Path) -> None:
    forge = f.Forge()
    forge.act("chair.chair", "constitution-v1", None, forge.constitution_body())
    verify(forge, tmp_path).require_all()


def test_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forge = f.signed()
    bundle = forge.pack(tmp_path / "bundle.zip")
    (tmp_path / "policy").write_bytes(f.policy())
    assert main([str(bundle), "--constitution", forge.trust_root, "--policy", str(tmp_path / "policy")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("VERIFIED. 9 signatures counted, 0 accessions, 1 withdrawn, 2 listed apart.\n")
    assert "WARNING" not in said
    assert "Hungary" in said
    assert "1 withdrawn" in said
    end = said[said.index("What this does not prove:") :].splitlines()
    assert [line[:2] for line in end[1:]] == ["- "] * 4
    assert "mandate letter" in end[1]
    assert "no witness has signed" in end[-1]


def test_it_says_loudly_what_came_out_of_the_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(f.signed().pack(tmp_path / "bundle.zip"))]) == 0
    warnings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("WARNING: ")]
    assert ["policy" in warnings[0], "constitution" in warnings[1], len(warnings)] == [True, True, 2]


def test_the_report_for_programs_is_what_its_schema_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forge = f.signed()
    bundle = forge.pack(tmp_path / "bundle.zip")
    assert main([str(bundle), "--json"]) == 0
    good = json.loads(capsys.readouterr().out)
    assert main([str(bundle), "--json", "--constitution", "0" * 64]) == 1
    bad = json.loads(capsys.readouterr().out)
    assert main([str(tmp_path / "none"), "--json"]) == 2
    none = json.loads(capsys.readouterr().out)
    assert [problems(each) for each in (good, bad, none)] == [[], [], []]
    assert [each["verdict"] for each in (good, bad, none)] == ["verified", "refused", "not-a-bundle"]
    assert problems({**good, "extra": 1})
    assert problems({**good, "checks": good["checks"][:8]})
    assert problems({**none, "verdict": "verified"})


@pytest.mark.parametrize("given", ["0" * 64, f.SYMBOL.encode().hex().ljust(64, "0")])
def test_another_constitution_than_the_auditors_is_refused(given: str, tmp_path: Path) -> None:
    report = verify(f.signed(), tmp_path, constitution=given)
    refused(report, 5, "constitution.other", "entry 0")
    only(report, 5)


@pytest.mark.parametrize("given", ["", "0" * 63, "A" * 64, "0x" + "0" * 62])
def test_a_constitution_that_is_no_hash_is_no_question(given: str, tmp_path: Path) -> None:
    assert main([str(f.circulated().pack(tmp_path / "bundle.zip")), "--constitution", given]) == 2


def test_another_log_key_than_the_auditors_is_refused(tmp_path: Path) -> None:
    other = NoteSigner(f.ORIGIN, f.private("another log"))
    report = verify(f.signed(), tmp_path, policy=f.policy(other))
    refused(report, 2, "note.unsigned", "checkpoint")
    assert [check.ran for check in report.checks] == [True] + [False] * 8


# -- witnesses -------------------------------------------------------------------------------------------------------

WITNESSES = {name: NoteSigner(f"{name}.example", f.private(name), COSIGNATURE) for name in ("one", "two", "three")}
LINES = [f"witness {name} {signer.verifier.vkey}" for name, signer in WITNESSES.items()]


@pytest.mark.parametrize(
    ("signed_by", "quorum", "group", "good"),
    [
        ([], "some", "group some any one two three", False),
        (["one"], "some", "group some any one two three", True),
        (["one"], "some", "group some 2 one two three", False),
        (["one", "three"], "some", "group some 2 one two three", True),
        (["one", "two"], "some", "group some all one two three", False),
        (["two"], "one", "group some any two", False),
        (["two"], "two", "group some any two", True),
        (["one", "two"], "outer", "group inner all one two\ngroup outer any inner three", True),
    ],
)
def test_a_quorum_of_witnesses(signed_by: list[str], quorum: str, group: str, good: bool, tmp_path: Path) -> None:
    forge = f.circulated()
    note = forge.checkpoint()
    for name in signed_by:
        note = cosign(note, WITNESSES[name], NOW)
    policy = f.policy(f.LOG, quorum, *LINES, group)
    report = verify(forge, tmp_path, {**forge.members(), "checkpoint": note}, policy=policy)
    if good:
        report.require_all()
        assert not any("witness" in each for each in report.not_proved)
    else:
        refused(report, 2, "checkpoint.quorum", "checkpoint")


def test_a_bad_cosignature_refuses_the_checkpoint(tmp_path: Path) -> None:
    forge = f.circulated()
    foreign = cosign(forge.checkpoint(forge.state.size - 1), WITNESSES["one"], NOW).splitlines(keepends=True)[-1]
    members = {**forge.members(), "checkpoint": forge.checkpoint() + foreign}
    refused(verify(forge, tmp_path, members, policy=f.policy(f.LOG, "none", *LINES)), 2, "note.bad-signature")


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (b"", "policy.incomplete"),
        (b"quorum none\n", "policy.incomplete"),
        (f.policy().replace(b"quorum none\n", b""), "policy.incomplete"),
        (f.policy() + f.policy(), "policy.statement"),
        (f.policy() + b"quorum none\n", "policy.statement"),
        (f.policy(f.LOG, "nobody"), "policy.statement"),
        (f.policy(f.LOG, "none", LINES[0], LINES[0]), "policy.statement"),
        (f.policy(f.LOG, "g", LINES[0], "group g 2 one"), "policy.group"),
        (f.policy(f.LOG, "g", LINES[0], "group g 0 one"), "policy.group"),
        (f.policy(f.LOG, "g", LINES[0], "group g any one one"), "policy.group"),
        (f.policy(f.LOG, "g", "group g any g"), "policy.group"),
        (f.policy(f.LOG, "g", LINES[0], "group g ١ one"), "policy.letters"),
        (f.policy(f.LOG, "none", f"witness w {f.LOG.verifier.vkey}"), "policy.key"),
        (f.policy(WITNESSES["one"]), "policy.key"),
        (b"# " + b"x" * 70_000, "bundle.too-large"),
    ],
)
def test_a_policy_that_says_nothing_certain(policy: bytes, code: str, tmp_path: Path) -> None:
    forge = f.circulated()
    refused(verify(forge, tmp_path, {**forge.members(), "policy": policy}), 2, code, "policy")


def test_a_policy_of_many_groups_is_read_in_time(tmp_path: Path) -> None:
    lines = ["group g0 any one two"]
    lines += [f"group g{depth} any g{depth - 1}" for depth in range(1, 1400)]
    forge = f.circulated()
    report = verify(forge, tmp_path, policy=f.policy(f.LOG, "g1399", *LINES, *lines))
    refused(report, 2, "checkpoint.quorum")


# -- an older checkpoint ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 31, None])
def test_a_record_extends_what_the_auditor_kept(size: int | None, tmp_path: Path) -> None:
    forge = f.signed()
    verify(forge, tmp_path, since=forge.checkpoint(size)).require_all()


def test_witnesses_need_not_have_signed_what_the_auditor_kept(tmp_path: Path) -> None:
    forge = f.circulated()
    members = {**forge.members(), "checkpoint": cosign(forge.checkpoint(), WITNESSES["one"], NOW)}
    verify(forge, tmp_path, members, policy=f.policy(f.LOG, "one", *LINES), since=forge.checkpoint(3)).require_all()


def test_a_file_that_is_no_checkpoint_is_no_question(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"not a note\n")
    assert main([str(f.circulated().pack(tmp_path / "bundle.zip")), "--since", str(tmp_path / "old")]) == 2


# -- the report itself -----------------------------------------------------------------------------------------------


def test_a_report_is_no_truth_value_and_nothing_checked_is_no_success() -> None:
    with pytest.raises(TypeError):
        bool(Report(()))
    with pytest.raises(VerificationFailed):
        Report(()).require_all()
    assert not Report(tuple(Check(number, ran=True) for number in range(1, 9))).verified
    assert not Report(tuple(Check(number) for number in range(1, 10))).verified


def test_findings_are_counted_when_they_are_too_many_to_tell() -> None:
    check = Check(4, ran=True)
    for number in range(30):
        check.find(Finding("code", "what", str(number)))
    assert (len(check.findings), check.more, check.passed) == (20, 10, False)
    assert "and 10 more" in Report((check,)).as_text()


@pytest.mark.parametrize("name", ["Land\nVERIFIED. 9", "\x1b[2J", "\u202eLAND", "\x00", "a\u2028b"])
def test_a_name_writes_no_verdict_of_its_own(name: str, tmp_path: Path) -> None:
    forge = f.Forge()
    body = forge.constitution_body(delegations={"az": {"en": f"A{name}Z"}, "kz": {"en": "K"}})
    forge.act("chair.chair", "constitution-v1", None, body)
    report = verify(forge, tmp_path)
    lines = report.as_text().split("\n")
    assert not any(letter in line for letter in name for line in lines if not letter.isprintable())
    assert sum(line.startswith("VERIFIED") for line in lines) == 1
    assert plain("Bakı, Магтымгулы") == "Bakı, Магтымгулы"
