"""Somebody without an account: the register, one signature with its checks, everything taken home and verified there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.service import SIGNED, Service
from tests.journeys.visitor import Enter, Visitor

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).parents[2]


def test_an_auditor_needs_no_account(played: Service, enter_played: Enter, tmp_path: Path) -> None:
    auditor = enter_played()
    page = auditor.go("")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{SIGNED} signatures, all valid")
    by_country = totals_on(page)
    assert sum(by_country.values()) == SIGNED
    search(auditor)
    open_one(auditor, tmp_path)
    verify_everything(auditor, by_country, tmp_path)


def totals_on(page: Page) -> dict[str, int]:
    rows = page.locator("tbody tr")
    names, counts = rows.locator("th").all_inner_texts(), rows.locator("td.lead").all_inner_texts()
    return {name: int(count) for name, count in zip(names, counts, strict=True)}


def search(auditor: Visitor) -> None:
    """Capitals, dots and the script make no difference."""
    page = auditor.go("register")
    for typed, found in (("ARAL TYNYSY", "«Арал тынысы» қоғамдық бірлестігі"), ("isik egitim", "Işık Eğitim Gönüllüleri Derneği")):
        page.get_by_role("searchbox").fill(typed)
        auditor.button("Search").click()
        expect(page.get_by_text(f"1 found for “{typed}”")).to_be_visible()
        row = page.locator("main .names li")
        expect(row).to_have_count(1)
        expect(row).to_contain_text(found)
    row.get_by_role("link", name="register position").click()


def open_one(auditor: Visitor, folder: Path) -> None:
    """Every check passes, and stock OpenSSH agrees with the very command of the page."""
    page = auditor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Işık Eğitim Gönüllüleri Derneği has signed.")
    expect(page.locator(".checks__no")).to_have_count(0)
    assert page.locator(".checks__yes").count() >= 8
    for name in ("statement.json", "statement.json.sig", "allowed_signers"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == name
        download.value.save_as(folder / name)
    command = page.get_by_label("Command to verify the signature").inner_text().strip()
    ssh_keygen = shutil.which("ssh-keygen")
    if ssh_keygen is None:
        pytest.fail("no ssh-keygen: apt-get install openssh-client")
    match = re.fullmatch(r"ssh-keygen -Y verify -f allowed_signers -I (\S+) -n (\S+) -s statement\.json\.sig < statement\.json", command)
    assert match, command
    arguments = [ssh_keygen, "-Y", "verify", "-f", "allowed_signers", "-I", match[1], "-n", match[2], "-s", "statement.json.sig"]
    statement = (folder / "statement.json").read_bytes()
    good = subprocess.run(arguments, input=statement, cwd=folder, capture_output=True)
    assert good.returncode == 0, good.stderr
    assert good.stdout.startswith(b"Good ")
    bad = subprocess.run(arguments, input=statement.replace(b'"tr"', b'"en"', 1), cwd=folder, capture_output=True)
    assert statement.count(b'"tr"') > 0
    assert bad.returncode != 0


def verify_everything(auditor: Visitor, by_country: dict[str, int], folder: Path) -> None:
    """The bundle and the policy as the page gives them; the verifier is another process, without the service."""
    page = auditor.go("verify")
    root = page.locator("main p.hash strong").inner_text()
    for name, kept in (("Download everything", "bundle.zip"), ("Download the policy", "policy")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        download.value.save_as(folder / kept)
    verifier = [sys.executable, "-m", "declaration.verifier", "--policy", str(folder / "policy"), "--constitution", root]
    good = subprocess.run([*verifier, "--json", str(folder / "bundle.zip")], cwd=PROJECT, capture_output=True, text=True)
    assert good.returncode == 0, good.stdout + good.stderr
    totals = json.loads(good.stdout)["totals"]
    assert totals["counted"] == SIGNED
    verified = [row["counted"] for row in totals["by_country"].values()]
    assert sorted(verified) == sorted(by_country.values())
    raw = bytearray((folder / "bundle.zip").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "changed.zip").write_bytes(raw)
    bad = subprocess.run([*verifier, str(folder / "changed.zip")], cwd=PROJECT, capture_output=True)
    assert bad.returncode in (1, 2)
