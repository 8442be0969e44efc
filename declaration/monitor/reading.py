"""Every entry gets the verifier's questions, and one more: was this said in the name of somebody whom we watch?

Texts are not part of the record, which has their hashes. They are taken from the service's bundle when a version is first acted on, and
asked for by hash, so it cannot lie about them. Where they are not public yet, the procedure is replayed up to that act; behind it,
signatures, form, order and the watch are all that is checked, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from declaration.errors import DeclarationError
from declaration.monitor.events import Event
from declaration.procedure import replay
from declaration.procedure.act import Act
from declaration.procedure.state import VersionText
from declaration.protocol.entry import parse_entry
from declaration.protocol.sshsig import PasskeyPolicy
from declaration.verifier.history import History
from declaration.verifier.judging import take, where
from declaration.verifier.signatures import Context, Looked, look_at

# Acts that say who may speak for an organization, or that it has spoken on paper.
_OF_AUTHORITY = ("accredit-", "second-", "revoke-", "delegate-", "succeed-", "key.", "mandate.", "organization.", "paper.")
_OF_SIGNATURES, _SIGN = "endorsement.", "endorsement.sign-v1"

Library = Callable[[str], VersionText | None]


class TextsUnavailable(Exception):
    """A version's text is needed to go on, and is not to be had now. Not an error of the domain: no act is refused for it.

    :param digest: the version.
    """

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


@dataclass(frozen=True, slots=True)
class Heard:
    """What there is to say about one entry.

    :ivar replayed: what the replay of the procedure found, signatures included.
    :ivar plain: what is found without it: signatures where nothing is replayed, and the watch.
    """

    index: int
    replayed: list[Event]
    plain: list[Event]


class Reader:
    """Reads a record from its beginning, in one go or in several.

    ``stopped_at`` is the entry from which on nothing is replayed, because the text of the version ``missing`` is not to be had.

    :param library: finds texts; raises :class:`TextsUnavailable` where they may come later.
    :param watched: parties whose name is watched.
    """

    def __init__(self, origin: str, library: Library, watched: frozenset[str], workers: int | None = None) -> None:
        self.stopped_at: int | None = None
        self.missing = ""
        self._origin = origin
        self._state = replay.new_state(origin, library)
        self._history = History()
        self._watched = watched
        self._workers = workers
        self._context: Context | None = None
        self._theirs: set[str] = set()

    @property
    def size(self) -> int:
        """Entries read so far."""
        return self._history.tree.size

    def read(self, entries: Iterable[bytes], count: int) -> Iterator[Heard]:
        """Take the next ``count`` entries; give for each what there is to say about it."""
        lines = iter(entries)
        if self._context is None:
            first = next(lines, None)
            if first is None:
                return
            lines, self._context = _chained(first, lines), _context(first, self._origin)
        start = self.size
        for offset, (raw, looked) in enumerate(_looked(lines, self._context, start, count, self._workers)):
            self._history.append(raw)
            index = start + offset
            replayed = self._replayed(index, looked)
            plain = [] if self.stopped_at is None else _form(index, looked)
            yield Heard(index, replayed, [*plain, *self._heard(looked.act)])

    def _replayed(self, index: int, looked: Looked) -> list[Event]:
        if self.stopped_at is not None:
            return []
        try:
            found = take(self._state, index, looked, self._history)
        except TextsUnavailable as error:
            self.stopped_at, self.missing = index, error.digest
            return []
        return [Event("finding", each.code, each.what, each.where, number) for number, each in found]

    def _heard(self, act: Act | None) -> list[Event]:
        """Acts by a watched party; keys and mandates given in its name, and whatever is done to one of these or to its signature."""
        if act is None:
            return []
        body: Any = act.statement.body
        named = act.statement.by.party in self._watched
        signature = act.type.startswith(_OF_SIGNATURES) and act.object in self._theirs
        theirs = act.type.startswith(_OF_AUTHORITY) and (body.get("party") in self._watched or act.object in self._theirs)
        if theirs or (named and act.type == _SIGN):
            self._theirs.add(act.digest)
        if named:
            said = "said in the name of"
            party = act.statement.by.party
        elif signature:
            said, party = "done to the signature of", "a watched organization"
        elif theirs:
            said, party = "done to the keys or mandate of", str(body.get("party", "a watched organization"))
        else:
            return []
        return [Event("watched", act.type, f"{said} {party}, received {act.at:%Y-%m-%d %H:%M:%S} UTC, statement {act.digest}", where(act))]


def _form(index: int, looked: Looked) -> list[Event]:
    if looked.problem is None:
        return []
    code, what = looked.problem
    return [Event("finding", code, what, where(looked.act) if looked.act else f"entry {index}", 4)]


def _context(first: bytes, origin: str) -> Context:
    """What signatures depend on. Where entry 0 is no constitution, nothing is valid, and the reading says so."""
    try:
        entry = parse_entry(first)
    except DeclarationError:
        return Context("", origin, PasskeyPolicy((), ""))
    body: Any = entry.statement.body
    origins = body.get("origins")
    listed = tuple(str(each) for each in origins) if isinstance(origins, list) else ()
    return Context(entry.statement.digest, origin, PasskeyPolicy(listed, str(body.get("rp_id", ""))))


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _looked(lines: Iterable[bytes], context: Context, start: int, count: int, workers: int | None) -> Iterator[tuple[bytes, Looked]]:
    """The verifier numbers entries from 0; a later reading goes on from where it stopped."""
    for raw, each in look_at(lines, context, size=count, workers=workers):
        act = Act(each.act.statement, each.act.at, each.act.index + start) if each.act is not None else None
        yield raw, Looked(act, each.problem, each.possession, each.formed)
