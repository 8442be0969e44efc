"""Who may read the texts, and in which language they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import request
from flask_babel import gettext as _

from declaration.credentials.states import current
from declaration.errors import NeedsSignIn, NotAllowed, NotFound
from declaration.forums import queries
from declaration.forums.door import use_forum
from declaration.procedure import consequences
from declaration.procedure.rights import readers
from declaration.procedure.state import State
from declaration.transparency.models import Log
from declaration.transparency.routes import Readers
from declaration.web.access import Actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

PARTICIPANTS = readers("circulated_texts")
"""Roles that read circulated texts during the negotiation (PROCEDURE 5.2)."""

_OPEN_TO_ALL = frozenset({"adopted", "open_for_signature", "accession_open", "closed", "archived", "lapsed"})


def is_public(state: State, now: datetime) -> bool:
    """Whether anybody may read the texts and their history: from adoption or lapse, or from the start where the rules say so."""
    if state.constitution is None:
        return False
    return state.rules.public_from == "start" or consequences.stage(state, now) in _OPEN_TO_ALL


def may_read(state: State, actor: Actor | None, now: datetime) -> bool:
    """Whether this reader may see the circulated texts."""
    return is_public(state, now) or (actor is not None and actor.role in PARTICIPANTS)


def require_reader(state: State, actor: Actor | None, now: datetime) -> None:
    """Refuse a reader who may not see the texts yet.

    :raises NeedsSignIn: nobody is signed in; a participant who signs in may read.
    :raises NotAllowed: the rules open the texts to this reader later.
    """
    if may_read(state, actor, now):
        return
    if actor is None:
        raise NeedsSignIn(
            _("The text is read by the participants until it is adopted."),
            code="text.not-public",
            instead=_("Participants sign in. Everybody else reads it here from its adoption on."),
        )
    raise NotAllowed(
        _("The text is read by the participants of the negotiation until it is adopted."),
        code="text.not-public",
        instead=_("You read it here from its adoption on."),
    )


def text_language(offered: Iterable[str], original: str) -> str:
    """The language of the text: ``?text=``, else ``?lang=``, else the reader's, else the original.

    :raises NotFound: ``?text=`` asks for a language that this text does not have.
    """
    known = list(offered)
    wanted = request.args.get("text")
    if wanted is not None and wanted not in known:
        raise NotFound(_("There is no text in this language."), code="text.language")
    for lang in (wanted, request.args.get("lang"), language()):
        if lang in known:
            return lang
    return original


def entries_policy(log: Log) -> Readers:
    """Who may read the record's entries now: participants at once, the public when the rules open the texts (PROTOCOL 3)."""
    forum = next((each for each in queries.forums(current_session()) if each.origin == log.origin), None)
    if forum is None:
        return Readers.NOT_THIS_ONE
    use_forum(forum)
    state = current(current_session(), forum)
    if is_public(state, now()):
        return Readers.EVERYBODY
    actor = optional_actor()
    theirs = actor is not None and actor.forum_id == forum.id and may_read(state, actor, now())
    return Readers.THIS_ONE if theirs else Readers.NOT_THIS_ONE
