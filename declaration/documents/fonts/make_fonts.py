"""Make the four static subsets of Noto Serif that the documents embed. For developers; the service never runs it.

    pip install fonttools==4.68.0 fontpkg-noto-serif==2.15
    python declaration/documents/fonts/make_fonts.py            write them
    python declaration/documents/fonts/make_fonts.py --check    compare with what is here, write nothing

The published family is one variable font for upright and one for italic. ReportLab reads only the default instance of such
a font (no bold) and takes half a second over it, so each style is pinned to its weight and cut to the scripts of the
forums. The same versions give the same bytes on every machine.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import fontpkg_noto_serif
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).resolve().parent
UPRIGHT, ITALIC = "NotoSerif[wdth,wght].ttf", "NotoSerif-Italic[wdth,wght].ttf"
STYLES = {
    "Regular": (UPRIGHT, 400),
    "Bold": (UPRIGHT, 700),
    "Italic": (ITALIC, 400),
    "BoldItalic": (ITALIC, 700),
}
# Whole blocks, not the letters of today's languages: a name may come from anywhere in these scripts. U+0259 (the small
# schwa of Azerbaijani) is not beside its capital U+018F but among the phonetic letters, and U+02BB (the Uzbek okina) is a
# modifier letter: both are lost by the obvious choice of "Latin" ranges.
RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x02FF),
    (0x0300, 0x03FF),
    (0x0400, 0x052F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x20C0),
    (0x2100, 0x215F),
    (0x2212, 0x2212),
)


def make(style: str) -> bytes:
    """Return the bytes of one static subset."""
    name, weight = STYLES[style]
    source = Path(fontpkg_noto_serif.ROOT) / "files" / name
    font = TTFont(source, recalcTimestamp=False)
    instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True, updateFontNames=True)
    options = subset.Options()
    # ReportLab sets one glyph a character and applies no layout rules, so the tables that hold them would be dead weight.
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Write the fonts, or with ``--check`` name those that differ. Returns the exit status."""
    differing = 0
    for style in STYLES:
        path = HERE / f"NotoSerif-{style}.ttf"
        data = make(style)
        same = path.exists() and path.read_bytes() == data
        sys.stdout.write(f"{path.name}  {len(data)} bytes  {'same' if same else 'differs'}\n")
        if arguments == ["--check"]:
            differing += not same
        else:
            path.write_bytes(data)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
