"""Signatures on paper: which are listed, and what became of each. Read from the state and a moment, never recorded.

They are in no total: what :func:`declaration.procedure.consequences.totals` counts are endorsements, signed with keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from declaration.procedure.holdings import Endorsement, PaperSignature
from declaration.procedure.state import State

_NO_SIGNATURE = (None, "refused", "annulled")


def paper_status(state: State, paper: PaperSignature, *, as_at: datetime | None = None) -> str:
    """``attested``, ``replaced`` (the organization has signed with a key) or ``set_aside``; as at any moment, UTC."""
    if paper.set_aside is not None and (as_at is None or (paper.ended is not None and paper.ended <= as_at)):
        return "set_aside"
    return "attested" if replaced_by(state, paper, as_at=as_at) is None else "replaced"


def replaced_by(state: State, paper: PaperSignature, *, as_at: datetime | None = None) -> Endorsement | None:
    """The organization's signature with a key that takes its place; one that was refused or annulled takes none."""
    return signed_with_key(state, as_at=as_at).get(paper.party)


def signed_with_key(state: State, *, as_at: datetime | None = None) -> Mapping[str, Endorsement]:
    """The signature of each organization that has signed as such with a key, by party."""
    return {
        each.party: each
        for each in state.endorsements.values()
        if each.capacity == "organization" and (each.status if as_at is None else each.status_at(as_at)) not in _NO_SIGNATURE
    }


def on_paper(state: State, *, as_at: datetime | None = None) -> list[PaperSignature]:
    """Organizations that have signed on paper and not with a key, in the order in which it was attested."""
    signed = signed_with_key(state, as_at=as_at) if state.papers else {}
    return [
        each
        for each in state.papers.values()
        if (as_at is None or each.at <= as_at) and each.party not in signed and paper_status(state, each, as_at=as_at) == "attested"
    ]


def paper_of(state: State, party: str) -> PaperSignature | None:
    """The attested signature on paper of an organization that was not set aside, whether or not a key has taken its place."""
    return next((each for each in state.papers.values() if each.party == party and each.set_aside is None), None)
