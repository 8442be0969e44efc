"""Nobody is told of another delegation's inside, and nothing about mail betrays it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import select

from declaration.amendments import operations as amendments
from declaration.comments import operations as comments
from declaration.forums.door import use_forum
from declaration.forums.models import Person
from declaration.forums.people import add_person
from declaration.notices import outbox
from declaration.notices.models import Notice
from declaration.notices.transport import MailRefused
from declaration.web.clock import now
from declaration.web.transaction import unit_of_work
from tests.comments.conftest import browser_of
from tests.conftest import NOON
from tests.drafts.play import SLUG, Play
from tests.notices.conftest import Post, body, read
from tests.support.databases import application

__all__ = ["browser_of"]
SECRET = "Kazakhstan alone must never let go of this"
MINE = {"head.kz@forum.example", "member.kz@forum.example"}


def write(told, party: str, text: str, audience: str, role: str = "head") -> str:
    with told() as play:
        made = comments.begin(
            play.session, play.forum, play.state, play.actor(party, role), unit="OP1", amendment=None, text=text, audience=audience,
            language="en", now=now(),
        )  # fmt: skip
        return made.thread_id


def drafted(told) -> None:
    """A member writes a draft and asks the head, who returns it with a note."""
    with told() as play:
        member = play.actor("kz", "member")
        draft = amendments.new_draft(play.session, play.forum, play.state, member, op="replace", unit="OP1", text=f"{SECRET};", now=now())
        amendments.ask_head(play.session, draft, now=now())
        amendments.return_to_member(play.session, draft, SECRET, now=now())


def test_a_draft_is_told_inside_its_delegation_alone_and_without_its_words(told, turn, post):
    drafted(told)
    turn()
    assert {to for to, _name, _content in post.sent} == MINE
    assert "kz member puts a draft before you" in post.to("head.kz@forum.example")[0]["Subject"]
    assert "Your head has returned your draft" in post.to("member.kz@forum.example")[0]["Subject"]
    assert SECRET not in post.text()
    assert "never let go" not in post.text()


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("own", {"member.kz@forum.example"}),
        ("chair", {"chair.chair@forum.example"}),
        ("all", {"chair.chair@forum.example", "head.az@forum.example", "head.hu@forum.example"}),
    ],
)
def test_a_comment_is_told_to_those_who_may_read_it_and_without_its_words(told, turn, post, audience, readers):
    write(told, "kz", SECRET, audience)
    turn()
    assert {to for to, _name, _content in post.sent} == readers
    assert "never let go" not in post.text()
    link = body(read(post.sent[0][2]))
    assert "/forum/paragraphs/OP1#thread-" in link


def test_the_chairs_answer_to_one_delegation_is_told_there_alone(told, turn, post):
    thread = write(told, "kz", SECRET, "chair")
    turn()
    post.sent.clear()
    with told() as play:
        comments.reply(
            play.session, play.forum, play.actor("chair"), thread, text="Yes.", audience="chair:kz", language="en", now=now()
        )
    turn()
    assert [to for to, _name, _content in post.sent] == ["head.kz@forum.example"]


def test_a_member_who_wrote_in_an_open_thread_hears_of_answers_and_of_none_that_is_not_for_them(told, turn, post):
    thread = write(told, "kz", "To all.", "all")
    with told() as play:
        session, forum = play.session, play.forum
        comments.reply(session, forum, play.actor("hu"), thread, text="To the Chair.", audience="chair", language="en", now=now())
    turn()
    assert [mail["Subject"] for mail in post.to("head.kz@forum.example")] == []
    assert len(post.to("chair.chair@forum.example")) == 1


def test_what_is_sent_once_is_told_once(told, turn, post):
    for _ in range(2):
        write(told, "kz", "The same words.", "all")
    turn()
    assert len(post.to("head.hu@forum.example")) == 1
    assert "and one more" not in post.to("head.hu@forum.example")[0]["Subject"]


def test_others_get_the_same_mails_whether_or_not_a_delegation_works_inside(sqlite_databases, tmp_path, clock):
    """The same acts in two services, one with the inside of kz: what anybody else gets is the same, and in the same order."""
    quiet = _others(sqlite_databases, tmp_path / "quiet", clock, inside=False)
    busy = _others(sqlite_databases, tmp_path / "busy", clock, inside=True)
    assert quiet == busy
    assert len(quiet) == 8  # four people, twice


def _others(databases, folder, clock, *, inside: bool) -> list[tuple[str, list[str], str]]:
    folder.mkdir()
    clock.set(NOON)
    with databases.fresh(folder) as url, application(folder, url, clock) as app:
        post = app.extensions["mail-transport"] = Post()

        @contextmanager
        def told():
            with app.app_context(), unit_of_work() as session:
                play = Play(app, session)
                if session.scalar(select(Person.id)) is not None:
                    use_forum(play.forum)
                yield play

        with told() as play:
            play.begin().circulated()
        with app.app_context():
            outbox.turn()  # nobody has an address yet
        with told() as play:
            for person in play.session.scalars(select(Person)):
                person.email = f"{person.role}.{person.party}@forum.example"
        for number, words in enumerate(("every project", "all good projects"), 1):
            if inside:
                drafted(told)
                write(told, "kz", SECRET, "own", "member")
            with told() as play:
                play.replace("hu", "OP2", f"Invite all bodies to support {words};", number)
            if inside:
                write(told, "kz", SECRET, "own")
            clock.advance(minutes=3)
            with app.app_context():
                outbox.turn()
        read_all = [(to, read(content)) for to, _name, content in post.sent if to not in MINE]
        kept = ("From", "To", "Subject", "Date", "Auto-Submitted", "Content-Language")
        return sorted((to, [str(mail[name]) for name in kept], body(mail)) for to, mail in read_all)


def test_a_failed_mail_about_the_inside_is_shown_to_its_reader_and_to_nobody_else(told, turn, post, browser_of):
    post.fails = lambda to: MailRefused("550 no such user", for_good=True) if to in MINE else None
    drafted(told)
    turn()
    for party in ("chair", "rapporteur"):
        page = browser_of(party).get(f"/{SLUG}/mail/unreached")
        assert page.status_code == 200
        assert "550 no such user" not in page.text
        assert "kz head" not in page.text
    assert "could not be delivered" in browser_of("kz", "head").get(f"/{SLUG}/messages").text


def test_a_failed_mail_about_something_shared_is_shown_to_the_offices_until_one_arrives(told, clock, turn, post, browser_of):
    post.fails = lambda to: MailRefused("550 no such user", for_good=True) if to in MINE else None
    drafted(told)
    with told() as play:
        play.replace("hu", "OP2", "Invite all bodies to support every project;")
    turn()
    page = browser_of("rapporteur").get(f"/{SLUG}/mail/unreached").text
    assert page.count("550 no such user") == 1  # the head; a member is reached through the head
    post.fails = lambda to: None
    with told() as play:
        play.replace("az", "OP2", "Invite all bodies to support many projects;", 2)
    clock.advance(minutes=1)
    turn()
    assert "550 no such user" not in browser_of("rapporteur").get(f"/{SLUG}/mail/unreached").text
    assert browser_of("kz", "head").get(f"/{SLUG}/mail/unreached").status_code == 403


def test_notices_of_the_inside_are_private_and_in_no_log(told, turn, post, caplog):
    drafted(told)
    write(told, "kz", SECRET, "own")
    write(told, "kz", SECRET, "chair")
    turn()
    with told() as play:
        kinds = play.session.scalars(select(Notice.kind).where(Notice.private).distinct())
        assert set(kinds) == {"own.draft-waits", "own.draft-returned", "own.comment", "comment.chair"}
    assert caplog.text == ""


def test_a_new_colleague_hears_of_nothing_that_was_written_before(told, turn, post):
    write(told, "kz", SECRET, "own")
    with told() as play:
        person = add_person(play.session, play.forum, name="New", role="member", party="kz", email="new@forum.example")
        assert play.session.get(Person, person.id) is not None
    turn()
    assert post.to("new@forum.example") == []
