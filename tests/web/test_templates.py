"""The frame, the macros and the error page, as text and in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader, UndefinedError
from playwright.sync_api import Browser

from declaration.web import access
from declaration.web.access import PUBLIC, allow
from declaration.web.clock import now
from declaration.web.i18n import use_forum_zone
from declaration.web.pages import mark_edges
from tests.support.browser import LAPTOP, PHONE, complaints, overflow, serving
from tests.web.toy import MEMBER


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@dataclass
class Change:
    op: str
    text: str
    by: tuple[str, ...] = ()


CHANGES = [
    Change("equal", "Welcome the forums of "),
    Change("delete", "similar bilateral "),
    Change("insert", "bilateral & multilateral ", ("KZ", "TR")),
    Change("move", "our countries"),
    Change("insert", "  "),
    Change("equal", ";"),
]


@pytest.fixture
def gallery(app: Flask) -> Flask:
    """The application with one more page, on which every macro stands."""
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(Path(__file__).parent / "templates")])
    access.set_loader(app, lambda: MEMBER)

    def page() -> str:
        use_forum_zone("Asia/Baku")
        return render_template("gallery.html", changes=CHANGES, until=now() + timedelta(hours=10, minutes=20))

    app.add_url_rule("/gallery", view_func=allow(PUBLIC)(page))
    return app


@pytest.fixture
def html(gallery: Flask) -> str:
    return gallery.test_client().get("/gallery").get_data(as_text=True)


@pytest.mark.parametrize(
    "part",
    [
        '<html lang="en" dir="ltr">',
        '<a class="skip" href="#main">',
        "Ерлан Сағынтайұлы<span>member</span>",
        '<a href="#0" aria-current="page">',
        "Welcome the forums of <del>similar bilateral</del> <ins>bilateral &amp; multilateral</ins>"
        '<span class="by">KZ, TR</span> <span class="moved">our countries</span>  ;',
        '<span class="countdown__left">10 h 20 min</span>',
        "&lt;b&gt;typed&lt;/b&gt;",
        'aria-describedby="hint-email error-email"',
        '<button class="btn btn--wide" type="submit" name="do" value="submit" disabled aria-describedby="why-submit">',
        'value="own" checked',
        '<td class="num nil" data-head="Withdrawn">–</td>',
        '<li aria-current="step">',
        "–",
    ],
)
def test_the_macros_say_what_the_look_asks_for(html: str, part: str):
    assert part in html


def test_a_page_has_one_first_heading_per_frame_and_no_inline_code(client):
    html = client.get("/nowhere").text
    assert html.count("<h1") == 1
    for forbidden in ("style=", "onclick", "<script>", "javascript:"):
        assert forbidden not in html


def test_a_name_that_nobody_gave_is_an_error_of_the_page(app):
    with app.test_request_context("/"), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nobody_gave_this }}").render()


@pytest.mark.parametrize(
    ("text", "parts"), [("", ("", "", "")), ("  ", ("  ", "", "")), (" a b\n", (" ", "a b", "\n")), ("a", ("", "a", ""))]
)
def test_space_stays_outside_of_the_mark(text, parts):
    assert mark_edges(text) == parts
    assert "".join(mark_edges(text)) == text


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("path", ["/gallery", "/nowhere"])
def test_nothing_sticks_out_and_nothing_complains(gallery: Flask, browser: Browser, size, path):
    with serving(gallery) as address:
        context = browser.new_context(viewport=size)
        page = context.new_page()
        heard = complaints(page)
        page.goto(address + path)
        assert overflow(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert [one for one in heard if "404" not in one] == []
        context.close()
