"""Asking what is possible now, for pages: a button that is not available says why.

The answer is the procedure's own: the act that would be signed is composed without a signature and judged in the state as it
is, so that a page can promise nothing that the record would refuse.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from declaration.errors import DeclarationError, NotEntitled, Refused
from declaration.procedure import replay
from declaration.procedure.act import Act
from declaration.procedure.guards_keys import key_stands
from declaration.procedure.state import Key, State
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.keys import parse_public_key
from declaration.protocol.statement import By, Seen, Statement
from declaration.web.access import Actor


def key_of(state: State, actor: Actor, *, among: Collection[str] | None = None) -> Key | None:
    """The key that was accredited for the actor's party and role, or appointed where the actor is an alternate; or ``None``.

    One that nothing was taken back from comes before one that is suspended or revoked, then the newest.

    :param among: fingerprints of the person's own keys, where two persons speak for one party.
    """
    found = [
        key
        for key in state.keys.values()
        if (key.party, key.role) == (actor.party, actor.role)
        and (key.delegated_by is not None) == actor.alternate
        and (among is None or key.fingerprint in among)
    ]
    return max(found, key=lambda key: (key.revoked is None, key.suspended is None, key.accredited), default=None)


def _named(body: Mapping[str, Any]) -> str:
    """The fingerprint of the key that a constitution names: the one that signs it, before any key is accredited."""
    key = body.get("key")
    return parse_public_key(key).fingerprint if isinstance(key, str) else ""


def refusal(
    state: State,
    actor: Actor,
    type_: str,
    object_: str | None,
    body: Mapping[str, Any],
    *,
    at: datetime,
    among: Collection[str] | None = None,
) -> DeclarationError | None:
    """Why ``actor`` may not do this now, or ``None`` where the rules allow it."""
    row = BY_TYPE.get(type_)
    if row is not None and actor.role not in row.who:
        entitled = " or ".join(row.who)
        return NotEntitled(f"only {entitled} may do this", instead=f"Ask {entitled}.")
    key = key_of(state, actor, among=among)
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
        if key is not None:
            key_stands(state, key, at)
        replay.check_allowed(state, Act(statement, at, state.size))
    except DeclarationError as error:
        return error
    return None
