"""Documents beside the record, named by the hash that statements carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials.models import Content
from declaration.errors import Malformed
from declaration.protocol.encoding import b64url_encode, canonical, parse_json, sha256_hex
from declaration.web import entropy

AUDIENCES = ("public", "participants", "sealed")
_MOST_BYTES = 64 * 1024


def store(session: Session, forum_id: int, document: Mapping[str, Any], *, audience: str) -> str:
    """Keep ``document`` with a salt of its own and return the hash that a statement carries.

    The salt (16 random bytes) is why a hash in the public record tells nobody what a short document says.

    :raises Malformed: ``content.too-long`` past 64 KiB.
    """
    if audience not in AUDIENCES:
        raise ValueError(f"unknown audience {audience!r}")
    body = canonical({**document, "salt": b64url_encode(entropy.token_bytes(16))})
    if len(body) > _MOST_BYTES:
        raise Malformed("this is too long", code="content.too-long", instead="Shorten it to what the decision needs.")
    digest = sha256_hex(body)
    if _row(session, forum_id, digest) is None:
        session.add(Content(forum_id=forum_id, sha256=digest, body=body, audience=audience))
        session.flush()
    return digest


def widen(session: Session, forum_id: int, digest: str, audience: str) -> None:
    """Let more people read a document: from sealed to the participants, and on to the public; never back.

    A document that is withheld stays so.
    """
    row = _row(session, forum_id, digest)
    if row is not None and AUDIENCES.index(audience) < AUDIENCES.index(row.audience):
        row.audience = audience


def read(session: Session, forum_id: int, digest: str, *, audiences: Sequence[str] = AUDIENCES) -> dict[str, Any] | None:
    """The document of that hash without its salt, or ``None`` where it is withheld or not for these audiences."""
    row = _row(session, forum_id, digest)
    if row is None or row.audience not in audiences:
        return None
    return _unsalted(row.body)


def raw(session: Session, forum_id: int, digest: str) -> bytes | None:
    """The document of that hash to the byte, with its salt: for whoever signs its hash. ``None`` where it is withheld."""
    row = _row(session, forum_id, digest)
    return None if row is None else row.body


def read_many(
    session: Session, forum_id: int, digests: Sequence[str], *, audiences: Sequence[str] = AUDIENCES
) -> dict[str, dict[str, Any]]:
    """Several documents at once, by hash; missing ones and those for other audiences are left out."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(digests), 500):
        part = digests[start : start + 500]
        query = select(Content).where(Content.forum_id == forum_id, Content.sha256.in_(part), Content.audience.in_(audiences))
        for row in session.scalars(query):
            found[row.sha256] = _unsalted(row.body)
    return found


def public(session: Session, forum_id: int) -> list[tuple[str, bytes]]:
    """Every public document as it stands, by hash: what the bundle carries."""
    query = select(Content.sha256, Content.body).where(Content.forum_id == forum_id, Content.audience == "public")
    return sorted((digest, body) for digest, body in session.execute(query))


def _unsalted(body: bytes) -> dict[str, Any]:
    document = parse_json(body)
    return {name: value for name, value in document.items() if name != "salt"} if isinstance(document, Mapping) else {}


def _row(session: Session, forum_id: int, digest: str) -> Content | None:
    return session.scalar(select(Content).where(Content.forum_id == forum_id, Content.sha256 == digest))
