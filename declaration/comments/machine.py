"""The machine ``comment_thread`` (PROCEDURE 4.6) as data: pure, private, never recorded.

A row says from which states to which, and who may; ``own`` means that a head does it on a thread of the own delegation alone.
``answered`` is a state of the reference that is not kept: whether somebody has answered depends on who reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from declaration.errors import NotAllowed, Refused

WRITERS = ("chair", "secretariat", "translator", "head", "member")


@dataclass(frozen=True, slots=True)
class Step:
    """One row. ``reason``: it is given and shown to everybody who reads the thread."""

    before: tuple[str, ...]
    after: str
    who: tuple[str, ...]
    own: bool = False
    reason: bool = False


STEPS: Mapping[str, Step] = {
    "reply": Step(("open",), "open", WRITERS),
    "resolve": Step(("open",), "resolved", ("chair", "secretariat", "head"), own=True),
    "reopen": Step(("resolved",), "open", ("chair", "head"), own=True, reason=True),
    "hide": Step(("open", "resolved"), "hidden", ("chair",), reason=True),
    "unhide": Step(("hidden",), "open", ("chair",), reason=True),
}

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
