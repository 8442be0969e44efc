r"""What a version of the text is: its manifest, and the canonical text of each language.

**Canonical text** ``texts/<lang>.txt``: UTF-8 without byte order mark, every line ended by U+000A. Units in document order, one
line each, one empty line between two. A line is ``[ID] ``, then the number, a full stop and a space if the unit has one, then the
text, which is one line of NFC::

    [T] Joint Declaration

    [OP5] 5. Decide to meet every year;

So that a reader gets back exactly what was written, a text does not begin or end with a space, and the text of a unit without a
number does not begin like one with a number (``1. ``; a no-break space after the full stop is the way to write it).

**Unit hash**: SHA-256 of the bare text, without id, number or line end. **Manifest**: canonical JSON (:mod:`.encoding`)::

    {"declaration":…, "previous":"<hex>"|null, "symbol":"OTSNGO/2025/JD/Rev.1",
     "texts":[{"bytes":n,"lang":"az","sha256":"<hex>","status":"authentic"|"translation"},…],     by language
     "type":"manifest-v1",
     "units":[{"id":"OP5","kind":"operative","number":"5","parent":null,"sha256":{"az":"<hex>",…}},…]}    in document order

``bytes`` and ``sha256`` of a text are those of its canonical text; every unit has a hash in every language listed; a parent stands
before its children. **The SHA-256 of the manifest is the version**: an approval or an endorsement that names it names every letter
of every language listed.

>>> canonical_text([("T", None, "Joint Declaration"), ("OP1", "1", "Decide;")])
b'[T] Joint Declaration\n\n[OP1] 1. Decide;\n'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from declaration.errors import Malformed
from declaration.protocol.encoding import JSON, MAX_INTEGER, canonical, parse_canonical, parse_hex32, sha256_hex
from declaration.protocol.names import is_number, parse_identifier, parse_language, parse_number, parse_unit_id

TYPE = "manifest-v1"
STATUSES = ("authentic", "translation")
MAX_UNITS = 10_000

_KIND = re.compile(r"[a-z][a-z_]{0,31}")
_BLOCK = re.compile(r"\[([^\]]*)\] (.+)")
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")

Unit = tuple[str, str | None, str]
"""``(id, number or None, text)``"""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One language of a version.

    :param sha256: hash of the canonical text, hex.
    :param bytes: its length.
    :param status: ``authentic`` or ``translation``.
    """

    lang: str
    sha256: str
    bytes: int
    status: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a version.

    :param number: as printed, or None.
    :param parent: id of the unit that it is an item of, or None.
    :param sha256: unit hash in hex, by language.
    """

    id: str
    kind: str
    number: str | None
    parent: str | None
    sha256: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A version. Two are equal when their bytes are.

    :param previous: digest of the version before, or None.
    :param raw: the canonical bytes.
    :param digest: SHA-256 of ``raw`` in hex: the identity of the version.
    """

    declaration: str = field(compare=False)
    previous: str | None = field(compare=False)
    symbol: str = field(compare=False)
    texts: tuple[TextRow, ...] = field(compare=False)
    units: tuple[UnitRow, ...] = field(compare=False)
    raw: bytes = field(repr=False)
    digest: str = field(compare=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages listed, sorted."""
        return tuple(row.lang for row in self.texts)


def unit_hash(text: str) -> str:
    """SHA-256 in hex of a unit's bare text, which must be one line of NFC."""
    return sha256_hex(_line(text).encode())


def canonical_text(units: Sequence[Unit]) -> bytes:
    """The canonical text of a language; refuses what would not read back as it was written."""
    if not units:
        raise Malformed("a text without units", code="text.empty")
    return ("\n\n".join(_block(*unit) for unit in units) + "\n").encode()


def parse_canonical_text(data: bytes) -> list[Unit]:
    """The exact inverse of :func:`canonical_text`."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("a text that is not UTF-8", code="text.not-utf8") from None
    if not text.endswith("\n"):
        raise Malformed("a text does not end in a line end", code="text.form")
    units = [_unit(block) for block in text[:-1].split("\n\n")]
    if len({unit[0] for unit in units}) != len(units):
        raise Malformed("a text with two units of one id", code="text.form")
    if canonical_text(units) != data:
        raise Malformed("not the canonical form of a text", code="text.form")
    return units


def build_manifest(*, declaration: str, previous: str | None, symbol: str, texts: Sequence[TextRow], units: Sequence[UnitRow]) -> Manifest:
    """Build and check a manifest; ``texts`` may come in any order, ``units`` in document order."""
    rows: list[JSON] = [{"id": row.id, "kind": row.kind, "number": row.number, "parent": row.parent, "sha256": row.sha256} for row in units]
    listed: list[JSON] = [
        {"bytes": row.bytes, "lang": row.lang, "sha256": row.sha256, "status": row.status}
        for row in sorted(texts, key=lambda row: row.lang)
    ]
    return parse_manifest(
        canonical(
            {
                "declaration": declaration,
                "previous": previous,
                "symbol": symbol,
                "texts": listed,
                "type": TYPE,
                "units": rows,
            }
        )
    )


def parse_manifest(raw: bytes) -> Manifest:
    """Parse a manifest's canonical bytes and check every field."""
    value = _members(parse_canonical(raw), "declaration", "previous", "symbol", "texts", "type", "units")
    if value["type"] != TYPE:
        raise Malformed("not a manifest-v1", code="manifest.type")
    texts = tuple(_text_row(row) for row in _items(value["texts"]))
    languages = [row.lang for row in texts]
    if not languages or languages != sorted(set(languages)):
        raise Malformed("texts are sorted by language, each once", code="manifest.texts")
    units = tuple(_unit_row(row, languages) for row in _items(value["units"]))
    _require_order(units)
    previous = None if value["previous"] is None else _hex(value["previous"])
    return Manifest(
        parse_identifier(value["declaration"]),
        previous,
        parse_identifier(value["symbol"]),
        texts,
        units,
        raw,
        sha256_hex(raw),
    )


def check_text(manifest: Manifest, lang: str, data: bytes) -> list[Unit]:
    """Check a language's canonical text against the manifest, whole and unit by unit; return its units.

    :raises Malformed: with code ``manifest.text-differs`` and the first unit that differs in the message.
    """
    row = next((row for row in manifest.texts if row.lang == lang), None)
    if row is None:
        raise Malformed(f"the version has no text in {lang!r}", code="manifest.no-text")
    units = parse_canonical_text(data)
    for (unit_id, number, text), listed in zip(units, manifest.units, strict=False):
        if (unit_id, number, unit_hash(text)) != (listed.id, listed.number, listed.sha256[lang]):
            raise Malformed(f"{lang}: unit {unit_id} is not what the version says", code="manifest.text-differs")
    if len(units) != len(manifest.units) or len(data) != row.bytes or sha256_hex(data) != row.sha256:
        raise Malformed(f"{lang}: the text is not the version's", code="manifest.text-differs")
    return units


def _line(text: str) -> str:
    if not text or text != text.strip() or _NOT_IN_A_LINE.search(text):
        raise Malformed("a unit's text is one line without control characters or outer spaces", code="text.line")
    if not unicodedata.is_normalized("NFC", text):
        raise Malformed("a unit's text must be in NFC", code="text.not-nfc", instead="Normalize it before it is approved.")
    return text


def _block(unit_id: str, number: str | None, text: str) -> str:
    parse_unit_id(unit_id)
    _line(text)
    if number is not None:
        return f"[{unit_id}] {parse_number(number)}. {text}"
    if is_number(text.partition(". ")[0]) and ". " in text:
        raise Malformed(
            f"unit {unit_id} has no number, and its text begins like one",
            code="text.ambiguous",
            instead="Put a no-break space after the full stop.",
        )
    return f"[{unit_id}] {text}"


def _unit(block: str) -> Unit:
    match = _BLOCK.fullmatch(block)
    if match is None:
        raise Malformed("a line of the text does not begin with a unit's id", code="text.form")
    head, separator, rest = match[2].partition(". ")
    if separator and is_number(head):
        return match[1], head, rest
    return match[1], None, match[2]


def _text_row(value: JSON) -> TextRow:
    row = _members(value, "bytes", "lang", "sha256", "status")
    size = row["bytes"]
    if type(size) is not int or not 0 < size <= MAX_INTEGER or row["status"] not in STATUSES:
        raise Malformed("a text has a length, and is authentic or a translation", code="manifest.texts")
    return TextRow(parse_language(row["lang"]), _hex(row["sha256"]), size, str(row["status"]))


def _unit_row(value: JSON, languages: list[str]) -> UnitRow:
    row = _members(value, "id", "kind", "number", "parent", "sha256")
    kind, number, parent = row["kind"], row["number"], row["parent"]
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise Malformed("a unit without a kind", code="manifest.units")
    hashes = _members(row["sha256"], *languages)
    return UnitRow(
        parse_unit_id(row["id"]),
        kind,
        None if number is None else parse_number(number),
        None if parent is None else parse_unit_id(parent),
        {lang: _hex(digest) for lang, digest in hashes.items()},
    )


def _require_order(units: Sequence[UnitRow]) -> None:
    if not 0 < len(units) <= MAX_UNITS:
        raise Malformed("a version has at least one unit and at most 10,000", code="manifest.units")
    before: set[str] = set()
    for row in units:
        if row.id in before:
            raise Malformed(f"two units of id {row.id}", code="manifest.units")
        if row.parent is not None and row.parent not in before:
            raise Malformed(f"the parent of {row.id} does not stand before it", code="manifest.units")
        before.add(row.id)


def _members(value: JSON, *names: str) -> dict[str, JSON]:
    if not isinstance(value, dict) or value.keys() != set(names):
        raise Malformed(f"expected exactly {', '.join(names)}", code="manifest.fields")
    return value


def _items(value: JSON) -> list[JSON]:
    if not _is_list(value):
        raise Malformed("expected a list", code="manifest.fields")
    return value


def _is_list(value: JSON) -> TypeGuard[list[JSON]]:
    return isinstance(value, list)


def _hex(value: JSON) -> str:
    if not isinstance(value, str):
        raise Malformed("expected 64 hexadecimal digits", code="encoding.hex")
    parse_hex32(value)
    return value
