"""Procedure ``forum-1``: which transitions there are, who makes them, and what their statements carry.

A row says: the machine and the transition; from which states to which; who may; whether it is recorded (a signed statement
in the record) or private (a delegation's own drafting, a comment); what its ``object`` is; the
fields of its statement; the guards, by name, in the order in which they are asked.

Rows with ``who`` equal to ``system`` are consequences: they are computed by :mod:`declaration.procedure.consequences` and
never recorded. The rows stand in the modules ``rows_…``, by matter.
"""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import (
    rows_amendments,
    rows_comments,
    rows_corrigenda,
    rows_keys,
    rows_papers,
    rows_paragraphs,
    rows_parties,
    rows_register,
    rows_silence,
    rows_sitting,
    rows_text,
)
from declaration.procedure.transition import NAME, Transition

__all__ = ["BY_TYPE", "NAME", "TRANSITIONS", "Transition", "transition"]

TRANSITIONS: tuple[Transition, ...] = (
    *rows_parties.ROWS,
    *rows_keys.ROWS,
    *rows_sitting.ROWS,
    *rows_text.ROWS,
    *rows_paragraphs.ROWS,
    *rows_amendments.ROWS,
    *rows_silence.ROWS,
    *rows_comments.ROWS,
    *rows_register.ROWS,
    *rows_papers.ROWS,
    *rows_corrigenda.ROWS,
)
"""Every transition of the procedure."""

BY_TYPE: Mapping[str, Transition] = {row.type: row for row in TRANSITIONS if row.recorded}
"""The recorded ones, by the type of their statement."""


def transition(machine: str, name: str) -> Transition:
    """Return one row; :raises KeyError: where the table has none."""
    for row in TRANSITIONS:
        if (row.machine, row.name) == (machine, name):
            return row
    raise KeyError(f"{machine}.{name}")
