"""Who may use a route, and what somebody hears who may not."""

from __future__ import annotations

import pytest
from flask import Flask

from declaration import app as application
from declaration.errors import NeedsSignIn
from declaration.web import access
from declaration.web.access import PUBLIC, SIGNED_IN, allow


@pytest.mark.parametrize(
    ("method", "path", "who", "status"),
    [
        ("GET", "/toys", "", 200),
        ("GET", "/toys", "member", 200),
        ("GET", "/mine", "", 401),
        ("GET", "/mine", "member", 200),
        ("GET", "/mine", "nobody-known", 401),
        ("POST", "/bench", "", 401),
        ("POST", "/bench", "member", 403),
        ("POST", "/bench", "chair", 200),
        ("HEAD", "/mine", "", 401),
        ("GET", "/bench", "chair", 405),
    ],
)
def test_the_door(client, heard, method, path, who, status):
    assert client.open(path, method=method, headers={"X-Toy": who}).status_code == status


def test_a_refusal_says_who_may_and_who_you_are(client, heard):
    page = client.post("/bench", headers={"X-Toy": "member"}).get_data(as_text=True)
    assert "heads of delegation, the Chair" in page or "the Chair, heads of delegation" in page
    assert "Ерлан Сағынтайұлы" in page


def test_a_stranger_hears_how_to_sign_in(client, heard):
    answer = client.get("/mine")
    assert "invitation" in answer.get_data(as_text=True)
    assert answer.headers["WWW-Authenticate"].startswith("Invitation")


@pytest.mark.parametrize("roles", [(), (PUBLIC, "chair"), (SIGNED_IN, "chair"), (PUBLIC, SIGNED_IN)])
def test_a_rule_that_says_nothing_or_two_things_is_refused(roles):
    with pytest.raises(ValueError, match=r"public|who may use it"):
        allow(*roles)


def test_the_application_refuses_to_start_with_a_silent_route(app):
    app.add_url_rule("/silent", "silent", lambda: "open to whom?")
    assert access.routes_without_access_rule(app) == ["silent"]
    with pytest.raises(RuntimeError, match="silent"):
        application.refuse_open_doors(app)


def test_only_one_loader(app, heard):
    with pytest.raises(RuntimeError, match="already"):
        access.set_loader(app, lambda: None)


def test_the_loader_runs_once_a_request_and_again_when_forgotten(app: Flask):
    calls: list[int] = []
    access.set_loader(app, lambda: calls.append(1))
    with app.test_request_context("/"):
        assert access.optional_actor() is None
        with pytest.raises(NeedsSignIn):
            access.current_actor()
        assert len(calls) == 1
        access.forget_actor()
        access.optional_actor()
        assert len(calls) == 2


def test_a_loader_that_fails_does_not_go_round_in_circles(app, client):
    def fails():
        raise NeedsSignIn(str(access._l("Nobody is signed in on this device.")))

    access.set_loader(app, fails)
    assert client.get("/healthz").status_code == 200
    assert client.get("/nowhere").status_code == 404
