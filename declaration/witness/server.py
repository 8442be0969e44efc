"""HTTP around the witness: one address, ``POST /add-checkpoint``, and ``GET /`` which says whose witness this is.

The standard library's threading server, with what it lacks added here, because a witness should be a file tree that a cautious
administrator can read in an hour:

* a body has a length, given in advance, of at most :data:`~.service.MAX_BODY` bytes;
* a whole request, from its first byte to its last, has :data:`REQUEST_SECONDS`, and a kept connection waits no longer for the next:
  whoever sends a byte a second is cut off like whoever sends none;
* at most :data:`MOST_CONNECTIONS` at a time; the next one is closed at once;
* nothing that a stranger sends reaches the log unquoted.

TLS belongs to the reverse proxy in front, which may add a prefix of its own.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from declaration.witness.service import MAX_BODY, TEXT, Answer, Witness

REQUEST_SECONDS = 20.0
MOST_CONNECTIONS = 64
_PATH = "/add-checkpoint"

Say = Callable[[str], None]
Keep = Callable[[bytes], None]


class Server(ThreadingHTTPServer):
    """Listens until :meth:`shutdown`.

    :param about: what ``GET /`` answers.
    :param say: takes one line for each request.
    :param keep: takes evidence of equivocation.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness, *, about: str, say: Say, keep: Keep) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)
        self.witness, self.about, self.say, self.keep = witness, about, say, keep
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection where there is room for one."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is not worth a traceback."""
        self.say("a connection broke")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "witness"
    sys_version = ""

    def setup(self) -> None:
        """Read through a deadline instead of a timeout for each byte."""
        super().setup()
        self._deadline = _Deadline(self.connection)
        self.rfile = io.BufferedReader(self._deadline)

    def handle_one_request(self) -> None:
        """Give the next request its time."""
        self._deadline.begin(REQUEST_SECONDS)
        super().handle_one_request()

    def do_POST(self) -> None:
        """``/add-checkpoint``."""
        if self.path != _PATH:
            self._refuse(404, "there is nothing here")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._refuse(411, "say the length of the body in advance")
            return
        if len(length) > 9 or int(length) > MAX_BODY:
            self._refuse(413, "the body is too long")
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        answer = self.server.witness.add_checkpoint(body)
        if answer.evidence is not None:
            self.server.keep(answer.evidence)
        self._answer(answer)

    def do_GET(self) -> None:
        """``/``, for people and for health checks."""
        if self.path == "/":
            self._answer(Answer(200, self.server.about.encode()))
        else:
            self._refuse(405 if self.path == _PATH else 404, "there is nothing to read here")

    def do_HEAD(self) -> None:
        """As ``GET``, without the body."""
        self.do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library finds wrong with a request: no page, and no stranger's words in it."""
        self.request_version = self.protocol_version  # of what is no HTTP at all, the standard library thinks that it is HTTP/0.9
        self._refuse(code, "not a request that this witness understands")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the standard library's name
        """Said by :meth:`_answer` instead, in one line."""

    def _refuse(self, status: int, why: str) -> None:
        # What is left of the body would be read as the next request.
        self.close_connection = True
        self._answer(Answer(status, f"{why}\n".encode()))

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.status == 405:
            self.send_header("Allow", "POST")
        if answer.status == 503:
            self.send_header("Retry-After", "60")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        why = "" if answer.status == 200 or answer.content_type != TEXT else f" {answer.body.decode('utf-8', 'replace').strip()}"
        self.server.say(f"{self.client_address[0]} {answer.status}{why}")


class _Deadline(io.RawIOBase):
    """A socket that is readable until a moment."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = 0.0

    def begin(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request took too long")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


def serve(server: Server) -> None:
    """Serve until interrupted."""
    with server:
        server.serve_forever(poll_interval=0.2)
