"""Versions in the database: stored once, read back exactly, never remembered before they are there."""

from __future__ import annotations

import pytest
from flask import Flask

from declaration.drafts import operations, queries
from declaration.drafts.library import read_version
from declaration.drafts.models import Version, WorkingVersion
from declaration.errors import Malformed, NotFound, Refused
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.transaction import unit_of_work
from tests.drafts.conftest import Playing
from tests.drafts.play import Play, units

APPROVE = "draft_version.approve_and_circulate-v1"


def store_zero(play: Play) -> str:
    return operations.store_zero_draft(play.session, play.forum, {"en": units(), "az": units("az")}, now=now())


def test_a_zero_draft_waits_for_the_chair_and_is_stored_once(begun: Playing) -> None:
    with begun() as play:
        first, again = store_zero(play), store_zero(play)
        assert first == again
        assert play.session.query(Version).count() == play.session.query(WorkingVersion).count() == 1
        waiting = queries.waiting(play.session, play.forum)
        assert waiting is not None
        assert waiting.digest == first
        assert play.state.current is None


def test_an_approved_version_no_longer_waits(playing: Playing) -> None:
    with playing() as play:
        assert queries.waiting(play.session, play.forum) is None
        last = queries.last_working(play.session, play.forum)
        assert last is not None
        assert (last.status, last.digest) == ("approved", play.state.current)


def test_what_is_rolled_back_is_not_remembered(begun: Playing, app: Flask) -> None:
    digests: list[str] = []
    with pytest.raises(KeyError), begun() as play:
        digests.append(store_zero(play))
        assert read_version(play.session, play.forum.id, digests[0]) is not None
        raise KeyError("the transaction fails")
    with begun() as play:
        assert read_version(play.session, play.forum.id, digests[0]) is None


def test_what_is_committed_is_read_once(playing: Playing, app: Flask) -> None:
    with playing() as play:
        digest, forum_id = play.state.current or "", play.forum.id
    with app.app_context(), unit_of_work() as session:
        one = read_version(session, forum_id, digest)
    with app.app_context(), unit_of_work():
        assert read_version(current_session(), forum_id, digest) is one


def test_another_forum_does_not_find_it(playing: Playing) -> None:
    with playing() as play:
        assert read_version(play.session, play.forum.id + 1, play.state.current or "") is None


def test_the_next_version_follows_an_accepted_proposal(playing: Playing) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
    with playing() as play:
        digest = operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
        play.act("chair", APPROVE, digest)
        assert play.state.current == digest
    with playing() as play:
        assert queries.working_text(play.session, play.forum, play.state, "en")["OP1"] == "Decide to meet every year;"
        assert queries.find_circulated(play.state, "Rev.1").digest == digest


def test_nothing_new_is_not_submitted(playing: Playing) -> None:
    with playing() as play, pytest.raises(Refused) as caught:
        operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
    assert caught.value.code == "version.unchanged"


def test_a_version_that_the_text_has_left_behind_cannot_be_approved(playing: Playing) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
        digest = operations.compose_next(play.session, play.forum, play.state, final=False)
        play.accept(play.replace("hu", "OP2", "Invite everybody;", 2))
    with pytest.raises(Refused) as caught, playing() as play:
        play.act("chair", APPROVE, digest)
    assert caught.value.code == "version.words-unaccounted"


def test_submitting_again_withdraws_what_lay_before_the_chair(playing: Playing) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
        old = operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
        play.accept(play.replace("hu", "OP2", "Invite everybody;", 2))
        new = operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
        statuses = {row.digest: row.status for row in play.session.query(WorkingVersion) if row.digest in (old, new)}
        assert statuses == {old: "withdrawn", new: "under_chair_review"}


def test_returning_needs_a_reason_and_the_version_that_waits(begun: Playing) -> None:
    with begun() as play:
        digest = store_zero(play)
        for reason, code in (("", "reason.missing"), ("  ", "reason.missing"), ("a" * 2001, "reason.too-long")):
            with pytest.raises(Malformed) as caught:
                operations.return_for_work(play.session, play.forum, digest, reason, now=now())
            assert caught.value.code == code
        with pytest.raises(NotFound):
            operations.return_for_work(play.session, play.forum, "0" * 64, "Another one", now=now())
        operations.return_for_work(play.session, play.forum, digest, "The title is wrong.", now=now())
        assert queries.waiting(play.session, play.forum) is None
        with pytest.raises(NotFound):
            operations.return_for_work(play.session, play.forum, digest, "Twice", now=now())


@pytest.mark.parametrize("name", ["", "Rev.9", "0000000", "00000000", "ZD/", "zd", "%"])
def test_no_version_has_this_name(playing: Playing, name: str) -> None:
    with playing() as play, pytest.raises(NotFound):
        queries.find_circulated(play.state, name)


def test_a_version_is_found_by_its_names(playing: Playing) -> None:
    with playing() as play:
        digest = play.state.current or ""
        for name in ("ZD", "FORUM/2025/JD/ZD", digest, digest[:8]):
            assert queries.find_circulated(play.state, name).digest == digest


@pytest.mark.parametrize(
    ("text", "code"),
    [(" ends in space ", "unit.text"), ("two\nlines", "unit.text"), ("e\u0301", "unit.text"), ("a" * 20_001, "translation.too-long")],
)
def test_words_that_are_not_a_units_text_are_not_kept(begun: Playing, text: str, code: str) -> None:
    with begun() as play, pytest.raises(Malformed) as caught:
        operations.save_words(play.session, play.forum, [text])
    assert caught.value.code == code


def test_the_same_words_are_kept_once(begun: Playing) -> None:
    with begun() as play:
        one = operations.save_words(play.session, play.forum, ["Qərara alırıq;", "Qərara alırıq;"])
        two = operations.save_words(play.session, play.forum, ["Qərara alırıq;"])
        assert one[0] == one[1] == two[0]
