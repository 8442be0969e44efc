"""Signatures on paper in the verifier's report: apart, by two persons, in no figure; and attested by one they are not there."""

from __future__ import annotations

from pathlib import Path

from tests.secondopinion.authority import on_paper
from tests.verifier import forge as f
from tests.verifier.asked import verify
from tests.verifier.schema import problems

REASON = {"content": "4" * 64}


def attest(forge: f.Forge, second: str) -> f.Forge:
    forge.enrol("paper", "az")
    body = {"version": forge.state.adopted, "scan": "5" * 64, **REASON}
    first = forge.act("secretariat.one", "paper.attest-v1", forge.state.organizations["paper"].digest, body)
    forge.force(second, "second-v1", first.digest)
    return forge


def test_it_is_listed_apart_in_every_form_of_the_report(tmp_path: Path) -> None:
    report = verify(on_paper(False), tmp_path)
    report.require_all()
    assert report.totals["counted"] == 0
    (row,) = report.record["on_paper"]
    assert (row["organization"], row["scan"], row["attested_by"]) == ("paper", "5" * 64, ["one", "two"])
    assert problems(report.as_json()) == []
    text = report.as_text()
    assert "on paper      1, attested by two persons of the secretariat, in no figure below" in text
    assert text.startswith("VERIFIED. 0 signatures counted")


def test_a_key_takes_its_place(tmp_path: Path) -> None:
    report = verify(on_paper(True), tmp_path)
    report.require_all()
    assert (report.totals["counted"], report.record["on_paper"]) == (1, [])


def test_one_person_attests_nothing(tmp_path: Path) -> None:
    report = verify(attest(f.opened(), "secretariat.one"), tmp_path)
    assert [check.number for check in report.checks if check.findings] == [5]
    assert "on_paper" not in report.record
