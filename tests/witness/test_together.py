"""Threads and processes on one witness: the log shows each of them another branch, and only one branch is ever signed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.witness.conftest import Watching
from tests.witness.process import BRANCHES, branch

ROOT = Path(__file__).resolve().parents[2]


def test_two_processes_of_two_threads_never_get_two_histories(watching: Watching) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.witness.process", str(watching.path), str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for first in range(0, BRANCHES, 2)
    ]
    lines = [line.split() for one in running for line in one.communicate(timeout=100)[0].splitlines() if line]
    assert [one.returncode for one in running] == [0, 0]
    roots: dict[int, set[str]] = {}
    for size, root in lines:
        roots.setdefault(int(size), set()).add(root)
    assert all(len(found) == 1 for found in roots.values()), roots
    # All that was signed is one branch, and what is remembered is its end.
    assert watching.last is not None
    size, root = watching.last
    assert size == max(roots)
    assert any(
        branch(number).root(size) == root and all(branch(number).root(each).hex() in found for each, found in roots.items())
        for number in range(BRANCHES)
    )
