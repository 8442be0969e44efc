"""Texts in and out: the sample's Markdown, plain Markdown or text, and JSON, with every error naming its line.

One block a unit, an empty line between two. What is printed can be read again and gives the same units:

    ---
    language: en                                  front matter, optional, ``key: value``
    ---

    # Joint Declaration                           title
    *Baku, 23 November 2025*                      date line
    [CH] We, the representatives,                 chapeau          (id beginning with CH)
    [PP1] Recalling the Agreement,                preambular       (id beginning with PP)
    ## A. The Platform                            heading, with its letter
    [OP1] 1. Establish the Platform:              operative        (a number after the id)
      [OP1.a] (a) with a seat;                    list item; two spaces a level
    [CL] Adopted in Baku.                         testimonium      (id beginning with CL)

Where an id does not tell the kind, the kind follows it in the brackets: ``[X1 preambular] Mindful,``. A title, date line or heading
whose id is not ``T``, ``D`` or ``S`` and its position has the id in brackets before its text.

Text without ids is read too: after ``# Title`` numbered paragraphs are operative, ``(a)`` begins an item, a paragraph without a
number after the last numbered one is the testimonium, and what stands before the first number is preamble, its first paragraph
the chapeau. Ids are then given in order: PP1, OP1, OP1.a. A paragraph may run over several lines; a line that begins with the next
number begins the next paragraph. What could be read in two ways is refused: a line inside a paragraph that begins with another
number, bullets, ``1)`` for ``1.``, bold type. Line numbers and page headers are not guessed at.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.errors import Malformed
from declaration.protocol.encoding import JSON, parse_json
from declaration.text.numbering import labels, letters, roman
from declaration.text.tokens import nfc
from declaration.text.units import Kind, Unit, UnitText, check_units, item_levels, of_kind, unit_hash


@dataclass(frozen=True, slots=True)
class Imported:
    """A text that was read.

    :param meta: the front matter, as written.
    """

    units: tuple[UnitText, ...]
    meta: Mapping[str, str]


_BLOCK_ID = re.compile(r"\[([A-Za-z][A-Za-z0-9.-]*)(?: ([a-z]+))?\] ?")
_NUMBER = re.compile(r"[0-9]+(?: [a-z]+)?\. ")
_ITEM_LABEL = re.compile(r"\(([a-z]+)\) |([a-z]{1,2})\. ")
_HEADING_LETTER = re.compile(r"[A-Z]{1,2}\. ")
_PLAIN_NUMBER = re.compile(r"([0-9]+)\. ")
_BULLET = re.compile(r"(?:[-+*\u2022\u2013] |[0-9]+\) )")
_BOLD = re.compile(r"(?:\*\*|__)\w")
_COMMENT = re.compile(r"<!--.*-->")
_PREFIXES: tuple[tuple[str, Kind], ...] = (("PP", "preambular"), ("CH", "chapeau"), ("CL", "testimonium"))


def parse_text(source: str) -> Imported:
    """Read a text in the form above; everything is brought to NFC.

    :raises Malformed: ``import.…`` with the line number in its message.
    """
    return _Reader(source).read()


class _Reader:
    """Reads line by line; remembers where it is for the errors."""

    def __init__(self, source: str) -> None:
        self.lines = nfc(source.removeprefix("\ufeff")).replace("\r\n", "\n").split("\n")
        self.units: list[UnitText] = []
        self.path: list[str] = []
        self.line = 0
        self.with_ids = any(_BLOCK_ID.match(line.strip()) for line in self.lines)
        self.headings = 0
        self.number = 0
        self.counts: dict[str, int] = {}
        self.line_of: list[int] = []

    def refuse(self, problem: str, code: str, instead: str = "") -> Malformed:
        return Malformed(f"line {self.line}: {problem}", code=code, instead=instead)

    def read(self) -> Imported:
        meta = self.front_matter()
        blocks = self.blocks()
        last_numbered = -1
        if not self.with_ids:
            numbered = [position for position, (_, _, text) in enumerate(blocks) if _NUMBER.match(text) or _ITEM_LABEL.match(text)]
            last_numbered = numbered[-1] if numbered else len(blocks)
        for position, (line, level, text) in enumerate(blocks):
            self.line = line
            self.add(level, text, closing=position > last_numbered)
        if not self.units:
            raise self.refuse("the text is empty", "import.empty")
        self.check()
        return Imported(tuple(self.units), meta)

    def check(self) -> None:
        """Check the units; what is wrong with one is wrong with every beginning of the text that has it, so halving finds its line."""
        try:
            check_units(self.units)
        except Malformed as error:
            first = bisect_left(range(1, len(self.units) + 1), True, key=lambda count: not _is_sound(self.units[:count]))
            self.line = self.line_of[first]
            raise self.with_line(error) from None

    def with_line(self, error: Malformed) -> Malformed:
        return Malformed(f"line {self.line}: {error.message}", code=error.code, instead=error.instead)

    def front_matter(self) -> dict[str, str]:
        if not self.lines or self.lines[0] != "---":
            return {}
        meta: dict[str, str] = {}
        for number, line in enumerate(self.lines[1:], 2):
            self.line = number
            if line == "---":
                self.lines[:number] = [""] * number
                return meta
            key, colon, value = line.partition(":")
            if not colon or not key.strip() or key.strip() in meta:
                raise self.refuse(f"front matter is not 'key: value', or says {key.strip()!r} twice", "import.front-matter")
            meta[key.strip()] = value.strip()
        raise self.refuse("the front matter is not closed by '---'", "import.front-matter")

    def blocks(self) -> list[tuple[int, int, str]]:
        """Every block with its first line's number and its level of indentation; lines of one block are joined by a space."""
        result: list[tuple[int, int, str]] = []
        inside = False
        for number, line in enumerate(self.lines, 1):
            self.line = number
            text = line.strip()
            if not text or _COMMENT.fullmatch(text):
                inside = False
                continue
            if "\t" in line:
                raise self.refuse("a tab", "import.tab", "Use two spaces a level.")
            starts = _BLOCK_ID.match(text) or text.startswith("#") or self.begins_plain(text, inside=inside)
            if inside and not starts:
                first, level, before = result.pop()
                result.append((first, level, f"{before} {text}"))
            else:
                result.append((number, (len(line) - len(line.lstrip(" "))) // 2, text))
            inside = not text.startswith("#")
        return result

    def begins_plain(self, text: str, *, inside: bool) -> bool:
        """Whether a line of a text without ids begins a unit; a line that only seems to is refused."""
        number = _PLAIN_NUMBER.match(text)
        if not self.with_ids:
            if _BULLET.match(text):
                raise self.refuse(
                    "a bullet or '1)', which has no label here", "import.list", "Number it: '1. ' for a paragraph, '(a) ' for an item."
                )
            if "**" in text or "__" in text:
                raise self.refuse("bold type or the like", "import.rich-text", "Take the asterisks out.")
            if number and (not inside or int(number[1]) == self.number + 1):
                self.number = int(number[1])
                return True
        if inside and number:
            problem = f"a line inside a paragraph begins with {number[0].strip()}, which is not the next number"
            raise self.refuse(problem, "import.number", "Put an empty line before it, or join it to the line above.")
        return not self.with_ids and _ITEM_LABEL.match(text) is not None

    def add(self, level: int, text: str, *, closing: bool) -> None:
        if text.startswith("## "):
            self.headings += 1
            unit_id, _, rest = self.split_id(text[3:])
            self.put(unit_id or f"S{self.headings}", "heading", _HEADING_LETTER.sub("", rest, count=1))
        elif text.startswith("# "):
            unit_id, _, rest = self.split_id(text[2:])
            self.put(unit_id or "T", "title", rest)
        elif text.startswith("#"):
            raise self.refuse("a heading deeper than two levels", "import.heading", "Use '# ' for the title and '## ' for a heading.")
        elif len(text) > 2 and text[0] == text[-1] == "*" and text[1] != "*":
            unit_id, _, rest = self.split_id(text[1:-1])
            self.put(unit_id or "D", "dateline", rest)
        elif self.with_ids:
            self.add_with_id(level, text)
        else:
            self.add_plain(text, closing=closing)

    def split_id(self, text: str) -> tuple[str | None, Kind | None, str]:
        match = _BLOCK_ID.match(text)
        if match is None:
            return None, None, text
        try:
            kind = of_kind(match[2]) if match[2] else None
        except Malformed as error:
            raise self.with_line(error) from None
        return match[1], kind, text[match.end() :]

    def add_with_id(self, level: int, text: str) -> None:
        unit_id, kind, rest = self.split_id(text)
        if unit_id is None:
            raise self.refuse("a paragraph without its id", "import.id", "Begin it with its id in brackets: [OP5].")
        if kind is None:
            kind = _kind_of(unit_id, level, rest)
        if kind is None:
            raise self.refuse(
                f"what {unit_id} is cannot be told from its id", "import.kind", f"Say it: [{unit_id} operative], or give it a number."
            )
        if kind == "item":
            if not 1 <= level <= len(self.path):
                raise self.refuse(f"the list item {unit_id} is {level} levels in and follows none on the level above", "import.level")
            self.put(unit_id, kind, _ITEM_LABEL.sub("", rest, count=1), level=level)
        else:
            if level:
                raise self.refuse(f"{unit_id} is indented but is no list item", "import.level")
            self.put(unit_id, kind, _NUMBER.sub("", rest, count=1) if kind == "operative" else rest)

    def add_plain(self, text: str, *, closing: bool) -> None:
        number, item = _NUMBER.match(text), _ITEM_LABEL.match(text)
        if number:
            self.put(self.next_id("OP"), "operative", text[number.end() :])
        elif item:
            level = self.plain_level(item[1] or item[2], point=item[2] is not None)
            parent = self.path[level - 1]
            self.put(f"{parent}.{item[1] or item[2]}", "item", text[item.end() :], level=level)
        elif closing:
            self.put("CL", "testimonium", text)
        elif not any(unit.kind in ("chapeau", "preambular", "operative") for unit in self.units):
            self.put("CH", "chapeau", text)
        else:
            self.put(self.next_id("PP"), "preambular", text)

    def plain_level(self, label: str, *, point: bool) -> int:
        """The level of an unindented item: ``a.`` is third; ``(i)`` is second unless it continues ``(h)``."""
        if not self.path:
            raise self.refuse(f"the list item ({label}) follows no paragraph", "import.label")
        if point:
            level = min(3, len(self.path))
            third = letters(1 + sum(unit.parent == self.path[level - 1] for unit in self.units))
            if label != third:
                raise self.refuse(f"the list item {label}. continues no list", "import.label", f"The next is {third}.")
            return level
        expected = letters(1 + sum(unit.parent == self.path[0] for unit in self.units))
        if label == expected or len(self.path) < 2:
            return 1
        second = roman(1 + sum(unit.parent == self.path[1] for unit in self.units))
        if label == second:
            return 2
        raise self.refuse(f"the list item ({label}) continues no list", "import.label", f"The next is ({expected}) or ({second}).")

    def next_id(self, prefix: str) -> str:
        self.counts[prefix] = self.counts.get(prefix, 0) + 1
        return f"{prefix}{self.counts[prefix]}"

    def put(self, unit_id: str, kind: Kind, text: str, *, level: int = 0) -> None:
        if not text.strip():
            raise self.refuse(f"{unit_id} has no text", "import.empty")
        if any(unit.id == unit_id for unit in self.units):
            raise self.refuse(f"the id {unit_id} is used twice", "import.id")
        self.line_of.append(self.line)
        self.units.append(UnitText(unit_id, kind, text.strip(), self.path[level - 1] if level else None))
        if kind == "item":
            self.path[level:] = [unit_id]
        else:
            self.path = [unit_id] if kind in ("operative", "preambular", "chapeau") else []


def _is_sound(units: Sequence[UnitText]) -> bool:
    try:
        check_units(units)
    except Malformed:
        return False
    return True


def _kind_of(unit_id: str, level: int, rest: str) -> Kind | None:
    if level and _ITEM_LABEL.match(rest):
        return "item"
    for prefix, kind in _PREFIXES:
        if unit_id.startswith(prefix):
            return kind
    return "operative" if _NUMBER.match(rest) else None


# -- out -----------------------------------------------------------------------


def print_text(units: Sequence[UnitText], meta: Mapping[str, str] | None = None, *, kept: Mapping[str, str | None] | None = None) -> str:
    """Print units in the form that :func:`parse_text` reads: ``parse_text(print_text(x)).units == x``.

    :param kept: numbers that stay until renumbering, see :func:`declaration.text.numbering.number_of`.
    """
    shown = labels(units, kept)
    levels = item_levels(units)
    blocks: list[str] = []
    if meta:
        blocks.append("\n".join(["---", *(f"{key}: {value}" for key, value in meta.items()), "---"]))
    headings = 0
    for unit in units:
        headings += unit.kind == "heading"
        blocks.append(_block(unit, shown[unit.id], levels.get(unit.id, 0), headings))
    return "\n\n".join(blocks) + "\n"


def _block(unit: UnitText, label: str | None, level: int, headings: int) -> str:
    if unit.kind == "title":
        return f"# {_own_id(unit, 'T')}{unit.text}"
    if unit.kind == "dateline":
        return f"*{_own_id(unit, 'D')}{unit.text}*"
    if unit.kind == "heading":
        return f"## {_own_id(unit, f'S{headings}')}{label}. {unit.text}"
    mark = "" if label is None else f"{label} " if unit.kind == "item" else f"{label}. "
    told = _kind_of(unit.id, level, mark + unit.text) == unit.kind
    return f"{'  ' * level}[{unit.id}{'' if told else f' {unit.kind}'}] {mark}{unit.text}"


def _own_id(unit: UnitText, usual: str) -> str:
    # A text that itself begins with brackets would be read as an id, so it gets its own before it.
    return "" if unit.id == usual and not _BLOCK_ID.match(unit.text) else f"[{unit.id}] "


# -- JSON ------------------------------------------------------------------------


def parse_units_json(data: bytes) -> tuple[list[Unit], Mapping[str, JSON]]:
    """Read units in several languages from JSON: ``{"meta": {…}, "paragraphs": [{"id", "kind", "parent"?, "text", "sha256"?}]}``.

    Texts are brought to NFC; a given hash must be that of the text.

    :raises Malformed: ``import.…``, naming the paragraph.
    """
    document = parse_json(data)
    paragraphs = document.get("paragraphs") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(paragraphs, list):
        raise Malformed('the file has no list "paragraphs"', code="import.form")
    units = [_json_unit(item, position) for position, item in enumerate(paragraphs, 1)]
    check_units(units)
    meta = document.get("meta")
    return units, meta if isinstance(meta, dict) else {}


def _json_unit(item: JSON, position: int) -> Unit:
    where = f"paragraph {position}"
    if not isinstance(item, dict):
        raise Malformed(f"{where} is not an object", code="import.form")
    unit_id, kind, parent, text = item.get("id"), item.get("kind"), item.get("parent"), item.get("text")
    if not isinstance(unit_id, str) or not isinstance(kind, str) or not isinstance(text, dict):
        raise Malformed(f"{where} has no id, kind or text", code="import.form")
    if parent is not None and not isinstance(parent, str):
        raise Malformed(f"{where} ({unit_id}) has a parent that is no id", code="import.form")
    texts: dict[str, str] = {}
    for language, value in text.items():
        if not isinstance(value, str):
            raise Malformed(f"the text of {unit_id} ({language}) is not text", code="import.form")
        texts[language] = nfc(value)
    hashes = item.get("sha256")
    if isinstance(hashes, dict):
        for language, given in hashes.items():
            if language not in texts or given != unit_hash(texts[language]):
                raise Malformed(f"the hash of {unit_id} ({language}) is not that of its text", code="import.hash")
    return Unit(unit_id, of_kind(kind), texts, parent)
