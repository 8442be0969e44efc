"""Errors as answers: the right status, the right document, nothing lost and nothing betrayed."""

from __future__ import annotations

import inspect

import pytest
from sqlalchemy.exc import OperationalError

from declaration import errors
from declaration.web.access import PUBLIC, allow
from declaration.web.errorpages import STATUS, status_of

EVERY = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.DeclarationError)]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for what is not about databases."""
    return sqlite_url


def test_every_class_of_the_tree_has_a_status_of_its_own():
    assert set(EVERY) == set(STATUS)


def test_a_class_that_is_not_in_the_table_takes_its_parent():
    class Late(errors.Refused):
        pass

    assert status_of(Late("too late")) == 409


@pytest.fixture
def failing(app):
    """A route that raises what the test puts in."""
    box: dict[str, Exception] = {}

    def fail():
        raise box["error"]

    app.add_url_rule("/fail", view_func=allow(PUBLIC)(fail), methods=["GET", "POST"])
    app.add_url_rule("/api/fail", "api-fail", view_func=allow(PUBLIC)(fail))
    return box


@pytest.mark.parametrize("kind", EVERY)
def test_a_page_says_what_happened_and_what_to_do(client, failing, kind):
    failing["error"] = kind("Silence on paragraph 5 is already broken.", code="silence.already-broken", instead="Comment on it.")
    answer = client.get("/fail")
    assert answer.status_code == STATUS[kind]
    for part in ("Silence on paragraph 5 is already broken.", "silence.already-broken", "Comment on it.", answer.headers["X-Request-Id"]):
        assert part in answer.text


@pytest.mark.parametrize(("path", "accept"), [("/api/fail", "*/*"), ("/fail", "application/json"), ("/fail", "application/problem+json")])
def test_a_program_gets_a_problem_document(client, failing, path, accept):
    failing["error"] = errors.Refused("no", code="a.b", instead="do")
    answer = client.get(path, headers={"Accept": accept})
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json(force=True) | {"reference": ""} == {
        "type": "about:blank",
        "title": "That is not possible now",
        "status": 409,
        "code": "a.b",
        "detail": "no",
        "instead": "do",
        "reference": "",
    }


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""])
def test_a_browser_gets_a_page(client, failing, accept):
    failing["error"] = errors.Refused("no")
    assert client.get("/fail", headers={"Accept": accept}).mimetype == "text/html"


def test_what_was_typed_comes_back_and_secrets_do_not(client, failing):
    failing["error"] = errors.Refused("no")
    typed = {
        "rationale": "Boards meet <only> in January.",
        "passphrase": "correct horse",
        "signature": "c2lnbmF0dXJl",
        "statement": '{"type":"x"}',
        "invitation_token": "t0k3n",
        "empty": "  ",
    }
    page = client.post("/fail", data=typed).text
    assert "Boards meet &lt;only&gt; in January." in page
    assert "Nothing was recorded" in page
    for hidden in ("correct horse", "c2lnbmF0dXJl", "{&#34;type", "t0k3n", "empty"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://localhost/register?q=nur", "/register?q=nur"),
        ("http://localhost/fail", "/fail"),  # a form of the same page, with nothing asked
        ("http://localhost/fail?at=never", None),  # the page itself, loaded again
        ("https://elsewhere.example/list", None),
        (None, None),
    ],
)
def test_a_refused_page_has_a_way_back_to_a_page_of_ours(client, failing, came_from, back):
    failing["error"] = errors.NotFound("The register has no such moment.", code="register.moment", instead="Choose another.")
    page = client.get("/fail?at=never", headers={"Referer": came_from} if came_from else {}).text
    assert ("Back to where you were" in page) == (back is not None)
    assert back is None or f'href="{back}">Back to where you were' in page


def test_who_is_not_signed_in_is_shown_the_door_alone(client, failing):
    failing["error"] = errors.NeedsSignIn("Nobody is signed in.", code="access.sign-in")
    answer = client.get("/fail", headers={"Referer": "http://localhost/text"})
    assert answer.status_code == 401
    assert "Back to where you were" not in answer.text


def test_an_unexpected_error_betrays_nothing(app, client, failing, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    failing["error"] = ValueError("a secret detail")
    answer = client.get("/fail")
    assert answer.status_code == 500
    assert "a secret detail" not in answer.text
    assert "Traceback" not in answer.text


def test_headers_of_a_status_are_kept(client):
    assert set(client.post("/healthz").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_too_much_is_refused_with_a_page(app, client, heard):
    app.config["MAX_CONTENT_LENGTH"] = 100
    answer = client.post("/toys", data={"name": "x" * 200})
    assert answer.status_code == 413
    assert "That is too large" in answer.text


class Locked(Exception):
    sqlstate = "55P03"


class Broken(Exception):
    sqlstate = "42P01"


def test_a_lock_not_given_in_time_is_told_and_may_be_tried_again(client, failing):
    failing["error"] = OperationalError("select 1", {}, Locked())
    answer = client.get("/fail")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_another_database_error_stays_loud(client, failing):
    failing["error"] = OperationalError("select 1", {}, Broken())
    with pytest.raises(OperationalError):
        client.get("/fail")


def test_a_redirect_of_the_router_is_not_an_error(app, client):
    app.add_url_rule("/folder/", "folder", allow(PUBLIC)(lambda: "here"))
    assert client.get("/folder").status_code == 308
