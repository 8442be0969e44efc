"""Which entries of the record name a party or act on a statement: an index in memory, read on when the record has grown.

The state knows what is so; how it became so stands in the entries alone, and looking through all of them for one organization would
take every visitor seconds. The index is of bytes: `"object":"…"` and `"party":"…"` cannot stand inside a string of JSON, whose quotation
marks are escaped, so nothing is missed, and whoever uses it parses the entries anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, current_app
from sqlalchemy.orm import Session

from declaration.transparency import queries
from declaration.transparency.models import Log

_EXTENSION = "mentions"
_OBJECT = re.compile(rb'"object":"([0-9a-f]{64})"')
_PARTY = re.compile(rb'"party":"([a-z0-9][a-z0-9.-]{0,63})"')


@dataclass(slots=True)
class _Index:
    size: int = 0
    objects: dict[bytes, list[int]] = field(default_factory=dict)
    parties: dict[bytes, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    logs: dict[int, _Index] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Prepare the memory."""
    app.extensions[_EXTENSION] = _Kept()


def of_party(session: Session, log: Log, party: str) -> list[int]:
    """Entries that a party made or that name it, in order."""
    return list(_caught_up(session, log).parties.get(party.encode(), ()))


def acting_on(session: Session, log: Log, digest: str) -> list[int]:
    """Entries whose object is a statement or a version, in order."""
    return list(_caught_up(session, log).objects.get(bytes.fromhex(digest), ()))


def _caught_up(session: Session, log: Log) -> _Index:
    kept: _Kept = current_app.extensions[_EXTENSION]
    with kept.lock:
        found = kept.logs.setdefault(log.id, _Index())
        if found.size > log.size:  # another request has read further than this transaction sees
            return found
        for index, raw in queries.entries(session, log, found.size, log.size):
            for digest in set(_OBJECT.findall(raw)):
                found.objects.setdefault(bytes.fromhex(digest.decode()), []).append(index)
            for party in set(_PARTY.findall(raw)):
                found.parties.setdefault(party, []).append(index)
            found.size = index + 1
        return found
