"""What becomes of a mail that is not taken, of one that was, and of words that fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from declaration.forums.models import Person
from declaration.notices import composing, outbox
from declaration.notices.models import Mail, Notice
from declaration.notices.transport import MailRefused, ServerDown
from declaration.web.transaction import unit_of_work
from tests.notices.conftest import mails, notices_of
from tests.notices.test_outbox import HU, propose


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_a_refused_mail_is_tried_again_later_and_later_and_then_given_up(app, clock, told, turn, post):
    propose(told)
    post.fails = lambda to: MailRefused("451 try later", for_good=False) if to == HU else None
    assert turn().failed == 1
    waits = []
    for _ in range(8):
        mail = next(one for one in mails(app) if one.to_address == HU and one.status == "waiting")
        waits.append(mail.next_at - clock.now())
        clock.set(mail.next_at)
        turn()
    assert waits[:5] == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4)]
    assert set(waits[5:]) == {timedelta(hours=4)}
    clock.advance(days=5)
    turn()
    assert sorted(one.status for one in mails(app) if one.to_address == HU) == ["dead", "sent"]


def test_what_is_refused_for_good_is_not_tried_again(app, clock, told, turn, post):
    propose(told)
    post.fails = lambda to: MailRefused("550 no such user", for_good=True) if to == HU else None
    turn()
    dead = next(one for one in mails(app) if one.to_address == HU and one.status == "dead")
    assert (dead.attempts, dead.error) == (1, "550 no such user")
    clock.advance(days=30)
    assert turn() == outbox.Turn(0, 0)


def test_what_was_given_up_is_tried_once_more_with_the_same_name(app, told, turn, post):
    propose(told)
    post.fails = lambda to: MailRefused("550 no such user", for_good=True) if to == HU else None
    turn()
    dead = next(one for one in mails(app) if one.status == "dead")
    post.fails = lambda to: None
    with app.app_context(), unit_of_work() as session:
        assert outbox.retry(session, now=composing.machine_now()) == 1
    turn()
    assert [mail["Message-ID"] for mail in post.to(HU)] == [dead.message_id]


def test_a_server_that_is_down_counts_against_nobody(app, clock, told, turn, post):
    propose(told)
    asked = []

    def down(to: str) -> Exception:
        asked.append(to)
        return ServerDown("ConnectionRefusedError")

    post.fails = down
    for _ in range(20):
        clock.advance(minutes=1)
        turn()
    assert len(asked) == 20  # one trial a turn, not one for each mail
    assert {mail.attempts for mail in mails(app) if mail.status == "waiting"} == {0}
    clock.advance(days=30)
    post.fails = lambda to: None
    turn()
    assert len(post.to(HU)) == 1


def test_words_are_wiped_when_they_were_sent(app, told, turn):
    propose(told)
    turn()
    assert {(mail.text, mail.html) for mail in mails(app)} == {("", "")}


def test_somebody_whose_access_was_taken_away_gets_nothing_more(app, told, turn, post):
    propose(told)
    with told() as play:
        play.session.get_one(Person, play.actor("hu").person_id).active = False
    turn()
    assert post.to(HU) == []
    assert all(notice.settled for notice in notices_of(app, "hu", "head"))


def test_a_notice_whose_words_fail_is_told_in_general_words(app, told, turn, post, monkeypatch):
    propose(told)
    with app.app_context(), unit_of_work() as session:
        session.query(Notice).filter(~Notice.settled).update({"kind": "gone/nobody"})
    turn()
    (mail,) = post.to(HU)
    assert mail["Subject"].startswith("Joint Declaration: There is news in the forum")


def test_ids_tell_nothing(app, told, turn):
    propose(told)
    turn()
    made = [*(one.id for one in notices_of(app, "hu", "head")), *(one.id for one in mails(app)), *(one.message_id for one in mails(app))]
    assert all(len(one.strip("<>").partition("@")[0]) == 32 for one in made)
    assert len(set(made)) == len(made)
    assert not {one.message_id.strip("<>").partition("@")[0] for one in mails(app)} & {one.id for one in mails(app)}


def test_old_mails_go_and_notices_stay(app, clock, told, turn):
    propose(told)
    turn()
    before = len(notices_of(app, "hu", "head"))
    clock.advance(days=91)
    with app.app_context(), unit_of_work() as session:
        assert composing.forget_settled(session, before=clock.now() - timedelta(days=90)) > 0
    assert len(notices_of(app, "hu", "head")) == before
    with app.app_context(), unit_of_work() as session:
        assert session.scalar(select(Mail.id)) is None
