"""The verifier's steps one after the other in one process, in microseconds of processor time an organization, and the floors of each.

Between processes there are, besides, the pipes and the pool: the difference between the sum and what the whole run uses.
"""

from __future__ import annotations

import gc
import marshal
import time
from collections.abc import Callable
from hashlib import sha256, sha512
from pathlib import Path
from typing import TypeVar

from declaration.protocol.bundle import read_bundle
from declaration.protocol.encoding import parse_canonical
from declaration.protocol.merkle import leaf_hash
from declaration.verifier import judging, members, signatures, verify
from declaration.verifier.history import History
from declaration.verifier.report import TITLES, Check, Report
from declaration.verifier.texts import Texts

T = TypeVar("T")
ROUNDS = 3
NOTES = {
    "signatures": "floor: the primitives alone, four signatures",
    "points": "floor: the point of one new key",
    "hashing": "floor: SHA-256 three times, SHA-512 once over every byte, in C",
    "parsing": "what was: each line parsed and printed again, in C",
    "archive": "file and members: SHA-256 twice, CRC-32",
    "lines": "cut at line ends",
    "workers": "pattern or strict reading, signatures, points, form, packed; in parallel",
    "unpack": "acts from tuples",
    "history": "leaf, tree, root at every size",
    "authority": "order, time, freshness, repetition; authority of the key",
    "allowed": "the table's row: state, object, guards",
    "effects": "the next state",
    "after": "allowed_signers, contents, totals",
}


def steps(path: Path, count: int) -> None:
    """Print the table: the least of three rounds of each step."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, cost in _round(path).items():
            best[name] = min(cost, best.get(name, cost))
    floors = ("signatures", "points", "hashing", "parsing")
    total = sum(cost for name, cost in best.items() if name not in floors)
    print(f"{count} organizations, microseconds of processor time an organization (three entries)")
    for name, cost in best.items():
        print(f"  {name:12}{cost / count * 1e6:8.1f}   {NOTES[name]}")
    print(f"  {'sum':12}{total / count * 1e6:8.1f}   without the floors: {best['signatures'] / total:.2f} of the signatures, ", end="")
    print(f"{(best['signatures'] + best['points']) / total:.2f} of the cryptography")


def _round(path: Path) -> dict[str, float]:
    from bench.verifier.__main__ import asked, look_at_all, verify_all

    found, points = asked(path, 10**9)
    spent: dict[str, float] = {}

    def timed(name: str, run: Callable[[], T]) -> T:
        gc.collect()
        gc.disable()
        begin = time.process_time()
        result = run()
        spent[name] = spent.get(name, 0.0) + time.process_time() - begin
        gc.enable()
        return result

    timed("signatures", lambda: verify_all(found))
    timed("points", lambda: look_at_all(points))
    report = Report(tuple(Check(number) for number in TITLES))
    run = verify._Pass(report)
    with read_bundle(path) as bundle:
        timed("archive", lambda: (verify._sha256_of(path), members.check_members(bundle, print)))
        signed = verify._checkpoints(bundle, None, None, None, run)
        assert signed is not None
        context = verify._trust_root(bundle, signed[0], None, run)
        assert context is not None
        lines = timed("lines", lambda: list(bundle.iter_lines("entries.jsonl")))
        timed("hashing", lambda: [(sha256(raw), sha256(raw), sha256(raw), sha512(raw)) for raw in lines])
        timed("parsing", lambda: [parse_canonical(raw) for raw in lines])
        size = signatures.CHUNK
        chunks = [lines[start : start + size] for start in range(0, len(lines), size)]
        packed = timed("workers", lambda: [signatures._look_all(chunk, context) for chunk in chunks])
        texts = Texts(bundle, lambda finding: None)
        state = verify.replay.new_state(signed[0].origin, texts)
        past = History()

        def unpack() -> list[signatures.Looked]:
            every = [each for chunk in packed for each in marshal.loads(chunk)]
            return [signatures._unpacked(each, raw, index) for index, (each, raw) in enumerate(zip(every, lines, strict=True))]

        looked = timed("unpack", unpack)

        def history() -> None:
            for raw in lines:
                past.append(raw)
            for each in looked:
                assert each.act is not None
                judging.other_history(each.act, past)
                verify._cite(each.act, run)

        timed("history", history)
        clock = time.process_time
        gc.collect()
        gc.disable()
        for each in looked:
            act = each.act
            assert act is not None
            begin = clock()
            verify.replay.check_order(state, act)
            verify.replay.check_authority(state, act)
            asked_at = clock()
            verify.replay.check_allowed(state, act, formed=each.formed)
            allowed_at = clock()
            verify.replay.advance(state, act)
            end = clock()
            for name, cost in (("authority", asked_at - begin), ("allowed", allowed_at - asked_at), ("effects", end - allowed_at)):
                spent[name] = spent.get(name, 0.0) + cost - _CLOCK
        gc.enable()
        timed("after", lambda: verify._after(bundle, state, run))
        assert all(not check.findings for check in report.checks)
        assert leaf_hash(lines[0])
    return spent


def _clock_cost() -> float:
    begin = time.process_time()
    for _ in range(20_000):
        time.process_time()
    return (time.process_time() - begin) / 20_000


_CLOCK = _clock_cost()
