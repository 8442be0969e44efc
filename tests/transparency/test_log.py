"""Opening, appending, reading, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from declaration.errors import Conflict, DeclarationError, Malformed, NotFound, ProofInvalid, Refused, ServiceHeld
from declaration.protocol import merkle
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.entry import parse_entry
from declaration.protocol.note import parse_vkey
from declaration.protocol.receipt import parse_receipt, verify_receipt
from declaration.transparency import operations, queries
from declaration.transparency.models import Log, LogCheckpoint, LogEntry
from declaration.transparency.receipts import receipt
from declaration.web.db import db
from declaration.web.transaction import unit_of_work
from tests.support.rfc6962 import leaf, reference_consistency, reference_path, reference_root
from tests.transparency.made import AT, ORIGIN, found, opened, raw_entry

Work = Callable[[], AbstractContextManager[Session]]

SIZE = 37


@pytest.fixture
def filled(work: Work) -> Work:
    """A log of 37 entries."""
    with work() as session:
        opened(session, SIZE)
    return work


def test_a_new_log_is_empty_and_says_so_under_its_key(work: Work) -> None:
    with work() as session:
        opened(session)
    with work() as session:
        log = found(session)
        checkpoint = open_checkpoint(queries.latest(session, log), parse_vkey(queries.vkey(log)))
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 0, merkle.EMPTY_ROOT)
        assert list(queries.entries(session, log)) == []


def test_every_root_is_the_rfcs_and_every_checkpoint_is_kept(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        verifier = parse_vkey(log.vkey)
        leaves = [leaf(raw_entry(number)) for number in range(SIZE)]
        for size in range(SIZE + 1):
            checkpoint = open_checkpoint(queries.checkpoint_at(session, log, size), verifier)
            assert (checkpoint.size, checkpoint.root) == (size, reference_root(leaves[:size]))
            assert queries.root_at(session, log, size) == checkpoint.root
        assert queries.latest(session, log) == queries.checkpoint_at(session, log, SIZE)


def test_every_proof_is_the_rfcs(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        leaves = [leaf(raw_entry(number)) for number in range(SIZE)]
        for size in (1, 2, 3, 8, 31, SIZE):
            for index in range(size):
                assert queries.inclusion(session, log, index, size) == reference_path(index, leaves[:size])
            for old in range(1, size + 1):
                assert queries.consistency(session, log, old, size) == reference_consistency(old, leaves[:size])


def test_entries_come_back_as_they_were(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        assert list(queries.entries(session, log)) == [(number, raw_entry(number)) for number in range(SIZE)]
        assert list(queries.entries(session, log, 5, 7)) == [(5, raw_entry(5)), (6, raw_entry(6))]
        assert list(queries.entries(session, log, SIZE)) == []
        assert queries.entry(session, log, 11) == raw_entry(11)
        assert queries.index_of(session, log, parse_entry(raw_entry(11)).statement.digest) == 11
        assert queries.index_of(session, log, "0" * 64) is None


def test_entries_are_read_in_pieces(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_AT_ONCE", 4)
    with work() as session:
        log = opened(session, 9)
        assert [index for index, _ in queries.entries(session, log, 1, 9)] == list(range(1, 9))


def test_the_number_of_rows_is_what_the_tree_needs(filled: Work) -> None:
    with filled() as session:
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (LogEntry, LogCheckpoint)]
        assert counts == [SIZE, SIZE + 1]
        assert session.scalar(select(func.sum(func.length(LogEntry.nodes)))) == 32 * (2 * SIZE - SIZE.bit_count())


def test_a_receipt_proves_its_entry_and_stays_the_same(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        files = [receipt(session, log, index) for index in range(SIZE)]
    with filled() as session:
        log = found(session)
        operations.append(session, log, raw_entry("later"))
    with filled() as session:
        log = found(session)
        constitution = leaf(raw_entry(0)).hex()
        for index, file in enumerate(files):
            assert receipt(session, log, index) == file
            entry, place = verify_receipt(parse_receipt(file), parse_vkey(log.vkey), constitution=constitution)
            assert (entry.raw, place) == (raw_entry(index), index)


# One database for all of them: they only read.
NOT_THERE: list[tuple[Callable[[Session, Log], object], type[DeclarationError], str]] = [
    (lambda s, log: queries.entry(s, log, SIZE), NotFound, "log.no-such-entry"),
    (lambda s, log: queries.entry(s, log, -1), NotFound, "log.no-such-entry"),
    (lambda s, log: next(queries.entries(s, log, 0, SIZE + 1)), NotFound, "log.no-such-size"),
    (lambda s, log: next(queries.entries(s, log, -1, 3)), NotFound, "log.no-such-size"),
    (lambda s, log: next(queries.entries(s, log, 3, 2)), NotFound, "log.no-such-size"),
    (lambda s, log: queries.root_at(s, log, SIZE + 1), NotFound, "log.no-such-size"),
    (lambda s, log: queries.root_at(s, log, -1), NotFound, "log.no-such-size"),
    (lambda s, log: queries.checkpoint_at(s, log, SIZE + 1), NotFound, "log.no-such-size"),
    (lambda s, log: queries.inclusion(s, log, 0, SIZE + 1), NotFound, "log.no-such-size"),
    (lambda s, log: queries.inclusion(s, log, 5, 5), ProofInvalid, "proof.index"),
    (lambda s, log: queries.inclusion(s, log, -1, 5), ProofInvalid, "proof.index"),
    (lambda s, log: queries.inclusion(s, log, 0, 0), ProofInvalid, "proof.index"),
    (lambda s, log: queries.consistency(s, log, 0, 5), ProofInvalid, "proof.sizes"),
    (lambda s, log: queries.consistency(s, log, 6, 5), ProofInvalid, "proof.sizes"),
    (lambda s, log: queries.consistency(s, log, -1, 5), ProofInvalid, "proof.sizes"),
    (lambda s, log: queries.consistency(s, log, 5, SIZE + 1), NotFound, "log.no-such-size"),
    (lambda s, log: queries.tile(s, log, 0, 0, SIZE + 1), NotFound, "log.no-such-tile"),
    (lambda s, log: queries.tile(s, log, 1, 0, 1), NotFound, "log.no-such-tile"),
    (lambda s, log: queries.bundle_of_entries(s, log, 0, SIZE + 1), NotFound, "log.no-such-tile"),
    (lambda s, log: queries.index_of(s, log, "0" * 63), Malformed, "encoding.hex"),
    (lambda s, log: receipt(s, log, SIZE), NotFound, "log.no-such-entry"),
    (lambda s, log: queries.log_named(s, "nakhchivan"), NotFound, "log.unknown"),
]


def test_a_size_or_index_that_is_not_there_is_refused(filled: Work) -> None:
    for number, (ask, error, code) in enumerate(NOT_THERE):
        with filled() as session, pytest.raises(error) as refused:
            pytest.fail(f"number {number} answered {ask(session, found(session))!r}")
        assert refused.value.code == code, f"number {number}"


@pytest.mark.parametrize(
    ("raw", "error", "code"),
    [
        pytest.param(raw_entry(3), Conflict, "log.repeated", id="a statement that is recorded"),
        pytest.param(
            raw_entry(3, at=AT + timedelta(hours=1)), Conflict, "log.repeated", id="a statement that is recorded, at another time"
        ),
        pytest.param(raw_entry("x", log="declaration.example/ganja"), Refused, "log.other-forum", id="meant for another forum"),
        pytest.param(raw_entry("x", at=AT - timedelta(seconds=1)), Refused, "log.time-backward", id="before its predecessor"),
        pytest.param(b"", Malformed, "json.syntax", id="nothing"),
        pytest.param(raw_entry("x") + b"\n", Malformed, "json.not-canonical", id="with its line end"),
        pytest.param(b'{"at":"2025-11-24T08:00:00Z"}', Malformed, "entry.fields", id="not an entry"),
        pytest.param(raw_entry("x") + b" " * 65_535, Malformed, "entry.too-long", id="too long for a tile"),
    ],
)
def test_an_append_that_is_refused_leaves_nothing(filled: Work, raw: bytes, error: type[DeclarationError], code: str) -> None:
    with pytest.raises(error) as refused, filled() as session:
        operations.append(session, found(session), raw)
    assert refused.value.code == code
    with filled() as session:
        log = found(session)
        assert (log.size, log.root) == (SIZE, reference_root([leaf(raw_entry(number)) for number in range(SIZE)]))
        assert operations.append(session, log, raw_entry("good")).index == SIZE


def test_a_rolled_back_transaction_leaves_nothing_and_the_next_append_takes_its_place(filled: Work) -> None:
    with pytest.raises(RuntimeError, match="changed our minds"), filled() as session:
        log = operations.lock(session, found(session))
        assert operations.append(session, log, raw_entry("never")).index == SIZE
        raise RuntimeError("changed our minds")
    with filled() as session:
        log = found(session)
        assert queries.index_of(session, log, parse_entry(raw_entry("never")).statement.digest) is None
        assert operations.append(session, log, raw_entry("instead")).index == SIZE
    with filled() as session:
        log = found(session)
        leaves = [leaf(raw_entry(number)) for number in [*range(SIZE), "instead"]]
        assert queries.root_at(session, log, SIZE + 1) == reference_root(leaves)
        assert queries.latest(session, log)


def test_a_rolled_back_savepoint_does_not_move_the_guard_past_the_database(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        operations.append(session, log, raw_entry("kept"))
        with pytest.raises(RuntimeError), session.begin_nested():
            operations.append(session, log, raw_entry("dropped"))
            session.flush()
            raise RuntimeError
    with filled() as session:
        log = found(session)
        assert log.size == SIZE + 1
        assert queries.latest(session, log)
        assert operations.append(session, log, raw_entry("next")).index == SIZE + 1


def test_two_appends_in_one_transaction(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        assert [operations.append(session, log, raw_entry(name)).index for name in ("one", "two")] == [SIZE, SIZE + 1]
        assert receipt(session, log, SIZE + 1)
    with filled() as session:
        assert len(list(queries.entries(session, found(session), SIZE))) == 2


def test_locking_reads_the_head_anew(app: Flask, filled: Work) -> None:
    with app.app_context(), Session(db.engine, expire_on_commit=False) as slow:
        log = found(slow)
        slow.commit()
        with unit_of_work() as session:
            operations.append(session, found(session), raw_entry("in between", at=AT + timedelta(minutes=3)))
        assert log.size == SIZE  # what it still believes
        assert operations.lock(slow, log) is log
        assert (log.size, log.last_at) == (SIZE + 1, AT + timedelta(minutes=3))


def test_the_same_time_as_the_predecessor_is_allowed(filled: Work) -> None:
    with filled() as session:
        log = operations.lock(session, found(session))
        assert log.last_at == AT
        operations.append(session, log, raw_entry("same second", at=AT))


@pytest.mark.parametrize("origin", [ORIGIN, "another.example/baku"])
def test_a_second_log_of_the_same_name_is_refused(filled: Work, origin: str) -> None:
    with pytest.raises(Conflict) as refused, filled() as session:
        operations.create_log(session, origin)
    assert refused.value.code == "log.exists"


@pytest.mark.parametrize("origin", ["", "baku", "declaration.example", "declaration.example/Baku", "declaration.example/ba ku"])
def test_a_log_needs_an_origin(work: Work, origin: str) -> None:
    with pytest.raises(Malformed), work() as session:
        operations.create_log(session, origin)


def test_two_logs_do_not_know_each_other(filled: Work) -> None:
    with filled() as session:
        other = operations.create_log(session, "declaration.example/ganja")
        assert operations.append(session, other, raw_entry(0, log=other.origin)).index == 0
        assert other.vkey != found(session).vkey
        with pytest.raises(DeclarationError):
            open_checkpoint(queries.checkpoint_at(session, other, 1), parse_vkey(found(session).vkey))


def test_a_head_that_contradicts_itself_is_not_built_on(filled: Work) -> None:
    with filled() as session:
        log = found(session)
        log.peaks = sha256(b"somebody's own").digest() * SIZE.bit_count()
    with pytest.raises(ServiceHeld) as held, filled() as session:
        operations.append(session, found(session), raw_entry("next"))
    assert held.value.code == "log.damaged"
