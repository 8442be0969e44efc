"""add-checkpoint: what a witness signs, and above all what it does not."""

from __future__ import annotations

import sqlite3

import pytest

from declaration.errors import DeclarationError
from declaration.protocol.equivocation import parse_equivocation, verify_equivocation
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.note import NoteSigner, verify
from declaration.witness.memory import Memory, MemoryRefused
from declaration.witness.service import MAX_BODY, Answer
from tests.support.logs import LOG, WITNESS, MadeLog, key
from tests.witness.conftest import START, Watching

log = MadeLog().grow(20)
STRANGER = NoteSigner("declaration.example/another", key("another log"))
IMPOSTOR = NoteSigner(LOG.name, key("not the log"))


def times(note: bytes, answer: Answer) -> list[int | None]:
    """When the witness signed, as whoever knows both keys reads it."""
    assert answer.status == 200, answer.body
    return [each.time for each in verify(note + answer.body, [LOG.verifier, WITNESS.verifier]).signatures]


def test_it_signs_what_extends_what_it_signed(watching: Watching) -> None:
    assert times(log.note(3), watching.ask(log.request(0, 3))) == [None, START]
    watching.now += 7
    assert times(log.note(11), watching.ask(log.request(3, 11))) == [None, START + 7]
    assert watching.last == (11, log.root(11))


def test_it_signs_the_same_again_with_a_fresh_time(watching: Watching) -> None:
    watching.ask(log.request(0, 5))
    watching.now += 60
    assert times(log.note(5), watching.ask(log.request(5, 5))) == [None, START + 60]


def test_an_empty_log_may_be_witnessed(watching: Watching) -> None:
    assert watching.ask(log.request(0, 0)).status == 200
    assert watching.last == (0, EMPTY_ROOT)
    assert watching.ask(log.request(0, 4)).status == 200


def test_a_log_that_knows_less_is_told_the_size(watching: Watching) -> None:
    watching.ask(log.request(0, 8))
    for body in (log.request(0, 9), log.request(3, 9), log.request(9, 9), log.request(3, 4), log.request(0, 0)):
        answer = watching.ask(body)
        assert (answer.status, answer.body, answer.content_type, answer.evidence) == (409, b"8\n", "text/x.tlog.size", None)
    assert watching.last == (8, log.root(8))


def test_never_a_smaller_size_after_a_larger(watching: Watching) -> None:
    watching.ask(log.request(0, 8))
    assert watching.ask(log.request(5, 5)).status == 409
    assert watching.ask(log.request(8, 5, proof=())).status == 400


@pytest.mark.parametrize("old", [0, 5, 12])
def test_two_roots_for_one_size_are_kept_as_evidence(watching: Watching, old: int) -> None:
    watching.ask(log.request(0, 12))
    liar = log.fork(5, 7)
    answer = watching.ask(liar.request(old))
    assert (answer.status, answer.body, answer.content_type) == (409, b"12\n", "text/x.tlog.size")
    assert answer.evidence is not None
    first, second = verify_equivocation(parse_equivocation(answer.evidence), LOG.verifier)
    assert {first.root, second.root} == {log.root(12), liar.root()}
    assert watching.last == (12, log.root(12))


def test_a_branch_is_not_followed(watching: Watching) -> None:
    watching.ask(log.request(0, 12))
    liar = log.fork(5, 9)
    assert watching.ask(liar.request(12)).status == 422
    assert watching.last == (12, log.root(12))


WRONG_PROOFS = {
    "none": [],
    "from another size": log.consistency(7, 20),
    "one too many": [*log.consistency(6), bytes(32)],
    "one too few": log.consistency(6)[:-1],
    "in another order": log.consistency(6)[::-1],
    "of zeros": [bytes(32)] * len(log.consistency(6)),
}


@pytest.mark.parametrize("proof", WRONG_PROOFS.values(), ids=WRONG_PROOFS)
def test_a_wrong_proof(watching: Watching, proof: list[bytes]) -> None:
    watching.ask(log.request(0, 6))
    assert watching.ask(log.request(6, proof=proof)).status == 422
    assert watching.last == (6, log.root(6))


def test_a_proof_from_nothing_is_empty(watching: Watching) -> None:
    assert watching.ask(log.request(0, 6, proof=[bytes(32)])).status == 422
    assert watching.last is None


def test_an_unknown_log(watching: Watching) -> None:
    assert watching.ask(MadeLog(STRANGER, list(log.entries)).request(0, 6)).status == 404


def test_an_origin_of_ours_signed_by_another_key(watching: Watching) -> None:
    assert watching.ask(log.request(0, 6, note=log.note(6, IMPOSTOR))).status == 403
    assert watching.ask(log.request(0, 6, note=log.note(6, STRANGER))).status == 403
    broken = log.note(6).replace(b"6\n", b"7\n", 1)
    assert watching.ask(log.request(0, 6, note=broken)).status == 403
    twice = log.note(6, LOG, LOG)
    assert watching.ask(log.request(0, 6, note=twice)).status == 403
    assert watching.last is None


def test_signatures_by_others_do_not_matter(watching: Watching) -> None:
    note = log.note(6, STRANGER, LOG, IMPOSTOR)
    assert times(note, watching.ask(log.request(0, 6, note=note))) == [None, START]


good = log.request(3, 6)
MALFORMED = {
    "empty": b"",
    "no old size": good.replace(b"old 3", b"new 3"),
    "a size with a sign": good.replace(b"old 3", b"old +3"),
    "a size with a zero before it": good.replace(b"old 3", b"old 03"),
    "a size with a space after it": good.replace(b"old 3", b"old 3 "),
    "a size that is no size": good.replace(b"old 3", b"old -1"),
    "a size of 2^53": good.replace(b"old 3", b"old 9007199254740992"),
    "CRLF": good.replace(b"old 3\n", b"old 3\r\n"),
    "a hash of 31 bytes": log.request(3, 6, proof=[bytes(31)]),
    "a hash that is no base64": good.replace(b"old 3\n", b"old 3\n????\n"),
    "64 hashes": log.request(3, 6, proof=[bytes(32)] * 64),
    "no empty line": good.replace(b"\n\n", b"\n", 1),
    "no checkpoint": good.partition(b"\n\n")[0] + b"\n\n",
    "no signature": good.rpartition(b"\n\n")[0] + b"\n\n",
    "a signature of no bytes": good.rpartition(b" ")[0] + b" \n",
    "extension lines": log.request(0, 6, note=log.note(6, text=log.checkpoint(6).text + "more\n")),
    "not UTF-8": good.replace(b"declaration", b"\xff\xfeclaration"),
    "a root of 31 bytes": good.replace(good.split(b"\n")[-4], b"AAAA"),
    "too long": good + b"x" * MAX_BODY,
    "old larger than the checkpoint": log.request(7, 6, proof=()),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed(watching: Watching, body: bytes) -> None:
    watching.ask(log.request(0, 3))
    assert watching.ask(body).status == 400
    assert watching.last == (3, log.root(3))


def test_every_byte_matters(watching: Watching) -> None:
    """A request with one byte changed is refused, or it is refused the signature that was asked for."""
    watching.ask(log.request(0, 3))
    body = log.request(3, 7)
    for place in range(len(body)):
        bad = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        answer = watching.ask(bad)
        assert answer.status != 200 or watching.last == (7, log.root(7)), place
        assert answer.status in {400, 403, 404, 409, 422}, place
    assert watching.last == (3, log.root(3))


# -- time ------------------------------------------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_signs_nothing(watching: Watching) -> None:
    watching.ask(log.request(0, 3))
    watching.now -= 1
    assert watching.ask(log.request(3, 7)).status == 503
    assert watching.ask(log.request(3, 3)).status == 503
    assert watching.last == (3, log.root(3))
    watching.now += 1
    assert times(log.note(7), watching.ask(log.request(3, 7))) == [None, START]


# -- memory ----------------------------------------------------------------------------------------------------------------------


def test_it_remembers_before_it_answers(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr("declaration.witness.memory.Deciding.remember", full)
    with pytest.raises(sqlite3.OperationalError):
        watching.ask(log.request(0, 3))
    monkeypatch.undo()
    assert watching.last is None


def test_a_witness_that_forgot_does_not_start(watching: Watching) -> None:
    watching.path.unlink()
    with pytest.raises(MemoryRefused):
        watching.restarted()
    assert not watching.path.exists()


def test_a_database_of_another_key(watching: Watching) -> None:
    with pytest.raises(MemoryRefused):
        Memory(watching.path, STRANGER.verifier.vkey).open()
    with pytest.raises(MemoryRefused):
        Memory(watching.path, WITNESS.verifier.vkey).create()


def test_a_file_that_is_no_database(watching: Watching) -> None:
    watching.path.write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises((MemoryRefused, sqlite3.DatabaseError)):
        watching.restarted()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seen SET size = 2",
        "UPDATE seen SET root = zeroblob(32)",
        "UPDATE seen SET time = 1",
        "UPDATE seen SET origin = 'another'",
        "DELETE FROM seen",
        "INSERT OR REPLACE INTO seen SELECT origin, 1, root, time, note FROM seen",
        "UPDATE witness SET vkey = 'another'",
    ],
)
def test_the_database_refuses_to_go_back(watching: Watching, statement: str) -> None:
    watching.ask(log.request(0, 3))
    with sqlite3.connect(watching.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert watching.last == (3, log.root(3))


def test_an_answer_that_was_lost_can_be_asked_for_again(watching: Watching) -> None:
    """The log crashed between the request and the answer: it is told the size, and asks again."""
    watching.ask(log.request(0, 3))
    lost = log.request(3, 9)
    watching.ask(lost)
    assert watching.ask(lost).body == b"9\n"
    assert times(log.note(9), watching.ask(log.request(9, 9))) == [None, START]


def test_errors_are_of_the_one_tree() -> None:
    assert issubclass(MemoryRefused, DeclarationError)
