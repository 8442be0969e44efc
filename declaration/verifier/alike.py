r"""Entries that are spelled like one that was read before.

A record has a hundred thousand entries and a dozen ways to spell one: what differs are the words in some of its strings. Reading each
as if nothing were known takes longer than hashing it; so an entry that was read strictly, and has the form of its type, is kept as a
pattern for the next ones.

Why that is safe. A line without a backslash and without control characters is JSON of which every second piece between quotation
marks is a string, and a string in it is printed as it stands. Let such a line have the same pieces outside of strings as the pattern
has, and the same names in the same places: then it has the same tree, so no name is given twice, none is out of order, and nothing
but words is another; and printing it again gives the same bytes, because printing the pattern did. It is canonical, and of the
profile, because the pattern is. What remains is to ask of each word that is not the pattern's the same question that the strict reader asks
of it, by the same function. A line that fails in any of this is not refused here: it is read strictly, to be told why.

Which words differ from entry to entry is not written down anywhere: a place in a pattern is free once a line was read strictly that
has another word there. So a form that nobody has thought of yet costs a few strict readings, and is known then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from declaration.errors import DeclarationError
from declaration.procedure.fields import Form
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.encoding import b64decode, parse_hex32, parse_time, sha256_hex
from declaration.protocol.entry import MAX_BYTES, Entry
from declaration.protocol.keys import parse_fingerprint
from declaration.protocol.names import parse_party
from declaration.protocol.sshsig import MAX_BLOB
from declaration.protocol.statement import MAX_BYTES as MAX_STATEMENT
from declaration.protocol.statement import By, Statement, parse_nonce, parse_seen

MOST_PATTERNS = 256
"""A record with more ways to spell an entry than this is read strictly from there on."""

_CONTROLS = bytes(range(32)) + b"\\"
_AT, _SIGNATURE = 3, 7
_Path = tuple[str | int, ...]
_FREE = {("statement", *path) for path in (("by", "key"), ("by", "party"), ("nonce",), ("object",), ("seen",))} | {("at",), ("signature",)}
_COMMON = frozenset(("by", "declaration", "log", "nonce", "object", "seen", "type"))


class Patterns:
    """The patterns that one process knows."""

    def __init__(self) -> None:
        self._by_count: dict[int, list[_Pattern]] = {}
        self._known = 0

    def read(self, raw: bytes) -> Entry | None:
        """The entry, strictly valid and with a body of the form of its type; ``None`` where it must be read strictly to know."""
        parts = _parts(raw)
        if parts is None:
            return None
        outside = parts[::2]
        known = self._by_count.get(len(parts), [])
        for number, pattern in enumerate(known):
            if pattern.outside == outside and pattern.fixed(parts) == pattern.words:
                if number:
                    known.insert(0, known.pop(number))  # what came last comes next
                try:
                    return pattern.entry(raw, parts)
                except DeclarationError:
                    return None
        return None

    def learn(self, entry: Entry) -> None:
        """Keep an entry that was read strictly, and whose body has the form of its type, as a pattern."""
        parts = _parts(entry.raw)
        if parts is None:
            return
        known = self._by_count.setdefault(len(parts), [])
        for pattern in known:
            if pattern.outside == parts[::2] and pattern.names(parts) == pattern.named:
                pattern.loosen(parts)
                return
        if self._known < MOST_PATTERNS:
            self._known += 1
            known.append(_Pattern(entry, parts))


class _Pattern:
    """One way to spell an entry.

    :ivar outside: the pieces outside of strings.
    :ivar names: takes from a line what makes it another pattern: the names of members, and the words that nothing is asked about here.
    :ivar fixed: takes from a line whatever has been the same so far.
    """

    def __init__(self, entry: Entry, parts: list[str]) -> None:
        made = entry.statement
        self.outside = parts[::2]
        self._pattern = parts
        self._made = made
        paths = dict(_places(_as_json(entry)))
        self._paths = {place: path for place, path in paths.items() if path in _FREE or _in_body(path)}
        self.names = _taker([place for place in range(1, len(parts), 2) if place not in self._paths])
        self.named = self.names(parts)
        at = {path: place for place, path in paths.items()}
        self._common = itemgetter(*(at["statement", *path] for path in (("by", "key"), ("by", "party"), ("nonce",), ("seen",))))
        self._object = at.get(("statement", "object"))
        self._before = len('{"at":"","signature":"","statement":') + 20
        self._forms: Mapping[str, Form] = BY_TYPE[made.type].fields
        self._free = {place for place, path in self._paths.items() if path in _FREE}
        self._settle()

    def loosen(self, parts: list[str]) -> None:
        """Let every word be another that is another in this line."""
        self._free |= {place for place in self._paths if parts[place] != self._pattern[place]}
        self._settle()

    def _settle(self) -> None:
        free = self._free
        self.fixed = _taker([place for place in range(1, len(self._pattern), 2) if place not in free])
        self.words = self.fixed(self._pattern)
        fields: dict[str, list[tuple[_Path, int]]] = {}
        for place in sorted(free):
            path = self._paths[place]
            if path not in _FREE:
                fields.setdefault(str(path[1]), []).append((path[2:], place))
        self._words = [(name, self._forms[name], places[0][1]) for name, places in fields.items() if places[0][0] == ()]
        self._trees = [(name, self._forms[name], places) for name, places in fields.items() if places[0][0] != ()]

    def entry(self, raw: bytes, parts: list[str]) -> Entry:
        """The entry that a line of this pattern is.

        :raises DeclarationError: a word is not what it has to be.
        """
        pattern = self._made
        signature = parts[_SIGNATURE]
        statement = raw[self._before + len(signature) : -1]
        if len(raw) > MAX_BYTES or len(statement) > MAX_STATEMENT:
            raise DeclarationError("too long")
        at, blob = parse_time(parts[_AT]), b64decode(signature)
        if not 0 < len(blob) <= MAX_BLOB:
            raise DeclarationError("no plausible length")
        key, party, nonce, seen = self._common(parts)
        acted_on = None
        if self._object is not None:
            acted_on = parts[self._object]
            parse_hex32(acted_on)
        body: dict[str, Any] = {**pattern.body}
        for name, form, place in self._words:
            word = parts[place]
            form(word)
            body[name] = word
        for name, form, places in self._trees:
            tree = body[name]
            for path, place in places:
                tree = _with(tree, path, parts[place])
            form(tree)
            body[name] = tree
        by = By(parse_fingerprint(key), parse_party(party), pattern.by.role)
        made = Statement(
            pattern.type,
            by,
            pattern.declaration,
            pattern.log,
            parse_nonce(nonce),
            acted_on,
            parse_seen(seen),
            body,
            statement,
            sha256_hex(statement),
        )
        return Entry(at, blob, made, raw)


def _parts(raw: bytes) -> list[str] | None:
    """The pieces between quotation marks, strings at the odd places; ``None`` where a string may be spelled in two ways, or in none."""
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        return None
    try:
        return raw.decode("utf-8").split('"')
    except UnicodeDecodeError:
        return None


def _as_json(entry: Entry) -> dict[str, Any]:
    """The members of an entry in the order in which they are spelled, with any words."""
    made = entry.statement
    common = {
        "by": {"key": "", "party": "", "role": ""},
        "declaration": "",
        "log": "",
        "nonce": "",
        "object": made.object,
        "seen": "",
        "type": "",
    }
    return {"at": "", "signature": "", "statement": dict(sorted({**common, **made.body}.items()))}


def _places(value: Any, path: _Path = ()) -> Iterator[tuple[int, _Path]]:
    """Where each word stands, and what it is: the position among the pieces, and the way to it through the tree."""
    position = -1

    def walk(value: Any, path: _Path) -> Iterator[tuple[int, _Path]]:
        nonlocal position
        if isinstance(value, str):
            position += 2
            yield position, path
        elif isinstance(value, dict):
            for name in sorted(value):
                position += 2
                yield from walk(value[name], (*path, name))
        elif isinstance(value, list):
            for number, each in enumerate(value):
                yield from walk(each, (*path, number))

    yield from walk(value, path)


def _in_body(path: _Path) -> bool:
    return path[0] == "statement" and path[1] not in _COMMON


def _with(tree: Any, path: _Path, word: str) -> Any:
    """A copy of a tree with another word at the end of a path."""
    copy = tree.copy()
    copy[path[0]] = word if len(path) == 1 else _with(tree[path[0]], path[1:], word)
    return copy


def _taker(places: list[int]) -> Callable[[list[str]], Any]:
    return itemgetter(*places)
