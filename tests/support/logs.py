"""Logs that say whatever a test wants: honest ones, ones that fork, ones that sign what they should not.

A leaf is any bytes; real entries are the business of others. Tests only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.protocol.checkpoint import Checkpoint
from declaration.protocol.encoding import b64encode
from declaration.protocol.merkle import CompactRange, leaf_hash, node_hash, prove_consistency
from declaration.protocol.note import COSIGNATURE, NoteSigner, sign

ORIGIN = "declaration.example/played"


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


LOG = NoteSigner(ORIGIN, key("the log"))
WITNESS = NoteSigner("witness.example/one", key("a witness"), COSIGNATURE)


@dataclass
class MadeLog:
    """A log in memory. ``fork`` gives a twin that goes another way from some size on."""

    signer: NoteSigner = LOG
    entries: list[bytes] = field(default_factory=list)

    def grow(self, count: int, name: str = "entry") -> MadeLog:
        self.entries += [f"{name} {len(self.entries)}".encode() for _ in range(count)]
        return self

    def fork(self, size: int, count: int, name: str = "other") -> MadeLog:
        return MadeLog(self.signer, self.entries[:size]).grow(count, name)

    def root(self, size: int | None = None) -> bytes:
        tree = CompactRange()
        for entry in self.entries[:size]:
            tree.append(leaf_hash(entry))
        return tree.root()

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        return Checkpoint(self.signer.name, len(self.entries) if size is None else size, self.root(size))

    def note(self, size: int | None = None, *signers: NoteSigner, text: str | None = None) -> bytes:
        return sign(self.checkpoint(size).text if text is None else text, *(signers or (self.signer,)))

    def node(self, level: int, index: int) -> bytes:
        if level == 0:
            return leaf_hash(self.entries[index])
        return node_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        return prove_consistency(old, len(self.entries) if new is None else new, self.node) if old else []

    def request(self, old: int, size: int | None = None, *, proof: Sequence[bytes] | None = None, note: bytes | None = None) -> bytes:
        """The body of ``add-checkpoint``."""
        hashes = self.consistency(old, size) if proof is None else proof
        return "".join([f"old {old}\n", *(f"{b64encode(one)}\n" for one in hashes), "\n"]).encode() + (note or self.note(size))
