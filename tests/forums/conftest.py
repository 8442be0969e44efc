"""The sample forum on every database, and a second, small one beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration import app as application
from declaration.forums import importing, lifetimes, operations, queries
from declaration.forums.models import Forum
from tests.conftest import browser_client
from tests.support.snapshots import Beginning

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "solidarity-forum"
SITE = "https://forum.example"


@pytest.fixture
def app(app: Flask) -> Flask:
    if "forums" not in app.blueprints:
        application.register(app, "declaration.forums.routes")
    return app


@pytest.fixture(scope="session")
def description() -> importing.Description:
    return importing.load(SAMPLE)


@pytest.fixture
def forum(work, description, beginning: Beginning) -> Forum:
    """``solidarity-2025``, not a demonstration."""

    def build() -> None:
        with work() as session:
            operations.create_forum(session, description, url=SITE)

    beginning("imported", build)
    with work() as session:
        (found,) = queries.forums(session)
        return found


@pytest.fixture
def other_forum(work, description, forum) -> Forum:
    """``bilateral``: another forum of the same service."""
    with work() as session:
        return operations.create_forum(
            session, dataclasses.replace(description, slug="bilateral", declaration="AZKZ/2026/JD"), url=SITE
        )


@pytest.fixture
def token_for(work, forum) -> Callable[..., str]:
    """A fresh invitation for a party of the forum."""

    def issue(party: str, *, of: Forum = forum, role: str | None = None, **more) -> str:
        with work() as session:
            person = queries.person_of_party(session, session.merge(of, load=False), party, role=role)
            return operations.invite(session, person, now=lifetimes.machine_now(), **more)

    return issue


@pytest.fixture
def signed_in(app, token_for) -> Callable[..., FlaskClient]:
    """A browser in which somebody has just signed in."""

    def enter(party: str, **more) -> FlaskClient:
        browser = browser_client(app)
        answer = browser.post(f"/sign-in/{token_for(party, **more)}")
        assert answer.status_code == 303
        return browser

    return enter


def cookie_of(browser: FlaskClient) -> str | None:
    found = browser.get_cookie("declaration-session")
    return found.value if found else None
