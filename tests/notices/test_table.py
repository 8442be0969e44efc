"""The table: every recorded act is told or silent with a reason, to audiences that there are, in sentences that can be filled in."""

from __future__ import annotations

import string

import pytest
from flask import Flask, g

from declaration.desk.telling import following, table, words
from declaration.desk.telling.audiences import AUDIENCES
from declaration.desk.telling.sayings import SAYINGS
from declaration.desk.telling.words import PAGES
from declaration.procedure.tables import BY_TYPE, TRANSITIONS

VALUES = {"who", "what", "version", "language", "organization", "party", "name"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_every_recorded_type_is_told_or_silent_with_a_reason():
    told = {f"{name}-v1" for name in table.ROWS}
    silent = {name for name, reason in table.SILENT.items() if reason.strip()}
    assert set(BY_TYPE) - told - silent == set()
    assert told & silent == set()


def test_nothing_is_silent_that_is_not_an_act():
    assert set(table.SILENT) <= set(BY_TYPE)


def test_rows_of_the_future_say_nothing_until_there_is_such_an_act():
    assert set(table.recorded()) <= set(BY_TYPE)
    assert set(table.recorded()) == {f"{name}-v1" for name in table.ROWS} & set(BY_TYPE)


@pytest.mark.parametrize("name", table.ROWS)
def test_a_row_can_be_read(name):
    row = table.ROWS[name]
    assert row.page in PAGES
    assert {audience for tell in row.tells for audience in tell.to} <= set(AUDIENCES)
    assert len({tell.name for tell in row.tells}) == len(row.tells)
    assert len(f"{row.type}/{max(tell.name for tell in row.tells)}") <= 80
    for tell in row.tells:
        _check(str(tell.says))


@pytest.mark.parametrize("name", SAYINGS)
def test_a_saying_can_be_read(name):
    says, page = SAYINGS[name]
    assert page in PAGES
    _check(str(says))


def _check(sentence: str) -> None:
    filled = sentence % dict.fromkeys(VALUES, "x")
    assert "%" not in filled
    assert filled[-1] in string.ascii_letters, "a subject has no full stop"
    assert "!" not in filled
    assert "—" not in filled


def test_silence_is_told_at_once_to_everybody():
    """OSCE Rules of Procedure, Annex 1(A): the Chair tells all at once."""
    rows = [row for name, row in table.ROWS.items() if name.startswith("silence.")]
    assert len(rows) == len([row for row in TRANSITIONS if row.machine == "silence" and row.recorded])
    for row in rows:
        assert row.urgent, row.type
        assert any("participants" in tell.to for tell in row.tells), row.type
    assert table.ROWS["silence.announce"].tells[0].to == table.ROWS["silence.open"].tells[0].to == ("heads",)


def test_who_acted_is_always_somebody_of_the_row():
    """An audience that nobody can be in is a mistake in the table."""
    facts = {
        "who": "kz", "role": "head", "proposer": "hu", "sponsors": ["az"], "sources": ["az"], "amended": "az", "facilitator": "az",
        "group": ["az", "hu"], "party": "az", "country": "az", "holder": {"party": "az", "role": "head"},
        "first": {"party": "chair", "role": "chair"}, "reinstated": {"party": "x", "role": "signatory"}, "on_paper": "x",
        "awaits_second": {"party": "x", "role": "signatory"}, "language": "az",
    }  # fmt: skip
    assert all(AUDIENCES[name](facts) for name in AUDIENCES)
    assert [name for name in AUDIENCES if not AUDIENCES[name]({"who": "kz", "role": "head"})] == [
        "proposer", "proposer_members", "sponsors", "sources", "amended", "facilitator", "group", "party", "party_head", "country_head",
        "holder", "reinstated", "on_paper", "first_person", "second_person",
    ]  # fmt: skip


def test_every_page_has_an_address_or_gives_way_to_home(app: Flask, playing):
    facts = {"units": ["OP1"], "language": "az", "act": "0" * 64, "thread": "abc", "key": "0" * 64}
    with playing() as play:
        actor, forum = play.actor("kz", "head"), play.forum
    with app.app_context(), app.test_request_context():
        g.actor, g.forum = actor, forum
        assert {name: page(facts) for name, page in PAGES.items() if not (page(facts) or "").startswith("/forum/")} == {}
        assert words.PAGES["unit"]({}) is None


def test_every_row_of_the_record_names_an_act_of_the_procedure(app: Flask):
    followers = app.extensions["acts"].followers
    assert {type_ for type_ in table.recorded() if not followers.get(type_)} == set(following.AFTERWARDS)
