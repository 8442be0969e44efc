"""Statements that are compiled once: the same rows as any other way, and the same errors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, bindparam, create_engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from declaration.web.db import UtcDateTime
from declaration.web.statements import Prepared

META = MetaData()
THING = Table(
    "thing", META, Column("id", Integer, primary_key=True), Column("at", UtcDateTime()), Column("said", JSON), Column("name", String)
)
ROWS = [{"id": each, "at": datetime(2025, 3, each, tzinfo=UTC), "said": {"ü": [each]}, "name": None} for each in (1, 2, 3)]


def test_rows_are_what_any_insert_writes() -> None:
    with create_engine("sqlite://").begin() as connection:
        META.create_all(connection)
        put = Prepared(insert(THING).inline(), "id", "at", "said", "name")
        put.run(connection, ROWS[:1])
        put.run(connection, ROWS[1:])
        Prepared(update(THING).where(THING.c.id == bindparam("which")), "which", "name").run(connection, [{"which": 2, "name": "two"}])
        found = [dict(row) for row in connection.execute(select(THING).order_by(THING.c.id)).mappings()]
        assert found == [ROWS[0], ROWS[1] | {"name": "two"}, ROWS[2]]
        with pytest.raises(IntegrityError):
            put.run(connection, ROWS[:1])


def test_a_value_without_a_name_is_refused() -> None:
    with create_engine("sqlite://").begin() as connection, pytest.raises(RuntimeError, match="not every value"):
        Prepared(insert(THING).values(name="fixed"), "id").run(connection, ROWS[:1])
