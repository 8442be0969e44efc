"""Reading versions and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.drafts.composing import ZERO_DRAFT
from declaration.drafts.library import read_version
from declaration.drafts.models import Version as Stored
from declaration.drafts.models import VersionText, Words, WorkingVersion
from declaration.errors import Malformed, NotFound
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import Circulated, State
from declaration.procedure.state import VersionText as Loaded

FINAL = "final"
_PREFIX = re.compile(r"[0-9a-f]{8,64}")
_MANY = 500


def version(session: Session, forum: Forum, digest: str) -> Loaded:
    """A version with its texts.

    :raises NotFound: it is not stored here.
    """
    found = read_version(session, forum.id, digest)
    if found is None:
        raise NotFound("the text of this version is not at hand", code="version.text-missing")
    return found


def canonical_texts(session: Session, forum: Forum, digest: str) -> dict[str, bytes]:
    """The canonical text of every language of a version, as it is hashed."""
    query = (
        select(VersionText.language, VersionText.body)
        .join(Stored, Stored.id == VersionText.version_id)
        .where(Stored.forum_id == forum.id, Stored.digest == digest)
        .order_by(VersionText.language)
    )
    return dict(session.execute(query).all())


def short_name(state: State, symbol: str) -> str:
    """How a version is called in an address: ``ZD``, ``Rev.1``, ``final``."""
    return FINAL if symbol == state.declaration else symbol.removeprefix(state.declaration + "/")


def find_circulated(state: State, name: str) -> Circulated:
    """A circulated version by its short name, its symbol, or at least 8 digits of its digest.

    :raises NotFound: none, or more than one.
    """
    for each in reversed(state.versions.values()):  # of two final ones, the later
        if name in (each.symbol, short_name(state, each.symbol)):
            return each
    if _PREFIX.fullmatch(name):
        found = [each for each in state.versions.values() if each.digest.startswith(name)]
        if len(found) == 1:
            return found[0]
    raise NotFound(
        "no version of this name has been circulated",
        code="version.unknown",
        instead="The list of versions shows all of them.",
    )


def waiting(session: Session, forum: Forum) -> WorkingVersion | None:
    """The version that waits for the Chair."""
    return session.scalar(
        select(WorkingVersion)
        .where(WorkingVersion.forum_id == forum.id, WorkingVersion.status == "under_chair_review")
        .order_by(WorkingVersion.id.desc())
        .limit(1)
    )


def last_working(session: Session, forum: Forum) -> WorkingVersion | None:
    """The working version that was put before the Chair last, however it ended."""
    return session.scalar(
        select(WorkingVersion).where(WorkingVersion.forum_id == forum.id).order_by(WorkingVersion.id.desc()).limit(1)
    )


def stored_words(session: Session, forum_id: int, hashes: Iterable[str]) -> dict[str, str]:
    """Hash → text for those that were kept by hash."""
    wanted = list(dict.fromkeys(hashes))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _MANY):
        query = select(Words.sha256, Words.text).where(Words.forum_id == forum_id, Words.sha256.in_(wanted[start : start + _MANY]))
        found.update((digest, text) for digest, text in session.execute(query))
    return found


def words(session: Session, forum: Forum, state: State, hashes: Iterable[str]) -> dict[str, str]:
    """Hash → text: of all that the original ever said, of the versions (newest first), and of what was kept by hash.

    A hash whose words are nowhere at hand is left out.
    """
    wanted = set(hashes)
    found = {digest: state.words[digest] for digest in wanted if digest in state.words}
    for each in reversed(state.versions.values()):
        if wanted <= found.keys():
            return found
        loaded = state.version_text(each.digest)
        if loaded is not None:
            found.update(_words_of(loaded, wanted))
    missing = wanted - found.keys()
    if missing:
        found.update(stored_words(session, forum.id, sorted(missing)))
    return found


def translated_words(session: Session, forum: Forum, state: State) -> dict[str, str]:
    """Hash → text of every translation that stands in the record for a unit that stands in the text."""
    hashes = [
        entry.sha256
        for lang in state.known.languages
        if lang != state.known.original
        for entry in consequences.translation(state, lang).values()
    ]
    return words(session, forum, state, hashes)


def working_text(session: Session, forum: Forum, state: State, lang: str) -> Mapping[str, str]:
    """Unit id → text of the working text in a language; units that were never translated are left out.

    :raises Malformed: ``text.language`` where the forum has no such language.
    """
    if lang not in state.known.languages:
        raise Malformed("this is not a language of the forum", code="text.language")
    if lang == state.known.original:
        return {unit.id: unit.text for unit in state.units.values()}
    known = consequences.translation(state, lang)
    found = words(session, forum, state, (entry.sha256 for entry in known.values()))
    return {unit: found[entry.sha256] for unit, entry in known.items() if entry.sha256 in found}


def _words_of(loaded: Loaded, wanted: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in loaded.manifest.units:
        for lang, digest in row.sha256.items():
            if digest in wanted and lang in loaded.texts:
                found[digest] = loaded.texts[lang][row.id]
    return found


__all__ = [
    "FINAL", "ZERO_DRAFT", "canonical_texts", "find_circulated", "last_working", "short_name", "stored_words", "translated_words",
    "version", "waiting", "words", "working_text",
]
