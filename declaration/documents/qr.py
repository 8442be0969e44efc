"""A code that a phone reads from paper, drawn as vectors.

ReportLab's own widget brings the unembedded Helvetica into the file, so the matrix comes from segno and is drawn as rectangles.
The level of error correction is fixed, not raised where room is left: the same address always gives the same code.
"""

from __future__ import annotations

from itertools import groupby

import segno
from reportlab.platypus import Flowable

from declaration.documents.fonts import BOLD, REGULAR
from declaration.documents.rows import INK, SOFT, break_lines, leading

_QUIET = 4
"""Modules of white around the code, by ISO/IEC 18004."""


class QrPanel(Flowable):
    """The code at the left; beside it the address in letters and a sentence saying what it is for.

    :param side: of the square, in points, with its white border.
    """

    def __init__(self, address: str, label: str, note: str, measure: float, side: float) -> None:
        super().__init__()
        self.matrix = tuple(map(tuple, segno.make(address, error="m", micro=False, boost_error=False).matrix))
        self.side = side
        room = measure - side - 12
        self.lines = [
            *((line, REGULAR, 8.0) for line in break_lines(label, REGULAR, 8, room)),
            *((line, BOLD, 9.5) for line in break_lines(address, BOLD, 9.5, room)),
            ("", REGULAR, 4.0),
            *((line, REGULAR, 8.5) for line in break_lines(note, REGULAR, 8.5, room)),
        ]
        self.top = _QUIET * side / (len(self.matrix) + 2 * _QUIET)
        self.width, self.height = measure, max(side, self.top + sum(leading(size) for _, _, size in self.lines) + 4)

    def draw(self) -> None:
        """Draw code and lines, both from the top."""
        canvas = self.canv
        canvas.saveState()
        module = self.side / (len(self.matrix) + 2 * _QUIET)
        path = canvas.beginPath()
        for row, modules in enumerate(self.matrix):
            x = 0
            for dark, run in groupby(modules):
                length = len(list(run))
                if dark:  # neighbours in one rectangle: hairlines between modules confuse scanners
                    path.rect((x + _QUIET) * module, self.height - (row + 1 + _QUIET) * module, length * module, module)
                x += length
        canvas.setFillGray(0)
        canvas.drawPath(path, stroke=0, fill=1)
        y = self.height - self.top
        for line, font, size in self.lines:
            y -= leading(size)
            canvas.setFillColor(INK if font == BOLD else SOFT)
            canvas.setFont(font, size)
            canvas.drawString(self.side + 12, y + 2, line)
        canvas.restoreState()
