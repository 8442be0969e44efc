"""Check 4's heavy part: parsing entries and verifying their signatures, on every core.

A worker needs nothing but the bytes of some entries: a blob carries the key that it was made with, and whether that key had any
authority is asked afterwards, in order, by :mod:`declaration.verifier.verify`. So entries can be verified in any order, in chunks,
by processes that share nothing. Whatever follows from an entry's own bytes is asked there as well: its form, and the point of a key that
it brings, which costs nearly as much as a signature. What comes back is an act as a tuple of plain values, which travels several times
as fast as the objects that are made of it.
"""

from __future__ import annotations

import gc
import marshal
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from sys import intern
from typing import Any, NamedTuple

from declaration.errors import DeclarationError
from declaration.procedure.act import Act, act_of
from declaration.procedure.fields import possession as possession_form
from declaration.procedure.replay import check_form
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import read_key_blob, read_public_key
from declaration.protocol.sshsig import PasskeyPolicy, key_blob_of, likely_key, verify
from declaration.protocol.statement import By, Seen, Statement
from declaration.verifier.alike import Patterns

CHUNK = 256
_SMALL = 512

Problem = tuple[str, str]
"""A code and what is so."""


class VerifierStopped(DeclarationError):
    """The verifier could not do its work; nothing was found out."""

    default_code = "verifier.stopped"


@dataclass(frozen=True, slots=True)
class Context:
    """What the constitution says that a signature depends on."""

    constitution: str
    log: str
    passkey: PasskeyPolicy


class Looked(NamedTuple):
    """An entry that was looked at.

    :ivar act: what it says; ``None`` where it cannot be read.
    :ivar problem: why it cannot be read, or why its signature is not valid.
    :ivar possession: in an accreditation, why the proof of possession is not valid.
    :ivar formed: whether the body was seen to have the fields of its type; what was not is asked again, to be told why.
    """

    act: Act | None
    problem: Problem | None = None
    possession: Problem | None = None
    formed: bool = False


_PATTERNS = Patterns()
"""What this process has learnt of how entries are spelled."""

_Found = tuple[Entry | None, Problem | None, Problem | None, bool]


def look(raw: bytes, index: int, context: Context) -> Looked:
    """Parse one entry and verify its signature and, in an accreditation, the new key's proof of possession."""
    entry, problem, possession, formed = _found(raw, context)
    return Looked(None if entry is None else act_of(entry, index), problem, possession, formed)


def _found(raw: bytes, context: Context) -> _Found:
    entry, formed = _PATTERNS.read(raw), True
    if entry is None:
        try:
            entry = parse_entry(raw)
        except DeclarationError as error:
            return None, (error.code, error.message), None, False
        formed = _formed(entry.statement)
        if formed:
            _PATTERNS.learn(entry)
    statement = entry.statement
    try:
        # The point of a key is checked where the key is accredited; another key than an accredited one is refused in any case.
        key = likely_key(entry.signature)
        if key is None or key.fingerprint != statement.by.key:
            key = read_key_blob(key_blob_of(entry.signature))
        if key.fingerprint != statement.by.key:
            return entry, ("signature.other-key", "signed by another key than the statement names"), None, formed
        verify(
            entry.signature,
            key=key,
            namespace=statement.namespace,
            message=statement.raw,
            passkey=context.passkey,
        )
    except DeclarationError as error:
        return entry, (error.code, error.message), None, formed
    return entry, None, _possession(statement, context) if "possession" in statement.body else None, formed


def _formed(statement: Statement) -> bool:
    try:
        check_form(statement)
    except DeclarationError:
        return False
    return True


def _possession(statement: Statement, context: Context) -> Problem | None:
    body = statement.body
    proof: Any = body.get("possession")
    try:
        possession_form(proof)
        verify_possession(
            b64decode(proof["signature"]),
            key=read_public_key(str(body.get("key"))),
            constitution=context.constitution,
            nonce=proof["nonce"],
            log=context.log,
            passkey=context.passkey,
        )
    except DeclarationError as error:
        return (error.code, f"the new key's proof of possession: {error.message}")
    return None


def look_at(lines: Iterable[bytes], context: Context, *, size: int, workers: int | None = None) -> Iterator[tuple[bytes, Looked]]:
    """Look at every entry, in order, on ``workers`` processes (default: all cores; none for a small record).

    No more than a few chunks are in memory at any time.

    :raises VerifierStopped: a worker died.
    """
    workers = workers if workers is not None else (os.cpu_count() or 1)
    if workers < 2 or size < _SMALL:
        for index, raw in enumerate(lines):
            yield raw, look(raw, index, context)
        return
    try:
        yield from _on_processes(iter(lines), context, workers, size)
    except BrokenProcessPool:
        instead = "Try again with --workers 1."
        raise VerifierStopped(f"a process that verifies signatures has died. {instead}", instead=instead) from None


def _on_processes(source: Iterator[bytes], context: Context, workers: int, size: int) -> Iterator[tuple[bytes, Looked]]:
    # Forking a process that has threads can leave a lock held for ever.
    start = get_context("spawn" if threading.active_count() > 1 else None)
    pool = ProcessPoolExecutor(workers, mp_context=start, initializer=gc.freeze)
    most = min(CHUNK, -(-size // (workers * 4)))
    try:
        waiting: deque[tuple[int, list[bytes], Future[bytes]]] = deque()
        first = 0
        while True:
            while len(waiting) < 2 * workers + 2 and (chunk := list(islice(source, most))):
                waiting.append((first, chunk, pool.submit(_look_all, chunk, context)))
                first += len(chunk)
            if not waiting:
                return
            start_at, chunk, future = waiting.popleft()
            found = marshal.loads(future.result())  # noqa: S302 - from a process of our own: nobody else wrote it
            for offset, (raw, packed) in enumerate(zip(chunk, found, strict=True)):
                yield raw, _unpacked(packed, raw, start_at + offset)
    finally:
        pool.shutdown(cancel_futures=True)


_Packed = tuple[tuple[Any, ...] | None, Problem | None, Problem | None, bool]


def _look_all(chunk: list[bytes], context: Context) -> bytes:
    return marshal.dumps([_packed(*_found(raw, context)) for raw in chunk])


def _packed(entry: Entry | None, problem: Problem | None, possession: Problem | None, formed: bool) -> _Packed:
    if entry is None:
        return None, problem, possession, formed
    made = entry.statement
    kind, by, declaration, log, nonce, acted_on, seen, body, raw, digest = made
    at = int(entry.at.timestamp())
    # The statement ends one byte before the line does.
    return (at, kind, *by, declaration, log, nonce, acted_on, *seen, body, len(raw), digest), problem, possession, formed


def _unpacked(packed: _Packed, raw: bytes, index: int) -> Looked:
    plain, problem, possession, formed = packed
    if plain is None:
        return Looked(None, problem, possession, formed)
    at, kind, key, party, role, declaration, log, nonce, acted_on, size, root, body, length, digest = plain
    # The state keeps a fingerprint for every entry: one that is known is not kept twice.
    by, seen = By(intern(key), party, role), Seen(size, root)
    made = Statement(kind, by, declaration, log, nonce, acted_on, seen, body, raw[-1 - length : -1], digest)
    return Looked(Act(made, datetime.fromtimestamp(at, UTC), index), problem, possession, formed)
