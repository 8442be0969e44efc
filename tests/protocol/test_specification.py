"""The package keeps its own promises: pure imports, examples that run, documentation that the code still produces."""

from __future__ import annotations

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import declaration.protocol
from tests.protocol.example import ExampleOutOfDate, check, commands

PACKAGE = Path(declaration.protocol.__file__).parent
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))
PAGE = PACKAGE.parents[1] / "docs" / "protocol.md"
FORBIDDEN = {"os", "time", "random", "secrets", "logging", "socket", "urllib", "subprocess", "flask", "sqlalchemy", "sys", "http"}


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(f"declaration.protocol.{name}")
    assert doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_pure(name: str) -> None:
    tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {item.split(".")[0] for item in imported} & FORBIDDEN
    ours = {item for item in imported if item.startswith("declaration")}
    assert all(item.startswith("declaration.protocol") or item == "declaration.errors" for item in ours)


def test_the_package_needs_nothing_of_the_service() -> None:
    script = f"import sys\nfor name in {MODULES!r}: __import__('declaration.protocol.' + name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PACKAGE.parents[1])
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"flask", "sqlalchemy", "jinja2", "werkzeug", "webauthn", "diff_match_patch", "rapidfuzz"}


def test_the_worked_example_is_what_the_code_produces() -> None:
    check(PAGE.read_text(encoding="utf-8"))


def test_a_changed_example_is_noticed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    with pytest.raises(ExampleOutOfDate):
        check(text.replace("2025-11-24T08:00:00Z", "2025-11-24T09:00:00Z", 1))
    with pytest.raises(ExampleOutOfDate):
        check(text.replace("<!-- example:", "<!-- no example:", 1))


def test_the_example_verifies_with_stock_tools(tmp_path: Path) -> None:
    """The commands printed on the page, run as printed on the files of the example."""
    for command in commands(tmp_path):
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stdout, done.stderr)


def test_every_error_code_is_documented() -> None:
    """Codes are an interface: whoever translates by them finds each on the page."""
    used: dict[str, set[str]] = {}
    for name in MODULES:
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                used.setdefault(str(node.value.value), set()).add(name)
    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in used if f"`{code}`" not in page and not code.startswith("name.")] == []
