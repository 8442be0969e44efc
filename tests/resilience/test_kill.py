"""The power goes in the middle of a burst of signatures: whatever was acknowledged is there afterwards, and the record verifies."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.app import create_app
from declaration.credentials.states import current
from declaration.demo import player, sample, script
from declaration.demo.organizations import organizations
from declaration.demo.personas import KeyRing
from declaration.demo.player import Persona
from declaration.endorsements.bundle import compose_bundle
from declaration.endorsements.organizations import register_organization
from declaration.forums import importing, lifetimes, operations, queries, sessions
from declaration.forums.door import use_forum
from declaration.protocol.encoding import b64encode, sha256_hex
from declaration.protocol.keys import public_key_of
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import SettableClock, SystemClock
from declaration.web.db import current_session, db, reading
from declaration.web.transaction import unit_of_work
from tests.support.databases import build, configuration

PROJECT = Path(__file__).parents[2]
SIGNATORIES = 40
ENOUGH = 12  # acknowledged signatures after which the power goes


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.timeout(180)
def test_an_acknowledged_signature_survives_the_power_going(tmp_path: Path, database_url: str) -> None:
    del database_url  # this test needs a file that two processes open one after the other
    url = f"sqlite:///{tmp_path}/forum.db"
    build(tmp_path, url)
    prepared = _prepare(tmp_path, url)
    acknowledged: list[str] = []
    with _server(tmp_path, url) as (process, port):
        enough = threading.Event()
        threads = [threading.Thread(target=_sign, args=(port, one, acknowledged, enough)) for one in prepared]
        for thread in threads:
            thread.start()
        enough.wait(60)
        os.killpg(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join(30)
    assert ENOUGH <= len(acknowledged) < SIGNATORIES
    app = create_app(configuration(tmp_path, url))
    with app.app_context():
        with reading():
            forum = queries.forums(current_session())[0]
            use_forum(forum)
            state = current(current_session(), forum)
            assert set(acknowledged) <= set(state.endorsements)
            compose_bundle(current_session(), forum, tmp_path / "bundle.zip")
        db.engine.dispose()
    report = verify_bundle(tmp_path / "bundle.zip", workers=1)
    report.require_all()
    assert report.totals["counted"] == len(state.endorsements)


def _prepare(folder: Path, url: str) -> list[tuple[str, bytes, str, bytes]]:
    """A forum open for signature, and for each signatory: session token, signed statement, its digest, its signature."""
    app = create_app(configuration(folder, url))
    start = datetime.now(UTC) - (script.OPENED - script.CIRCULATED) - timedelta(hours=3)
    clock = SettableClock(start - timedelta(hours=3))
    app.extensions["clock"] = clock
    prepared: list[tuple[str, bytes, str, bytes]] = []
    with app.app_context():
        with unit_of_work() as session:
            slug = operations.create_forum(session, importing.load(sample.FOLDER), url="http://127.0.0.1", demo=True).slug
        play = script.Play(
            slug, sample.load(), KeyRing(folder, seed="kill"), clock, shift=start - script.CIRCULATED, say=lambda _: None
        )
        for part in play.parts:
            part()
        app.extensions["clock"] = SystemClock()
        with unit_of_work() as session:
            forum = play.forum()
            staff = (play.who("secretariat", "rapporteur"), play.who("secretariat", "registrar"))
            personas = []
            for one in organizations(play, SIGNATORIES):
                person = register_organization(
                    session, forum, country=one.country, name=one.name, registration=one.registration, person=one.person,
                    office=one.office, language="en",
                )  # fmt: skip
                personas.append(Persona(person, Ed25519PrivateKey.generate()))
                player.accredit(session, forum, personas[-1], *staff)
        with unit_of_work() as session:
            forum = play.forum()
            adopted = current(session, forum).adopted
            for persona in personas:
                fields = {"language": "en", "read": "yes", "consent": "yes"}
                template = player.acts.compose(session, forum, persona.actor, "endorsement.sign-v1", adopted, fields)
                signed = player.signed(session, forum, persona, template)
                token = sessions.start_session(session, persona.person, user_agent="test", now=lifetimes.machine_now())
                prepared.append((token, signed.statement, sha256_hex(signed.statement), signed.signature))
                assert public_key_of(persona.key).fingerprint.encode() in signed.statement
        db.engine.dispose()
    return prepared


def _sign(port: int, one: tuple[str, bytes, str, bytes], acknowledged: list[str], enough: threading.Event) -> None:
    token, statement, digest, signature = one
    body = urlencode({"statement": statement.decode(), "signature": b64encode(signature)})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": f"declaration-session={token}", "Origin": f"http://127.0.0.1:{port}",
        "Sec-Fetch-Site": "same-origin",
    }  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/solidarity-2025/sign", body, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return  # no answer: nothing was promised
    finally:
        connection.close()
    assert answer.status == 303, answer.status
    acknowledged.append(digest)
    if len(acknowledged) >= ENOUGH:
        enough.set()


@contextmanager
def _server(folder: Path, url: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {name: value for name, value in configuration(folder, url).items() if isinstance(value, str)}
    environ = {**os.environ, **settings, "PORT": str(port), "DECLARATION_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(port, process, folder / "server.log")
            yield process, port
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(log.read_text())
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server did not start")
