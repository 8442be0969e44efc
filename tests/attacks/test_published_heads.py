"""Whoever has the database, its backups and the key of the log still has no record with a changed entry under a head that was published."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from declaration.credentials.record import log_of
from declaration.errors import DeclarationError
from declaration.protocol.merkle import CompactRange, leaf_hash
from declaration.transparency import audit
from declaration.verifier.verify import verify_bundle
from declaration.web.db import db
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG
from tests.verifier import forge as f


def root_of(entries: list[bytes]) -> bytes:
    tree = CompactRange()
    for entry in entries:
        tree.append(leaf_hash(entry))
    return tree.root()


def test_no_entry_is_exchanged_under_a_published_head(tmp_path: Path) -> None:
    """Whichever entry is another, or is missing, or stands elsewhere: the root is another, and so the auditor's kept head refuses it."""
    forge = f.signed()
    published, entries = root_of(forge.entries), forge.entries
    roots = {published}
    for place, entry in enumerate(entries):
        changed = entry.replace(b'"nonce":"', b'"nonce":"A', 1)
        assert changed != entry
        roots.add(root_of([*entries[:place], changed, *entries[place + 1 :]]))
        roots.add(root_of(entries[:place] + entries[place + 1 :]))
    for place in range(len(entries) - 1):
        roots.add(root_of([*entries[:place], entries[place + 1], entries[place], *entries[place + 2 :]]))
    assert len(roots) == 1 + 2 * len(entries) + len(entries) - 1
    kept = forge.checkpoint()
    for place in (1, len(entries) // 2, len(entries) - 1):
        made_again = f.rebuilt(
            forge.members(),
            [*entries[:place], f.resigned(entries[place], "chair.chair", nonce="AAAAAAAAAAAAAAAAAAAAAA"), *entries[place + 1 :]],
        )
        path = f.pack(made_again, tmp_path / f"{place}.zip", size=len(entries))
        report = verify_bundle(path, workers=1, since=kept)
        assert not report.verified
        said = {each.code for check in report.checks for each in check.findings}
        assert said & {"checkpoint.two-roots", "seen.other-history"}, "by the auditor's own head, or by what a later signer had seen"


@pytest.mark.parametrize("what", ["entry", "entry and root"])
def test_an_administrator_who_changes_the_database_is_found_out(what: str, app: Flask, service: Playing, client: FlaskClient) -> None:
    """Past the triggers. The check of the record names the entry; where the head was changed with it, the service signs nothing more."""
    with service() as play:
        size, place = play.state.size, play.state.endorsements[next(iter(play.state.endorsements.keys()))].index
    with app.app_context():
        path = db.engine.url.database
        db.engine.dispose()
    with sqlite3.connect(str(path)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
        (entry,) = raw.execute("SELECT raw FROM log_entry WHERE seq = ?", (place,)).fetchone()
        assert entry.count(b'"language":"en"') == 1
        raw.execute("UPDATE log_entry SET raw = ? WHERE seq = ?", (entry.replace(b'"language":"en"', b'"language":"az"'), place))
        if what != "entry":
            raw.execute("UPDATE log SET root = ?", (bytes(32),))
    raw.close()
    if what == "entry":
        with service() as play, pytest.raises(DeclarationError) as damaged:
            audit.check(play.session, log_of(play.session, play.forum))
        assert str(place) in str(damaged.value)
    else:
        answer = client.get(f"/log/{SLUG}/checkpoint")
        assert answer.status_code == 503
        with service() as play:
            assert play.session.scalar(sa.text("SELECT size FROM log")) == size
