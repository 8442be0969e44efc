"""Signatures that arrive together: one commit, a verdict for each, and whatever goes wrong concerns its own act alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from declaration.credentials import acts, together
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.signing import Signed
from declaration.desk.telling.following import tell_afterwards
from declaration.drafts.library import library
from declaration.endorsements.models import Endorsement
from declaration.endorsements.operations import SIGN, WITHDRAW, columns, projected
from declaration.errors import DeclarationError, ProofInvalid, ServiceHeld
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.notices.models import Notice
from declaration.procedure.act import act_of
from declaration.procedure.replay import advance, new_state
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.entry import parse_entry
from declaration.protocol.note import parse_vkey
from declaration.protocol.receipt import parse_receipt
from declaration.protocol.statement import parse_statement
from declaration.transparency import audit, queries, receipts, watch
from declaration.transparency.guard import Guard, Mark
from declaration.transparency.models import Log, LogCheckpoint, LogEntry
from declaration.transparency.operations import lock
from declaration.transparency.signing import current_signing
from declaration.web.clock import now
from declaration.web.db import current_session, reading
from declaration.web.direct import Direct
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG, nonce

Work = Callable[[], AbstractContextManager[Session]]
Verdict = Recorded | BaseException

PATIENCE = 30.0
PLACES = range(len(ORGANIZATIONS))


@contextmanager
def asking(app: Flask) -> Iterator[tuple[Session, Forum]]:
    """What a request that signs has: a transaction that reads."""
    with app.app_context(), reading():
        session = current_session()
        forum = session.scalars(select(Forum).where(Forum.slug == SLUG)).one()
        use_forum(forum)
        yield session, forum


def verdict_of(app: Flask, signed: Signed) -> Verdict:
    with asking(app) as (session, forum):
        try:
            return together.perform(session, forum, signed, now=now())
        except Exception as error:  # whatever it is, it is what this one is told
            return error


def at_once(app: Flask, work: Work, first: Signed, *others: Signed) -> list[Verdict]:
    """Let ``first`` lead and wait for the database, and the others come meanwhile: they are one group, in this order."""
    verdicts: dict[int, Verdict] = {}
    threads = [
        threading.Thread(target=lambda number=number, one=one: verdicts.update({number: verdict_of(app, one)}))
        for number, one in enumerate((first, *others))
    ]
    with work() as session:
        forum = session.scalars(select(Forum).where(Forum.slug == SLUG)).one()
        lock(session, log_of(session, forum))
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda: in_line(app) is not None and len(in_line(app)) == number)  # noqa: B023  # asked at once
    for thread in threads:
        thread.join(PATIENCE)
    return [verdicts[number] for number in range(len(threads))]


def in_line(app: Flask) -> Any:
    lines = app.extensions.get("acts-together", {})
    return next((line._waiting for line in lines.values() if line._led), None)


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def words(verdicts: list[Verdict]) -> list[str]:
    """An index, an index again, or a code."""
    said = []
    for each in verdicts:
        if isinstance(each, Recorded):
            said.append(f"{'again' if each.repeated else 'recorded'} {each.index}")
        else:
            said.append(each.code if isinstance(each, DeclarationError) else type(each).__name__)
    return said


@pytest.fixture
def ready(playing: Playing) -> tuple[list[Signed], int]:
    """A signature of each organization, and the size of the record before them."""
    with playing() as play:
        play.found().negotiated().opened()
        parties = [play.organization(place) for place in PLACES]
        return [play.signature(party) for party in parties], play.state.size


def proved(app: Flask, playing: Playing, size: int, rows: int) -> None:
    """The record, the register and the notices agree, and every hash of the record is right."""
    with app.app_context():
        tell_afterwards()
    with playing() as play:
        assert audit.check(play.session, log_of(play.session, play.forum)) == size
        assert play.session.scalar(select(func.count(Endorsement.id))) == rows == len(play.state.endorsements)
        told = select(func.count(Notice.id)).where(Notice.kind.startswith("endorsement.sign"))
        assert play.session.scalar(told) == rows
        replayed = new_state(play.forum.origin, library(play.forum))
        for index, raw in queries.entries(play.session, log_of(play.session, play.forum)):
            advance(replayed, act_of(parse_entry(raw), index))
        for name, value in vars(replayed).items():
            if name != "library":
                mine = getattr(play.state, name)
                assert mine == value, name
                assert not isinstance(value, dict) or list(mine) == list(value), name
        for row in play.session.scalars(select(Endorsement)):
            expected = columns(play.forum, replayed, row.statement)
            assert {column: getattr(row, column) for column in expected} == expected


def test_a_group_is_one_commit(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (signed, size), commits = ready, []
    with monkeypatch.context() as counted:
        commit = Direct.commit
        counted.setattr(Direct, "commit", lambda direct: commits.append(commit(direct)))
        verdicts = at_once(app, work, *signed)
    assert words(verdicts) == [f"recorded {size + number}" for number in range(4)]
    assert len(commits) == 2  # the first, and the three who came meanwhile
    proved(app, playing, size + 4, 4)


def test_a_refused_one_spoils_nothing(app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int]) -> None:
    signed, size = ready
    with playing() as play:
        party = play.person(play.state.keys[_key(signed[1])].party).party
        second = play.signature(party, "az", nonce=nonce("another decision"))
    forged = Signed(signed[2].statement, signed[1].signature)
    verdicts = at_once(app, work, signed[0], signed[1], second, forged, signed[3])
    refused = ["endorsement.duplicate", "signature.other-key"]
    assert words(verdicts) == [f"recorded {size}", f"recorded {size + 1}", *refused, f"recorded {size + 2}"]
    assert words([verdict_of(app, Signed(b"{}", b""))]) == ["statement.fields"]
    proved(app, playing, size + 3, 3)


def test_two_taps_are_one_signature(app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int]) -> None:
    signed, size = ready
    verdicts = at_once(app, work, signed[0], signed[1], signed[1], signed[0], signed[1])
    assert words(verdicts) == [f"recorded {size}", f"recorded {size + 1}", f"again {size + 1}", f"again {size}", f"again {size + 1}"]
    proved(app, playing, size + 2, 2)


def test_a_row_that_cannot_be_written_concerns_its_own_act(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int]
) -> None:
    signed, size = ready
    assert words([verdict_of(app, signed[0])]) == [f"recorded {size}"]
    with playing() as play:  # a row that no act wrote stands where the third one's would
        party = play.state.keys[_key(signed[2])].party
        other = projected(play.forum, play.state, next(iter(play.state.endorsements)))
        other.party, other.statement, other.position = party, "f" * 64, 77
        play.session.add(other)
    with playing() as play:
        fourth = play.signature(play.state.keys[_key(signed[3])].party, "az", nonce=nonce("of the same organization"))
    verdicts = at_once(app, work, signed[1], signed[2], signed[3], fourth)
    assert words(verdicts) == [f"recorded {size + 1}", "endorsement.duplicate", f"recorded {size + 2}", "endorsement.duplicate"]
    with playing() as play:
        assert audit.check(play.session, log_of(play.session, play.forum)) == size + 3
        assert len(play.state.endorsements) == 3


def test_nobody_is_told_anything_that_was_not_committed(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed, size = ready
    with monkeypatch.context() as broken:
        broken.setattr(Direct, "commit", _full_disk)
        verdicts = at_once(app, work, *signed)
    assert words(verdicts) == ["OSError"] * 4
    proved(app, playing, size, 0)
    assert words([verdict_of(app, one) for one in signed]) == [f"recorded {size + number}" for number in range(4)]
    proved(app, playing, size + 4, 4)


def _full_disk(_: Direct) -> None:
    raise OSError("the disk is full")


def test_the_guard_follows_and_nothing_is_served_before(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (signed, size), held = ready, ServiceHeld("the disk is full", code="log.guard-unwritable")

    def unwritable(*_: object) -> None:
        raise held

    with monkeypatch.context() as broken:
        broken.setattr(Guard, "advance", unwritable)
        assert words([verdict_of(app, signed[0])]) == [f"recorded {size}"]
        until(lambda: bool(app.extensions["log-guards"]._failed))
        with asking(app) as (session, forum), pytest.raises(ServiceHeld):
            queries.latest(session, log_of(session, forum))
        assert words([verdict_of(app, signed[1])]) == ["log.guard-unwritable"]  # nothing more is signed
    assert words([verdict_of(app, signed[1])]) == [f"recorded {size + 1}"]
    with asking(app) as (session, forum):
        log = log_of(session, forum)
        assert queries.latest(session, log)
        assert current_signing().guard(log.origin).read() == Mark(size + 2, log.root)
    proved(app, playing, size + 2, 2)


def test_the_guard_moves_without_being_asked(app: Flask, ready: tuple[list[Signed], int]) -> None:
    signed, size = ready
    verdict_of(app, signed[0])
    with asking(app) as (session, forum):
        guard = current_signing().guard(log_of(session, forum).origin)
    until(lambda: guard.durable is not None and guard.durable.size == size + 1)


def test_a_checkpoint_that_the_commit_passed_over_is_signed_for_whoever_asks(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int]
) -> None:
    signed, size = ready
    at_once(app, work, *signed)
    with playing() as play:
        log = log_of(play.session, play.forum)
        stored = select(LogCheckpoint.size).where(LogCheckpoint.log_id == log.id, LogCheckpoint.size > size)
        assert play.session.scalars(stored.order_by(LogCheckpoint.size)).all() == [size + 1, size + 4]
        for between in range(size, size + 5):
            note = queries.checkpoint_at(play.session, log, between)
            assert note == queries.checkpoint_at(play.session, log, between)
            found = open_checkpoint(note, parse_vkey(log.vkey))
            assert (found.size, found.root) == (between, queries.root_at(play.session, log, between))
        for index in range(size, size + 4):
            assert parse_receipt(receipts.receipt(play.session, log, index)).index == index
        assert audit.check(play.session, log) == size + 4


def test_nothing_is_signed_for_a_row_that_somebody_changed(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int]
) -> None:
    signed, size = ready
    at_once(app, work, *signed)
    with playing() as play:
        for trigger in ("log_entry_no_update", "log_entry_no_change"):
            drop = {"sqlite": f"DROP TRIGGER IF EXISTS {trigger}", "postgresql": f"DROP TRIGGER IF EXISTS {trigger} ON log_entry"}
            play.session.execute(text(drop[play.session.get_bind().dialect.name]))
        true = play.session.scalar(select(LogEntry.nodes).where(LogEntry.seq == size + 1)) or b""
        play.session.execute(update(LogEntry).where(LogEntry.seq == size + 1).values(nodes=bytes(len(true))))
    with playing() as play:
        log = log_of(play.session, play.forum)
        with pytest.raises(ServiceHeld) as held:
            queries.checkpoint_at(play.session, log, size + 2)
        assert held.value.code == "log.damaged"
        with pytest.raises(ProofInvalid, match=f"damaged at {size + 1}"):
            audit.check(play.session, log)


def test_nothing_is_signed_below_a_head_that_nobody_signed(
    app: Flask, work: Work, playing: Playing, ready: tuple[list[Signed], int]
) -> None:
    """Somebody who owns the database puts another head in the place of the signed one."""
    signed, size = ready
    at_once(app, work, *signed)
    with playing() as play:
        log = log_of(play.session, play.forum)
        unsigned = Log(id=log.id, origin=log.origin, vkey=log.vkey, size=size + 3, root=queries.root_at(play.session, log, size + 3))
        with pytest.MonkeyPatch.context() as past_the_guard:
            past_the_guard.setattr(watch, "before_serving", lambda *_: None)
            with pytest.raises(ServiceHeld) as held:
                queries.checkpoint_at(play.session, unsigned, size + 2)
        assert held.value.code == "log.damaged"


def test_an_act_that_needs_more_than_rows_is_not_recorded_together(app: Flask) -> None:
    with app.app_context():
        assert acts.writer(SIGN)
        for type_ in (WITHDRAW, "amendment.submit-v1"):
            with pytest.raises(RuntimeError, match="rows alone"):
                acts.writer(type_)


def _key(signed: Signed) -> str:
    return parse_statement(signed.statement).by.key
