"""What is done to versions and words before anybody signs them. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from declaration.credentials.record import Recorded
from declaration.credentials.states import current
from declaration.drafts import composing, queries
from declaration.drafts.composing import Composed
from declaration.drafts.library import note_stored
from declaration.drafts.models import Version, VersionText, Words, WorkingVersion
from declaration.errors import Malformed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.notices.happenings import happened
from declaration.procedure.state import State
from declaration.protocol.manifest import unit_hash
from declaration.text.tokens import nfc
from declaration.text.units import UnitText, check_text

_LONGEST_TEXT = 20_000
_LONGEST_REASON = 2_000


def store_zero_draft(
    session: Session, forum: Forum, texts: Mapping[str, Sequence[UnitText]], *, now: datetime, prepared_by: int | None = None
) -> str:
    """Store the zero draft and put it before the Chair; return its digest. Storing the same draft again changes nothing.

    :raises Malformed: see :func:`declaration.drafts.composing.zero_draft`.
    """
    composed = composing.zero_draft(
        texts, declaration=forum.declaration, original=forum.original, statuses=dict(forum.languages)
    )
    return _put_before_chair(session, forum, composed, now=now, prepared_by=prepared_by)


def compose_next(session: Session, forum: Forum, state: State, *, final: bool) -> str:
    """Store the version that the working text makes now and return its digest, which the Chair can sign.

    :raises Refused: see :func:`declaration.drafts.composing.next_version`.
    """
    return store(session, forum, preview_next(session, forum, state, final=final))


def preview_next(session: Session, forum: Forum, state: State, *, final: bool) -> Composed:
    """The version that the working text makes now; nothing is stored."""
    return composing.next_version(state, queries.translated_words(session, forum, state), final=final)


def submit_for_approval(
    session: Session, forum: Forum, state: State, *, final: bool, prepared_by: int | None, now: datetime
) -> str:
    """Put the next version before the Chair; one that lay there is withdrawn. Return its digest.

    :raises Refused: ``version.unchanged`` where nothing has changed since the version in circulation.
    """
    composed = preview_next(session, forum, state, final=final)
    if not final and _says_the_same(state, composed):
        raise Refused(
            "nothing has changed since the version in circulation",
            code="version.unchanged",
            instead="A new version follows an accepted proposal or a new translation.",
        )
    return _put_before_chair(session, forum, composed, now=now, prepared_by=prepared_by)


def return_for_work(session: Session, forum: Forum, digest: str, reason: str, *, now: datetime) -> WorkingVersion:
    """The Chair does not approve a working version, and says why.

    :raises Malformed: ``reason.missing``, ``reason.too-long``.
    :raises NotFound: no such version waits for the Chair.
    """
    reason = nfc(reason).strip()
    if not reason:
        raise Malformed("a reason is needed", code="reason.missing", instead="Write what the secretariat should change.")
    if len(reason) > _LONGEST_REASON:
        raise Malformed("the reason is too long", code="reason.too-long", instead="Use at most 2,000 characters.")
    row = queries.waiting(session, forum)
    if row is None or row.digest != digest:
        raise NotFound("this version does not wait for the Chair", code="version.not-waiting")
    row.status, row.reason, row.decided_at = "returned", reason, now
    happened(session, "version.returned", row)
    return row


def note_approved(session: Session, forum: Forum, recorded: Recorded) -> None:
    """An approval is in the record: the working version is settled, any other that lay before the Chair is withdrawn."""
    for row in session.scalars(_before_chair(forum)):
        row.status = "approved" if row.digest == recorded.act.object else "withdrawn"
        row.decided_at = recorded.act.at


def require_words(session: Session, forum: Forum, recorded: Recorded) -> None:
    """A translation is signed by hash: refuse hashes whose words this service was never given, or no version could be made of them.

    :raises Refused: ``translation.words-unknown``; the act is then not recorded.
    """
    signed: Mapping[str, str] = recorded.act["units"]
    at_hand = queries.words(session, forum, current(session, forum), signed.values())
    missing = [unit for unit, digest in signed.items() if digest not in at_hand]
    if missing:
        raise Refused(
            f"the words of {', '.join(missing)} did not arrive",
            code="translation.words-unknown",
            instead="Open the page of your language again and submit them from there.",
        )


def save_words(session: Session, forum: Forum, texts: Iterable[str]) -> list[str]:
    """Keep texts of units by their hashes and return these, in the same order.

    :raises Malformed: ``unit.text`` (not one line of NFC), ``translation.too-long``.
    """
    wanted: dict[str, str] = {}
    hashes: list[str] = []
    for text in texts:
        check_text(text, where="this paragraph")
        if len(text) > _LONGEST_TEXT:
            raise Malformed(f"a paragraph has more than {_LONGEST_TEXT:,} characters", code="translation.too-long")
        digest = unit_hash(text)
        wanted[digest] = text
        hashes.append(digest)
    known = queries.stored_words(session, forum.id, wanted)
    session.add_all(Words(forum_id=forum.id, sha256=digest, text=text) for digest, text in wanted.items() if digest not in known)
    session.flush()
    return hashes


def store(session: Session, forum: Forum, composed: Composed) -> str:
    """Keep a version's manifest and texts; return its digest."""
    known = session.scalar(select(Version.id).where(Version.forum_id == forum.id, Version.digest == composed.digest))
    if known is None:
        note_stored(session, forum.id, composed.digest)
        row = Version(forum_id=forum.id, digest=composed.digest, manifest=composed.manifest.raw)
        row.texts = [VersionText(language=lang, body=body) for lang, body in sorted(composed.texts.items())]
        session.add(row)
        session.flush()
    return composed.digest


def _put_before_chair(
    session: Session, forum: Forum, composed: Composed, *, now: datetime, prepared_by: int | None
) -> str:
    digest = store(session, forum, composed)
    for row in session.scalars(_before_chair(forum)):
        if row.digest == digest:
            return digest
        row.status, row.decided_at = "withdrawn", now
    version = WorkingVersion(
        forum_id=forum.id,
        digest=digest,
        symbol=composed.manifest.symbol,
        status="under_chair_review",
        prepared_by_id=prepared_by,
        prepared_at=now,
    )
    session.add(version)
    session.flush()
    happened(session, "version.waits", version)
    return digest


def _before_chair(forum: Forum) -> Select[WorkingVersion]:
    return select(WorkingVersion).where(WorkingVersion.forum_id == forum.id, WorkingVersion.status == "under_chair_review")


def _says_the_same(state: State, composed: Composed) -> bool:
    current = state.version_text(state.current) if state.current else None
    return current is not None and (current.manifest.units, current.manifest.texts) == (
        composed.manifest.units,
        composed.manifest.texts,
    )

