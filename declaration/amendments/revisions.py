"""Revisions: what was saved of a draft and when, two texts saved at once, and a new revision of a proposal on the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.amendments import editing, operations, showing
from declaration.amendments.composing import cleaned
from declaration.amendments.models import DraftRevision
from declaration.amendments.operations import DraftConflict, Text
from declaration.amendments.parts import Part
from declaration.credentials.states import current
from declaration.errors import NotAllowed
from declaration.forums.models import Person
from declaration.procedure.state import Amendment, State
from declaration.procedure.working import base_of
from declaration.text import merge
from declaration.text.edits import Delete, InsertAfter, Join, Move, Replace, Split, parse_edits
from declaration.text.redline import Change, redline, splices_between
from declaration.text.splices import apply_splices
from declaration.text.units import UnitText, unit_hash
from declaration.web.access import Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.logs import inside

blueprint = Blueprint("revisions", __name__)


# -- two texts ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """One part as both have it.

    :ivar mine: ``None`` where only the colleague has this part; ``theirs`` likewise.
    :ivar between: the redline from theirs to mine.
    :ivar merged: both changes together, where they leave each other alone; otherwise ``None``.
    """

    heading: str
    mine: Part | None
    theirs: Part | None
    between: tuple[Change, ...]
    merged: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """One revision in the history of a draft, with what it changed in the one before."""

    id: str
    revision: int
    kind: str
    author: str
    at: datetime
    parts: Sequence[Part]
    headings: Sequence[str]
    changes: Sequence[Sequence[Change]]
    rationale: Sequence[Change]
    standing: bool


def conflict_page(state: State, conflict: DraftConflict) -> str:
    """Both texts side by side, what differs marked, and three ways on."""
    pairs = pairs_of(conflict.mine, conflict.theirs, conflict.before)
    clean = all(each.merged is not None for each in pairs)
    merged = Text(tuple(_merged_parts(pairs)), _merged_words(conflict), conflict.mine.language)
    author = _last_author(conflict)
    return render_template(
        "amendments/conflict.html", draft=conflict.draft, mine=conflict.mine, theirs=conflict.theirs, pairs=pairs, clean=clean,
        merged=merged, author=author, reasons=tuple(redline(conflict.theirs.rationale, conflict.mine.rationale)), state=state,
        revision=request.form.get("revision", "1"), sent=request.form.get("do", "save"),
    )  # fmt: skip


def _last_author(conflict: DraftConflict) -> str:
    session = current_session()
    found = next(each for each in operations.revisions_of(session, conflict.draft) if each.kind != "set_aside")
    return session.get_one(Person, found.author_id).name


def pairs_of(mine: Text, theirs: Text, before: Text | None) -> list[Pair]:
    """The parts of two texts beside each other, by what they do to which paragraph; theirs first, then what is mine alone."""
    ours = _numbered(mine.parts)
    others = _numbered(theirs.parts)
    begun = _numbered(before.parts) if before is not None else {}
    return [_pair(ours.get(key), others.get(key), begun.get(key)) for key in dict.fromkeys((*others, *ours))]


def _numbered(parts: Sequence[Part]) -> dict[tuple[str, str, int], Part]:
    """Parts by operation and unit; several new paragraphs behind one unit are told apart by their order."""
    found: dict[tuple[str, str, int], Part] = {}
    for part in parts:
        number = sum(key[:2] == (part.op, part.unit) for key in found)
        found[part.op, part.unit, number] = part
    return found


def _pair(mine: Part | None, theirs: Part | None, before: Part | None) -> Pair:
    one = mine or theirs
    if one is None:
        raise ValueError("a pair of nothing")
    ours, others = mine.text if mine is not None else "", theirs.text if theirs is not None else ""
    return Pair(
        showing.heading(one.op, one.unit), mine, theirs, tuple(redline(others, ours)),
        _merged(mine, theirs, before.text if before is not None else None),
    )  # fmt: skip


def _merged(mine: Part | None, theirs: Part | None, before: str | None) -> str | None:
    if mine is None or theirs is None:
        return None
    if mine.text == theirs.text:
        return mine.text if mine.target == theirs.target else None
    if before is None or mine.op not in ("replace", "insert_after"):
        return None
    base = unit_hash(before)
    edits = {
        name: [Replace("U", base, tuple(splices_between(before, part.text)))]
        for name, part in (("mine", mine), ("theirs", theirs))
        if part.text != before
    }
    made = merge.merge([UnitText("U", "operative", before)], edits)
    return made.units[0].text if made.status == "clean" else None


def _merged_parts(pairs: Sequence[Pair]) -> list[Part]:
    """What the form of the third way begins with: both changes where they fit together, otherwise mine; no part is left out."""
    found = []
    for each in pairs:
        part = each.mine or each.theirs
        if part is not None:
            found.append(replace(part, text=each.merged) if each.merged is not None else part)
    return found


def _merged_words(conflict: DraftConflict) -> str:
    mine, theirs = conflict.mine.rationale, conflict.theirs.rationale
    before = conflict.before.rationale if conflict.before is not None else None
    return theirs if before is not None and mine == before else mine


@blueprint.post("/<forum>/drafts/<draft_id>/theirs")
@inside
@allow("head", "member")
def keep_theirs(forum: str, draft_id: str) -> ResponseReturnValue:
    """The colleague's text stays; one's own is kept beside it."""
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    draft = operations.own_draft(session, g.forum, actor, draft_id, lock=True)
    form = editing.read_form(draft.unit)
    operations.set_aside(session, state, actor, draft, form.text, revision=form.revision, now=now())
    flash(_("Your colleague’s text stands. Yours is kept in the history of the draft."), "good")
    return redirect(url_for("drafting.edit", forum=forum, draft_id=draft_id))


# -- the history of a draft --------------------------------------------------------------------------------------------------


@blueprint.get("/<forum>/drafts/<draft_id>/history")
@inside
@allow("head", "member")
def history(forum: str, draft_id: str) -> ResponseReturnValue:
    """Everything that was saved of a draft, each with what it changed."""
    session, actor = current_session(), current_actor()
    draft = operations.own_draft(session, g.forum, actor, draft_id)
    found = operations.revisions_of(session, draft)
    people = {each: session.get_one(Person, each).name for each in {one.author_id for one in found}}
    rows = []
    for each in found:
        text = operations.text_of_revision(each)
        before = _before(found, each)
        pairs = pairs_of(text, before, None) if before is not None else []
        rows.append(
            Saved(
                each.id, each.revision, each.kind, people[each.author_id], each.at, text.parts,
                [showing.heading(part.op, part.unit) for part in text.parts],
                [one.between for one in pairs] if pairs else [(Change("equal", part.text),) for part in text.parts],
                tuple(redline(before.rationale, text.rationale)) if before is not None else (Change("equal", text.rationale),),
                each.kind != "set_aside" and each.revision == draft.revision,
            )
        )  # fmt: skip
    return render_template("amendments/history.html", draft=draft, rows=rows, name=showing.heading(draft.op, draft.unit))


def _before(found: Sequence[DraftRevision], one: DraftRevision) -> Text | None:
    """The saved revision before another one; words that were set aside are compared with what they were written on."""
    wanted = one.revision if one.kind == "set_aside" else one.revision - 1
    before = next((each for each in found if each.revision == wanted and each.kind != "set_aside"), None)
    return operations.text_of_revision(before) if before is not None else None


@blueprint.post("/<forum>/drafts/<draft_id>/restore")
@inside
@allow("head", "member")
def restore(forum: str, draft_id: str) -> ResponseReturnValue:
    """Go back to a revision; the one that stood until now stays in the history."""
    session, actor = current_session(), current_actor()
    draft = operations.own_draft(session, g.forum, actor, draft_id, lock=True)
    operations.restore(session, actor, draft, request.form.get("revision-id", ""), now=now())
    flash(_("The draft says again what it said then. Nothing of what came after is lost."), "good")
    return redirect(url_for("drafting.edit", forum=forum, draft_id=draft_id))


# -- a new revision of a proposal --------------------------------------------------------------------------------------------


def require_own(state: State, actor: Actor, digest: str) -> Amendment:
    """The proposal, if it is the actor's delegation's.

    :raises NotAllowed: ``amendment.not-own``
    """
    found = state.amendments[digest]
    if found.proposer != actor.delegation:
        raise NotAllowed(
            "only its proposer revises a proposal", code="amendment.not-own", instead="Propose a change to it as a sub-amendment."
        )
    return found


def parts_of_proposal(state: State, amendment: Amendment) -> list[Part]:
    """What a proposal says now, as the parts of a draft."""
    units = base_of(state, amendment)
    found = []
    for edit in parse_edits([dict(each) for each in amendment.edits]):
        text = units[edit.unit].text if edit.unit in units else ""
        match edit:
            case Replace(unit, base, splices):
                words = state.words.get(base, text)
                found.append(Part("replace", unit, cleaned(apply_splices(words, splices)), None, base))
            case InsertAfter(_unit, after, _kind, words, _parent):
                found.append(Part("insert_after", after or next(iter(units)), words))
            case Delete(unit, base):
                found.append(Part("delete", unit, "", None, base))
            case Move(unit, base, after):
                found.append(Part("move", unit, "", after or "", base))
            case Split(unit, base, at, _into):
                pieces = [text[start:end].strip() for start, end in zip((0, *at), (*at, len(text)), strict=True)]
                found.append(Part("split", unit, "\n".join(pieces), None, base))
            case Join(unit, base, joined, _separator):
                found.append(Part("join", unit, "", joined[0][0], base))
    return found
