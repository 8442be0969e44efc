"""Editorial corrections: proposed by the secretariat, in force once the Chair has countersigned, listed to every head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from declaration.adoption.saying import said
from declaration.adoption.silences import Words
from declaration.amendments.composing import number_of
from declaration.amendments.words import unit_names
from declaration.credentials import acts, contents
from declaration.credentials.signing import Ask
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.text.edits import Replace, parse_edits
from declaration.text.redline import changes_of, redline
from declaration.web.access import Actor

CORRECT = "paragraph.correct_editorially-v1"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction.

    :ivar done: when the Chair countersigned, or None while it waits.
    :ivar content: names the reason.
    """

    digest: str
    words: Sequence[Words]
    content: str
    at: datetime
    done: datetime | None = None

    @property
    def units(self) -> Sequence[str]:
        return [each.unit for each in self.words]


def waiting(state: State) -> list[Correction]:
    """Those that wait for the Chair, the oldest first."""
    found = []
    for digest, act in state.awaiting_second.items():
        if act.type != CORRECT:
            continue
        edits = [each for each in parse_edits([dict(each) for each in act["edits"]]) if isinstance(each, Replace)]
        names = unit_names(state, [each.unit for each in edits])
        words = [
            Words(each.unit, names[each.unit], number_of(state, each.unit), changes_of(state.words[each.base], each.splices))
            for each in edits
            if each.base in state.words
        ]
        found.append(Correction(digest, words, act["content"], act.at))
    return found


def made(state: State) -> list[Correction]:
    """Those that are in force, the latest first; every head sees them listed."""
    steps: dict[str, tuple[list[Words], datetime]] = {}
    for unit, history in state.history.items():
        for step in history:
            if step.op == "replace" and step.source in state.digests and step.source not in state.amendments and step.source != step.act:
                names = unit_names(state, [unit])
                changes = redline(state.words.get(step.before or "", ""), state.words.get(step.after or "", ""))
                words, _at = steps.setdefault(step.source, ([], step.at))
                words.append(Words(unit, names[unit], number_of(state, unit), changes))
    found = [Correction(digest, words, "", at, at) for digest, (words, at) in steps.items()]
    return sorted(found, key=lambda each: each.at, reverse=True)


def countersign(session: Session, forum: Forum, state: State, actor: Actor, correction: Correction, *, now: datetime) -> Ask:
    """The Chair's countersignature."""
    return said(forum, state, acts.offer(session, forum, actor, "second-v1", correction.digest, {}, now=now), correction.units)


def reason(session: Session, forum: Forum, correction: Correction) -> Mapping[str, str]:
    """Why it changes no meaning; empty where that is withheld."""
    return contents.read(session, forum.id, correction.content) or {}
