"""What is put in is what would have been played, and only where it would have been."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from declaration.web.transaction import unit_of_work
from tests.conftest import browser_client
from tests.support import stages
from tests.support.databases import application
from tests.support.play import SLUG, Player

Work = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[stages.Name, stages.Step]]:
    """An empty shelf, which later tests find as it was."""
    shelf = stages._Shelf()
    monkeypatch.setattr(stages, "_SHELF", shelf)
    return shelf.steps


@pytest.fixture
def again(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock) -> Iterator[Callable[[], Flask]]:
    """Another application on another fresh database, at the hour at which this one began."""
    databases, began = request.getfixturevalue("sqlite_databases"), clock.now()
    with ExitStack() as stack:

        def make() -> Flask:
            folder = tmp_path_factory.mktemp("again")
            clock.set(began)
            return stack.enter_context(application(folder, stack.enter_context(databases.fresh(folder)), clock))

        yield make


def opened(app: Flask) -> tuple[stages.Rows, str]:
    with app.app_context(), unit_of_work() as session:
        play = Player(app, session).found().negotiated().opened()
        rows = stages._rows(session)
        assert play.state.adopted is not None
    return rows, browser_client(app).get(f"/log/{SLUG}/checkpoint").text


def test_what_is_put_in_is_what_was_played(app: Flask, again: Callable[[], Flask], steps: dict[stages.Name, stages.Step]) -> None:
    played, checkpoint = opened(app)
    assert len(steps) == 3
    put, served = opened(again())
    assert put == played
    assert served == checkpoint
    assert checkpoint.startswith("declaration.example/played\n")
    assert len(steps) == 3


def test_one_can_go_on_from_it(app: Flask, again: Callable[[], Flask], clock) -> None:
    opened(app)
    other = again()
    opened(other)
    with other.app_context(), unit_of_work() as session:
        play = Player(other, session)
        play.sign(play.organization(0))
    assert browser_client(other).get(f"/{SLUG}/register/1").status_code == 200


def test_where_something_else_was_written_it_is_played(app: Flask, work: Work, steps: dict[stages.Name, stages.Step]) -> None:
    with work() as session:
        play = Player(app, session).found()
        play.person("chair").name = "Somebody else"
        play.negotiated()
        assert play.person("chair").name == "Somebody else"
    assert len(steps) == 1


def test_in_another_transaction_it_is_played(app: Flask, work: Work, steps: dict[stages.Name, stages.Step]) -> None:
    with work() as session:
        Player(app, session).found()
    with work() as session:
        play = Player(app, session)
        play.session_of("chair")
        play.negotiated()
        assert play.state.adopted is not None
    assert len(steps) == 1


def test_another_hour_is_another_stretch(app: Flask, again: Callable[[], Flask], clock, steps: dict[stages.Name, stages.Step]) -> None:
    opened(app)
    other = again()
    clock.advance(hours=1)
    opened(other)
    assert len(steps) == 6


def test_an_address_of_its_own_is_played(app: Flask, work: Work, steps: dict[stages.Name, stages.Step]) -> None:
    with work() as session:
        play = Player(app, session, site="https://other.example").found()
        assert play.forum.web_origins == ["https://other.example"]
    assert not steps
