"""A mail server that says what a test tells it to say. It speaks just enough for smtplib."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    """What it answers to a command, by its first word; what it heard."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    heard: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)


@contextmanager
def serving(**given: object) -> Iterator[Server]:
    """A server on a free port of this machine."""
    state = Server(**given)  # type: ignore[arg-type]  # its own fields

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say(state.answers.get("CONNECT", "220 ready"))
            while line := self.rfile.readline().decode("utf-8", "replace").strip():
                word = line.split()[0].split(":")[0].upper()
                state.heard.append(line)
                if word == "EHLO":
                    self._say(*(f"250-{one}" for one in ("here", *state.offers)), "250 SIZE 1000000")
                elif word == "DATA" and "DATA" not in state.answers:
                    self._data()
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say(state.answers.get(word, "250 ok"))

        def _data(self) -> None:
            self._say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            if line:
                state.mails.append(b"".join(lines).decode())
                self._say(state.answers.get("END", "250 taken"))

        def _say(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    class Threaded(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Threaded(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()
