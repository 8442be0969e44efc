"""Check 4's heavy part: parsing entries and verifying their signatures, on every core.

A worker needs nothing but the bytes of some entries: a blob carries the key that it was made with, and whether that key had any
authority is asked afterwards, in order, by :mod:`declaration.verifier.verify`. So entries can be verified in any order, in chunks,
by processes that share nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

from declaration.errors import DeclarationError
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import parse_public_key
from declaration.protocol.sshsig import PasskeyPolicy, parse_signature, verify
from declaration.protocol.statement import namespace

CHUNK = 256
_SMALL = 4 * CHUNK


@dataclass(frozen=True, slots=True)
class Context:
    """What the constitution says that a signature depends on."""

    constitution: str
    log: str
    passkey: PasskeyPolicy


@dataclass(frozen=True, slots=True)
class Looked:
    """An entry that was looked at: parsed or not, verified or not."""

    entry: Entry | None
    problem: tuple[str, str] | None = None
    possession: tuple[str, str] | None = None


def look(raw: bytes, context: Context) -> Looked:
    """Parse one entry and verify its signature and, in an accreditation, the new key's proof of possession."""
    try:
        entry = parse_entry(raw)
    except DeclarationError as error:
        return Looked(None, (error.code, error.message))
    statement = entry.statement
    try:
        key = parse_signature(entry.signature).public_key
        if key.fingerprint != statement.by.key:
            return Looked(entry, ("signature.other-key", "signed by another key than the statement names"))
        verify(
            entry.signature,
            key=key,
            namespace=namespace(statement.type, statement.log),
            message=statement.raw,
            passkey=context.passkey,
        )
    except DeclarationError as error:
        return Looked(entry, (error.code, error.message))
    return Looked(entry, None, _possession(entry, context) if statement.type == "accredit-v1" else None)


def _possession(entry: Entry, context: Context) -> tuple[str, str] | None:
    body = entry.statement.body
    try:
        proof = body["possession"]
        if not isinstance(proof, dict) or not isinstance(body["key"], str):
            raise TypeError
        verify_possession(
            b64decode(proof["signature"]),
            key=parse_public_key(body["key"]),
            constitution=context.constitution,
            nonce=proof["nonce"],
            log=context.log,
            passkey=context.passkey,
        )
    except DeclarationError as error:
        return (error.code, f"the new key's proof of possession: {error.message}")
    except (KeyError, TypeError):
        return ("statement.fields", "an accreditation without a proof of possession")
    return None


def _look_all(chunk: list[bytes], context: Context) -> list[Looked]:
    return [look(raw, context) for raw in chunk]


def look_at(lines: Iterable[bytes], context: Context, *, size: int, workers: int | None = None) -> Iterator[tuple[bytes, Looked]]:
    """Look at every entry, in order, on ``workers`` processes (default: all cores; none for a small record).

    No more than a few chunks are in memory at any time.
    """
    workers = workers if workers is not None else (os.cpu_count() or 1)
    if workers < 2 or size < _SMALL:
        for raw in lines:
            yield raw, look(raw, context)
        return
    source = iter(lines)
    with ProcessPoolExecutor(workers) as pool:
        waiting: list[tuple[list[bytes], Future[list[Looked]]]] = []
        while True:
            while len(waiting) < 2 * workers + 2 and (chunk := list(islice(source, CHUNK))):
                waiting.append((chunk, pool.submit(_look_all, chunk, context)))
            if not waiting:
                return
            chunk, future = waiting.pop(0)
            yield from zip(chunk, future.result(), strict=True)
