"""Bodies of the stage acts, from what somebody filled in (see :mod:`declaration.credentials.acts`).

=====================================  ====================================================================================
type                                   fields
=====================================  ====================================================================================
``declaration.issue_compilation-v1``   none; the compilation is made from the record
``declaration.adopt-v1``               a tick ``present-<delegation>`` each; ``minute``
``declaration.open_for_signature-v1``  ``opens``, ``closes``: hours; ``sentence-<language>`` (optional, each authentic language)
``declaration.object_to_adoption-v1``  ``reason``; ``unit`` (optional): the paragraph it is about
``confirmation.object-v1``             the same
``declaration.archive-v1``             ``bundle``: SHA-256 of the bundle as it was deposited; ``reason``: the report of the second tool
=====================================  ====================================================================================

``reopen_text``, ``close_accession`` and ``lapse`` have a reason alone and need nothing here; acts on paragraphs are in
:mod:`declaration.adoption.paragraphs`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from flask import Flask
from sqlalchemy.orm import Session

from declaration.adoption.compilation import compilation
from declaration.adoption.sentences import check_sentence, default_sentence
from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields, reason_content
from declaration.errors import Malformed, Refused
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.text.tokens import nfc
from declaration.web.access import Actor

PRESENT, SENTENCE = "present-", "sentence-"
_LONGEST = 2_000


def register(app: Flask) -> None:
    """Say how the stage acts are composed."""
    acts.register(app, "declaration.issue_compilation-v1", compose=issue_compilation)
    acts.register(app, "declaration.adopt-v1", compose=adopt)
    acts.register(app, "declaration.open_for_signature-v1", compose=open_for_signature)
    acts.register(app, "declaration.object_to_adoption-v1", compose=objection)
    acts.register(app, "confirmation.object-v1", compose=objection)
    acts.register(app, "declaration.archive-v1", compose=archive)


def issue_compilation(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The compilation as it is issued."""
    return {"content": contents.store(session, forum.id, compilation(state), audience="public")}


def adopt(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """Who was present, and the minute."""
    present = sorted(name.removeprefix(PRESENT) for name in fields if name.startswith(PRESENT))
    if not present:
        raise Malformed("no delegation is ticked as present", code="adopt.presence", instead="Tick those that are in the room.")
    minute = _written(fields, "minute", "Write what the minute says, such as “There was no objection.”")
    document = {"kind": "minute", "language": actor.language, "present": present, "text": minute}
    return {"present": present, "content": contents.store(session, forum.id, document, audience="public")}


def open_for_signature(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The window, and the sentence that organizations sign in each authentic language."""
    if state.adopted_at is None:
        raise Refused("nothing has been adopted", code="version.not-adopted")
    authentic = state.known.authentic
    sentences = {}
    for lang in authentic:
        default = default_sentence(lang, authentic, date_in(state.adopted_at, lang, forum.time_zone))
        sentence = " ".join(nfc(fields.get(SENTENCE + lang) or default).split())
        check_sentence(sentence, authentic)
        sentences[lang] = sentence
    document = {"kind": "opening", "sentences": sentences}
    return {
        "opens": hour(forum, fields, "opens"),
        "closes": hour(forum, fields, "closes"),
        "content": contents.store(session, forum.id, document, audience="public"),
    }


def objection(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """Why, and about which paragraph."""
    unit = fields.get("unit") or None
    if unit is not None and unit not in state.units:
        raise Malformed("there is no such paragraph in the text", code="objection.unit")
    reason = _written(fields, "reason", "Name the words and say what is wrong with them; everybody reads it.")
    document = {"kind": "objection", "language": actor.language, "text": reason, "unit": unit}
    return {"content": contents.store(session, forum.id, document, audience="public")}


def archive(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Which bundle was deposited, and what the second tool said of it."""
    bundle = fields.get("bundle", "").strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", bundle):
        raise Malformed("not the SHA-256 of a bundle", code="archive.bundle", instead="Copy it from the page Verify, where it is shown.")
    return {"bundle": bundle, "content": reason_content(session, forum, actor, fields)}


def date_in(moment: datetime, lang: str, zone: str) -> str:
    """A day written out in a language: 25 November 2025, 25 noyabr 2025."""
    return str(format_date(moment.astimezone(ZoneInfo(zone)), format="d MMMM y", locale=Locale.parse(lang)))


def _written(fields: Fields, name: str, instead: str) -> str:
    text = nfc(fields.get(name, "")).strip()
    if not text:
        raise Malformed(f"a {name} is needed", code=f"{name}.missing", instead=instead)
    if len(text) > _LONGEST:
        raise Malformed(f"the {name} is too long", code=f"{name}.too-long", instead=f"Use at most {_LONGEST:,} characters.")
    return text
