"""The register's figures, counted once for each state of the record and remembered by this worker.

Counting looks at every endorsement (:func:`declaration.procedure.consequences.totals`), and between two acts every page shows the same
figures. So those of the last state that was asked about are kept, one state for each record, and they are given again for **that very
object at that very size**, and for no other: not for an equal one, nor for a fork, which may go another way. A state that has been handed
out is never changed; one that a transaction is still advancing grows with every act. So what is given is always what counting anew would
give. Figures as at a past moment are counted each time: few ask for them, and for any moment.

The state itself is not kept alive: it goes when the worker has read on and nobody looks at it any more.
"""

from __future__ import annotations

from datetime import datetime
from weakref import ReferenceType, ref

from flask import current_app

from declaration.procedure import consequences
from declaration.procedure.consequences import Totals
from declaration.procedure.state import State

_EXTENSION = "register-figures"


class Figures:
    """What was counted last, by the origin of the record. Threads may share one: each place is read and written at once."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[ReferenceType[State], int, Totals]] = {}

    def of(self, state: State) -> Totals:
        """The register in figures, as :func:`declaration.procedure.consequences.totals` counts them."""
        counted = self._counted.get(state.origin)
        if counted is not None and counted[0]() is state and counted[1] == state.size:
            return counted[2]
        size = state.size  # before counting: were it changed meanwhile, it would be counted anew
        found = consequences.totals(state)
        self._counted[state.origin] = (ref(state), size, found)
        return found


def totals(state: State, *, as_at: datetime | None = None) -> Totals:
    """The register in figures; as at any moment, UTC."""
    if as_at is not None:
        return consequences.totals(state, as_at=as_at)
    kept: Figures = current_app.extensions.setdefault(_EXTENSION, Figures())
    return kept.of(state)
