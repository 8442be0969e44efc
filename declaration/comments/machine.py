"""The machine ``comment_thread`` as this feature asks it: pure, private, never recorded.

The transitions are those of the procedure's table (:mod:`declaration.procedure.rows_comments`). ``own`` means that a head does it on a
thread of the own delegation alone. ``answered`` is not kept: whether somebody has answered depends on who reads, so a thread that was
answered is kept as open and shown as answered to whoever can read the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from declaration.errors import NotAllowed, Refused
from declaration.procedure.rows_comments import ROWS


@dataclass(frozen=True, slots=True)
class Step:
    """One transition. ``reason``: it is given and shown to everybody who reads the thread."""

    before: tuple[str, ...]
    after: str
    who: tuple[str, ...]
    own: bool = False
    reason: bool = False


_OWN = ("resolve", "reopen")
_REASONED = ("reopen", "hide", "unhide")


def _kept(status: str) -> str:
    return "open" if status in ("answered", "=") else status


def _steps() -> dict[str, Step]:
    found: dict[str, Step] = {}
    for row in ROWS:
        before = tuple(dict.fromkeys(map(_kept, row.before)))
        found.setdefault(row.name, Step(before, _kept(row.after), row.who, row.name in _OWN, row.name in _REASONED))
    return found


STEPS: Mapping[str, Step] = _steps()
"""Every transition of a thread, by name."""

WRITERS = STEPS["reply"].who

_INSTEAD = {("reply", "resolved"): "The Chair, or the head whose thread it is, can reopen it.", ("reply", "hidden"): "Begin another."}


def next_status(status: str, name: str, *, role: str, own: bool) -> str:
    """The state after a step.

    :param own: the thread was begun by the actor's delegation.
    :raises NotAllowed: ``comment.role``.
    :raises Refused: ``comment.state``.
    """
    step = STEPS[name]
    if role not in step.who or (step.own and role == "head" and not own):
        raise NotAllowed("this thread is not yours to settle", code="comment.role", instead="Ask the Chair, or write a reply.")
    if status not in step.before:
        raise Refused(f"this thread is {status}", code="comment.state", instead=_INSTEAD.get((name, status), ""))
    return step.after


def available(status: str, *, role: str, own: bool) -> tuple[str, ...]:
    """The steps that are possible now, ``reply`` not among them."""
    return tuple(
        name
        for name, step in STEPS.items()
        if name != "reply" and status in step.before and role in step.who and (own or not (step.own and role == "head"))
    )
