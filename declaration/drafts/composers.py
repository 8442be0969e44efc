"""Bodies of the drafts' acts, from what somebody filled in (see :mod:`declaration.credentials.acts`).

================================================  ======================================================================
type                                              fields
================================================  ======================================================================
``draft_version.approve_and_circulate-v1``        none; the symbol is the manifest's
``declaration.circulate_zero_draft-v1``           ``deadline``: an hour
``declaration.extend_deadline-v1``                ``deadline``, ``reason``
``language_version.submit-v1``                    ``language``; for each unit ``text-<id>`` and a tick ``ready-<id>``
``language_version.correct-v1``                   the same, for paragraphs that were reported
``language_version.start-v1``                     ``language``; for each unit a tick ``take-<id>``
``language_version.report_divergence-v1``         ``language``, ``unit``; ``reason``: both readings
``language_version.certify-v1``                   ``language``
================================================  ======================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.acts import Fields, reason_content
from declaration.drafts import operations, queries
from declaration.errors import Malformed
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.text.letters import check_letters
from declaration.text.tokens import nfc
from declaration.web.access import Actor

TEXT, READY, TAKE = "text-", "ready-", "take-"


def register(app: Flask) -> None:
    """Say how the drafts' acts are composed and what follows them."""
    acts.register(app, "draft_version.approve_and_circulate-v1", compose=approval, then=operations.note_approved)
    acts.register(app, "declaration.circulate_zero_draft-v1", compose=circulation)
    acts.register(app, "declaration.extend_deadline-v1", compose=extension)
    acts.register(app, "language_version.submit-v1", compose=translation, then=operations.require_words)
    acts.register(app, "language_version.correct-v1", compose=translation, then=operations.require_words)
    acts.register(app, "language_version.start-v1", compose=start)
    acts.register(app, "language_version.report_divergence-v1", compose=divergence)
    acts.register(app, "language_version.certify-v1", compose=certificate)


def approval(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The version's own symbol."""
    return {"symbol": queries.version(session, forum, object_ or "").manifest.symbol}


def circulation(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The deadline for amendments."""
    return {"deadline": hour(forum, fields, "deadline")}


def extension(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The later deadline, and why."""
    return {"deadline": hour(forum, fields, "deadline"), "content": reason_content(session, forum, actor, fields)}


def translation(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The units that the translator ticked as ready; their words are kept by hash.

    :raises Malformed: ``translation.none`` (nothing ticked), ``translation.empty``, ``translation.units`` and what the letters and
        the form of a unit refuse.
    """
    lang = language_of(state, fields)
    ready = [name.removeprefix(READY) for name in fields if name.startswith(READY)]
    if not ready:
        raise Malformed(
            "no paragraph is ticked as ready", code="translation.none", instead="Tick each paragraph whose translation is finished."
        )
    texts: dict[str, str] = {}
    for unit in ready:
        if unit not in state.units:
            raise Malformed(f"{unit[:40]} is not in the text", code="translation.units")
        # A browser ends lines in a textarea with CR LF; a unit is one line.
        text = " ".join(nfc(fields.get(TEXT + unit, "")).split())
        if not text:
            raise Malformed(f"{unit} is ticked and has no text", code="translation.empty", instead="Translate it, or untick it.")
        check_letters(text, where=unit)
        texts[unit] = text
    hashes = operations.save_words(session, forum, texts.values())
    return {"language": lang, "units": dict(zip(texts, hashes, strict=True))}


def start(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The paragraphs that were ticked, as the original has them now.

    :raises Malformed: ``translation.none``, ``translation.units``.
    """
    taken = [name.removeprefix(TAKE) for name in fields if name.startswith(TAKE)]
    if not taken:
        raise Malformed("no paragraph is ticked", code="translation.none", instead="Tick each paragraph that you take.")
    if unknown := [unit for unit in taken if unit not in state.units]:
        raise Malformed(f"{unknown[0][:40]} is not in the text", code="translation.units")
    return {"language": language_of(state, fields), "units": {unit: state.units[unit].sha256 for unit in taken}}


def divergence(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Which paragraph does not say the same, and the two readings."""
    content = reason_content(session, forum, actor, fields)
    return {"language": language_of(state, fields), "unit": fields.get("unit", ""), "content": content}


def certificate(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The whole language version as it stands."""
    return certified(state, language_of(state, fields))


def certified(state: State, lang: str) -> dict[str, Any]:
    """What a certificate of ``lang`` says now."""
    return {"language": lang, "units": {unit: entry.sha256 for unit, entry in consequences.translation(state, lang).items()}}


def language_of(state: State, fields: Fields) -> str:
    """The language in the field of that name.

    :raises Malformed: ``translation.language``.
    """
    lang = fields.get("language", "")
    if lang not in state.known.languages or lang == state.known.original:
        raise Malformed("this is not a language that is translated here", code="translation.language")
    return lang
