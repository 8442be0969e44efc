"""Signatures accepted, against bare durable commits of the same database in the same run.

    python -m bench.endorsements [operation|http|arrivals ...] [--database sqlite|postgresql] [--rounds N] [--clients N,...]

operation  the operation alone: verification, judgement, rows, commit; clients are threads of one process (goal G3)
http       the same through everything: HTTP over loopback to gunicorn with two processes
arrivals   five hundred signatories within one minute, some of whom tap twice or lose the answer and send again

Rates are given as a part of the rate of bare commits, so more is better; p50 and p99 are what one client waits, in milliseconds.
"""

from __future__ import annotations

import argparse
import sys

from bench.endorsements import arrivals, databases, operation, served
from bench.endorsements.databases import Place
from bench.endorsements.operation import Figures

SIGNATORIES = operation.WARM + max(operation.ACTS.values())
GOALS = {1: 0.35, 8: 0.5, 64: 1.0}


def operations(place: Place, rounds: int, clients: list[int]) -> None:
    for number in clients:
        _line("G3 operation", place.kind, number, operation.measured(place, number, rounds), GOALS.get(number))


def requests(place: Place, rounds: int, clients: list[int]) -> None:
    for number in clients:
        _line("HTTP", place.kind, number, served.measured(place, number, rounds), None)


def minute(place: Place, rounds: int, clients: list[int]) -> None:
    arrivals.report(place, 500, 60.0)


def _line(what: str, kind: str, clients: int, found: Figures, goal: float | None) -> None:
    print(
        f"{what:14} {kind:11} {clients:3} clients  {found.ratio:5.2f} ({found.low:.2f} to {found.high:.2f})"
        f"{f' goal {goal:.2f}' if goal is not None else '':10}  {found.per_second:6.0f}/s  "
        f"p50 {found.p50 * 1e3:7.1f}  p99 {found.p99 * 1e3:7.1f}",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.endorsements")
    parser.add_argument("parts", nargs="*", default=["operation", "http", "arrivals"])
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=lambda text: [int(one) for one in text.split(",")], default=[1, 8, 64])
    given = parser.parse_args()
    for kind in given.database or databases.KINDS:
        try:
            with databases.place(kind, SIGNATORIES) as place:
                for part in given.parts:
                    PARTS[part](place, given.rounds, given.clients)
        except databases.NoPostgres as missing:
            print(f"left out: {missing}")
    return 0


PARTS = {"operation": operations, "http": requests, "arrivals": minute}

if __name__ == "__main__":
    sys.exit(main())
