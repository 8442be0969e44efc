"""The pages of statements and of the procedure are what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from declaration.procedure.__main__ import document
from declaration.procedure.manual.invariants import INVARIANTS
from declaration.procedure.manual.page import page
from declaration.procedure.manual.peers import FEATURES, PEERS
from declaration.procedure.tables import BY_TYPE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "statements.md"


def test_the_page_is_written_from_the_tables() -> None:
    assert PAGE.read_text() == document()


def test_every_field_has_a_form_on_the_page() -> None:
    described = set(re.findall(r"`([a-z_]+)`", document().partition("## Forms")[2]))
    assert {name for row in BY_TYPE.values() for name in row.fields} - described <= {"origins", "procedure", "rp_id", "forum"}


def test_the_page_of_the_procedure_is_written_from_the_tables() -> None:
    assert (ROOT / "docs" / "procedure.md").read_text() == page(), "python -m declaration.procedure procedure > docs/procedure.md"


@pytest.mark.parametrize("name", sorted({each.shown for each in FEATURES} | {test for each in INVARIANTS for test in each.shown}))
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    path, _, function = name.partition("::")
    assert f"def {function}(" in (ROOT / path).read_text()


@pytest.mark.parametrize("feature", FEATURES, ids=lambda each: each.name)
def test_a_feature_is_where_the_page_says(feature) -> None:
    assert (ROOT / feature.place).is_file()
    assert len(feature.others) == len(PEERS)
    assert len(feature.words) == len(PEERS)


def test_every_invariant_is_on_the_page_once() -> None:
    assert [each.number for each in INVARIANTS] == list(range(1, 28))
