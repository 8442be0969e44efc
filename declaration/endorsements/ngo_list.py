"""A list of organizations in a CSV file, read whole and reviewed before anything is kept. Pure.

The first line names the columns, in any order, parted by commas or semicolons::

    country,name_original,registration_no,signatory,office

are needed; ``authority``, ``authority_valid_until`` and ``capacity`` are read as :mod:`declaration.endorsements.authorities` says;
``name_en``, ``expected`` and ``why`` may be there and are not read. Any other column is refused, since a misspelt one would silently be
empty.

Every other line gets one verdict: ``new``, ``personal`` or ``associated`` (listed apart), ``incomplete`` (two sign, and one is named);
``refused`` where nobody can sign for it; ``duplicate`` of an earlier line or of a registered organization; ``country`` that the forum does
not have; ``error`` with what is wrong. The first four are kept. Line numbers are those of the file, the first being 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from declaration.endorsements import authorities
from declaration.endorsements.authorities import Authority
from declaration.endorsements.parties import party_of
from declaration.errors import DeclarationError, Malformed

COLUMNS = {"country": "country", "name_original": "name", "registration_no": "registration", "signatory": "person", "office": "office"}
NOT_READ = frozenset({"name_en", "expected", "why"})
KEPT = frozenset({"new", "personal", "associated", "incomplete"})
MOST_LINES = 2_000
MOST_BYTES = 1 << 20

Check = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Takes the five fields as they were typed and returns them as they are kept, or raises."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its verdict.

    :ivar fields: ``country``, ``name``, ``registration``, ``person``, ``office``: as they are kept, or as typed where ``error``.
    :ivar verdict: see the module.
    :ivar said: of what it is a duplicate, or what is wrong.
    :ivar authority: what the list says of the signatory's authority, where it says anything.
    """

    number: int
    fields: Mapping[str, str]
    verdict: str
    said: str = ""
    authority: Authority | None = None


def decoded(data: bytes) -> str:
    """The text of an uploaded file.

    :raises Malformed: ``list.too-long``, ``list.encoding``.
    """
    if len(data) > MOST_BYTES:
        raise Malformed("the file is larger than 1 MiB", code="list.too-long", instead="Divide it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed(
            "the file is not in UTF-8", code="list.encoding", instead="Save it as “CSV UTF-8”, or names would lose their letters."
        ) from None


def review(text: str, *, countries: Collection[str], registered: Mapping[str, str], check: Check, today: date) -> list[Line]:
    """Read a list and say of every line what would become of it.

    :param countries: ids of the forum's delegations, in lower case.
    :param today: the day on which an authority must hold.
    :param registered: party → name of every organization that is registered already.
    :raises Malformed: ``list.columns``, ``list.empty``, ``list.too-long``, ``list.form``: nothing in it can be read.
    """
    seen = {party: f"{name}, registered already" for party, name in registered.items()}
    lines = []
    for number, typed, claimed in _rows(text):
        line = _judged(number, typed, claimed, countries, seen, check, today)
        if line.verdict in KEPT:
            party = party_of(line.fields["country"], line.fields["registration"])
            seen[party] = f"line {number}, {line.fields['name']}"
        lines.append(line)
    if not lines:
        raise Malformed("the list has no organization", code="list.empty")
    return lines


def _judged(
    number: int,
    typed: Mapping[str, str],
    claimed: Mapping[str, str],
    countries: Collection[str],
    seen: Mapping[str, str],
    check: Check,
    today: date,
) -> Line:
    try:
        kept = check(typed)
        authority = authorities.read(claimed, office=kept["office"])
        party = party_of(kept["country"], kept["registration"])
    except DeclarationError as error:
        return Line(number, typed, "error", error.message)
    if kept["country"] not in countries:
        return Line(number, kept, "country", kept["country"].upper(), authority)
    verdict, said = authorities.verdict(authority, person=kept["person"], listed="authority" in claimed, today=today)
    # Who has no authority is told so, whatever else stands in the list: a namesake with authority may stand in the line above.
    if party in seen and verdict != "refused":
        return Line(number, kept, "duplicate", seen[party], authority)
    return Line(number, kept, verdict, said, authority)


def _rows(text: str) -> list[tuple[int, dict[str, str], dict[str, str]]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    rows: list[tuple[int, dict[str, str], dict[str, str]]] = []
    columns: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            if columns is None:
                columns = _columns(cells)
            elif any(cell.strip() for cell in cells):
                rows.append((begins, *_fields(begins, columns, cells)))
            begins = reader.line_num + 1
            if len(rows) > MOST_LINES:
                raise Malformed(f"the list has more than {MOST_LINES:,} lines", code="list.too-long", instead="Divide it.")
    except csv.Error as error:
        raise Malformed(f"line {reader.line_num} cannot be read: {error}", code="list.form") from None
    return rows


def _columns(cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    missing = [name for name in COLUMNS if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS and name not in NOT_READ and name not in authorities.COLUMNS]
    twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    for names, what in ((missing, "missing"), (unknown, "not known"), (twice, "there twice")):
        if names:
            raise Malformed(
                f"columns that are {what}: {', '.join(name or 'one without a name' for name in names)}",
                code="list.columns",
                instead=f"The first line names the columns: {', '.join(COLUMNS)}.",
            )
    return columns


def _fields(number: int, columns: list[str], cells: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    if len(cells) != len(columns):
        raise Malformed(
            f"line {number} has {len(cells)} fields, and the first line names {len(columns)}",
            code="list.form",
            instead="A field with a comma in it stands in quotation marks.",
        )
    typed = dict(zip(columns, cells, strict=True))
    claimed = {name: typed[name] for name in authorities.COLUMNS if name in typed}
    return {ours: typed[theirs] for theirs, ours in COLUMNS.items()}, claimed
