"""What a crash, a second worker or a dead server can do to a mail: delay it, never lose it, never change it. On both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from declaration.notices import composing, outbox
from declaration.notices.models import Notice
from tests.notices.conftest import body, mails, notices_of

CHANGED = "Decide to meet every year;"
HU = "head.hu@forum.example"


class Killed(BaseException):
    """The process ends here: no handler of the worker runs after it."""


def propose(told):
    with told() as play:
        play.replace("kz", "OP1", CHANGED)


def test_an_act_that_is_rolled_back_was_never_told(app, told, turn, post):
    before = len(notices_of(app, "hu", "head"))
    with pytest.raises(Killed), told() as play:
        play.replace("kz", "OP1", CHANGED)
        assert play.session.scalar(select(Notice.id).where(Notice.kind == "amendment.submit/chair")) is not None
        raise Killed
    turn()
    assert post.sent == []
    assert len(notices_of(app, "hu", "head")) == before


def test_a_recorded_act_is_told_though_no_worker_was_there(told, turn, post):
    propose(told)
    assert post.sent == []
    turn()
    assert [mail["Subject"] for mail in post.to(HU)] == ["Joint Declaration: AM/001 is admitted: you may join it"]


def test_nothing_is_sent_twice(told, turn, post):
    propose(told)
    turn()
    sent = len(post.sent)
    assert sent
    assert turn() == outbox.Turn(0, 0)
    assert len(post.sent) == sent


def test_a_worker_killed_between_sending_and_marking_sends_the_same_bytes_again(app, clock, told, turn, post):
    propose(told)

    def die() -> None:
        raise Killed

    post.after = die
    with pytest.raises(Killed):
        turn()
    post.after = lambda: None
    (first,) = post.sent
    turn()  # the claim still runs: everybody else is served, this one waits
    assert [to for to, _name, _content in post.sent].count(first[0]) == 1
    clock.advance(seconds=outbox.LEASE.total_seconds())
    turn()
    again = [each for each in post.sent if each[0] == first[0]]
    assert again == [first, first]
    assert len({name for _to, name, _content in post.sent}) == len(post.sent) - 1


def test_a_worker_killed_while_composing_leaves_everything_to_the_next(app, told, turn, post, monkeypatch):
    propose(told)
    real = composing._mail

    def die(*_given):
        raise Killed

    monkeypatch.setattr(composing, "_mail", die)
    with pytest.raises(Killed):
        turn()
    monkeypatch.setattr(composing, "_mail", real)
    turn()
    assert len(post.to(HU)) == 1


def test_whose_claim_ran_out_does_not_mark_what_another_holds(app, clock, told, post):
    propose(told)
    with app.app_context():
        composing.compose_waiting()
        slow = outbox._claimed()
    clock.advance(seconds=outbox.LEASE.total_seconds())
    with app.app_context():
        held = {mail.id: mail for mail in iter(outbox._claimed, None)}
        outbox._settle(slow, "dead", "too late to say so")
    found = next(mail for mail in mails(app) if mail.id == slow.id)
    assert found.status == "waiting"
    assert found.lease == held[slow.id].lease != slow.lease


def test_two_workers_at_once_send_each_mail_once(app, told, post):
    with told() as play:
        for number in range(1, 4):
            play.replace("kz", "OP1", f"Decide to meet {number} times a year;", number)
    barrier, failures = threading.Barrier(4), []

    def work() -> None:
        try:
            barrier.wait(10)
            with app.app_context():
                composing.compose_waiting()
                outbox.deliver()
        except Exception as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with app.app_context():  # a worker gives up what another one composes; it comes with the next turn
        outbox.turn()
    assert failures == []
    names = [name for _to, name, _content in post.sent]
    assert len(names) == len(set(names))
    lines = [line for mail in post.to(HU) for line in body(mail).splitlines() if "admitted" in line]
    assert sorted(lines) == [f"* AM/00{number} is admitted: you may join it." for number in (1, 2, 3)]
