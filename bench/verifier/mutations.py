"""A hundred thousand mutations of a small bundle, for the night: none is verified, none lets an exception through.

    python -m bench.verifier.mutations [COUNT] [SEED]
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
from itertools import islice
from pathlib import Path

from tests.verifier import forge as f
from tests.verifier.mutations import KINDS, status

COUNT = 100_000


def main(count: int, seed: str) -> int:
    forge = f.signed()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        path, policy = Path(folder) / "bundle.zip", Path(folder) / "policy"
        policy.write_bytes(f.policy())
        for kind, mutate in KINDS.items():
            seen = {1: 0, 2: 0}
            for mutation in islice(mutate(forge, random.Random(f"{seed} {kind}")), count // len(KINDS)):
                path.write_bytes(mutation.data)
                found, said = status(path, "--constitution", forge.trust_root, "--policy", str(policy), "--workers", "1")
                if found not in seen or "Traceback" in said:
                    bad += 1
                    print(f"{kind}: {mutation.what}: exit {found}\n{said}")
                else:
                    seen[found] += 1
            print(f"{kind:16}{seen[1]:>8} refused {seen[2]:>8} not a bundle")
    print(f"{bad} of {count} went wrong; at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT, sys.argv[2] if len(sys.argv) > 2 else "night"))
