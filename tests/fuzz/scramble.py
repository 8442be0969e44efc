"""Changes of bytes and of JSON, drawn from a seeded source. Nothing here knows what a bundle is."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

TOKENS = (
    b"", b"\x00", b"\xff", b"\n", b"\n\n", b"\r\n", b"\xef\xbb\xbf", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-1", b"1e9",
    b"NaN", b"null", b"\\u0000", b"\xc3", "\u202e".encode(), "e\u0301".encode(), "ə".encode(), "\u04d9".encode(), b"\xed\xa0\x80",
    b"9007199254740992", b"18446744073709551616", "\u2014 ".encode(), b"=", b"+", b"/", b"../", b" ", b"\t", b"\x7f",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 255, 256, 65535, 65536, 2**31 - 1, 2**32 - 1, 2**53 - 1, 2**53, 10**30, 1.5, 1e308)
VALUES: tuple[Any, ...] = (
    None, True, False, "", "x", "0" * 64, "0" * 63, "é", "e\u0301", "\u202e", "\ud800", [], [[]], {}, {"a": 1}, *NUMBERS, float("nan"),
    "2025-11-24T18:02:11Z", "2025-02-30T00:00:00Z", "SHA256:" + "A" * 43, "az", "az\nkz", "a" * 5000,
)  # fmt: skip


def scrambled(data: bytes, how: random.Random, other: bytes = b"") -> bytes:
    """``data`` with one change of bytes; ``other`` may lend a piece of itself."""
    if not data:
        return how.choice(TOKENS)
    at, end = sorted((how.randrange(len(data) + 1), how.randrange(len(data) + 1)))
    end = min(end, at + how.choice((1, 4, 40, 4000)))
    place = how.randrange(len(data))
    changes: tuple[Callable[[], bytes], ...] = (
        lambda: data[:place] + bytes([data[place] ^ (1 << how.randrange(8))]) + data[place + 1 :],
        lambda: data[:place] + bytes([how.randrange(256)]) + data[place + 1 :],
        lambda: data[:place] + how.choice(TOKENS) + data[place:],
        lambda: data[:place] + how.choice(TOKENS) + data[place + 1 :],
        lambda: data[:at] + data[end:],
        lambda: data[:at] + data[at:end] * 2 + data[end:],
        lambda: data[:place] + data[at:end] + data[place:],
        lambda: data[:place],
        lambda: data + data[at:end],
        lambda: data[:at] + bytes(reversed(data[at:end])) + data[end:],
        lambda: data[:place] + (other[place % (len(other) or 1) :][: how.choice((1, 40, 4000))]) + data[place:],
    )
    return how.choice(changes)()


# -- lines -----------------------------------------------------------------------------------------------------------------


def shuffled(lines: list[bytes], how: random.Random) -> list[bytes]:
    """Lines dropped, repeated, swapped, moved, replaced, reversed."""
    made, a, b = list(lines), how.randrange(len(lines)), how.randrange(len(lines))
    kind = how.randrange(7)
    if kind == 0:
        del made[a]
    elif kind == 1:
        made.insert(b, made[a])
    elif kind == 2:
        made[a], made[b] = made[b], made[a]
    elif kind == 3:
        made.insert(b, made.pop(a))
    elif kind == 4:
        made[a] = made[b]
    elif kind == 5:
        made = made[: min(a, b)] + made[max(a, b) :]
    else:
        made[min(a, b) : max(a, b) + 1] = reversed(made[min(a, b) : max(a, b) + 1])
    return made


# -- JSON ------------------------------------------------------------------------------------------------------------------


class Members(list[tuple[str, Any]]):
    """An object as a list of its members, in which a name may stand twice."""


def scrambled_json(raw: bytes, how: random.Random) -> bytes:
    """The JSON text with its structure changed: members twice, added, left out, swapped; values of other types; other spellings."""
    value = json.loads(raw, object_pairs_hook=Members)
    for _ in range(how.choice((1, 1, 1, 2, 4))):
        _change(how.choice(_holders(value)), how)
    return _printed(value, how if how.random() < 0.2 else None).encode("utf-8", "surrogatepass")


def _holders(value: Any) -> list[Any]:
    """Every object and array, the outermost first."""
    found, waiting = [], [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            found.append(each)
            waiting += [item[1] for item in each] if isinstance(each, Members) else each
    return found


def _value(how: random.Random) -> Any:
    """One of them, of its own: a list that two mutants shared would grow from one to the next."""
    return deepcopy(how.choice(VALUES))


def _change(holder: Any, how: random.Random) -> None:
    if not isinstance(holder, Members):
        _change_list(holder, how)
        return
    if not holder:
        holder.append(("x", _value(how)))
        return
    a, b = how.randrange(len(holder)), how.randrange(len(holder))
    (name, value), kind = holder[a], how.randrange(8)
    if kind == 0:
        holder.insert(b, (name, how.choice((value, _value(how)))))
    elif kind == 1:
        del holder[a]
    elif kind == 2:
        holder.insert(b, (how.choice(("x", "", "__proto__", "é", "at", "type", "nonce")), _value(how)))
    elif kind == 3:
        holder[a], holder[b] = (name, holder[b][1]), (holder[b][0], value)
    elif kind == 4:
        holder[a], holder[b] = holder[b], holder[a]
    elif kind == 5:
        holder[a] = (how.choice((name.upper(), name + " ", name[:-1], holder[b][0])), value)
    else:
        holder[a] = (name, _other(value, how))


def _change_list(holder: list[Any], how: random.Random) -> None:
    if not holder or how.random() < 0.2:
        holder.insert(how.randrange(len(holder) + 1), _value(how))
        return
    a, b, kind = how.randrange(len(holder)), how.randrange(len(holder)), how.randrange(4)
    if kind == 0:
        del holder[a]
    elif kind == 1:
        holder.insert(b, holder[a])
    elif kind == 2:
        holder[a], holder[b] = holder[b], holder[a]
    else:
        holder[a] = _other(holder[a], how)


def _other(value: Any, how: random.Random) -> Any:
    kind = how.random()
    if kind < 0.1:
        for _ in range(how.choice((1, 30, 40, 3000))):
            value = [value]
        return value
    if isinstance(value, str) and kind < 0.7:
        return scrambled(value.encode("utf-8", "surrogatepass"), how).decode("utf-8", "replace")
    if isinstance(value, int) and not isinstance(value, bool) and kind < 0.7:
        return how.choice((value + 1, value - 1, -value, str(value), value * 10, how.choice(NUMBERS)))
    return _value(how)


def _printed(value: Any, how: random.Random | None) -> str:
    """Without a source, as canonical JSON has it where the value allows; with one, spelled in other ways. Not by recursion: it nests."""
    out: list[str] = []
    waiting: list[Any] = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, _Text):
            out.append(each)
        elif isinstance(each, Members):
            parts: list[Any] = [_Text("{")]
            for place, (name, item) in enumerate(each):
                parts += [_Text("," if place else ""), _Text(_word(name, how) + (": " if how and how.random() < 0.3 else ":")), item]
            waiting += reversed([*parts, _Text("}")])
        elif isinstance(each, list):
            parts = [_Text("[")]
            for place, item in enumerate(each):
                parts += [_Text("," if place else ""), item]
            waiting += reversed([*parts, _Text("]")])
        else:
            out.append(_word(each, how))
    return "".join(out)


class _Text(str):
    """Already printed."""

    __slots__ = ()


def _word(value: Any, how: random.Random | None) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=how is not None and how.random() < 0.3)
