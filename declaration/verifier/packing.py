"""Values of a state as bytes for a file of our own, and back: numbers, words, moments, and the records of the procedure made of them.

``unpacked(packed(value)) == value``. The bytes are those of :mod:`marshal` and good for this run of this Python alone.
"""

from __future__ import annotations

import marshal
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from declaration.procedure.holdings import Countersignature, Endorsement, Organization, Withdrawal
from declaration.procedure.state import Key

_KINDS: tuple[type, ...] = (Key, Organization, Endorsement, Countersignature, Withdrawal)
_FIELDS = {kind: attrgetter(*(each.name for each in fields(kind))) for kind in _KINDS}
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_MOMENT, _TUPLE = -1, -2
_AS_THEY_ARE = frozenset((str, int, bool, type(None)))


def packed(value: Any) -> bytes:
    """A value as bytes.

    :raises TypeError: it is of a kind that no shelf holds.
    """
    return marshal.dumps(_plain(value))


def unpacked(data: bytes) -> Any:
    """The value that was packed."""
    return _restored(marshal.loads(data))  # noqa: S302 - from a file of our own, which nobody else can write


def _plain(value: Any) -> Any:
    """Numbers, words and what is made of them; every tuple begins with what it stands for."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is datetime:
        return _MOMENT, int(value.timestamp())
    if kind is tuple:
        return _TUPLE, *[each if type(each) in _AS_THEY_ARE else _plain(each) for each in value]
    if kind in _NUMBERS:
        return _NUMBERS[kind], *[each if type(each) in _AS_THEY_ARE else _plain(each) for each in _FIELDS[kind](value)]
    if kind is dict and all(type(each) is str for each in value.values()):
        return value
    raise TypeError(f"a shelf cannot hold {kind.__name__}")


def _restored(value: Any) -> Any:
    if type(value) is not tuple:
        return value
    number, *parts = value
    if number == _MOMENT:
        return datetime.fromtimestamp(parts[0], UTC)
    parts = [_restored(each) if type(each) is tuple else each for each in parts]
    return tuple(parts) if number == _TUPLE else _KINDS[number](*parts)
