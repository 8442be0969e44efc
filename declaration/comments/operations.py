"""What people do with comments. The caller owns the transaction; nothing here enters the record."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from declaration.comments import audiences, machine, queries
from declaration.comments.models import Message, Thread
from declaration.comments.queries import Conversation
from declaration.errors import Malformed, NotAllowed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.notices.happenings import happened
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.protocol.encoding import b64url_encode, canonical, sha256_hex
from declaration.web import entropy
from declaration.web.access import Actor

LONGEST = 5_000
LONGEST_REASON = 500
SENT_TWICE = timedelta(minutes=10)
"""The same words of the same author in the same place within this time are one comment."""

_NEVER = frozenset({"Cc", "Cs", "Co"})
# Bidirectional controls: with them a comment reads otherwise than it was written.
_TURNS_LINES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def begin(
    session: Session, forum: Forum, state: State, actor: Actor, *, unit: str, amendment: str | None, text: str, audience: str,
    language: str, now: datetime,
) -> Message:  # fmt: skip
    """Open a thread on a unit, or on a proposal to it.

    :param audience: as the form sends it; empty for the narrowest.
    :raises NotFound: no such unit or proposal.
    :raises Malformed, NotAllowed: see :func:`written`, :func:`declaration.comments.audiences.chosen`.
    """
    _check_writer(actor)
    if unit not in state.units and not consequences.proposals_on(state, unit):
        raise NotFound("there is no such paragraph", code="unit.unknown")
    if amendment is not None and (amendment not in state.amendments or unit not in state.amendments[amendment].units):
        raise NotFound("there is no such proposal on this paragraph", code="amendment.unknown")
    words, wanted = written(text), audiences.chosen(audiences.choices(actor), audience)
    before = queries.same_again(session, forum, actor, None, words, (unit, amendment))
    if before is not None and before.audience == wanted.kind and now - before.created_at < SENT_TWICE:
        return before
    thread = Thread(id=_fresh_id(), forum_id=forum.id, unit=unit, amendment=amendment, version=state.current or "", status="open", note="")
    session.add(thread)
    session.flush()
    return _add(session, thread, actor, wanted, words, language, now, opens=True)


def reply(
    session: Session, forum: Forum, actor: Actor, thread_id: str, *, text: str, audience: str, language: str, now: datetime
) -> Message:
    """Answer in a thread, to at most those who read the thread.

    :raises Refused: ``comment.state`` in a thread that is settled.
    """
    _check_writer(actor)
    found = queries.thread(session, forum, actor, thread_id)
    machine.next_status(found.thread.status, "reply", role=actor.role, own=is_own(found, actor))
    words, wanted = written(text), audiences.chosen(choices_in(found, actor), audience)
    before = queries.same_again(session, forum, actor, thread_id, words, (found.thread.unit, found.thread.amendment))
    if before is not None and (before.audience, before.side) == (wanted.kind, wanted.side) and now - before.created_at < SENT_TWICE:
        return before
    return _add(session, found.thread, actor, wanted, words, language, now, opens=False)


def widen(session: Session, forum: Forum, actor: Actor, message_id: str, *, to: str, now: datetime) -> Message:
    """Open a message to more readers; it can never be closed again.

    :raises NotAllowed: ``comment.widen`` for anybody but the head whose delegation wrote it.
    :raises Refused: ``comment.narrower``; ``comment.wider-than-thread``.
    """
    found = queries.message(session, forum, actor, message_id)
    if not may_widen(found, actor):
        raise NotAllowed(
            "only the head of the delegation that wrote it opens a comment to others",
            code="comment.widen",
            instead="Ask your head of delegation.",
        )
    if to not in audiences.AUDIENCES or to not in audiences.wider(found.audience, widest="all"):
        raise Refused("an audience can be widened, never narrowed", code="comment.narrower")
    widest = widest_in(queries.thread(session, forum, actor, found.thread_id)) if not found.opens else "all"
    if to not in audiences.wider(found.audience, widest=widest):
        raise Refused(
            "a reply is not for more people than its thread",
            code="comment.wider-than-thread",
            instead="Widen the first comment of the thread.",
        )
    found.audience, found.widened_at, found.widened_by_id = to, now, actor.person_id
    if found.opens:  # how it was settled inside, and why, is nobody else's: for its new readers the thread begins open
        thread = found.thread
        thread.status, thread.note, thread.changed_by_id, thread.changed_at = "open", "", None, None
    session.flush()
    happened(session, "comment.written", found)  # to its new readers it is new
    return found


def settle(session: Session, forum: Forum, actor: Actor, thread_id: str, name: str, *, reason: str = "", now: datetime) -> Thread:
    """Resolve, reopen, hide or unhide a thread.

    :raises NotAllowed, Refused: see :func:`declaration.comments.machine.next_status`.
    :raises Malformed: ``reason.missing``, ``reason.too-long``.
    """
    found = queries.thread(session, forum, actor, thread_id)
    after = machine.next_status(found.thread.status, name, role=actor.role, own=is_own(found, actor))
    note = written(reason, longest=LONGEST_REASON, what="the reason") if reason.strip() else ""
    if machine.STEPS[name].reason and not note:
        raise Malformed("a reason is needed", code="reason.missing", instead="Everybody who reads the thread reads it.")
    thread = found.thread
    thread.status, thread.note, thread.changed_by_id, thread.changed_at = after, note, actor.person_id, now
    session.flush()
    return thread


def seal(message: Message) -> str:
    """The hash that stays to be seen while a thread is hidden: of the words, the language and the salt, as canonical JSON.

    The words stay where they are and no page shows them; whoever is given them with the salt can say that they are the same.
    """
    document = {"kind": "comment", "language": message.language, "salt": message.salt, "text": message.text}
    return sha256_hex(canonical(document))


def written(text: str, *, longest: int = LONGEST, what: str = "the comment") -> str:
    """What was typed, in NFC, with line ends as LF and without space at its edges.

    :raises Malformed: ``comment.empty``, ``comment.too-long``, ``comment.letters``.
    """
    words = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()
    if not words:
        raise Malformed(f"{what} has no words", code="comment.empty", instead="Write what you want to say.")
    if len(words) > longest:
        raise Malformed(f"{what} has {len(words):,} characters", code="comment.too-long", instead=f"Use at most {longest:,}.")
    for position, character in enumerate(words, 1):
        if character != "\n" and (unicodedata.category(character) in _NEVER or character in _TURNS_LINES):
            raise Malformed(
                f"{what} has a character that cannot be seen at place {position}",
                code="comment.letters",
                instead="Take it out, or type it anew.",
            )
    return words


def choices_in(found: Conversation, actor: Actor) -> list[audiences.Choice]:
    """Whom ``actor`` may address in a thread."""
    return audiences.choices(actor, widest=widest_in(found), asked=found.asked)


def widest_in(found: Conversation) -> str:
    """The audience of a thread: that of its first message."""
    return found.opening.audience


def is_own(found: Conversation, actor: Actor) -> bool:
    """Whether the actor's delegation began the thread."""
    return actor.delegation is not None and found.opening.side == actor.delegation and found.opening.role in ("head", "member")


def may_widen(message: Message, actor: Actor) -> bool:
    """The head of the author's delegation; what is said to everyone is as wide as it can be."""
    return actor.role == "head" and message.side == actor.delegation and message.role in ("head", "member") and message.audience != "all"


def _check_writer(actor: Actor) -> None:
    if actor.role not in machine.WRITERS:
        raise NotAllowed("your role reads comments and writes none", code="comment.role")


def _add(
    session: Session, thread: Thread, actor: Actor, audience: audiences.Audience, words: str, language: str, now: datetime, *, opens: bool
) -> Message:  # fmt: skip
    message = Message(
        id=_fresh_id(), thread=thread, opens=opens, author_id=actor.person_id, role=actor.role, side=audience.side,
        audience=audience.kind, text=words, language=language, salt=_fresh_id(), created_at=now,
    )  # fmt: skip
    session.add(message)
    session.flush()
    happened(session, "comment.written", message)
    return message


def _fresh_id() -> str:
    return b64url_encode(entropy.token_bytes(16))
