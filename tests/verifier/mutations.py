"""Mutations: one byte anywhere, or one entry somewhere else, and what became of it.

Bytes are changed in the archive as it is (*raw*: the zip's headers are strict, so most of these are no bundle any more) and in a
member with ``bundle.json`` made again (*packed*: what somebody can do who writes the archive). Entries are dropped, repeated,
swapped and moved with the checkpoint signed again by the log (*rebuilt*: what the operator can do).
"""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from declaration.verifier.__main__ import main
from tests.verifier import forge as f

# Nothing is proved of these: the words in the one, and the bundle's own policy where the auditor gives another.
FREE = ("README.txt", "policy")


@dataclass(frozen=True, slots=True)
class Mutation:
    """What was done, and the archive that it gave."""

    what: str
    data: bytes


def status(path: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and what was said; an exception goes through, as it would to the person at the terminal."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        found = main([str(path), *arguments])
    return found, said.getvalue()


def changed(data: bytes, at: int, how: random.Random) -> bytes:
    """One byte set, put in or taken out."""
    kind = how.random()
    if kind < 0.7:
        return data[:at] + bytes([data[at] ^ how.randrange(1, 256)]) + data[at + 1 :]
    if kind < 0.85:
        return data[:at] + bytes([how.randrange(256)]) + data[at:]
    return data[:at] + data[at + 1 :]


def raw_bytes(forge: f.Forge, how: random.Random) -> Iterator[Mutation]:
    """The archive with one byte changed, headers, directory and contents alike."""
    data = f.packed(forge.members(), size=len(forge.entries))
    while True:
        at = how.randrange(len(data))
        mutant = changed(data, at, how)
        if mutant != data:
            yield Mutation(f"byte {at} of the archive", mutant)


def packed_members(forge: f.Forge, how: random.Random) -> Iterator[Mutation]:
    """Each member in turn with one byte changed, in an archive that agrees with it."""
    members = forge.members()
    while True:
        for name, content in members.items():
            if name in FREE or not content:
                continue
            at = how.randrange(len(content))
            mutant = changed(content, at, how)
            if mutant != content:
                data = f.packed({**members, name: mutant}, size=len(forge.entries))
                yield Mutation(f"byte {at} of {name}", data)


def rebuilt_bytes(forge: f.Forge, how: random.Random) -> Iterator[Mutation]:
    """One byte of one entry changed, and the log signs it all again."""
    members = forge.members()
    while True:
        number = how.randrange(len(forge.entries))
        entry = forge.entries[number]
        at = how.randrange(len(entry))
        mutant = changed(entry, at, how)
        if mutant != entry and b"\n" not in mutant:
            entries = [*forge.entries[:number], mutant, *forge.entries[number + 1 :]]
            yield Mutation(f"byte {at} of entry {number}, signed again by the log", _rebuilt(members, entries))


def rebuilt_orders(forge: f.Forge, how: random.Random) -> Iterator[Mutation]:
    """Entries dropped, repeated, swapped, moved or put in the place of others, and the log signs it all again."""
    members, entries = forge.members(), forge.entries
    size = len(entries)
    shapes: dict[str, Callable[[int, int], list[bytes]]] = {
        "dropped": lambda a, b: entries[:a] + entries[a + 1 :],
        "repeated": lambda a, b: [*entries[:b], entries[a], *entries[b:]],
        "swapped": lambda a, b: [entries[b if n == a else a if n == b else n] for n in range(size)],
        "moved": lambda a, b: _moved(entries, a, b),
        "replaced": lambda a, b: [entries[b] if n == a else raw for n, raw in enumerate(entries)],
        "cut": lambda a, b: entries[: min(a, b)] + entries[max(a, b) :],
    }
    while True:
        for what, shape in shapes.items():
            a, b = how.randrange(size - 1), how.randrange(size - 1)
            made = shape(a, b)
            if made and made != entries[: len(made)]:
                yield Mutation(f"entry {a} {what} ({b})", _rebuilt(members, made))


def _moved(entries: list[bytes], a: int, b: int) -> list[bytes]:
    rest = entries[:a] + entries[a + 1 :]
    return [*rest[:b], entries[a], *rest[b:]]


def _rebuilt(members: f.Members, entries: list[bytes]) -> bytes:
    return f.packed(f.rebuilt(members, entries), size=len(entries))


KINDS: dict[str, Callable[[f.Forge, random.Random], Iterator[Mutation]]] = {
    "raw": raw_bytes,
    "packed": packed_members,
    "rebuilt bytes": rebuilt_bytes,
    "rebuilt orders": rebuilt_orders,
}
