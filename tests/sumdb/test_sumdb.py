"""Go's ``sumdb/note`` and ``sumdb/tlog`` verify a served record: checkpoint, tiles, entries, proofs. Independent code, none of ours.

Debian's ``golang-go`` and ``golang-golang-x-mod-dev`` are enough. Where Go is missing the tests say so and are skipped;
``REQUIRE_GO=1`` makes that an error.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from declaration.protocol.encoding import b64encode
from declaration.protocol.note import COSIGNATURE, NoteSigner, cosign
from declaration.transparency import queries
from declaration.transparency.models import LogCosignature
from declaration.transparency.routes import Readers, set_entries_policy
from declaration.web.clock import SettableClock
from declaration.web.db import db
from tests.support.browser import serving
from tests.support.logs import key
from tests.transparency.apps import alone
from tests.transparency.made import found, opened

Work = Callable[[], AbstractContextManager[Session]]
Ask = Callable[..., subprocess.CompletedProcess[str]]

PROGRAM = Path(__file__).with_name("main.go")
LIBRARY = Path("/usr/share/gocode")
SIZE = 300  # a full tile, a partial one, and one of the level above
WITNESS = NoteSigner("witness.example/one", key("a witness"), COSIGNATURE)
STRANGER = NoteSigner("witness.example/two", key("another witness"), COSIGNATURE)


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built once."""
    missing = None if shutil.which("go") else "go (Debian: golang-go)"
    if missing is None and not (LIBRARY / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        missing = "golang.org/x/mod (Debian: golang-golang-x-mod-dev)"
    if missing is not None:
        if os.environ.get("REQUIRE_GO") == "1":
            pytest.fail(f"REQUIRE_GO=1 and {missing} is not installed", pytrace=False)
        pytest.skip(f"{missing} is not installed")
    folder = tmp_path_factory.mktemp("go")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(LIBRARY), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(folder / "sumdb"), str(PROGRAM)], env=environment, check=True, cwd=folder)
    return folder / "sumdb"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    app = alone(tmp_path, database_url)
    app.extensions["clock"] = clock
    set_entries_policy(app, lambda _: Readers.EVERYBODY)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def vkey(work: Work) -> str:
    with work() as session:
        return opened(session, SIZE).vkey


@pytest.fixture
def ask(app: Flask, go: Path, work: Work, vkey: str) -> Ask:
    """Ask Go about the log and about proofs that the service made, changed by the test."""

    def run(*keys: str, change: Callable[[dict[str, list[dict[str, object]]]], None] = lambda _: None) -> subprocess.CompletedProcess[str]:
        with work() as session:
            proofs = made(session)
        change(proofs)
        with serving(app) as address:
            return subprocess.run(
                [str(go), f"{address}/log/baku", *(keys or (vkey,))], input=json.dumps(proofs), text=True, capture_output=True, timeout=100
            )

    return run


def made(session: Session) -> dict[str, list[dict[str, object]]]:
    """Proofs as receipts and the signing page get them."""
    log = found(session)

    def root(size: int) -> str:
        return b64encode(queries.root_at(session, log, size))

    def hashes(proof: list[bytes]) -> list[str]:
        return [b64encode(one) for one in proof]

    return {
        "records": [
            {"index": index, "size": size, "root": root(size), "proof": hashes(queries.inclusion(session, log, index, size))}
            for size in (1, 2, 7, 255, 256, 257, SIZE)
            for index in {0, size // 2, size - 1}
        ],
        "trees": [
            {
                "old": old, "size": size, "oldroot": root(old), "root": root(size),
                "proof": hashes(queries.consistency(session, log, old, size)),
            }
            for old, size in ((1, 1), (1, 2), (3, 7), (4, 7), (128, 256), (255, 257), (256, SIZE), (299, SIZE))
        ],
    }


def test_go_verifies_the_record(ask: Ask) -> None:
    done = ask()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"declaration.example/baku: {SIZE} records, 1 signatures, 0 unknown, ")


def test_go_reads_cosignatures_and_ignores_those_of_strangers(ask: Ask, work: Work, vkey: str) -> None:
    with work() as session:
        log = found(session)
        note = queries.latest(session, log)
        for signer in (WITNESS, STRANGER):
            line = cosign(note, signer, 1_764_000_000).decode().splitlines(keepends=True)[-1]
            session.add(LogCosignature(log_id=log.id, size=SIZE, key=signer.verifier.vkey, time=1_764_000_000, line=line))
    assert "1 signatures, 2 unknown" in ask().stdout
    done = ask(vkey, WITNESS.verifier.vkey)
    assert "2 signatures, 1 unknown" in done.stdout, done.stderr


def test_go_refuses_a_witness_that_has_not_signed(ask: Ask, vkey: str) -> None:
    assert ask(vkey, WITNESS.verifier.vkey).returncode == 1


def test_go_refuses_another_key(ask: Ask) -> None:
    assert ask(NoteSigner("declaration.example/baku", key("another")).verifier.vkey).returncode == 1


@pytest.mark.parametrize("kind", ["records", "trees"])
def test_go_refuses_a_proof_with_another_hash(ask: Ask, kind: str) -> None:
    def change(proofs: dict[str, list[dict[str, object]]]) -> None:
        proofs[kind][-1]["proof"] = [b64encode(bytes(32)), *list(proofs[kind][-1]["proof"])[1:]]  # type: ignore[call-overload]  # a list

    done = ask(change=change)
    assert (done.returncode, "invalid" in done.stderr.lower()) == (1, True), done.stderr


def test_go_refuses_a_tile_with_another_hash(ask: Ask, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = queries.tile
    monkeypatch.setattr(queries, "tile", lambda *given: bytes(32) + whole(*given)[32:])
    assert ask().returncode == 1
