"""The attacks of the registry that no other bundle here is: the page and the script find what the verifier finds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.attacks.page import PAGE, SCRIPT
from tests.attacks.registry import ATTACKS
from tests.secondopinion import authority, opinions
from tests.secondopinion.cases import BAD, GOOD
from tests.secondopinion.test_agreement import SHARED, agree

SEEN = {id(make) for make, _ in [*BAD.values(), *authority.BAD.values()]} | {id(make) for make in GOOD.values()}
NEW = {each.name: each for each in ATTACKS if each.bundle is not None and id(each.bundle) not in SEEN}


def test_the_page_of_threats_says_which_checks_they_run() -> None:
    assert {"page": set(PAGE), "shell": set(SCRIPT)} == SHARED


@pytest.mark.parametrize("name", NEW)
def test_an_attack(name: str, tab: Page, script: Path, tmp_path: Path) -> None:
    attack = NEW[name]
    assert attack.bundle is not None
    path = attack.bundle(tmp_path / "bundle.zip")
    given = dict(attack.holding()) if attack.holding else {}
    ours = opinions.python(path, **given)
    if "receipt" in given:
        return  # neither of the two reads receipts; what the record says without one is in the other tests
    files = written(given, tmp_path)
    page = opinions.page(tab, path, constitution=given.get("constitution", ""), **files)
    if attack.no_bundle:
        assert (ours.status, page.status) == (2, 2)
        return
    agree(ours, page, "page")
    if ours.failed & SHARED["shell"] and "since" not in given:
        agree(ours, opinions.shell(script, opinions.unpack(path, tmp_path / "unpacked")), "shell")


def written(given: Mapping[str, Any], folder: Path) -> dict[str, Path]:
    """What the auditor holds, as files."""
    made = {}
    for name in ("policy", "since"):
        if name in given:
            made[name] = folder / name
            made[name].write_bytes(given[name])
    return made
