"""Who has not signed yet: how far each is, who sees whom, and that nobody is reminded twice on a day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from declaration.desk import unsigned
from declaration.desk.unsigned import MAY_SIGN, NO_MANDATE, NOT_ACTIVATED, NOT_ENROLLED, ONE_OF_TWO
from declaration.endorsements import entitlement
from declaration.endorsements.organizations import add_signatory
from declaration.errors import Refused
from declaration.notices import preferences
from declaration.notices.models import Notice
from declaration.web.clock import SettableClock, now
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player
from tests.support.snapshots import Beginning

SignedIn = Callable[..., FlaskClient]
PAGE = f"/{SLUG}/unsigned"
SIGNED, TR, KZ, AZ = "az.sample-az-0002", "tr.sample-tr-0001", "kz.sample-kz-0001", "az.sample-az-0010"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def opened(playing: Playing, beginning: Beginning) -> Playing:
    """One has signed; of three others the key of one is in force, one's waits, and one has nothing."""

    def build() -> None:
        with playing() as play:
            play.found().negotiated().opened()
            play.sign(play.organization(0))
            play.organization(1)
            play.organization(2, accredited=False)
            play.organization(3, accredited=False)
            play.enrol(KZ)
            for party in (TR, KZ):
                play.person(party).email = f"{party}@declaration.example"

    beginning("unsigned", build)
    return playing


def missing(play: Player, who: str = "rapporteur", role: str | None = None) -> dict[str, unsigned.Missing]:
    found = unsigned.missing(play.session, play.forum, play.state, play.actor(who, role), now())
    return {row.party: row for row in found}


def remind(play: Player, *parties: str) -> int:
    rows = missing(play)
    chosen = [rows[party] for party in parties]
    return unsigned.remind(play.session, play.forum, play.state, play.actor("rapporteur"), chosen, now=now())


def test_how_far_each_of_them_is(opened: Playing) -> None:
    with opened() as play:
        assert {party: row.state for party, row in missing(play).items()} == {TR: MAY_SIGN, KZ: NOT_ACTIVATED, AZ: NO_MANDATE}
        entitlement.file(play.session, play.forum, play.actor(AZ), AZ, "decision", b"%PDF-1.7 of the board\n%%EOF", now=now())
        assert missing(play)[AZ].state == NOT_ENROLLED
        play.act(TR, "key.suspend-v1", play.state.parties[TR].accreditation, {"reason": "lost"})
        assert missing(play)[TR].state == NOT_ENROLLED
        assert unsigned.by_country(missing(play).values())["az"][NOT_ENROLLED] == 1


def test_of_two_who_sign_jointly_the_second_is_reminded_alone(opened: Playing) -> None:
    with opened() as play:
        second = add_signatory(play.session, play.forum, AZ, person="Another", office="deputy")
        play.accredit_signatory(AZ, joint="yes")
        play.sign(AZ)
        row = missing(play)[AZ]
        assert (row.state, [one.id for one in row.remindable]) == (ONE_OF_TWO, [second.id])


def test_what_was_struck_off_is_not_waited_for_and_what_was_refused_may_sign_again(opened: Playing) -> None:
    with opened() as play:
        digest = play.state.organizations[TR].digest
        play.act("rapporteur", "organization.strike_off-v1", digest, {"document": "0" * 64, "reason": "dissolved"})
        assert TR not in missing(play)
        signed = play.state.by_party[SIGNED]
        for act in ("question", "refuse"):
            play.act("depositary", f"endorsement.{act}-v1", signed, {"reason": "not in due form"})
        assert missing(play)[SIGNED].state == MAY_SIGN


def test_nobody_is_reminded_twice_on_a_day_of_the_forum(opened: Playing, clock: SettableClock) -> None:
    with opened() as play:
        assert remind(play, TR, KZ) == 2
        assert missing(play)[TR].today
        clock.advance(hours=1)
        assert remind(play, TR, AZ) == 1  # an hour later, another one alone
        assert [row.party for row in unsigned.plan(play.session, missing(play).values()).left_out] == [AZ, KZ, TR]
        clock.advance(hours=24)
        assert not missing(play)[TR].today
        assert remind(play, TR) == 1
        batches = unsigned.sent(play.session, play.forum)
        assert [(each.count, each.by, each.waiting) for each in batches] == [(n, "rapporteur", n) for n in (1, 1, 2)]
        kinds = {notice.kind for notice in play.session.query(Notice).filter(Notice.kind.startswith("reminder."))}
        assert kinds == {"reminder.sign", "reminder.desk", "reminder.mandate"}


def test_nobody_is_reminded_of_what_cannot_be_done(opened: Playing, clock: SettableClock) -> None:
    with opened() as play:
        window = play.state.window
        clock.set(window.closes)
        assert remind(play, TR) == 1  # accession is open
        play.act("depositary", "declaration.close_accession-v1", play.state.adopted, {"reason": "the Chair decided"})
        with pytest.raises(Refused) as refused:
            remind(play, KZ)
        assert refused.value.code == "reminder.closed"


def test_preferences_are_respected(opened: Playing) -> None:
    with opened() as play:
        rows = list(missing(play).values())
        assert [one.party for one in unsigned.plan(play.session, rows).mailed] == [KZ, TR]
        person = play.person(KZ)
        preferences.choose(play.session, person.id, mode="none", hour="7", zone="Asia/Almaty", now=now())
        plan = unsigned.plan(play.session, rows)
        assert ([one.party for one in plan.mailed], {one.party for one in plan.page_only}) == ([TR], {KZ, AZ})


def test_a_head_sees_and_reminds_the_own_country_alone(opened: Playing, signed_in: SignedIn) -> None:
    with opened() as play:
        assert set(missing(play, "az", "head")) == {AZ}
    head = signed_in("az", "head")
    page = head.get(PAGE).text
    assert ("İlham Gənclər" in page, "Işık" in page) == (True, False)
    assert head.post(f"{PAGE}/reminders", data={"party": TR}).status_code == 400  # not theirs to know of
    assert head.post(f"{PAGE}/review", data={"all": "yes", "country": "tr"}).status_code == 400
    for party in ("chair", "depositary", SIGNED):
        other = signed_in(party)
        assert {other.get(PAGE).status_code, other.post(f"{PAGE}/reminders", data={"party": TR}).status_code} == {403}


def test_it_is_confirmed_before_it_is_sent(opened: Playing, signed_in: SignedIn) -> None:
    client = signed_in("rapporteur")
    review = client.post(f"{PAGE}/review", data={"all": "yes", "country": "", "state": "", "q": ""})
    assert (review.status_code, "3 persons would be reminded" in review.text) == (200, True)
    with opened() as play:
        assert unsigned.sent(play.session, play.forum) == []
    assert client.post(f"{PAGE}/reminders", data={"party": [TR, KZ, AZ]}).status_code == 303
    page = client.get(PAGE).text
    assert "3 persons are reminded." in page
    assert "by secretariat (rapporteur)" in page
    assert client.post(f"{PAGE}/reminders", data={"party": [TR]}).status_code == 303
    assert "Nobody was reminded" in client.get(PAGE).text
    assert "may sign, and has not yet" in signed_in(TR).get(f"/{SLUG}/messages").text
    assert client.post(f"{PAGE}/review").status_code == 400
