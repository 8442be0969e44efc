"""What a line of a list says of its signatory's authority, read so that people examine it with fewer keystrokes. Pure.

``capacity``                ``organization`` (where it is empty), ``personal`` or ``associated``
``authority``               which document names the person; ``none`` says that there is none
``authority_valid_until``   the last day, ``2026-12-31``; empty where it has no end

Two sign where the office joins two with a plus sign or the authority says so (``two signatures``, ``joint signature``). Two persons who
are joined so in the signatory's column are both there; one alone is incomplete. What a document is worth is decided by people with the
document at hand, when they accredit the key: this only fills in their form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from declaration.errors import Malformed

COLUMNS = ("authority", "authority_valid_until", "capacity")
CAPACITIES = ("organization", "personal", "associated")
_JOINT = re.compile(r"\b(two|2) signatures\b|\bjoint(ly)?\b", re.IGNORECASE)
_PLUS = re.compile(r"\s\+\s")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NONE = frozenset({"", "-", "–", "none"})


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority that a line claims.

    :ivar until: the last day on which it holds.
    """

    capacity: str
    joint: bool
    until: date | None
    document: str


def read(cells: Mapping[str, str], *, office: str) -> Authority | None:
    """The authority in a line's optional columns, or None where the list has none of them.

    :raises Malformed: ``list.capacity``, ``list.until``.
    """
    if not any(name in cells for name in COLUMNS):
        return None
    capacity = cells.get("capacity", "").strip().lower() or "organization"
    if capacity not in CAPACITIES:
        raise Malformed(f"the capacity is none of {', '.join(CAPACITIES)}", code="list.capacity")
    document = " ".join(cells.get("authority", "").split())
    joint = capacity == "organization" and bool(_PLUS.search(office) or _JOINT.search(document))
    return Authority(capacity, joint, _day(cells.get("authority_valid_until", "")), document)


def _day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Malformed("the last day of the authority is not a date", code="list.until", instead="Write 2026-12-31.")


def verdict(found: Authority | None, *, person: str, listed: bool, today: date) -> tuple[str, str]:
    """What becomes of a line as far as its authority goes: ``new``, ``personal``, ``associated``, ``incomplete`` or ``refused``, and why.

    :param listed: whether the list has a column ``authority`` at all; without one nobody has said that there is none.
    """
    if found is None:
        return "new", ""
    if listed and found.document.casefold() in _NONE:
        return "refused", "no document names this person"
    if found.until is not None and found.until < today:
        return "refused", f"the authority ended on {found.until.isoformat()}"
    if found.joint and not _PLUS.search(person):
        return "incomplete", "two sign for it, and one is named"
    return ("new" if found.capacity == "organization" else found.capacity), ""
