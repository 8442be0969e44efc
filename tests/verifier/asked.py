"""Asking the verifier, and saying what it should have found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from declaration.verifier.report import Finding, Report
from declaration.verifier.verify import verify_bundle
from tests.verifier.forge import Forge, Members


def verify(forge: Forge, folder: Path, members: Members | None = None, **given: Any) -> Report:
    """The report on a forge's bundle; the auditor has the hash of the forge's constitution unless said otherwise."""
    changes = {name: given.pop(name) for name in ("size", "origin") if name in given}
    path = forge.pack(folder / "bundle.zip", members, **changes)
    return verify_bundle(path, **{"constitution": forge.trust_root, **given})


def first(report: Report) -> tuple[int, Finding]:
    """The number of the first check that failed, and its first finding."""
    assert not report.verified
    check = next(check for check in report.checks if check.findings)
    return check.number, check.findings[0]


def refused(report: Report, number: int, code: str, where: str = "") -> Finding:
    """Check ``number`` failed with ``code``, at the thing named; return that finding."""
    said = [(check.number, each.code, str(each)) for check in report.checks for each in check.findings]
    assert not report.verified
    assert not report.checks[number - 1].passed
    found = next((each for each in report.checks[number - 1].findings if each.code == code and where in str(each)), None)
    assert found is not None, said
    return found


def only(report: Report, *numbers: int) -> None:
    """No other check than these found anything."""
    found = {check.number: [(each.code, str(each)) for each in check.findings] for check in report.checks if check.findings}
    assert set(found) == set(numbers), found
