"""The whole table, by type of act."""

from __future__ import annotations

from collections.abc import Mapping

from declaration.desk.telling import rows_amendments, rows_parties, rows_text
from declaration.desk.telling.row import Row, Tell
from declaration.desk.telling.rows_parties import SILENT
from declaration.procedure.tables import BY_TYPE

__all__ = ["ROWS", "SILENT", "recorded", "sentence"]

ROWS: Mapping[str, Row] = {row.type: row for row in (*rows_text.ROWS, *rows_amendments.ROWS, *rows_parties.ROWS)}
"""Rows by type without ``-v1``. A row may be there before the procedure has its act: it says nothing until then."""

_SENTENCES: Mapping[str, tuple[Row, Tell]] = {f"{row.type}/{tell.name}": (row, tell) for row in ROWS.values() for tell in row.tells}


def recorded() -> Mapping[str, Row]:
    """Rows of the acts that the procedure has, by the type of their statement."""
    return {f"{name}-v1": row for name, row in ROWS.items() if f"{name}-v1" in BY_TYPE}


def sentence(kind: str) -> tuple[Row, Tell] | None:
    """The row and the sentence that a notice's ``kind`` names, or None where the table has none any more."""
    return _SENTENCES.get(kind)
