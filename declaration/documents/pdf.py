"""Four documents as PDF: a version, the signed declaration, a certified copy, a redline.

Each function takes one value, refuses what paper cannot carry exactly (:mod:`declaration.documents.guard`), and returns the
bytes of a PDF/A-1b file. Equal values give equal bytes.

The order of the text in the file is the order in which it is read, so ``pdftotext -raw`` returns every paragraph word for
word; no-break spaces come out as spaces, and a line end may stand for a space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer

from declaration.documents import fonts
from declaration.documents.archive import Facts
from declaration.documents.guard import check_certified, check_redline, check_signed, check_version
from declaration.documents.layout import (
    BODY,
    DATELINE,
    HEADING,
    MEASURE,
    NOTE,
    PART,
    PLAIN,
    TITLE,
    Running,
    Text,
    balanced,
    build,
)
from declaration.documents.qr import QrPanel
from declaration.documents.rows import Column, Row, Rows, make_row
from declaration.documents.values import (
    CertifiedCopy,
    Change,
    ChangedUnit,
    Kind,
    Labels,
    Op,
    Rectification,
    RedlineDocument,
    SignatoryList,
    SignedDocument,
    VersionDocument,
)

LIST_SIZE = 8.5

Fact = tuple[str, str | tuple[str, ...]]
"""A label with what it says, in one paragraph or several."""

_INDENT = 9 * mm
# Sign, line and colour, so that none of them carries the meaning alone. The signs stand outside the line: a minus that is
# struck through reads as an equals sign.
_MARKS = {
    Op.INSERT: ("+", '<font color="#0a4796">x</font>', '<font color="#0a4796"><u>x</u></font>'),
    Op.DELETE: ("−", '<font color="#97301b">x</font>', '<font color="#97301b"><strike>x</strike></font>'),
    Op.MOVE: ("~", '<font color="#15201f">x</font>', '<font color="#15201f"><u kind="double">x</u></font>'),
}
_TAG = '<font size="7.5">x</font>'


def version_pdf(doc: VersionDocument) -> bytes:
    """Return a version as PDF: the text, then what identifies it.

    :raises Malformed: see :mod:`declaration.documents.guard`.
    """
    with fonts.building:
        fonts.register()
        check_version(doc)
        story = [*_text(doc), *_identity(doc)]
        return build(story, _facts(doc), _running(doc))


def signed_pdf(doc: SignedDocument) -> bytes:
    """Return the adopted text with everybody who signed it, and the head of the register that says so.

    :raises Malformed: see :mod:`declaration.documents.guard`.
    """
    labels = doc.version.labels
    with fonts.building:
        fonts.register()
        check_signed(doc)
        story = [*_text(doc.version), PageBreak(), _part(doc.signatories.title)]
        opened = f"{labels['opened']}: {_time(doc.opened)}. {labels['as_at']}: {_time(doc.as_at)}."
        story += [Text.of(note, NOTE) for note in (opened, doc.signatories.note) if note]
        story += [_totals(doc.signatories, labels), Spacer(0, 10), *_lists(doc.signatories, labels)]
        for further in doc.further:
            story += [Spacer(0, 14), *_heading(_part(further.title), 40 * mm)]
            story += [Text.of(further.note, NOTE)] if further.note else []
            story += _lists(further, labels)
        version = replace(doc.version, as_at=doc.as_at)
        story += [Spacer(0, 16), *_register(doc), *_identity(version, doc.digests)]
        return build(story, _facts(version), _running(version))


def certified_pdf(doc: CertifiedCopy) -> bytes:
    """Return the text as it reads today, a page for each rectification, what the depositary signed, and the record that holds it.

    :raises Malformed: see :mod:`declaration.documents.guard`.
    """
    version, labels = doc.version, doc.version.labels
    with fonts.building:
        fonts.register()
        check_certified(doc)
        story = _text(version)
        for each in doc.rectifications:
            story += [PageBreak(), _part(f"{labels['correction']} {each.symbol}"), *_rectification(each, labels)]
        heads: list[Flowable] = [PageBreak()] if doc.rectifications else [Spacer(0, 16)]
        story += [*heads, *_heading(_part(labels["certificate"]), 40 * mm), *(Text.of(line, NOTE) for line in doc.certificate)]
        story += [Spacer(0, 8), *_checkpoint(doc, labels)]
        digests: list[Fact] = [(labels["signed_text"], doc.signed_digest)]
        if doc.rectifications:
            digests.append((labels["corrected_text"], doc.rectifications[-1].corrected))
        story += _identity(replace(version, text_digest=None), more=digests)
        return build(story, _facts(version), _running(version))


def redline_pdf(doc: RedlineDocument) -> bytes:
    """Return a redline: every paragraph, what is taken out and put in marked by signs, lines and colours.

    :raises Malformed: see :mod:`declaration.documents.guard`.
    """
    labels = doc.labels
    with fonts.building:
        fonts.register()
        check_redline(doc)
        legend = [(f"{labels['compared']} {doc.base}. {labels['legend']}: ", PLAIN)]
        for op, after in ((Op.INSERT, "; "), (Op.DELETE, "; "), (Op.MOVE, ".")):
            legend += [*_marked([Change(op, labels[f"legend_{op.value}"])]), (after, PLAIN)]
        story: list[Flowable] = [Text.runs(legend, NOTE), Spacer(0, 8)]
        if all(unit.kind is not Kind.TITLE for unit in doc.units):
            story.append(balanced(doc.title, TITLE))
        story += _changed(doc.units)
        story += _notes(doc.notes, labels)
        facts = Facts(doc.title, f"{doc.symbol} – {doc.status}", doc.language, doc.as_at)
        foot = f"{labels['as_at']} {_time(doc.as_at)}"
        return build(story, facts, Running(doc.symbol, labels["redline"], doc.status, foot, labels))


def _text(doc: VersionDocument) -> list[Flowable]:
    """Return title, dateline and paragraphs."""
    story: list[Flowable] = [balanced(doc.title, TITLE)]
    if doc.dateline:
        story.append(Text.of(doc.dateline, DATELINE))
    for unit in doc.units:
        style, number = _style(unit.kind, unit.number, unit.depth)
        paragraph = Text.of(unit.text, style, number)
        paragraph.numbered = doc.draft
        if unit.kind is Kind.HEADING:
            paragraph.outlined = unit.text
            story += _heading(paragraph)
        else:
            story.append(paragraph)
        if unit.note:
            under = ParagraphStyle("under", NOTE, leftIndent=style.leftIndent, spaceBefore=-3, spaceAfter=BODY.spaceAfter)
            story.append(Text.of(unit.note, under))
    return story


def _changed(units: Iterable[ChangedUnit]) -> list[Flowable]:
    """Return paragraphs with what was taken out of them and put in."""
    story: list[Flowable] = []
    for unit in units:
        style, number = _style(unit.kind, unit.number, unit.depth)
        paragraph = Text.runs(_marked(unit.changes), style, number)
        story += _heading(paragraph) if unit.kind is Kind.HEADING else [paragraph]
    return story


def _rectification(each: Rectification, labels: Labels) -> list[Flowable]:
    """Return what one procès-verbal says: its words, the paragraphs before and after, and both hashes."""
    facts: list[Fact] = [
        (labels["rectified_on"], _time(each.at)),
        (labels["entry"], str(each.entry)),
        (labels["before_text"], each.previous),
        (labels["corrected_text"], each.corrected),
    ]
    legend: list[tuple[str, str]] = [(f"{labels['legend']}: ", PLAIN)]
    for op, after in ((Op.INSERT, "; "), (Op.DELETE, ".")):
        legend += [*_marked([Change(op, labels[f"legend_{op.value}"])]), (after, PLAIN)]
    said: list[Flowable] = [Text.of(each.reason, BODY)] if each.reason else []
    return [*said, Text.runs(legend, NOTE), Spacer(0, 6), *_changed(each.units), Spacer(0, 8), _fact_rows(facts)]


def _checkpoint(doc: CertifiedCopy, labels: Labels) -> list[Flowable]:
    """Return the signed checkpoint of the record in which all this stands, with the way to it."""
    register = doc.register
    facts: list[Fact] = [
        (labels["record_size"], str(register.size)),
        (labels["record_root"], register.root),
        (labels["checkpoint"], tuple(register.checkpoint.removesuffix("\n").split("\n"))),
    ]
    panel = QrPanel(register.url, labels["checkpoint_url"], labels["checkpoint_note"], MEASURE, 38 * mm)
    return [KeepTogether([panel, _fact_rows(facts)]), Spacer(0, 8)]


def _heading(paragraph: Text, follows: float = 3 * BODY.leading) -> list[Flowable]:
    """Return a heading that goes to the next page where fewer than ``follows`` points would be left under it.

    Three lines, because a paragraph of three is never broken: one line alone is refused on either page.
    """
    style = paragraph.style
    height = style.spaceBefore + paragraph.wrap(MEASURE, 0)[1] + style.spaceAfter
    return [CondPageBreak(min(height + follows + 1, 100 * mm)), paragraph]


def _part(title: str) -> Text:
    """Return the heading of a part that the service adds to the text."""
    heading = Text.of(title, PART)
    heading.outlined = title
    return heading


def _style(kind: Kind, number: str | None, depth: int) -> tuple[ParagraphStyle, str | None]:
    """Return the style of a unit and its printed number, which hangs before the text."""
    base = {Kind.TITLE: TITLE, Kind.DATELINE: DATELINE, Kind.HEADING: HEADING}.get(kind, BODY)
    if not number:
        return base, None
    printed = f"{number}." if number[-1].isalnum() else number
    level = max(1, depth + 1) if kind is Kind.ITEM else 1
    wide = max(_INDENT, fonts.width(printed, base.fontName, base.fontSize) + 6)
    left = _INDENT * (level - 1) + wide
    style = ParagraphStyle(
        f"{base.name}-numbered",
        base,
        leftIndent=left,
        bulletIndent=left - wide,
        bulletFontName=base.fontName,
        bulletFontSize=base.fontSize,
        bulletColor=base.textColor,
    )
    return style, printed


def _marked(changes: Iterable[Change]) -> list[tuple[str, str]]:
    """Return the runs of a changed paragraph. A space at the edge of a change belongs to the sentence and stays outside the mark."""
    runs: list[tuple[str, str]] = []
    for change in changes:
        words = change.text.strip()
        if change.op is Op.EQUAL or not words:
            runs.append((change.text, PLAIN))
            continue
        before, _, after = change.text.partition(words)
        sign, look, lined = _MARKS[change.op]
        runs += [(before, PLAIN), (f"[{sign}\u00a0", look), (words, lined), (f"\u00a0{sign}]", look)]
        runs += [(" ", PLAIN), (change.by, _TAG)] if change.by else []
        runs.append((after, PLAIN))
    return [run for run in runs if run[0]]


def _facts(doc: VersionDocument) -> Facts:
    return Facts(doc.title, f"{doc.symbol} – {doc.status}", doc.language, doc.as_at)


def _running(doc: VersionDocument) -> Running:
    word = doc.labels["draft"] if doc.draft else ""
    return Running(doc.symbol, word, doc.status, f"SHA-256 {doc.digest[:16]}…{doc.digest[-16:]}", doc.labels)


def _notes(notes: tuple[str, ...], labels: Labels) -> list[Flowable]:
    if not notes:
        return []
    return [Spacer(0, 8), *_heading(Text.of(labels["notes"], HEADING)), *(Text.of(note, NOTE) for note in notes)]


def _identity(doc: VersionDocument, digests: Mapping[str, str] | None = None, more: Iterable[Fact] = ()) -> list[Flowable]:
    """Return notes, and the block of facts that says which text this is."""
    labels = doc.labels
    facts: list[Fact] = [
        (labels["symbol"], doc.symbol),
        (labels["status"], f"{labels['draft']}. {doc.status}" if doc.draft else doc.status),
        (labels["language"], doc.language),
        (labels["as_at"], _time(doc.as_at)),
        (labels["version"], doc.digest),
    ]
    if digests:
        facts += [(f"{labels['text_digest']}, {language}", digest) for language, digest in sorted(digests.items())]
    elif doc.text_digest:
        facts.append((labels["text_digest"], doc.text_digest))
    facts += more
    if doc.constitution:
        facts.append((labels["constitution"], doc.constitution))
    return [
        *_notes(doc.notes, labels),
        Spacer(0, 8),
        KeepTogether([Text.of(labels["about"], HEADING), _fact_rows(facts)]),
    ]


def _fact_rows(facts: list[Fact]) -> Rows:
    columns = (Column(40 * mm), Column(MEASURE - 40 * mm))  # wide enough for any digest in one line
    return Rows(columns, [make_row(columns, fact, 8) for fact in facts], 8)


def _totals(signatories: SignatoryList, labels: Labels) -> Rows:
    """Return the table of countries with their totals, those without a signature included."""
    columns = (Column(84 * mm, labels["country"]), Column(46 * mm, labels["counted"], numbers=True))
    totals = dict.fromkeys(signatories.countries, 0)
    for signatory in signatories.signatories:
        totals[signatory.country] = totals.get(signatory.country, 0) + 1
    rows = [make_row(columns, (country, str(count)), LIST_SIZE) for country, count in totals.items()]
    rows.append(make_row(columns, (labels["total"], str(sum(totals.values()))), LIST_SIZE, bold=True))
    return Rows(columns, rows, LIST_SIZE)


def _lists(signatories: SignatoryList, labels: Labels) -> list[Flowable]:
    """Return one list a country."""
    columns = (
        Column(12 * mm, labels["position"], numbers=True),
        Column(74 * mm, labels["organization"], named=True),
        Column(46 * mm, labels["person"]),
        Column(MEASURE - 132 * mm, labels["signed"]),
    )
    story: list[Flowable] = []
    countries: dict[str, list[Row]] = {}
    for each in signatories.signatories:
        signer = tuple(part for part in (each.person, each.office) if part) or labels["nobody"]
        texts = (str(each.position), each.name, signer, _time(each.at, zone=False))
        row = make_row(columns, texts, LIST_SIZE, language=each.name_language)
        countries.setdefault(each.country, []).append(row)
    for country, rows in countries.items():
        note, continued = str(len(rows)), labels["continued"]
        story += [Rows(columns, rows, LIST_SIZE, title=country, note=note, continued=continued), Spacer(0, 8)]
    return story


def _register(doc: SignedDocument) -> list[Flowable]:
    """Return the head of the register, with the way to it."""
    labels, register = doc.version.labels, doc.register
    facts: list[Fact] = [
        (labels["record_size"], str(register.size)),
        (labels["record_root"], register.root),
        (labels["checkpoint"], tuple(register.checkpoint.removesuffix("\n").split("\n"))),
    ]
    panel = QrPanel(register.url, labels["register_url"], labels["register_note"], MEASURE, 38 * mm)
    return [KeepTogether([_part(labels["register"]), panel, _fact_rows(facts)]), Spacer(0, 8)]


def _time(at: datetime, *, zone: bool = True) -> str:
    """Return a time in UTC to the minute, in figures that no language reads differently."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}{' UTC' if zone else ''}"
