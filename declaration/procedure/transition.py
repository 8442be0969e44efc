"""One row of the table of transitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from declaration.procedure.fields import Form

NAME = "forum-1"
"""The name by which a constitution cites these tables."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    :ivar before: states it may start from; empty for an act that starts its machine.
    :ivar after: the state it leads to; ``=`` where the state stays and the act is evidence.
    :ivar object: what the statement's ``object`` names: ``constitution``, ``version``, ``amendment``, ``silence``, ``statement``,
        ``credential``, ``key``, ``organization``, ``endorsement``, ``paper``, ``corrigendum``, ``act`` or ``none``.
    :ivar follows: for a row that is not recorded: the types of the recorded acts, or the rule of time (``time``), that bring it about;
        empty for what stays inside a delegation, a task or a thread.
    """

    machine: str
    name: str
    before: tuple[str, ...]
    after: str
    who: tuple[str, ...]
    object: str = "none"
    fields: Mapping[str, Form] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    recorded: bool = True
    follows: tuple[str, ...] = ()
    says: str = ""

    @property
    def type(self) -> str:
        """The type of its statement."""
        return f"{self.machine}.{self.name}-v1" if self.machine else f"{self.name}-v1"
