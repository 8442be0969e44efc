"""``allowed_signers`` as a file to take: every good signature of the record is Good to stock ssh-keygen, at its own hour alone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.protocol.bundle import read_bundle
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.sshsig import armor
from declaration.transparency import queries
from tests.conftest import browser_client
from tests.endorsements.conftest import Playing
from tests.support.play import ORIGIN, SLUG, Player

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

PATH = f"/{SLUG}/allowed_signers"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def entries(play: Player) -> list[Entry]:
    log = queries.find_log(play.session, ORIGIN)
    assert log is not None
    return [parse_entry(raw) for _, raw in queries.entries(play.session, log, 0, log.size)]


def is_good(folder: Path, entry: Entry, *, at: str | None = None) -> bool:
    said = entry.statement
    (folder / "act.sig").write_text(armor(entry.signature))
    hour = at or f"{entry.at:%Y%m%d%H%M%SZ}"
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", said.by.principal, "-n", f"{said.type}@{ORIGIN}"]
    command += ["-s", "act.sig", "-O", f"verify-time={hour}"]
    return subprocess.run(command, input=said.raw, capture_output=True, cwd=folder, check=False).returncode == 0


def test_every_signature_of_the_record_is_good(playing: Playing, app: Flask, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en", "tr")
        first = next(key for key in play.state.keys.values() if key.role == "signatory")
        play.advance(hours=1)
        play.act("rapporteur", "revoke-v1", first.accreditation, {"why": "left_office", "reason": "She left."})
    taken = browser_client(app).get(PATH)
    assert taken.headers["Content-Disposition"] == 'attachment; filename="allowed_signers"'
    (tmp_path / "allowed_signers").write_bytes(taken.data)
    with playing() as play:
        found = entries(play)
    assert [entry.statement.type for entry in found if not is_good(tmp_path, entry)] == []
    signed = next(entry for entry in found if entry.statement.by.key == first.fingerprint)
    assert not is_good(tmp_path, signed, at="20251123000000Z")  # before it was accredited
    assert not is_good(tmp_path, signed, at="20261231000000Z")  # after it was revoked


def test_it_is_the_one_of_the_bundle(playing: Playing, app: Flask, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en")
    browser = browser_client(app)
    with browser.get(f"/{SLUG}/bundle.zip") as answer:
        (tmp_path / "bundle.zip").write_bytes(answer.data)
    with read_bundle(tmp_path / "bundle.zip") as bundle:
        assert bundle.read_member("allowed_signers") == browser.get(PATH).data
    assert PATH in browser.get(f"/{SLUG}/verify").text


def test_until_the_text_is_adopted_it_is_the_participants(playing: Playing, signed_in: Callable[..., FlaskClient], app: Flask) -> None:
    with playing() as play:
        play.found()
    assert browser_client(app).get(PATH).status_code in (401, 403)
    assert signed_in("kz", "head").get(PATH).status_code == 200
