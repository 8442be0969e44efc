"""A small service for the modules of ``static/js``: pages given by a test, a record that can lie, and a memory of what was sent.

It serves the modules themselves and answers with the headers of :mod:`declaration.web.security`, so that a page which passes here
runs under the policy that it will meet.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, Response, request

import declaration
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.merkle import leaf_hash, prove_consistency
from declaration.protocol.note import NoteSigner
from declaration.web.security import HEADERS

ORIGIN = "declaration.example/forum"
STATIC = Path(declaration.__file__).parent / "static"
MODULES = sorted((STATIC / "js").glob("*.js"))


class Record:
    """A log of ``size`` entries; ``fork_at`` makes every entry from that index on another one."""

    def __init__(self, size: int = 5) -> None:
        self.signer = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
        self.size = size
        self.fork_at = 10**9
        self.origin = ORIGIN
        self.broken_proof = False

    @property
    def vkey(self) -> str:
        return self.signer.verifier.vkey

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree, computed from the leaves every time: obvious rather than fast."""
        if level == 0:
            return leaf_hash(b"entry %d%s" % (index, b" forged" if index >= self.fork_at else b""))
        left, right = self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1)
        return sha256(b"\x01" + left + right).digest()

    def root(self, size: int) -> bytes:
        return _root([self.node(0, index) for index in range(size)])

    def checkpoint(self) -> bytes:
        signer = NoteSigner(self.origin, self.signer.private)
        return sign_checkpoint(Checkpoint(self.origin, self.size, self.root(self.size)), signer)

    def consistency(self, old: int, new: int) -> list[str]:
        proof = [node.hex() for node in prove_consistency(old, new, self.node)]
        return ["00" * 32, *proof[1:]] if self.broken_proof else proof


class Service:
    """What a test arranges and what it reads afterwards.

    :ivar posted: ``(path, form)`` of everything that was sent to ``/sink…``, in order.
    :ivar asked: ``(path, form)`` of everything that was sent to ``/compose``.
    :ivar composed: the JSON that ``/compose`` answers, or ``(status, JSON)``.
    """

    def __init__(self) -> None:
        self.record = Record()
        self.pages: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.posted: list[tuple[str, dict[str, str]]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.composed: Any = {}
        self.fragment = ""
        self.after = "<h1>Recorded</h1>"
        self.app = self._app()

    def page(self, body: str, *modules: str, path: str = "/page", head: str = "") -> str:
        """Serve a page with these modules; gives its path."""
        scripts = "".join(f'<script type="module" src="/static/js/{name}"></script>' for name in modules)
        self.pages[path] = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>t</title>{head}{scripts}</head><body>{body}</body></html>'
        )
        return path

    def _app(self) -> Flask:
        app = Flask("pages", static_folder=str(STATIC))

        @app.get("/log/checkpoint")
        def checkpoint() -> Response:
            return Response(self.record.checkpoint(), mimetype="text/plain")

        @app.get("/log/consistency")
        def consistency() -> Response:
            old, new = int(request.args["old"]), int(request.args["new"])
            return _json({"proof": self.record.consistency(old, new)})

        @app.post("/compose")
        def compose() -> Response:
            self.asked.append((request.path, request.form.to_dict()))
            assert request.headers["Accept"] == "application/json"
            status, answer = self.composed if isinstance(self.composed, tuple) else (200, self.composed)
            return _json(answer, status)

        @app.post("/preview")
        def preview() -> str:
            self.asked.append((request.path, request.form.to_dict()))
            return self.fragment.replace("TYPED", request.form.get("text", ""))

        @app.post("/sink")
        @app.post("/sink/<path:rest>")
        def sink(rest: str = "") -> str:
            self.posted.append((request.path, request.form.to_dict()))
            return f'<!DOCTYPE html><html lang="en"><title>done</title><body>{self.after}</body></html>'

        @app.get("/<path:name>")
        def page(name: str) -> Response:
            if f"/{name}" in self.files:
                return Response(self.files[f"/{name}"], mimetype="text/plain")
            found = self.pages.get(f"/{name}")
            return Response(found or "", status=200 if found else 404, mimetype="text/html")

        @app.after_request
        def secure(answer: Response) -> Response:
            for name, value in HEADERS.items():
                answer.headers[name] = value
            answer.headers["Cache-Control"] = "no-cache"
            return answer

        return app


def _root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + _root(leaves[:k]) + _root(leaves[k:])).digest()


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, mimetype="application/json")
