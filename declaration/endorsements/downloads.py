"""Bundles kept in the instance folder, so that five hundred visitors do not have five hundred of them composed.

A file is named after what it follows from: the record (its root), the size, the format; beside it stand the cited documents that were
public and how many cosignatures there were. When a consent is taken back or a witness signs, the next download is another file.
Composing happens once at a time a forum, over all processes, under a lock on a file; the files of older sizes go when newer ones have
come.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.endorsements.bundle import Composed, compose, edition, opened_log
from declaration.errors import Malformed, NotFound
from declaration.forums.models import Forum
from declaration.protocol.encoding import JSON, canonical, parse_canonical
from declaration.transparency import queries, witnesses
from declaration.transparency.models import Log

_KEPT = 4


@dataclass(frozen=True, slots=True)
class Download:
    """A bundle at hand. ``bytes`` is its length, ``size`` the number of entries in it."""

    path: Path
    sha256: str
    bytes: int
    size: int


def bundle(session: Session, forum: Forum, *, size: int | None = None) -> Download:
    """The bundle of the first ``size`` entries, composed now if it is not at hand.

    :param size: default: all entries, or, where a quorum of witnesses is promised, the newest size that it has signed. A bundle
        that its reader's policy refuses, because the witnesses are some seconds behind, helps nobody.
    :raises NotFound: ``record.empty``, ``log.no-such-size``.
    """
    log = opened_log(session, forum)
    wanted = size if size is not None else witnesses.newest_with_quorum(session, log) or log.size
    if wanted < 1:
        raise NotFound("a record begins with its constitution", code="log.no-such-size", instead="Ask for at least one entry.")
    root = queries.root_at(session, log, wanted).hex()
    folder = Path(current_app.instance_path) / "bundles"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{forum.slug}-{wanted:08}-{edition()}-{root[:16]}.zip"
    found = _at_hand(session, forum, log, wanted, path)
    if found is not None:
        return found
    with _alone(folder / f"{forum.slug}.lock"):
        found = _at_hand(session, forum, log, wanted, path)  # somebody else may have composed it while we waited
        if found is None:
            found = _keep(path, compose(session, forum, path, size=wanted))
            _forget_older(folder, forum.slug, path)
    return found


def _at_hand(session: Session, forum: Forum, log: Log, size: int, path: Path) -> Download | None:
    try:
        known = parse_canonical(_facts(path).read_bytes())
        if not isinstance(known, dict) or path.stat().st_size != known["bytes"]:
            return None
    except (FileNotFoundError, Malformed, KeyError):
        return None
    included, withheld = _strings(known["included"]), _strings(known["withheld"])
    public = contents.read_many(session, forum.id, sorted(included | withheld), audiences=("public",)).keys()
    if included != public or known.get("cosignatures", 0) != witnesses.count_cosignatures(session, log, size):
        return None
    return Download(path, str(known["sha256"]), path.stat().st_size, int(str(known["size"])))


def _keep(path: Path, composed: Composed) -> Download:
    facts: JSON = {
        "bytes": composed.bytes,
        "cosignatures": composed.cosignatures,
        "included": list[JSON](sorted(composed.included)),
        "sha256": composed.sha256,
        "size": composed.size,
        "withheld": list[JSON](sorted(composed.withheld)),
    }
    fresh = path.with_suffix(".new")
    fresh.write_bytes(canonical(facts))
    fresh.replace(_facts(path))
    return Download(path, composed.sha256, composed.bytes, composed.size)


def _facts(path: Path) -> Path:
    return path.with_suffix(".json")


def _strings(value: object) -> set[str]:
    return {str(one) for one in value} if isinstance(value, list) else set()


def _forget_older(folder: Path, slug: str, newest: Path) -> None:
    """Keep the four that were made last; a file that somebody is still reading stays readable until they close it."""
    made = sorted(folder.glob(f"{slug}-????????-*.zip"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    for old in made[_KEPT:]:
        if old != newest:
            old.unlink(missing_ok=True)
            _facts(old).unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
