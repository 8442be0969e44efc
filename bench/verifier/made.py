"""Bundles of any size, quickly: a forum of the tests up to the day of signature, then organizations by the thousand.

Each organization is three entries and four signatures: two persons of the secretariat accredit its key, which proves that somebody
holds it, and it signs. First all are accredited, then all sign, one act a second, every act citing the root before it: nothing repeats
that would not repeat in a real record. Statements are printed from templates and signed by libsodium; the verifier does not know that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from declaration.procedure.signers import allowed_signers_of
from declaration.protocol.allowed_signers import AllowedSigner
from declaration.protocol.bundle import write_bundle
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.encoding import b64encode, b64url_encode, canonical, format_time
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import PublicKey, public_key_of, read_key_blob
from declaration.protocol.merkle import CompactRange, leaf_hash
from declaration.protocol.sshsig import frame, sign, tbs
from declaration.protocol.wire import string
from tests.procedure.bench import START
from tests.verifier import forge as f

COUNTRIES = ("az", "kz", "hu")


@dataclass(frozen=True)
class Signer:
    """A key that signs as fast as libsodium does, or as P-256 has to."""

    public: PublicKey
    secret: bytes
    p256: EllipticCurvePrivateKey | None = None

    def blob(self, namespace: str, message: bytes) -> bytes:
        if self.p256 is not None:
            return sign(self.p256, namespace, message)
        signature = crypto_sign(tbs(namespace, message), self.secret)[:64]
        return frame(self.public, namespace, string(b"ssh-ed25519") + string(signature))


def signer(name: str, *, p256: bool = False) -> Signer:
    seed = sha256(name.encode()).digest()
    if p256:
        private = derive_private_key(int.from_bytes(seed[:31], "big") + 1, SECP256R1())
        return Signer(public_key_of(private), b"", private)
    point, secret = crypto_sign_seed_keypair(seed)
    return Signer(read_key_blob(string(b"ssh-ed25519") + string(point)), secret)


class Maker:
    """A record that grows by organizations.

    :param p256_each: every so many organizations hold a P-256 key; 0 for none.
    """

    def __init__(self, count: int, p256_each: int = 0) -> None:
        self.count, self._p256_each = count, p256_each
        self.forge = f.opened()
        self.tree = CompactRange(self.forge.tree.size, self.forge.tree.hashes())
        self._now = self.forge.now
        self._officers = [signer(f"secretariat.{name}") for name in ("one", "two")]
        self.signers: list[str] = []

    def entries(self) -> Iterator[bytes]:
        yield from self.forge.entries
        for number in range(self.count):
            yield from self._enrolled(number)
        for number in range(self.count):
            yield self._signed(number)

    def _of(self, number: int) -> Signer:
        return signer(f"signatory.ngo-{number}", p256=bool(self._p256_each) and number % self._p256_each == 0)

    def _enrolled(self, number: int) -> Iterator[bytes]:
        party, key = f"ngo-{number}", self._of(number)
        nonce = b64url_encode(sha256(f"nonce {party}".encode()).digest()[:16])
        proof = key.blob(possession_namespace(f.ORIGIN), possession(self.forge.constitution, key.public.fingerprint, nonce))
        body = {
            "capacity": "organization",
            "content": sha256(party.encode()).hexdigest(),
            "key": key.public.openssh,
            "language": None,
            "mandate": {"continues": None, "document": None, "from": format_time(START), "joint": False, "until": None},
            "organization": {"country": COUNTRIES[number % 3], "name": f"Organization {number}", "registration": f"NGO/{number}"},
            "party": party,
            "possession": {"nonce": nonce, "signature": b64encode(proof)},
            "role": "signatory",
        }
        first, digest = self._entry(self._officers[0], "one", "secretariat", "accredit-v1", self.forge.constitution, body)
        yield first
        yield self._entry(self._officers[1], "two", "secretariat", "second-v1", digest, {})[0]
        line = AllowedSigner("signatory", party, key.public, (f"*@{f.ORIGIN}",), self._now).line
        self.signers.append(line)

    def _signed(self, number: int) -> bytes:
        body = self.forge.endorsement(content=sha256(f"person {number}".encode()).hexdigest())
        adopted = self.forge.state.adopted or ""
        return self._entry(self._of(number), f"ngo-{number}", "signatory", f.SIGNED, adopted, body)[0]

    def _entry(self, key: Signer, party: str, role: str, kind: str, acted_on: str, body: dict[str, object]) -> tuple[bytes, str]:
        self._now += timedelta(seconds=1) if role == "signatory" or kind == "second-v1" else timedelta()
        members = {
            **body,
            "by": {"key": key.public.fingerprint, "party": party, "role": role},
            "declaration": f.SYMBOL,
            "log": f.ORIGIN,
            "nonce": b64url_encode(sha512(b"%d" % self.tree.size).digest()[:16]),
            "object": acted_on,
            "seen": f"{self.tree.size}:{self.tree.root().hex()}",
            "type": kind,
        }
        raw = canonical(members)
        blob = key.blob(f"{kind}@{f.ORIGIN}", raw)
        entry = b'{"at":"%s","signature":"%s","statement":%s}' % (format_time(self._now).encode(), b64encode(blob).encode(), raw)
        self.tree.append(leaf_hash(entry))
        return entry, sha256(raw).hexdigest()

    @property
    def now(self) -> datetime:
        return self._now


def made(count: int, out: Path, p256_each: int = 0) -> Path:
    """A bundle with ``count`` endorsements."""
    maker = Maker(count, p256_each)
    lines, signers = out.with_suffix(".jsonl"), out.with_suffix(".signers")
    with lines.open("wb") as stream:
        for entry in maker.entries():
            stream.write(entry + b"\n")
    before = allowed_signers_of(maker.forge.state).splitlines()
    with signers.open("w", encoding="ascii") as stream_of_text:
        stream_of_text.writelines(f"{line}\n" for line in sorted([*before, *maker.signers]))
    checkpoint = sign_checkpoint(Checkpoint(f.ORIGIN, maker.tree.size, maker.tree.root()), f.LOG)
    members = {**maker.forge.members(), "entries.jsonl": lines, "allowed_signers": signers, "checkpoint": checkpoint}
    write_bundle(members, out, origin=f.ORIGIN, size=maker.tree.size)
    lines.unlink()
    signers.unlink()
    return out
