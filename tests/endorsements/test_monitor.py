"""A monitor follows a real service over HTTP: through a negotiation that is not public yet, then with every entry and text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from declaration.credentials.record import trust_root
from declaration.transparency import queries
from tests.endorsements.conftest import Playing
from tests.support.browser import serving
from tests.support.play import ORIGIN, SLUG

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def monitor(address: str, state: Path, *more: str) -> tuple[int, list[dict[str, Any]]]:
    command = [sys.executable, "-m", "declaration.monitor", f"{address}/log/{SLUG}", "--state", str(state), "--once", "--json", *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert not done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_monitor_follows_the_service(app: Flask, playing: Playing, looking: Playing, tmp_path: Path) -> None:
    with playing() as play:
        play.found()
    with looking() as play:
        log = queries.find_log(play.session, ORIGIN)
        assert log is not None
        (tmp_path / "policy").write_text(f"log {log.vkey}\nquorum none\n")
        root = trust_root(play.session, play.forum)
        closed = log.size
    with serving(app) as address:
        given = ("--policy", str(tmp_path / "policy"), "--constitution", str(root), "--watch", "az.sample-az-0002")
        status, said = monitor(address, tmp_path / "state", *given)
        assert (status, [one["code"] for one in said]) == (0, ["monitor.followed", "monitor.entries-closed"])
        with playing() as play:
            play.negotiated().opened()
            party = play.organization(0)
            play.sign(party)
        status, said = monitor(address, tmp_path / "state", *given)
        assert (status, {one["kind"] for one in said}) == (3, {"followed", "watched"}), said
        assert [one["code"] for one in said if one["kind"] == "watched"] == ["accredit-v1", "second-v1", "endorsement.sign-v1"]
        assert json.loads((tmp_path / "state" / "state.json").read_bytes())["replayed"] > closed
        assert monitor(address, tmp_path / "state", *given) == (0, [])
    assert monitor(address, tmp_path / "state", *given)[0] == 2  # it answers no more
