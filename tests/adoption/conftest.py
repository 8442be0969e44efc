"""A forum at a later stage, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from declaration.web.clock import SettableClock
from tests.adoption.sitting import BODIES, YEAR
from tests.comments.conftest import browser_of
from tests.drafts.conftest import Playing, begun, playing
from tests.drafts.play import DELEGATIONS

__all__ = ["begun", "browser_of", "playing"]


@pytest.fixture
def second_reading(playing: Playing, clock: SettableClock) -> Playing:
    """After the deadline and the compilation, with nothing proposed."""
    clock.advance(days=10)
    with playing() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
    return playing


@pytest.fixture
def agreed(second_reading: Playing) -> Playing:
    """The Chair has declared the text agreed ad referendum."""
    with second_reading() as play:
        play.act("chair", "declaration.declare_agreed_ad_ref-v1", play.state.current)
    return second_reading


@pytest.fixture
def presented(agreed: Playing) -> Playing:
    """Confirmed by every head, certified, final and frozen, before the plenary."""
    from declaration.drafts import operations
    from declaration.web.clock import now

    with agreed() as play:
        for party in DELEGATIONS:
            play.act(party, "confirmation.confirm-v1", play.state.current, role="head")
        play.act("chair", "declaration.begin_legal_review-v1", play.state.current)
        play.act("translator-az-2", "language_version.certify-v1", play.state.current, {"language": "az"})
        final = operations.submit_for_approval(play.session, play.forum, play.state, final=True, prepared_by=None, now=now())
        play.act("chair", "draft_version.approve_and_circulate-v1", final)
        play.act("chair", "draft_version.freeze-v1", final)
        play.act("chair", "declaration.present_for_adoption-v1", final)
    return agreed


@pytest.fixture
def adopted(presented: Playing) -> Playing:
    """The gavel has fallen."""
    with presented() as play:
        fields = {"present-az": "yes", "present-kz": "yes", "minute": "There was no objection."}
        play.act("chair", "declaration.adopt-v1", play.state.current, fields)
    return presented


@pytest.fixture
def tabled(playing: Playing, clock: SettableClock) -> Playing:
    """The second reading, with a proposal of Azerbaijan on paragraph 1 and one of Hungary on paragraph 2."""
    with playing() as play:
        play.replace("az", "OP1", YEAR, 1)
        play.replace("hu", "OP2", BODIES, 2)
    clock.advance(days=10)
    with playing() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
    return playing
