"""Rows written in bursts: a statement that is compiled once a database and then handed to the driver as it is.

SQLAlchemy finds a compiled statement again at each execution, which takes longer than SQLite takes to run it. What is written for
every act goes this way; whatever is not pays more for its readers than for its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import UpdateBase

Row = Mapping[str, Any]
_Bind = Callable[[Row], Any]


class Prepared:
    """An ``INSERT`` or ``UPDATE`` whose values are given by name, all of them at each run; it returns nothing.

    :param names: the columns, and the parameters of the condition. The defaults that a model makes in Python are not made here.
    """

    def __init__(self, statement: UpdateBase, *names: str) -> None:
        self._statement, self._names = statement, names
        self._by_dialect: dict[str, tuple[str, _Bind]] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Execute it for each row, in their order.

        :raises IntegrityError: as any statement.
        """
        found = self._by_dialect.get(connection.dialect.name)
        text, bind = self._compiled(connection.dialect) if found is None else found
        connection.exec_driver_sql(text, bind(rows[0]) if len(rows) == 1 else [bind(row) for row in rows])

    def _compiled(self, dialect: Dialect) -> tuple[str, _Bind]:
        compiled = self._statement.compile(dialect=dialect, column_keys=list(self._names))
        if set(compiled.binds) != set(self._names):
            raise RuntimeError(f"not every value of this statement is given by name: {compiled}")
        how = [(name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in self._names]
        converted = {name: convert for name, convert in how if convert is not None}
        found = self._by_dialect[dialect.name] = str(compiled), _binder(compiled.positiontup, self._names, converted)
        return found


def _binder(order: Sequence[str] | None, names: Sequence[str], converted: Mapping[str, Callable[[Any], Any]]) -> _Bind:
    """Makes of a row what the driver takes: a tuple in the statement's order, or a dictionary."""
    if order is None:
        return lambda row: {name: converted[name](row[name]) if name in converted else row[name] for name in names}
    places = [(name, converted.get(name)) for name in order]
    return lambda row: tuple(row[name] if convert is None else convert(row[name]) for name, convert in places)
