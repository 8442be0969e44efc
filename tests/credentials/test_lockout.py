"""A device is lost in mid-session: whoever has it is nobody at the next request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from declaration.forums import lifetimes, sessions
from declaration.notices.models import Notice
from tests.conftest import browser_client
from tests.credentials.conftest import DOOR, Parties, challenge_of, form_for
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player, as_form

Enter = Callable[..., FlaskClient]
PAGES = ("sessions", "home", "keys", "sign")
LOST = {"reason": "The phone was lost on the way."}


def is_in(browser: FlaskClient) -> bool:
    """Whether the device is signed in: every page answers alike."""
    (status,) = {browser.get(f"/{SLUG}/{page}").status_code for page in PAGES}
    assert status in (200, 401)
    return status == 200


def by_key(app: Flask, party: str, number: int = 1) -> FlaskClient:
    browser = browser_client(app)
    assert browser.post(DOOR, data=form_for(challenge_of(app), party, number=number)).status_code == 303
    return browser


def accreditation(play: Player, party: str, number: int = 0) -> str:
    return [key.accreditation for key in play.state.keys.values() if key.party == party][number]


def do(playing: Playing, browser: FlaskClient, party: str, type_: str, object_: Callable[[Player], str], **fields: str) -> bool:
    """Sign an act and send it from a device; whether it was recorded."""
    with playing() as play:
        form = as_form(play.signed(party, type_, object_(play), fields))
    return browser.post(f"/{SLUG}/act", data=form).status_code < 400


def test_the_secretariat_suspends_the_key_of_a_lost_phone(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    phone, laptop, other = by_key(app, parties.key), signed_in(parties.key), signed_in(parties.passkey)
    with playing() as play:
        holder, stranger = play.person(parties.key), play.person(parties.passkey)
        link, kept = (sessions.invite(play.session, one, now=lifetimes.machine_now()) for one in (holder, stranger))
    desk = signed_in("rapporteur")
    assert [is_in(one) for one in (phone, laptop, other)] == [True, True, True]
    assert do(playing, desk, "rapporteur", "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert [is_in(one) for one in (phone, laptop, other)] == [False, False, True]
    assert desk.get(f"/{SLUG}/home").status_code == 200
    assert browser_client(app).get(f"/sign-in/{link}").status_code == 404  # the mailbox is on the same phone
    assert browser_client(app).get(f"/sign-in/{kept}").status_code == 200


def test_what_the_thief_has_open_signs_nothing(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    """The page was open, the act is signed already: it comes too late."""
    phone = by_key(app, parties.key)
    with playing() as play:
        form = as_form(play.signature(parties.key))
    do(playing, signed_in("rapporteur"), "rapporteur", "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert phone.post(f"/{SLUG}/sign", data=form).status_code == 401
    assert signed_in(parties.key).post(f"/{SLUG}/sign", data=form).status_code == 409  # with a new link: the key itself is refused
    with playing() as play:
        assert play.state.endorsements == {}


def test_the_holder_does_it_from_another_device(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    phone, tablet, laptop = by_key(app, parties.key), signed_in(parties.key), signed_in(parties.key)
    assert do(playing, laptop, parties.key, "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert [is_in(one) for one in (phone, tablet, laptop)] == [False, False, True]


def test_a_session_that_the_key_itself_began_ends_with_it(app: Flask, parties: Parties, playing: Playing) -> None:
    laptop = by_key(app, parties.key)
    assert do(playing, laptop, parties.key, "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert not is_in(laptop)


def test_a_compromised_key_at_the_first_persons_word(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    phone = signed_in(parties.key)
    fields = {"why": "compromised", "since": "2025-11-24T11:00", "reason": "Stolen."}
    assert do(playing, signed_in("rapporteur"), "rapporteur", "revoke-v1", lambda play: accreditation(play, parties.key), **fields)
    assert not is_in(phone)


def test_a_mandate_ends_when_the_second_person_has_said_so(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    phone, fields = signed_in(parties.key), {"reason": "Letter of the board.", "document": "ab" * 32}
    with playing() as play:
        first = play.act("rapporteur", "mandate.revoke-v1", accreditation(play, parties.key), fields).act.digest
    assert is_in(phone)
    assert do(playing, signed_in("registrar"), "registrar", "second-v1", lambda _play: first)
    assert not is_in(phone)


def test_the_chair_suspends_a_head(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    head, other = signed_in("kz", "head"), signed_in("tr", "head")
    assert do(playing, signed_in("chair"), "chair", "key.suspend-v1", lambda play: accreditation(play, "kz"), **LOST)
    assert [one.get(f"/{SLUG}/home").status_code for one in (head, other)] == [401, 200]


def test_a_newer_key_instead_ends_only_what_the_old_one_began(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    with playing() as play:
        play.accredit_signatory(parties.key, number=2, continues=accreditation(play, parties.key))
        newer = accreditation(play, parties.key, 1)
    old, new, link, laptop = by_key(app, parties.key), by_key(app, parties.key, 2), signed_in(parties.key), by_key(app, parties.key)
    fields = {"why": "superseded", "successor": newer, "reason": "A new phone."}
    assert do(playing, laptop, parties.key, "revoke-v1", lambda play: accreditation(play, parties.key), **fields)
    assert [is_in(one) for one in (old, new, link, laptop)] == [False, True, True, True]


def test_a_suspension_that_is_refused_ends_nothing(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    """Nobody signs others out by acts that the rules do not give them."""
    phone, head = signed_in(parties.key), signed_in("kz", "head")
    assert not do(playing, head, "kz", "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert is_in(phone)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_the_larger_database_too(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    phone, desk = by_key(app, parties.key), signed_in("rapporteur")
    form = form_for(challenge_of(app), parties.key)
    assert [browser_client(app).post(DOOR, data=form).status_code for _ in range(2)] == [303, 409]
    assert do(playing, desk, "rapporteur", "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert not is_in(phone)


# -- without a key at hand ------------------------------------------------------------------------------------------------------------


def told(playing: Playing, party: str) -> list[tuple[str, bool, str]]:
    """Notices of a lost device that somebody got."""
    with playing() as play:
        query = select(Notice).where(Notice.person_id == play.actor(party).person_id, Notice.kind == "device.lost")
        return [(one.facts["name"], one.urgent, one.facts["key"]) for one in play.session.scalars(query)]


def test_whose_only_key_was_on_the_lost_phone(app: Flask, parties: Parties, playing: Playing, signed_in: Enter) -> None:
    """Nothing can be signed any more: a press on another device ends the sessions and calls those who can suspend."""
    phone, laptop, stranger = by_key(app, parties.key), signed_in(parties.key), signed_in(parties.passkey)
    with playing() as play:
        link = sessions.invite(play.session, play.person(parties.key), now=lifetimes.machine_now())
        name, key, size = play.person(parties.key).organization["name"], accreditation(play, parties.key), play.state.size
    for _ in range(2):
        assert laptop.post(f"/{SLUG}/sessions/lost").status_code == 303
    assert [is_in(one) for one in (phone, laptop, stranger)] == [False, True, True]
    assert browser_client(app).get(f"/sign-in/{link}").status_code == 404
    assert [told(playing, party) for party in ("rapporteur", "registrar", "chair")] == [[(name, True, key)], [(name, True, key)], []]
    assert "has lost a device" in signed_in("rapporteur").get(f"/{SLUG}/messages").text
    with playing() as play:
        assert play.state.size == size
    desk, card = signed_in("rapporteur"), f'href="/{SLUG}/keys/authority/{key}"'
    assert [card in one.get(f"/{SLUG}/home").text for one in (desk, signed_in("registrar"), signed_in("chair"))] == [True, True, False]
    assert f'class="crumb"><a href="/{SLUG}/keys/authority"' in desk.get(f"/{SLUG}/keys/authority/{key}").text
    assert do(playing, desk, "rapporteur", "key.suspend-v1", lambda play: accreditation(play, parties.key), **LOST)
    assert [card in one.get(f"/{SLUG}/home").text for one in (desk, signed_in("registrar"))] == [False, False]


def test_a_head_calls_the_chair_and_somebody_without_a_key_nobody(playing: Playing, parties: Parties, signed_in: Enter) -> None:
    with playing() as play:
        party = play.organization(2, accredited=False)
    assert signed_in(party).post(f"/{SLUG}/sessions/lost").status_code == 303
    assert told(playing, "rapporteur") == []
    assert signed_in("kz", "head").post(f"/{SLUG}/sessions/lost").status_code == 303
    assert [len(told(playing, one)) for one in ("chair", "rapporteur")] == [1, 0]
