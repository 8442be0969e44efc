"""What the page shows of comments: values for templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.amendments.composing import short
from declaration.comments import audiences, machine, operations
from declaration.comments.models import Message
from declaration.comments.queries import Conversation
from declaration.drafts import queries as draft_queries
from declaration.forums.delegations import delegation
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.access import Actor, role_name
from declaration.web.i18n import LANGUAGES, capital, language

SETTLED: Mapping[str, object] = {
    "resolved": _l("The thread is resolved."),
    "open": _l("The thread is open again."),
    "hidden": _l("The thread is hidden."),
}

Row = tuple[str, str, str, str, bool]
"""One choice of an audience: value, kind, words, hint, whether it may be chosen."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message in the frame of its audience."""

    message: Message
    words: str
    who: str
    person: str
    wider: Sequence[tuple[str, str]]
    opened_by: str = ""


@dataclass(frozen=True, slots=True)
class ShownThread:
    """One thread.

    :ivar about: the proposal that it is on (``AM/001``), or None for the paragraph itself.
    :ivar version: the version in circulation when it began, where that is another one than now.
    :ivar choices: whom the reader may address in a reply; empty where no reply is possible.
    :ivar seals: for a hidden thread, the hash of each comment that this reader could read before.
    :ivar refused: why the reader cannot reply, where a reply is the reader's and not possible now.
    """

    id: str
    status: str
    about: str | None
    version: str | None
    messages: Sequence[Shown]
    choices: Sequence[Row]
    steps: Sequence[str]
    note: str
    settled_by: str
    settled_at: datetime | None
    seals: Sequence[str] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """All of it, for one paragraph and one reader."""

    unit: str
    threads: Sequence[ShownThread]
    choices: Sequence[Row]
    abouts: Sequence[tuple[str, str]]
    languages: Mapping[str, str]
    language: str


def section(forum: Forum, state: State, actor: Actor, unit: str, found: Sequence[Conversation]) -> Section:
    """The part of a paragraph's page that is about comments."""
    writes = actor.role in machine.WRITERS
    return Section(
        unit=unit,
        threads=[_thread(forum, state, actor, each) for each in found],
        choices=choice_rows(forum, audiences.choices(actor)) if writes else (),
        abouts=[(each.digest, short(state, each)) for each in consequences.proposals_on(state, unit)],
        languages=LANGUAGES,
        language=actor.language if actor.language in LANGUAGES else language(),
    )


def choice_rows(forum: Forum, options: Sequence[audiences.Choice]) -> list[Row]:
    """The choices with their words."""
    rows = []
    for option in options:
        hint = {
            "own": _("Nobody else can read or count it."),
            "chair": _("And your own delegation.") if option.value == "chair" else _("Nobody else can read or count it."),
            "all": _("Delegations, offices and observers. Not the public."),
        }[option.audience.kind]
        if not option.allowed:
            hint = _("Your head of delegation speaks to others. The head can open your comment to them.")
        words = _words(forum, option.audience.kind, option.audience.side)
        if option.value == "chair":
            words = _("The Chair")
        rows.append((option.value, option.audience.kind, words, hint, option.allowed))
    return rows


def said_to(forum: Forum, message: Message) -> str:
    """What stands on the page after a comment was sent."""
    if message.audience == "all":
        return str(_("Everyone in the Forum can read it."))
    name = delegation(forum, message.side or "").name(language())
    if message.audience == "chair":
        return str(_("Only the Chair and the delegation of %(name)s can read it.", name=name))
    return str(_("Only the delegation of %(name)s can read it.", name=name))


def _words(forum: Forum, kind: str, side: str | None) -> str:
    if kind == "all":
        return str(_("Everyone in the Forum"))
    name = delegation(forum, side or "").name(language())
    if kind == "chair":
        return str(_("Only the Chair and %(name)s", name=name))
    return str(_("Only the delegation of %(name)s", name=name))


def _thread(forum: Forum, state: State, actor: Actor, found: Conversation) -> ShownThread:
    thread, own = found.thread, operations.is_own(found, actor)
    hidden = thread.status == "hidden"
    can_reply = actor.role in machine.WRITERS and thread.status == "open"
    began = state.versions.get(thread.version)
    about = state.amendments.get(thread.amendment or "")
    return ShownThread(
        id=thread.id,
        status=found.status,
        about=short(state, about) if about else None,
        version=draft_queries.short_name(state, began.symbol) if began is not None and began.digest != state.current else None,
        messages=() if hidden else [_message(forum, actor, found, one) for one in found.messages],
        choices=choice_rows(forum, operations.choices_in(found, actor)) if can_reply else (),
        steps=machine.available(thread.status, role=actor.role, own=own),
        note=thread.note,
        settled_by=thread.changed_by.name if thread.changed_by else "",
        settled_at=thread.changed_at,
        seals=[operations.seal(one) for one in found.messages] if hidden else (),
        refused=_refused(thread.status) if actor.role in machine.WRITERS else "",
    )


def _refused(status: str) -> str:
    """Why nobody replies in a thread now."""
    if status == "resolved":
        return str(_("Resolved: the Chair, or the head whose thread it is, can reopen it."))
    return str(_("Hidden: begin another.")) if status == "hidden" else ""


def _message(forum: Forum, actor: Actor, found: Conversation, one: Message) -> Shown:
    widest = "all" if one.opens else operations.widest_in(found)
    wider = audiences.wider(one.audience, widest=widest) if operations.may_widen(one, actor) else ()
    party = one.side if one.role in ("head", "member") else None
    return Shown(
        message=one,
        words=_words(forum, one.audience, one.side),
        who=delegation(forum, party).name(language()) if party else capital(role_name(one.role)),
        person=one.author.name,
        opened_by=one.widened_by.name if one.widened_by else "",
        wider=[(kind, {"chair": _("Open it to the Chair"), "all": _("Open it to everyone")}[kind]) for kind in wider],
    )
