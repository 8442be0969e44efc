"""What time brings is told once, from the state and the clock, whether or not anybody was looking at the hour."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from declaration.notices.models import Moment, Notice
from declaration.notices.moments import tell_moments

DEADLINE = datetime.fromisoformat("2025-12-01T18:00+04:00")
KZ = "head.kz@forum.example"


def subjects(post, to: str = KZ) -> list[str]:
    return [str(mail["Subject"]).strip().removeprefix("Joint Declaration: ") for mail in post.to(to)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_deadline_is_told_a_day_before_and_when_it_has_passed_once_each(clock, told, turn, post):
    clock.set(DEADLINE - timedelta(days=1, seconds=1))
    turn()
    assert subjects(post) == []
    for hours in (24, 23, 1):
        clock.set(DEADLINE - timedelta(hours=hours))
        turn()
    assert subjects(post) == ["Amendments close within a day"]
    for hours in (0, 1, 30):
        clock.set(DEADLINE + timedelta(hours=hours))
        turn()
    assert subjects(post) == ["Amendments close within a day", "Amendments have closed"]
    assert subjects(post, "secretariat.rapporteur@forum.example") == ["Amendments have closed: issue the compilation"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_deadline_that_was_moved_is_told_again(clock, told, turn, post):
    clock.set(DEADLINE - timedelta(hours=2))
    turn()
    with told() as play:
        play.act("chair", "declaration.extend_deadline-v1", play.state.current, {"deadline": "2025-12-05T18:00", "reason": "More time."})
    clock.set(DEADLINE + timedelta(hours=1))
    turn()
    clock.set(DEADLINE + timedelta(days=3, hours=5))
    turn()
    assert subjects(post) == ["Amendments close within a day", "The deadline for amendments is later now", "Amendments close within a day"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_hour_that_passed_long_ago_is_not_told(clock, told, turn, post):
    clock.set(DEADLINE + timedelta(days=3))
    turn()
    assert subjects(post) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_silence_that_nobody_broke_is_told_to_all_when_it_is_over(clock, told, turn, post):
    with told() as play:
        proposal = play.replace("kz", "OP1", "Decide to meet every year;")
    clock.set(DEADLINE + timedelta(hours=1))
    with told() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
        fields = {"setting": "session", "expires": "2025-12-02T21:00", "reason": "It is ripe."}
        announced = play.act("chair", "silence.announce-v1", proposal, fields).act.digest
        play.act("chair", "silence.open-v1", announced)
    turn()
    post.sent.clear()
    expires = datetime.fromisoformat("2025-12-02T21:00+04:00")
    clock.set(expires - timedelta(hours=3))
    turn()
    assert subjects(post) == ["Silence on AM/001 ends soon: break it before the hour, or it is agreed"]
    assert subjects(post, "chair.chair@forum.example") == []
    clock.set(expires)
    turn()
    turn()
    over = "Nobody broke silence: AM/001 is agreed ad referendum"
    assert subjects(post)[1:] == [over]
    assert subjects(post, "chair.chair@forum.example") == [over]
    in_azerbaijani = "Susmanı heç kim pozmayıb: AM/001 ad referendum razılaşdırılıb"
    assert subjects(post, "translator.translator-az-1@forum.example") == [in_azerbaijani]


def test_two_workers_tell_an_hour_once(app, clock, told):
    clock.set(DEADLINE)
    barrier, counts = threading.Barrier(4), []

    def work() -> None:
        barrier.wait(10)
        with app.app_context():
            counts.append(tell_moments())

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(counts) == 4
    assert len([count for count in counts if count]) == 1
    with told() as play:
        assert play.session.scalar(select(func.count()).select_from(Moment)) == 1
        twice = select(Notice.person_id).where(Notice.kind.like("hour.%")).group_by(Notice.person_id).having(func.count() > 1)
        assert play.session.scalars(twice).all() == []
