"""What the pages of this package show: values for templates, made from the state and the texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.drafts import queries
from declaration.drafts.comparing import Line, lines_of
from declaration.drafts.composing import kept_numbers, working_units
from declaration.forums.delegations import delegation, is_delegation
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State, VersionText
from declaration.protocol.manifest import UnitRow
from declaration.text.numbering import labels
from declaration.text.units import UnitText, of_kind

PARAGRAPH_STATUS = {
    "open": ("open", _l("Open")),
    "bracketed": ("bracketed", _l("In brackets")),
    "small_group": ("group", _l("Small group")),
    "under_silence": ("silence", _l("Under silence")),
    "agreed_ad_ref": ("adref", _l("Agreed ad referendum")),
    "reserved": ("reserved", _l("Reserved")),
    "agreed": ("agreed", _l("Agreed")),
    "deleted": ("deleted", _l("Deleted")),
}
"""The procedure's word → the drawn sign, and the word beside it."""

VERSION_STATUS = {
    "circulated": ("open", _l("In circulation")),
    "frozen": ("adref", _l("Frozen")),
    "superseded": ("none", _l("Superseded")),
    "adopted": ("agreed", _l("Adopted")),
}

LANGUAGE_STATUS = {
    "original": ("agreed", _l("Original")),
    "authentic": ("agreed", _l("Authentic")),
    "concordant": ("yes", _l("Concordant")),
    "submitted": ("adref", _l("Submitted, not yet certified")),
    "outdated": ("wait", _l("Outdated")),
    "translating": ("wait", _l("Being translated")),
    "divergent": ("no", _l("Divergent")),
    "missing": ("none", _l("Not started")),
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One unit of the working text as a page shows it.

    :ivar lang: the language of the words shown: the one asked for, or the original where it has none yet.
    :ivar behind: the original has changed since the words shown were translated, or they were never translated.
    :ivar proposals: how many stand open on it.
    :ivar steps: acts in its history, the one that first wrote it included.
    """

    line: Line
    lang: str
    sign: str
    word: str
    proposals: int
    behind: bool
    steps: int


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """One language of the forum in the table of languages."""

    code: str
    authentic: bool
    status: str
    behind: tuple[str, ...]
    total: int
    certified_by: str | None

    @property
    def sign(self) -> str:
        return LANGUAGE_STATUS[self.status][0]

    @property
    def word(self) -> str:
        return str(LANGUAGE_STATUS[self.status][1])

    @property
    def complete(self) -> bool:
        return not self.behind


def working(session: Session, forum: Forum, state: State, lang: str) -> list[Paragraph]:
    """The working text in a language; a unit that has no translation is shown in the original."""
    original = state.known.original
    texts = queries.working_text(session, forum, state, lang)
    late = set() if lang == original else set(consequences.behind(state, lang))
    shown = {unit.id: texts.get(unit.id, unit.text) for unit in state.units.values()}
    result = []
    for line in working_lines(state, shown):
        sign, word = PARAGRAPH_STATUS[consequences.paragraph_status(state, line.id)]
        open_ones = sum(each.open for each in consequences.proposals_on(state, line.id))
        here = lang if line.id in texts else original
        result.append(Paragraph(line, here, sign, str(word), open_ones, line.id in late, len(state.history.get(line.id, ()))))
    return result


def working_lines(state: State, texts: Mapping[str, str] | None = None) -> list[Line]:
    """The lines of the working text, in the original language unless other words are given."""
    units = working_units(state)
    words = texts if texts is not None else {unit.id: unit.text for unit in units}
    return lines_of(((unit.id, unit.kind, unit.parent) for unit in units), labels(units, kept_numbers(state)), words)


def version_lines(version: VersionText, lang: str) -> list[Line]:
    """The lines of a version in one of its languages."""
    return _lines(version.manifest.units, version.texts[lang])


def _lines(rows: Sequence[UnitRow], words: Mapping[str, str]) -> list[Line]:
    units = [UnitText(row.id, of_kind(row.kind), words[row.id], row.parent) for row in rows]
    numbers = {row.id: row.number for row in rows}
    return lines_of(((row.id, row.kind, row.parent) for row in rows), labels(units, numbers), words)


def language_rows(state: State) -> list[LanguageRow]:
    """Every language of the forum: the original first, then the authentic ones, then translations."""
    known = state.known
    order = sorted(known.languages, key=lambda code: (code != known.original, known.languages[code] != "authentic", code))
    rows = []
    for code in order:
        late = () if code == known.original else tuple(consequences.behind(state, code))
        status = consequences.language_status(state, code) if state.units else ("original" if code == known.original else "missing")
        certificate = state.certificates.get(code)
        by = certificate.party if certificate is not None and status in ("concordant", "authentic") else None
        rows.append(LanguageRow(code, known.languages[code] == "authentic", status, late, len(state.units), by))
    return rows


def party_name(forum: Forum, party: str, language: str) -> str:
    """What a party is called beside its act: a delegation's name, an office, or the identifier that stands in the record."""
    if party == "chair":
        return str(_("Chair"))
    if is_delegation(forum, party):
        return delegation(forum, party).name(language)
    return party


def party_tag(forum: Forum, party: str, language: str) -> str:
    """The same, short."""
    return delegation(forum, party).tag(language) if is_delegation(forum, party) else party_name(forum, party, language)


def where(labels_by_id: Mapping[str, str | None], kind: str, unit: str) -> str:
    """What a unit is called in a sentence: paragraph 5, preambular paragraph 3, the title."""
    label = labels_by_id.get(unit)
    named = {
        "title": _("Title"), "dateline": _("Place and date"), "chapeau": _("Opening words"), "testimonium": _("Closing words"),
    }  # fmt: skip
    if kind in named:
        return str(named[kind])
    if kind == "operative" and label:
        return str(_("Paragraph\N{NO-BREAK SPACE}%(number)s", number=label))
    if kind == "heading" and label:
        return str(_("Heading\N{NO-BREAK SPACE}%(letter)s", letter=label))
    if kind == "preambular":
        return str(_("Preambular paragraph %(id)s", id=unit))
    return str(_("Item %(id)s", id=unit))


def numbers(lines: Iterable[Line]) -> dict[str, str]:
    """What each unit is called where there is room for a number alone: the one that the text shows, ``8 bis`` or ``A``, an item's behind
    that of what it stands under, ``5 (a)``; the id of what has none.

    :param lines: of a whole text, in its order.
    """
    found: dict[str, str] = {}
    above = [""]
    for line in lines:
        above = [*above[: line.level], line.label or line.id]
        found[line.id] = " ".join(filter(None, (above[0], "".join(above[1:]))))
    return found


def unit_name(state: State, unit: str) -> str:
    """What a unit of the working text, or one that was taken out of it, is called."""
    if unit in state.units:
        shown = {line.id: line for line in working_lines(state)}
        return where({unit: shown[unit].label}, state.units[unit].kind, unit)
    return str(_("Paragraph %(id)s", id=unit))


def symbols(rows: Iterable[LanguageRow]) -> str:
    """Codes of languages in a sentence."""
    return ", ".join(row.code for row in rows)
