"""The editor as a page: what stands in its form, what each part looks like, what may be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.amendments import operations, parts, showing, words
from declaration.amendments.composing import carried, ground_of, short
from declaration.amendments.models import Draft
from declaration.amendments.operations import Text
from declaration.amendments.parts import Part
from declaration.errors import DeclarationError, Malformed, NotFound
from declaration.procedure.state import State, Unit
from declaration.protocol.encoding import b64url_encode
from declaration.web import entropy
from declaration.web.access import current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

OPS = {
    "replace": _l("Change its words"),
    "insert_after": _l("New paragraph after it"),
    "delete": _l("Delete it"),
    "move": _l("Move it behind another"),
    "split": _l("Split it"),
    "join": _l("Join another to it"),
}
"""What can be proposed for a paragraph, in the order of a list."""


@dataclass(frozen=True, slots=True)
class About:
    """What a draft is to: the text, a proposal that it amends, or an own proposal that it revises."""

    amends: str | None = None
    revises: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What came in a form.

    :ivar do: the button: ``save``, ``ask``, ``release``, ``preview``, ``add``, ``remove-1``, ``carry-0``.
    :ivar revision: the one that the writer had before them; 0 for a new draft.
    """

    text: Text
    do: str
    revision: int
    key: str


def about(state: State, amends: str | None, revises: str | None = None) -> About:
    """What a draft is to.

    :raises NotFound: there is no such proposal.
    """
    for digest in (amends, revises):
        if digest is not None and digest not in state.amendments:
            raise NotFound(_("There is no such proposal."), code="amendment.unknown")
    return About(amends, revises)


def ground(state: State, what: About) -> Mapping[str, Unit]:
    """The text that is edited."""
    return ground_of(state, amends=what.amends, revises=what.revises)


def require_unit(units: Mapping[str, Unit], unit: str) -> Unit:
    """A paragraph of that text.

    :raises NotFound: there is none.
    """
    if unit not in units:
        raise NotFound(_("There is no such paragraph."), code="unit.unknown")
    return units[unit]


def read_form(unit: str) -> Form:
    """What the current request sends."""
    form = request.form
    revision = form.get("revision", "0")
    text = Text(tuple(parts.parts_of_form(form, unit)), form.get("rationale", ""), form.get("language", current_actor().language)[:3])
    return Form(text, form.get("do", "save"), int(revision) if revision.isascii() and revision.isdigit() else 0, form.get("key", "")[:64])


def begun(units: Mapping[str, Unit], op: str, unit: str) -> Part:
    """A part before anything is written in it."""
    base = require_unit(units, unit)
    order = list(units)
    at = order.index(unit)
    target = None
    if op == "join":
        alike = [each for each in order[at + 1 :] if units[each].kind == base.kind] or [each for each in order if each != unit]
        target = alike[0] if alike else None
    if op == "move":
        target = order[at + 1] if at + 1 < len(order) else order[0]
    return Part(op, unit, base.text if op in ("replace", "split") else "", target, "" if op == "insert_after" else base.sha256)


def altered(state: State, units: Mapping[str, Unit], text: Text, do: str) -> Text:
    """The form after one of its small buttons: a part added, taken out, or carried over to the words that stand now.

    :raises Malformed, NotFound: what is asked for does not exist.
    """
    found = list(text.parts)
    name, _dash, number = do.partition("-")
    if name == "add":
        unit, op = request.form.get("add-unit", ""), request.form.get("add-op", "")
        if op not in parts.OPS:
            raise Malformed("unknown kind of proposal", code="amendment.op")
        if len(found) >= parts.MOST:
            raise Malformed("this amendment has too many parts", code="amendment.parts", instead="Submit it as two amendments.")
        found.append(begun(units, op, unit))
    elif name == "remove" and number.isdigit() and len(found) > 1:
        found = parts.without(found, int(number))
    elif name == "carry" and number.isdigit() and int(number) < len(found):
        found[int(number)] = _carried(state, units, found[int(number)])
    return replace(text, parts=tuple(found))


def _carried(state: State, units: Mapping[str, Unit], part: Part) -> Part:
    """A part for the words that stand now: the same change where it can be made, otherwise the writer's words as they are."""
    unit = require_unit(units, part.unit)
    if part.op != "replace":
        return replace(part, base=unit.sha256)
    made = carried(state, part, units)
    text = made.text.get(part.unit, unit.text) if made is not None and made.status not in ("conflict", "orphaned") else part.text
    return replace(part, text=text, base=unit.sha256)


def page(
    state: State, draft: Draft | None, what: About, text: Text, *, revision: int = 0, key: str = "", error: DeclarationError | None = None,
    saved: bool = False,
) -> str:  # fmt: skip
    """The editor.

    :param saved: what is in the form is what the draft says, so that it may be offered to be submitted or discarded.
    """
    units = ground(state, what)
    shown = [showing.of_part(state, part, units) for part in text.parts]
    choices = choices_of(state, units)
    actor = current_actor()
    return render_template(
        "amendments/editor.html", state=state, draft=draft, about=what, text=text, parts=shown, revision=revision,
        key=key or b64url_encode(entropy.token_bytes(16)), error=error, saved=saved, choices=choices, ops=OPS, deadline=state.deadline,
        late=state.deadline is not None and now() >= state.deadline, head=actor.role == "head", owner=str(actor.person_id),
        parent=state.amendments.get(what.amends or ""), revised=state.amendments.get(what.revises or ""), short=_short(state, what),
        may_dispose=draft is not None and (actor.role == "head" or draft.author_id == actor.person_id),
        colleagues=draft is not None and draft.status == "awaiting_head" and draft.author_id == actor.person_id,
        history=len(operations.revisions_of(current_session(), draft)) if draft is not None else 0, slug=g.forum.slug,
    )  # fmt: skip


def choices_of(state: State, units: Mapping[str, Unit]) -> Sequence[tuple[str, str]]:
    """Every paragraph of a text: id and what it is called."""
    return list(words.unit_names(state, units).items())


def _short(state: State, what: About) -> str:
    found = state.amendments.get(what.amends or what.revises or "")
    return short(state, found) if found is not None else ""
