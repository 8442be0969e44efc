"""A forum in a fresh database, on SQLite and on PostgreSQL, at the point where a test begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from declaration.forums.door import use_forum
from tests.drafts.play import Play

Playing = Callable[[], AbstractContextManager[Play]]


@pytest.fixture
def begun(app: Flask, work: Callable[[], AbstractContextManager[Session]]) -> Playing:
    """A forum with its constitution and keys, and nothing else. ``with begun() as play:`` is one transaction."""
    with work() as session:
        Play(app, session).begin()

    @contextmanager
    def again() -> Iterator[Play]:
        with work() as session:
            play = Play(app, session)
            use_forum(play.forum)
            yield play

    return again


@pytest.fixture
def playing(begun: Playing) -> Playing:
    """The same in the first reading."""
    with begun() as play:
        play.circulated()
    return begun
