"""Asking what is possible now, for pages: a button that is not available says why.

The answer is the procedure's own: the act that would be signed is composed without a signature and judged in the state as it
is, so that a page can promise nothing that the record would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from declaration.errors import DeclarationError, Refused
from declaration.procedure import replay
from declaration.procedure.act import Act
from declaration.procedure.state import Key, State
from declaration.protocol.keys import parse_public_key
from declaration.protocol.statement import By, Seen, Statement
from declaration.web.access import Actor


def key_of(state: State, actor: Actor) -> Key | None:
    """The newest key that was accredited for the actor's party and role, or appointed where the actor is an alternate; or ``None``."""
    found = [
        key
        for key in state.keys.values()
        if (key.party, key.role) == (actor.party, actor.role) and (key.delegated_by is not None) == actor.alternate
    ]
    return max(found, key=lambda key: key.accredited, default=None)


def _named(body: Mapping[str, Any]) -> str:
    """The fingerprint of the key that a constitution names: the one that signs it, before any key is accredited."""
    key = body.get("key")
    return parse_public_key(key).fingerprint if isinstance(key, str) else ""


def refusal(
    state: State, actor: Actor, type_: str, object_: str | None, body: Mapping[str, Any], *, at: datetime
) -> DeclarationError | None:
    """Why ``actor`` may not do this now, or ``None`` where the rules allow it."""
    key = key_of(state, actor)
    if key is None and state.constitution is not None:
        return Refused(
            "your key is not accredited yet",
            code="key.none",
            instead="Enrol a key on this device; the page of your keys shows how far it is.",
        )
    by = By(key.fingerprint if key else _named(body), actor.party, actor.role)
    statement = Statement(
        type=type_,
        by=by,
        declaration=state.declaration,
        log=state.origin,
        nonce="",
        object=object_,
        seen=Seen(state.size, ""),
        body=body,
        raw=b"",
        digest="",
    )
    if state.times and at < state.times[-1]:
        at = state.times[-1]
    try:
        replay.check_allowed(state, Act(statement, at, state.size))
    except DeclarationError as error:
        return error
    return None
