"""Entries of no particular meaning, and RFC 6962 typed in word for word."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from declaration.protocol.entry import build_entry
from declaration.protocol.keys import public_key_of
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement
from declaration.transparency import operations, queries
from declaration.transparency.models import Log

ORIGIN = "declaration.example/baku"
AT = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)

_KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"a head of delegation").digest())
_FINGERPRINT = public_key_of(_KEY).fingerprint
# The log does not verify signatures, which is the door's business; it wants a well-formed one.
_SIGNATURE = sign(_KEY, f"amendment.submit-v1@{ORIGIN}", b"")


def raw_entry(number: int | str, *, at: datetime = AT, log: str = ORIGIN, text: str = "") -> bytes:
    """An entry; another number is another statement."""
    statement = build_statement(
        type="amendment.submit-v1",
        by=By(_FINGERPRINT, "kz", "head"),
        declaration="joint-declaration",
        log=log,
        nonce=sha256(str(number).encode()).digest()[:16],
        object="0" * 64,
        seen=Seen(0, EMPTY_ROOT.hex()),
        body={"text": text},
    )
    return build_entry(at, _SIGNATURE, statement)


def opened(session: Session, entries: int = 0) -> Log:
    """A new log with so many entries."""
    log = operations.create_log(session, ORIGIN)
    for number in range(entries):
        operations.append(session, log, raw_entry(number))
    return log


def found(session: Session) -> Log:
    """The log that :func:`opened` made, as another transaction finds it."""
    return queries.log_named(session, "baku")
