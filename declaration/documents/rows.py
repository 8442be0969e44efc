"""Lists that run over many pages: signatories, totals, facts.

ReportLab's own table lays out every row again at each page break, so thousands of rows cost their square. Here every row is
broken into lines once, its height is known, and a page break only moves an index: the cost of a list is the number of its rows.

A row is never broken over two pages. Captions are repeated on every page, with "continued" after the title, and a title never
stands alone at the foot of a page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from declaration.documents.fonts import BOLD, REGULAR, width

RULE = Color(0.78, 0.81, 0.80)
SOFT = Color(0.28, 0.33, 0.325)
INK = Color(0.08, 0.125, 0.12)

_ABOVE, _BELOW, _TITLE = 2.6, 3.4, 24.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column, measured in points.

    :param numbers: set to the right.
    :param named: holds names in languages of their own; a voice that reads the list aloud changes with them.
    """

    width: float
    caption: str = ""
    numbers: bool = False
    named: bool = False
    font: str = REGULAR

    @property
    def room(self) -> float:
        """The width that text may take: columns keep a distance."""
        return self.width - 8


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, broken into lines. ``language`` is the tag of the named column, ``bold`` sets all of it in bold."""

    cells: tuple[tuple[str, ...], ...]
    height: float
    language: str = ""
    bold: bool = False


def make_row(
    columns: Sequence[Column], texts: Sequence[str | tuple[str, ...]], size: float, *, language: str = "", bold: bool = False
) -> Row:
    """Break the ``texts`` of one row into lines. A cell given as a tuple is several paragraphs."""
    cells = tuple(
        tuple(
            line
            for paragraph in ((text,) if isinstance(text, str) else text)
            for line in break_lines(paragraph, BOLD if bold else column.font, size, column.room)
        )
        for column, text in zip(columns, texts, strict=True)
    )
    return Row(cells, max(map(len, cells)) * leading(size) + _ABOVE + _BELOW, language, bold)


def leading(size: float) -> float:
    """Return the distance of two lines of a cell, in points."""
    return size * 1.36


def break_lines(text: str, font: str, size: float, available: float) -> tuple[str, ...]:
    """Break ``text`` into lines no wider than ``available`` points: at spaces, inside a word only where it fits no line."""
    if width(text, font, size) <= available:
        return (text,)
    space = width(" ", font, size)
    lines: list[str] = []
    line: list[str] = []
    taken = 0.0
    for word in text.split(" "):
        if line and taken + space + width(word, font, size) > available:
            lines.append(" ".join(line))
            line, taken = [], 0.0
        rest = word
        while len(rest) > 1 and width(rest, font, size) > available:
            fits = _fitting(rest, font, size, available)
            lines.append(rest[:fits])
            rest = rest[fits:]
        taken += width(rest, font, size) + (space if line else 0.0)
        line.append(rest)
    return (*lines, " ".join(line))


def _fitting(word: str, font: str, size: float, available: float) -> int:
    """Return how many characters of ``word`` fit, at least one."""
    ends = list(accumulate(width(character, font, size) for character in word))
    return max(1, bisect_right(ends, available))


class Rows(Flowable):
    """A list with columns, of any length.

    :param title: printed above in bold on every page, an entry of the file's table of contents.
    :param note: stands beside the title on the first page, ``continued`` in its place on later ones.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        size: float,
        *,
        title: str = "",
        note: str = "",
        continued: str = "",
    ) -> None:
        super().__init__()
        self.columns, self.rows, self.size = tuple(columns), rows, size
        self.title, self.note, self.continued = title, note, continued
        self.width = sum(column.width for column in columns)
        captions = tuple(column.caption for column in columns)
        self.captions = make_row(columns, captions, size - 1) if any(captions) else None
        self.titles = break_lines(title, BOLD, size + 2, self.width - 80) if title else ()
        self.top = self._title_height() + (self.captions.height if self.captions else 0)
        self.ends = [0.0, *accumulate(row.height for row in rows)]
        self.first, self.last = 0, len(rows)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Return width and height, as ReportLab asks."""
        self.height = self.top + self.ends[self.last] - self.ends[self.first]
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Return what fits into the height and the rest; nothing where the next page is the better place to begin."""
        room = available_height - self.top + self.ends[self.first]
        cut = bisect_right(self.ends, room, self.first, self.last + 1) - 1
        # One row alone under its title looks lost, so the list moves to the next page, unless it was moved already.
        if cut <= self.first or (cut == self.first + 1 and not hasattr(self, "_postponed")):
            return []
        return [self._part(self.first, cut), self._part(cut, self.last)]

    def _part(self, first: int, last: int) -> Rows:
        """Return the same list with other ends: the rows are shared, not copied."""
        part = copy(self)
        # ReportLab's mark that a flowable was put off once already; a part that inherits it would be called too large.
        part.__dict__.pop("_postponed", None)
        part.first, part.last = first, last
        return part

    def draw(self) -> None:
        """Draw the rows between the two ends."""
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        y = self.height
        if self.titles:
            self._title(y)
            y -= self._title_height()
        if self.captions:
            canvas.setFillColor(SOFT)
            self._cells(self.captions, y, self.size - 1)
            y -= self.captions.height
        canvas.setFillColor(INK)
        for row in self.rows[self.first : self.last]:
            canvas.line(0, y, self.width, y)
            self._cells(row, y, self.size)
            y -= row.height
        canvas.line(0, y, self.width, y)
        canvas.restoreState()

    def _title_height(self) -> float:
        return _TITLE + (len(self.titles) - 1) * leading(self.size + 2) if self.titles else 0.0

    def _title(self, top: float) -> None:
        canvas, size = self.canv, self.size + 2
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, size)
        y = top - 16
        for number, line in enumerate(self.titles):
            y -= leading(size) if number else 0.0
            canvas.drawString(0, y, line)
        canvas.setFillColor(SOFT)
        canvas.setFont(REGULAR, self.size)
        canvas.drawString(width(self.titles[-1], BOLD, size) + 7, y, self.continued if self.first else self.note)
        if not self.first:
            add_outline(canvas, self.title, top, level=1)

    def _cells(self, row: Row, top: float, size: float) -> None:
        canvas, step, x = self.canv, leading(size), 0.0
        for column, lines in zip(self.columns, row.cells, strict=True):
            spoken = column.named and row.language
            if spoken:
                canvas.addLiteral(f"/Span <</Lang ({row.language})>> BDC")
            canvas.setFont(BOLD if row.bold else column.font, size)
            y = top - _ABOVE - size
            for line in lines:
                if column.numbers:
                    canvas.drawRightString(x + column.room, y, line)
                else:
                    canvas.drawString(x, y, line)
                y -= step
            if spoken:
                canvas.addLiteral("EMC")
            x += column.width


def add_outline(canvas: Canvas, title: str, y: float, *, level: int) -> None:
    """Put ``title`` into the file's table of contents, pointing at height ``y`` of this page."""
    key = f"p{canvas.getPageNumber()}y{canvas.absolutePosition(0, y)[1]:.1f}"
    canvas.bookmarkHorizontal(key, 0, y)
    canvas.addOutlineEntry(title, key, level, closed=True)
