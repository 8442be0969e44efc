"""Asking the three: what each says of every check, in one form."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from declaration.errors import DeclarationError
from declaration.protocol.bundle import read_bundle
from declaration.verifier.verify import verify_bundle

COLUMNS = ("counted", "accessions", "withdrawn")
SHELL_TITLE = re.compile(r"([1-9])  (passed |FAILED |not run)")


@dataclass(frozen=True)
class Opinion:
    """What one of them said: 0 verified, 1 refused, 2 not a bundle; each check ``passed``, ``failed`` or ``not run``.

    ``said`` has the first findings in words; ``totals`` the register by country.
    """

    status: int
    checks: Mapping[int, str]
    said: str
    totals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def failed(self) -> set[int]:
        return {number for number, result in self.checks.items() if result == "failed"}


def python(path: Path, **given: Any) -> Opinion:
    try:
        report = verify_bundle(path, workers=1, **given)
    except DeclarationError as error:
        return Opinion(2, {}, str(error))
    results = {each["number"]: each["result"] for each in report.as_json()["checks"]}
    record, totals = report.record, _figures(report.totals)
    if totals:
        totals["apart"] = {"held": record.get("held", 0), "refused": record.get("refused", 0) + record.get("annulled", 0)}
    return Opinion(0 if report.verified else 1, results, report.as_text(), totals)


def _figures(totals: Mapping[str, Any] | None) -> dict[str, dict[str, int]]:
    rows = (totals or {}).get("by_country", {})
    return {country: {name: row[name] for name in COLUMNS} for country, row in rows.items()}


def page(tab: Page, path: Path, *, constitution: str = "", policy: Path | None = None, since: Path | None = None) -> Opinion:
    if tab.locator("#form").is_hidden():
        tab.locator("#result .acts button").first.click()
    tab.fill("#constitution", constitution)
    tab.set_input_files("#policy", policy or [])
    tab.set_input_files("#since", since or [])
    tab.set_input_files("#bundle", path)
    tab.locator("#form [type=submit]").click()
    tab.wait_for_selector("#result:not([hidden]) [data-verdict]")
    said: dict[str, Any] = tab.evaluate(
        """() => ({
          verdict: document.querySelector('[data-verdict]').dataset.verdict,
          checks: [...document.querySelectorAll('[data-check]')].map(each => [Number(each.dataset.check), each.dataset.result]),
          said: document.getElementById('result').innerText,
          totals: state.report.totals,
        })"""
    )
    assert said["verdict"] in ("verified", "refused", "not-a-bundle"), said["said"]
    figures, status = _figures(said["totals"]), {"verified": 0, "refused": 1, "not-a-bundle": 2}[said["verdict"]]
    if figures:
        figures["apart"] = {what: said["totals"][what] + said["totals"][f"listed_{what}"] for what in ("held", "refused")}
    return Opinion(status, dict(said["checks"]), said["said"], figures)


def shell(script: Path, what: Path, *, constitution: str = "", policy: Path | None = None) -> Opinion:
    given = [*(["-c", constitution] if constitution else []), *(["-p", str(policy)] if policy else [])]
    done = subprocess.run(["bash", str(script), *given, str(what)], capture_output=True, text=True, errors="replace", timeout=100)
    results = {int(number): result.strip().lower() for number, result in SHELL_TITLE.findall(done.stdout)}
    assert "line " not in done.stderr, f"an error of the shell itself: {done.stderr}"
    return Opinion(done.returncode, results, done.stdout + done.stderr)


def unpack(path: Path, folder: Path) -> Path:
    """The members as they stand in the archive, whatever their checksums say, as any program would unpack them."""
    with read_bundle(path) as bundle:
        for name in bundle.names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(bundle.read_member(name))
    return folder
