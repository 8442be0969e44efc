"""The page of statements is what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

from declaration.procedure.__main__ import document
from declaration.procedure.tables import BY_TYPE

PAGE = Path(__file__).parents[2] / "docs" / "statements.md"


def test_the_page_is_written_from_the_tables() -> None:
    assert PAGE.read_text() == document()


def test_every_field_has_a_form_on_the_page() -> None:
    described = set(re.findall(r"`([a-z_]+)`", document().partition("## Forms")[2]))
    assert {name for row in BY_TYPE.values() for name in row.fields} - described <= {"origins", "procedure", "rp_id", "forum"}
