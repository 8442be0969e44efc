"""A receipt by e-mail goes to whoever signed and asks, once, with the file as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from declaration.notices.letter import letter
from declaration.notices.models import Mail
from declaration.protocol.receipt import parse_receipt
from tests.endorsements.conftest import Playing
from tests.notices.conftest import body, read
from tests.support.play import SLUG

SignedIn = Callable[..., FlaskClient]
ADDRESS = "elcin@ngo.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def signed(playing: Playing) -> tuple[str, str]:
    """A party and the digest of its signature."""
    with playing() as play:
        play.played("en", "tr")
        play.person("az.sample-az-0002").email = ADDRESS
        return "az.sample-az-0002", play.state.by_party["az.sample-az-0002"]


def mails(playing: Playing) -> list[Mail]:
    with playing() as play:
        found = list(play.session.scalars(select(Mail).where(Mail.attachment.is_not(None))))
        play.session.expunge_all()
        return found


def test_the_file_comes_with_the_mail_and_once(playing: Playing, signed_in: SignedIn, signed: tuple[str, str]) -> None:
    party, digest = signed
    browser, page = signed_in(party), f"/{SLUG}/receipts/{digest}"
    shown = browser.get(page).text
    assert "Send me the receipt" in shown
    assert "no-mail" not in shown
    assert ADDRESS in browser.post(f"{page}/mail", follow_redirects=True).text
    assert "already" in browser.post(f"{page}/mail", follow_redirects=True).text
    (mail,) = mails(playing)
    content = letter(mail, sender="no-reply@declaration.example", one_click=True)
    assert content == letter(mail, sender="no-reply@declaration.example", one_click=True)
    assert content.isascii()
    made = read(content)
    assert [part.get_content_type() for part in made.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/octet-stream",
    ]  # fmt: skip
    (attached,) = made.iter_attachments()
    assert parse_receipt(attached.get_content()).entry.statement.digest == digest
    assert attached.get_content() == browser.get(f"{page}/file").data
    assert digest in body(made)
    assert str(made["To"]).endswith(f"<{ADDRESS}>")


def test_nobody_has_the_receipt_of_another_mailed(
    playing: Playing, signed_in: SignedIn, signed: tuple[str, str], client: FlaskClient
) -> None:
    _party, digest = signed
    other = signed_in("tr.sample-tr-0001")
    assert "Send me the receipt" not in other.get(f"/{SLUG}/receipts/{digest}").text
    assert other.post(f"/{SLUG}/receipts/{digest}/mail").status_code == 403
    assert client.post(f"/{SLUG}/receipts/{digest}/mail").status_code == 401
    with playing() as play:
        own = play.state.by_party["tr.sample-tr-0001"]
    page = other.get(f"/{SLUG}/receipts/{own}").text
    assert 'disabled aria-describedby="no-mail">Send me the receipt' in page
    assert "The service has no address of yours" in page
    assert "no address of yours" in other.post(f"/{SLUG}/receipts/{own}/mail").text.lower()
    assert mails(playing) == []
