"""A played forum, and browsers in which its people are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from declaration import app as application
from declaration.endorsements import routes
from declaration.forums.door import COOKIE, use_forum
from declaration.forums.models import Forum
from declaration.web.db import reading
from declaration.web.security import cookie_name
from tests.conftest import browser_client
from tests.support.play import SLUG, Player

Work = Callable[[], AbstractContextManager[Session]]
Playing = Callable[[], AbstractContextManager[Player]]


def with_feature(app: Flask) -> Flask:
    if routes.blueprint.name not in app.blueprints:
        application.register(app, routes.__name__)
    return app


@pytest.fixture
def app(app: Flask) -> Flask:
    return with_feature(app)


@pytest.fixture
def playing(app: Flask, work: Work) -> Playing:
    """``with playing() as play:`` a player in one transaction, committed at the end."""

    @contextmanager
    def begin() -> Iterator[Player]:
        with work() as session:
            forum = session.query(Forum).filter_by(slug=SLUG).one_or_none()
            if forum is not None:
                use_forum(forum)
            yield Player(app, session)

    return begin


@pytest.fixture
def looking(app: Flask) -> Playing:
    """The same in a transaction that only reads."""

    @contextmanager
    def begin() -> Iterator[Player]:
        from declaration.web.db import current_session

        with app.app_context(), reading():
            session = current_session()
            use_forum(session.query(Forum).filter_by(slug=SLUG).one())
            yield Player(app, session)
            session.rollback()

    return begin


@pytest.fixture
def signed_in(app: Flask, playing: Playing) -> Callable[..., FlaskClient]:
    """A browser in which somebody is signed in."""

    def enter(party: str, role: str | None = None) -> FlaskClient:
        with playing() as play:
            token = play.session_of(party, role)
        client = browser_client(app)
        with app.app_context():
            client.set_cookie(cookie_name(COOKIE), token)
            client.set_cookie(cookie_name("language"), "en")  # the tests read English, whatever the person speaks
        return client

    return enter
