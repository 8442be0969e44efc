"""The script: its statuses, what it is given, and folders that somebody prepared for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from declaration.protocol.note import NoteSigner
from declaration.verifier.report import TITLES
from tests.secondopinion import opinions
from tests.secondopinion.cases import signed
from tests.verifier import forge as f


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return opinions.unpack(f.circulated().pack(tmp_path / "bundle.zip"), tmp_path / "unpacked")


def run(script: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", str(script), *arguments], capture_output=True, text=True, errors="replace", cwd=cwd, timeout=60)


@pytest.mark.parametrize("arguments", [["-x"], ["-c", "12"], ["-p", "/nowhere"], ["/nowhere"]])
def test_what_is_no_question(arguments: list[str], script: Path) -> None:
    done = run(script, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("NOT ")


def test_it_verifies_the_folder_that_it_lies_in(folder: Path, script: Path) -> None:
    shutil.copy(script, folder / "other.sh")
    done = run(folder / "other.sh", cwd=Path("/"))
    assert done.returncode == 1
    assert "bundle.index" in done.stdout, "what is not in bundle.json is named, the script itself too"
    (folder / "other.sh").unlink()
    before = sorted(folder.rglob("*"))
    assert run(script, str(folder)).returncode == 0
    assert sorted(folder.rglob("*")) == before, "it leaves nothing behind"


def test_what_the_auditor_has_is_asked_first(folder: Path, script: Path, tmp_path: Path) -> None:
    (tmp_path / "policy").write_bytes(f.policy())
    done = run(script, "-c", f.circulated().trust_root, "-p", str(tmp_path / "policy"), str(folder))
    assert (done.returncode, "WARNING" in done.stdout) == (0, False)
    (tmp_path / "policy").write_bytes(f.policy(NoteSigner(f.ORIGIN, f.private("another log"))))
    done = run(script, "-p", str(tmp_path / "policy"), str(folder))
    assert (done.returncode, "note.unsigned" in done.stdout) == (1, True)
    done = run(script, "-c", "0" * 64, str(folder))
    assert (done.returncode, done.stdout.split(".")[0]) == (1, "REFUSED at check 5")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "entries.jsonl").write_bytes(b"\0" + (folder / "entries.jsonl").read_bytes()), "a control character"),
        (lambda folder: (folder / "policy2").symlink_to("/etc/passwd"), "neither a file nor a folder"),
        (lambda folder: (folder / "more").write_bytes(b""), "bundle.index"),
        (lambda folder: (folder / "README.txt").unlink(), "bundle.index"),
        (lambda folder: (folder / "$(touch evil)").write_bytes(b""), "bundle.index"),
        (lambda folder: (folder / "entries.jsonl").write_bytes((folder / "entries.jsonl").read_bytes()[:-1]), "the last line has no end"),
    ],
)
def test_a_folder_that_somebody_prepared(change: Callable[[Path], object], said: str, folder: Path, script: Path) -> None:
    change(folder)
    done = run(script, str(folder))
    assert (done.returncode, said in done.stdout) == (1, True), done.stdout
    assert not list(folder.rglob("evil"))


@pytest.mark.skipif(shutil.which("unzip") is None, reason="needs unzip")
def test_it_takes_the_archive_too(script: Path, tmp_path: Path) -> None:
    path = signed().pack(tmp_path / "bundle.zip")
    assert opinions.shell(script, path).status == 0
    path.write_bytes(b"no archive")
    assert opinions.shell(script, path).status == 2


def test_its_titles_are_those_of_the_others(folder: Path, script: Path) -> None:
    said = run(script, str(folder)).stdout
    for number, title in TITLES.items():
        if number > 1:
            assert title in said
    assert "not run" in said
