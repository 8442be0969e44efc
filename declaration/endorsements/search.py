"""The search column of organizations: what is kept beside a name, and how a query asks it.

Names are folded by :mod:`declaration.text.finding`. :func:`search_key` is what is kept beside a name; :func:`matches` asks it here and
:func:`patterns` in the database.
"""

from __future__ import annotations

import re

from declaration.text.finding import fold, latin_of_folded, spellings


def search_key(name: str, registration: str) -> str:
    """What is kept beside an organization: its name and number folded, and both in plain letters."""
    folded = fold(name), fold(registration)
    return "\n".join((*folded, *map(latin_of_folded, folded)))


def matches(key: str, query: str) -> bool:
    """Whether a key has every word of the query."""
    return all(any(one in key for one in each) for each in spellings(query))


def patterns(query: str) -> list[tuple[str, ...]]:
    """The same as ``LIKE`` patterns for the database, with ``\\`` as the escape."""
    return [tuple(f"%{_escaped(one)}%" for one in each) for each in spellings(query)]


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
