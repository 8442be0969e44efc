"""How much a document costs beyond putting its letters on paper. Prints a row a goal; exit status 1 where one is missed.

    python -m bench.documents.bench_pdf

The floor is the same lines on the same number of pages by bare ``drawString``, in the same process: the price of embedding a
font and writing a file. Ratios are medians of rounds in the order A B B A, so that a machine that slows down slows both.
"""

from __future__ import annotations

import hashlib
import io
import math
import sys
import time
from collections.abc import Callable
from functools import partial

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bench import ratio as measure
from declaration.documents import fonts
from declaration.documents.pdf import redline_pdf, signed_pdf, version_pdf
from declaration.documents.values import Change, ChangedUnit, Kind, Op, RedlineDocument
from tests.documents.values import CIRCULATED, pages_of, signed, version

# Nothing here waits for anything, so the time is that of this process alone.
growth = partial(measure.growth, clock=time.process_time, rounds=3)


def ratio(act: Callable[[], object], floor: Callable[[], object]) -> float:
    """The median of the ratio of the two times."""
    return measure.ratio(act, floor, rounds=15, clock=time.process_time).median


def a_redline(every: int) -> RedlineDocument:
    """The sample text with a replacement in every so many paragraphs. Its first reading changed about one of three."""
    doc = version("az")
    units = []
    for index, unit in enumerate(doc.units):
        words = unit.text.split(" ")
        middle = len(words) // 2
        changes = (
            Change(Op.EQUAL, " ".join(words[:middle]) + " "),
            Change(Op.DELETE, words[middle] + " "),
            Change(Op.INSERT, "birgə və könüllü ", by="AZ, KZ"),
            Change(Op.EQUAL, " ".join(words[middle + 1 :]) or "."),
        )
        changed = unit.kind is not Kind.HEADING and index % every == 0
        units.append(ChangedUnit(unit.kind, unit.number, changes if changed else (Change(Op.EQUAL, unit.text),)))
    return RedlineDocument("S/1", "revised", "az", doc.title, "S/0", tuple(units), CIRCULATED)


def bare(pages: list[list[str]]) -> bytes:
    """The floor: the lines of each page, one ``drawString`` each."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1, initialFontName=fonts.REGULAR)
    for page in pages:
        canvas.setFont(fonts.REGULAR, 10.5)
        for number, line in enumerate(page):
            canvas.drawString(70, 780 - 11 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def of_signatures(size: int) -> Callable[[], bytes]:
    """The paper with so many signatures, to be made."""
    paper = signed(size)
    return lambda: signed_pdf(paper)


def goals() -> list[tuple[str, float, float]]:
    """Name, what was measured, and the most it may be."""
    redline, dense, signatures, text = a_redline(3), a_redline(1), signed(500), version("az")
    redline_pages, dense_pages = pages_of(redline_pdf(redline)), pages_of(redline_pdf(dense))
    signed_pages, text_pages = pages_of(signed_pdf(signatures)), pages_of(version_pdf(text))
    digests = {hashlib.sha256(signed_pdf(signatures)).digest() for _ in range(3)}
    return [
        ("redline, times bare drawString", ratio(lambda: redline_pdf(redline), lambda: bare(redline_pages)), 4.0),
        ("redline, every paragraph changed", ratio(lambda: redline_pdf(dense), lambda: bare(dense_pages)), math.inf),
        ("draft with line numbers, times bare drawString", ratio(lambda: version_pdf(text), lambda: bare(text_pages)), 4.0),
        ("500 signatures, times bare drawString", ratio(lambda: signed_pdf(signatures), lambda: bare(signed_pages)), 2.5),
        ("growth to 8,000 signatures, exponent", growth(of_signatures, (1000, 2000, 4000, 8000)).exponent, 1.15),
        ("different files out of three runs", float(len(digests)), 1.0),
    ]


def main() -> int:
    """Print the goals; return 1 where one is missed."""
    fonts.register()
    missed = 0
    for name, measured, most in goals():
        missed += measured > most
        verdict = "for comparison" if math.isinf(most) else f"at most {most:5.2f}  {'met' if measured <= most else 'MISSED'}"
        print(f"G11  {name:<50} {measured:6.2f}  {verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
