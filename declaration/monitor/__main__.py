"""``python -m declaration.monitor``: the only place of this package that knows exit statuses.

    URL --state DIR [--policy FILE] [--constitution HEX] [--watch PARTY]... [--once | --interval SECONDS] [--json]
    compare STATE_A STATE_B [--out DIR] [--json]
    prove FILE --policy FILE [--json]

======  =========================================  ======================================  ====================================
status  following                                  compare                                 prove
======  =========================================  ======================================  ====================================
0       all is well                                they saw the same                       the file proves equivocation
1       the record is not in order                 the log equivocates: a file is written  it does not
2       nothing could be found out                 nothing could be found out              it is no such file
3       all is well, and a watched party was heard
======  =========================================  ======================================  ====================================

Without ``--once`` it goes on until it is told to end; its status then is that of the worst that it saw.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from declaration.errors import DeclarationError, Malformed
from declaration.monitor.compare import compare
from declaration.monitor.events import ALARMS, Event
from declaration.monitor.following import Monitor, Wanted
from declaration.monitor.memory import Memory
from declaration.monitor.network import Log, Source
from declaration.protocol.encoding import parse_hex32
from declaration.protocol.equivocation import MAX_BYTES, parse_equivocation, verify_equivocation
from declaration.verifier.policy import parse_policy

WELL, ALARM, NOTHING, HEARD = 0, 1, 2, 3
_BADNESS = {WELL: 0, HEARD: 1, NOTHING: 2, ALARM: 3}

Open = Callable[[str], Source]


def main(arguments: list[str] | None = None, *, source: Open = Log) -> int:
    """Do what was asked; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if words[:1] == ["compare"]:
            return _compare(_compare_parser().parse_args(words[1:]))
        if words[:1] == ["prove"]:
            return _prove(_prove_parser().parse_args(words[1:]))
        return _follow(_follow_parser().parse_args(words), source)
    except DeclarationError as error:
        sys.stderr.write(" ".join(filter(None, (error.message, error.instead, f"[{error.code}]"))) + "\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename or 'file'}: {error.strerror or error}\n")
    return NOTHING


def _follow(given: argparse.Namespace, source: Open) -> int:
    if given.constitution is not None:
        parse_hex32(given.constitution)
    policy = parse_policy(given.policy.read_bytes()) if given.policy else None
    wanted = Wanted(given.url, policy, given.constitution, frozenset(given.watch), given.workers)
    ended = threading.Event()
    if not given.once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    memory, status = Memory(given.state), WELL
    with memory.alone():
        monitor = Monitor(source(given.url), memory, wanted)
        events = itertools.chain(monitor.begin(), monitor.round())
        while True:
            for event in events:
                _say(event, as_json=given.json)
                status = max(status, _status(event), key=_BADNESS.__getitem__)
            if given.once or ended.wait(given.interval):
                return status
            events = itertools.chain(monitor.round())


def _status(event: Event) -> int:
    if event.kind in ALARMS:
        return ALARM
    return {"unreachable": NOTHING, "watched": HEARD}.get(event.kind, WELL)


def _compare(given: argparse.Namespace) -> int:
    path, what = compare(given.one, given.other, given.out)
    kind = "followed" if path is None else "equivocation"
    code = "monitor.same" if path is None else "monitor.equivocation"
    _say(Event(kind, code, what, file=str(path) if path is not None else ""), as_json=given.json)
    return WELL if path is None else ALARM


def _prove(given: argparse.Namespace) -> int:
    policy = parse_policy(given.policy.read_bytes())
    with given.file.open("rb") as stream:
        file = parse_equivocation(stream.read(MAX_BYTES + 1))
    try:
        first, second = verify_equivocation(file, policy.log)
    except Malformed:
        raise
    except DeclarationError as error:
        _say(Event("finding", error.code, f"this file proves nothing: {error.message}"), as_json=given.json)
        return ALARM
    what = (
        f"proved: {policy.log.name} has signed two histories, {first.size} entries with root {first.root.hex()} "
        f"and {second.size} entries with root {second.root.hex()}"
    )
    _say(Event("equivocation", "equivocation.proved", what), as_json=given.json)
    return WELL


def _say(event: Event, *, as_json: bool) -> None:
    sys.stdout.write(event.as_json().decode() if as_json else event.as_text())
    sys.stdout.flush()


def _follow_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.monitor", description="Follow a record and check it.")
    parser.add_argument("url", metavar="URL", help="address of the log, https://declaration.example/log/forum")
    parser.add_argument("--state", type=Path, required=True, metavar="DIR", help="what was seen; one folder for each log")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="whose signatures a checkpoint must carry")
    parser.add_argument("--constitution", metavar="HEX", help="hash of the constitution, from the hall screen or a printed text")
    parser.add_argument("--watch", action="append", default=[], metavar="PARTY", help="tell when something is said in its name; repeatable")
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--once", action="store_true", help="look once and end")
    when.add_argument("--interval", type=float, default=60.0, metavar="SECONDS", help="seconds between two looks; default: 60")
    parser.add_argument("--json", action="store_true", help="one object a line, for programs")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: all cores")
    return parser


def _compare_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.monitor compare", description="Did two monitors see one record?")
    parser.add_argument("one", type=Path, metavar="STATE_A")
    parser.add_argument("other", type=Path, metavar="STATE_B")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where a proof is written; default: here")
    parser.add_argument("--json", action="store_true")
    return parser


def _prove_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.monitor prove", description="Does a file prove equivocation?")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--policy", type=Path, required=True, metavar="FILE", help="the log's key")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
