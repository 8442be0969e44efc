"""The zero draft comes in: the secretariat pastes or uploads a text in each language, reads it as paragraphs, and stores it.

The form of the text is that of :mod:`declaration.text.importing`. Nothing is kept before it was shown: what cannot be read is named by
its line, what differs between languages by its paragraph, and the texts stay in the form until they are right.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials.states import current
from declaration.drafts import composing, operations
from declaration.drafts.blueprint import blueprint, this_forum
from declaration.drafts.warnings import Warned, terms_of, warnings_of
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.text.importing import parse_text
from declaration.text.numbering import labels
from declaration.text.units import Mismatch, Unit, UnitText, align, in_language
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.refusals import told

MOST_CHARACTERS = 200_000
"""Most characters of one language: twice what a declaration of forty pages has."""

_LINE = re.compile(r"line ([0-9]+): ")


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of the texts in the form.

    :ivar texts: what stands in the form, by language.
    :ivar errors: by the name of the field, why a text cannot be read, with its line.
    :ivar units: the paragraphs side by side; empty while a text cannot be read.
    """

    texts: Mapping[str, str]
    errors: Mapping[str, str]
    units: Sequence[Unit] = ()
    labels: Mapping[str, str | None] | None = None
    mismatches: Sequence[Mismatch] = ()
    warnings: Sequence[Warned] = ()
    terms: Sequence[Warned] = ()

    @property
    def sound(self) -> bool:
        """Whether it can be stored."""
        return bool(self.units) and not self.errors and not self.mismatches


@blueprint.get("/<forum>/next/zero-draft")
@allow("secretariat")
def zero_draft(forum: str) -> ResponseReturnValue:
    """The form, empty."""
    _open_state()
    return _page(Read({}, {}))


@blueprint.post("/<forum>/next/zero-draft/preview")
@allow("secretariat", reads_only=True)
def preview_zero_draft(forum: str) -> ResponseReturnValue:
    """The texts as paragraphs, side by side; nothing is kept."""
    _open_state()
    read = _read(this_forum(), _texts(this_forum()))
    return _page(read), 200 if not read.errors else 422


@blueprint.post("/<forum>/next/zero-draft")
@allow("secretariat")
def store_zero_draft(forum: str) -> ResponseReturnValue:
    """Store the zero draft and put it before the Chair."""
    _open_state()
    session, found = current_session(), this_forum()
    texts = _texts(found)
    read = _read(found, texts)
    if not read.sound:
        return _page(read), 422
    units = {lang: parse_text(text).units for lang, text in texts.items()}
    operations.store_zero_draft(session, found, units, now=now(), prepared_by=current_actor().person_id)
    flash(_("The zero draft is before the Chair."), "good")
    return redirect(url_for("drafts.next_version", forum=forum), 303)


def may_bring(state: State) -> bool:
    """Whether the zero draft can come in: nothing has been circulated."""
    return state.current is None and state.stage == "preparing"


def _open_state() -> State:
    state = current(current_session(), this_forum())
    if not may_bring(state):
        raise Refused(
            "a text is in circulation, so there is no zero draft to bring in",
            code="zero-draft.stage",
            instead="It is changed by proposals.",
        )
    return state


def _texts(forum: Forum) -> dict[str, str]:
    """What was typed or uploaded, by language; a file goes before what stands in the field."""
    found: dict[str, str] = {}
    for lang in _languages(forum):
        text = _uploaded(lang)
        if text is None:
            text = request.form.get(f"text-{lang}", "").replace("\r\n", "\n")
        if text.strip():
            found[lang] = text
    return found


def _uploaded(lang: str) -> str | None:
    file = request.files.get(f"file-{lang}")
    if file is None or not file.filename:
        return None
    with contextlib.closing(file):
        # Bytes that are no UTF-8 become a sign that no text may have, so that the error names their line.
        return bytes(file.read(4 * MOST_CHARACTERS + 1)).decode("utf-8", "replace").replace("\r\n", "\n")


def _read(forum: Forum, texts: Mapping[str, str]) -> Read:
    errors: dict[str, str] = {}
    read: dict[str, Sequence[UnitText]] = {}
    for lang, text in texts.items():
        try:
            if len(text) > MOST_CHARACTERS:
                raise Malformed("the text is too long", code="import.too-long")
            found = parse_text(text)
            said = found.meta.get("language", lang)
            if said != lang:
                raise Malformed(f"line 1: the text says of itself that it is in {said}", code="import.language")
            read[lang] = found.units
        except DeclarationError as error:
            errors[f"text-{lang}"] = _said(error)
    if forum.original not in texts:
        errors[f"text-{forum.original}"] = _("The text in the original language is missing.")
    if errors:
        return Read(texts, errors)
    units, mismatches = align(read, lead=forum.original)
    words = {lang: {unit.id: unit.text for unit in found} for lang, found in read.items()}
    if not mismatches:
        try:
            composing.zero_draft(read, declaration=forum.declaration, original=forum.original, statuses=dict(forum.languages))
        except DeclarationError as error:
            return Read(texts, {f"text-{forum.original}": _said(error)}, units)
    lead = in_language([unit for unit in units if forum.original in unit.text], forum.original)
    return Read(texts, {}, units, labels(lead), mismatches, warnings_of(words), terms_of(words, forum.terms or ()))


def _said(error: DeclarationError) -> str:
    """A refusal with its line, also where the reader's language has only general words for it."""
    words = told(error)
    line = _LINE.match(error.message)
    prefix = _("Line %(number)s:", number=line[1]) + " " if line and not words.message.lower().startswith("line ") else ""
    return " ".join(part for part in (prefix + words.message, words.instead) if part)


def _languages(forum: Forum) -> list[str]:
    """The original first, then the other authentic languages, then translations."""
    known = forum.languages
    return sorted(known, key=lambda lang: (lang != forum.original, known[lang] != "authentic", lang))


def _page(read: Read) -> str:
    found = this_forum()
    return render_template(
        "drafts/zero_draft.html",
        read=read,
        codes=_languages(found),
        authentic=[code for code, status in found.languages.items() if status == "authentic"],
        problem_of=_problem,
    )


def _problem(mismatch: Mismatch) -> str:
    """What is wrong between two languages, in the reader's words."""
    return str(
        {
            "missing": _("is missing"),
            "kind": _("is another kind of paragraph"),
            "parent": _("belongs to another paragraph"),
            "order": _("stands in another place"),
        }[mismatch.problem]
    )
