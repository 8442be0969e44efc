"""What an append and a proof cost, in statements and rows: logarithmic in the size of the record, counted and not timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from declaration.transparency import nodes, operations, queries
from declaration.transparency.models import LogEntry
from tests.transparency.made import found, opened, raw_entry

Work = Callable[[], AbstractContextManager[Session]]

SIZES = (16, 256, 600)
_HASHES = select(func.sum(func.length(LogEntry.nodes)))


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def grow(work: Work) -> Callable[[int], None]:
    with work() as session:
        opened(session)

    def to(size: int) -> None:
        with work() as session:
            log = found(session)
            for number in range(log.size, size):
                operations.append(session, log, raw_entry(number))

    return to


def test_appending_asks_for_the_same_at_every_size(grow: Callable[[int], None], work: Work) -> None:
    counts, hashes = [], []
    for size in SIZES:
        grow(size)
        with work() as session:
            log = found(session)
            before = session.scalar(_HASHES) or 0
            with statements(session) as said:
                operations.append(session, log, raw_entry(f"one more than {size}"))
                session.flush()
            counts.append(len(said))
            hashes.append(((session.scalar(_HASHES) or 0) - before) // 32)
    assert len(set(counts)) == 1, counts
    assert all(1 <= added <= size.bit_length() + 1 for added, size in zip(hashes, SIZES, strict=True)), hashes


def test_a_proof_is_one_statement_of_logarithmically_many_rows(
    grow: Callable[[int], None], work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    rows_of = nodes._rows
    monkeypatch.setattr(nodes, "_rows", lambda session, log_id, entries: asked.extend(entries) or rows_of(session, log_id, entries))
    for size in SIZES:
        grow(size)
        with work() as session:
            log = found(session)
            proofs = [partial(queries.inclusion, session, log, index, size) for index in (0, size // 3, size - 1)]
            proofs += [partial(queries.consistency, session, log, old, size) for old in (1, size // 3, size - 1)]
            for prove in proofs:
                asked.clear()
                with statements(session) as said:
                    prove()
                assert len(said) <= 1
                assert len(asked) <= 2 * size.bit_length()
