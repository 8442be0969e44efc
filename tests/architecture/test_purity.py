"""The pure packages decide and never act: no framework, no database, no clock, no chance, no network, no environment."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "declaration"
PURE = ("protocol", "text", "procedure")
FORBIDDEN = {
    "flask", "sqlalchemy", "werkzeug", "jinja2", "click", "structlog",
    "os", "io", "sys", "shutil", "subprocess", "tempfile", "glob",
    "time", "random", "secrets", "logging", "socket", "ssl", "urllib", "http", "asyncio", "threading", "multiprocessing", "sqlite3",
}  # fmt: skip
# Reading the clock hides in these attributes of harmless modules.
FORBIDDEN_CALLS = {"now", "utcnow", "today"}
# One reason each.
EXCEPTIONS = {
    ("protocol", "io"): "a bundle is read from bytes in memory",
}
# The verifier stands alone as well; only its command line touches files and ends the process.
ALONE = {
    "flask",
    "sqlalchemy",
    "werkzeug",
    "jinja2",
    "click",
    "structlog",
    "reportlab",
    "time",
    "random",
    "logging",
    "socket",
    "urllib",
    "http",
}

# A package's command line is where acting begins.
FILES = [path for name in PURE for path in sorted((PACKAGE / name).rglob("*.py")) if path.name != "__main__.py"]
VERIFIER = [path for name in ("verifier", "signer") for path in sorted((PACKAGE / name).rglob("*.py"))]


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def called(tree: ast.AST) -> set[str]:
    return {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pure_code_imports_nothing_that_acts(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    excused = {module for package, module in EXCEPTIONS if package == path.relative_to(PACKAGE).parts[0]}
    assert not imported(tree) & FORBIDDEN - excused
    assert not called(tree) & FORBIDDEN_CALLS


@pytest.mark.parametrize("path", VERIFIER, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_verifier_imports_no_service(path: Path):
    assert not imported(ast.parse(path.read_text(encoding="utf-8"))) & ALONE


@pytest.mark.parametrize("source", ["import os", "from os import path", "import urllib.request", "def f():\n    import time"])
def test_the_net_catches(source: str):
    assert imported(ast.parse(source)) & FORBIDDEN
