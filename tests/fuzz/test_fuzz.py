"""Two thousand mutants in a process of bounded memory; and that whatever judges them would notice."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz import archives, subjects
from tests.fuzz.campaign import Campaign, drawn
from tests.fuzz.subjects import ACCEPTED, REFUSED, SAME, SUBJECTS, Mutant, asked

ROOT = Path(__file__).resolve().parents[2]
COUNT = 2_000
MIB = 768


def test_two_thousand_mutants() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--count", str(COUNT), "--memory", str(MIB), "--seed", "suite"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"{COUNT} mutants of seed suite" in done.stdout
    peak = re.search(r"peak memory (\d+) MiB", done.stdout)
    assert peak is not None
    assert int(peak[1]) < 300, "as much as the program, its tables and an honest bundle; no mutant makes it grow"
    for name in SUBJECTS:
        assert f"{name}: refused" in done.stdout or name == "policy", name
    for kind in archives.KINDS:
        assert f"changed: bundle, {kind}\n" in done.stdout


def test_a_mutant_is_the_same_on_every_machine() -> None:
    once = [drawn("suite", number) for number in range(300)]
    assert [drawn("suite", number) for number in reversed(range(300))] == once[::-1]
    assert len({drawn("suite", number)[1].data for number in range(40)}) > 30


@pytest.mark.parametrize("base", [0, 1])
def test_the_honest_bundle_is_the_same(base: int) -> None:
    assert asked(SUBJECTS["bundle"][1], Mutant("nothing", archives.honest(base)[1], base)) == SAME


def test_the_honest_files_are_the_same() -> None:
    files = {
        "receipt": subjects._receipts(), "note": subjects._notes(), "entry": subjects._entries(), "statement": subjects._statements(),
        "equivocation": subjects._equivocations(), "manifest": subjects._manifests(), "text": subjects._texts(),
        "policy": subjects._policies(),
    }  # fmt: skip
    assert files.keys() | {"bundle"} == SUBJECTS.keys()
    for name, honest in files.items():
        for base, data in enumerate(honest):
            assert asked(SUBJECTS[name][1], Mutant("nothing", data, base)) == SAME, name


def test_one_that_passes_would_be_noticed() -> None:
    """Another honest bundle, taken for a mutant of the first: verified, and not what the first one says."""
    forge = archives.bases()[0]
    other = forge.twin()
    other.act("chair.chair", "accredit-v1", other.constitution, other.accreditation("translator.az-3"))
    data = subjects.f.packed(other.members(), size=len(other.entries))
    assert asked(SUBJECTS["bundle"][1], Mutant("another", data, 0)) == ACCEPTED


def test_a_record_that_was_cut_is_seen_by_whoever_kept_a_checkpoint() -> None:
    forge = archives.bases()[0]
    data = subjects.f.packed(subjects.f.rebuilt(forge.members(), forge.entries[:-1]), size=len(forge.entries) - 1)
    assert asked(SUBJECTS["bundle"][1], Mutant("cut", data, 0)) == REFUSED


def test_an_exception_or_a_mutant_that_passes_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for judge, said in ((lambda mutant: 1 // 0, "ZeroDivisionError escapes"), (lambda mutant: ACCEPTED, "accepted, and it is not")):
        monkeypatch.setitem(SUBJECTS, "note", (1, subjects.Subject(lambda how: Mutant("x", b"bytes"), judge)))
        monkeypatch.setattr("tests.fuzz.campaign.SUBJECTS", {"note": SUBJECTS["note"]})
        campaign = Campaign("seed")
        campaign.run(3, tmp_path)
        assert len(campaign.failures) == 3
        assert said in campaign.failures[0]
        assert (tmp_path / "seed-0-note").read_bytes() == b"bytes"


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    first = Campaign.resumed(state, "one")
    first.run(5)
    first.save(state)
    second = Campaign.resumed(state, "one")
    second.run(5)
    whole = Campaign("one")
    whole.run(10)
    assert (second.following, second.verdicts, second.kinds) == (10, whole.verdicts, whole.kinds)
    assert Campaign.resumed(state, "another").following == 0
    assert isinstance(second.verdicts, Counter)
