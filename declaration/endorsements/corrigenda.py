"""Correcting what was adopted: how these acts are composed, and the two texts side by side.

============================  ============================================================================================
type                          fields
============================  ============================================================================================
``corrigendum.propose-v1``    ``kind``; ``language``; ``unit`` and ``reads``, what it should read; ``reason``
``corrigendum.notify-v1``     ``until``: an hour; ``reason``: the notice
``corrigendum.object-v1``     ``reason``
``corrigendum.rectify-v1``    ``reason``: the procès-verbal
``corrigendum.renotify-v1``   ``reads``; ``until``; ``reason``
``corrigendum.drop-v1``       ``reason``
============================  ============================================================================================

A paragraph is written as one line. What comes back as it reads now is refused: it would correct nothing. An error in a copy alone comes
without words, or with those that the form began with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.acts import Fields, reason_content
from declaration.errors import Malformed, Refused
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure import standing
from declaration.procedure.holdings import Corrigendum
from declaration.procedure.state import State
from declaration.text.redline import splices_between
from declaration.text.splices import splices_json
from declaration.text.tokens import nfc
from declaration.text.units import unit_hash
from declaration.web.access import Actor

PROPOSE, NOTIFY, OBJECT = "corrigendum.propose-v1", "corrigendum.notify-v1", "corrigendum.object-v1"
RECTIFY, RENOTIFY, DROP = "corrigendum.rectify-v1", "corrigendum.renotify-v1", "corrigendum.drop-v1"
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
"""White space but for the two kinds that keep words on one line: the text has them on purpose, and so has what begins as it."""


def register(app: Flask) -> None:
    """Say how these acts are composed; those with a reason alone are composed like any other."""
    acts.register(app, PROPOSE, compose=compose_proposal)
    acts.register(app, NOTIFY, compose=compose_notice)
    acts.register(app, RECTIFY, compose=compose_rectification)
    acts.register(app, RENOTIFY, compose=compose_revision)


def compose_proposal(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """What the paragraph should read, as exact replacements."""
    kind, language = fields.get("kind", ""), fields.get("language", "")
    if kind == "copy":
        _check_unchanged(state, language, fields)
        edits, corrected = None, None
    else:
        edits, corrected = _replacement(state, language, fields.get("unit", ""), fields.get("reads", ""))
    return {
        "kind": kind, "language": language, "edits": edits, "corrected": corrected,
        "content": reason_content(session, forum, actor, fields),
    }  # fmt: skip


def compose_notice(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Under the next symbol, until an hour."""
    return {
        "symbol": next_symbol(state),
        "until": hour(forum, fields, "until"),
        "content": reason_content(session, forum, actor, fields),
    }


def compose_revision(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Other words for the same paragraph, and a new hour."""
    made = _known(state, object_)
    edits, corrected = None, None
    if made.kind != "copy":
        edits, corrected = _replacement(state, made.language, str(made.edits[0]["unit"]), fields.get("reads", ""))
    return {
        "edits": edits, "corrected": corrected, "until": hour(forum, fields, "until"),
        "content": reason_content(session, forum, actor, fields),
    }  # fmt: skip


def compose_rectification(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The procès-verbal, with the hashes of the two texts."""
    return {**hashes(state, _known(state, object_)), "content": reason_content(session, forum, actor, fields)}


def hashes(state: State, made: Corrigendum) -> dict[str, str | None]:
    """The hash of the text that a rectification corrects, and that of the corrected one."""
    previous = None if made.kind == "copy" else standing.hash_as_corrected(state, made.language)
    return {"previous": previous, "corrected": made.sha256}


def next_symbol(state: State) -> str:
    """The symbol of the next corrigendum."""
    number = 1 + sum(each.symbol is not None for each in state.corrigenda.values())
    return f"{state.versions[state.adopted or ''].symbol}/Corr.{number}"


def _known(state: State, digest: str | None) -> Corrigendum:
    made = state.corrigenda.get(digest or "")
    if made is None:
        raise Refused("there is no such correction", code="corrigendum.unknown")
    return made


def _replacement(state: State, language: str, unit: str, reads: str) -> tuple[list[dict[str, Any]], str]:
    texts = standing.text_as_corrected(state, language)
    if unit not in texts:
        raise Malformed("choose the paragraph", code="corrigendum.unit")
    new = _one_line(reads)
    if not new:
        raise Malformed("write what it should read", code="corrigendum.reads")
    if new == _one_line(texts[unit]):
        raise Malformed(
            "it reads so already",
            code="corrigendum.nothing",
            instead="Change what is wrong in the paragraph, or say that the error is in a copy alone.",
        )
    splices = splices_json(splices_between(texts[unit], new))
    edits: list[dict[str, Any]] = [{"base": unit_hash(texts[unit]), "op": "replace", "splices": splices, "unit": unit}]
    return edits, standing.with_edits(state, language, tuple(edits))[1]


def _check_unchanged(state: State, language: str, fields: Fields) -> None:
    """Words that were changed and would be left out of the act are somebody's mistake."""
    reads, now = _one_line(fields.get("reads", "")), standing.text_as_corrected(state, language).get(fields.get("unit", ""), "")
    if reads and reads != _one_line(now):
        raise Malformed(
            "an error in a copy alone changes no word of the text",
            code="corrigendum.copy",
            instead="Say that the error is in the text, or leave the paragraph as it reads.",
        )


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", nfc(text)).strip(" ")


@dataclass(frozen=True, slots=True)
class Reads:
    """A paragraph as it was signed (or stood before), and as it should read."""

    unit: str
    before: str
    after: str


def reads(state: State, made: Corrigendum) -> list[Reads]:
    """What a running correction would change, or a rectified one did. Empty where another correction has crossed it."""
    if made.status == "rectified":
        done = state.corrected.get(made.language, ())
        place = next((place for place, each in enumerate(done) if each.act == made.rectified), None)
        if place is None:
            return []
        signed = state.version_text(state.adopted or "").texts[made.language]
        before = done[place - 1].texts if place else signed
        return [Reads(unit, before[unit], done[place].texts[unit]) for unit in done[place].units]
    if made.kind == "copy":
        return []
    try:
        after, _ = standing.with_edits(state, made.language, made.edits)
    except (Refused, Malformed):
        return []
    before = standing.text_as_corrected(state, made.language)
    return [Reads(unit, before[unit], after[unit]) for unit in dict.fromkeys(str(edit["unit"]) for edit in made.edits)]
