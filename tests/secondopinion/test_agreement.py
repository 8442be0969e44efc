"""Whatever two of the three look at, they see the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.attacks.test_archive import CASES as ARCHIVES
from tests.secondopinion import authority, opinions
from tests.secondopinion.cases import BAD, GOOD
from tests.secondopinion.opinions import Opinion

SHARED = {"page": {1, 2, 3, 4, 5, 8, 9}, "shell": {1, 2, 3, 4}}


def agree(ours: Opinion, other: Opinion, name: str) -> None:
    """No check passed here and failed there; a check that only one runs is never failed by the other alone."""
    said = f"{name}: {other.checks}\n{other.said}\n{ours.said}"
    for number in SHARED[name]:
        if "not run" not in (ours.checks[number], other.checks[number]):
            assert other.checks[number] == ours.checks[number], f"check {number}: {said}"
    assert other.failed <= ours.failed, said
    if name == "page" and 6 not in ours.failed:  # the page does not replay the procedure: it counts what the record says
        assert other.totals == ours.totals, said
    if ours.failed & SHARED[name]:
        assert other.status == 1, said


# The script does not ask about authority: two of these are enough to see that it is not led astray.
OF_AUTHORITY = {name: authority.GOOD[name] for name in ("a compromised key", "the chair passed on by heads")}
GOOD = {**GOOD, **OF_AUTHORITY}


@pytest.mark.parametrize("name", GOOD)
def test_of_good_bundles(name: str, tab: Page, script: Path, tmp_path: Path) -> None:
    path = GOOD[name](tmp_path / "bundle.zip")
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(opinions.shell, script, opinions.unpack(path, tmp_path / "unpacked"))
        ours, page = opinions.python(path), opinions.page(tab, path)
    shell = asked.result()
    assert (ours.status, page.status, shell.status) == (0, 0, 0), (ours.said, page.said, shell.said)
    assert page.totals == ours.totals
    assert {number for number, result in page.checks.items() if result == "passed"} == SHARED["page"]
    assert {number for number, result in shell.checks.items() if result == "passed"} == SHARED["shell"]


@pytest.mark.parametrize("name", BAD)
def test_of_bad_bundles(name: str, tab: Page, script: Path, tmp_path: Path) -> None:
    make, failing = BAD[name]
    path = make(tmp_path / "bundle.zip")
    with ThreadPoolExecutor(1) as beside:
        shell = beside.submit(opinions.shell, script, opinions.unpack(path, tmp_path / "unpacked"))
        ours, page = opinions.python(path), opinions.page(tab, path)
    assert (ours.status, ours.failed) == (1, failing), ours.said
    agree(ours, page, "page")
    agree(ours, shell.result(), "shell")


@pytest.mark.parametrize("name", ARCHIVES)
def test_of_what_is_no_bundle(name: str, tab: Page, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(ARCHIVES[name]())
    assert opinions.python(path).status == 2
    assert opinions.page(tab, path).status == 2


@pytest.mark.parametrize("name", [each for each in authority.GOOD if each not in OF_AUTHORITY])
def test_of_authority_that_changes_hands(name: str, tab: Page, tmp_path: Path) -> None:
    path = authority.GOOD[name](tmp_path / "bundle.zip")
    ours, page = opinions.python(path), opinions.page(tab, path)
    assert (ours.status, page.status) == (0, 0), (ours.said, page.said)
    assert page.totals == ours.totals


@pytest.mark.parametrize("name", authority.BAD)
def test_of_authority_that_is_gone(name: str, tab: Page, tmp_path: Path) -> None:
    make, failing = authority.BAD[name]
    path = make(tmp_path / "bundle.zip")
    ours = opinions.python(path)
    assert (ours.status, ours.failed) == (1, failing), ours.said
    agree(ours, opinions.page(tab, path), "page")
