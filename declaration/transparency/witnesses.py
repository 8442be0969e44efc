"""The witnesses of this service's records: who they are, what they have signed, and when that is enough.

They are named in a file, a policy of c2sp.org/tlog-policy without a line for the log, which is added here for each record::

    witness youth   witness.youth.example+4be5d23a+BE6…    https://witness.youth.example/
    witness herald  witness.herald.example+9c2f01d7+BOx…   https://witness.herald.example/
    group   both    2 youth herald
    quorum  both

**Latest, or signed by enough?** ``/log/<forum>/checkpoint`` is always the newest one, with the lines of the witnesses that have
signed it so far: a signer must be able to see their own act at once, and a receipt cannot wait for somebody else's server.
``/log/<forum>/cosigned`` is the newest one that the quorum has signed, some seconds older; whoever demands a quorum reads that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from declaration.config import SettingRefused
from declaration.errors import Malformed, NotFound
from declaration.protocol.note import NoteVerifier
from declaration.transparency import queries, watch
from declaration.transparency.models import Log, LogCheckpoint, LogCosignature, LogWitness
from declaration.verifier.policy import Policy, quorum_met, read_policy

_EXTENSION = "log-witnesses"
# How far back a checkpoint that is signed by enough is looked for. Further back, the witnesses have been silent for long.
_RECENT = 200

NOBODY = Policy({}, {}, {}, None)


def init_app(app: Flask) -> None:
    """Read the file of witnesses.

    :raises SettingRefused: ``setting.witnesses``, it cannot be read, or cannot be meant.
    """
    path = app.config.get("WITNESSES")
    raw, policy = b"quorum none\n", NOBODY
    if path is not None:
        try:
            raw = Path(path).read_bytes()
            policy = read_policy(raw)
        except (OSError, Malformed) as error:
            why = error.message if isinstance(error, Malformed) else (error.strerror or str(error))
            raise SettingRefused(f"DECLARATION_WITNESSES, {path}: {why}", code="setting.witnesses") from error
        silent = [name for name in policy.witnesses if f"witness {name}" not in policy.addresses]
        if policy.logs or silent:
            what = "it names a log, which each record does for itself" if policy.logs else f"{silent[0]} has no address"
            raise SettingRefused(f"DECLARATION_WITNESSES, {path}: {what}", code="setting.witnesses")
    app.extensions[_EXTENSION] = (raw, policy)


def configured() -> Policy:
    """The witnesses of this service; of no log in particular."""
    policy: Policy = current_app.extensions[_EXTENSION][1]
    return policy


def policy_text(log: Log) -> bytes:
    """The policy that an auditor of this record keeps: its key, its witnesses, and the quorum that its operator promises."""
    raw: bytes = current_app.extensions[_EXTENSION][0]
    lines = [line for line in raw.decode("ascii").split("\n") if line.split() and not line.lstrip().startswith("#")]
    return "\n".join([f"log {queries.vkey(log)}", *lines, ""]).encode()


def cosigned_note(session: Session, log: Log, size: int) -> bytes:
    """The checkpoint of this size with the lines of every witness that has signed it.

    :raises NotFound: ``log.no-such-size``.
    :raises ServiceHeld: as :func:`.queries.latest`.
    """
    lines = session.scalars(
        select(LogCosignature.line)
        .where(LogCosignature.log_id == log.id, LogCosignature.size == size)
        .order_by(LogCosignature.key)
    )
    return queries.checkpoint_at(session, log, size) + "".join(lines).encode()


def signed_by(session: Session, log: Log, size: int) -> set[NoteVerifier]:
    """Which of the configured witnesses have signed this size."""
    keys = set(
        session.scalars(select(LogCosignature.key).where(LogCosignature.log_id == log.id, LogCosignature.size == size))
    )
    return {each for each in configured().witnesses.values() if each.vkey in keys}


def enough(session: Session, log: Log, size: int) -> bool:
    """Whether the quorum has signed this size; always, where no quorum is configured."""
    return configured().quorum is None or quorum_met(configured(), signed_by(session, log, size))


def newest_with_quorum(session: Session, log: Log) -> int | None:
    """The largest recent size that the quorum has signed, or None."""
    if configured().quorum is None:
        return log.size
    sizes = cosigned_sizes(session, log, most=_RECENT)
    return next((size for size in sizes if enough(session, log, size)), None)


def cosigned(session: Session, log: Log) -> bytes:
    """The newest checkpoint that the quorum has signed.

    :raises NotFound: ``log.not-cosigned``.
    """
    size = newest_with_quorum(session, log)
    if size is None:
        raise NotFound(
            "no recent checkpoint has been signed by enough witnesses",
            code="log.not-cosigned",
            instead="The newest one is at checkpoint.",
        )
    return cosigned_note(session, log, size)


def cosigned_sizes(session: Session, log: Log, *, most: int) -> list[int]:
    """The sizes that some witness has signed, newest first, at most ``most`` of them."""
    query = select(LogCosignature.size).where(LogCosignature.log_id == log.id).distinct()
    return list(session.scalars(query.order_by(LogCosignature.size.desc()).limit(most)))


def cosigned_notes(session: Session, log: Log, *, below: int, most: int) -> dict[int, bytes]:
    """The cosigned checkpoints of fewer than ``below`` entries, the newest ``most`` of them, by size.

    :raises ServiceHeld: as :func:`.queries.latest`.
    """
    watch.before_serving(session, log)
    chosen = (
        select(LogCosignature.size)
        .where(LogCosignature.log_id == log.id, LogCosignature.size < below)
        .distinct()
        .order_by(LogCosignature.size.desc())
        .limit(most)
    )
    rows = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.note, LogCosignature.line)
        .join(LogCosignature, (LogCosignature.log_id == LogCheckpoint.log_id) & (LogCosignature.size == LogCheckpoint.size))
        .where(LogCheckpoint.log_id == log.id, LogCheckpoint.size.in_(chosen))
        .order_by(LogCheckpoint.size, LogCosignature.key)
    )
    notes: dict[int, bytes] = {}
    for size, note, line in rows:
        notes[size] = notes.get(size, note) + line.encode()
    return notes


def count_cosignatures(session: Session, log: Log, upto: int) -> int:
    """How many lines of witnesses there are for sizes of ``upto`` entries or fewer. It only grows."""
    query = select(func.count()).select_from(LogCosignature).where(LogCosignature.log_id == log.id, LogCosignature.size <= upto)
    return session.scalar(query) or 0


def largest_signed(session: Session, log: Log) -> dict[str, int]:
    """The largest size that each witness has signed, by its vkey."""
    rows = session.execute(
        select(LogCosignature.key, func.max(LogCosignature.size)).where(LogCosignature.log_id == log.id).group_by(LogCosignature.key)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one witness has seen of a record.

    :ivar size: the largest size that it has signed; None where it has signed nothing yet.
    :ivar time: when it signed that, by its own clock.
    :ivar outcome: of the last time that it was asked: ``signed``, ``unreachable``, ``refused``, ``ahead``, ``contradicts``, or empty.
    :ivar asked_at: when that was.
    """

    name: str
    vkey: str
    address: str
    size: int | None
    time: datetime | None
    outcome: str
    asked_at: datetime | None


def standings(session: Session, log: Log) -> list[Standing]:
    """What each configured witness has seen, in the order of the file."""
    newest = largest_signed(session, log)
    contacts = {each.key: each for each in session.scalars(select(LogWitness).where(LogWitness.log_id == log.id))}
    found = []
    for name, witness in configured().witnesses.items():
        size, contact = newest.get(witness.vkey), contacts.get(witness.vkey)
        row = session.get(LogCosignature, (log.id, size, witness.vkey)) if size is not None else None
        found.append(
            Standing(
                name, witness.vkey, configured().addresses[f"witness {name}"], size,
                datetime.fromtimestamp(row.time, UTC) if row is not None else None,
                contact.outcome if contact is not None else "", contact.asked_at if contact is not None else None,
            )
        )  # fmt: skip
    return found
