"""Fifty signatories within three seconds, through HTTP: nobody is lost, nobody is recorded twice, and no answer is an error."""

from __future__ import annotations

from pathlib import Path

from bench.endorsements.arrivals import STEPS, arrive
from bench.endorsements.databases import Copy
from bench.endorsements.prepared import prepare

SIGNATORIES, SECONDS = 50, 3.0


def test_whoever_comes_in_a_burst_is_recorded_once(tmp_path: Path, database_url: str) -> None:
    ready = prepare(tmp_path, database_url, SIGNATORIES)
    seen, kept = arrive(Copy(tmp_path, database_url), ready, SECONDS, seed=1)
    assert seen.failures == []
    statuses = {step: {status for name, status in seen.statuses if name == step} for step in STEPS}
    assert statuses == {"page": {200}, "style sheet": {304}, "signature": {303}, "receipt": {200}}, _said(tmp_path)
    assert (kept.signed, kept.rows) == (SIGNATORIES, SIGNATORIES)


def _said(folder: Path) -> str:
    """What the service said where it failed."""
    return "\n".join(line for line in (folder / "server.log").read_text().splitlines() if '"level": "info"' not in line)[-4000:]
