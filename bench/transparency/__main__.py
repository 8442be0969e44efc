"""What the record costs, against floors in the same run: ``python -m bench.transparency [serial|threads|tree|proofs ...]``.

    python -m bench.transparency sizes [--upto 1000000] [--plot FILE]     appending, proving, a page of the register, as they grow

serial    one client: append (parse, lock, nodes, signed checkpoint, commit, guard) against a bare one-row commit
threads   eight clients at once against the same floor
tree      growing the tree and keeping its nodes, against a loop that only hashes
proofs    how the cost of a proof grows with the record

Rates are given as floor's time / ours, so more is better; the tree as ours / floor, so less is better.
"""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from bench.ratio import growth, ratio
from bench.transparency.sizes import sizes
from declaration import app as whole
from declaration import cli
from declaration.protocol import merkle
from declaration.protocol.entry import build_entry
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign, verify
from declaration.protocol.statement import By, Seen, build_statement
from declaration.transparency import operations, queries, tree
from declaration.web import clock
from declaration.web.db import Base, db, ensure_guards
from declaration.web.transaction import unit_of_work

ORIGIN = "declaration.example/bench"
COMMITS = 150
LEAVES = 100_000

_numbers = itertools.count()
_key = Ed25519PrivateKey.generate()
_public = public_key_of(_key)


def service(folder: Path) -> Flask:
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "DECLARATION_INSTANCE": str(folder / "instance"),
        "DECLARATION_KEYS": str(folder / "keys"),
        "SECRET_KEY": "nothing secret is in a benchmark",
        "TESTING": True,
    }
    alone = ("declaration.web.health", "declaration.transparency.routes")
    with mock.patch.object(whole, "FEATURES", alone), mock.patch.object(cli, "COMMANDS", ()):
        app = whole.create_app(settings)
    with app.app_context():
        with db.engine.begin() as connection:
            Base.metadata.create_all(connection)
            ensure_guards(connection)
        with unit_of_work() as session:
            operations.create_log(session, ORIGIN)
    return app


def statements(count: int) -> list[tuple[bytes, bytes]]:
    """Statements and their signatures, made outside of what is timed."""
    made = []
    for _ in range(count):
        statement = build_statement(
            type="endorsement.sign-v1",
            by=By(_public.fingerprint, "ngo-42", "signatory"),
            declaration="joint-declaration",
            log=ORIGIN,
            nonce=sha256(str(next(_numbers)).encode()).digest()[:16],
            object="0" * 64,
            seen=Seen(0, merkle.EMPTY_ROOT.hex()),
            body={"text": "x" * 250},
        )
        made.append((statement, sign(_key, f"endorsement.sign-v1@{ORIGIN}", statement)))
    return made


def accept(app: Flask, statement: bytes, signature: bytes) -> None:
    """What accepting costs without the rules of procedure: verify, build, append, commit, guard."""
    with app.app_context(), unit_of_work() as session:
        log = operations.lock(session, queries.log_named(session, "bench"))
        at = clock.now()
        verify(signature, key=_public, namespace=f"endorsement.sign-v1@{ORIGIN}", message=statement)
        operations.append(session, log, build_entry(at, signature, statement))


def bare(folder: Path) -> Callable[[], None]:
    """The floor: one row a commit, as durable."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, raw BLOB)")
    raw = os.urandom(900)

    def commits() -> None:
        for _ in range(COMMITS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO entry (raw) VALUES (?)", (raw,))
            connection.execute("COMMIT")

    return commits


def serial(folder: Path) -> None:
    app, floor, ready = service(folder), bare(folder), iter(statements(COMMITS * 16))
    found = ratio(floor, lambda: [accept(app, *next(ready)) for _ in range(COMMITS)])
    print(f"G3 accepting, one client       {found.median:5.2f} of a bare commit's rate ({found.low:.2f} to {found.high:.2f}); goal 0.35")


def threads(folder: Path) -> None:
    app, floor, ready = service(folder), bare(folder), iter(statements(COMMITS // 8 * 8 * 16))

    def eight() -> None:
        shares = [[next(ready) for _ in range(COMMITS // 8)] for _ in range(8)]
        workers = [threading.Thread(target=lambda share=share: [accept(app, *one) for one in share]) for share in shares]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    found = ratio(floor, eight)
    scale = COMMITS // 8 * 8 / COMMITS
    print(
        f"G3 accepting, eight clients    {found.median * scale:5.2f} of a bare commit's rate "
        f"({found.low * scale:.2f} to {found.high * scale:.2f}); goal 0.5"
    )


def grow_and_keep(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    peaks = b""
    for size, leaf in enumerate(leaves):
        grown = tree.grow(size, peaks, leaf)
        peaks = grown.peaks
        for level, index, node in grown.nodes:
            nodes[level, index] = node
    return nodes


def tree_alone(_folder: Path) -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(LEAVES)]

    def hashing() -> None:
        pair = b"\x01" + bytes(64)
        for _ in range(LEAVES - 1):
            sha256(pair).digest()

    def roots_too() -> None:
        grow_and_keep(leaves)

    joined = b"".join(leaves)
    found = ratio(lambda: tree.complete(joined), hashing, rounds=5)
    print(f"G4 append and keep nodes       {found.median:5.2f} times the hash loop ({found.low:.2f} to {found.high:.2f}); goal 3.5")
    found = ratio(roots_too, hashing, rounds=5)
    print(f"   one by one with every root  {found.median:5.2f} times the hash loop: {LEAVES:,} roots more, as the service appends")


def proofs(_folder: Path) -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(LEAVES)]
    nodes = grow_and_keep(leaves)

    def prove(size: int) -> Callable[[], None]:
        chosen = [random.Random(size).randrange(1, size) for _ in range(2000)]

        def run() -> None:
            for one in chosen:
                merkle.prove_inclusion(one, size, lambda level, index: nodes[level, index])
                merkle.prove_consistency(one, size, lambda level, index: nodes[level, index])

        return run

    found = growth(prove, [1_000, 5_000, 20_000, LEAVES]).exponent
    print(f"G4 cost of a proof grows with  {found:5.2f}, the power of the record's size; goal 0.25")


RUNS: dict[str, Callable[[Path], None]] = {"serial": serial, "threads": threads, "tree": tree_alone, "proofs": proofs}

if __name__ == "__main__":
    if sys.argv[1:2] == ["sizes"]:
        sizes(sys.argv[2:])
        sys.exit()
    for wanted in sys.argv[1:] or RUNS:
        with tempfile.TemporaryDirectory() as place:
            RUNS[wanted](Path(place))
