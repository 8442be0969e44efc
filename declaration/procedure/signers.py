"""The keys that the record gave authority, as ``allowed_signers`` for stock ``ssh-keygen -Y verify``."""

from __future__ import annotations

from declaration.procedure.state import State
from declaration.protocol.allowed_signers import AllowedSigner, allowed_signers
from declaration.protocol.keys import read_public_key


def allowed_signers_of(state: State) -> str:
    """The whole file: every accredited key, from the moment at which its accreditation took force."""
    return allowed_signers(
        AllowedSigner(
            role=key.role,
            party=key.party,
            key=read_public_key(key.public),
            namespaces=(f"*@{state.origin}",),
            valid_after=state.times[key.accredited],
        )
        for key in state.keys.values()
    )
