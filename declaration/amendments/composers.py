"""How the bodies of acts on proposals are composed, and what follows in the delegation's own rows once they are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.amendments import operations
from declaration.amendments.composing import base_units, cleaned, edits_together, next_symbol, rebased
from declaration.amendments.models import Draft
from declaration.amendments.parts import Part
from declaration.credentials import contents
from declaration.credentials.acts import reason_content
from declaration.credentials.record import Recorded
from declaration.errors import Malformed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State
from declaration.text.edits import edit_json
from declaration.web.access import Actor

SOURCE = "source-"
"""Begins the name of a tick in the form of a Chair's text; the digest of the proposal follows."""


def compose_submission(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.submit-v1`` and ``submit_late-v1`` for the draft named in ``fields``."""
    draft = _draft(session, forum, actor, fields)
    edits = operations.draft_edits(state, draft)
    return {
        "symbol": fields.get("symbol") or next_symbol(state), "edits": edits, "amends": draft.amends,
        "content": _content(session, forum, draft),
    }  # fmt: skip


def compose_with_break(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.table_with_break-v1``: a submission that names the silence that the delegation broke."""
    return {**compose_submission(session, forum, state, actor, object_, fields), "silence": fields.get("silence", "")}


def compose_revision(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.revise-v1`` for the draft named in ``fields``."""
    draft = _draft(session, forum, actor, fields)
    if draft.revises is None or draft.revises != object_:
        raise Refused("this draft is not a new revision of that proposal", code="amendment.revises")
    return {"edits": operations.draft_edits(state, draft), "content": _content(session, forum, draft)}


def _draft(session: Session, forum: Forum, actor: Actor, fields: Mapping[str, str]) -> Draft:
    """The draft that is about to be signed, if it still says what the head has read.

    :raises Refused: ``draft.changed``: a colleague saved it after the page was drawn.
    """
    draft = operations.own_draft(session, forum, actor, fields.get("draft", ""), lock=True)
    read = fields.get("revision", "")
    if read and read != str(draft.revision):
        raise Refused("the draft has changed since you read it", code="draft.changed", instead="Load the page again and read it once more.")
    if draft.status in ("released", "discarded"):
        raise Refused("this draft is not open any more", code="draft.state", instead="Look at the list of drafts.")
    return draft


def _content(session: Session, forum: Forum, draft: Draft) -> str:
    draft.content = contents.store(session, forum.id, _reasons(draft.language, draft.rationale), audience="public")
    return draft.content


def note_released(session: Session, forum: Forum, recorded: Recorded) -> None:
    """The draft whose words are now in the record is no draft any more."""
    content, party = recorded.act["content"], recorded.act.statement.by.party
    query = select(Draft).where(Draft.forum_id == forum.id, Draft.delegation == party, Draft.content == content)
    for draft in session.scalars(query):
        draft.status, draft.statement = "released", recorded.act.digest


def compose_chair_text(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.table_chair_text-v1``: the words, and the proposals that they bridge.

    They are named by digest, in ``sources`` with spaces between them, or by a tick ``source-<digest>`` for each. Where the Chair
    amends one proposal, ``amends`` names it, and the words are a change of what it would make of the text.
    """
    amends = fields.get("amends") or None
    if amends is not None and amends not in state.amendments:
        raise NotFound("there is no such proposal", code="amendment.unknown")
    part = Part("replace", fields.get("unit", ""), cleaned(fields.get("text", "")))
    edits = edits_together(state, [part], base_units(state, amends))
    named = [*fields.get("sources", "").split(), *(name.removeprefix(SOURCE) for name in fields if name.startswith(SOURCE))]
    sources = list(dict.fromkeys(named or ([amends] if amends else [])))
    if not sources:
        raise Malformed("a Chair's text names the proposals that it bridges", code="chair-text.sources", instead="Tick at least one.")
    rationale = operations.rationale_of(state, fields.get("reason", ""))
    content = contents.store(session, forum.id, _reasons(actor.language, rationale), audience="public")
    return {
        "symbol": fields.get("symbol") or next_symbol(state), "edits": edits, "amends": amends, "sources": sources, "content": content,
    }  # fmt: skip


def compose_acceptance(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.accept-v1``: the words that follow, unit for unit, and the minute."""
    minute = fields.get("minute", "").strip() or "Put to the meeting, no objection."
    content = contents.store(session, forum.id, {"kind": "minute", "text": minute[:2000]}, audience="public")
    return {"result": result_hashes(state, object_ or ""), "content": content}


def result_hashes(state: State, digest: str) -> dict[str, str | None]:
    """What accepting a proposal leaves, by unit: the hash of its words, or ``None`` where it goes.

    :raises Refused: ``amendment.base-changed`` where it no longer fits.
    """
    amendment = state.amendments.get(digest)
    if amendment is None:
        raise NotFound("there is no such proposal", code="amendment.unknown")
    return consequences.outcome(state, amendment)


def compose_rebase(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.rebase-v1``: the same proposal against the words as they are now."""
    amendment = state.amendments.get(object_ or "")
    if amendment is None:
        raise NotFound("there is no such proposal", code="amendment.unknown")
    return {"edits": carried_over(state, amendment)}


def carried_over(state: State, amendment: Amendment) -> list[dict[str, Any]]:
    """The edits with which a proposal makes the same change to the words as they are now.

    :raises Refused: ``amendment.rebase`` where there are none.
    """
    proposed = rebased(state, amendment)
    if not proposed.edits:
        raise Refused(
            f"it cannot be carried over: {proposed.status.replace('-', ' ')}",
            code="amendment.rebase",
            instead="Withdraw it, or submit a new amendment to the words as they are now.",
        )
    return [edit_json(edit) for edit in proposed.edits]


def compose_park(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.park-v1``."""
    return {"target": fields.get("target", "")}


def compose_leave(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.grant_leave-v1``: that nobody objected."""
    return {"content": reason_content(session, forum, actor, {"reason": fields.get("reason") or "Leave asked for; no objection."})}


def _reasons(language: str, text: str) -> dict[str, Any]:
    return {"kind": "rationale", "language": language, "text": text}
