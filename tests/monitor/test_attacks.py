"""The attacks of the registry, served by a log: what the verifier finds in a bundle, a monitor tells of the record it follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.registry import ATTACKS
from tests.attacks.registry.kinds import By
from tests.monitor.conftest import Run, codes
from tests.monitor.served import Served
from tests.verifier import forge as f

TOLD = {each.name: each for each in ATTACKS if any(not caught.tested for caught in each.by(By.MONITOR))}


@pytest.mark.parametrize("name", TOLD)
def test_a_monitor_tells(name: str, run: Run, tmp_path: Path) -> None:
    attack = TOLD[name]
    assert attack.bundle is not None
    path = attack.bundle(tmp_path / "bundle.zip")
    log = Served(f.unpacked(path)["entries.jsonl"].split(b"\n")[:-1], bundle=path.read_bytes())
    given = attack.holding() if attack.holding else {}
    pinned = ("--constitution", given["constitution"]) if "constitution" in given else ()
    status, said = run(log, *pinned)
    assert status == 1
    for caught in attack.by(By.MONITOR):
        if not caught.tested:
            assert caught.code in codes(said)
