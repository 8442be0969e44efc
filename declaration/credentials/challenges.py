"""Challenges for signing in: given to anybody, good for two minutes and once.

A challenge is 16 random bytes, the second at which it runs out, and a tag under the service's own secret, so that giving one writes
nothing: whoever asks for a million fills no table. Only one that somebody has signed in with is written down, until its time is over,
and the row's primary key lets exactly one of two at the same moment through.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from declaration.credentials.models import SpentChallenge
from declaration.errors import Malformed, Refused
from declaration.protocol.encoding import b64url_decode, b64url_encode, sha256_hex
from declaration.web import entropy

LASTS = timedelta(minutes=2)
_RANDOM, _MOMENT, _TAG = 16, 8, 16
_AGAIN = "Press the button again; a new one is asked for."


def give(origin: str, *, now: datetime) -> str:
    """A challenge for one forum.

    :param origin: the forum's record; a challenge of one forum opens no other.
    :param now: the machine's hour.
    """
    head = entropy.token_bytes(_RANDOM) + int((now + LASTS).timestamp()).to_bytes(_MOMENT, "big")
    return b64url_encode(head + _tag(origin, head))


def check(challenge: str, origin: str, *, now: datetime) -> datetime:
    """When it runs out.

    :raises Malformed: ``sign-in.challenge``: this service gave no such challenge for this forum.
    :raises Refused: ``sign-in.expired``.
    """
    try:
        raw = b64url_decode(challenge)
    except Malformed:
        raw = b""
    head, tag = raw[:-_TAG], raw[-_TAG:]
    if len(raw) != _RANDOM + _MOMENT + _TAG or not hmac.compare_digest(tag, _tag(origin, head)):
        raise Malformed("this service did not ask for this sign-in", code="sign-in.challenge", instead=_AGAIN)
    until = datetime.fromtimestamp(int.from_bytes(head[_RANDOM:], "big"), UTC)
    if now >= until:
        raise Refused("too much time passed before the key was used", code="sign-in.expired", instead=_AGAIN)
    return until


def spend(session: Session, challenge: str, until: datetime, *, now: datetime) -> None:
    """Use it up; rows whose time is over are forgotten.

    :raises Refused: ``sign-in.spent``: somebody has signed in with it.
    """
    session.execute(delete(SpentChallenge).where(SpentChallenge.until <= now))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(SpentChallenge).values(digest=sha256_hex(challenge.encode()), until=until)
    if not session.scalars(row.on_conflict_do_nothing().returning(SpentChallenge.digest)).all():
        raise Refused("this sign-in was used already", code="sign-in.spent", instead=_AGAIN)


def _tag(origin: str, head: bytes) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"sign-in challenge\n" + origin.encode() + b"\n" + head, sha256).digest()[:_TAG]
