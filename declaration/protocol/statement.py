r"""A statement is one act of one party, and exactly the bytes that its signature is over.

It is one canonical JSON object (:mod:`.encoding`) of at most 32 KiB. Common to every type::

    by           {"key": "SHA256:…", "party": "az", "role": "head"}   the signing key's fingerprint, who acts, as what
    declaration  which declaration the act concerns
    log          origin of the record that it is meant for
    nonce        16 random bytes in base64url: two equal acts are two statements
    object       digest (hex) of the statement or manifest acted on; null for ``constitution-v1``, and for it alone
    seen         "<size>:<hex root>", the last checkpoint that the signer's client had verified
    type         "<machine>.<transition>-v1", or one of the few beside them (``constitution-v1``, ``accredit-v1``, …)

The other members are the body; which ones a type has is the business of ``declaration.procedure``, which refuses unknown and
missing ones. Common members and body stand at one level, sorted together.

>>> raw = build_statement(type="amendment.withdraw-v1", by=By("SHA256:" + "A" * 43, "az", "head"),
...     declaration="joint-declaration", log="declaration.example/forum", nonce="A" * 22, object="0" * 64,
...     seen=Seen(1, "1" * 64), body={"reason": "merged"})
>>> raw[:74]
b'{"by":{"key":"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","party":'

The **digest** is the SHA-256 of these bytes, and the identity of the act: a second signature over the same statement is the same
act again. It is signed with the SSHSIG namespace ``<type>@<log>``, so it cannot be replayed as another act or in another forum.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from declaration.errors import Malformed
from declaration.protocol.encoding import (
    JSON,
    b64url_encode,
    canonical,
    decode_decimal,
    parse_canonical,
    parse_hex32,
    sha256_hex,
)
from declaration.protocol.keys import parse_fingerprint
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.names import namespace, parse_identifier, parse_origin, parse_party, parse_role, parse_type

__all__ = ["MAX_BYTES", "By", "Seen", "Statement", "build_statement", "namespace", "parse_seen", "parse_statement"]

MAX_BYTES = 32 * 1024
CONSTITUTION = "constitution-v1"

_BY = frozenset(("key", "party", "role"))
_COMMON = ("by", "declaration", "log", "nonce", "object", "seen", "type")
# 16 bytes leave four unused bits in the last of 22 characters; they must be zero.
_NONCE = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
_SEEN = re.compile(r"(0|[1-9][0-9]{0,15}):([0-9a-f]{64})")


class By(NamedTuple):
    """Who acts: the fingerprint of the signing key, the party, the role."""

    key: str
    party: str
    role: str

    @property
    def principal(self) -> str:
        """``<role>.<party>``, as in ``allowed_signers``."""
        return f"{self.role}.{self.party}"


class Seen(NamedTuple):
    """A checkpoint that the signer's client had verified: the tree size in entries and the root in hex."""

    size: int
    root: str

    def __str__(self) -> str:
        return f"{self.size}:{self.root}"


class Statement(NamedTuple):
    """A parsed statement. Two are equal when their bytes are.

    :param object: 64 hexadecimal digits, or None for ``constitution-v1``.
    :param body: the members that are not common to every type.
    :param raw: the exact canonical bytes.
    :param digest: SHA-256 of ``raw`` in hex.
    """

    type: str
    by: By
    declaration: str
    log: str
    nonce: str
    object: str | None
    seen: Seen
    body: Mapping[str, JSON]
    raw: bytes
    digest: str

    def __eq__(self, other: builtins.object) -> bool:
        return isinstance(other, Statement) and self.raw == other.raw

    def __ne__(self, other: builtins.object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def namespace(self) -> str:
        """The SSHSIG namespace in which it must be signed."""
        return namespace(self.type, self.log)


def parse_statement(raw: bytes) -> Statement:
    """Parse and check the common members; everything not exactly as above is :class:`Malformed`."""
    if len(raw) > MAX_BYTES:
        raise Malformed("a statement of more than 32 KiB", code="statement.too-long")
    return statement_of(parse_canonical(raw), raw)


def build_statement(
    *,
    type: str,  # noqa: A002 - the statement's own word
    by: By,
    declaration: str,
    log: str,
    nonce: str | bytes,
    object: str | None,  # noqa: A002 - the statement's own word
    seen: Seen,
    body: Mapping[str, JSON],
) -> bytes:
    """Build the canonical bytes of a statement, checked as :func:`parse_statement` checks.

    :param nonce: 16 bytes, or their base64url form. The caller draws it: nothing here is random.
    """
    if clash := sorted(set(body) & set(_COMMON)):
        raise Malformed(f"a body may not name common members: {', '.join(clash)}", code="statement.body")
    raw = canonical(
        {
            **body,
            "by": {"key": by.key, "party": by.party, "role": by.role},
            "declaration": declaration,
            "log": log,
            "nonce": b64url_encode(nonce) if isinstance(nonce, bytes) else nonce,
            "object": object,
            "seen": str(seen),
            "type": type,
        }
    )
    return parse_statement(raw).raw


def parse_nonce(text: object) -> str:
    """Return ``text`` if it is 16 bytes in base64url."""
    if not isinstance(text, str) or not _NONCE.fullmatch(text):
        raise Malformed("a nonce is 16 bytes in base64url", code="statement.nonce")
    return text


def parse_seen(text: object) -> Seen:
    """Parse ``<size>:<hex root>``; the root of size 0 is the empty tree's."""
    match = _SEEN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Malformed(f"not a size and root: {str(text)[:90]!r}", code="statement.seen")
    size = decode_decimal(match[1])
    if size == 0 and match[2] != EMPTY_ROOT.hex():
        raise Malformed("an empty tree with another root than the empty one", code="statement.seen")
    return Seen(size, match[2])


def statement_of(value: JSON, raw: bytes) -> Statement:
    """The statement whose canonical bytes are ``raw`` and whose parsed form is ``value``, with every member checked.

    For :mod:`.entry`, which has parsed the statement already; ``raw`` must be the canonical form of ``value``.
    """
    if len(raw) > MAX_BYTES:
        raise Malformed("a statement of more than 32 KiB", code="statement.too-long")
    if not isinstance(value, dict):
        raise Malformed("a statement is a JSON object", code="statement.fields")
    body = dict(value)
    try:
        by, declaration, log, nonce, acted_on, seen, kind = [body.pop(name) for name in _COMMON]
    except KeyError as missing:
        raise Malformed(f"a statement without {missing}", code="statement.fields") from None
    if not isinstance(by, dict) or by.keys() != _BY:
        raise Malformed("by has exactly key, party and role", code="statement.by")
    parse_nonce(nonce)
    try:
        _require_names(kind, by["role"], declaration, log)
    except TypeError:  # a list or an object in place of a word
        _require_names.__wrapped__(kind, by["role"], declaration, log)
    return Statement(
        kind,
        By(parse_fingerprint(by["key"]), parse_party(by["party"]), by["role"]),
        declaration,
        log,
        nonce,
        _acted_on(acted_on, kind),
        parse_seen(seen),
        body,
        raw,
        sha256_hex(raw),
    )


@lru_cache(maxsize=1024)
def _require_names(kind: JSON, role: JSON, declaration: JSON, log: JSON) -> None:
    """The words that nearly every statement of a record has in common."""
    parse_type(kind)
    parse_role(role)
    parse_identifier(declaration)
    parse_origin(log)


def _acted_on(value: JSON, kind: JSON) -> str | None:
    if (value is None) != (kind == CONSTITUTION):
        raise Malformed("object is a digest, and null for the constitution alone", code="statement.object")
    if value is None:
        return None
    if not isinstance(value, str):
        raise Malformed("object is 64 hexadecimal digits", code="statement.object")
    parse_hex32(value)
    return value
