"""The second opinions: in every bundle, to be had alone, and of one mind with the service about its own bundle."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from declaration.credentials.record import trust_root
from declaration.endorsements.bundle import compose_bundle
from declaration.protocol.bundle import read_bundle
from declaration.verifier.standalone import verify_html, verify_sh
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG

TOOLS = ("bash", "ssh-keygen", "openssl", "awk")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def bundle(playing: Playing, looking: Playing, tmp_path: Path) -> Path:
    """A bundle of three signatures, ``root`` and ``unpacked/`` beside it."""
    with playing() as play:
        play.played("en", "az", "tr")
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "bundle.zip")
        (tmp_path / "root").write_text(trust_root(play.session, play.forum) or "")
    with read_bundle(tmp_path / "bundle.zip") as archive:
        for name in archive.names:
            (tmp_path / "unpacked" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "unpacked" / name).write_bytes(archive.read_member(name))
    return tmp_path / "bundle.zip"


def test_the_programs_are_in_the_bundle(bundle: Path) -> None:
    unpacked = bundle.parent / "unpacked"
    assert ((unpacked / "verify.html").read_bytes(), (unpacked / "verify.sh").read_bytes()) == (verify_html(), verify_sh())
    readme = (unpacked / "README.txt").read_text()
    assert "verify.html: open it from the disk" in readme
    assert "bash verify.sh -c HASH -p POLICY" in readme


@pytest.mark.skipif(any(shutil.which(name) is None for name in TOOLS), reason="needs bash, OpenSSH, openssl and awk")
def test_the_script_of_the_bundle_verifies_it(bundle: Path) -> None:
    root, unpacked = (bundle.parent / "root").read_text(), bundle.parent / "unpacked"
    done = subprocess.run(["bash", "verify.sh", "-c", root], cwd=unpacked, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("NOTHING WRONG was found by checks 1 to 4.")
    other = subprocess.run(["bash", "verify.sh", "-c", "0" * 64], cwd=unpacked, capture_output=True, text=True)
    assert (other.returncode, "constitution.other" in other.stdout) == (1, True)


def test_the_page_of_the_bundle_verifies_it(bundle: Path, browser: Browser) -> None:
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.goto((bundle.parent / "unpacked" / "verify.html").as_uri())
        page.fill("#constitution", (bundle.parent / "root").read_text())
        page.set_input_files("#bundle", bundle)
        page.click("#form [type=submit]")
        page.wait_for_selector("[data-verdict]")
        assert page.get_attribute("[data-verdict]", "data-verdict") == "verified", page.inner_text("#result")
        assert "3 signatures counted" in page.inner_text("#verdict")


@pytest.mark.parametrize(("name", "program"), [("verify.html", verify_html), ("verify.sh", verify_sh)])
def test_the_programs_can_be_had_alone(name: str, program: Callable[[], bytes], playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    answer = client.get(f"/{SLUG}/verify/{name}")
    assert (answer.status_code, answer.data) == (200, program())
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.get(f"/{SLUG}/verify/other.exe").status_code == 404
    assert f"/{SLUG}/verify/{name}" in client.get(f"/{SLUG}/verify").text
