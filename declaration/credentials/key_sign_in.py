"""Who signs in with a key: somebody whose key the record gave authority, and took none of it back.

A key that was only enrolled opens nothing: else somebody who once sat at an unlocked device could enrol a key of their own, and come
back with it for as long as they like. Signing in with a key gives what a link gives, reading and drafting; every act is signed apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import challenges
from declaration.credentials.models import Enrolment
from declaration.credentials.states import current, passkey_policy
from declaration.errors import Malformed, NotFound, Refused, SignatureInvalid
from declaration.forums.models import Forum, Person
from declaration.procedure import standing
from declaration.procedure.state import State
from declaration.protocol.keys import PASSKEY, PublicKey, parse_public_key, read_key_blob
from declaration.protocol.sign_in import sign_in_namespace, verify_sign_in
from declaration.protocol.sshsig import frame, key_blob_of

_LINK = "Sign in with the link in your invitation, or ask the secretariat for a new one."
_STATUS = {
    "suspended": ("this key is suspended", "If you did not report its loss, call the secretariat at once."),
    "revoked": ("this key was revoked", _LINK),
    "expired": ("the mandate of this key has ended", _LINK),
}


@dataclass(frozen=True, slots=True)
class Presented:
    """What a sign-in form brings.

    :ivar signature: the SSHSIG blob or, with ``credential``, the signature field alone.
    :ivar credential: the credential id of a passkey whose public key the browser did not know; empty otherwise.
    """

    challenge: str
    site: str
    signature: bytes
    credential: str = ""


def who(session: Session, forum: Forum, presented: Presented, *, now: datetime, moment: datetime) -> tuple[Person, str]:
    """The person whose key has signed, and its fingerprint; the challenge is used up.

    :param now: the forum's hour, by which keys stand or have fallen.
    :param moment: the machine's, by which challenges run out.
    :raises Malformed, SignatureInvalid: what was sent is no sign-in of this forum.
    :raises NotFound: ``sign-in.unknown``: no such key is enrolled here.
    :raises Refused: ``sign-in.not-accredited``, ``sign-in.suspended``, ``sign-in.revoked``, ``sign-in.ended``,
        ``sign-in.no-access``, ``sign-in.spent``, ``sign-in.expired``.
    """
    state = current(session, forum)
    until = challenges.check(presented.challenge, forum.origin, now=moment)
    row, key = _signed(session, forum, state, presented)
    person = session.get_one(Person, row.person_id)
    _require_standing(state, key, now)
    if not person.active:
        raise Refused("your access was taken away", code="sign-in.no-access", instead="Ask the secretariat.")
    challenges.spend(session, presented.challenge, until, now=moment)
    return person, key.fingerprint


def _signed(session: Session, forum: Forum, state: State, presented: Presented) -> tuple[Enrolment, PublicKey]:
    """The enrolled key whose signature this is. Of several passkeys that claim one credential id, the one that it verifies under."""
    refused: SignatureInvalid | None = None
    for row in _rows(session, forum, presented):
        key = parse_public_key(row.public or "")
        blob = frame(key, sign_in_namespace(forum.origin), presented.signature) if presented.credential else presented.signature
        try:
            verify_sign_in(
                blob, key=key, challenge=presented.challenge, log=forum.origin, site=presented.site, policy=passkey_policy(forum, state)
            )
        except SignatureInvalid as error:
            refused = error
        else:
            return row, key
    if refused is not None:
        raise refused
    raise NotFound("nobody has enrolled this key in this forum", code="sign-in.unknown", instead=_LINK)


def _rows(session: Session, forum: Forum, presented: Presented) -> list[Enrolment]:
    query = select(Enrolment).where(Enrolment.forum_id == forum.id, Enrolment.public.is_not(None))
    if presented.credential:
        found = session.scalars(query.where(Enrolment.credential == presented.credential).limit(8))
        return [row for row in found if parse_public_key(row.public or "").kind == PASSKEY]
    try:
        fingerprint = read_key_blob(key_blob_of(presented.signature)).fingerprint
    except Malformed as error:
        raise SignatureInvalid(f"malformed signature: {error}", code="signature.malformed") from None
    return list(session.scalars(query.where(Enrolment.fingerprint == fingerprint)))


def _require_standing(state: State, key: PublicKey, now: datetime) -> None:
    found = state.keys.get(key.fingerprint)
    if found is None:
        raise Refused("this key is not accredited yet", code="sign-in.not-accredited", instead=_LINK)
    status = standing.key_status(state, found, now)
    if status != "active":
        message, instead = _STATUS[status]
        raise Refused(message, code=f"sign-in.{'ended' if status == 'expired' else status}", instead=instead)
