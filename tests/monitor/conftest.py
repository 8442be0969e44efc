"""A monitor in a folder; ``run`` looks once, as the command does, and gives the status and what was said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from declaration.monitor.__main__ import main
from tests.monitor.served import URL, Served

Said = list[dict[str, Any]]
Run = Callable[..., tuple[int, Said]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def once(log: Served, *more: str, state: str = "state") -> tuple[int, Said]:
        given = [URL, "--state", str(tmp_path / state), "--once", "--json", "--workers", "1", *more]
        status = main(given, source=lambda _: log)
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return once


def codes(said: Said, *kinds: str) -> list[str]:
    """The codes of what was said, of these kinds or of all but notes."""
    return [one["code"] for one in said if (one["kind"] in kinds if kinds else one["kind"] != "note")]
