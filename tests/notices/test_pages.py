"""The pages of messages and mail, without scripts; the link that ends mails."""

from __future__ import annotations

import pytest

from declaration.forums.models import Person
from declaration.notices import preferences
from declaration.notices.models import MailPreference
from tests.comments.conftest import browser_of
from tests.drafts.play import SLUG
from tests.notices.conftest import mails
from tests.notices.test_outbox import propose

__all__ = ["browser_of"]
HU = "head.hu@forum.example"
WISHES, MESSAGES = f"/{SLUG}/mail", f"/{SLUG}/messages"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def link(app, told, turn) -> str:
    """The link in a mail to the head of hu."""
    propose(told)
    turn()
    found = {mail.unsubscribe for mail in mails(app) if mail.to_address == HU}
    assert len(found) == 1
    return found.pop().removeprefix("http://127.0.0.1:8000")


def mode(told, party: str = "hu") -> str:
    with told() as play:
        return preferences.mode_of(preferences.preference_of(play.session, play.actor(party, "head").person_id))


def test_messages_are_the_readers_own(told, turn, browser_of):
    propose(told)
    turn()
    page = browser_of("hu").get(MESSAGES).text
    assert "AM/001 is admitted" in page
    assert "mailed" in page
    assert "examine its form" not in page
    assert "examine its form" in browser_of("rapporteur").get(MESSAGES).text
    assert "Nothing was sent to you yet" in browser_of("ngo-1").get(MESSAGES).text


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "٢", "999999", "9999999"])
def test_a_page_that_there_is_not_is_an_empty_one_or_the_first(told, browser_of, number):
    assert browser_of("hu").get(f"{MESSAGES}?page={number}").status_code == 200


def test_nobody_reads_messages_without_signing_in(client, told):
    for page in (MESSAGES, WISHES, f"{WISHES}/unreached"):
        assert client.get(page).status_code in (302, 401)


def test_what_is_chosen_is_kept(told, browser_of):
    browser = browser_of("hu")
    assert 'value="at_once" checked' in browser.get(WISHES).text
    assert browser.post(WISHES, data={"mode": "daily", "hour": "19"}).status_code == 303
    page = browser.get(WISHES).text
    assert 'value="daily" checked' in page
    assert '<option value="19" selected>' in page
    assert mode(told) == "daily"
    assert mode(told, "kz") == "at_once"


@pytest.mark.parametrize("form", [{}, {"mode": "all"}, {"mode": "daily", "hour": "25"}, {"mode": "none' --", "hour": "7"}])
def test_what_is_not_offered_is_refused(told, browser_of, form):
    assert browser_of("hu").post(WISHES, data=form).status_code == 400
    assert mode(told) == "at_once"


def test_somebody_elses_person_cannot_be_chosen_for(told, browser_of):
    with told() as play:
        other = play.actor("kz", "head").person_id
    browser_of("hu").post(WISHES, data={"mode": "none", "hour": "7", "person_id": str(other)})
    assert mode(told, "kz") == "at_once"


def test_opening_the_link_changes_nothing(client, told, link):
    page = client.get(link)
    assert page.status_code == 200
    assert "End the mails" in page.text
    assert "hu head" not in page.text
    assert HU not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert client.head(link).status_code == 200
    assert mode(told) == "at_once"


def test_its_button_ends_the_mails(app, client, told, turn, post, link):
    assert client.post(link).status_code == 200
    assert mode(told) == "none"
    assert client.post(link).status_code == 200  # pressed twice
    post.sent.clear()
    with told() as play:
        play.replace("kz", "OP2", "Invite all bodies to support every project;", 2)
    turn()
    assert post.to(HU) == []
    assert post.to("head.az@forum.example") != []


def test_one_click_of_a_mail_program_ends_them_without_a_cookie(app, told, link):
    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert mode(told) == "none"


def test_another_site_cannot_press_the_button(app, told, link):
    answer = app.test_client().post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert mode(told) == "at_once"


@pytest.mark.parametrize("handle", ["0" * 32, "x", "..%2f..", "%00", "1"])
def test_a_link_that_is_nobodys_says_nothing(client, told, handle):
    assert client.get(f"/mail/unsubscribe/{handle}").status_code == 404
    assert client.post(f"/mail/unsubscribe/{handle}").status_code == 404


def test_links_are_random(told, link):
    with told() as play:
        handles = [one.handle for one in play.session.query(MailPreference)]
    assert len(set(handles)) == len(handles) > 5
    assert {len(one) for one in handles} == {32}


def test_the_offices_see_whom_no_mail_reaches(told, browser_of, wishes):
    wishes("hu", "none")
    with told() as play:
        play.session.get_one(Person, play.actor("az", "head").person_id).email = None
    for party in ("chair", "rapporteur"):
        page = browser_of(party).get(f"{WISHES}/unreached").text
        assert "Wants no mail." in page
        assert "kz head" not in page
    assert browser_of("hu").get(f"{WISHES}/unreached").status_code == 403
    assert browser_of("depositary").get(f"{WISHES}/unreached").status_code == 403


def test_invented_people_get_no_mail_through_a_real_server(app, told, turn, post):
    """A demonstration whose people have no addresses writes files, and nothing where mail would leave the machine."""
    with told() as play:
        play.session.get_one(Person, play.actor("az", "head").person_id).email = None
    propose(told)
    turn()
    assert not [to for to, _name, _content in post.sent if to.endswith(".invalid")]
    post.to_files = True
    with told() as play:
        play.replace("kz", "OP2", "Invite all bodies to support every project;", 2)
    turn()
    assert [to for to, _name, _content in post.sent if to.endswith(".invalid")] == ["head.az@forum.invalid"]
