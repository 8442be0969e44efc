"""``flask --app wsgi log``: what an operator asks about the record, and the one thing that only an operator can say.

    log check              read everything again: entries, nodes, roots, signatures, guard. After a restored backup, and at will
    log trust NAME --size  say that this database is the newest there ever was, when the guard's file is lost with its copies
    log collect [--loop]   ask the witnesses to sign the newest checkpoints; as a service of its own, beside the web server
"""

from __future__ import annotations

import itertools
import signal
import threading

import click

from declaration.transparency import audit, collecting, queries
from declaration.transparency.collecting import Result
from declaration.web.commands import PlainGroup
from declaration.web.db import current_session, reading

group = PlainGroup("log", help="The record: check it, or vouch for it.")
commands = (group,)


@group.command("check")
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check the logs NAMES, or all of them, entry by entry. Ends with a status other than 0 at the first thing wrong."""
    with reading():
        session = current_session()
        logs = [queries.log_named(session, name) for name in names] or queries.all_logs(session)
        for log in logs:
            click.echo(f"{log.origin}: {audit.check(session, log)} entries, all in order")


@group.command("trust")
@click.argument("name")
@click.option("--size", type=int, required=True, help="how many entries you are certain is the most there ever were")
def trust(name: str, size: int) -> None:
    """Begin a new guard for the log NAME at its present size."""
    with reading():
        session = current_session()
        log = queries.log_named(session, name)
        audit.trust(session, log, size)
        click.echo(f"{log.origin}: guarded from {log.size} entries on")


@group.command("collect")
@click.option("--loop", is_flag=True, help="go on until told to end, asking when something was recorded")
@click.option("--every", type=click.IntRange(1, 3600), default=5, show_default=True, help="seconds between two looks, with --loop")
def collect(loop: bool, every: int) -> None:
    """Ask the witnesses for their signatures. Once: ends with a status other than 0 when one of them has not signed."""
    if not loop:
        results = collecting.collect()
        for one in results:
            click.echo(_line(one))
        if any(one.outcome != "signed" for one in results):
            raise click.exceptions.Exit(1)
        return
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    patience = Patience(every)
    for turn in itertools.count():
        for one in collecting.collect(skip=patience.resting(turn)):
            patience.note(turn, one)
            click.echo(_line(one))
        if ended.wait(every):
            return


class Patience:
    """Who did not sign is asked again after twice as many turns each time, up to five minutes.

    :param every: seconds of a turn.
    """

    def __init__(self, every: int) -> None:
        self._most = max(1, 300 // every)
        self._failed: dict[str, tuple[int, int]] = {}

    def resting(self, turn: int) -> list[str]:
        """Who is not asked in this turn."""
        return [name for name, (_, until) in self._failed.items() if turn < until]

    def note(self, turn: int, result: Result) -> None:
        """Take what came of a question in this turn."""
        if result.outcome == "signed":
            self._failed.pop(result.witness, None)
        else:
            rest = min(self._most, 2 * self._failed.get(result.witness, (0, 0))[0] or 1)
            self._failed[result.witness] = (rest, turn + rest)


def _line(one: Result) -> str:
    return " ".join(filter(None, (f"{one.origin}: {one.witness}, {one.size} entries: {one.outcome}", one.detail and f"({one.detail})")))
