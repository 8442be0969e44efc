"""Bundles, good and bad, and which checks fail of them. Each is made by what somebody could do: change a byte of the file, write the
archive again, sign as the operator who has the log's key, or act with a key of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from declaration.protocol.encoding import b64encode, canonical, sha256_hex
from declaration.protocol.note import COSIGNATURE, NoteSigner, cosign
from declaration.protocol.note import sign as sign_note
from declaration.protocol.wire import string
from tests.attacks import test_passkeys as passkeys
from tests.attacks.acts import as_json, ready, sign_as
from tests.attacks.test_record import IDENTITY, forked
from tests.procedure.bench import TEXT, version
from tests.protocol.made import Passkey
from tests.verifier import forge as f

Make = Callable[[Path], Path]
"""Writes the bundle to a path and returns it."""


def honest(make: Callable[[], f.Forge]) -> Make:
    return lambda out: make().pack(out)


def packed(make: Callable[[], f.Forge], change: Callable[[f.Forge, f.Members], f.Members], **index: object) -> Make:
    """Members changed, ``bundle.json`` made again."""

    def write(out: Path) -> Path:
        forge = make()
        return forge.pack(out, change(forge, forge.members()), **index)

    return write


def signed_again(make: Callable[[], f.Forge], change: Callable[[list[bytes]], list[bytes]]) -> Make:
    """Entries changed, and the log signs it all again."""

    def write(out: Path) -> Path:
        forge = make()
        entries = change(forge.entries)
        return f.pack(f.rebuilt(forge.members(), entries), out, size=len(entries))

    return write


def flipped(name: str) -> Make:
    """One bit in the middle of a member; ``bundle.json`` still says what was there."""

    def write(out: Path) -> Path:
        forge = f.circulated()
        members = forge.members()
        path = forge.pack(out)
        data = bytearray(path.read_bytes())
        wanted = version_of(forge) + name if name.startswith("/") else name
        at = data.index(wanted.encode() + members[wanted][:20]) + len(wanted)
        data[at + len(members[wanted]) // 2] ^= 1
        path.write_bytes(data)
        return path

    return write


def version_of(forge: f.Forge) -> str:
    return f"versions/{forge.state.adopted or forge.state.current}"


def text_of(forge: f.Forge, lang: str) -> str:
    return f"{version_of(forge)}/texts/{lang}.txt"


def replaced(name: str, old: bytes, new: bytes) -> Callable[[f.Forge, f.Members], f.Members]:
    def change(forge: f.Forge, members: f.Members) -> f.Members:
        wanted = version_of(forge) + name if name.startswith("/") else name
        assert old in members[wanted]
        return {**members, wanted: members[wanted].replace(old, new, 1)}

    return change


def swapped_texts(forge: f.Forge, members: f.Members) -> f.Members:
    az, en = text_of(forge, "az"), text_of(forge, "en")
    return {**members, az: members[en], en: members[az]}


def without(name: str) -> Callable[[f.Forge, f.Members], f.Members]:
    return lambda forge, members: {each: raw for each, raw in members.items() if each != name}


def lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[f.Forge, f.Members], f.Members]:
    """Entries changed under the checkpoint as it was."""
    return lambda forge, members: {**members, "entries.jsonl": b"".join(raw + b"\n" for raw in change(forge.entries))}


def last(change: Callable[[bytes], bytes]) -> Callable[[list[bytes]], list[bytes]]:
    return lambda entries: [*entries[:-1], change(entries[-1])]


def acted(**changes: object) -> Make:
    """One more organization signs, the act changed; everything else is in order."""
    return honest(lambda: sign_as(ready(), **changes))


def second_key() -> f.Forge:
    forge = ready()
    forge.sign("new")
    first = forge.act("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("new", "kz", named="a second key"))
    forge.act("secretariat.two", "second-v1", first.digest)
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), key="a second key")
    return forge


def late() -> f.Forge:
    forge = ready()
    forge.pass_time(hours=24 * 30)
    return sign_as(forge)


def held_back() -> f.Forge:
    forge = ready()
    seen = forge.state.size
    forge.enrol("early", "az")
    forge.pass_time(days=3)
    forge.enrol("later", "az")
    return sign_as(forge, seen=seen)


def weak_key() -> f.Forge:
    forge = f.circulated()
    line = "ssh-ed25519 " + b64encode(string(b"ssh-ed25519") + string(IDENTITY))
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("head.az", key=line))
    return forge


def removed(entries: list[bytes]) -> list[bytes]:
    gone = next(n for n, raw in enumerate(entries) if b'"party":"a2"' in raw and b"endorsement.sign" in raw)
    return entries[:gone] + entries[gone + 1 :]


def with_p256() -> f.Forge:
    forge = f.opened()
    key = derive_private_key(42, SECP256R1())
    forge.enrol("new", "kz", private=key)
    forge.act("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), private=key)
    return forge


def with_passkey(device: Passkey | None = None, **changes: object) -> Make:
    return honest(lambda: passkeys.sign(passkeys.enrolled(Passkey()), device or Passkey(), **changes))


WITNESS = NoteSigner("one.example", f.private("one"), COSIGNATURE)


def witnessed(signed: bool) -> Make:
    """A policy that wants a witness."""

    def note(forge: f.Forge) -> bytes:
        return cosign(forge.checkpoint(), WITNESS, 1_764_000_000) if signed else forge.checkpoint()

    policy = f.policy(f.LOG, "some", f"witness one {WITNESS.verifier.vkey}", "group some any one")
    return packed(f.circulated, lambda forge, members: {**members, "checkpoint": note(forge), "policy": policy})


def under_another_origin(forge: f.Forge, members: f.Members) -> f.Members:
    text = forge.checkpoint().decode().split("\n\n")[0].replace(f.ORIGIN, "declaration.example/other") + "\n"
    return {**members, "checkpoint": sign_note(text, f.LOG)}


def two_roots(out: Path) -> Path:
    one, other = forked()
    return one.pack(out, {**one.members(), f"checkpoints/{len(one.entries)}": other.checkpoint()})


def unapproved(forge: f.Forge, members: f.Members) -> f.Members:
    other = version({**TEXT, "OP3": ("operative", "3", {"en": "Request money.", "az": "Pul."})}, f"{f.SYMBOL}/Rev.9", None)
    return {**members, **f.version_members(other)}


@cache
def _signed() -> f.Forge:
    forge = f.opened()
    for party, country in (("a1", "az"), ("a2", "az"), ("k1", "kz")):
        forge.enrol(party, country)
    for party in ("a1", "a2", "k1"):
        forge.sign(party, content=forge.content(f"person of {party}"))
    forge.pass_time(hours=1)
    forge.act("signatory.k1", f.WITHDRAWN, forge.state.by_party["k1"], {"content": forge.content("reason")})
    return forge


def signed() -> f.Forge:
    """Three organizations have signed, and one of them has withdrawn."""
    return _signed().twin()


def cut_and_signed(forge: f.Forge, members: f.Members) -> f.Members:
    """The last act is gone, and a checkpoint that was cosigned with it is still there."""
    return {**f.rebuilt(members, forge.entries[:-1]), f"checkpoints/{len(forge.entries)}": forge.checkpoint()}


STRANGER = b'{"salt":"00","text":"a person who never agreed"}'
OTHER_LOG = NoteSigner(f.ORIGIN, f.private("another log"))

GOOD: dict[str, Make] = {
    "first reading": honest(f.circulated),
    "signed": honest(signed),
    "signed with P-256": honest(with_p256),
    "signed with a passkey": with_passkey(),
    "seen by a witness": witnessed(True),
    "earlier checkpoints": packed(signed, lambda x, m: {**m, "checkpoints/5": x.checkpoint(5), "checkpoints/40": x.checkpoint(40)}),
    "a document withheld": packed(signed, lambda x, m: without(f"contents/{next(iter(x.contents))}.json")(x, m)),
}

BAD: dict[str, tuple[Make, set[int]]] = {
    "flipped: entries": (flipped("entries.jsonl"), {1, 3, 4, 5}),
    "flipped: checkpoint": (flipped("checkpoint"), {1, 2}),
    "flipped: readme": (flipped("README.txt"), {1}),
    "flipped: policy": (flipped("policy"), {1, 2}),
    "flipped: allowed signers": (flipped("allowed_signers"), {1}),
    "flipped: a text": (flipped("/texts/az.txt"), {1, 6, 7}),
    "a member that is none": (packed(f.circulated, lambda x, m: {**m, "extra": b"x"}), {1}),
    "a member that is missing": (packed(f.circulated, without("allowed_signers")), {1}),
    "a document swapped": (packed(signed, lambda x, m: {**m, f"contents/{next(iter(x.contents))}.json": b"{}"}), {1}),
    "a document that no act names": (packed(f.circulated, lambda x, m: {**m, f"contents/{sha256_hex(STRANGER)}.json": STRANGER}), {1}),
    "the log's key replaced": (packed(f.circulated, lambda x, m: {**m, "policy": f.policy(OTHER_LOG)}), {2}),
    "checkpoint not signed": (packed(f.circulated, replaced("checkpoint", b"forum\n", b"forun\n")), {2}),
    "checkpoint of another origin": (packed(f.circulated, under_another_origin), {2}),
    "no witness": (witnessed(False), {2}),
    "index of another size": (packed(f.circulated, lambda x, m: m, size=7), {2}),
    "index of another origin": (packed(f.circulated, lambda x, m: m, origin="declaration.example/other"), {2}),
    "truncated": (packed(signed, lines(lambda entries: entries[:-1])), {1, 3}),
    "truncated and signed again": (packed(signed, cut_and_signed), {1, 2, 3}),
    "reordered": (packed(signed, lines(lambda entries: [*entries[:-2], entries[-1], entries[-2]])), {3, 4}),
    "two roots": (two_roots, {3}),
    "an endorsement removed": (signed_again(signed, removed), {1, 3}),
    "an entry twice": (signed_again(f.circulated, lambda entries: [*entries, entries[-1]]), {4}),
    "one letter of an act": (signed_again(f.circulated, last(lambda raw: raw.replace(b"2025-11-20", b"2025-11-21"))), {4}),
    "not canonical": (signed_again(lambda: sign_as(ready()), last(lambda raw: raw.replace(b'"at":', b'"at": ', 1))), {4}),
    "a key twice": (signed_again(lambda: sign_as(ready()), last(lambda raw: raw.replace(b'"statement":{', b'"statement":{"by":0,'))), {4}),
    "a number with a fraction": (signed_again(lambda: sign_as(ready()), last(lambda raw: raw[:-1] + b',"x":1.5}')), {4}),
    "not UTF-8": (signed_again(lambda: sign_as(ready()), last(lambda raw: raw[:-1] + b"\xff}")), {4}),
    "a signature by a thief": (acted(signer=f.private("thief")), {4}),
    "a signature for another act": (acted(namespace=f"amendment.withdraw-v1@{f.ORIGIN}"), {4}),
    "another log": (acted(log="declaration.example/other"), {4}),
    "another declaration": (acted(declaration="OTHER/2025/JD"), {4}),
    "a time that runs backwards": (honest(lambda: (x := ready()) and sign_as(x, at=x.now - timedelta(days=1))), {4}),
    "held back": (honest(held_back), {4}),
    "a checkpoint from the future": (honest(lambda: (x := ready()) and sign_as(x, seen=x.state.size + 5)), {3}),
    "another record seen": (acted(root=b"\x07" * 32), {3}),
    "a key that nobody accredited": (acted(private=f.private("ghost")), {5}),
    "a key of another party": (acted(key="head.kz"), {5}),
    "a weak key accredited": (honest(weak_key), {5}),
    "a signer too many": (packed(signed, lambda x, m: {**m, "allowed_signers": m["allowed_signers"] + b"# more\n"}), {5}),
    "a signature on a draft": (acted(acted_on="0" * 64), {8}),
    "two keys of one organization": (honest(second_key), {8}),
    "after the window": (honest(late), {8}),
    "texts swapped in the signature": (acted(body={"texts": dict.fromkeys(("az", "en"), "0" * 64)}), {8}),
    "a letter of the adopted text": (packed(signed, replaced("/texts/az.txt", "ə".encode(), b"e")), {6, 7, 8}),
    "translations swapped": (packed(signed, swapped_texts), {6, 7, 8}),
    "a text not in NFC": (packed(f.circulated, replaced("/texts/az.txt", "ə".encode(), "e\u0301".encode())), {6, 7}),
    "a version that nobody approved": (packed(f.circulated, unapproved), {7}),
    "a passkey without a touch": (with_passkey(Passkey(flags=0x04)), {4}),
    "a passkey without verification": (with_passkey(Passkey(flags=0x01)), {4}),
    "a passkey at another site": (with_passkey(None, origin="http://declaration.example"), {4}),
    "a passkey in a stranger's page": (with_passkey(None, crossOrigin=True), {4}),
    "a passkey signed in": (with_passkey(None, namespace=f"sign-in@{f.ORIGIN}"), {4}),
}  # fmt: skip


def universal(out: Path) -> Path:
    """A key of small order, with its signature that is valid for every message, in an entry of its own."""
    forge = ready()
    act = forge.statement("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), fingerprint=_fingerprint())
    blob = forge.signature(act, "signatory.new").replace(string(forge_point()), string(IDENTITY))[:-64] + IDENTITY + bytes(32)
    forge.force_raw(canonical({"at": "2025-11-21T14:00:00Z", "signature": b64encode(blob), "statement": as_json(act.statement.raw)}))
    return forge.pack(out)


def _fingerprint() -> str:
    from declaration.protocol.keys import read_key_blob

    return read_key_blob(string(b"ssh-ed25519") + string(IDENTITY)).fingerprint


def forge_point() -> bytes:
    from declaration.protocol.keys import public_key_of

    return public_key_of(f.private("signatory.new")).point


BAD["a universal signature"] = (universal, {4})
