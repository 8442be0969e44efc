"""What the walk left behind, step by step."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from declaration.credentials.asking import refusal
from declaration.credentials.states import current
from declaration.procedure.act import Act
from declaration.web.transaction import unit_of_work
from tests.walks import auditing
from tests.walks.acting import DIRECTIONS as OF_THE_TEXT
from tests.walks.acting import DOING
from tests.walks.calendar import scheduled
from tests.walks.looking import LOOKING
from tests.walks.refusals import DEPARTING, REFUSALS
from tests.walks.register import REGISTER_DIRECTIONS, TRYING
from tests.walks.steps import STEPS, Step
from tests.walks.walk import Told, Turn, Walk

__all__ = ["auditing"]  # what it looks at is in LOOKING once it is imported

DIRECTIONS = {**OF_THE_TEXT, **REGISTER_DIRECTIONS}


@dataclass(frozen=True, slots=True)
class Taken:
    """One step, taken.

    :ivar entries: positions of the acts that it recorded. :ivar told: the refusal. :ivar before, after: the status of its thing.
    :ivar page: what the page says to somebody who may not do this at all. :ivar same: nothing was changed by it.
    """

    entries: range
    before: str
    after: str
    told: Told | None = None
    page: str = ""
    same: bool = False


@dataclass
class Evidence:
    """:ivar failed: the step at which the walk ended before its time, and why."""

    walk: Walk
    taken: dict[str, Taken] = field(default_factory=dict)
    failed: str = ""
    record: Sequence[Act] = ()

    @property
    def trail(self) -> Mapping[tuple[str, str], Sequence[Turn]]:
        return self.walk.trail


def walked(walk: Walk) -> Evidence:
    """Take every step of the calendar, and look where there is something to be seen."""
    evidence = Evidence(walk)
    for moment, name in scheduled():
        walk.at(moment)
        try:
            if name in DIRECTIONS:
                DIRECTIONS[name](walk)
            else:
                evidence.taken[name] = _take(walk, STEPS[name])
                if name in LOOKING:
                    LOOKING[name](walk)
        except Exception:
            # One broken step would make a cascade of failures: the walk ends here, and every test says where and why.
            evidence.failed = f"{name}: {traceback.format_exc()}"
            break
    evidence.record = walk.record()
    return evidence


def _take(walk: Walk, step: Step) -> Taken:
    size, state = walk.state.size, walk.state
    before = walk.status(step) if step.machine else ""
    told, page = None, ""
    if step.refused or step.name in DEPARTING:
        told, page = _refused(walk, step)
    elif step.act in DOING:
        DOING[step.act](walk, step)
    after = walk.status(step) if step.machine else ""
    return Taken(range(size, walk.state.size), before, after, told, page, same=walk.state == state)


def _refused(walk: Walk, step: Step) -> tuple[Told, str]:
    page = ""
    if step.name in REFUSALS and REFUSALS[step.name].page:
        with walk.app.app_context(), unit_of_work() as session:
            forum = walk.forum(session)
            actor = walk.persona(session, step.person).actor
            answer = refusal(current(session, forum), actor, f"{step.act}-v1", None, {}, at=walk.clock.now())
            page = answer.code if answer is not None else ""
    try:
        TRYING.get(step.name, DOING.get(step.act, _nothing))(walk, step)
    except Told as told:
        return told, page
    if step.name in DEPARTING:
        return None, page
    raise AssertionError(f"{step.name} was not refused")


def _nothing(walk: Walk, step: Step) -> None:
    """What nobody has to do any more."""
