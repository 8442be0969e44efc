"""Bodies of the acts on paragraphs, from what somebody filled in (see :mod:`declaration.credentials.acts`).

=======================================  ==============================================================================
type                                     fields
=======================================  ==============================================================================
``paragraph.agree_ad_ref-v1``            ``units``: ids with spaces between, or a tick ``unit-<id>`` each; a tick
                                         ``present-<delegation>`` each (none: all); ``minute`` (optional)
``paragraph.refer_to_small_group-v1``    ``unit``; a tick ``member-<delegation>`` each; ``facilitator``; ``report_by``: an hour;
                                         ``reason``: what it is asked to settle
``paragraph.report_back-v1``             ``unit``; ``reason``: the report
``paragraph.place_reserve-v1``           ``unit``; ``until``: an hour (optional); ``reason``
``paragraph.lift_reserve-v1``            ``unit``
``paragraph.reopen-v1``                  ``unit``; ``reason``
``paragraph.delete-v1``                  ``unit``; ``reason``: the minute
``paragraph.restore-v1``                 ``unit``; ``after``: a unit's id, empty for the place where it stood; ``reason``
``paragraph.correct_editorially-v1``     ``unit``; ``text``: the paragraph as it should read; ``reason``
``declaration.refer_back-v1``            ``units``, or ticks ``unit-<id>``; ``reason``: the finding
=======================================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from declaration.amendments.composing import cleaned, edits_of
from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields, reason_content
from declaration.errors import Malformed, NotFound
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web.access import Actor

UNIT, MEMBER, PRESENT = "unit-", "member-", "present-"
_NO_OBJECTION = "Put to the meeting, no objection."


def register(app: Flask) -> None:
    """Say how the acts on paragraphs are composed."""
    acts.register(app, "paragraph.agree_ad_ref-v1", compose=agree_ad_ref)
    acts.register(app, "paragraph.refer_to_small_group-v1", compose=refer_to_small_group)
    acts.register(app, "paragraph.report_back-v1", compose=with_reason)
    acts.register(app, "paragraph.place_reserve-v1", compose=place_reserve)
    acts.register(app, "paragraph.lift_reserve-v1", compose=lift_reserve)
    acts.register(app, "paragraph.reopen-v1", compose=with_reason)
    acts.register(app, "paragraph.delete-v1", compose=delete)
    acts.register(app, "paragraph.restore-v1", compose=restore)
    acts.register(app, "paragraph.correct_editorially-v1", compose=correct_editorially)
    acts.register(app, "declaration.refer_back-v1", compose=refer_back)


def ticked(fields: Fields, prefix: str) -> list[str]:
    """What follows ``prefix`` in the names of the boxes that were ticked, sorted."""
    return sorted(name.removeprefix(prefix) for name in fields if name.startswith(prefix))


def _units(state: State, fields: Fields) -> list[str]:
    named = fields.get("units", "").split() or ticked(fields, UNIT)
    if not named:
        raise Malformed("no paragraph is named", code="paragraph.none", instead="Tick at least one.")
    for unit in named:
        _standing(state, unit)
    return named


def _standing(state: State, unit: str) -> str:
    if unit not in state.units:
        raise NotFound("there is no such paragraph in the text", code="paragraph.unknown")
    return unit


def agree_ad_ref(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The words as they stand, who was in the room, and the minute."""
    present = ticked(fields, PRESENT) or sorted(state.known.delegations)
    minute = " ".join(fields.get("minute", "").split()) or _NO_OBJECTION
    document = {"kind": "minute", "language": actor.language, "present": present, "text": minute[:2000]}
    return {
        "units": {unit: state.units[unit].sha256 for unit in _units(state, fields)},
        "present": present,
        "content": contents.store(session, forum.id, document, audience="public"),
    }


def refer_to_small_group(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """Who settles it, who leads, by when, and what they are asked."""
    return {
        "unit": fields.get("unit", ""),
        "members": ticked(fields, MEMBER),
        "facilitator": fields.get("facilitator", ""),
        "report_by": hour(forum, fields, "report_by"),
        "content": reason_content(session, forum, actor, fields),
    }


def with_reason(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """A paragraph and a reason: a report, a minute."""
    return {"unit": fields.get("unit", ""), "content": reason_content(session, forum, actor, fields)}


def place_reserve(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Why, and until when the delegation means to speak."""
    until = hour(forum, fields, "until") if fields.get("until", "").strip() else None
    return {"unit": fields.get("unit", ""), "until": until, "content": reason_content(session, forum, actor, fields)}


def lift_reserve(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The paragraph alone."""
    return {"unit": fields.get("unit", "")}


def delete(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The paragraph in the words that the Chair reads, and the minute."""
    unit = _standing(state, fields.get("unit", ""))
    return {"unit": unit, "base": state.units[unit].sha256, "content": reason_content(session, forum, actor, fields)}


def restore(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """After which paragraph, and the minute. Without a place it goes where it stood, or as near before it as still stands."""
    unit = fields.get("unit", "")
    if unit not in state.gone:
        raise NotFound("this paragraph was not deleted", code="paragraph.unknown")
    after = fields.get("after") or state.gone[unit][1]
    while after is not None and after in state.gone:
        after = state.gone[after][1]
    return {"unit": unit, "after": after, "content": reason_content(session, forum, actor, fields)}


def correct_editorially(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The exact change of words, and why it changes no meaning."""
    unit = _standing(state, fields.get("unit", ""))
    edits = edits_of(state, op="replace", unit=unit, text=cleaned(fields.get("text", "")))
    return {"edits": edits, "content": reason_content(session, forum, actor, fields)}


def refer_back(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Which paragraphs, and what was found."""
    return {"units": _units(state, fields), "content": reason_content(session, forum, actor, fields)}
