r"""An entry is one line of the record: a statement, its signature, and when the service received it.

Canonical JSON (:mod:`.encoding`) of exactly three members, at most 65,535 bytes (the limit of an entry in a C2SP tile)::

    {"at":"2025-11-24T18:02:11Z","signature":"<base64 of the SSHSIG blob>","statement":{…}}

``at`` is the service's clock in UTC. The statement's bytes stand in the line unchanged: because the whole line is canonical, its
last member is the canonical form of the statement, which is what was signed. The line's leaf hash is ``SHA256(00 ‖ line)``.
Canonical JSON escapes U+000A, so an entry never contains a line end and a file of entries has one a line.

Parsing checks the form of entry and statement, and that the signature is base64 of a plausible length. Whether the signature
is valid is asked with the signer's key, by :func:`declaration.protocol.sshsig.verify`.

>>> parse_entry(b'{"at":"2025-11-24T18:02:11Z","statement":{}}')
Traceback (most recent call last):
declaration.errors.Malformed: an entry has exactly at, signature and statement
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from declaration.errors import Malformed
from declaration.protocol.encoding import b64decode, b64encode, format_time, parse_canonical, parse_time
from declaration.protocol.merkle import leaf_hash
from declaration.protocol.sshsig import MAX_BLOB, parse_signature
from declaration.protocol.statement import Statement, parse_statement, statement_of

MAX_BYTES = 65_535

_BEFORE_SIGNATURE = len('{"at":"2025-11-24T18:02:11Z","signature":"')
_BEFORE_STATEMENT = len('","statement":')


class Entry(NamedTuple):
    """A parsed entry. Two are equal when their bytes are.

    :param at: when the service received the act, UTC.
    :param signature: the SSHSIG blob.
    :param raw: the exact bytes of the line, without line end.
    """

    at: datetime
    signature: bytes
    statement: Statement
    raw: bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.raw == other.raw

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def leaf(self) -> bytes:
        """The RFC 6962 leaf hash."""
        return leaf_hash(self.raw)


def parse_entry(raw: bytes) -> Entry:
    """Parse the exact bytes of an entry, without line end."""
    if len(raw) > MAX_BYTES:
        raise Malformed("an entry of more than 65,535 bytes", code="entry.too-long")
    value = parse_canonical(raw)
    if not isinstance(value, dict) or value.keys() != {"at", "signature", "statement"}:
        raise Malformed("an entry has exactly at, signature and statement", code="entry.fields")
    at, signature = value["at"], value["signature"]
    if not isinstance(at, str) or not isinstance(signature, str):
        raise Malformed("an entry's time and signature are text", code="entry.fields")
    moment = parse_time(at)
    blob = b64decode(signature)
    if not 0 < len(blob) <= MAX_BLOB:
        raise Malformed("a signature of no plausible length", code="entry.signature")
    # at and signature are of plain ASCII without escapes here, so the statement's place in the line is known: slicing it out
    # gives what printing it again would give.
    start = _BEFORE_SIGNATURE + len(signature) + _BEFORE_STATEMENT
    return Entry(moment, blob, statement_of(value["statement"], raw[start:-1]), raw)


def build_entry(at: datetime, signature_blob: bytes, statement_raw: bytes) -> bytes:
    """Build the bytes of an entry from a statement's exact bytes and a well-formed signature blob."""
    parse_signature(signature_blob)
    return parse_entry(entry_of(at, signature_blob, parse_statement(statement_raw)).raw).raw


def entry_of(at: datetime, signature_blob: bytes, statement: Statement) -> Entry:
    """The entry of a statement that was parsed, with a signature that was verified: its bytes need not be read again."""
    head = f'{{"at":"{format_time(at)}","signature":"{b64encode(signature_blob)}","statement":'
    raw = head.encode("ascii") + statement.raw + b"}"
    if len(raw) > MAX_BYTES:
        raise Malformed("an entry of more than 65,535 bytes", code="entry.too-long")
    return Entry(at, signature_blob, statement, raw)
