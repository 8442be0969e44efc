"""What the tree of the record costs, against floors in the same run: ``python -m bench.transparency [tree|proofs ...]``.

    python -m bench.transparency sizes [--upto 1000000] [--plot FILE]     appending, proving, a page of the register, as they grow

tree      growing the tree and keeping its nodes, against a loop that only hashes
proofs    how the cost of a proof grows with the record

The tree is given as ours / floor, so less is better, in time of the processor, since nothing here waits. What accepting an act costs is
``python -m bench.endorsements``.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256

from bench.ratio import growth, ratio
from bench.transparency.sizes import sizes
from declaration.protocol import merkle
from declaration.transparency import tree

LEAVES = 100_000


def grow_and_keep(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    return {
        (level, size >> level): row[at : at + tree.HASH_BYTES]
        for size, row in enumerate(tree.grow(0, b"", leaves).nodes)
        for level, at in enumerate(range(0, len(row), tree.HASH_BYTES))
    }


def tree_alone() -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(LEAVES)]

    def hashing() -> None:
        pair = b"\x01" + bytes(64)
        for _ in range(LEAVES - 1):
            sha256(pair).digest()

    def appending(at_once: int) -> None:
        """As the service appends: the hashes of each entry's row, and a root for every commit."""
        size, peaks = 0, b""
        while size < LEAVES:
            size, _, peaks = tree.grow(size, peaks, leaves[size : size + at_once])
            tree.root_of(size, peaks)

    for at_once in (64, 1):
        found = ratio(partial(appending, at_once), hashing, rounds=5, clock=time.process_time)
        goal = "goal 3.5" if at_once > 1 else f"{LEAVES:,} roots more"
        times = f"{found.median:5.2f} times the hash loop ({found.low:.2f} to {found.high:.2f})"
        print(f"G4 append and keep nodes, {at_once:2} a commit {times}; {goal}")


def proofs() -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(LEAVES)]
    nodes = grow_and_keep(leaves)

    def prove(size: int) -> Callable[[], None]:
        chosen = [random.Random(size).randrange(1, size) for _ in range(2000)]

        def run() -> None:
            for one in chosen:
                merkle.prove_inclusion(one, size, lambda level, index: nodes[level, index])
                merkle.prove_consistency(one, size, lambda level, index: nodes[level, index])

        return run

    found = growth(prove, [1_000, 5_000, 20_000, LEAVES], clock=time.process_time).exponent
    print(f"G4 cost of a proof grows with  {found:5.2f}, the power of the record's size; goal 0.25")


RUNS: dict[str, Callable[[], None]] = {"tree": tree_alone, "proofs": proofs}

if __name__ == "__main__":
    if sys.argv[1:2] == ["sizes"]:
        sizes(sys.argv[2:])
    else:
        for wanted in sys.argv[1:] or RUNS:
            RUNS[wanted]()
