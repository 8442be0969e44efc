"""The witness over HTTP and from the command line: limits on what a stranger may send, keys, restarts."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from declaration.protocol.note import COSIGNATURE, parse_vkey, verify
from declaration.witness import __main__ as command
from declaration.witness import server as serving
from declaration.witness.keys import KeyRefused, new_key, read_key
from declaration.witness.service import MAX_BODY
from tests.support.logs import LOG, WITNESS, MadeLog
from tests.witness.conftest import Watching

ROOT = Path(__file__).resolve().parents[2]
log = MadeLog().grow(9)


@contextmanager
def served(watching: Watching, kept: list[bytes] | None = None) -> Iterator[serving.Server]:
    said: list[str] = []
    keep = [].append if kept is None else kept.append
    server = serving.Server(("127.0.0.1", 0), watching.restarted(), about="witness\n", say=said.append, keep=keep)
    thread = threading.Thread(target=serving.serve, args=(server,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def connection(watching: Watching) -> Iterator[http.client.HTTPConnection]:
    with served(watching) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        yield connection
        connection.close()


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_one_connection_for_many_requests(connection: http.client.HTTPConnection) -> None:
    status, line = ask(connection, "POST", "/add-checkpoint", log.request(0, 4))
    assert status == 200
    verify(log.note(4) + line, [WITNESS.verifier])
    sock = connection.sock
    connection.request("POST", "/add-checkpoint", log.request(0, 9))
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type"), answer.read()) == (409, "text/x.tlog.size", b"4\n")
    assert ask(connection, "POST", "/add-checkpoint", log.request(4, 9))[0] == 200
    assert connection.sock is sock


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/add-checkpoint", 405), ("GET", "/x", 404), ("POST", "/", 404),
        ("POST", "/add-checkpoint/", 404), ("POST", "/add-checkpoint?x=1", 404), ("PUT", "/add-checkpoint", 501),
        ("DELETE", "/", 501), ("POST", "/add-checkpoint", 400),
    ],
)  # fmt: skip
def test_addresses_and_methods(connection: http.client.HTTPConnection, method: str, path: str, status: int) -> None:
    assert ask(connection, method, path, b"")[0] == status


def raw(server: serving.Server, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        found = b""
        while more := sock.recv(65536):
            found += more
    return found


HEAD = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n"
BODY = log.request(0, 4)
STRANGE = {
    "no length": (HEAD + b"\r\n" + BODY, b"411"),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", b"411"),
    "a length with a sign": (HEAD + b"Content-Length: +5\r\n\r\n", b"411"),
    "a length that is too large": (HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1), b"413"),
    "a length of a book": (HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", b"413"),
    "a header of a megabyte": (b"POST /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n\r\n", b"414"),
    "a thousand headers": (HEAD + b"X: y\r\n" * 1000 + b"\r\n", b"431"),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
    "less than promised": (HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY[:-1], b""),
}


@pytest.mark.parametrize(("data", "status"), STRANGE.values(), ids=STRANGE)
def test_what_strangers_send(watching: Watching, data: bytes, status: bytes) -> None:
    with served(watching) as server:
        try:
            answer = raw(server, data)
        except OSError:  # cut off while still sending
            answer = b"HTTP/1.1 414"
        assert (answer.split(b" ")[1][:3] if answer else b"") == status or status == b"414"
        assert b"HTTP/1.1 200" in raw(server, HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY) + BODY)
    assert watching.last == (4, log.root(4))


def test_who_sends_slowly_is_cut_off(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not buy time: the deadline is for the whole request."""
    monkeypatch.setattr(serving, "REQUEST_SECONDS", 0.4)
    with served(watching) as server, socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as sock:
        sock.sendall(HEAD)
        cut = threading.Event()
        dripping = threading.Thread(target=drip, args=(sock, cut))
        dripping.start()
        assert not sock.recv(100)
        cut.set()
        dripping.join()


def drip(sock: socket.socket, cut: threading.Event) -> None:
    while not cut.wait(0.05):
        try:
            sock.sendall(b"X: y\r\n")
        except OSError:
            return


def test_a_crowd_is_kept_out_and_the_door_opens_again(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 2)
    with served(watching) as server:
        address = ("127.0.0.1", server.server_port)
        crowd = [socket.create_connection(address, timeout=20) for _ in range(2)]
        for one in crowd:
            one.sendall(HEAD)
        with socket.create_connection(address, timeout=20) as late:
            assert not late.recv(100)
        for one in crowd:
            one.close()
        while True:  # until both threads have noticed
            try:
                if b"200" in raw(server, b"GET / HTTP/1.0\r\n\r\n"):
                    break
            except OSError as shut:  # in the middle of the question, too: then nothing is connected any more
                if not isinstance(shut, ConnectionError) and shut.errno != errno.ENOTCONN:
                    raise


def test_evidence_is_kept(watching: Watching) -> None:
    kept: list[bytes] = []
    with served(watching, kept) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        ask(connection, "POST", "/add-checkpoint", log.request(0, 9))
        assert ask(connection, "POST", "/add-checkpoint", log.fork(2, 7).request(9))[0] == 409
        connection.close()
    assert len(kept) == 1


# -- keys --------------------------------------------------------------------------------------------------------------------------


def test_a_key_reads_back(tmp_path: Path) -> None:
    made = new_key(tmp_path / "key", "witness.example/one")
    assert read_key(tmp_path / "key") == made or read_key(tmp_path / "key").verifier == made.verifier
    assert made.verifier.algorithm == COSIGNATURE
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        new_key(tmp_path / "key", "witness.example/one")


@pytest.mark.parametrize(
    "change",
    [
        lambda line: b"", lambda line: line[:-6], lambda line: line.replace(b"one", b"two"), lambda line: b"x" + line,
        lambda line: line + line, lambda line: b"\xff" + line, lambda line: line.replace(b"+", b" "),
    ],
)  # fmt: skip
def test_a_key_file_that_is_none(tmp_path: Path, change: object) -> None:
    path = tmp_path / "key"
    new_key(path, "witness.example/one")
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]  # the functions above
    with pytest.raises(KeyRefused):
        read_key(path)


def test_a_key_that_others_can_read(tmp_path: Path) -> None:
    new_key(tmp_path / "key", "witness.example/one")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(KeyRefused):
        read_key(tmp_path / "key")


# -- the command -------------------------------------------------------------------------------------------------------------------


def files(folder: Path) -> list[str]:
    return ["--key", str(folder / "key"), "--database", str(folder / "db")]


def test_the_command_makes_serves_and_starts_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*files(tmp_path), "--new-key", "witness.example/one"]) == 0
    witness = parse_vkey(capsys.readouterr().out.strip())
    (tmp_path / "policy").write_text(f"log {LOG.verifier.vkey}\nquorum none\n")
    for old, size in ((0, 4), (4, 9)):
        with running(tmp_path) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            status, line = ask(connection, "POST", "/add-checkpoint", log.request(old, size))
            connection.close()
        assert status == 200
        verify(log.note(size) + line, [witness])


@contextmanager
def running(folder: Path) -> Iterator[int]:
    arguments = [*files(folder), "--policy", str(folder / "policy"), "--listen", "127.0.0.1:0"]
    command_line = [sys.executable, "-m", "declaration.witness", *arguments]
    with subprocess.Popen(command_line, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield int(process.stderr.readline().rpartition(":")[2])
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.stderr.read()
            assert process.wait(20) == 0


def test_what_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = ["--policy", str(tmp_path / "policy")]
    assert command.main([*files(tmp_path), *policy]) == 2  # no key
    command.main([*files(tmp_path), "--new-key", "witness.example/one"])
    assert command.main([*files(tmp_path), "--new-key", "witness.example/one"]) == 2  # never over an old one
    assert command.main([*files(tmp_path), *policy]) == 2  # no policy
    (tmp_path / "policy").write_text("quorum none\n")
    assert command.main([*files(tmp_path), *policy]) == 2  # no log in it
    (tmp_path / "policy").write_text(f"log {LOG.verifier.vkey}\nquorum none\n")
    for listen in ("8090", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999"):
        assert command.main([*files(tmp_path), *policy, "--listen", listen]) == 2
    (tmp_path / "db").unlink()
    capsys.readouterr()
    assert command.main([*files(tmp_path), *policy]) == 2  # it forgot
    assert "retires its key" in capsys.readouterr().err
    assert not (tmp_path / "db").exists()
    for name in ("a name with spaces", "plus+sign"):
        assert command.main(["--key", str(tmp_path / "k2"), "--database", str(tmp_path / "d2"), "--new-key", name]) == 2
    assert not (tmp_path / "k2").exists()
