"""The service as it is served, ``gunicorn wsgi:app`` with its own settings, and a client that costs little beside it."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.endorsements.databases import Copy, Place
from bench.endorsements.operation import ACTS, WARM, Figures, figures
from bench.endorsements.prepared import SLUG, Signatory, settings

PROJECT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60.0


class Failed(RuntimeError):
    """The service answered as it should not, or not at all."""


@contextmanager
def service(copy: Copy) -> Iterator[int]:
    """Start it on a copy of the forum and give its port; end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    given = {name: value for name, value in settings(copy.folder, copy.url).items() if isinstance(value, str)}
    environ = {**os.environ, **given, "PORT": str(port), "DECLARATION_URL": f"http://127.0.0.1:{port}"}
    with (copy.folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app"], cwd=PROJECT, env=environ, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(port, process, copy.folder / "server.log")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise Failed(log.read_text()[-2000:])
        try:
            with Connection(port) as connection:
                if connection.send(get("/healthz")).status == 200:
                    return
        except (OSError, Failed):
            time.sleep(0.1)
    raise Failed("the server did not start")


class Answer:
    """Status and headers, and how many bytes the body had."""

    def __init__(self, head: bytes, body: int) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        self.body = body


class Connection:
    """A connection that is kept: bytes out, status and headers in. Parsing more would take time from the service."""

    def __init__(self, port: int, patience: float = _PATIENCE_SECONDS) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, request: bytes) -> Answer:
        self.only_send(request)
        return self.receive()

    def only_send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def receive(self) -> Answer:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        answer = Answer(head, len(body))
        if "chunked" in answer.headers.get("transfer-encoding", ""):
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        else:
            expected = 0 if answer.status in (204, 304) else int(answer.headers.get("content-length", "0"))
            while len(body) < expected:
                body += self._more()
        answer.body = len(body)
        return answer

    def _more(self) -> bytes:
        found = self._socket.recv(65536)
        if not found:
            raise Failed("the connection was closed")
        return found


def get(path: str, token: str = "", *headers: str) -> bytes:
    """The bytes of a GET."""
    cookie = [f"Cookie: declaration-session={token}"] if token else []
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", *cookie, *headers, "", ""]).encode()


def signing(one: Signatory) -> bytes:
    """The bytes of the POST that signs."""
    body = one.form.encode()
    head = [
        f"POST /{SLUG}/sign HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", "Sec-Fetch-Site: same-origin",
        f"Cookie: declaration-session={one.token}", "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}", "", "",
    ]  # fmt: skip
    return "\r\n".join(head).encode() + body


def measured(place: Place, clients: int, rounds: int) -> Figures:
    """Rounds of: bare commits, signatures through everything, bare commits; each with a service of its own."""
    ratios: list[float] = []
    rates: list[float] = []
    took: list[float] = []
    acts = ACTS[clients]
    for _ in range(rounds):
        with place.fresh() as copy, service(copy) as port:
            _all(port, place.ready[:WARM], 2, [])
            before = place.bare()
            seconds = _all(port, place.ready[WARM : WARM + acts], clients, took) / acts
            floor = (before + place.bare()) / 2
            ratios.append(floor / seconds)
            rates.append(1 / seconds)
    return figures(ratios, took, rates)


def _all(port: int, ready: Sequence[Signatory], clients: int, took: list[float]) -> float:
    wrong: list[int] = []

    def client(share: list[bytes]) -> None:
        with Connection(port) as connection:
            for one in share:
                began = time.perf_counter()
                answer = connection.send(one)
                took.append(time.perf_counter() - began)
                if answer.status != 303:
                    wrong.append(answer.status)

    requests = [signing(one) for one in ready]
    threads = [threading.Thread(target=client, args=(requests[number::clients],)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if wrong or (took and len(took) % len(ready)):
        raise Failed(f"not accepted: {statistics.multimode(wrong)}, {len(took)} of {len(ready)} answers")
    return seconds
