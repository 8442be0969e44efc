"""What people do with drafts, and how proposals and decisions are composed. The caller owns the transaction."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.amendments.composing import cleaned, edits_of, next_symbol, rebased
from declaration.amendments.models import Draft
from declaration.credentials import contents
from declaration.credentials.acts import reason_content
from declaration.credentials.record import Recorded
from declaration.errors import Conflict, Malformed, NotAllowed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.procedure.working import result_of
from declaration.protocol.encoding import b64url_encode
from declaration.text.edits import edit_json
from declaration.web import entropy
from declaration.web.access import Actor

OPS = ("replace", "insert_after", "delete")
SOURCE = "source-"
"""Begins the name of a tick in the form of a Chair's text; the digest of the proposal follows."""


class DraftConflict(Conflict):
    """Somebody saved in between. Both texts are kept: ``mine`` is what was sent, ``theirs`` what stands."""

    default_code = "draft.conflict"

    def __init__(self, mine: str, theirs: Draft) -> None:
        super().__init__(
            "a colleague has saved this draft since you opened it",
            instead="Both texts are below. Take over what you need and save again.",
        )
        self.mine = mine
        self.theirs = theirs


def new_draft(
    session: Session, forum: Forum, state: State, actor: Actor, *, op: str, unit: str, now: datetime, amends: str | None = None,
    text: str = "", rationale: str = "", also: Sequence[Mapping[str, str]] = (),
) -> Draft:  # fmt: skip
    """Begin a draft of the actor's delegation."""
    if actor.delegation is None:
        raise NotAllowed("only delegations propose", code="amendment.no-delegation")
    if op not in OPS:
        raise Malformed(f"unknown kind of proposal: {op}", code="amendment.op")
    if op != "replace" or text:
        edits_of(state, op=op, unit=unit, text=cleaned(text), amends=amends)  # for its refusals alone
    base = state.units[unit].sha256 if amends is None and unit in state.units else ""
    draft = Draft(
        id=b64url_encode(entropy.token_bytes(16)), forum_id=forum.id, delegation=actor.delegation, author_id=actor.person_id,
        op=op, unit=unit, amends=amends, base=base, text=cleaned(text), also=list(also),
        rationale=_rationale(state, rationale), language=actor.language, status="draft", note="", revision=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def own_draft(session: Session, forum: Forum, actor: Actor, draft_id: str) -> Draft:
    """A draft of the actor's delegation.

    :raises NotFound: there is none, or it is another delegation's: the answer is the same.
    """
    found = session.get(Draft, draft_id, with_for_update=False)
    if found is None or found.forum_id != forum.id or found.delegation != actor.delegation or actor.delegation is None:
        raise NotFound("there is no such draft", code="draft.unknown")
    return found


def drafts_of(session: Session, forum: Forum, actor: Actor) -> list[Draft]:
    """The delegation's unreleased drafts, the newest first."""
    if actor.delegation is None:
        return []
    query = (
        select(Draft)
        .where(Draft.forum_id == forum.id, Draft.delegation == actor.delegation, Draft.status.in_(("draft", "awaiting_head")))
        .order_by(Draft.updated_at.desc(), Draft.id)
    )
    return list(session.scalars(query))


def save(session: Session, state: State, draft: Draft, *, text: str, rationale: str, language: str, revision: int, now: datetime) -> Draft:
    """Keep what was written.

    :param revision: the one that the writer had before them; another one means that somebody saved in between.
    :raises DraftConflict: with both texts.
    """
    words = cleaned(text)
    if draft.status == "released":
        raise Refused("this has been submitted", code="draft.released", instead="Submit a new amendment, or withdraw this one.")
    if revision != draft.revision:
        raise DraftConflict(words, draft)
    draft.text, draft.rationale, draft.language = words, _rationale(state, rationale), language
    if draft.unit in state.units and draft.amends is None:
        draft.base = state.units[draft.unit].sha256
    draft.revision += 1
    draft.updated_at = now
    session.flush()
    return draft


def _rationale(state: State, written: str) -> str:
    text = unicodedata.normalize("NFC", written).strip()
    count = len(text.split())
    if count > state.rules.rationale_words:
        raise Malformed(
            f"the rationale has {count} words, the rules allow {state.rules.rationale_words}",
            code="amendment.rationale",
            instead="Shorten it; a comment can say more.",
        )
    return text


def ask_head(session: Session, draft: Draft, *, now: datetime) -> None:
    """Put the draft before the head of delegation."""
    if draft.status != "draft":
        raise Refused("the head has it already", code="draft.state")
    draft.status, draft.note, draft.updated_at = "awaiting_head", "", now
    session.flush()


def return_to_member(session: Session, draft: Draft, note: str, *, now: datetime) -> None:
    """Give it back with a note that stays inside the delegation."""
    if draft.status != "awaiting_head":
        raise Refused("this draft does not wait for you", code="draft.state")
    draft.status, draft.note, draft.updated_at = "draft", note.strip()[:2000], now
    session.flush()


def discard(session: Session, draft: Draft) -> None:
    """Take a draft away; nobody but the delegation ever knew of it."""
    if draft.status == "released":
        raise Refused("this has been submitted", code="draft.released", instead="Withdraw the amendment.")
    session.delete(draft)
    session.flush()


def draft_edits(state: State, draft: Draft) -> list[dict[str, Any]]:
    """The edits that a draft would be signed with, all of its paragraphs together."""
    edits = edits_of(state, op=draft.op, unit=draft.unit, text=draft.text, amends=draft.amends)
    for each in draft.also:
        edits += edits_of(state, op=each["op"], unit=each["unit"], text=each["text"], amends=draft.amends)
    return edits


# -- composing acts ---------------------------------------------------------------------------------------------------------


def compose_submission(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.submit-v1`` and ``submit_late-v1`` for the draft named in ``fields``."""
    draft = own_draft(session, forum, actor, fields.get("draft", ""))
    edits = draft_edits(state, draft)
    draft.content = contents.store(session, forum.id, _reasons(draft.language, draft.rationale), audience="public")
    return {"symbol": fields.get("symbol") or next_symbol(state), "edits": edits, "amends": draft.amends, "content": draft.content}


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

    They are named by digest, in ``sources`` with spaces between them, or by a tick ``source-<digest>`` for each.
    """
    edits = edits_of(state, op="replace", unit=fields.get("unit", ""), text=cleaned(fields.get("text", "")))
    named = [*fields.get("sources", "").split(), *(name.removeprefix(SOURCE) for name in fields if name.startswith(SOURCE))]
    sources = list(dict.fromkeys(named))
    if not sources:
        raise Malformed("a Chair's text names the proposals that it bridges", code="chair-text.sources", instead="Tick at least one.")
    rationale = _rationale(state, fields.get("reason", ""))
    content = contents.store(session, forum.id, _reasons(actor.language, rationale), audience="public")
    return {
        "symbol": fields.get("symbol") or next_symbol(state), "edits": edits, "amends": None, "sources": sources, "content": content,
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
    after = result_of(state, amendment)
    return {unit: after[unit].sha256 if unit in after else None for unit in consequences.touched(state, amendment)}


def compose_rebase(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``amendment.rebase-v1``: the same proposal against the words as they are now."""
    amendment = state.amendments.get(object_ or "")
    if amendment is None:
        raise NotFound("there is no such proposal", code="amendment.unknown")
    proposed = rebased(state, amendment)
    if not proposed.edits:
        raise Refused(
            f"it cannot be carried over: {proposed.status.replace('-', ' ')}",
            code="amendment.rebase",
            instead="Withdraw it, or submit a new amendment to the words as they are now.",
        )
    return {"edits": [edit_json(edit) for edit in proposed.edits]}


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
