"""Headers on every answer, and requests that other sites made a browser send."""

from __future__ import annotations

import pytest

from declaration.app import create_app
from declaration.web.security import CONTENT_SECURITY_POLICY, HEADERS, drop_cookie, read_cookie, set_cookie
from tests.support.databases import configuration


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for what is not about databases."""
    return sqlite_url


@pytest.mark.parametrize("path", ["/toys", "/healthz", "/nowhere", "/mine", "/static/look.css", "/api/nowhere"])
def test_every_answer_carries_the_headers(client, heard, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "charset" in answer.headers["Content-Type"] or "json" in answer.headers["Content-Type"]
    assert "Server" not in answer.headers
    answer.close()


def test_the_policy_allows_nothing_inline():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    for part in (
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types fragment",
    ):
        assert part in CONTENT_SECURITY_POLICY


OURS = "http://localhost"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "none"}, 302),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, 403),
        ({"Sec-Fetch-Site": "strange"}, 403),
        ({"Origin": OURS}, 302),
        ({"Origin": "null"}, 403),
        ({"Origin": OURS + ":81"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Cookie": "declaration-session=x"}, 403),
        ({}, 302),
    ],
)
def test_a_foreign_request_changes_nothing(app, heard, headers, status):
    client = app.test_client(use_cookies=False)
    answer = client.post("/toys", data={"name": "top"}, headers=headers)
    assert answer.status_code == status
    assert (client.get("/toys").text == "top") == (status == 302)


def test_a_foreign_request_may_still_read(app, heard):
    assert app.test_client().get("/toys", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"), [("localhost", 200), ("127.0.0.1:8000", 200), ("evil.example", 400), ("localhost.evil.example", 400)]
)
def test_a_host_that_is_not_ours_is_refused(client, host, status):
    assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_cookies_are_of_this_host_alone_where_readers_come_over_https(tmp_path, database_url):
    settings = configuration(tmp_path, database_url) | {"DECLARATION_URL": "https://declaration.example"}
    app = create_app(settings)
    with app.test_request_context("/"):
        answer = app.make_response("")
        set_cookie(answer, "session", "value")
        sent = answer.headers["Set-Cookie"]
    assert sent.startswith("__Host-session=value;")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(sent.split("; "))
    assert "Domain" not in sent
    client = app.test_client()
    assert (
        client.get("/healthz", base_url="https://declaration.example").headers["Strict-Transport-Security"].startswith("max-age=63072000")
    )


def test_a_cookie_is_read_under_its_own_name_and_taken_back(app):
    with app.test_request_context("/", headers={"Cookie": "declaration-session=value; __Host-session=other"}):
        assert read_cookie("session") == "value"
        answer = app.make_response("")
        drop_cookie(answer, "session")
        assert "declaration-session=;" in answer.headers["Set-Cookie"]
        assert "Max-Age=0" in answer.headers["Set-Cookie"]


def test_answers_with_a_cookie_are_not_stored(app, client):
    assert app.test_client(use_cookies=False).get("/nowhere", headers={"Cookie": "a=b"}).headers["Cache-Control"] == "private, no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-cache"
