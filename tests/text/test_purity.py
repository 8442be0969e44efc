"""What the text engine may lean on."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "declaration" / "text"
MODULES = sorted(PACKAGE.glob("*.py"))
BANNED = {"os", "time", "random", "logging", "datetime", "socket", "subprocess", "secrets", "uuid", "flask", "sqlalchemy"}
FOR_THE_VERIFIER = ["splices", "edits", "units", "numbering", "merge", "attribution", "letters", "collisions", "tokens"]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_clock_no_chance_no_files(path: Path) -> None:
    assert not imported(path) & BANNED
    if path.stem != "__main__":
        assert not imported(path) & {"sys", "pathlib", "io"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_is_matched_fuzzily(path: Path) -> None:
    assert not re.search(r"patch_apply|patch_make|match_main|match_bitap|Match_Threshold", path.read_text())


def test_the_verifier_needs_no_diff() -> None:
    imports = "; ".join(f"import declaration.text.{name}" for name in FOR_THE_VERIFIER)
    program = f"import sys; {imports}; print([n for n in sys.modules if n.split('.')[0] in ('diff_match_patch', 'rapidfuzz', 'flask')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_only_the_redline_modules_use_the_diff_libraries() -> None:
    users = {path.stem for path in MODULES if imported(path) & {"diff_match_patch", "rapidfuzz"}}
    assert users == {"aligning", "script"}
