"""Who may read a message, from the narrowest to the widest, and who may choose which.

* ``own``: the own delegation. ``chair``: the Chair and that delegation. ``all``: every participant.
* A head chooses among the three. A member writes inside the delegation: the head speaks to others.
* The offices (Chair, secretariat, translators) write to everyone; the Chair also answers one delegation that wrote to the Chair.
* A reply is never for more people than the thread that it stands in.
"""

from __future__ import annotations

from dataclasses import dataclass

from declaration.errors import Malformed, NotAllowed
from declaration.web.access import Actor

AUDIENCES = ("own", "chair", "all")


@dataclass(frozen=True, slots=True)
class Audience:
    """One choice. ``side`` is the delegation on whose side a narrow message is."""

    kind: str
    side: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the choice in a form; one that is not the reader's is shown with the reason.

    :ivar value: as the form sends it: ``own``, ``chair``, ``all``; for an answer of the Chair to one delegation ``chair:kz``.
    """

    value: str
    audience: Audience
    allowed: bool = True


def choices(actor: Actor, *, widest: str = "all", asked: tuple[str, ...] = ()) -> list[Choice]:
    """What ``actor`` may choose in a thread, the narrowest first.

    :param widest: the audience of the thread.
    :param asked: delegations that have written to the Chair in this thread, for the Chair's answers.
    """
    within = AUDIENCES[: AUDIENCES.index(widest) + 1]
    if actor.delegation is not None:
        return [Choice(kind, Audience(kind, actor.delegation), kind == "own" or actor.role == "head") for kind in within]
    found = [Choice(f"chair:{side}", Audience("chair", side)) for side in asked] if actor.role == "chair" else []
    if widest == "all":
        found.append(Choice("all", Audience("all", None)))
    return found


def chosen(options: list[Choice], value: str) -> Audience:
    """The audience that a form names; nothing named means the narrowest.

    :raises Malformed: ``comment.audience`` for none of the choices.
    :raises NotAllowed: ``comment.head-speaks``.
    """
    if not options:
        raise NotAllowed("nobody can be addressed here", code="comment.audience")
    if not value:
        return options[0].audience
    for option in options:
        if option.value == value:
            if not option.allowed:
                raise NotAllowed(
                    "your head of delegation speaks to others",
                    code="comment.head-speaks",
                    instead="Write it to your delegation; the head can open it to others.",
                )
            return option.audience
    raise Malformed("there is no such audience here", code="comment.audience", instead="Choose one of those shown.")


def wider(kind: str, *, widest: str) -> tuple[str, ...]:
    """The audiences to which a message can still be widened."""
    return AUDIENCES[AUDIENCES.index(kind) + 1 : AUDIENCES.index(widest) + 1]
