"""Statements of bursts: compiled once a database and then handed to the driver as they are.

What is asked for every act goes this way (see :mod:`.direct`); whatever is not pays more for its readers than for its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select

from declaration.web.direct import Direct

Row = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """``bind`` makes of a row what the driver takes; ``results`` has a conversion, or None, for each column that is asked for."""

    text: str
    bind: Callable[[Row], Any]
    results: tuple[_Convert, ...]


class Prepared:
    """An ``INSERT``, ``UPDATE`` or ``SELECT`` whose values are given by name, all of them at each run.

    :param names: the columns that are written, and the parameters of the condition. The defaults that a model makes in Python are not
        made here.
    """

    def __init__(self, statement: UpdateBase | Select[Any], *names: str) -> None:
        self._statement, self._names = statement, names
        self._by_dialect: dict[str, _Compiled] = {}

    def run(self, direct: Direct, rows: Sequence[Row]) -> None:
        """Execute it for each row, in their order.

        :raises IntegrityError: as any statement.
        """
        compiled = self._compiled(direct.dialect)
        if len(rows) == 1:
            direct.execute(compiled.text, compiled.bind(rows[0]))
        else:
            direct.execute_many(compiled.text, [compiled.bind(row) for row in rows])

    def rows(self, direct: Direct, **values: Any) -> Iterator[tuple[Any, ...]]:
        """What a ``SELECT`` finds, row by row."""
        compiled = self._compiled(direct.dialect)
        for row in direct.execute(compiled.text, compiled.bind(values)):
            yield tuple(value if convert is None else convert(value) for value, convert in zip(row, compiled.results, strict=True))

    def first(self, direct: Direct, **values: Any) -> tuple[Any, ...] | None:
        """The first row that a ``SELECT`` finds."""
        return next(self.rows(direct, **values), None)

    def _compiled(self, dialect: Dialect) -> _Compiled:
        found = self._by_dialect.get(dialect.name)
        if found is not None:
            return found
        written = None if isinstance(self._statement, Select) else list(self._names)
        compiled = self._statement.compile(dialect=dialect, column_keys=written)
        if set(compiled.binds) != set(self._names):
            raise RuntimeError(f"not every value of this statement is given by name: {compiled}")
        how = [(name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in self._names]
        converted = {name: convert for name, convert in how if convert is not None}
        asked = self._statement.selected_columns if isinstance(self._statement, Select) else ()
        results = tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in asked)
        found = _Compiled(str(compiled), _binder(compiled.positiontup, self._names, converted), results)
        self._by_dialect[dialect.name] = found
        return found


def _binder(order: Sequence[str] | None, names: Sequence[str], converted: Mapping[str, Callable[[Any], Any]]) -> Callable[[Row], Any]:
    """Makes of a row what the driver takes: a tuple in the statement's order, or a dictionary."""
    if order is None:
        return lambda row: {name: converted[name](row[name]) if name in converted else row[name] for name in names}
    places = [(name, converted.get(name)) for name in order]
    return lambda row: tuple([row[name] if convert is None else convert(row[name]) for name, convert in places])
