"""Static files may be kept for a year when their address says which bytes they are."""

from __future__ import annotations

import pytest

from declaration.web.assets import asset


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def life(client, address: str) -> str:
    with client.get(address) as answer:
        return answer.headers["Cache-Control"]


def test_the_right_fingerprint_is_kept(app, client):
    with app.test_request_context("/"):
        address = asset("look.css")
    assert life(client, address) == "public, max-age=31536000, immutable"


def test_modules_and_what_they_import_are_kept(app, client):
    with app.test_request_context("/"):
        address = asset("js/act.js")
    folder = address.removesuffix("act.js")
    assert life(client, address) == life(client, f"{folder}keys.js") == "public, max-age=31536000, immutable"
    assert life(client, "/static/000000000000/js/act.js") == "no-cache"
    assert client.get(f"{folder}missing.js").status_code == 404
    assert client.get(f"{folder}../look.css").status_code == 404


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_anything_else_is_asked_for_again(client, query):
    assert life(client, f"/static/look.css{query}") == "no-cache"


@pytest.mark.parametrize("name", ["missing.css", "../app.py", "/etc/passwd"])
def test_a_file_that_is_not_there_is_an_error_of_the_page(app, name):
    with app.test_request_context("/"), pytest.raises(FileNotFoundError):
        asset(name)
