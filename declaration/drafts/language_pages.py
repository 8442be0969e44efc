"""Languages: which are complete, what is behind in one of them, and the translator's split view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from declaration.credentials import acts
from declaration.credentials.asking import key_of
from declaration.credentials.signing import Ask
from declaration.drafts import queries, views
from declaration.drafts.blueprint import blueprint, readable_state, this_forum
from declaration.drafts.comparing import Line
from declaration.drafts.composers import certified
from declaration.errors import NotFound
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.text.redline import Change, redline
from declaration.web.access import PUBLIC, Actor, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

SUBMIT, CERTIFY = "language_version.submit-v1", "language_version.certify-v1"
_NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one language.

    :ivar line: in the original language.
    :ivar status: ``missing``, ``outdated``, ``submitted`` or ``concordant``.
    :ivar text: what stands in the language now, or None.
    :ivar changes: what changed in the original since that was translated; empty where nothing did or nothing was.
    :ivar lost: the words that were translated are not at hand, so that no redline can be shown.
    """

    line: Line
    name: str
    status: str
    text: str | None
    changes: tuple[Change, ...]
    lost: bool
    translator: str | None


@blueprint.get("/<forum>/languages")
@allow(PUBLIC)
def languages(forum: str) -> ResponseReturnValue:
    """Every language and how far it is."""
    state = readable_state()
    if state.current is None:
        return render_template("drafts/no_text.html", state=state)
    actor = optional_actor()
    return render_template(
        "drafts/languages.html", state=state, rows=views.language_rows(state), own=_own(state, actor), version=state.versions[state.current]
    )


@blueprint.get("/<forum>/languages/<lang>")
@allow(PUBLIC)
def language_page(forum: str, lang: str) -> ResponseReturnValue:
    """One language, unit by unit; for its translators what is behind, side by side, and the certificate."""
    state, actor = readable_state(), optional_actor()
    if state.current is None:
        return render_template("drafts/no_text.html", state=state)
    if lang not in state.known.languages or lang == state.known.original:
        raise NotFound("this is not a language that is translated here", code="text.language")
    units = _units(state, lang)
    mine = _own(state, actor) == lang
    also = set(request.args.getlist("also"))
    open_units = [unit for unit in units if unit.status in ("missing", "outdated") or unit.line.id in also]
    version = state.versions[state.current]
    return render_template(
        "drafts/language.html",
        state=state,
        lang=lang,
        row=next(row for row in views.language_rows(state) if row.code == lang),
        units=units,
        version=version,
        mine=mine,
        open_units=open_units if mine else [],
        submit=_submit(state, actor, lang, open_units) if mine and actor else None,
        certify=_certify(state, actor, lang) if mine and actor else None,
        translators=sorted({unit.translator for unit in units if unit.translator}),
        names=lambda party: views.party_name(this_forum(), party, lang),
    )


def _units(state: State, lang: str) -> list[Unit]:
    session, forum = current_session(), this_forum()
    known = consequences.translation(state, lang)
    late = set(consequences.behind(state, lang))
    certificate = state.certificates.get(lang)
    hashes = [digest for entry in known.values() for digest in (entry.sha256, entry.source)]
    words = queries.words(session, forum, state, hashes)
    result = []
    for line in views.working_lines(state):
        entry = known.get(line.id)
        status = "missing" if entry is None else "outdated" if line.id in late else "submitted"
        if entry is not None and status == "submitted" and certificate and certificate.hashes.get(line.id) == entry.sha256:
            status = "concordant"
        source = words.get(entry.source) if entry else None
        changes = tuple(redline(source, line.text)) if status == "outdated" and source is not None else ()
        name = views.where({line.id: line.label}, line.kind, line.id)
        result.append(
            Unit(line, name, status, words.get(entry.sha256) if entry else None, changes, status == "outdated" and source is None,
                 entry.translator if entry else None)
        )  # fmt: skip
    return result


def _own(state: State, actor: Actor | None) -> str | None:
    """The language that the reader's key was accredited for, where the reader is a translator."""
    if actor is None or actor.role != "translator":
        return None
    key = key_of(state, actor)
    return key.language if key is not None else None


def _submit(state: State, actor: Actor, lang: str, units: list[Unit]) -> Ask:
    body: Mapping[str, object] = {"language": lang, "units": {unit.line.id: _NOTHING for unit in units} or {"T": _NOTHING}}
    return acts.offer(current_session(), this_forum(), actor, SUBMIT, state.current, body, now=now(), filled_in=True)


def _certify(state: State, actor: Actor, lang: str) -> Ask:
    body = certified(state, lang)
    return acts.offer(current_session(), this_forum(), actor, CERTIFY, state.current, body, now=now())
