"""Where the procedure finds the texts of a forum's versions.

Manifests and texts never change, so a worker reads each of them once. What this very transaction has stored is read but not
remembered before the transaction is committed: a text whose rows are rolled back must not look as if it were at hand.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.drafts.models import Version
from declaration.forums.models import Forum
from declaration.procedure.state import Library
from declaration.procedure.state import VersionText as Loaded
from declaration.protocol.manifest import check_text, parse_manifest
from declaration.web.db import current_session
from declaration.web.transaction import on_commit, on_rollback

_UNCOMMITTED = "drafts.uncommitted-versions"
_MOST = 200


@dataclass
class _Shelf:
    lock: threading.Lock = field(default_factory=threading.Lock)
    versions: OrderedDict[tuple[int, str], Loaded] = field(default_factory=OrderedDict)


def init_app(app: Flask) -> None:
    """Give the application its shelf."""
    app.extensions["drafts-shelf"] = _Shelf()


def library(forum: Forum) -> Library:
    """The library of one forum; it reads with the session of the moment, not with the one that was there when it was made."""
    forum_id = forum.id

    def find(digest: str) -> Loaded | None:
        return _on_shelf(forum_id, digest) or read_version(current_session(), forum_id, digest)

    return find


def read_version(session: Session, forum_id: int, digest: str) -> Loaded | None:
    """A version's manifest and texts, checked against each other, or None where it is not stored."""
    found = _on_shelf(forum_id, digest)
    if found is not None:
        return found
    row = session.scalar(select(Version).where(Version.forum_id == forum_id, Version.digest == digest))
    if row is None:
        return None
    manifest = parse_manifest(row.manifest)
    texts = {
        each.language: {unit: text for unit, _number, text in check_text(manifest, each.language, each.body)}
        for each in row.texts
    }
    loaded = Loaded(manifest, texts)
    key, shelf = (forum_id, digest), _shelf()
    if key not in session.info.get(_UNCOMMITTED, ()):
        with shelf.lock:
            shelf.versions[key] = loaded
            while len(shelf.versions) > _MOST:
                shelf.versions.popitem(last=False)
    return loaded


def _shelf() -> _Shelf:
    shelf: _Shelf = current_app.extensions["drafts-shelf"]
    return shelf


def _on_shelf(forum_id: int, digest: str) -> Loaded | None:
    key, shelf = (forum_id, digest), _shelf()
    with shelf.lock:
        if key not in shelf.versions:
            return None
        shelf.versions.move_to_end(key)
        return shelf.versions[key]


def note_stored(session: Session, forum_id: int, digest: str) -> None:
    """Remember that this transaction stored a version, until it ends."""
    if _UNCOMMITTED not in session.info:
        session.info[_UNCOMMITTED] = set()

        def forget() -> None:
            session.info.pop(_UNCOMMITTED, None)

        on_commit(forget, session)
        on_rollback(forget, session)
    session.info[_UNCOMMITTED].add((forum_id, digest))
