"""How fast a bundle is verified, next to the least that anybody must do: verify its signatures, on all cores, in the same run.

    python -m bench.verifier [ENDORSEMENTS …] [--full] [--million] [--p256 EACH]
    python -m bench.verifier --steps [ENDORSEMENTS …]

For every number of endorsements a forum is made with that many organizations, which is not measured: two acts to accredit each, one to
sign; four signatures, the proof of possession counted, and one new key. Two floors are measured beside the verifier, in turns, in as
many processes as there are cores. *Signatures*: the same signatures, taken apart beforehand, are handed to the same primitives (PyNaCl for
Ed25519, ``cryptography`` for P-256). *Cryptography*: the point of each new key is looked at as well, as the protocol demands.
A ratio is the verifier's rate by the floor's; G1 wants 0.85. The ratio of processor time, all processes together, says the same where
the machine is busy with other things. Of a large record the floors are measured on a part.

Memory is the peak of the verifying process and of the largest of its workers, in a run of their own; G2 wants 64 MiB.

``--steps`` runs the verifier's steps one after the other in one process and says what each costs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open

from bench.verifier.made import made
from bench.verifier.steps import steps
from declaration.protocol.bundle import read_bundle
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import ED25519, parse_public_key
from declaration.protocol.sshsig import SshSignature, parse_signature, tbs
from declaration.verifier.verify import verify_bundle
from tests.verifier import forge as f

CORES = os.cpu_count() or 1
PART = 40_000
"""Signatures that the floors are measured on at most."""

T = TypeVar("T")
Signed = tuple[str, bytes, bytes, bytes]
"""The kind of key, signature, message, point."""
Cost = tuple[float, float]
"""Seconds on the wall, and of processor time."""


def entries(path: Path) -> Iterator[Entry]:
    with read_bundle(path) as bundle:
        for raw in bundle.iter_lines("entries.jsonl"):
            yield parse_entry(raw)


def asked(path: Path, most: int) -> tuple[list[Signed], list[bytes]]:
    """What the primitives have to be asked in about ``most`` signatures of a record, spread over it; and the new keys among them."""
    with read_bundle(path) as bundle:
        apart = max(1, bundle.index.size // most)
    found: list[Signed] = []
    points: list[bytes] = []
    constitution = ""
    for index, entry in enumerate(entries(path)):
        made_by = parse_signature(entry.signature) if index % apart == 0 else None
        constitution = constitution or entry.statement.digest
        if made_by is None:
            continue
        found.append(_signed(made_by.public_key.kind, made_by.signature, tbs(entry.statement.namespace, entry.statement.raw), made_by))
        proof = entry.statement.body.get("possession")
        if isinstance(proof, dict):
            key = parse_public_key(str(entry.statement.body["key"]))
            message = possession(constitution, key.fingerprint, str(proof["nonce"]))
            blob = parse_signature(b64decode(str(proof["signature"])))
            found.append(_signed(key.kind, blob.signature, tbs(possession_namespace(f.ORIGIN), message), blob))
            if key.kind == ED25519:
                points.append(key.point)
    return found, points


def _signed(kind: str, signature: bytes, message: bytes, blob: SshSignature) -> Signed:
    return kind, signature, message, blob.public_key.point


def verify_all(chunk: list[Signed]) -> int:
    for kind, signature, message, point in chunk:
        if kind == ED25519:
            crypto_sign_open(signature + message, point)
        else:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point).verify(signature, message, ECDSA(SHA256()))
    return len(chunk)


def look_at_all(points: list[bytes]) -> int:
    return sum(crypto_core_ed25519_is_valid_point(point) for point in points)


def floor(found: list[Signed], points: list[bytes]) -> tuple[Cost, Cost]:
    """The cost of all signatures, and with them of all points, on all cores; the processes are there already."""
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(len, [[] for _ in range(CORES * 4)]))
        begin = time.perf_counter()
        used = sum(pool.map(_timed_signatures, _cut(found)))
        middle = time.perf_counter()
        used_more = sum(pool.map(_timed_points, _cut(points)))
        end = time.perf_counter()
    return (middle - begin, used), (end - begin, used + used_more)


def _timed_signatures(chunk: list[Signed]) -> float:
    begin = time.process_time()
    verify_all(chunk)
    return time.process_time() - begin


def _timed_points(chunk: list[bytes]) -> float:
    begin = time.process_time()
    look_at_all(chunk)
    return time.process_time() - begin


def _cut(every: list[T]) -> list[list[T]]:
    size = -(-len(every) // (CORES * 8)) or 1
    return [every[start : start + size] for start in range(0, len(every), size)]


def whole(path: Path, in_memory: int) -> Cost:
    before, begin = processor(), time.perf_counter()
    verify_bundle(path, in_memory=in_memory).require_all()
    return time.perf_counter() - begin, processor() - before


def processor() -> float:
    """Processor seconds of this process and of those that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


PEAK = """
import re, resource, sys
from pathlib import Path
from typing import TypeVar
from declaration.verifier.verify import verify_bundle
verify_bundle(Path(sys.argv[1]), in_memory=int(sys.argv[2])).require_all()
# What getrusage says of this process may be what the one before it had.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def peak(path: Path, in_memory: int) -> tuple[int, int]:
    """MiB of the verifying process and of its largest worker."""
    done = subprocess.run([sys.executable, "-c", PEAK, str(path), str(in_memory)], capture_output=True, text=True, check=True)
    first, second = done.stdout.split()
    return int(first), int(second)


def sizes(path: Path, count: int) -> str:
    """Bytes of an endorsement's own entry, and of all entries an organization, raw and deflated."""
    own = every = 0
    packed, alone = zlib.compressobj(6), zlib.compressobj(6)
    own_packed = every_packed = 0
    with read_bundle(path) as bundle:
        for raw in bundle.iter_lines("entries.jsonl"):
            every += len(raw) + 1
            every_packed += len(packed.compress(raw + b"\n"))
            if b'"type":"endorsement.sign-v1"' in raw:
                own += len(raw) + 1
                own_packed += len(alone.compress(raw + b"\n"))
    every_packed, own_packed = every_packed + len(packed.flush()), own_packed + len(alone.flush())
    accredited = f"with its key's accreditation {every // count}, {every_packed // count} deflated"
    return f"{own // count} bytes an endorsement, {own_packed // count} deflated; {accredited}"


def row(path: Path, count: int, in_memory: int, rounds: int) -> str:
    found, points = asked(path, PART)
    with read_bundle(path) as bundle:
        share = sum(1 + (b'"possession":{' in raw) for raw in islice(bundle.iter_lines("entries.jsonl"), None)) / len(found)
    measured = []
    for _ in range(rounds):
        before, ours, after = floor(found, points), whole(path, in_memory), floor(found, points)
        least = [[share * (before[what][clock] + after[what][clock]) / 2 for clock in (0, 1)] for what in (0, 1)]
        measured.append((ours[0], *(least[what][clock] / ours[clock] for what in (0, 1) for clock in (0, 1))))
    seconds, wall, work, wall_all, work_all = (statistics.median(each) for each in zip(*measured, strict=True))
    spread = [each[1] for each in measured]
    main_peak, worker_peak = peak(path, in_memory)
    where = "in memory" if in_memory else "in files"
    signatures = share * len(found)
    return (
        f"{count:>8} {where:9} {seconds:7.2f} s {signatures / seconds:8.0f}/s, raw {signatures / seconds / wall:8.0f}/s; "
        f"of signatures {wall:.2f} ({min(spread):.2f} to {max(spread):.2f}), processor {work:.2f}; "
        f"of cryptography {wall_all:.2f}, processor {work_all:.2f}; {main_peak} and {worker_peak} MiB"
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.verifier")
    parser.add_argument("counts", type=int, nargs="*", metavar="ENDORSEMENTS")
    parser.add_argument("--full", action="store_true", help="100,000 as well")
    parser.add_argument("--million", action="store_true", help="1,000,000 alone, in files, once: a quarter of an hour")
    parser.add_argument("--p256", type=int, default=0, metavar="EACH", help="every so many organizations sign with P-256")
    parser.add_argument("--steps", action="store_true", help="what each step costs")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    counts = given.counts or ([1_000_000] if given.million else [1_000, 10_000, *([100_000] if given.full else [])])
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path = made(count, Path(folder) / f"{count}.zip", given.p256)
            if given.steps:
                steps(path, count)
            else:
                rounds = max(1, min(given.rounds, 200_000 // count))
                for in_memory in (0,) if count >= 1_000_000 else (10**9, 0):
                    print(row(path, count, in_memory, rounds), flush=True)
                print(f"{count:>8} {sizes(path, count)}", flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
