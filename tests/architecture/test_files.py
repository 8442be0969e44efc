"""Files stay short enough to be read in one go."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 400
PLACES = ("declaration", "templates", "tests", "bench")
SUFFIXES = {".py", ".js", ".html"}
EXCUSED = {
    "declaration/procedure/tables.py": "rows of one table; two files of rows would have to be read side by side",
}


def test_a_file_past_400_lines_is_split_by_meaning():
    files = [path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in SUFFIXES]
    assert files
    files = [path for path in files if path.parent.name != "versions"]  # alembic writes the revisions
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LIMIT and name not in EXCUSED} == {}
