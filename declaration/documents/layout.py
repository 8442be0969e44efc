"""The page: A4, one column of serif text, a running head with symbol and status, a foot with the page number.

Line numbers of drafts stand in the left margin, every fifth, and begin again on each page, so that "page 3, line 15" means the
same to everybody at the table. They are drawn when the page is finished, after its text: whoever copies the text out of the
file gets paragraphs, not paragraphs with numbers in between.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph
from reportlab.platypus.doctemplate import LayoutError

from declaration.documents import fonts
from declaration.documents.archive import Facts, make_archival
from declaration.documents.fonts import BOLD, ITALIC, REGULAR
from declaration.documents.rows import INK, RULE, SOFT, add_outline, break_lines
from declaration.documents.values import Labels
from declaration.errors import Malformed

LEFT, RIGHT, TOP, BOTTOM = 27 * mm, 23 * mm, 28 * mm, 25 * mm
MEASURE = A4[0] - LEFT - RIGHT

BODY = ParagraphStyle(
    "body",
    fontName=REGULAR,
    fontSize=10.5,
    leading=15.5,
    alignment=TA_LEFT,  # without hyphenation, justified lines of long Turkic words fall apart into white holes
    spaceAfter=7,
    textColor=INK,
    allowWidows=0,
    allowOrphans=0,
    splitLongWords=1,
    embeddedHyphenation=0,
    hyphenationLang="",
)
TITLE = ParagraphStyle("title", BODY, fontName=BOLD, fontSize=16, leading=22, alignment=TA_CENTER, spaceBefore=6, spaceAfter=8)
DATELINE = ParagraphStyle("dateline", BODY, fontName=ITALIC, alignment=TA_CENTER, spaceAfter=16)
HEADING = ParagraphStyle("heading", BODY, fontName=BOLD, fontSize=11.5, spaceBefore=9, spaceAfter=5)
PART = ParagraphStyle("part", HEADING, fontSize=14, leading=19)
NOTE = ParagraphStyle("note", BODY, fontSize=8.5, leading=12.5, textColor=SOFT, spaceAfter=4)


@dataclass(frozen=True, slots=True)
class Running:
    """What stands on every page: symbol and status above; below, at the left, what ties the page to its version."""

    symbol: str
    word: str
    status: str
    foot: str
    labels: Labels


PLAIN = "x"
"""The pattern of a run that looks like its paragraph."""


class Text(Paragraph):
    """A paragraph. Its words never meet ReportLab's parser of markup, so nothing in them can be obeyed."""

    numbered = False
    outlined = ""

    @classmethod
    def of(cls, text: str, style: ParagraphStyle, number: str | None = None) -> Text:
        """Set ``text``, with ``number`` hanging before it."""
        return cls.runs([(text, PLAIN)], style, number)

    @classmethod
    def runs(cls, runs: Sequence[tuple[str, str]], style: ParagraphStyle, number: str | None = None) -> Text:
        """Set several runs of words, each with the pattern of its look: our own markup around the letter x.

        No-break spaces of every width become the common one, the only one that ReportLab keeps.
        """
        fragments = []
        for index, (text, pattern) in enumerate(runs):
            look = _look(pattern, style.fontName, style.fontSize, style.textColor)
            fragment = look.clone(text=text.replace("\u202f", "\u00a0").replace("\u2007", "\u00a0"))
            # A line under or through words is known by its number: two runs with one number would share one line.
            fragment.us_lines = [(index, *line[1:]) for line in look.us_lines]
            fragments.append(fragment)
        return cls("", style, bulletText=number, frags=fragments)

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Split over two pages; the parts are numbered as the whole is."""
        parts: list[Flowable] = super().split(available_width, available_height)
        for part in parts:
            if isinstance(part, Text):
                part.numbered = self.numbered
        return parts

    def draw(self) -> None:
        """Draw, and tell the page where the lines and the heading are."""
        super().draw()
        canvas: Any = self.canv
        if self.outlined:
            add_outline(canvas, self.outlined, self.height, level=0)
        if self.numbered:
            broken: Any = vars(self)["blPara"]
            first = self.height - getattr(broken, "ascent", self.style.fontSize)
            for line in range(len(broken.lines)):
                canvas.line_heights.append(canvas.absolutePosition(0, first - line * self.style.leading)[1])


@cache
def _look(pattern: str, font: str, size: float, colour: Color) -> Any:
    """Return the fragment that ReportLab makes of a pattern of ours. Parsed once, copied for every run."""
    paragraph: Any = Paragraph(pattern, ParagraphStyle("look", fontName=font, fontSize=size, textColor=colour))
    (fragment,) = paragraph.frags
    return fragment


def balanced(text: str, style: ParagraphStyle, measure: float = MEASURE) -> Text:
    """Set a centred ``text`` in lines of about one length: the narrowest column that needs no more lines."""
    count = len(break_lines(text, style.fontName, style.fontSize, measure))
    narrow = measure
    while count > 1 and len(break_lines(text, style.fontName, style.fontSize, narrow - 6)) == count:
        narrow -= 6
    margin = (measure - narrow) / 2
    # Half a point of slack: the paragraph measures its words one by one.
    return Text.of(text, ParagraphStyle("balanced", style, leftIndent=margin - 0.25, rightIndent=margin - 0.25))


class _PageCanvas(Canvas):
    """A canvas that knows the number of pages only at the end, and the line numbers only when a page ends."""

    running: Running
    facts: Facts
    pages = 0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.line_heights: list[float] = []
        self.content = sha256()

    def begin_page(self) -> None:
        """Draw the running head."""
        running, y = self.running, A4[1] - 16 * mm
        self.saveState()
        self.setFillColor(SOFT)
        self.setFont(BOLD, 8)
        self.drawString(LEFT, y, running.symbol)
        right = A4[0] - RIGHT
        room = MEASURE - fonts.width(running.symbol, BOLD, 8) - 20
        status = shortened(running.status, REGULAR, 8, room - fonts.width(running.word, BOLD, 9.5))
        if running.word:
            self.setFillColor(INK)
            self.setFont(BOLD, 9.5)
            self.drawRightString(right - fonts.width(status, REGULAR, 8) - 7, y, running.word)
            self.setFillColor(SOFT)
        self.setFont(REGULAR, 8)
        self.drawRightString(right, y, status)
        self.setStrokeColor(RULE)
        self.setLineWidth(0.6)
        self.line(LEFT, y - 6, right, y - 6)
        self.restoreState()

    def end_page(self) -> None:
        """Draw line numbers, and leave a place for the foot, which waits for the number of pages."""
        self.saveState()
        self.setFont(REGULAR, 7)
        self.setFillColor(SOFT)
        for number, y in enumerate(self.line_heights, 1):
            if number % 5 == 0:
                self.drawRightString(LEFT - 5 * mm, y, str(number))
        self.restoreState()
        self.line_heights = []
        self.pages += 1
        self.doForm(f"foot{self.pages}")
        page: Any = self
        self.content.update("\n".join(page._code).encode())

    def save(self) -> None:
        """Fill in the feet and write the file."""
        label = self.running.labels["page"]
        self.content.update(f"{label}\n{self.running.foot}".encode())
        for page in range(1, self.pages + 1):
            self.beginForm(f"foot{page}")
            self.setFillColor(SOFT)
            self.setFont(REGULAR, 7.5)
            self.drawString(LEFT, 13 * mm, self.running.foot)
            numbered = label.replace("{page}", str(page)).replace("{pages}", str(self.pages))
            self.drawRightString(A4[0] - RIGHT, 13 * mm, numbered)
            self.endForm()
        make_archival(self, self.facts, self.content.digest())
        super().save()


def _begin_page(canvas: Any, _: object) -> None:
    canvas.begin_page()


def _end_page(canvas: Any, _: object) -> None:
    canvas.end_page()


def shortened(text: str, font: str, size: float, available: float) -> str:
    """Return ``text``, or as many of its words as fit with an ellipsis. For running heads only; the whole stands elsewhere."""
    if fonts.width(text, font, size) <= available:
        return text
    return break_lines(text, font, size, max(available - fonts.width(" …", font, size), size))[0] + " …"


def build(story: list[Flowable], facts: Facts, running: Running) -> bytes:
    """Lay out ``story`` and return the file.

    :raises Malformed: ``document.too-long`` where something that cannot be broken is taller than a page.
    """
    out = io.BytesIO()

    def make_canvas(*arguments: Any, **options: Any) -> _PageCanvas:
        canvas = _PageCanvas(*arguments, **options)
        canvas.running, canvas.facts = running, facts
        return canvas

    template = BaseDocTemplate(
        out,
        pagesize=A4,
        leftMargin=LEFT,
        rightMargin=RIGHT,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=facts.title,
        lang=facts.language,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,  # the default would put Helvetica, not embedded, into every file
        displayDocTitle=1,
    )
    frame = Frame(LEFT, BOTTOM, MEASURE, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate("page", [frame], onPage=_begin_page, onPageEnd=_end_page))
    try:
        template.build(story, canvasmaker=make_canvas)
    except LayoutError as error:
        raise Malformed("Something in the document is taller than a page.", code="document.too-long") from error
    return out.getvalue()
