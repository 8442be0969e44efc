"""The record as an auditor looks at it: its entries in words, one entry with all that proves it, and what was signed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from declaration.credentials.record import log_of
from declaration.drafts import views
from declaration.drafts.reading import entries_policy, require_reader
from declaration.endorsements.checks import Check, signer_line
from declaration.endorsements.record_words import says
from declaration.errors import DeclarationError, NotAllowed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.procedure.state import Key, State
from declaration.protocol.checkpoint import parse_checkpoint
from declaration.protocol.encoding import format_time
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import parse_public_key
from declaration.protocol.merkle import verify_inclusion
from declaration.protocol.sshsig import PasskeyPolicy, verify
from declaration.transparency import queries
from declaration.transparency.models import Log, LogCheckpoint, LogCosignature
from declaration.transparency.routes import Readers
from declaration.web.access import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in one line: its place, who did what, and when the service received it."""

    index: int
    who: str
    says: str
    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry with what proves it.

    :ivar proof: the path of hashes from the leaf to the root of the record as it is now.
    :ivar command: how stock ssh-keygen verifies the signature.
    """

    line: Line
    entry: Entry
    key: Key
    signer: str
    proof: list[bytes]
    size: int
    root: bytes
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return not any(check.failed for check in self.checks)

    @property
    def command(self) -> str:
        statement = self.entry.statement
        when = "".join(letter for letter in format_time(self.entry.at) if letter.isdigit())
        return (
            f"ssh-keygen -Y verify -f allowed_signers -I {self.key.role}.{self.key.party} -n {statement.namespace}"
            f" -O verify-time={when}Z -s statement.json.sig < statement.json"
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint in one line: of how many entries, its root, and how many witnesses have signed it."""

    size: int
    root: str
    witnesses: int


def may_read_entries(log: Log) -> bool:
    """Whether this request's reader may see what is in the record; hashes and checkpoints are everybody's."""
    return entries_policy(log) is not Readers.NOT_THIS_ONE


def require_entries(log: Log, state: State, actor: Actor | None, now: datetime) -> None:
    """Refuse a reader who may not see entries yet.

    :raises NeedsSignIn: nobody is signed in.
    :raises NotAllowed: the rules open the record to this reader later.
    """
    if may_read_entries(log):
        return
    require_reader(state, actor, now)
    raise NotAllowed(
        _("The entries of this record are read by the participants of the negotiation until the text is adopted."),
        code="log.entries-closed",
        instead=_("Checkpoints and hashes are open to everybody."),
    )


def lines(session: Session, forum: Forum, state: State, log: Log, start: int, language: str) -> list[Line]:
    """The entries from ``start`` on, a page of them."""
    stop = min(start + PAGE, log.size)
    return [line_of(forum, state, index, parse_entry(raw), language) for index, raw in queries.entries(session, log, start, stop)]


def show(session: Session, forum: Forum, state: State, log: Log, index: int, language: str) -> Shown:
    """One entry, checked again.

    :raises NotFound: ``log.no-such-entry``.
    """
    entry = parse_entry(queries.entry(session, log, index))
    key = state.keys[entry.statement.by.key]
    proof, root = queries.inclusion(session, log, index, log.size), queries.root_at(session, log, log.size)
    checks = (
        _asked(_("The record contains it."), _("By a path of %(count)s hashes from its leaf to the root of %(size)s entries.",
               count=len(proof), size=log.size), lambda: verify_inclusion(entry.leaf, index, log.size, proof, root)),
        _asked(_("The signature is valid."), _("For this act in this record and no other: %(namespace)s",
               namespace=entry.statement.namespace), lambda: _verify(state, entry, key)),
        _asked(_("The key had authority at this place of the record."), _authority_words(key), lambda: _authority(key, entry, index)),
        _asked(_("Its signer had seen this record, and no other."), _("A checkpoint of %(size)s entries.", size=entry.statement.seen.size),
               lambda: _seen(session, log, entry)),
    )  # fmt: skip
    return Shown(line_of(forum, state, index, entry, language), entry, key, signer_line(state, key), proof, log.size, root, checks)


def checkpoints(session: Session, forum: Forum, upto: int, most: int) -> list[Signed]:
    """Checkpoints of ``upto`` entries or fewer, the newest first."""
    log = log_of(session, forum)
    lines = select(LogCosignature.size, func.count().label("count")).where(LogCosignature.log_id == log.id)
    counted = lines.group_by(LogCosignature.size).subquery()
    rows = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.root, func.coalesce(counted.c.count, 0))
        .outerjoin(counted, counted.c.size == LogCheckpoint.size)
        .where(LogCheckpoint.log_id == log.id, LogCheckpoint.size <= upto, LogCheckpoint.size > 0)
        .order_by(LogCheckpoint.size.desc())
        .limit(most)
    )
    return [Signed(size, root.hex(), count) for size, root, count in rows]


def own_note(note: bytes) -> bytes:
    """The note with the log's own signature alone, which fits a code that a phone reads."""
    text, _separator, signatures = note.partition(b"\n\n")
    parse_checkpoint(f"{text.decode()}\n")
    return text + b"\n\n" + signatures.partition(b"\n")[0] + b"\n"


def line_of(forum: Forum, state: State, index: int, entry: Entry, language: str) -> Line:
    """An entry in one line: who did what, in words of the reader's language."""
    statement = entry.statement
    key = state.keys.get(statement.by.key)
    organization = key.organization if key is not None else None
    who = organization["name"] if organization is not None else views.party_name(forum, statement.by.party, language)
    return Line(index, who, says(statement.type), statement.type, entry.at)


def _asked(asserted: str, evidence: str, question: Callable[[], None]) -> Check:
    try:
        question()
    except DeclarationError as error:
        return Check(asserted, evidence, failed=error.message)
    return Check(asserted, evidence)


def _verify(state: State, entry: Entry, key: Key) -> None:
    statement = entry.statement
    verify(
        entry.signature, key=parse_public_key(key.public), namespace=statement.namespace, message=statement.raw,
        passkey=PasskeyPolicy(state.known.origins, state.known.rp_id),
    )  # fmt: skip


def _authority_words(key: Key) -> str:
    if key.accredited == 0:
        return str(_("It stands in the constitution."))
    return str(_("Given by entry %(index)s.", index=key.accredited))


def _authority(key: Key, entry: Entry, index: int) -> None:
    by = entry.statement.by
    began = key.accredited < index or (index == 0 and key.accredited == 0)
    if not began or (key.ended is not None and index > key.ended) or (key.role, key.party) != (by.role, by.party):
        raise Refused(_("the key had none"), code="key.unknown")


def _seen(session: Session, log: Log, entry: Entry) -> None:
    seen = entry.statement.seen
    try:
        root = queries.root_at(session, log, seen.size)
    except NotFound:
        raise Refused(_("the record never had this checkpoint"), code="seen.unknown") from None
    if root.hex() != seen.root:
        raise Refused(_("the signer saw another record"), code="seen.other-history")
