"""The commands of docs/verify.md, run as they stand there through a shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from declaration.verifier.report import NOT_PROVED
from declaration.verifier.standalone import verify_sh
from tests.verifier import forge as f
from tests.verifier.receipts import receipt_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"<!-- run: ([a-z-]+) -->\n\n```sh\n(.*?)```", PAGE, re.DOTALL))

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("ssh-keygen", "sed", "fold", "sha256sum")), reason="needs OpenSSH and the shell's tools"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    forge = f.signed()
    forge.pack(tmp_path / "bundle.zip")
    (tmp_path / "policy").write_bytes(f.policy())
    (tmp_path / "old-checkpoint").write_bytes(forge.checkpoint(20))
    (tmp_path / "receipt.txt").write_bytes(receipt_of(forge, len(forge.entries) - 2))
    (tmp_path / "verify.sh").write_bytes(verify_sh())
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "python").symlink_to(sys.executable)
    if shutil.which("unzip") is None:
        script = f"#!{sys.executable}\nimport sys, zipfile\nzipfile.ZipFile(sys.argv[-3]).extractall(sys.argv[-1])\n"
        (binaries / "unzip").write_text(script)
        (binaries / "unzip").chmod(0o755)
    return tmp_path


def run(folder: Path, *names: str, party: str = "k1") -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "CONSTITUTION": f.signed().trust_root,
        "PARTY": party,
        "TZ": "Asia/Baku",
        "HOME": str(folder),
    }
    script = "set -e\n" + "\n".join(BLOCKS[name] for name in names)
    # The interpreter of a virtual environment finds its packages by its own path, not by that of a link.
    script = script.replace("python -", f"{sys.executable} -")
    return subprocess.run(["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_block_is_run() -> None:
    assert set(BLOCKS) == {"verify", "since", "receipt", "receipt-bundle", "html", "shell", "cut", "cut-python", "keygen", "hashes"}
    assert PAGE.count("```sh") == len(BLOCKS)


@pytest.mark.parametrize("name", ["verify", "since", "receipt-bundle"])
def test_our_verifier(name: str, folder: Path) -> None:
    done = run(folder, name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("VERIFIED. 9 signatures counted")
    assert "WARNING" not in done.stdout


def test_a_receipt_alone(folder: Path) -> None:
    done = run(folder, "receipt")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("GOOD RECEIPT. Entry ")
    assert "WARNING" not in done.stdout


def test_a_report_to_file(folder: Path) -> None:
    assert run(folder, "html").returncode == 0
    assert "<h1 class=\"good\">VERIFIED." in (folder / "report.html").read_text(encoding="utf-8")
    assert '"verdict":"verified"' in (folder / "report.json").read_text(encoding="utf-8")


@pytest.mark.skipif(any(shutil.which(name) is None for name in ("bash", "openssl", "awk")), reason="needs bash, openssl and awk")
def test_the_script(folder: Path) -> None:
    done = run(folder, "shell")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("NOTHING WRONG was found by checks 1 to 4.")
    assert "WARNING" not in done.stdout


@pytest.mark.parametrize("ways", [["cut"], ["cut", "cut-python"]])
@pytest.mark.parametrize("party", ["k1", "person"])
def test_stock_ssh_keygen_accepts_one_endorsement(ways: list[str], party: str, folder: Path) -> None:
    done = run(folder, *ways, "keygen", "hashes", party=party)
    assert done.returncode == 0, done.stderr
    assert f'Good "endorsement.sign-v1@{f.ORIGIN}" signature for signatory.{party}' in done.stdout
    assert done.stdout.count("signed: ") == 2
    assert "manifest.json: OK" in done.stdout


@pytest.mark.parametrize(
    ("old", "new"), [('"language":"az"', '"language":"en"'), ('"kind":"signature"', '"kind":"accession"'), ('"log"', '"Log"')]
)
def test_stock_ssh_keygen_refuses_other_bytes(old: str, new: str, folder: Path) -> None:
    assert run(folder, "cut").returncode == 0
    statement = folder / "statement.json"
    assert old in statement.read_text()
    statement.write_text(statement.read_text().replace(old, new))
    assert run(folder, "keygen").returncode != 0


def test_stock_ssh_keygen_refuses_a_time_before_the_accreditation(folder: Path) -> None:
    assert run(folder, "cut").returncode == 0
    entry = folder / "entry.json"
    entry.write_text(re.sub(r'"at":"[^"]*"', '"at":"2025-11-13T14:00:00Z"', entry.read_text()))
    assert run(folder, "keygen").returncode != 0


def test_what_is_not_proved_is_on_the_page() -> None:
    said = PAGE.partition("## What no verification proves")[2].replace("\n", " ")
    for each in NOT_PROVED:
        assert each.split(":")[0].removeprefix("that ").capitalize()[:30].lower() in said.lower(), each


def test_every_option_and_status_is_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    from declaration.verifier.__main__ import main

    with pytest.raises(SystemExit):
        main(["--help"])
    for option in set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}:
        assert f"`{option}" in PAGE
    assert [f"| {status} |" in PAGE for status in (0, 1, 2)] == [True] * 3
