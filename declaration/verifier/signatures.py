"""Check 4's heavy part: parsing entries and verifying their signatures, on every core.

A worker needs nothing but the bytes of some entries: a blob carries the key that it was made with, and whether that key had any
authority is asked afterwards, in order, by :mod:`declaration.verifier.verify`. So entries can be verified in any order, in chunks,
by processes that share nothing. What comes back from them is an act as a tuple of plain values: it travels four times as fast as the
objects that are made of it.
"""

from __future__ import annotations

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
from typing import Any

from declaration.errors import DeclarationError
from declaration.procedure.act import Act, act_of
from declaration.procedure.fields import possession as possession_form
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.entry import parse_entry
from declaration.protocol.keys import read_key_blob, read_public_key
from declaration.protocol.sshsig import PasskeyPolicy, key_blob_of, verify
from declaration.protocol.statement import By, Seen, Statement, namespace

CHUNK = 256
_SMALL = 2 * CHUNK
_STATEMENT = b'"statement":'

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


@dataclass(frozen=True, slots=True)
class Looked:
    """An entry that was looked at.

    :ivar act: what it says; ``None`` where it cannot be read.
    :ivar problem: why it cannot be read, or why its signature is not valid.
    :ivar possession: in an accreditation, why the proof of possession is not valid.
    """

    act: Act | None
    problem: Problem | None = None
    possession: Problem | None = None


def look(raw: bytes, index: int, context: Context) -> Looked:
    """Parse one entry and verify its signature and, in an accreditation, the new key's proof of possession."""
    try:
        entry = parse_entry(raw)
    except DeclarationError as error:
        return Looked(None, (error.code, error.message))
    act = act_of(entry, index)
    statement = entry.statement
    try:
        # The point of a key is checked where the key is accredited; another key than an accredited one is refused in any case.
        key = read_key_blob(key_blob_of(entry.signature))
        if key.fingerprint != statement.by.key:
            return Looked(act, ("signature.other-key", "signed by another key than the statement names"))
        verify(
            entry.signature,
            key=key,
            namespace=namespace(statement.type, statement.log),
            message=statement.raw,
            passkey=context.passkey,
        )
    except DeclarationError as error:
        return Looked(act, (error.code, error.message))
    return Looked(act, None, _possession(act, context) if "possession" in statement.body else None)


def _possession(act: Act, context: Context) -> Problem | None:
    body = act.statement.body
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
        yield from _on_processes(iter(lines), context, workers)
    except BrokenProcessPool:
        instead = "Try again with --workers 1."
        raise VerifierStopped(f"a process that verifies signatures has died. {instead}", instead=instead) from None


def _on_processes(source: Iterator[bytes], context: Context, workers: int) -> Iterator[tuple[bytes, Looked]]:
    # Forking a process that has threads can leave a lock held for ever.
    start = get_context("spawn" if threading.active_count() > 1 else None)
    pool = ProcessPoolExecutor(workers, mp_context=start)
    try:
        waiting: deque[tuple[int, list[bytes], Future[list[_Packed]]]] = deque()
        first = 0
        while True:
            while len(waiting) < 2 * workers + 2 and (chunk := list(islice(source, CHUNK))):
                waiting.append((first, chunk, pool.submit(_look_all, first, chunk, context)))
                first += len(chunk)
            if not waiting:
                return
            start_at, chunk, future = waiting.popleft()
            for offset, (raw, packed) in enumerate(zip(chunk, future.result(), strict=True)):
                yield raw, _unpacked(packed, raw, start_at + offset)
    finally:
        pool.shutdown(cancel_futures=True)


_Packed = tuple[tuple[Any, ...] | None, Problem | None, Problem | None]


def _look_all(first: int, chunk: list[bytes], context: Context) -> list[_Packed]:
    return [_packed(look(raw, first + offset, context)) for offset, raw in enumerate(chunk)]


def _packed(looked: Looked) -> _Packed:
    if looked.act is None:
        return None, looked.problem, looked.possession
    made, at = looked.act.statement, int(looked.act.at.timestamp())
    by, seen = made.by, made.seen
    plain = (at, made.type, by.key, by.party, by.role, made.declaration, made.log, made.nonce, made.object, seen.size, seen.root)
    return (*plain, made.body, made.digest), looked.problem, looked.possession


def _unpacked(packed: _Packed, raw: bytes, index: int) -> Looked:
    plain, problem, possession = packed
    if plain is None:
        return Looked(None, problem, possession)
    at, kind, key, party, role, declaration, log, nonce, acted_on, size, root, body, digest = plain
    # Before the statement stand a time and base64, so the first place where its name stands is the place.
    bytes_of = raw[raw.index(_STATEMENT) + len(_STATEMENT) : -1]
    made = Statement(kind, By(key, party, role), declaration, log, nonce, acted_on, Seen(size, root), body, bytes_of, digest)
    return Looked(Act(made, datetime.fromtimestamp(at, UTC), index), problem, possession)
