"""Reading the record: entries, roots, proofs, tiles and checkpoints.

A size or an index that the log does not have is :class:`NotFound`; one that no log could have is :class:`ProofInvalid` or
:class:`Malformed`. Only :func:`latest` and :func:`checkpoint_at` hand out signatures; they and :func:`served_root` move the guard
first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.errors import DeclarationError, NotFound
from declaration.protocol import merkle
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from declaration.protocol.encoding import parse_hex32
from declaration.protocol.tiles import TILE_HEIGHT, TILE_WIDTH, entry_bundle
from declaration.transparency import watch
from declaration.transparency.heads import Past, no_such_size
from declaration.transparency.models import Log, LogCheckpoint, LogEntry
from declaration.transparency.nodes import damaged, last_entry, row_of_nodes, with_nodes
from declaration.transparency.signing import current_signing
from declaration.web.direct import Direct

_AT_ONCE = 256


def log_named(session: Session, name: str) -> Log:
    """The log of the forum with this short name.

    :raises NotFound: ``log.unknown``.
    """
    log = session.scalars(select(Log).where(Log.name == name)).one_or_none()
    if log is None:
        raise NotFound(f"there is no record called {name}", code="log.unknown")
    return log


def find_log(session: Session, origin: str) -> Log | None:
    """The log with this origin (``host/forum``), or None where none was opened yet."""
    return session.scalars(select(Log).where(Log.origin == origin)).one_or_none()


def all_logs(session: Session) -> list[Log]:
    """Every log of this service, by origin."""
    return list(session.scalars(select(Log).order_by(Log.origin)))


def vkey(log: Log) -> str:
    """The public key that verifies this log's checkpoints: ``name+id+base64``."""
    return log.vkey


def entries(session: Session, log: Log, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Index and exact bytes of the entries from ``start`` up to, not including, ``stop`` (default: all of them now).

    Reads some hundreds at a time, so memory does not grow with the record.

    :raises NotFound: ``log.no-such-size`` when the log is shorter than ``stop``; raised at the first one asked for.
    """
    end = log.size if stop is None else stop
    if not 0 <= start <= end <= log.size:
        raise no_such_size(end, log.size)
    for first in range(start, end, _AT_ONCE):
        yield from list(Past(Direct.of(session), log).entries(first, min(first + _AT_ONCE, end)))


def entry(session: Session, log: Log, index: int) -> bytes:
    """The exact bytes of one entry.

    :raises NotFound: ``log.no-such-entry``.
    """
    return Past(Direct.of(session), log).entry(index)


def index_of(session: Session, log: Log, digest: str) -> int | None:
    """Where the statement with this digest (hex) stands, or None.

    :raises Malformed: not 64 hexadecimal digits.
    """
    wanted = parse_hex32(digest)
    return session.scalar(select(LogEntry.seq).where(LogEntry.log_id == log.id, LogEntry.statement_digest == wanted))


def root_at(session: Session, log: Log, size: int) -> bytes:
    """The root of the first ``size`` entries.

    :raises NotFound: ``log.no-such-size``.
    """
    return Past(Direct.of(session), log).root(size)


def served_root(session: Session, log: Log, size: int) -> bytes:
    """The same for whoever shows it: a size with its root is what a checkpoint says, so it leaves guarded.

    :raises NotFound: ``log.no-such-size``.
    :raises ServiceHeld: as :func:`latest`.
    """
    watch.before_serving(session, log)
    return root_at(session, log, size)


def inclusion(session: Session, log: Log, index: int, size: int) -> list[bytes]:
    """The audit path of entry ``index`` in the tree of the first ``size`` entries.

    :raises NotFound: ``log.no-such-size``.
    :raises ProofInvalid: the tree of that size has no such entry.
    """
    _require_size(log, size)
    return with_nodes(session, log.id, lambda get_node: merkle.prove_inclusion(index, size, get_node))


def consistency(session: Session, log: Log, old: int, new: int) -> list[bytes]:
    """The proof that the first ``old`` entries are the beginning of the first ``new``.

    :raises NotFound: ``log.no-such-size``.
    :raises ProofInvalid: ``old`` is 0, about which a proof says nothing, or larger than ``new``.
    """
    _require_size(log, new)
    return with_nodes(session, log.id, lambda get_node: merkle.prove_consistency(old, new, get_node))


def node(session: Session, log: Log, level: int, index: int) -> bytes | None:
    """One node of the tree, or None where it has not grown that far."""
    if index < 0 or last_entry(level, index) >= log.size:
        return None
    return row_of_nodes(session, log.id, level, index, index + 1)[0]


def latest(session: Session, log: Log) -> bytes:
    """The newest checkpoint: a signed note, guarded.

    :raises ServiceHeld: nothing is served from a restored backup or a branch.
    """
    return checkpoint_at(session, log, log.size)


def checkpoint_at(session: Session, log: Log, size: int) -> bytes:
    """The signed note of the first ``size`` entries, guarded; asking again gives the same bytes.

    :raises NotFound: ``log.no-such-size``.
    :raises ServiceHeld: as :func:`latest`.
    """
    note = _note(session, log, size)
    root = root_at(session, log, size) if note is None else b""
    watch.before_serving(session, log)
    return note if note is not None else _sign_between(session, log, Checkpoint(log.origin, size, root))


def _note(session: Session, log: Log, size: int) -> bytes | None:
    return session.scalar(select(LogCheckpoint.note).where(LogCheckpoint.log_id == log.id, LogCheckpoint.size == size))


def _sign_between(session: Session, log: Log, checkpoint: Checkpoint) -> bytes:
    """The note of a size that one commit has passed over. It is signed as an ancestor of the head that was signed, and of nothing else, so
    that no row of the database, whoever has changed it, brings about a second root for a size.

    :raises ServiceHeld: ``log.damaged``.
    """
    signing = current_signing()
    try:
        head = open_checkpoint(_note(session, log, log.size) or b"", signing.verifier(log.origin))
        proof = consistency(session, log, checkpoint.size, head.size)
        merkle.verify_consistency(checkpoint.size, head.size, checkpoint.root, head.root, proof)
    except DeclarationError as error:
        raise damaged(f"the root of {checkpoint.size} entries is not the beginning of the signed record") from error
    return sign_checkpoint(checkpoint, signing.signer(log.origin))


def tile(session: Session, log: Log, level: int, index: int, width: int) -> bytes:
    """A hash tile of C2SP tlog-tiles: ``width`` hashes, one after another.

    :raises NotFound: ``log.no-such-tile``, the tree has not grown that far.
    """
    start = index * TILE_WIDTH
    if start + width > log.size >> (level * TILE_HEIGHT):
        raise _no_such_tile()
    return b"".join(row_of_nodes(session, log.id, level * TILE_HEIGHT, start, start + width))


def bundle_of_entries(session: Session, log: Log, index: int, width: int) -> bytes:
    """A bundle of entries of C2SP tlog-tiles: ``width`` times a length in two bytes and an entry.

    :raises NotFound: ``log.no-such-tile``.
    """
    start = index * TILE_WIDTH
    if start + width > log.size:
        raise _no_such_tile()
    return entry_bundle(raw for _, raw in entries(session, log, start, start + width))


def _require_size(log: Log, size: int) -> None:
    if size > log.size:
        raise no_such_size(size, log.size)


def _no_such_tile() -> NotFound:
    return NotFound(
        "the record has not grown to this tile", code="log.no-such-tile", instead="Ask for the width that the checkpoint's size gives."
    )
