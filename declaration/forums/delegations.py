"""The delegations of a forum: names and tags by language, and the orders in which they are listed.

An id is lower case (``trnc``) and stands in statements; a tag (``TRNC``, ``KKTC``) is what people see. A name that is missing in a
language is told in the forum's original language. No flag and no country code is ever derived from an id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.text.collation import sort_key

PROTOCOL_ORDER = "protocol"


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegation. ``status`` is its standing in the forum (``full``); ``languages`` are those of its people."""

    id: str
    names: Mapping[str, str]
    tags: Mapping[str, str]
    time_zone: str
    languages: tuple[str, ...]
    status: str
    original: str

    def name(self, language: str) -> str:
        """Its name in a language, such as Qazaxıstan."""
        return self.names.get(language) or self.names[self.original]

    def tag(self, language: str) -> str:
        """Its short name in a language, such as ŞKTR."""
        return self.tags.get(language) or self.tags[self.original]

    def name_language(self, language: str) -> str:
        """The language in which :meth:`name` really is, for the ``lang`` attribute."""
        return language if language in self.names else self.original


def delegations(forum: Forum) -> tuple[Delegation, ...]:
    """All delegations, in protocol order."""
    known = {row["id"]: _delegation(row, forum.original) for row in forum.delegations}
    return tuple(known[one] for one in forum.orders[PROTOCOL_ORDER])


def delegation(forum: Forum, id_: str) -> Delegation:
    """One delegation.

    :raises NotFound: the forum has no such delegation.
    """
    for row in forum.delegations:
        if row["id"] == id_:
            return _delegation(row, forum.original)
    raise NotFound(f"there is no delegation {id_} in this forum", code="delegation.unknown")


def is_delegation(forum: Forum, id_: str) -> bool:
    return any(row["id"] == id_ for row in forum.delegations)


def in_order(forum: Forum, language: str | None = None) -> tuple[Delegation, ...]:
    """All delegations in the alphabetical order of a language, as the forum laid it down or as its alphabet has it; in
    protocol order where no language is named, or where the rules want it."""
    if forum.rules.get("list_order") == PROTOCOL_ORDER:
        language = None
    known = {one.id: one for one in delegations(forum)}
    order = forum.orders.get(language or PROTOCOL_ORDER)
    if order is None:
        # The forum laid down no order of this language: it is that of its alphabet.
        return tuple(sorted(known.values(), key=lambda one: sort_key(one.name(language or one.original), language or one.original)))
    return tuple(known[one] for one in order)


def _delegation(row: Mapping[str, Any], original: str) -> Delegation:
    return Delegation(row["id"], row["names"], row["tags"], row["time_zone"], tuple(row["languages"]), row["status"], original)
