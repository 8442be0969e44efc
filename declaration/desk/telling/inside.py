"""What happens beside the record: drafts inside a delegation, comments, keys and versions that wait for somebody.

A notice never says what a draft, a note or a comment says; and those of a delegation's inside, and of what it wrote to the Chair, are
private: not even their failure is shown to anybody else.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.amendments.models import Draft
from declaration.comments.models import Message
from declaration.credentials.enrolment import usable
from declaration.credentials.models import Enrolment
from declaration.credentials.states import current
from declaration.desk.telling.audiences import Seat, ids_of
from declaration.drafts.models import WorkingVersion
from declaration.drafts.reading import PARTICIPANTS
from declaration.forums.models import Forum, Person
from declaration.notices.happenings import follow
from declaration.notices.models import new_id
from declaration.notices.telling import Tale, tell
from declaration.web.clock import now


def init_app(app: Flask) -> None:
    """Follow what the features say."""
    follow(app, "draft.asked", _draft_asked)
    follow(app, "draft.returned", _draft_returned)
    follow(app, "comment.written", _comment_written)
    follow(app, "key.enrolled", _key_enrolled)
    follow(app, "device.lost", _device_lost)
    follow(app, "version.waits", _version_waits)
    follow(app, "version.returned", _version_returned)


def _draft_asked(session: Session, draft: Draft) -> None:
    forum = session.get_one(Forum, draft.forum_id)
    facts = {"name": session.get_one(Person, draft.author_id).name, "draft": draft.id}
    _say(session, forum, "own.draft-waits", ids_of(session, forum, [("head", draft.delegation)]), facts, mine=True, private=True)


def _draft_returned(session: Session, draft: Draft) -> None:
    forum = session.get_one(Forum, draft.forum_id)
    _say(session, forum, "own.draft-returned", [draft.author_id], {"draft": draft.id}, mine=True, private=True)


def _comment_written(session: Session, message: Message) -> None:
    """To those of its readers who speak for somebody, and to whoever has written in the thread."""
    thread = message.thread
    forum, author = session.get_one(Forum, thread.forum_id), message.author
    facts: dict[str, Any] = {"units": [thread.unit], "thread": thread.id, "who": author.party, "name": author.name}
    side = message.side
    if message.audience == "own":
        people = ids_of(session, forum, [("head", side), ("member", side)])
        _say(session, forum, "own.comment", [one for one in people if one != author.id], facts, private=True)
    elif message.audience == "chair":
        from_chair = message.role == "chair"
        seats: list[Seat] = [("head", side)] if from_chair else [("head", side), ("chair", None)]
        people = _without(author.id, ids_of(session, forum, seats) + _writers(session, message))
        _say(session, forum, "comment.answer" if from_chair else "comment.chair", people, facts, mine=not from_chair, private=True)
    else:
        people = _without(author.id, ids_of(session, forum, [("head", None), ("chair", None)]) + _writers(session, message))
        _say(session, forum, "comment.all", people, facts)


def _writers(session: Session, message: Message) -> list[int]:
    """Who has written in the thread and may read this message."""
    authors = select(Message.author_id).where(Message.thread_id == message.thread_id)
    query = select(Person).where(Person.id.in_(authors), Person.active).order_by(Person.id)
    return [person.id for person in session.scalars(query) if _may_read(person, message)]


def _may_read(person: Person, message: Message) -> bool:
    if message.audience == "all":
        return person.role in PARTICIPANTS
    if person.role == "chair":
        return message.audience == "chair"
    return person.delegation is not None and person.delegation == message.side


def _without(author: int, people: list[int]) -> list[int]:
    return [one for one in dict.fromkeys(people) if one != author]


def _key_enrolled(session: Session, enrolment: Enrolment) -> None:
    person, forum = session.get_one(Person, enrolment.person_id), session.get_one(Forum, enrolment.forum_id)
    if person.role == "chair":
        return  # the Chair's first key is named by the constitution
    if person.role == "member":  # nobody else's business before the head has appointed this person as an alternate
        people = ids_of(session, forum, [("head", person.party)])
        _say(session, forum, "own.key", people, {"name": person.name}, private=True)
        return
    name = person.organization["name"] if person.organization else person.name
    seats: list[Seat] = [("secretariat" if person.role == "signatory" else "chair", None)]
    _say(session, forum, "key.waits", _without(person.id, ids_of(session, forum, seats)), {"name": name}, mine=True)


def _device_lost(session: Session, person: Person) -> None:
    """To those who can suspend each key of the person that could still sign; once an hour, however often it is said."""
    forum = session.get_one(Forum, person.forum_id)
    state = current(session, forum)
    for fingerprint in usable(session, state, person.id):
        key = state.keys.get(fingerprint)
        if key is None:
            continue
        alternate, signatory = person.role == "member", person.role == "signatory"
        seats: list[Seat] = [("head", person.party) if alternate else ("secretariat", None) if signatory else ("chair", None)]
        name = person.organization["name"] if person.organization else person.name
        tale = Tale(
            tuple(_without(person.id, ids_of(session, forum, seats))), "own.device-lost" if alternate else "device.lost",
            {"name": name, "key": key.accreditation}, mine=True, urgent=True, private=alternate,
        )  # fmt: skip
        tell(session, forum.id, [tale], key=f"device.lost:{key.accreditation}:{now():%Y-%m-%dT%H}", at=now())


def _version_waits(session: Session, version: WorkingVersion) -> None:
    forum = session.get_one(Forum, version.forum_id)
    _say(session, forum, "version.waits", ids_of(session, forum, [("chair", None)]), {"version": version.symbol}, mine=True)


def _version_returned(session: Session, version: WorkingVersion) -> None:
    forum = session.get_one(Forum, version.forum_id)
    _say(session, forum, "version.returned", ids_of(session, forum, [("secretariat", None)]), {"version": version.symbol}, mine=True)


def _say(
    session: Session, forum: Forum, kind: str, people: list[int], facts: dict[str, Any], *, mine: bool = False, private: bool = False
) -> None:
    tale = Tale(tuple(people), kind, facts, mine=mine, private=private)
    tell(session, forum.id, [tale], key=f"{kind}:{new_id()}", at=now())
