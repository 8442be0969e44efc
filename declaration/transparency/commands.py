"""``flask --app wsgi log``: what an operator asks about the record, and the one thing that only an operator can say.

    log check              read everything again: entries, nodes, roots, signatures, guard. After a restored backup, and at will
    log trust NAME --size  say that this database is the newest there ever was, when the guard's file is lost with its copies
"""

from __future__ import annotations

import click

from declaration.transparency import audit, queries
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
