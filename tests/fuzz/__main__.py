"""``python -m tests.fuzz --count 100000``: mutants of real bundles, receipts, notes, entries and statements, none of which may pass.

Exit status 0 when every one was refused or was the same in content, 1 when one was accepted, threw an exception, hung or wanted more
memory than it was given. With ``--state`` a run that was stopped goes on where it was, and the next night's goes on behind it.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

from tests.fuzz.campaign import Campaign, drawn
from tests.fuzz.subjects import SUBJECTS, asked

_EVERY = 30


def main(arguments: list[str] | None = None) -> int:
    """Run, print what was done."""
    given = _parser().parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_AS, (given.memory << 20, given.memory << 20))
    if given.only is not None:
        name, mutant = drawn(given.seed, given.only)
        sys.stdout.write(f"{name}, {mutant.what}, {len(mutant.data)} bytes\n{asked(SUBJECTS[name][1], mutant)}\n")
        return 0
    campaign = Campaign.resumed(given.state, given.seed) if given.state else Campaign(given.seed, given.start)
    began, last = time.monotonic(), time.monotonic()
    first = campaign.following

    def progress(now: Campaign) -> None:
        nonlocal last
        if time.monotonic() - last > _EVERY:
            last = time.monotonic()
            rate = (now.following - first) / (last - began)
            sys.stderr.write(f"{now.following - first} of {given.count}, {rate:.0f} a second, {len(now.failures)} failures\n")
            if given.state:
                now.save(given.state)

    try:
        campaign.run(given.count, given.keep, progress)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
    if given.state:
        campaign.save(given.state)
    sys.stdout.write(campaign.report())
    return 1 if campaign.failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Random mutants of real files, none of which may pass.")
    parser.add_argument("--count", type=int, default=100_000, help="how many to make now")
    parser.add_argument("--seed", default="declaration", help="which mutants")
    parser.add_argument("--start", type=int, default=0, help="number of the first, without --state")
    parser.add_argument("--state", type=Path, metavar="FILE", help="goes on from here, and keeps how far it came")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where mutants that fail are kept")
    parser.add_argument("--memory", type=int, default=1024, metavar="MIB", help="address space that the process may use")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="make this one again and say what becomes of it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
