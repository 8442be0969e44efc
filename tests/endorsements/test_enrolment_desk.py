"""The enrolment desks: two officers are two persons, two desks never take the same person, and nothing is found that is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from declaration.credentials import spoken
from declaration.credentials.models import Enrolment
from declaration.desk import enrolment_desk as desk
from declaration.errors import Conflict, Malformed, NotFound
from declaration.forums import sessions
from declaration.forums.queries import invitations_of
from declaration.protocol.keys import public_key_of
from declaration.web.clock import SettableClock, now
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player, as_form, private_key
from tests.support.snapshots import Beginning

SignedIn = Callable[..., FlaskClient]
DESK = f"/{SLUG}/desk"
FIRST, OTHER = "az.sample-az-0002", "tr.sample-tr-0001"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def hall(playing: Playing, beginning: Beginning) -> Playing:
    """Two organizations whose keys wait, and one without a key."""

    def build() -> None:
        with playing() as play:
            play.found()
            for place in range(3):
                play.organization(place, accredited=False)
            for party in (FIRST, OTHER):
                play.enrol(party)
                play.advance(minutes=1)

    beginning("enrolment desk", build)
    return playing


def read(play: Player) -> desk.Desk:
    return desk.read(play.session, play.forum, play.state, now())


def visit(play: Player, party: str) -> desk.Visit:
    return desk.one(read(play), play.person(party).id)


def test_a_fingerprint_is_said_in_groups_and_found_by_a_code() -> None:
    fingerprint = public_key_of(private_key("a", "b")).fingerprint
    assert "".join(spoken.groups(fingerprint, 16)) == spoken._bytes(fingerprint).hex()
    code = spoken.code(fingerprint)
    assert spoken.read_code(f" {code.lower().replace('-', ' ')} ") == code
    assert spoken.read_code("0IL-O11") == "011-011"
    for nothing in ("", "ABC", "ABC-DEFG", "ÜBC-DEF", "ABU-DEF"):
        assert spoken.read_code(nothing) is None
    with pytest.raises(Malformed):
        spoken.groups("MD5:00")


def test_a_person_passes_two_officers_and_each_lets_the_person_go(hall: Playing) -> None:
    with hall() as play:
        one, two = play.actor("rapporteur"), play.actor("registrar")
        taken = desk.take_next(play.session, one, read(play), desk.FIRST, now=now())
        assert taken is not None
        assert taken.person.party == FIRST  # who came first
        assert [each.person.party for each in read(play).mine(one)] == [FIRST]
        first = play.accredit(visit(play, FIRST).enrolment.id, by="rapporteur")
        assert read(play).mine(one) == []
        assert desk.take_next(play.session, one, read(play), desk.SECOND, now=now()) is None  # never the same person
        confirming = desk.take_next(play.session, two, read(play), desk.SECOND, now=now())
        assert confirming is not None
        assert confirming.first.digest == first.act.digest
        second = play.act("registrar", "second-v1", first.act.digest)
        assert (visit(play, FIRST).stage, read(play).mine(two)) == (desk.DONE, [])
        assert [(each.first, each.second) for each in desk.latest(play.state)] == [(first.act.index, second.act.index)]


def test_two_desks_do_not_take_the_same_person(hall: Playing, clock: SettableClock) -> None:
    with hall() as play:
        one, two, seen = play.actor("rapporteur"), play.actor("registrar"), visit(play, FIRST)
        desk.take(play.session, one, seen, now=now())
        with pytest.raises(Conflict) as refused:  # drawn before the other desk was faster
            desk.take(play.session, two, seen, now=now())
        assert (refused.value.code, "rapporteur" in refused.value.message) == ("desk.served", True)
        following = desk.take_next(play.session, two, read(play), desk.FIRST, now=now())
        assert following is not None
        assert following.person.party == OTHER
        desk.let_go(play.session, two, seen.person.id)  # not whom somebody else serves
        assert read(play).mine(one) != []
        desk.take(play.session, two, seen, now=now(), over=True)
        assert (read(play).mine(one), len(read(play).mine(two))) == ([], 2)
        clock.advance(minutes=desk.LASTS / timedelta(minutes=1))
        desk.take(play.session, one, seen, now=now())  # called away for long


def test_the_same_person_is_no_second_officer_through_the_doors(hall: Playing, signed_in: SignedIn) -> None:
    with hall() as play:
        row = visit(play, FIRST).enrolment.id
        first = play.accredit(row, by="rapporteur")
        form = as_form(play.signed("rapporteur", "second-v1", first.act.digest))
        number = play.person(FIRST).id
    client = signed_in("rapporteur")
    page = client.get(f"{DESK}/{number}").text
    assert "the second person must be another person" in page.lower().replace("’", "'")
    named = '<span lang="en">secretariat rapporteur</span> (secretariat)'
    assert f"<dt>First officer</dt><dd>{named}" in page
    assert f"first officer: {named}" in signed_in("registrar").get(DESK).text
    assert client.post(f"/{SLUG}/act", data=form).status_code >= 400
    with hall() as play:
        assert visit(play, FIRST).stage == desk.SECOND


def test_whom_the_secretariat_looks_for(hall: Playing) -> None:
    with hall() as play:
        kz = play.person("kz.sample-kz-0001")
        token = sessions.invite(play.session, kz, now=now())
        code = visit(play, FIRST).code

        def found(typed: str) -> list[str]:
            return [each.person.party for each in desk.find(play.session, play.forum, read(play), typed)]

        assert found(code) == found(f"https://declaration.example/{SLUG}/desk/code/{code}") == [FIRST]
        assert found(f"https://declaration.example/sign-in/{token}") == found(token) == [kz.party]
        assert invitations_of(play.session, kz)[0].consumed_at is None  # looking uses no invitation up
        assert found(visit(play, OTHER).enrolment.fingerprint) == [OTHER]
        assert found("isik") == found("Çağrı") == found("sample-tr-0001") == [OTHER]
        assert found("") == found(token[::-1]) == found("SHA256:nothing") == found("nobody of this name") == []
        with pytest.raises(NotFound):
            desk.one(read(play), play.person("rapporteur").id)


@pytest.mark.parametrize("party", ["chair", "depositary", "az", FIRST])
def test_the_desks_are_the_secretariats(hall: Playing, signed_in: SignedIn, party: str) -> None:
    with hall() as play:
        number = play.session.query(Enrolment).filter_by(person_id=play.person(OTHER).id).one().person_id
    client = signed_in(party, "head" if party == "az" else None)
    for path in (DESK, f"{DESK}/now", f"{DESK}/{number}", f"{DESK}/code/ABC-DEF"):
        assert client.get(path).status_code == 403, path
    for path in (f"{DESK}/find", f"{DESK}/next", f"{DESK}/{number}/take", f"{DESK}/{number}/let-go"):
        assert client.post(path).status_code == 403, path


def test_the_pages_from_an_empty_hall_to_one_screen(hall: Playing, signed_in: SignedIn) -> None:
    client = signed_in("rapporteur")
    taken = client.post(f"{DESK}/find", data={"q": ""})  # Enter alone
    page = client.get(taken.location)
    assert (taken.status_code, page.status_code) == (303, 200)
    with hall() as play:
        groups = " ".join(spoken.groups(visit(play, FIRST).enrolment.fingerprint))
    assert groups in page.text
    other = signed_in("registrar")
    assert "rapporteur" in other.get(taken.location).text
    assert other.post(f"{taken.location}/take").status_code == 409
    fragment = other.get(f"{DESK}/now")
    assert other.get(f"{DESK}/now", headers={"If-None-Match": fragment.headers["ETag"]}).status_code == 304
    mine = signed_in(FIRST).get(f"{DESK}/mine").text
    assert groups in mine
    assert signed_in("kz.sample-kz-0001").get(f"{DESK}/mine").status_code == 404
    for _each in range(2):
        other.post(f"{DESK}/next", data={"stage": "first"})
    assert other.post(f"{DESK}/next", data={"stage": "second"}).location.endswith("/desk")  # nobody there: said, not failed
    assert "Nobody waits for you there now." in other.get(DESK).text
