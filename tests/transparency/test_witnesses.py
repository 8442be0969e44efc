"""Collecting cosignatures: after the commit, verified, kept for ever, and what the service says when a witness knows better."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from declaration.config import SettingRefused
from declaration.errors import ProofInvalid
from declaration.protocol.note import COSIGNATURE, NoteSigner, cosign, parse_vkey, verify
from declaration.transparency import audit, collecting, operations, queries, witnesses
from declaration.transparency.collecting import Reply
from declaration.transparency.commands import Patience
from declaration.transparency.models import LogCosignature, LogWitness
from declaration.transparency.receipts import receipt
from declaration.verifier.policy import check_checkpoint, parse_policy
from declaration.web.clock import SettableClock
from declaration.web.db import db
from declaration.witness.memory import Memory
from declaration.witness.service import Witness
from tests.support.logs import key
from tests.transparency.apps import alone, program
from tests.transparency.made import ORIGIN, found, opened, raw_entry

Work = Callable[[], AbstractContextManager[Session]]

ONE, TWO, THREE = (NoteSigner(f"{name}.example/w", key(name), COSIGNATURE) for name in ("one", "two", "three"))
POLICY = "".join(
    f"witness {signer.name[:-10]} {signer.verifier.vkey} https://{signer.name[:-10]}.example\n" for signer in (ONE, TWO, THREE)
) + "group some 2 one two three\nquorum some\n"


@dataclass
class Net:
    """Witnesses by address; one that is ``down`` does not answer, one that is ``odd`` answers what the test says."""

    folder: Path
    vkey: str = ""
    now: int = 1_764_000_000
    down: set[str] = field(default_factory=set)
    odd: dict[str, Callable[[bytes], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def post(self, address: str, body: bytes) -> Reply:
        name = address.removeprefix("https://").removesuffix(".example")
        self.asked.append((name, body))
        if name in self.down:
            return Reply(0)
        if name in self.odd:
            return self.odd[name](body)
        answer = self.witness(name).add_checkpoint(body)
        return Reply(answer.status, answer.content_type.partition(";")[0], answer.body)

    def witness(self, name: str) -> Witness:
        signer = {"one": ONE, "two": TWO, "three": THREE}[name]
        memory = Memory(self.folder / f"{name}.witness", signer.verifier.vkey)
        if not memory.path.exists():
            memory.create()
        return Witness(signer, memory, {ORIGIN: parse_vkey(self.vkey)}, lambda: self.now)


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "witnesses"
    path.write_text(POLICY)
    app = with_witnesses(tmp_path, database_url, path, monkeypatch)
    app.extensions["clock"] = clock
    yield app
    with app.app_context():
        db.engine.dispose()


def with_witnesses(folder: Path, database_url: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    from tests.transparency import apps

    whole = apps.configuration
    monkeypatch.setattr(apps, "configuration", lambda *given: {**whole(*given), "DECLARATION_WITNESSES": str(path)})
    return alone(folder, database_url)


@pytest.fixture
def net(app: Flask, work: Work, tmp_path: Path) -> Net:
    with work() as session:
        log = opened(session, 5)
        return Net(tmp_path, log.vkey)


def append(work: Work, name: str) -> None:
    with work() as session:
        operations.append(session, found(session), raw_entry(name))


def collect(app: Flask, net: Net) -> dict[str, str]:
    with app.app_context():
        return {one.witness: one.outcome for one in collecting.collect(net.post)}


def standing(work: Work) -> dict[str, tuple[int | None, str]]:
    with work() as session:
        return {one.name: (one.size, one.outcome) for one in witnesses.standings(session, found(session))}


SIGNED = {"one": "signed", "two": "signed", "three": "signed"}


def test_the_checkpoint_carries_what_the_witnesses_signed(app: Flask, client: FlaskClient, work: Work, net: Net) -> None:
    plain = client.get("/log/baku/checkpoint").data
    assert collect(app, net) == SIGNED
    note = client.get("/log/baku/checkpoint").data
    assert note.startswith(plain)
    known = [parse_vkey(net.vkey), ONE.verifier, TWO.verifier, THREE.verifier]
    assert {each.time for each in verify(note, known).signatures} == {None, net.now}
    assert client.get("/log/baku/cosigned").data == note
    with work() as session:
        log = found(session)
        assert check_checkpoint(parse_policy(witnesses.policy_text(log)), note).size == 5
    assert collect(app, net) == {}  # nothing is left to ask


def test_what_is_new_is_asked_from_what_was_signed(app: Flask, client: FlaskClient, work: Work, net: Net) -> None:
    collect(app, net)
    append(work, "more")
    net.asked.clear()
    assert collect(app, net) == SIGNED
    assert all(body.startswith(b"old 5\n") for _, body in net.asked)
    assert len(net.asked) == 3
    assert standing(work) == dict.fromkeys(SIGNED, (6, "signed"))


def test_newest_and_signed_by_enough_are_two_things(app: Flask, client: FlaskClient, work: Work, net: Net) -> None:
    answer = client.get("/log/baku/cosigned")
    assert (answer.status_code, answer.json["code"]) == (404, "log.not-cosigned")
    collect(app, net)
    append(work, "more")
    assert client.get("/log/baku/checkpoint").data.split(b"\n")[1] == b"6"
    assert client.get("/log/baku/cosigned").data.split(b"\n")[1] == b"5"
    net.down |= {"two", "three"}
    assert collect(app, net) == {"one": "signed", "two": "unreachable", "three": "unreachable"}
    assert client.get("/log/baku/cosigned").data.split(b"\n")[1] == b"5"  # one is not two of three
    net.down.remove("two")
    collect(app, net)
    assert client.get("/log/baku/cosigned").data.split(b"\n")[1] == b"6"
    assert standing(work)["three"] == (5, "unreachable")


def test_receipts_stay_the_same_bytes(app: Flask, work: Work, net: Net) -> None:
    with work() as session:
        before = receipt(session, found(session), 4)
    collect(app, net)
    with work() as session:
        assert receipt(session, found(session), 4) == before


def test_a_lost_answer_is_asked_for_again(app: Flask, client: FlaskClient, work: Work, net: Net) -> None:
    """The witness has signed, the answer never came: it tells its size, and signs the same again."""

    def lose(body: bytes) -> Reply:
        assert net.witness("one").add_checkpoint(body).status == 200
        return Reply(0)

    net.odd["one"] = lose
    assert collect(app, net)["one"] == "unreachable"
    net.odd.clear()
    assert collect(app, net) == {"one": "signed"}
    append(work, "more")
    assert collect(app, net) == SIGNED


def test_a_witness_that_knows_more_than_the_database(app: Flask, work: Work, net: Net) -> None:
    collect(app, net)
    net.odd["one"] = lambda body: Reply(409, "text/x.tlog.size", b"9\n")
    append(work, "more")
    assert collect(app, net)["one"] == "ahead"
    assert standing(work)["one"] == (5, "ahead")
    with work() as session:
        assert session.get_one(LogWitness, (found(session).id, ONE.verifier.vkey)).size == 9


def test_a_witness_that_saw_another_root(app: Flask, work: Work, net: Net) -> None:
    net.odd["one"] = lambda body: Reply(409, "text/x.tlog.size", b"5\n")
    assert collect(app, net)["one"] == "contradicts" or standing(work)["one"][1] in ("contradicts", "refused")
    assert standing(work)["one"][0] is None


STRANGER = NoteSigner("stranger.example/w", Ed25519PrivateKey.generate(), COSIGNATURE)
NOT_ONE = NoteSigner(ONE.name, Ed25519PrivateKey.generate(), COSIGNATURE)


def line_of(signer: NoteSigner, time: int = 1_764_000_000, *, other: bool = False) -> Callable[[bytes], Reply]:
    def answer(body: bytes) -> Reply:
        note = body.partition(b"\n\n")[2]
        signed = cosign(note.replace(b"\n5\n", b"\n4\n") if other else note, signer, time)
        return Reply(200, "text/plain", signed.splitlines(keepends=True)[-1])

    return answer


ODD: dict[str, Callable[[bytes], Reply]] = {
    "nothing": lambda body: Reply(200, "text/plain", b""),
    "no line": lambda body: Reply(200, "text/plain", b"signed, thank you\n"),
    "a page": lambda body: Reply(200, "text/html", b"<!doctype html>"),
    "a stranger's line": line_of(STRANGER),
    "its name and another key": line_of(NOT_ONE),
    "a line for another checkpoint": line_of(ONE, other=True),
    "a line without its end": lambda body: Reply(200, "text/plain", line_of(ONE)(body).body.rstrip(b"\n")),
    "its line twice": lambda body: Reply(200, "text/plain", line_of(ONE)(body).body * 2),
    "too much": lambda body: Reply(200, "text/plain", line_of(ONE)(body).body + b"x" * 70_000),
    "an error": lambda body: Reply(500, "text/plain", b"oops\n"),
    "a redirection": lambda body: Reply(302, "text/plain", b""),
    "unknown": lambda body: Reply(404, "text/plain", b""),
    "a size that is none": lambda body: Reply(409, "text/x.tlog.size", b"-1\n"),
    "a size of another type": lambda body: Reply(409, "text/plain", b"3\n"),
    "a size that wanders": lambda body: Reply(409, "text/x.tlog.size", b"3\n" if body.startswith(b"old 2") else b"2\n"),
    "a number that is no size": lambda body: Reply(409, "text/x.tlog.size", "٣\n".encode()),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_answers_that_are_not_kept(app: Flask, client: FlaskClient, work: Work, net: Net, answer: Callable[[bytes], Reply]) -> None:
    before = client.get("/log/baku/checkpoint").data
    net.down |= {"two", "three"}
    net.odd["one"] = answer
    assert collect(app, net)["one"] == "refused"
    assert client.get("/log/baku/checkpoint").data == before
    assert standing(work)["one"] == (None, "refused")


def test_lines_of_strangers_beside_its_own_are_left_out(app: Flask, client: FlaskClient, net: Net) -> None:
    net.down |= {"two", "three"}
    net.odd["one"] = lambda body: Reply(200, "text/plain", line_of(STRANGER)(body).body + line_of(ONE)(body).body)
    assert collect(app, net)["one"] == "signed"
    note = client.get("/log/baku/checkpoint").data
    assert b"stranger" not in note
    assert b"one.example" in note


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_cosignature SET time = 1", "DELETE FROM log_cosignature", "UPDATE log_cosignature SET line = ''",
        "INSERT INTO log_cosignature SELECT log_id, size, key, time + 1, line FROM log_cosignature",
    ],
)  # fmt: skip
def test_the_database_keeps_cosignatures(app: Flask, work: Work, net: Net, statement: str) -> None:
    collect(app, net)
    with pytest.raises(DatabaseError), work() as session:
        session.execute(sa.text(statement))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_insert_or_replace_does_not_forget_either(app: Flask, work: Work, net: Net) -> None:
    collect(app, net)
    with pytest.raises(DatabaseError), work() as session:
        session.execute(sa.text("INSERT OR REPLACE INTO log_cosignature SELECT log_id, size, key, 1, line FROM log_cosignature"))


def test_the_check_of_the_record_reads_cosignatures_too(app: Flask, work: Work, net: Net) -> None:
    collect(app, net)
    with work() as session:
        assert audit.check(session, found(session)) == 5
    for line, time in (("— one.example/w AAAAAAAA\n", 5), ("", 5)):
        with work() as session:
            log = found(session)
            session.add(LogCosignature(log_id=log.id, size=4, key=ONE.verifier.vkey, time=time, line=line))
            session.flush()
            with pytest.raises(ProofInvalid) as caught:
                audit.check(session, log)
            assert caught.value.code == "log.damaged"
            session.rollback()


# -- settings and commands ---------------------------------------------------------------------------------------------------------

WRONG = {
    "no quorum": POLICY.replace("quorum some\n", ""),
    "a log": POLICY + f"log {NoteSigner(ORIGIN, key('a log')).verifier.vkey}\n",
    "no address": POLICY.replace(" https://one.example", ""),
    "not a policy": "hello\n",
    "another address": POLICY.replace("https://one", "gopher://one"),
}


@pytest.mark.parametrize("text", [*WRONG.values(), None], ids=[*WRONG, "no file"])
def test_a_file_of_witnesses_that_cannot_be_meant(
    tmp_path: Path, sqlite_url: str, text: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        (tmp_path / "witnesses").write_text(text)
    with pytest.raises(SettingRefused) as caught:
        with_witnesses(tmp_path, sqlite_url, tmp_path / "witnesses", monkeypatch)
    assert caught.value.code == "setting.witnesses"


def test_without_witnesses_nothing_changes(tmp_path: Path, sqlite_url: str) -> None:
    app = alone(tmp_path, sqlite_url)
    with app.app_context(), db.engine.begin():
        pass
    client = program(app)
    with app.app_context():
        from declaration.web.transaction import unit_of_work

        with unit_of_work() as session:
            log = opened(session, 2)
            assert witnesses.policy_text(log) == f"log {log.vkey}\nquorum none\n".encode()
        assert collecting.collect(lambda *_: Reply(0)) == []
    assert client.get("/log/baku/cosigned").data == client.get("/log/baku/checkpoint").data
    with app.app_context():
        db.engine.dispose()


def test_the_command_says_who_did_not_sign(app: Flask, net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    net.down.add("two")
    whole = collecting.collect
    monkeypatch.setattr(collecting, "collect", lambda: whole(net.post))
    done = app.test_cli_runner().invoke(args=["log", "collect"])
    assert done.exit_code == 1
    assert f"{ORIGIN}: two, 5 entries: unreachable" in done.output
    net.down.clear()
    assert app.test_cli_runner().invoke(args=["log", "collect"]).exit_code == 0


def test_nobody_is_asked_in_a_hurry_who_does_not_answer() -> None:
    patience = Patience(every=60)
    silent = collecting.Result("o", "one", 5, "unreachable")
    asked = []
    for turn in range(30):
        if "one" not in patience.resting(turn):
            asked.append(turn)
            patience.note(turn, silent)
    assert asked[:5] == [0, 1, 3, 7, 12]  # twice as long each time, up to five minutes
    patience.note(30, collecting.Result("o", "one", 5, "signed"))
    assert patience.resting(31) == []


def test_over_http_for_real(app: Flask, net: Net, tmp_path: Path) -> None:
    """The collector's own way of sending, against the witness's own server; and against nothing."""
    import threading

    from declaration.witness.server import Server, serve

    server = Server(("127.0.0.1", 0), net.witness("one"), about="", say=lambda _: None, keep=lambda _: None)
    thread = threading.Thread(target=serve, args=(server,))
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        with app.app_context():
            results = collecting.collect(lambda to, body: collecting.post(address if "one" in to else "http://127.0.0.1:1", body))
        assert {one.witness: one.outcome for one in results} == {"one": "signed", "two": "unreachable", "three": "unreachable"}
        assert collecting.post(address, b"old 0\n\n").status == 400
        assert collecting.post(f"{address}/elsewhere", b"x").status == 404
    finally:
        server.shutdown()
        thread.join()


def test_the_newest_is_what_is_asked_about(app: Flask, work: Work, net: Net) -> None:
    for name in "abc":
        append(work, name)
    collect(app, net)
    assert {body.partition(b"\n\n")[2].split(b"\n")[1] for _, body in net.asked} == {b"8"}
    with work() as session:
        log = found(session)
        assert witnesses.cosigned_sizes(session, log, most=10) == [8]
        assert queries.latest(session, log) in witnesses.cosigned_note(session, log, 8)
