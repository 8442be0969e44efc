"""A code that a phone reads from a page, drawn as SVG without any style of its own."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_svg(text: str, title: str, *, scale: int = 4, fills: bool = False) -> Markup:
    """The code of ``text`` as inline SVG, black on white in every colour scheme, since scanners expect that.

    :param title: what a screen reader says.
    :param fills: the drawing takes the size of the box that it stands in.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    drawn = code.svg_inline(scale=scale, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None, title=title,
                           omitsize=fills)  # fmt: skip
    # segno escapes the title; the rest of its drawing is numbers.
    return Markup('<div role="img" aria-label="{}">{}</div>').format(title, Markup(drawn))  # noqa: S704  # see the line above
