"""What takes long to make and is only copied from is made once for all workers: by whoever needs it first, while others wait."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that ``make`` has filled, in this process or in another one of the same run.

    Where making it fails, it fails for everybody who asks: each tries anew, in a folder of its own.
    """
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # each worker's folder is in that of the run
    folder = root / f"shared-{name}"
    with (root / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            fresh = factory.mktemp(name)
            make(fresh)
            fresh.rename(folder)
    return folder
