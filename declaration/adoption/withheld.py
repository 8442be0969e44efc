"""Why a head withholds confirmation, and why the text was opened again, in the words of whoever did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.drafts import views
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.web.i18n import language


@dataclass(frozen=True, slots=True)
class Reason:
    """What somebody said, and about which paragraph.

    :ivar party: whose words, as readers call it. ``unit``: the paragraph's name, None for the whole text.
    :ivar text: None where it was withheld from this record.
    """

    party: str
    unit: str | None
    text: str | None
    lang: str
    at: datetime


def objections(session: Session, forum: Forum, state: State) -> Sequence[Reason]:
    """The reasons of the heads who withhold confirmation of the text that is agreed *ad referendum*."""
    return [
        _said(session, forum, state, name, each.content, each.at)
        for name, each in consequences.confirmations(state).items()
        if each.status == "objected"
    ]


def opened_again(session: Session, forum: Forum, state: State) -> Reason | None:
    """Who opened the text after it was agreed, while it is being negotiated again; None where nobody did."""
    if state.stage != "second_reading" or not state.unconfirmed:
        return None
    last = state.unconfirmed[-1]
    log = queries.find_log(session, forum.origin)
    index = queries.index_of(session, log, last.act) if log is not None else None
    if log is None or index is None:
        return None
    statement = parse_entry(queries.entry(session, log, index)).statement
    content = statement.body.get("content")
    return _said(session, forum, state, statement.by.party, content if isinstance(content, str) else None, last.at)


def _said(session: Session, forum: Forum, state: State, party: str, content: str | None, at: datetime) -> Reason:
    document = (contents.read(session, forum.id, content) if content else None) or {}
    unit = document.get("unit")
    return Reason(
        views.party_name(forum, party, language()),
        views.unit_name(state, unit) if isinstance(unit, str) else None,
        document.get("text"),
        str(document.get("language", "")),
        at,
    )
