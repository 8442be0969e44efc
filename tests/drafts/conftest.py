"""A forum in a fresh database, on SQLite and on PostgreSQL, at the point where a test begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from declaration.forums.door import use_forum
from tests.drafts.play import Play
from tests.support.snapshots import Beginning

Playing = Callable[[], AbstractContextManager[Play]]


@pytest.fixture
def begun(app: Flask, work: Callable[[], AbstractContextManager[Session]], beginning: Beginning) -> Playing:
    """A forum with its constitution and keys, and nothing else. ``with begun() as play:`` is one transaction."""

    def build() -> None:
        with work() as session:
            Play(app, session).begin()

    beginning("begun", build)
    return _again(app, work)


@pytest.fixture
def playing(app: Flask, work: Callable[[], AbstractContextManager[Session]], beginning: Beginning) -> Playing:
    """The same in the first reading."""

    def build() -> None:
        with work() as session:
            Play(app, session).begin().circulated()

    beginning("circulated", build)
    return _again(app, work)


def _again(app: Flask, work: Callable[[], AbstractContextManager[Session]]) -> Playing:
    @contextmanager
    def again() -> Iterator[Play]:
        with work() as session:
            play = Play(app, session)
            use_forum(play.forum)
            yield play

    return again
