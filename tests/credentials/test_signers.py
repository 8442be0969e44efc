"""Who signed, on a page: the person whose key it was, and the office where no person is to be named."""

from __future__ import annotations

from collections.abc import Callable

from flask import g
from flask.testing import FlaskClient
from markupsafe import escape

from declaration.credentials import signers
from declaration.credentials.models import Enrolment
from declaration.forums.people import actor_of, add_person, disable
from declaration.protocol.statement import By
from declaration.web.clock import now
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player

NAMED = '<span lang="en">secretariat registrar</span> (secretariat)'


def by(play: Player, party: str, role: str) -> By:
    key = next(each for each in play.state.keys.values() if (each.party, each.role) == (party, role))
    return By(key.fingerprint, party, role)


def said(play: Player, one: By, reader: str | None = "rapporteur") -> str:
    with play.app.test_request_context():
        g.forum, g.actor = play.forum, actor_of(play.person(reader)) if reader else None
        return str(escape(signers.signer_of(one)))


def test_a_signer_has_a_name_for_whoever_is_signed_in_alone(playing: Playing) -> None:
    with playing() as play:
        play.found()
        one = by(play, "registrar", "secretariat")
        assert said(play, one) == NAMED
        assert said(play, by(play, "kz", "head")) == '<span lang="kk">head kz</span> (head of delegation, KZ)'
        assert said(play, one, reader=None) == "secretariat (registrar)"
        assert said(play, by(play, "depositary", "depositary"), reader=None) == "depositary"
        assert said(play, by(play, "kz", "head"), reader=None) == "KZ"


def test_an_act_stays_its_signers_when_the_office_has_passed_on(playing: Playing) -> None:
    with playing() as play:
        play.found()
        one = by(play, "registrar", "secretariat")
        disable(play.session, play.person("registrar"), now=now())
        add_person(play.session, play.forum, name="Somebody else", role="secretariat", party="registrar")
        assert said(play, one) == NAMED


def test_nobody_is_named_who_has_not_enrolled_the_key(playing: Playing) -> None:
    with playing() as play:
        play.found()
        one = by(play, "registrar", "secretariat")
        play.session.query(Enrolment).filter_by(fingerprint=one.key).delete()
        assert said(play, one) == "secretariat (registrar)"


def test_a_name_is_words_and_never_markup(playing: Playing) -> None:
    with playing() as play:
        play.found()
        play.person("registrar").name = "<b>Ada</b>"
        play.session.flush()
        assert said(play, by(play, "registrar", "secretariat")) == '<span lang="en">&lt;b&gt;Ada&lt;/b&gt;</span> (secretariat)'


def test_keys_are_listed_and_found_by_their_holders_names(playing: Playing, signed_in: Callable[..., FlaskClient]) -> None:
    with playing() as play:
        play.found()
    chair = signed_in("chair")
    assert NAMED in chair.get(f"/{SLUG}/keys/authority").text
    found = chair.get(f"/{SLUG}/keys/authority?q=Secretariat+REG").text
    assert NAMED in found
    assert "secretariat rapporteur" not in found
    assert NAMED in chair.get(f"/{SLUG}/accreditations").text
