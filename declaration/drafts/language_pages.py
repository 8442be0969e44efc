"""Languages: which are complete, what is behind in one of them, and the translator's split view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from declaration.credentials import acts, contents
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
from declaration.text.terms import Hit, hits
from declaration.web.access import PUBLIC, Actor, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

SUBMIT, CERTIFY = "language_version.submit-v1", "language_version.certify-v1"
START, CORRECT, REPORT = "language_version.start-v1", "language_version.correct-v1", "language_version.report_divergence-v1"
_NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one language.

    :ivar line: in the original language.
    :ivar status: see :func:`declaration.procedure.consequences.unit_language_status`.
    :ivar text: what stands in the language now, or None.
    :ivar changes: what changed in the original since that was translated; empty where nothing did or nothing was.
    :ivar lost: the words that were translated are not at hand, so that no redline can be shown.
    :ivar terms: terms of the forum's list that stand in the original, and whether the text in the language has them.
    :ivar finding: how it diverges, in the words of whoever reported it (None where they are withheld).
    """

    line: Line
    name: str
    status: str
    text: str | None
    changes: tuple[Change, ...]
    lost: bool
    translator: str | None
    terms: tuple[Hit, ...] = ()
    taken_by: str | None = None
    finding: str | None = None
    found_by: str | None = None


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
    open_units = [unit for unit in units if unit.status in ("missing", "outdated", "translating") or unit.line.id in also]
    reported = [unit for unit in units if unit.status == "divergent"]
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
        reported=reported,
        submit=_submit(SUBMIT, state, actor, lang, open_units) if mine and actor else None,
        correct=_submit(CORRECT, state, actor, lang, reported) if mine and actor and reported else None,
        start=_start(state, actor, lang, units) if mine and actor else None,
        report=_report(state, actor, lang, units),
        deviations=sum(not hit.kept for unit in units for hit in unit.terms if unit.text is not None),
        certify=_certify(state, actor, lang) if mine and actor else None,
        translators=sorted({unit.translator for unit in units if unit.translator}),
        names=lambda party: views.party_name(this_forum(), party, lang),
    )


def _units(state: State, lang: str) -> list[Unit]:
    session, forum = current_session(), this_forum()
    known = consequences.translation(state, lang)
    late = set(consequences.behind(state, lang))
    hashes = [digest for entry in known.values() for digest in (entry.sha256, entry.source)]
    words = queries.words(session, forum, state, hashes)
    found = state.divergences.get(lang, {})
    findings = contents.read_many(session, forum.id, [each.content for each in found.values()], audiences=("public",))
    result = []
    for line in views.working_lines(state):
        entry = known.get(line.id)
        status = consequences.unit_language_status(state, lang, line.id)
        source = words.get(entry.source) if entry else None
        behind = entry is not None and line.id in late
        changes = tuple(redline(source, line.text)) if behind and source is not None else ()
        text = words.get(entry.sha256) if entry else None
        taken = state.taken.get(lang, {}).get(line.id)
        divergence = found.get(line.id)
        result.append(
            Unit(
                line=line,
                name=views.where({line.id: line.label}, line.kind, line.id),
                status=status,
                text=text,
                changes=changes,
                lost=behind and source is None,
                translator=entry.translator if entry else None,
                terms=tuple(hits(line.text, text or "", forum.terms, state.known.original, lang)),
                taken_by=taken.translator if taken and status == "translating" else None,
                finding=findings.get(divergence.content, {}).get("text") if divergence else None,
                found_by=divergence.party if divergence else None,
            )
        )
    return result


def _own(state: State, actor: Actor | None) -> str | None:
    """The language that the reader's key was accredited for, where the reader is a translator."""
    if actor is None or actor.role != "translator":
        return None
    key = key_of(state, actor)
    return key.language if key is not None else None


def _submit(type_: str, state: State, actor: Actor, lang: str, units: list[Unit]) -> Ask:
    body: Mapping[str, object] = {"language": lang, "units": {unit.line.id: _NOTHING for unit in units} or {"T": _NOTHING}}
    return acts.offer(current_session(), this_forum(), actor, type_, state.current, body, now=now(), filled_in=True)


def _start(state: State, actor: Actor, lang: str, units: list[Unit]) -> Ask | None:
    free = {unit.line.id: state.units[unit.line.id].sha256 for unit in units if unit.status in ("missing", "outdated")}
    if not free:
        return None
    body = {"language": lang, "units": free}
    return acts.offer(current_session(), this_forum(), actor, START, state.current, body, now=now(), filled_in=True)


def _report(state: State, actor: Actor | None, lang: str, units: list[Unit]) -> Ask | None:
    if actor is None or actor.role not in ("translator", "head", "secretariat"):
        return None
    first = next((unit.line.id for unit in units if unit.status in ("submitted", "concordant")), None)
    if first is None:
        return None
    body = {"language": lang, "unit": first, "content": _NOTHING}
    return acts.offer(current_session(), this_forum(), actor, REPORT, state.current, body, now=now(), filled_in=True)


def _certify(state: State, actor: Actor, lang: str) -> Ask:
    body = certified(state, lang)
    return acts.offer(current_session(), this_forum(), actor, CERTIFY, state.current, body, now=now())
