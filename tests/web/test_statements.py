"""Statements that are compiled once: the same rows as any other way, and the same errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, bindparam, create_engine, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from declaration.web.db import UtcDateTime
from declaration.web.direct import Direct
from declaration.web.statements import Prepared

META = MetaData()
THING = Table(
    "thing", META, Column("id", Integer, primary_key=True), Column("at", UtcDateTime()), Column("said", JSON), Column("name", String)
)
ROWS = [{"id": each, "at": datetime(2025, 3, each, tzinfo=UTC), "said": {"ü": [each]}, "name": None} for each in (1, 2, 3)]


def test_rows_are_what_any_insert_writes() -> None:
    with Session(create_engine("sqlite://")) as session:
        META.create_all(session.connection())
        direct = Direct.of(session)
        put = Prepared(insert(THING).inline(), "id", "at", "said", "name")
        put.run(direct, ROWS[:1])
        put.run(direct, ROWS[1:])
        Prepared(update(THING).where(THING.c.id == bindparam("which")), "which", "name").run(direct, [{"which": 2, "name": "two"}])
        found = [dict(row) for row in session.execute(select(THING).order_by(THING.c.id)).mappings()]
        assert found == [ROWS[0], ROWS[1] | {"name": "two"}, ROWS[2]]
        for again in (ROWS[:1], ROWS[1:]):
            with pytest.raises(IntegrityError):
                put.run(direct, again)


def test_what_is_asked_for_comes_back_as_any_select_gives_it() -> None:
    with Session(create_engine("sqlite://")) as session:
        META.create_all(session.connection())
        session.execute(insert(THING), ROWS)
        direct = Direct.of(session)
        query = select(THING.c.name, THING.c.at, THING.c.said, THING.c.id).where(THING.c.id >= bindparam("least")).order_by(THING.c.id)
        asked = Prepared(query, "least")
        assert list(asked.rows(direct, least=2)) == [(None, row["at"], row["said"], row["id"]) for row in ROWS[1:]]
        assert asked.first(direct, least=3) == (None, ROWS[2]["at"], ROWS[2]["said"], 3)
        assert asked.first(direct, least=4) is None
        with pytest.raises(OperationalError):
            direct.execute("SELECT what", ())


@pytest.mark.parametrize("statement", [insert(THING).values(name="fixed"), select(THING).where(THING.c.name == "fixed")])
def test_a_value_without_a_name_is_refused(statement: Any) -> None:
    with Session(create_engine("sqlite://")) as session, pytest.raises(RuntimeError, match="not every value"):
        Prepared(statement, "id").run(Direct.of(session), ROWS[:1])
