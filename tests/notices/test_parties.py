"""Keys and organizations: who hears of an accreditation, of a signature, of a key that is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.desk.telling import following
from declaration.forums.door import use_forum
from declaration.forums.models import Person
from declaration.notices.models import Followed, Notice
from declaration.notices.moments import tell_moments
from tests.support.play import Player

Told = list[tuple[str, str, str]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def played(app: Flask, work: Callable[[], AbstractContextManager[Session]]) -> Callable[[], AbstractContextManager[Player]]:
    """Open for signature, nobody has signed."""
    with work() as session:
        Player(app, session).found().negotiated(amended=False).opened()

    @contextmanager
    def again() -> Iterator[Player]:
        with work() as session:
            player = Player(app, session)
            use_forum(player.forum)
            yield player

    return again


def told(player: Player, *prefixes: str) -> Told:
    """Role, party and kind of every notice of these kinds."""
    query = select(Person.role, Person.party, Notice.kind).join(Person, Person.id == Notice.person_id)
    return sorted(tuple(row) for row in player.session.execute(query) if row[2].startswith(prefixes))


def test_a_signatorys_key_needs_a_second_person_and_then_its_holder_hears(played):
    with played() as player:
        party = player.organization(0, accredited=False)
        first = player.accredit(player.enrol(party), by="rapporteur")
        assert [each for each in told(player, "accredit/") if each[2] != "accredit/holder"] == [
            ("secretariat", "registrar", "accredit/second_person")
        ]
        assert party not in {named for _role, named, _kind in told(player, "")}
        player.act("registrar", "second-v1", first.act.digest)
        assert told(player, "second/") == [("secretariat", "rapporteur", "second/first_person"), ("signatory", party, "second/holder")]


def test_a_signature_is_told_to_its_signatory_alone_and_once(app: Flask, played):
    with played() as player:
        one, other = player.organization(0), player.organization(1)
        player.sign(one)
        assert told(player, "endorsement.sign/") == []  # hundreds do it at the same time: whoever delivers mail tells of it
    assert afterwards(app) == 1
    assert afterwards(app) == 0
    with played() as player:
        assert told(player, "endorsement.sign/") == [("signatory", one, "endorsement.sign/actor")]
        notice = player.session.scalar(select(Notice).where(Notice.kind == "endorsement.sign/actor"))
        assert notice.facts["act"] == player.state.by_party[one]
        assert other not in notice.facts.values()
        assert notice.at == player.state.endorsements[notice.facts["act"]].at
        player.sign(other)
    assert afterwards(app) == 1


def test_two_who_tell_at_the_same_moment_tell_once(app: Flask, played):
    with played() as player:
        for place in range(2):
            player.sign(player.organization(place))
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(afterwards, [app] * 4)) == [0, 0, 0, 2]


def test_a_long_record_is_followed_in_pieces(app: Flask, played, monkeypatch):
    monkeypatch.setattr(following, "_AT_ONCE", 7)
    with played() as player:
        signed = {player.sign(player.organization(place)).act.digest for place in range(3)}
    assert afterwards(app) == 3
    with played() as player:
        query = select(Notice).where(Notice.kind == "endorsement.sign/actor")
        assert {notice.facts["act"] for notice in player.session.scalars(query)} == signed
        assert player.session.scalar(select(Followed.entries)) == player.state.size


def test_what_could_not_be_told_is_told_later(app: Flask, played, monkeypatch):
    with played() as player:
        party = player.organization(0)
        player.sign(party)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="no room"):
        broken.setattr(following, "tell_of_all", refuse)
        afterwards(app)
    assert afterwards(app) == 1
    with played() as player:
        assert told(player, "endorsement.sign/") == [("signatory", party, "endorsement.sign/actor")]


def refuse(*_: object, **__: object) -> int:
    raise OSError("no room")


def afterwards(app: Flask) -> int:
    with app.app_context():
        return following.tell_afterwards()


def test_signatories_hear_nothing_of_the_negotiation(played):
    with played() as player:
        player.organization(0)
        assert {kind.split("/")[0] for role, _party, kind in told(player, "") if role == "signatory"} == {"second"}


def test_who_signed_is_not_reminded(played, app):
    with played() as player:
        one, other = player.organization(0), player.organization(1)
        player.sign(one)
        player.advance(days=54)
    with app.app_context():
        assert tell_moments() == 1
    with played() as player:
        assert told(player, "hour.window") == [("signatory", other, "hour.window-week")]


def test_who_did_not_sign_in_time_is_told_what_is_left(played, app):
    with played() as player:
        one, other = player.organization(0), player.organization(1)
        player.sign(one)
        player.advance(days=61)
    with app.app_context():
        tell_moments()
    with played() as player:
        assert told(player, "hour.lapsed") == [("signatory", other, "hour.lapsed-accede")]
        player.act("depositary", "declaration.close_accession-v1", player.state.adopted, {"reason": "Closed."})
        player.advance(minutes=1)
    with app.app_context():
        tell_moments()
    with played() as player:
        assert told(player, "hour.lapsed") == [("signatory", other, "hour.lapsed"), ("signatory", other, "hour.lapsed-accede")]
