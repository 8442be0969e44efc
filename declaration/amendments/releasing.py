"""The act with which a head releases a draft: submitted, submitted late, tabled with a break of silence, or a new revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.amendments import operations
from declaration.amendments.composing import next_symbol
from declaration.amendments.models import Draft
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.errors import DeclarationError
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web.access import Actor

SUBMIT, LATE = "amendment.submit-v1", "amendment.submit_late-v1"
WITH_BREAK, REVISE = "amendment.table_with_break-v1", "amendment.revise-v1"
_PLACEHOLDER = "0" * 64


@dataclass(frozen=True, slots=True)
class Release:
    """One way to release a draft. ``hidden`` goes with the form; the act is composed from it."""

    label: str
    ask: Ask
    why: str
    symbol: str
    hidden: tuple[tuple[str, str], ...]


def offers(session: Session, forum: Forum, state: State, actor: Actor, draft: Draft, *, now: datetime) -> list[Release]:
    """The ways that a draft may be released now, the best first; each with its reason where it is not available."""
    found: list[Release] = []
    symbol = next_symbol(state)
    edits = _edits(state, draft)
    # The revision that was read goes with the form: what a colleague saves meanwhile is not signed unseen.
    known = (("draft", draft.id), ("revision", str(draft.revision)))

    def ask(type_: str, object_: str | None, body: Mapping[str, Any]) -> Ask:
        return acts.offer(session, forum, actor, type_, object_, body, now=now, filled_in=True)

    if draft.revises is not None:
        own = state.amendments[draft.revises]
        asked = ask(REVISE, own.digest, {"edits": edits, "content": _PLACEHOLDER})
        why = _("The revision before stays beside it, for everybody to read.")
        return [Release(_("Submit the new revision and sign"), asked, why, own.symbol, known)]
    body = {"symbol": symbol, "edits": edits, "amends": draft.amends, "content": _PLACEHOLDER}
    for silence in broken_by(state, actor.party, edits):
        asked = ask(WITH_BREAK, state.current, {**body, "silence": silence})
        why = _("It goes with your break of silence and is on the table at once, whatever the deadline.")
        found.append(Release(_("Table with the break of silence and sign"), asked, why, symbol, (*known, ("silence", silence))))
    late = state.deadline is not None and now >= state.deadline
    label = _("Submit late and sign") if late else _("Submit and sign")
    why = _("It is on the table once the Chair gives leave.") if late else ""
    found.append(Release(label, ask(LATE if late else SUBMIT, state.current, body), why, symbol, known))
    return found


def broken_by(state: State, party: str, edits: list[dict[str, Any]]) -> list[str]:
    """The silences that a delegation has broken on paragraphs that these edits touch, and not answered yet, the latest first."""
    touched = {edit["unit"] for edit in edits}
    found = [
        each
        for each in state.silences.values()
        if (each.status, each.by, each.answer) == ("broken", party, None) and touched & set(each.units)
    ]
    return [each.digest for each in reversed(found)]


def _edits(state: State, draft: Draft) -> list[dict[str, Any]]:
    try:
        return operations.draft_edits(state, draft)
    except DeclarationError:
        return []
