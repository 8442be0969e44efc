"""Reading comments. :func:`readable` is the one place that says who may read what; everything that shows, finds or counts goes
through it.

====================  ==========================================================================
audience              readers
====================  ==========================================================================
``own``               the same delegation
``chair``             that delegation and the Chair
``all``               every participant of the negotiation (observers and the depositary included)
====================  ==========================================================================

Signatories and the public read no comments, neither before adoption nor after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from declaration.comments.models import Message, Thread
from declaration.drafts.reading import PARTICIPANTS
from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.web.access import Actor


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread as one reader sees it: its first message and those replies that this reader may read, oldest first."""

    thread: Thread
    messages: tuple[Message, ...]

    @property
    def opening(self) -> Message:
        return self.messages[0]

    @property
    def status(self) -> str:
        """``open``, ``answered``, ``resolved`` or ``hidden``; answered only where the reader can read the answer."""
        return "answered" if self.thread.status == "open" and len(self.messages) > 1 else self.thread.status

    @property
    def asked(self) -> tuple[str, ...]:
        """Delegations that wrote to the Chair in it, as far as this reader can read."""
        return tuple(sorted({one.side for one in self.messages if one.audience == "chair" and one.side is not None}))


def readable(forum: Forum, actor: Actor | None) -> Select[Message]:
    """The messages of a forum that ``actor`` may read, and no others."""
    return (
        select(Message)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Thread.forum_id == forum.id, _may_read(forum, actor))
        .options(joinedload(Message.thread, innerjoin=True), joinedload(Message.author, innerjoin=True))
    )


def _may_read(forum: Forum, actor: Actor | None) -> ColumnElement[bool]:
    if actor is None or actor.forum_id != forum.id or actor.role not in PARTICIPANTS:
        return false()
    allowed: list[ColumnElement[bool]] = [Message.audience == "all"]
    if actor.delegation is not None:
        allowed.append(Message.side == actor.delegation)
    if actor.role == "chair":
        allowed.append(Message.audience == "chair")
    return or_(*allowed)


def on_unit(session: Session, forum: Forum, actor: Actor | None, unit: str) -> list[Conversation]:
    """The threads on a unit and on the proposals to it, oldest first."""
    return _conversations(session.scalars(readable(forum, actor).where(Thread.unit == unit)).all())


def put_to_the_chair(session: Session, forum: Forum, actor: Actor) -> list[Conversation]:
    """Threads that delegations have put to the Chair and the Chair has not answered yet, oldest first; for the Chair alone."""
    if actor.role != "chair":
        return []
    narrow = select(Message.thread_id).where(Message.opens, Message.audience == "chair")
    found = session.scalars(readable(forum, actor).where(Thread.id.in_(narrow), Thread.status == "open")).all()
    return [each for each in _conversations(found) if not any(one.role == "chair" for one in each.messages)]


def thread(session: Session, forum: Forum, actor: Actor | None, id_: str) -> Conversation:
    """One thread.

    :raises NotFound: there is none, or none that this reader may know of: the answer is the same.
    """
    found = _conversations(session.scalars(readable(forum, actor).where(Thread.id == id_)).all())
    if not found:
        raise NotFound("there is no such thread", code="comment.unknown")
    return found[0]


def message(session: Session, forum: Forum, actor: Actor | None, id_: str) -> Message:
    """One message.

    :raises NotFound: as for :func:`thread`.
    """
    found = session.scalar(readable(forum, actor).where(Message.id == id_))
    if found is None:
        raise NotFound("there is no such comment", code="comment.unknown")
    return found


def same_again(
    session: Session, forum: Forum, actor: Actor, thread_id: str | None, text: str, place: tuple[str, str | None]
) -> Message | None:
    """The message that the author has sent a moment ago with these very words: a form that was sent twice.

    :param place: unit and proposal, for a message that opens a thread (``thread_id`` None).
    """
    own = readable(forum, actor).where(Message.author_id == actor.person_id, Message.text == text)
    if thread_id is not None:
        own = own.where(Message.thread_id == thread_id)
    else:
        unit, amendment = place
        own = own.where(and_(Message.opens, Thread.unit == unit, Thread.amendment.is_not_distinct_from(amendment)))
    return session.scalar(own.order_by(Message.created_at.desc()).limit(1))


def _conversations(messages: Sequence[Message]) -> list[Conversation]:
    """Threads whose first message is among ``messages``; in one second, random names decide, which tell nothing."""
    together: dict[str, list[Message]] = {}
    for one in messages:
        together.setdefault(one.thread_id, []).append(one)
    found = []
    for each in together.values():
        each.sort(key=lambda one: (not one.opens, one.created_at, one.id))
        if each[0].opens:
            found.append(Conversation(each[0].thread, tuple(each)))
    return sorted(found, key=lambda one: (one.opening.created_at, one.thread.id))
