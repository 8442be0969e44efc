"""Every attack of the registry, built and given to whoever has to catch it; and the page that is written from the registry."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from declaration.errors import DeclarationError
from declaration.verifier.policy import parse_policy
from declaration.verifier.receipts import judge
from declaration.verifier.verify import verify_bundle
from tests.attacks.page import page
from tests.attacks.registry import ATTACKS, LINES, Attack, live
from tests.attacks.registry.kinds import By, Who
from tests.attacks.registry.live import AT_THE_DOOR
from tests.attacks.registry.zips import honest_rows, written
from tests.verifier import forge as f

ROOT = Path(__file__).resolve().parents[2]
BUNDLES = {each.name: each for each in ATTACKS if each.bundle is not None}
RECEIPTS = {each.name: each for each in ATTACKS if each.receipt is not None}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle(name: str, tmp_path: Path) -> None:
    attack = BUNDLES[name]
    assert attack.bundle is not None
    path = attack.bundle(tmp_path / "bundle.zip")
    given = dict(attack.holding()) if attack.holding else {}
    if attack.no_bundle:
        with pytest.raises(DeclarationError) as refused:
            verify_bundle(path, workers=1, **given)
        assert [refused.value.code] == [each.code for each in attack.by(By.VERIFIER)]
        return
    report = verify_bundle(path, workers=1, **given)
    said = {(each.number, finding.code) for each in report.checks for finding in each.findings}
    for caught in attack.by(By.VERIFIER):
        if caught.shown:
            assert (report.verified, report.record.get(caught.code, 0) > 0) == (True, True), report.record
            assert caught.code in report.as_text()
        else:
            assert not report.verified
            assert (caught.check, caught.code) in said


@pytest.mark.parametrize("name", [name for name, attack in BUNDLES.items() if attack.holding is not None])
def test_what_the_auditor_holds_is_what_catches_it(name: str, tmp_path: Path) -> None:
    """Without it the bundle agrees with itself, and the report says whose word that is; or the attack needs no such row."""
    attack = BUNDLES[name]
    assert attack.bundle is not None
    report = verify_bundle(attack.bundle(tmp_path / "bundle.zip"), workers=1)
    assert report.verified
    assert report.warnings


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt(name: str, tmp_path: Path) -> None:
    attack = RECEIPTS[name]
    assert attack.receipt is not None
    raw = attack.receipt(tmp_path / "receipt.txt").read_bytes()
    try:
        found = judge(raw, parse_policy(f.policy()), f.circulated().trust_root).problem
        code = found.code if found is not None else "accepted"
    except DeclarationError as error:
        code = error.code
    assert [code] == [each.code for each in attack.by(By.RECEIPT)]


def test_the_attackers_archive_is_the_honest_one_where_nothing_is_changed() -> None:
    forge = f.circulated()
    assert written(honest_rows()) == f.packed(forge.members(), size=len(forge.entries))


# -- the registry itself -------------------------------------------------------------------------------------------------


def test_every_line_has_an_attack() -> None:
    assert {each.line for each in ATTACKS} == set(LINES)


def test_what_can_be_tried_on_the_service_is_tried_on_it() -> None:
    """Not only on a bundle; and a line whose attack nobody can post is not among them."""
    asked = {each.line for each in ATTACKS if each.by(By.SERVICE)}
    assert asked == AT_THE_DOOR
    assert set(LINES) >= AT_THE_DOOR
    for attack in live.ATTACKS:
        (caught,) = attack.caught
        source = (ROOT / caught.tested.partition("::")[0]).read_text(encoding="utf-8")
        assert caught.code == "unchanged" or f'"{caught.code}"' in source, attack.name


def test_every_attack_is_caught_by_something_that_a_test_asks() -> None:
    names = [each.name for each in ATTACKS]
    assert len(set(names)) == len(names)
    for attack in ATTACKS:
        assert attack.caught, attack.name
        assert attack.who, attack.name
        assert set(attack.who) <= set(Who)
        assert not (attack.bundle and attack.receipt), attack.name
        for caught in attack.caught:
            if caught.tested:
                assert caught.tested.partition("::")[2] in _functions(caught.tested.partition("::")[0]), caught.tested
            else:
                assert _asked_here(attack, caught.by), (attack.name, caught)


def _asked_here(attack: Attack, by: By) -> bool:
    """The tests of this module and of tests/monitor/test_attacks.py build it and ask."""
    return {By.VERIFIER: attack.bundle, By.RECEIPT: attack.receipt, By.MONITOR: attack.bundle}.get(by) is not None


@cache
def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_a_bundle_that_is_caught_is_not_honest() -> None:
    """An attack that a check alone catches gives its number; one that is no bundle has no other verdict beside it."""
    for attack in ATTACKS:
        verdicts = [(each.check is not None, each.shown) for each in attack.by(By.VERIFIER)]
        assert len(set(verdicts)) <= 1, attack.name


def test_the_page_is_written_from_the_registry() -> None:
    assert (ROOT / "docs" / "threats.md").read_text(encoding="utf-8") == page(), "python -m tests.attacks > docs/threats.md"
