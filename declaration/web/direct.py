"""The driver beneath SQLAlchemy, for the few transactions that come in bursts.

Building a session, finding a compiled statement again and wrapping every result take longer than SQLite takes to do what is asked.
Whoever writes for hundreds at the same moment goes to the driver's own connection: in a session's transaction (:meth:`Direct.of`),
or in one without a session (:func:`writing`). What is asked there is a :class:`declaration.web.statements.Prepared`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from declaration.web.db import begin_writing


class Direct:
    """A transaction on the driver's own connection.

    :ivar dialect: of the database, in whose terms statements are compiled.
    """

    __slots__ = ("_driver", "dialect")

    def __init__(self, dialect: Dialect, driver: Any) -> None:
        self.dialect, self._driver = dialect, driver

    @classmethod
    def of(cls, session: Session) -> Direct:
        """The transaction that a session is in; what the session has not flushed is not in it."""
        connection = session.connection()
        return cls(connection.dialect, connection.connection.driver_connection)

    def execute(self, text: str, values: Any) -> Any:
        """The driver's cursor, after the statement was executed once.

        :raises DBAPIError: and those below it, as SQLAlchemy raises them.
        """
        try:
            cursor = self._driver.cursor()
            cursor.execute(text, values)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._as_ours(text, error) from error
        return cursor

    def execute_many(self, text: str, many: list[Any]) -> None:
        """The same for each of several rows, which give nothing back."""
        try:
            self._driver.cursor().executemany(text, many)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._as_ours(text, error) from error

    def commit(self) -> None:
        """Make it durable. Only for whoever has no session: a session commits its own."""
        try:
            self._driver.commit()
        except self.dialect.loaded_dbapi.Error as error:
            raise self._as_ours("COMMIT", error) from error

    def rollback(self) -> None:
        """Give it up."""
        self._driver.rollback()

    def _as_ours(self, text: str, error: Exception) -> BaseException:
        raised: BaseException = DBAPIError.instance(
            text, None, error, self.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=self.dialect
        )
        return raised


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Direct]:
    """A transaction that writes: committed when the block ends, rolled back when it raises."""
    pooled = engine.raw_connection()
    try:
        direct = Direct(engine.dialect, pooled.driver_connection)
        if engine.dialect.name == "sqlite":
            begin_writing(pooled.info, lambda text: direct.execute(text, ()))
        try:
            yield direct
            direct.commit()
        except BaseException:
            direct.rollback()
            raise
    finally:
        pooled.close()
