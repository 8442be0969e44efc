"""The depositary's examination of signatures, the second signature, and the register's rows after either.

==========================================  ===========================================================================
type                                        fields
==========================================  ===========================================================================
``endorsement.question-v1`` and the like    ``reason``: the finding, which the organization and everybody reads
``endorsement.countersign-v1``              ``language``, ``read``, ``consent``: as for a signature
==========================================  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.states import current
from declaration.endorsements import models, operations
from declaration.forums.models import Forum
from declaration.procedure.holdings import Endorsement
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.web.access import Actor

COUNTERSIGN = "endorsement.countersign-v1"
QUESTION, RELEASE, REFUSE = "endorsement.question-v1", "endorsement.release-v1", "endorsement.refuse-v1"
ANNUL, SET_ASIDE = "endorsement.annul-v1", "endorsement.set_aside_withdrawal-v1"
_AFTER = (
    COUNTERSIGN, QUESTION, RELEASE, REFUSE, ANNUL, SET_ASIDE, "second-v1", "revoke-v1", "mandate.revoke-v1",
    "organization.object-v1", "organization.verify-v1", "organization.refuse-v1", "organization.reinstate-v1",
)  # fmt: skip
"""Acts after which a signature may stand otherwise in the register."""

OFFERED: Mapping[str, tuple[str, ...]] = {
    "counted": (QUESTION,),
    "held": (RELEASE, REFUSE, ANNUL),
    "withdrawn": (SET_ASIDE,),
}


def register(app: Flask) -> None:
    """Say how the second signature is composed, and that rows follow the record."""
    acts.register(app, COUNTERSIGN, compose=compose_countersignature)
    for type_ in _AFTER:
        acts.register(app, type_, then=follow)


def compose_countersignature(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """Body of ``endorsement.countersign-v1``: what a signature has, given by the second person."""
    made = operations.compose_signature(session, forum, state, actor, object_, fields)
    return {name: made[name] for name in ("language", "texts", "content")}


def follow(session: Session, forum: Forum, recorded: Recorded) -> None:
    """Bring the rows of those signatures up to date whose status this act has changed."""
    at = recorded.act.at
    for each in current(session, forum).endorsements.values():
        if len(each.story) > 1 and each.story[-1][0] == at:
            same = (models.Endorsement.forum_id == forum.id, models.Endorsement.statement == each.digest)
            session.execute(update(models.Endorsement).where(*same).values(status=each.status))


@dataclass(frozen=True, slots=True)
class Step:
    """One act in an endorsement's story: what was done, when, by whom, and the reason where it may be read.

    :ivar statement: its digest, by which its receipt is found.
    """

    type: str
    at: datetime
    party: str
    entry: int
    reason: str | None
    statement: str


def story(session: Session, forum: Forum, state: State, each: Endorsement) -> list[Step]:
    """Every later act on one endorsement, oldest first."""
    digests = [*each.findings, *(one.act for one in each.withdrawals)]
    if each.countersigned is not None:
        digests.append(each.countersigned.act)
    log = log_of(session, forum)
    found = []
    for index in sorted(state.digests[digest] for digest in dict.fromkeys(digests)):
        entry = parse_entry(queries.entry(session, log, index))
        document = contents.read(session, forum.id, str(entry.statement.body.get("content")), audiences=("public",)) or {}
        reason = document.get("text")
        said = entry.statement
        found.append(Step(said.type, entry.at, said.by.party, index, str(reason) if reason else None, said.digest))
    return found
