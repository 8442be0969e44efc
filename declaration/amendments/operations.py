"""What people do with drafts. The caller owns the transaction; nothing here enters the record.

Nothing that somebody wrote is lost by what somebody else does: every save is kept as a revision, a save on top of a revision that
the writer has not seen is refused with both texts, words given up are kept beside, a draft that was discarded can be brought back.
Only :func:`erase` is for good.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.amendments.composing import cleaned, edits_together, ground_of
from declaration.amendments.models import Draft, DraftRevision
from declaration.amendments.parts import Part, part_of
from declaration.errors import Conflict, DeclarationError, Malformed, NotAllowed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.notices.happenings import happened
from declaration.procedure.state import State
from declaration.protocol.encoding import b64url_encode
from declaration.web import entropy
from declaration.web.access import Actor

LONGEST_NOTE = 2_000
_OPEN = ("draft", "awaiting_head")


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody has written: the parts of a proposal, why, and in which language the reason is."""

    parts: tuple[Part, ...]
    rationale: str = ""
    language: str = "en"


class DraftConflict(Conflict):
    """Somebody saved in between. All is kept: ``mine`` is what was sent, ``theirs`` what stands, ``before`` what both began from."""

    default_code = "draft.conflict"

    def __init__(self, mine: Text, theirs: Text, before: Text | None, draft: Draft) -> None:
        super().__init__(
            "a colleague has saved this draft since you opened it",
            instead="Both texts are below. Take over what you need and save again.",
        )
        self.mine, self.theirs, self.before, self.draft = mine, theirs, before, draft


# -- finding -----------------------------------------------------------------------------------------------------------------


def own_draft(session: Session, forum: Forum, actor: Actor, draft_id: str, *, lock: bool = False) -> Draft:
    """A draft of the actor's delegation.

    :param lock: it is about to be changed: whoever comes at the same moment waits, and then sees what was saved.
    :raises NotFound: there is none, or it is another delegation's: the answer is the same.
    """
    found = session.get(Draft, draft_id, with_for_update=lock)
    if found is None or found.forum_id != forum.id or found.delegation != actor.delegation or actor.delegation is None:
        raise NotFound("there is no such draft", code="draft.unknown")
    return found


def drafts_of(session: Session, forum: Forum, actor: Actor, statuses: Sequence[str] = _OPEN) -> list[Draft]:
    """The delegation's drafts in these statuses (those that it is writing), the newest first."""
    if actor.delegation is None:
        return []
    query = (
        select(Draft)
        .where(Draft.forum_id == forum.id, Draft.delegation == actor.delegation, Draft.status.in_(statuses))
        .order_by(Draft.updated_at.desc(), Draft.id)
    )
    return list(session.scalars(query))


def text_of(draft: Draft) -> Text:
    """What a draft says now."""
    first = Part(draft.op, draft.unit, draft.text, draft.target, draft.base)
    return Text((first, *(part_of(each) for each in draft.also)), draft.rationale, draft.language)


def revisions_of(session: Session, draft: Draft) -> list[DraftRevision]:
    """Everything that was ever saved of a draft, the newest first."""
    query = (
        select(DraftRevision)
        .where(DraftRevision.draft_id == draft.id)
        .order_by(DraftRevision.at.desc(), DraftRevision.revision.desc(), DraftRevision.id)
    )
    return list(session.scalars(query))


def text_of_revision(found: DraftRevision) -> Text:
    """What a draft said then."""
    return Text(tuple(part_of(each) for each in found.parts), found.rationale, found.language)


def _revision(session: Session, draft: Draft, revision: int) -> DraftRevision | None:
    query = select(DraftRevision).where(
        DraftRevision.draft_id == draft.id, DraftRevision.revision == revision, DraftRevision.kind != "set_aside"
    )
    return session.scalar(query.limit(1))


# -- writing -----------------------------------------------------------------------------------------------------------------


def new_draft(
    session: Session, forum: Forum, state: State, actor: Actor, *, op: str, unit: str, now: datetime, amends: str | None = None,
    text: str = "", rationale: str = "", also: Sequence[Mapping[str, str | None]] = (), target: str | None = None,
) -> Draft:  # fmt: skip
    """Begin a draft from one paragraph and, in ``also``, others; see :func:`begin`."""
    parts = tuple(part_of(each) for each in [{"op": op, "unit": unit, "text": text, "target": target}, *also])
    return begin(session, forum, state, actor, Text(parts, rationale, actor.language), now=now, amends=amends)


def begin(
    session: Session, forum: Forum, state: State, actor: Actor, written: Text, *, now: datetime, amends: str | None = None,
    revises: str | None = None, key: str | None = None,
) -> Draft:  # fmt: skip
    """Begin a draft of the actor's delegation.

    :param key: made with the form, so that a form that is sent twice gives one draft: the second time, what it says is saved.
    :raises NotAllowed: ``amendment.no-delegation``.
    :raises DraftConflict: the form was sent before, and a colleague has saved the draft since.
    """
    if actor.delegation is None:
        raise NotAllowed("only delegations propose", code="amendment.no-delegation")
    key = key or None
    if key and (before := _by_key(session, forum, actor, key)) is not None:
        return _sent_again(session, state, actor, before, written, key, now=now)
    text = _prepared(state, written, amends, revises)
    if any(part.op != "replace" or part.text for part in text.parts):
        edits_together(state, text.parts, ground_of(state, amends=amends, revises=revises))  # for its refusals alone
    draft = Draft(
        id=_fresh_id(), forum_id=forum.id, delegation=actor.delegation, author_id=actor.person_id, key=key, amends=amends,
        revises=revises, status="draft", note="", revision=1, created_at=now, updated_at=now,
    )  # fmt: skip
    _put(draft, text)
    try:
        with session.begin_nested():
            session.add(draft)
            session.flush()
    except IntegrityError:  # the same form, sent in the same moment, was faster
        found = _by_key(session, forum, actor, key) if key else None
        if found is None:
            raise
        return _sent_again(session, state, actor, found, written, key, now=now)
    _keep(session, draft, text, actor, "saved", now, key=key)
    return draft


def _by_key(session: Session, forum: Forum, actor: Actor, key: str) -> Draft | None:
    query = select(Draft).where(Draft.forum_id == forum.id, Draft.author_id == actor.person_id, Draft.key == key)
    return session.scalar(query.with_for_update())


def _sent_again(session: Session, state: State, actor: Actor, draft: Draft, written: Text, key: str | None, *, now: datetime) -> Draft:
    first = _revision(session, draft, 1)
    text = _prepared(state, written, draft.amends, draft.revises)
    if (first is not None and _same(text, text_of_revision(first))) or _same(text, text_of(draft)):
        return draft
    return save(session, state, actor, draft, written, revision=1, now=now, key=key)


def save(
    session: Session, state: State, actor: Actor, draft: Draft, written: Text, *, revision: int, now: datetime, key: str | None = None
) -> Draft:
    """Keep what was written.

    :param revision: the one that the writer had before them; another one means that somebody saved in between.
    :param key: of the form; what this very form has saved in between is nobody else's.
    :raises DraftConflict: with all texts.
    :raises Refused: ``draft.released``, ``draft.discarded``.
    """
    _must_be_open(draft)
    text = _prepared(state, written, draft.amends, draft.revises)
    if _same(text, text_of(draft)):
        return draft
    if revision != draft.revision and not _all_own(session, actor, draft, revision, key):
        before = _revision(session, draft, revision)
        raise DraftConflict(text, text_of(draft), text_of_revision(before) if before else None, draft)
    return _store(session, draft, text, actor, "saved", now, key=key)


def _all_own(session: Session, actor: Actor, draft: Draft, revision: int, key: str | None) -> bool:
    """Whether the same form of the same person has made every revision since ``revision``."""
    if not key or not 0 < revision < draft.revision:
        return False
    query = select(DraftRevision.author_id, DraftRevision.key).where(
        DraftRevision.draft_id == draft.id, DraftRevision.revision > revision, DraftRevision.kind != "set_aside"
    )
    return {(author, made) for author, made in session.execute(query)} == {(actor.person_id, key)}


def restore(session: Session, actor: Actor, draft: Draft, found_id: str, *, now: datetime) -> Draft:
    """Go back to what was saved once; what stood until now is kept like everything else.

    :raises NotFound: ``draft.revision-unknown``
    """
    _must_be_open(draft)
    found = session.get(DraftRevision, found_id)
    if found is None or found.draft_id != draft.id:
        raise NotFound("this draft was never saved like that", code="draft.revision-unknown")
    return _store(session, draft, text_of_revision(found), actor, "restored", now)


def set_aside(session: Session, state: State, actor: Actor, draft: Draft, written: Text, *, revision: int, now: datetime) -> DraftRevision:
    """Keep words that their writer gives up in favour of a colleague's, beside the draft."""
    return _keep(session, draft, _prepared(state, written, draft.amends, draft.revises), actor, "set_aside", now, revision=revision)


def _store(session: Session, draft: Draft, text: Text, actor: Actor, kind: str, now: datetime, *, key: str | None = None) -> Draft:
    _put(draft, text)
    draft.revision += 1
    draft.updated_at = now
    session.flush()
    _keep(session, draft, text, actor, kind, now, key=key)
    return draft


def _keep(
    session: Session, draft: Draft, text: Text, actor: Actor, kind: str, now: datetime, *, revision: int | None = None,
    key: str | None = None,
) -> DraftRevision:  # fmt: skip
    kept = DraftRevision(
        id=_fresh_id(), draft_id=draft.id, revision=draft.revision if revision is None else revision, kind=kind,
        author_id=actor.person_id, key=key, at=now, parts=[part.json for part in text.parts],
        rationale=text.rationale, language=text.language,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept


def _put(draft: Draft, text: Text) -> None:
    first, *others = text.parts
    draft.op, draft.unit, draft.text, draft.target, draft.base = first.op, first.unit, first.text, first.target, first.base
    draft.also = [part.json for part in others]
    draft.rationale, draft.language = text.rationale, text.language


def _same(one: Text, other: Text) -> bool:
    return one == other


def _prepared(state: State, written: Text, amends: str | None, revises: str | None) -> Text:
    """What was written as it is kept: words as one line in NFC, each part with the hash of the words that it is for."""
    if not written.parts:
        raise Malformed("this changes nothing", code="amendment.no-change", instead="Change the words as they should read.")
    units = ground_of(state, amends=amends, revises=revises)
    parts = []
    for part in written.parts:
        base = part.base or (units[part.unit].sha256 if part.unit in units and part.op != "insert_after" else "")
        parts.append(replace(part, text=_words(part), base=base, target=part.target if part.op in ("move", "join") else None))
    return Text(tuple(parts), rationale_of(state, written.rationale), written.language[:3])


def _words(part: Part) -> str:
    if part.op == "split":
        return "\n".join(cleaned(piece) for piece in part.text.splitlines() if piece.strip())
    return cleaned(part.text) if part.op in ("replace", "insert_after") else ""


def rationale_of(state: State, written: str) -> str:
    """A reason as it is kept, not longer than the rules allow.

    :raises Malformed: ``amendment.rationale``
    """
    text = unicodedata.normalize("NFC", written).strip()
    count = len(text.split())
    if count > state.rules.rationale_words:
        raise Malformed(
            f"the rationale has {count} words, the rules allow {state.rules.rationale_words}",
            code="amendment.rationale",
            instead="Shorten it; a comment can say more.",
        )
    return text


# -- inside the delegation ---------------------------------------------------------------------------------------------------


def ask_head(session: Session, draft: Draft, *, now: datetime) -> None:
    """Put the draft before the head of delegation."""
    _must_be_open(draft)
    if draft.status != "draft":
        raise Refused("the head has it already", code="draft.state")
    draft.status, draft.note, draft.updated_at = "awaiting_head", "", now
    session.flush()
    happened(session, "draft.asked", draft)


def take_back(session: Session, actor: Actor, draft: Draft, *, now: datetime) -> None:
    """The author asks for it back from the head, to go on writing."""
    if draft.status != "awaiting_head":
        raise Refused("this draft is not before the head", code="draft.state")
    if draft.author_id != actor.person_id:
        raise NotAllowed("only its author takes it back", code="draft.author", instead="The head can return it.")
    draft.status, draft.updated_at = "draft", now
    session.flush()


def return_to_member(session: Session, draft: Draft, note: str, *, now: datetime) -> None:
    """Give it back with a note that stays inside the delegation."""
    if draft.status != "awaiting_head":
        raise Refused("this draft does not wait for you", code="draft.state")
    draft.status, draft.note, draft.updated_at = "draft", note.strip()[:LONGEST_NOTE], now
    session.flush()
    happened(session, "draft.returned", draft)


def discard(session: Session, actor: Actor, draft: Draft, *, now: datetime) -> None:
    """Take a draft away, until somebody of the delegation brings it back; nobody else ever knew of it.

    :raises NotAllowed: ``draft.author`` for a member on a colleague's draft.
    """
    _may_dispose(actor, draft)
    _must_be_open(draft)
    draft.status, draft.updated_at = "discarded", now
    session.flush()


def bring_back(session: Session, draft: Draft, *, now: datetime) -> None:
    """Undo :func:`discard`."""
    if draft.status != "discarded":
        raise Refused("this draft was not discarded", code="draft.state")
    draft.status, draft.updated_at = "draft", now
    session.flush()


def erase(session: Session, actor: Actor, draft: Draft) -> None:
    """Erase a discarded draft with all its revisions; this cannot be undone."""
    _may_dispose(actor, draft)
    if draft.status != "discarded":
        raise Refused("only a discarded draft is erased", code="draft.state", instead="Discard it first.")
    session.execute(delete(DraftRevision).where(DraftRevision.draft_id == draft.id))
    session.delete(draft)
    session.flush()


def _may_dispose(actor: Actor, draft: Draft) -> None:
    if actor.role != "head" and draft.author_id != actor.person_id:
        raise NotAllowed("a colleague began this draft", code="draft.author", instead="Its author or your head can take it away.")


def _must_be_open(draft: Draft) -> None:
    if draft.status == "released":
        raise Refused("this has been submitted", code="draft.released", instead="Submit a new amendment, or withdraw this one.")
    if draft.status == "discarded":
        raise Refused("this draft was discarded", code="draft.discarded", instead="Bring it back from the list of drafts.")


# -- towards the record ------------------------------------------------------------------------------------------------------


def draft_edits(state: State, draft: Draft) -> list[dict[str, Any]]:
    """The edits that a draft would be signed with, all of its paragraphs together.

    :raises Refused, Malformed: see :func:`declaration.amendments.composing.edits_together`.
    """
    units = ground_of(state, amends=draft.amends, revises=draft.revises)
    return edits_together(state, text_of(draft).parts, units, own_units(state, draft.revises))


def own_units(state: State, revises: str | None) -> list[str]:
    """Ids of the paragraphs that a proposal puts in; a new revision of it keeps them."""
    proposal = state.amendments.get(revises or "")
    if proposal is None:
        return []
    found = [edit["unit"] for edit in proposal.edits if edit["op"] == "insert_after"]
    return found + [part for edit in proposal.edits if edit["op"] == "split" for part in edit["into"] if part != edit["unit"]]


def ready(state: State, draft: Draft) -> DeclarationError | None:
    """Why a draft cannot be submitted as it is, or ``None``."""
    try:
        draft_edits(state, draft)
    except DeclarationError as error:
        return error
    return None


def _fresh_id() -> str:
    return b64url_encode(entropy.token_bytes(16))
