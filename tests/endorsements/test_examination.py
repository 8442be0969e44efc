"""Taking authority back, examining signatures, signing by two: through the pages and the doors behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from declaration.credentials import enrolment
from declaration.endorsements import models
from declaration.endorsements.organizations import add_signatory
from declaration.errors import DeclarationError, Malformed, NotFound
from declaration.forums.door import COOKIE
from declaration.forums.sessions import start_session
from declaration.procedure import standing
from declaration.protocol.encoding import format_time
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from declaration.web.clock import now
from declaration.web.security import cookie_name
from tests.conftest import browser_client
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player, private_key

SignedIn = Callable[..., FlaskClient]
AZ = "az.sample-az-0002"
REASON = {"reason": "Reported by telephone."}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def key_of(play: Player, party: str = AZ, number: int = 1) -> str:
    fingerprint = public_key_of(private_key(party, "signatory", number)).fingerprint
    return play.state.keys[fingerprint].accreditation


def status(play: Player, party: str = AZ) -> str:
    """In the record and in the row, which must agree."""
    digest = play.state.by_party[party]
    row = play.session.scalars(select(models.Endorsement).where(models.Endorsement.statement == digest)).one()
    assert row.status == play.state.endorsements[digest].status
    return row.status


def test_a_stolen_key_through_the_doors(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        play.advance(hours=3)
        play.act(AZ, "endorsement.withdraw-v1", play.state.by_party[AZ], REASON)
        play.advance(hours=1)
        play.act("rapporteur", "key.suspend-v1", key_of(play), REASON)
        since = format_time(now() - timedelta(hours=2))
        first = play.act("rapporteur", "revoke-v1", key_of(play), {"why": "compromised", "since": since, **REASON})
    office, keeper = signed_in("registrar"), signed_in("depositary")
    assert "A second person is awaited" in office.get(f"/{SLUG}/keys/authority").text
    with playing() as play:
        play.act("registrar", "second-v1", first.act.digest)
        assert status(play) == "withdrawn"
    page = keeper.get(f"/{SLUG}/register/examination").text
    assert "with a key that had been lost by then" in page
    assert "Set the withdrawal aside" in page
    with playing() as play:
        digest = play.state.by_party[AZ]
        play.act("depositary", "endorsement.set_aside_withdrawal-v1", digest, REASON)
        assert status(play) == "counted"
        play.act("depositary", "endorsement.question-v1", digest, {"reason": "The board is asked."})
        assert status(play) == "held"
    mine = signed_in(AZ).get(f"/{SLUG}/sign").text
    assert "The board is asked." in mine
    assert (mine.count("The receipt of the withdrawal"), "Open the receipt" in mine) == (1, True), "set aside, it keeps its receipt"
    public = keeper.get(f"/{SLUG}/register/1").text
    assert "the depositary examines the signature" in public
    assert "Withdrawal set aside" in public
    assert "1 held." in keeper.get(f"/{SLUG}/register").text
    with playing() as play:
        play.act("depositary", "endorsement.release-v1", play.state.by_party[AZ], REASON)
        assert status(play) == "counted"
    detail = office.get(f"/{SLUG}/keys/authority/{first.act.object}").text
    assert "Compromised: lost, stolen, or used by somebody else" in detail


def test_what_was_signed_before_the_loss_stands_and_is_shown_as_such(playing: Playing, signed_in: SignedIn) -> None:
    """Nobody signs again; the depositary finds it, and can ask."""
    with playing() as play:
        play.played("en")
        play.advance(hours=3)
        since = format_time(now() - timedelta(hours=1))
        first = play.act("rapporteur", "revoke-v1", key_of(play), {"why": "compromised", "since": since, **REASON})
    public, keeper = f"/{SLUG}/register/1", f"/{SLUG}/register/examination"
    assert "This signature came before, and stands." not in signed_in("chair").get(public).text
    with playing() as play:
        play.act("registrar", "second-v1", first.act.digest)
        assert status(play) == "counted"
    assert "This signature came before, and stands." in signed_in("chair").get(public).text
    page = signed_in("depositary").get(keeper).text
    assert "Signed before the key was lost" in page
    assert "Nothing is held." in page
    with playing() as play:
        play.act("depositary", "endorsement.question-v1", play.state.by_party[AZ], REASON)
    assert "Signed before the key was lost" not in signed_in("depositary").get(keeper).text, "it is examined already"


def second_person(play: Player, party: str) -> str:
    """A second person of the organization with an accredited key; the token of a session."""
    person = add_signatory(play.session, play.forum, party, person="Aygün Səfərova", office="baş katib")
    key = private_key(party, "signatory", 2)
    row = enrolment.begin(play.session, play.forum, person.id, now=now())
    public = public_key_of(key)
    message = possession(play.state.known.digest, public.fingerprint, row.nonce)
    proof = sign(key, possession_namespace(play.forum.origin), message)
    enrolment.finish(play.session, play.forum, row, public.openssh, proof, now=now())
    first = play.accredit(row.id, by="rapporteur", joint="yes")
    play.act("registrar", "second-v1", first.act.digest)
    return start_session(play.session, person, user_agent="test", now=now())


def test_two_sign_for_one_organization(app: Flask, playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0, joint="yes")
        token = second_person(play, party)
        play.sign(party)
        assert status(play) == "held"
        with pytest.raises(DeclarationError) as refused:
            play.act("depositary", "endorsement.release-v1", play.state.by_party[party], REASON)
        assert refused.value.code == "endorsement.one-of-two"
    first = signed_in(party).get(f"/{SLUG}/sign").text
    assert "The second person signs on an own page" in first
    browser = browser_client(app)
    with app.app_context():
        browser.set_cookie(cookie_name(COOKIE), token)
        browser.set_cookie(cookie_name("language"), "en")
    second = browser.get(f"/{SLUG}/sign").text
    assert "Countersign" in second
    assert "The first of the two persons" in second
    with playing() as play:
        fields = {"language": "en", "read": "yes", "consent": "yes"}
        play.act(party, "endorsement.countersign-v1", play.state.by_party[party], fields, number=2)
        assert status(play) == "held"
        play.act("depositary", "endorsement.release-v1", play.state.by_party[party], REASON)
        assert status(play) == "counted"


def test_after_an_annulment_the_organization_signs_again(playing: Playing) -> None:
    with playing() as play:
        play.played("en")
        first = play.state.by_party[AZ]
        play.act("depositary", "endorsement.question-v1", first, REASON)
        play.act("depositary", "endorsement.annul-v1", first, REASON)
        play.advance(minutes=1)
        play.sign(AZ)
        assert status(play) == "counted"
        rows = play.session.scalars(select(models.Endorsement).order_by(models.Endorsement.position)).all()
        assert [row.status for row in rows] == ["annulled", "counted"]


def test_a_lost_key_is_replaced_under_the_same_mandate(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
        play.organization(0, until="2026-12-31")
        old = key_of(play)
        play.act(AZ, "key.suspend-v1", old, REASON)
        row = play.enrol(AZ, number=2)
    assert "Replaces a key under the same mandate" in signed_in("rapporteur").get(f"/{SLUG}/accreditations").text
    with playing() as play:
        first = play.accredit(row, by="rapporteur", continues=old, until="2030-01-01", capacity="personal")
        play.act("registrar", "second-v1", first.act.digest)
        renewed = play.state.keys[public_key_of(private_key(AZ, "signatory", 2)).fingerprint]
        before = standing.key_named(play.state, old)
        assert (renewed.mandate, renewed.valid_until, renewed.capacity) == (old, before.valid_until, "organization")
    page = signed_in(AZ).get(f"/{SLUG}/keys").text
    assert "Suspended: nothing can be signed with it" in page
    assert "Suspend this key now" in page


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"why": "stolen", **REASON}, "revoke.why"),
        ({"why": "compromised", **REASON}, "hour.missing"),
        ({"why": "left_office"}, "reason.missing"),
    ],
)
def test_a_revocation_is_composed_of_what_it_needs(playing: Playing, fields: dict[str, str], code: str) -> None:
    with playing() as play:
        play.found()
        play.organization(0)
        with pytest.raises(Malformed) as refused:
            play.signed("rapporteur", "revoke-v1", key_of(play), fields)
        assert refused.value.code == code


@pytest.mark.parametrize("who", [AZ, "translator-az-1"])
def test_who_may_not_look_at_authority(playing: Playing, signed_in: SignedIn, who: str) -> None:
    with playing() as play:
        play.found()
        play.organization(0)
    browser = signed_in(who)
    assert browser.get(f"/{SLUG}/keys/authority").status_code == 403
    assert browser.get(f"/{SLUG}/register/examination").status_code == 403


def test_a_key_that_is_not_theirs_is_not_found(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
        play.organization(0)
        digest = key_of(play)
    assert signed_in("chair").get(f"/{SLUG}/keys/authority/{digest}").status_code == 404
    assert signed_in("kz").get(f"/{SLUG}/keys/authority/{digest}").status_code == 404
    assert signed_in("rapporteur").get(f"/{SLUG}/keys/authority/{digest}").status_code == 200


def test_the_chair_is_passed_to_an_enrolled_key_of_the_next_chair_alone(playing: Playing) -> None:
    with playing() as play:
        play.found()
        row = play.enrol("az", role="head", number=2)
        with pytest.raises(NotFound) as refused:
            play.signed("chair", "succeed-v1", play.state.known.digest, {"enrolment": str(row)})
        assert refused.value.code == "enrolment.unknown"
        own = play.enrol("chair", number=2)
        play.act("chair", "succeed-v1", play.state.known.digest, {"enrolment": str(own)})
        with pytest.raises(DeclarationError) as ended:
            play.accredit(row)
        assert ended.value.code == "key.revoked"


def test_a_statement_stands_beside_the_signature(playing: Playing, signed_in: SignedIn) -> None:
    fields = {"language": "en", "read": "yes", "consent": "yes"}
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
        for words, code in (("x" * 2001, "endorsement.statement"), ("Biz\u202e", "letters.refused")):
            with pytest.raises(Malformed) as refused:
                play.signed(party, "endorsement.sign-v1", play.state.adopted, {**fields, "remark": words})
            assert refused.value.code == code
        given = {**fields, "remark": "OP2 bizim üçün ildə bir dəfə deməkdir."}
        play.act(party, "endorsement.sign-v1", play.state.adopted, given)
    page = signed_in("chair").get(f"/{SLUG}/register/1").text
    assert "OP2 bizim üçün ildə bir dəfə deməkdir." in page
    assert "changes nothing in the text" in page


def test_the_register_as_at_a_past_moment(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en", "tr")
        before = format_time(now())
        play.advance(hours=2)
        play.act(AZ, "endorsement.withdraw-v1", play.state.by_party[AZ], REASON)
        play.advance(hours=2)
        later = format_time(now() + timedelta(days=1))
    browser = signed_in("chair")
    assert "1 signature, valid" in browser.get(f"/{SLUG}/register").text
    then = browser.get(f"/{SLUG}/register?at={before}").text
    assert "2 signatures, all valid" in then
    assert "1 withdrawn" not in then
    for moment in (later, "2020-01-01T00:00:00Z", "yesterday"):
        assert browser.get(f"/{SLUG}/register?at={moment}").status_code == 404
