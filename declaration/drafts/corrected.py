"""The adopted text after a correction: as it was signed, as it reads now, and what lies between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from declaration.drafts.views import Paragraph
from declaration.errors import NotFound
from declaration.procedure.holdings import Correction
from declaration.procedure.state import State
from declaration.text.redline import Change, redline

READINGS = ("corrected", "signed", "changes")


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the three ways to read a corrected text.

    :ivar name: one of :data:`READINGS`.
    :ivar signed: SHA-256 of the canonical text as it was signed; ``corrected`` as it reads now.
    :ivar done: the rectifications, oldest first.
    :ivar changes: the corrected paragraphs, with what was taken out and put in; for ``changes`` alone.
    :ivar by: symbols of the corrections of each paragraph.
    """

    name: str
    signed: str
    corrected: str
    done: Sequence[Correction]
    changes: Mapping[str, Sequence[Change]]
    by: Mapping[str, Sequence[str]]


def reading(state: State, lang: str, asked: str | None) -> Reading | None:
    """The reading that was asked for, as corrected by itself; None where nothing was corrected in this language.

    :raises NotFound: ``text.reading``.
    """
    done = state.corrected.get(lang, ()) if state.adopted is not None else ()
    if asked is not None and asked not in READINGS:
        raise NotFound(_("There is no such reading of the text."), code="text.reading")
    if not done:
        return None
    version = state.version_text(state.adopted or "")
    before, after = version.texts[lang], done[-1].texts
    by: dict[str, list[str]] = {}
    for each in done:
        for unit in each.units:
            by.setdefault(unit, []).append(each.symbol)
    name = asked or READINGS[0]
    changes = {unit: redline(before[unit], after[unit]) for unit in by} if name == "changes" else {}
    signed = next(row.sha256 for row in version.manifest.texts if row.lang == lang)
    return Reading(name, signed, done[-1].sha256, done, changes, by)


def in_reading(paragraphs: Sequence[Paragraph], found: Reading | None) -> list[Paragraph]:
    """The paragraphs with the words of that reading; what is redlined keeps the words as they read now."""
    if found is None or found.name == "signed":
        return list(paragraphs)
    texts = found.done[-1].texts
    return [replace(each, line=replace(each.line, text=texts[each.line.id])) for each in paragraphs]
