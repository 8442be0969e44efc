"""The keys that the record gave authority, as ``allowed_signers`` for stock ``ssh-keygen -Y verify``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from declaration.procedure.state import Key, State
from declaration.protocol.allowed_signers import AllowedSigner, allowed_signers


def allowed_signers_of(state: State) -> str:
    """The whole file: every accredited key, from the moment at which its accreditation took force to the one at which it ended.

    A key ends when it was revoked, or when its mandate or its time as an alternate's did. A revocation's own second still counts: the key
    may have signed that act itself, and an entry is recorded to the second. That acts made with a compromised key before
    that moment are in question is no matter of this file: their signatures are valid, and the record says what became of them.
    """
    return allowed_signers(signers_of(state))


def signers_of(state: State) -> Iterator[AllowedSigner]:
    """The signers in the file, one for each key, in no order."""
    for key in state.keys.values():
        yield AllowedSigner(
            role=key.role,
            party=key.party,
            key=key.public,
            namespaces=(f"*@{state.origin}",),
            valid_after=state.times[key.accredited],
            valid_before=_ended(state, key),
        )


def _ended(state: State, key: Key) -> datetime | None:
    taken_back = state.times[key.ended] + timedelta(seconds=1) if key.ended is not None else None
    moments = [each for each in (taken_back, key.valid_until) if each is not None]
    return max(min(moments), state.times[key.accredited]) if moments else None
