"""What waits for the signatory of an organization, from the key to the receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from declaration.forums.models import Person
from declaration.forums.people import add_person
from declaration.protocol.encoding import format_time
from declaration.web.clock import now
from tests.desk.conftest import HOME
from tests.desk.test_home import later, things


@pytest.fixture
def opened(adopted):
    """Open for signature for a week, the organization's key accredited by two persons."""
    with adopted() as play:
        add_person(play.session, play.forum, name="Another", role="secretariat", party="secretary", language="en")
        play.act("chair", "accredit-v1", play.state.known.digest, {"enrolment": str(play.enrol("secretary", "secretariat"))})
        play.session.get_one(Person, play.actor("ngo-1").person_id).office = "President"
        fields = {"opens": format_time(now()), "closes": format_time(now() + timedelta(days=7))}
        play.act("depositary", "declaration.open_for_signature-v1", play.state.adopted, fields)
    return adopted


def accredit(playing):
    with playing() as play:
        row = play.enrol("ngo-1", "signatory")
        first = play.act("rapporteur", "accredit-v1", play.state.known.digest, {"enrolment": str(row)})
        play.act("secretary", "second-v1", first.act.digest)


def test_before_the_opening_it_says_when(browser_of, adopted):
    page = browser_of("ngo-1").get(HOME).text
    assert things(page) == ["Make your key"]
    assert "Opens after adoption." in later(page)


def test_the_window_does_not_help_without_a_key(browser_of, opened):
    page = browser_of("ngo-1").get(HOME).text
    assert things(page) == ["Make your key"]
    assert "Your key has to be accredited first." in later(page)


def test_signing_is_the_one_thing_and_then_there_is_the_receipt(browser_of, opened):
    accredit(opened)
    browser = browser_of("ngo-1")
    page = browser.get(HOME).text
    assert things(page) == ["Sign the Declaration"]
    assert 'href="/forum/sign"' in page
    assert "data-until" in page
    with opened() as play:
        fields = {"language": "en", "read": "yes", "consent": "yes"}
        digest = play.act("ngo-1", "endorsement.sign-v1", play.state.adopted, fields).act.digest
    page = browser.get(HOME).text
    assert things(page) == []
    assert "You have signed" in page
    assert f"/forum/receipts/{digest}" in page
    with opened() as play:
        play.act("ngo-1", "endorsement.withdraw-v1", digest, {"reason": "The board has decided anew."})
    page = browser.get(HOME).text
    assert "You have signed" not in page
    assert "Your organization has withdrawn its signature" in page
    page = browser_of("rapporteur").get("/forum/organizations").text
    assert "Signed: 0." in page
    assert "withdrawn" in page


def test_a_key_that_waits_shows_the_way_to_the_desk(browser_of, opened):
    with opened() as play:
        play.enrol("ngo-1", "signatory")
    page = browser_of("ngo-1").get(HOME).text
    assert things(page) == []
    assert 'href="/forum/desk/mine"' in page


def test_after_the_window_it_is_an_accession(browser_of, opened, clock):
    accredit(opened)
    clock.advance(days=8)
    page = browser_of("ngo-1").get(HOME).text
    assert things(page) == ["Accede to the Declaration"]
    assert "data-until" not in page
