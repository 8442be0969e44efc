"""Things made for these tests: keys from fixed seeds, a passkey without a device, statements, entries, a small log."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.encoding import JSON, b64url_encode
from declaration.protocol.entry import build_entry
from declaration.protocol.keys import PublicKey, passkey, public_key_of
from declaration.protocol.merkle import leaf_hash, new_nodes, prove_consistency, prove_inclusion, root
from declaration.protocol.note import NoteSigner
from declaration.protocol.sshsig import PasskeyPolicy, assemble_passkey, sign, tbs
from declaration.protocol.statement import By, Seen, build_statement, namespace

LOG = "declaration.example/forum"
NOON = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)
ED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_ED = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
P256 = derive_private_key(int.from_bytes(sha256(b"p256").digest()), SECP256R1())
ED_KEY, OTHER_KEY, P256_KEY = public_key_of(ED), public_key_of(OTHER_ED), public_key_of(P256)
POLICY = PasskeyPolicy(("https://declaration.example",), "declaration.example")


def vectors(name: str) -> Path:
    """A folder of published vectors; they are other people's and not kept here."""
    folder = os.environ.get("DECLARATION_VECTORS")
    if not folder:
        pytest.skip("DECLARATION_VECTORS names no folder of published vectors")
    if not (path := Path(folder) / name).exists():
        pytest.skip(f"DECLARATION_VECTORS has no {name}")
    return path


def statement(
    act: str = "endorsement.sign-v1",
    *,
    key: PublicKey = ED_KEY,
    nonce: int = 0,
    log: str = LOG,
    acted_on: str | None = "0" * 64,
    seen: Seen | None = None,
    **body: JSON,
) -> bytes:
    return build_statement(
        type=act,
        by=By(key.fingerprint, "ngo-42", "signatory"),
        declaration="joint-declaration",
        log=log,
        nonce=nonce.to_bytes(16, "big"),
        object=acted_on,
        seen=seen or Seen(1, "1" * 64),
        body=body or {"content": "2" * 64},
    )


def entry(nonce: int = 0, act: str = "endorsement.sign-v1") -> bytes:
    raw = statement(act, nonce=nonce)
    return build_entry(NOON + timedelta(seconds=nonce), sign(ED, namespace(act, LOG), raw), raw)


@dataclass
class Passkey:
    """An authenticator that does as it is told, honest or not."""

    policy: PasskeyPolicy = POLICY
    flags: int = 0x05
    counter: int = 7
    extensions: bytes = b""
    rp_id: str | None = None
    private: EllipticCurvePrivateKey = P256

    @property
    def key(self) -> PublicKey:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return passkey(point, self.policy.rp_id)

    def client_data(self, challenge: bytes, **changes: object) -> bytes:
        data = {
            "type": "webauthn.get",
            "challenge": b64url_encode(challenge),
            "origin": self.policy.origins[0],
            "crossOrigin": False,
        }
        return json.dumps({**data, **changes}, separators=(",", ":")).encode()

    def sign(self, namespace: str, message: bytes, client_data: bytes | None = None, **changes: object) -> bytes:
        client = client_data if client_data is not None else self.client_data(tbs(namespace, message), **changes)
        rp_id = self.rp_id or self.policy.rp_id
        data = sha256(rp_id.encode()).digest() + bytes([self.flags]) + self.counter.to_bytes(4, "big") + self.extensions
        signature = self.private.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        origin = str(changes.get("origin", self.policy.origins[0]))
        return assemble_passkey(self.key, namespace, origin=origin, authenticator_data=data, client_data=client, signature=signature)


@dataclass
class Log:
    """A log in memory that stores complete nodes only, as the service does."""

    signer: NoteSigner = field(default_factory=lambda: NoteSigner(LOG, OTHER_ED))
    entries: list[bytes] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def get_node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def append(self, raw: bytes) -> None:
        for level, index, node in new_nodes(len(self.entries), leaf_hash(raw), self.get_node):
            assert (level, index) not in self.nodes, "a complete node was made twice"
            self.nodes[level, index] = node
        self.entries.append(raw)

    def checkpoint(self, size: int | None = None) -> bytes:
        size = len(self.entries) if size is None else size
        return sign_checkpoint(Checkpoint(self.signer.name, size, root(size, self.get_node)), self.signer)

    def inclusion(self, index: int) -> list[bytes]:
        return prove_inclusion(index, len(self.entries), self.get_node)

    def consistency(self, old: int) -> list[bytes]:
        return prove_consistency(old, len(self.entries), self.get_node)


def log_of(count: int) -> Log:
    log = Log()
    for nonce in range(count):
        log.append(entry(nonce))
    return log
