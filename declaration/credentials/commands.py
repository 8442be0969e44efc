"""``flask --app wsgi documents``: what an operator asks about the sealed documents.

    documents check    open every one with the key in keys/ and compare its hash. After a restored backup, and at will
    documents reseal   seal every one anew with a new key, when somebody may have copied the old one

Neither shows anybody a document, so neither is an opening.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import sealing
from declaration.credentials.models import SealedDocument
from declaration.credentials.sealing import KEY_FILE, SealingKey
from declaration.errors import ServiceHeld
from declaration.forums.models import Forum
from declaration.transparency.guard import sync_folder
from declaration.web.commands import PlainGroup
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

group = PlainGroup("documents", help="Sealed documents: check them, or seal them with a new key.")
commands = (group,)
_NEXT = f"{KEY_FILE}.next"


@group.command("check")
def check() -> None:
    """Open every sealed document. Ends with a status other than 0 at the first that does not open."""
    with reading():
        session = current_session()
        key = sealing.key_of(_folder(), make=False) if session.scalar(select(SealedDocument.id).limit(1)) else None
        count = 0
        for row, about in _all(session):
            if key is not None:
                _plain(key, row, about)
            count += 1
        click.echo(f"{count} documents, all open")


@group.command("reseal")
def reseal() -> None:
    """Seal every document with a new key, all or none; the old key stays beside it under its name until you take it away.

    Where it was interrupted between the database and the folder, running it again finishes it.
    """
    folder = _folder()
    with unit_of_work() as session:
        new = _next_key(folder)
        names = set(session.scalars(select(SealedDocument.key_name).distinct()))
        if names != {new.name}:
            old, count = sealing.key_of(folder, make=False), 0
            for row, about in _all(session):
                row.body, row.key_name = new.seal(_plain(old, row, about), about=about), new.name
                count += 1
            click.echo(f"{count} documents sealed anew")
    _put_in_place(folder)
    click.echo(f"Back up {KEY_FILE}. The old key lies beside it under its name, for older backups of the database.")


def _put_in_place(folder: Path) -> None:
    """The new key takes the old one's name; the old one is named after itself, unless an earlier run did that much."""
    if (folder / KEY_FILE).exists():
        (folder / KEY_FILE).replace(folder / f"{KEY_FILE}.{sealing.key_of(folder, make=False).name}")
    (folder / _NEXT).replace(folder / KEY_FILE)
    sync_folder(folder)


def _next_key(folder: Path) -> SealingKey:
    """The key to come, kept beside the old one until the database has taken it."""
    return sealing.key_of(folder, make=True, file=_NEXT)


def _all(session: Session) -> Iterator[tuple[SealedDocument, str]]:
    origins = {forum.id: forum.origin for forum in session.scalars(select(Forum))}
    for number in session.scalars(select(SealedDocument.id).order_by(SealedDocument.filed_at, SealedDocument.id)).all():
        row = session.get_one(SealedDocument, number)
        yield row, sealing.about(origins[row.forum_id], row.sha256)


def _plain(key: SealingKey, row: SealedDocument, about: str) -> bytes:
    sealing.require_same(key, row.key_name)
    plain = key.open(row.body, about=about)
    if sha256(plain).hexdigest() != row.sha256:
        raise ServiceHeld("a sealed document is not the one that was filed", code="sealed.changed", instead="Ask for the document again.")
    return plain


def _folder() -> Path:
    return Path(current_app.config["KEYS_FOLDER"])
