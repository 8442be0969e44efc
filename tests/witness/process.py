"""Other processes of the tests: ``python -m tests.witness.process DATABASE FIRST``: one of several that fight over one witness.

Each follows a branch of its own and pushes as hard as it can: what it was signed is printed as ``size root``.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from declaration.witness.memory import Memory
from declaration.witness.service import Witness
from tests.support.logs import LOG, WITNESS, MadeLog

BRANCHES = 4
SIZE = 40


def branch(number: int) -> MadeLog:
    return MadeLog().grow(3).fork(3, SIZE - 3, f"branch {number}")


def push(path: Path, number: int) -> list[str]:
    witness = Witness(WITNESS, Memory(path, WITNESS.verifier.vkey), {LOG.name: LOG.verifier}, lambda: 1_764_000_000)
    mine, old, signed = branch(number), 0, list[str]()
    for size in range(1, SIZE + 1):
        answer = witness.add_checkpoint(mine.request(min(old, size), size))
        if answer.status == 200:
            old = size
            signed.append(f"{size} {mine.root(size).hex()}")
        elif answer.status == 409:
            old = int(answer.body)
    return signed


def main(path: str, first: str) -> int:
    out: list[str] = []
    work = [threading.Thread(target=lambda n=n: out.extend(push(Path(path), int(first) + n))) for n in range(2)]
    for one in work:
        one.start()
    for one in work:
        one.join()
    print("\n".join(out))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
