"""How fast a bundle is verified, next to the least that anybody must do: verify its signatures, on all cores, in the same run.

    python -m bench.verifier [ENDORSEMENTS …]

For every number of endorsements a forum is made with that many organizations (two acts to accredit each, one to sign; four
signatures, the proof of possession counted). The floor hands the same signatures, taken apart beforehand, to libsodium in as many
processes as there are cores. The ratio is the verifier's rate by the floor's; G1 wants 0.85. Both alternate, and the median of
five is given, because the machine is not ours alone; the ratio of processor time, all processes together, says the same where it is
busy. Memory is the peak of the verifying process, read in a process of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from nacl.bindings import crypto_sign_open

from declaration.protocol.bundle import read_bundle
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.entry import parse_entry
from declaration.protocol.keys import parse_public_key
from declaration.protocol.sshsig import parse_signature, tbs
from declaration.verifier.verify import verify_bundle
from tests.verifier import forge as f

CORES = os.cpu_count() or 1
ROUNDS = 5
COUNTRIES = ("az", "kz", "hu")

Signed = tuple[bytes, bytes]
Cost = tuple[float, float]


def made(count: int, out: Path) -> Path:
    """A bundle with ``count`` endorsements."""
    forge = f.opened()
    parties = [f"ngo-{number}" for number in range(count)]
    for number, party in enumerate(parties):
        forge.enrol(party, COUNTRIES[number % 3])
    for party in parties:
        forge.sign(party)
    return forge.pack(out)


def signatures(path: Path) -> list[Signed]:
    """Everything that libsodium has to be asked: signature and message, and the key."""
    found: list[Signed] = []
    with read_bundle(path) as bundle:
        constitution = ""
        for raw in bundle.iter_lines("entries.jsonl"):
            entry = parse_entry(raw)
            made_by = parse_signature(entry.signature)
            constitution = constitution or entry.statement.digest
            found.append((made_by.signature + tbs(entry.statement.namespace, entry.statement.raw), made_by.public_key.point))
            proof = entry.statement.body.get("possession")
            if isinstance(proof, dict):
                key = parse_public_key(str(entry.statement.body["key"]))
                message = possession(constitution, key.fingerprint, str(proof["nonce"]))
                blob = parse_signature(b64decode(str(proof["signature"])))
                found.append((blob.signature + tbs(possession_namespace(f.ORIGIN), message), key.point))
    return found


def open_all(chunk: list[Signed]) -> int:
    for signed, point in chunk:
        crypto_sign_open(signed, point)
    return len(chunk)


def floor(chunks: list[list[Signed]]) -> Cost:
    """Verify all signatures on all cores; the processes are there already."""
    before = processor()
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(len, [[] for _ in range(CORES * 4)]))
        begin = time.perf_counter()
        list(pool.map(open_all, chunks))
        seconds = time.perf_counter() - begin
    return seconds, processor() - before


def whole(path: Path) -> Cost:
    before, begin = processor(), time.perf_counter()
    verify_bundle(path).require_all()
    return time.perf_counter() - begin, processor() - before


def processor() -> float:
    """Processor seconds of this process and of those that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


PEAK = """
import resource, sys
from pathlib import Path
from declaration.verifier.verify import verify_bundle
verify_bundle(Path(sys.argv[1])).require_all()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def main(counts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path = made(count, Path(folder) / f"{count}.zip")
            every = signatures(path)
            size = -(-len(every) // (CORES * 8))
            chunks = [every[start : start + size] for start in range(0, len(every), size)]
            rounds = [(floor(chunks), whole(path)) for _ in range(ROUNDS)]
            ratios = sorted(least[0] / ours[0] for least, ours in rounds)
            work = statistics.median(least[1] / ours[1] for least, ours in rounds)
            seconds = statistics.median(ours[0] for _, ours in rounds)
            peak = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True).stdout.strip()
            print(
                f"G1 {count:>6} endorsements, {len(every):>6} signatures, {CORES} cores: {seconds:6.2f} s, "
                f"{statistics.median(ratios):.2f} of the raw rate ({ratios[0]:.2f} to {ratios[-1]:.2f}), "
                f"{work:.2f} in processor time; goal 0.85; {peak} MiB"
            )


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [1_000, 10_000])
