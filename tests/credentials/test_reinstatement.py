"""A signatory's key back in force: by two persons of the secretariat, through the doors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from declaration.errors import Refused
from declaration.procedure import standing
from declaration.web.clock import now
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player
from tests.support.snapshots import Beginning

SignedIn = Callable[..., FlaskClient]
AZ = "az.sample-az-0002"
REASON = {"reason": "Identified again, with the passport."}


@pytest.fixture
def suspended(playing: Playing, beginning: Beginning) -> Playing:
    """An organization's key is suspended by its holder."""

    def build() -> None:
        with playing() as play:
            play.found().negotiated().opened()
            play.organization(0)
            play.act(AZ, "key.suspend-v1", accreditation(play), {"reason": "The phone is lost."})

    beginning("suspended", build)
    return playing


def accreditation(play: Player) -> str:
    return play.state.parties[AZ].accreditation


def status(play: Player) -> str:
    return standing.key_status(play.state, next(key for key in play.state.keys.values() if key.party == AZ), now())


def test_one_secretary_reinstates_nothing_and_a_second_one_sees_it_waiting(suspended: Playing, signed_in: SignedIn) -> None:
    with suspended() as play:
        first = play.act("rapporteur", "key.reinstate-v1", accreditation(play), REASON).act.digest
        assert status(play) == "suspended"
        for code, attempt in (
            ("key.suspended", lambda: play.sign(AZ)),
            ("second.same-person", lambda: play.act("rapporteur", "second-v1", first)),
            ("key.reinstatement-waits", lambda: play.act("registrar", "key.reinstate-v1", accreditation(play), REASON)),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.code == code
    other = signed_in("registrar")
    assert "One act on a key waits for a second person" in other.get(f"/{SLUG}/home").text
    assert "The key is to be reinstated" in other.get(f"/{SLUG}/keys/authority").text
    assert "waits for a second person" not in signed_in("rapporteur").get(f"/{SLUG}/home").text
    with suspended() as play:
        play.act("registrar", "second-v1", first)
        assert status(play) == "active"
        play.sign(AZ)


def test_its_holder_hears_of_it_when_it_is_in_force_and_not_before(suspended: Playing, signed_in: SignedIn) -> None:
    told = "Your key is active again"
    with suspended() as play:
        first = play.act("rapporteur", "key.reinstate-v1", accreditation(play), REASON).act.digest
    assert told not in signed_in(AZ).get(f"/{SLUG}/messages").text
    assert "is to be reinstated, and waits for a second person" in signed_in("registrar").get(f"/{SLUG}/messages").text
    with suspended() as play:
        play.act("registrar", "second-v1", first)
    assert told in signed_in(AZ).get(f"/{SLUG}/messages").text
