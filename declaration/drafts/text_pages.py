"""The working text, and where its words come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from declaration.drafts import corrected, queries, sources, views
from declaration.drafts.blueprint import blueprint, readable_state, this_forum
from declaration.drafts.composing import is_circulated
from declaration.drafts.reading import text_language
from declaration.drafts.sources import Source
from declaration.errors import NotFound
from declaration.procedure import consequences
from declaration.procedure.state import Change, State
from declaration.text import redline
from declaration.web.access import PUBLIC, allow
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.get("/<forum>/text")
@allow(PUBLIC)
def text(forum: str) -> ResponseReturnValue:
    """The working text in a language, each paragraph with its status and its proposals; after a correction also as it was signed."""
    state = readable_state()
    if state.current is None:
        return render_template("drafts/no_text.html", state=state)
    rows = views.language_rows(state)
    shown = [row for row in rows if row.status != "missing"]
    lang = text_language((row.code for row in shown), state.known.original)
    read = corrected.reading(state, lang, request.args.get("reading"))
    paragraphs = corrected.in_reading(views.working(current_session(), this_forum(), state, lang), read)
    return render_template(
        "drafts/text.html",
        state=state,
        reading=read,
        version=state.versions[state.current],
        stage=consequences.stage(state, now()),
        paragraphs=paragraphs,
        numbers=views.numbers(each.line for each in paragraphs),
        languages=shown,
        lang=lang,
        row=next(row for row in rows if row.code == lang),
        changed=not is_circulated(state),
        brackets=consequences.brackets(state),
    )


@blueprint.get("/<forum>/paragraphs/<unit>/history")
@allow(PUBLIC)
def history(forum: str, unit: str) -> ResponseReturnValue:
    """Who put these words here: every step of one paragraph."""
    state, found_forum = readable_state(), this_forum()
    steps = sources.history(state, unit)
    if not steps:
        raise NotFound("there is no such paragraph in this declaration", code="unit.unknown")
    session = current_session()
    hashes = [digest for change, _source in steps for digest in (change.before, change.after) if digest]
    words = queries.words(session, found_forum, state, hashes)
    attributed = sources.attribute(state) if unit in state.units else None
    runs = sources.runs(state, attributed, unit) if attributed is not None else None
    legend = list({found.name: found for run in runs or () for found in run.sources}.values())
    code = language()
    return render_template(
        "drafts/history.html",
        state=state,
        unit=unit,
        name=views.unit_name(state, unit),
        steps=[_step(state, change, found, words) for change, found in steps],
        runs=runs,
        legend=legend,
        names=lambda party: views.party_name(found_forum, party, code),
        tags=lambda party: views.party_tag(found_forum, party, code),
        first=next(iter(state.versions.values())),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One act in a paragraph's history. ``changes`` is None where the words of that time are not at hand."""

    change: Change
    source: Source | None
    index: int
    changes: tuple[redline.Change, ...] | None


def _step(state: State, change: Change, source: Source | None, words: Mapping[str, str]) -> Step:
    old, new = words.get(change.before or ""), words.get(change.after or "")
    changes: tuple[redline.Change, ...] | None = None
    if change.before == change.after:
        changes = ()
    elif change.before is None and new is not None:
        changes = (redline.Change("equal" if change.op == "draft" else "insert", new),)
    elif change.after is None and old is not None:
        changes = (redline.Change("delete", old),)
    elif old is not None and new is not None:
        changes = tuple(redline.redline(old, new))
    return Step(change, source, state.digests[change.act], changes)
