"""Effects of signatures on paper (see :mod:`declaration.procedure.effects`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from declaration.procedure.act import Act
from declaration.procedure.holdings import PaperSignature
from declaration.procedure.standing import organization_named
from declaration.procedure.state import State

Effect = Callable[[State, Act], None]


def attest(state: State, act: Act) -> None:
    """One person's word; it waits for a second one's."""
    state.awaiting_second[act.digest] = act


def attested(state: State, given: Act, in_force: Act) -> None:
    """Two persons have attested it: it is listed, apart."""
    organization = organization_named(state, given.object)
    state.papers[given.digest] = PaperSignature(
        digest=given.digest,
        party=organization.party,
        country=organization.country,
        name=organization.name,
        registration=organization.registration,
        version=given["version"],
        scan=given["scan"],
        content=given["content"],
        attested_by=(given.statement.by.party, in_force.statement.by.party),
        index=in_force.index,
        at=in_force.at,
    )


def set_aside(state: State, act: Act) -> None:
    """It was never the organization's; what was attested stays in sight."""
    state.papers[act.object] = replace(state.papers[act.object], set_aside=act.digest, ended=act.at)


PAPER_EFFECTS: Mapping[str, Effect] = {"paper.attest-v1": attest, "paper.set_aside-v1": set_aside}
