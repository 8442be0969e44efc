"""``flask --app wsgi notices ...``: deliver, show, retry, forget."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import FrameType

import click
import structlog
from flask import Flask, current_app

from declaration.errors import NotFound
from declaration.notices import outbox
from declaration.notices.composing import forget_settled, machine_now
from declaration.notices.transport import FileTransport
from declaration.web.commands import PlainGroup
from declaration.web.transaction import this_application, unit_of_work

group = PlainGroup("notices", help="Mail: deliver what waits, read what was written to files.")
commands = (group,)
_log = structlog.get_logger(__name__)


@group.command("deliver")
@click.option("--loop", is_flag=True, help="Go on until stopped; for a service of its own beside the server.")
@click.option("--every", type=click.FloatRange(0.2, 3600), default=3.0, show_default=True, help="Seconds between two turns.")
@click.option("--with-parent", is_flag=True, help="End when the process that started this one has ended.")
def deliver(loop: bool, every: float, with_parent: bool) -> None:
    """Tell what time brought, compose the mails that are due and deliver them."""
    app = this_application()
    if not loop:
        done = outbox.turn()
        if done.failed:
            raise click.ClickException("Some mails could not be delivered; they are tried again, or shown to the secretariat.")
        return
    _until_stopped(app, every, os.getppid() if with_parent else None)


def _until_stopped(app: Flask, every: float, parent: int | None) -> None:
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()  # the mail at hand is finished first

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not stopped.is_set() and (parent is None or os.getppid() == parent):
            try:
                with app.app_context():
                    outbox.turn()
            except Exception:  # a database that is away for a minute ends no loop
                _log.exception("notices.turn-failed")
            stopped.wait(every)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@group.command("show")
@click.argument("number", type=click.IntRange(1), default=1)
@click.option("--all", "every", is_flag=True, help="One line for each mail, the newest first.")
def show(number: int, every: bool) -> None:
    """Read a mail that was written to a file: the newest, or the NUMBERth newest."""
    transport = current_app.extensions["mail-transport"]
    if not isinstance(transport, FileTransport):
        raise NotFound("mail goes to a server here, not into files", code="mail.not-filed")
    files = sorted(transport.folder.glob("*.eml"), key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)
    if every:
        for place, path in enumerate(files, 1):
            mail = _read(path)
            click.echo(f"{place:>4}  {mail['Date']}  {mail['To']}  {mail['Subject']}")
        return
    if len(files) < number:
        raise NotFound("there is no such mail", code="mail.none", instead="Deliver first: flask --app wsgi notices deliver.")
    mail = _read(files[number - 1])
    for name, value in mail.items():
        click.echo(f"{name}: {value}")
    body = mail.get_body(("plain",))
    click.echo(f"\n{body.get_content() if body is not None else ''}")


def _read(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


@group.command("retry")
def retry() -> None:
    """Try the mails once more that were given up, after the addresses or the server were mended."""
    with unit_of_work() as session:
        outbox.retry(session, now=machine_now())


@group.command("forget")
@click.option("--days", type=click.IntRange(1), default=90, show_default=True, help="Keep what is younger.")
def forget(days: int) -> None:
    """Take settled mails away. What people were told stays on their pages."""
    with unit_of_work() as session:
        forget_settled(session, before=machine_now() - timedelta(days=days))
