"""A forge: real signed bundles in memory, honest by default, and a hand on every lever for whoever wants to cheat.

The workbench of the procedure with everything real: Ed25519 keys, SSHSIG signatures, proofs of possession, roots that were seen, a log
that signs. ``act`` records what the rules allow; ``force`` records what they do not, as an operator could who has the log's key.
``members`` are the bundle's files, to be changed at will; ``pack`` writes them with a ``bundle.json`` that agrees with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.procedure.act import Act
from declaration.procedure.replay import advance, check
from declaration.procedure.signers import allowed_signers_of
from declaration.procedure.state import VersionText
from declaration.protocol.bundle import read_bundle, write_bundle
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.encoding import b64encode, b64url_encode, canonical, format_time, sha256_hex
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.entry import Entry, build_entry, parse_entry
from declaration.protocol.keys import PrivateKey, public_key_of
from declaration.protocol.manifest import canonical_text, unit_hash
from declaration.protocol.merkle import CompactRange, leaf_hash
from declaration.protocol.note import NoteSigner
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement, namespace, parse_statement
from tests.procedure.bench import ORIGIN, SYMBOL, TEXT, Bench

Members = dict[str, bytes]

SIGNED = "endorsement.sign-v1"
WITHDRAWN = "endorsement.withdraw-v1"


@cache
def private(name: str) -> Ed25519PrivateKey:
    """The key of that name; its public half is ``bench.public(name)``."""
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


LOG = NoteSigner(ORIGIN, private("the log"))


@dataclass
class Forge(Bench):
    """See the module. ``entries`` are the record's lines; ``roots[n]`` is the root of the first n."""

    entries: list[bytes] = field(default_factory=list)
    tree: CompactRange = field(default_factory=CompactRange)
    roots: list[bytes] = field(default_factory=lambda: [CompactRange().root()])
    contents: dict[str, bytes] = field(default_factory=dict)
    azerbaijani: dict[str, str] = field(default_factory=lambda: {unit: text["az"] for unit, (_, _, text) in TEXT.items()})

    def twin(self) -> Forge:
        """A forge that can go another way from here."""
        twin = copy(self)
        twin.state = self.state.fork()
        twin.library = dict(self.library)
        twin.state.library = twin.library.get
        twin.entries, twin.roots = list(self.entries), list(self.roots)
        twin.contents, twin.azerbaijani = dict(self.contents), dict(self.azerbaijani)
        twin.tree = CompactRange(self.tree.size, self.tree.hashes())
        return twin

    # -- acts ----------------------------------------------------------------------------------------------------------

    def statement(self, who: str, type_: str, object_: str | None, body: Mapping[str, Any] | None = None, **changes: Any) -> Act:
        role, party = who.split(".", 1)
        self.counter += 1
        size = changes.get("seen", self.state.size)
        root = changes.get("root", self.roots[size] if size < len(self.roots) else sha256(b"never").digest())
        key = changes.get("private") or private(changes.get("key", who))
        raw = build_statement(
            type=type_,
            by=By(changes.get("fingerprint") or public_key_of(key).fingerprint, party, role),
            declaration=changes.get("declaration", SYMBOL),
            log=changes.get("log", ORIGIN),
            nonce=changes.get("nonce", self.counter).to_bytes(16, "big"),
            object=object_,
            seen=Seen(size, root.hex()),
            body=dict(body or {}),
        )
        return Act(parse_statement(raw), changes.get("at", self.now), self.state.size)

    def act(self, who: str, type_: str, object_: str | None, body: Mapping[str, Any] | None = None, **changes: Any) -> Act:
        act = self.statement(who, type_, object_, body, **changes)
        check(self.state, act)
        self.record(act, self.signature(act, who, **changes))
        advance(self.state, act)
        return act

    def force(self, who: str, type_: str, object_: str | None, body: Mapping[str, Any] | None = None, **changes: Any) -> Act:
        """Record an act without asking the rules; the state goes on as if it had not been."""
        act = self.statement(who, type_, object_, body, **changes)
        self.record(act, self.signature(act, who, **changes))
        return self._behind(act)

    def force_raw(self, raw: bytes) -> None:
        """Record any bytes at all."""
        self._grow(raw)
        self.state.size += 1
        self.state.times.append(self.now)

    def signature(self, act: Act, who: str, **changes: Any) -> bytes:
        key = changes.get("signer") or changes.get("private") or private(changes.get("key", who))
        name = changes.get("namespace", namespace(act.type, act.statement.log))
        return changes.get("blob") or sign(key, name, act.statement.raw)

    def record(self, act: Act, blob: bytes) -> None:
        self._grow(build_entry(act.at, blob, act.statement.raw))

    def _grow(self, raw: bytes) -> None:
        self.entries.append(raw)
        self.tree.append(leaf_hash(raw))
        self.roots.append(self.tree.root())

    def _behind(self, act: Act) -> Act:
        self.state.size += 1
        self.state.times.append(max(act.at, self.state.times[-1]))
        return act

    # -- bodies --------------------------------------------------------------------------------------------------------

    def constitution_body(self, **changes: Any) -> dict[str, Any]:
        changes.setdefault("rules", {**self.rules.as_json(), **changes.pop("rule", {})})
        return super().constitution_body(**changes)

    def accreditation(self, who: str, **changes: Any) -> dict[str, Any]:
        key: PrivateKey = changes.pop("private", None) or private(changes.pop("named", who))
        nonce = changes.pop("nonce", None) or b64url_encode(sha256(f"{who} {public_key_of(key).openssh}".encode()).digest()[:16])
        constitution = changes.pop("constitution", self.constitution)
        log = changes.pop("log", ORIGIN)
        blob = sign(key, possession_namespace(log), possession(constitution, public_key_of(key).fingerprint, nonce))
        proof = {"nonce": nonce, "signature": b64encode(blob)}
        return super().accreditation(who, **{"key": public_key_of(key).openssh, "possession": proof, **changes})

    def content(self, word: str) -> str:
        """Keep a public document and return its hash."""
        raw = canonical({"salt": sha256(word.encode()).hexdigest()[:32], "text": word})
        self.contents[sha256_hex(raw)] = raw
        return sha256_hex(raw)

    def texts_now(self) -> dict[str, tuple[str, str | None, dict[str, str]]]:
        number, out = 0, {}
        for unit in self.state.units.values():
            number += unit.kind == "operative"
            shown = str(number) if unit.kind == "operative" else None
            out[unit.id] = (unit.kind, shown, {"en": unit.text, "az": self.azerbaijani[unit.id]})
        return out

    def translate(self, **words: str) -> None:
        self.azerbaijani.update(words)
        body = {"language": "az", "units": {unit: unit_hash(text) for unit, text in words.items()}}
        self.act("translator.az-1", "language_version.submit-v1", self.state.current, body)

    def approve(self, symbol: str) -> str:
        digest = self.put_version(self.texts_now(), symbol, self.state.current)
        self.act("chair.chair", "draft_version.approve_and_circulate-v1", digest, {"symbol": symbol})
        return digest

    # -- the bundle ----------------------------------------------------------------------------------------------------

    @property
    def trust_root(self) -> str:
        return leaf_hash(self.entries[0]).hex()

    def checkpoint(self, size: int | None = None, signer: NoteSigner = LOG) -> bytes:
        size = len(self.entries) if size is None else size
        return sign_checkpoint(Checkpoint(signer.name, size, self.roots[size]), signer)

    def members(self) -> Members:
        """The files of an honest bundle of this record."""
        versions: Members = {}
        for digest in self.state.versions:
            versions |= version_members(self.library[digest])
        return {
            "policy": policy(),
            "checkpoint": self.checkpoint(),
            "entries.jsonl": b"".join(raw + b"\n" for raw in self.entries),
            "allowed_signers": allowed_signers_of(self.state).encode(),
            "README.txt": b"A bundle of a forum that never was.\n",
            **versions,
            **{f"contents/{digest}.json": raw for digest, raw in self.contents.items()},
        }

    def pack(self, out: Path, members: Members | None = None, **changes: Any) -> Path:
        return pack(self.members() if members is None else members, out, **{"size": len(self.entries), **changes})


def policy(signer: NoteSigner = LOG, quorum: str = "none", *more: str) -> bytes:
    return "\n".join([f"log {signer.verifier.vkey}", *more, f"quorum {quorum}", ""]).encode()


def version_members(version: VersionText) -> Members:
    manifest = version.manifest
    folder = f"versions/{manifest.digest}"
    texts = {
        f"{folder}/texts/{lang}.txt": canonical_text([(row.id, row.number, words[row.id]) for row in manifest.units])
        for lang, words in version.texts.items()
    }
    return {f"{folder}/manifest.json": manifest.raw, **texts}


def pack(members: Members, out: Path, *, size: int, origin: str = ORIGIN) -> Path:
    """Write the archive; ``bundle.json`` agrees with what is in it."""
    write_bundle(members, out, origin=origin, size=size)
    return out


def packed(members: Members, *, size: int, origin: str = ORIGIN) -> bytes:
    stream = BytesIO()
    write_bundle(members, stream, origin=origin, size=size)
    return stream.getvalue()


def unpacked(path: Path) -> Members:
    with read_bundle(path) as bundle:
        return {name: bundle.read_member(name) for name in bundle.names if name != "bundle.json"}


def rebuilt(members: Members, entries: Sequence[bytes], signer: NoteSigner = LOG) -> Members:
    """The same bundle over other entries: what an operator can make who has the log's key and nobody else's."""
    tree = CompactRange()
    for raw in entries:
        tree.append(leaf_hash(raw))
    lines = b"".join(raw + b"\n" for raw in entries)
    checkpoint = sign_checkpoint(Checkpoint(signer.name, tree.size, tree.root()), signer)
    return {**members, "entries.jsonl": lines, "checkpoint": checkpoint}


def resigned(raw: bytes, name: str, *, at: datetime | None = None, **statement: Any) -> bytes:
    """The entry with members of its statement changed and a fresh signature by the key of that name."""
    entry: Entry = parse_entry(raw)
    made = entry.statement
    fields: dict[str, Any] = {
        "type": made.type,
        "by": made.by,
        "declaration": made.declaration,
        "log": made.log,
        "nonce": made.nonce,
        "object": made.object,
        "seen": made.seen,
        "body": made.body,
        **statement,
    }
    new = build_statement(**fields)
    return build_entry(at or entry.at, sign(private(name), namespace(fields["type"], fields["log"]), new), new)


# -- a forum of three countries ------------------------------------------------------------------------------------------

ORGANIZATIONS = {"a1": "az", "a2": "az", "a3": "az", "a4": "az", "k1": "kz", "k2": "kz", "k3": "kz", "h1": "hu", "h2": "hu", "h3": "hu"}


@lru_cache(maxsize=1)
def _circulated() -> Forge:
    return Forge().constituted().circulated()


@lru_cache(maxsize=1)
def _second_reading() -> Forge:
    forge = _circulated().twin()
    forge.admit(forge.submit("head.kz", forge.reads("OP1", "Decide to meet every year;"), content=forge.content("why OP1")))
    forge.admit(forge.submit("head.hu", forge.reads("OP2", "Invite all public bodies to support projects;")))
    return forge.second_reading()


@lru_cache(maxsize=1)
def _agreed() -> Forge:
    forge = _second_reading().twin()
    first, second = forge.state.amendments
    bridge = forge.proposal([forge.reads("OP2", "Invite public bodies to support projects;")], sources=[second])
    chair_text = forge.act("chair.chair", "amendment.table_chair_text-v1", forge.state.current, bridge).digest
    forge.accept(first)
    forge.act("chair.chair", "amendment.park-v1", second, {"target": chair_text})
    forge.accept(chair_text)
    forge.translate(OP1="Hər il görüşməyi qərara alırıq;", OP2="Dövlət qurumlarını dəvət edirik;")
    forge.approve(f"{SYMBOL}/Rev.1")
    return forge.agreed().confirmed().certified()


@lru_cache(maxsize=1)
def _open() -> Forge:
    forge = _agreed().twin().presented()
    forge.act("chair.chair", "declaration.adopt-v1", forge.state.current, {"present": ["az", "kz"], "content": forge.content("minute")})
    window = {"opens": format_time(forge.now), "closes": format_time(forge.now + timedelta(days=30)), "content": forge.content("opened")}
    forge.act("depositary.keeper", "declaration.open_for_signature-v1", forge.state.adopted, window)
    return forge


@lru_cache(maxsize=1)
def _signed() -> Forge:
    forge = _open().twin()
    for party, country in ORGANIZATIONS.items():
        forge.enrol(party, country)
    forge.enrol("person", "az", capacity="personal")
    forge.enrol("friend", "rs", capacity="associated")
    forge.pass_time(hours=1)
    for party in ORGANIZATIONS:
        forge.sign(party, content=forge.content(f"person of {party}"))
    forge.sign("person", capacity="personal")
    forge.sign("friend", capacity="associated")
    forge.pass_time(hours=1)
    forge.act("signatory.h3", WITHDRAWN, forge.state.by_party["h3"], {"content": forge.content("reason")})
    return forge


def circulated() -> Forge:
    """First reading of the zero draft."""
    return _circulated().twin()


def second_reading() -> Forge:
    """Two admitted amendments, and the compilation."""
    return _second_reading().twin()


def agreed() -> Forge:
    """One amendment and a Chair's text accepted, translated, confirmed and certified."""
    return _agreed().twin()


def opened() -> Forge:
    """Adopted and open for signature."""
    return _open().twin()


def signed() -> Forge:
    """Ten organizations, a person and an associate have signed; one has withdrawn."""
    return _signed().twin()
