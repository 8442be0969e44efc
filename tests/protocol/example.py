"""The worked example of docs/protocol.md, made by the code that it explains.

Every block of the page that stands below ``<!-- example: NAME -->`` is one of :func:`blocks`. The test compares them, so the page
cannot say what the code does not do. ``python -m tests.protocol.example`` writes the current blocks into the page.

Everything is fixed: keys from the seeds 00 01 02 … and 01 02 03 …, nonces that count, times of one morning. Ed25519 has no randomness.
"""

from __future__ import annotations

import io
import re
import textwrap
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.protocol.allowed_signers import AllowedSigner, allowed_signers
from declaration.protocol.bundle import INDEX, read_bundle, write_bundle
from declaration.protocol.encoding import b64decode, b64encode, b64url_encode, sha256_hex
from declaration.protocol.enrolment import possession
from declaration.protocol.entry import build_entry, parse_entry
from declaration.protocol.manifest import Manifest, TextRow, UnitRow, build_manifest, canonical_text, unit_hash
from declaration.protocol.merkle import EMPTY_ROOT, leaf_hash, node_hash
from declaration.protocol.note import NoteSigner
from declaration.protocol.receipt import build_receipt, parse_receipt, verify_receipt
from declaration.protocol.sign_in import sign_in
from declaration.protocol.sshsig import armor, sign, tbs, verify
from declaration.protocol.statement import By, Seen, build_statement, parse_statement
from tests.protocol.made import ED, ED_KEY, LOG, NOON, OTHER_ED, OTHER_KEY, Log, Passkey

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"

_BLOCK = re.compile(r"<!-- example: ([a-z-]+) -->\n\n```[a-z]*\n(.*?)```\n", re.DOTALL)

UNITS = {
    "az": [("T", None, "Birgə Bəyannamə"), ("OP1", "1", "Hər il görüşmək qərara alınır.")],
    "en": [("T", None, "Joint Declaration"), ("OP1", "1", "Decide to meet every year.")],
}


class ExampleOutOfDate(AssertionError):
    """The page shows something else than the code produces."""


def check(page: str) -> None:
    """Compare every example block of the page with what the code produces now."""
    shown = dict(_BLOCK.findall(page))
    made = blocks()
    if shown.keys() != made.keys():
        raise ExampleOutOfDate(f"blocks on the page and blocks made differ: {sorted(shown.keys() ^ made.keys())}")
    for name, text in made.items():
        if shown[name] != text:
            raise ExampleOutOfDate(f"{name}: run python -m tests.protocol.example")


def commands(folder: Path) -> list[str]:
    """Write the example's files into ``folder`` and return the commands that the page prints."""
    for name, content in _files().items():
        (folder / name).write_bytes(content)
    return blocks()["commands"].replace("\\\n", "").strip().split("\n")


def blocks() -> dict[str, str]:
    """Every block by its name on the page."""
    files = _files()
    statement = files["statement.json"]
    parsed = parse_statement(statement)
    record = _record()
    first, second = (leaf_hash(raw) for raw in record.entries)
    signed = tbs(parsed.namespace, statement)
    manifest = _manifest()
    device = Passkey()
    return {
        "keys": f"seed         {bytes(range(32)).hex()}\npublic key   {ED_KEY.openssh}\nfingerprint  {ED_KEY.fingerprint}\n",
        "statement": f"{statement.decode()}\n",
        "digest": f"{parsed.digest}\n",
        "tbs": _wrapped(signed.hex()),
        "blob": _wrapped(parse_entry(record.entries[0]).signature.hex()),
        "armor": files["statement.json.sig"].decode(),
        "client-data": f"{device.client_data(signed).decode()}\n",
        "possession": f"{possession(first.hex(), OTHER_KEY.fingerprint, b64url_encode(bytes(range(16)))).decode()}\n",
        "sign-in": f"{sign_in(b64url_encode(bytes(range(40))), LOG, device.policy.origins[0]).decode()}\n",
        "entry": f"{record.entries[0].decode()}\n",
        "tree": (
            f"leaf 0          {first.hex()}     = root of size 1 = trust root\n"
            f"leaf 1          {second.hex()}\n"
            f"root of size 2  {node_hash(first, second).hex()}\n"
            f"inclusion of leaf 1 in size 2       [{first.hex()}]\n"
            f"consistency from size 1 to size 2   [{second.hex()}]\n"
        ),
        "vkey": f"{record.signer.verifier.vkey}\n",
        "checkpoint": record.checkpoint().decode(),
        "receipt": files["receipt.txt"].decode(),
        "text": files["az.txt"].decode(),
        "manifest": f"{manifest.raw.decode()}\n",
        "version": f"unit hash of OP1 in English  {unit_hash(UNITS['en'][1][2])}\nversion                      {manifest.digest}\n",
        "allowed-signers": files["allowed_signers"].decode(),
        "bundle-index": f"{_bundle_index(files)}\n",
        "commands": _commands(parsed.namespace, first.hex(), parsed.digest, record.signer.verifier.public),
    }


def _record() -> Log:
    """The constitution and one act of another key after it; the log's key is a third one."""
    record = Log(signer=NoteSigner(LOG, Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))))
    constitution = build_statement(
        type="constitution-v1",
        by=By(ED_KEY.fingerprint, "chair", "chair"),
        declaration="joint-declaration",
        log=LOG,
        nonce=bytes(16),
        object=None,
        seen=Seen(0, EMPTY_ROOT.hex()),
        body={"languages": ["az", "en"], "procedure": "forum-1"},
    )
    record.append(_entry(0, ED, constitution))
    act = build_statement(
        type="endorsement.sign-v1",
        by=By(OTHER_KEY.fingerprint, "ngo-42", "signatory"),
        declaration="joint-declaration",
        log=LOG,
        nonce=bytes(range(16)),
        object=_manifest().digest,
        seen=Seen(1, leaf_hash(record.entries[0]).hex()),
        body={"languages": ["az"]},
    )
    record.append(_entry(60, OTHER_ED, act))
    return record


def _entry(seconds: int, private: Ed25519PrivateKey, statement: bytes) -> bytes:
    namespace = parse_statement(statement).namespace
    raw = build_entry(NOON + timedelta(seconds=seconds), sign(private, namespace, statement), statement)
    key = ED_KEY if private is ED else OTHER_KEY
    verify(parse_entry(raw).signature, key=key, namespace=namespace, message=statement)
    return raw


def _manifest_texts() -> dict[str, bytes]:
    return {lang: canonical_text(units) for lang, units in UNITS.items()}


def _manifest() -> Manifest:
    texts = [
        TextRow(lang, sha256_hex(raw), len(raw), "authentic" if lang == "az" else "translation") for lang, raw in _manifest_texts().items()
    ]
    kinds = {"T": "title", "OP1": "operative"}
    units = [
        UnitRow(unit_id, kinds[unit_id], number, None, {lang: unit_hash(UNITS[lang][row][2]) for lang in UNITS})
        for row, (unit_id, number, _) in enumerate(UNITS["en"])
    ]
    return build_manifest(declaration="joint-declaration", previous=None, symbol="JD/Rev.1", texts=texts, units=units)


def _files() -> dict[str, bytes]:
    record = _record()
    entry = parse_entry(record.entries[0])
    receipt = build_receipt(
        entry=record.entries[1], index=1, proof=record.inclusion(1), checkpoint=record.checkpoint(), constitution=record.checkpoint(1)
    )
    verify_receipt(parse_receipt(receipt), record.signer.verifier, constitution=entry.leaf.hex())
    signers = [
        AllowedSigner("chair", "chair", ED_KEY, (f"constitution-v1@{LOG}",)),
        AllowedSigner("signatory", "ngo-42", OTHER_KEY, (f"endorsement.sign-v1@{LOG}",), valid_after=NOON),
    ]
    text, _, _ = record.checkpoint(1).decode().partition("\n\n")
    return {
        "statement.json": entry.statement.raw,
        "statement.json.sig": armor(entry.signature).encode(),
        "entry.json": record.entries[0],
        "allowed_signers": allowed_signers(signers).encode(),
        "receipt.txt": receipt,
        "az.txt": _manifest_texts()["az"],
        "manifest.json": _manifest().raw,
        "checkpoint.body": f"{text}\n".encode(),
        "checkpoint.sig": _signature(record.checkpoint(1)),
    }


def _signature(note: bytes) -> bytes:
    """The 64 bytes of Ed25519 out of a note's only signature line."""
    return b64decode(note.decode().strip().split(" ")[-1])[4:]


def _bundle_index(files: dict[str, bytes]) -> str:
    out = io.BytesIO()
    digest = _manifest().digest
    members: dict[str, bytes | Path] = {
        "allowed_signers": files["allowed_signers"],
        "checkpoint": _record().checkpoint(),
        "entries.jsonl": b"".join(raw + b"\n" for raw in _record().entries),
        f"versions/{digest}/manifest.json": files["manifest.json"],
        f"versions/{digest}/texts/az.txt": files["az.txt"],
    }
    write_bundle(members, out, origin=LOG, size=2)
    bundle = read_bundle(out)
    bundle.verify_members()
    return bundle.read_member(INDEX).decode()


def _commands(namespace: str, leaf: str, digest: str, public: bytes) -> str:
    der = b64encode(bytes.fromhex("302a300506032b6570032100") + public)
    return "\n".join(
        [
            f'test "$(sha256sum < statement.json | cut -c1-64)" = {digest}',
            f"ssh-keygen -Y verify -f allowed_signers -I chair.chair -n {namespace} -s statement.json.sig < statement.json",
            f"test \"$( (printf '\\000'; cat entry.json) | sha256sum | cut -c1-64)\" = {leaf}",
            f"echo {der} | openssl base64 -d -A > log.der",
            "openssl pkeyutl -verify -pubin -keyform DER -inkey log.der -rawin -in checkpoint.body -sigfile checkpoint.sig",
            "",
        ]
    )


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 96)) + "\n"


def rewrite(page: str) -> str:
    """The page with every example block as the code produces it now."""
    made = blocks()

    def replace(match: re.Match[str]) -> str:
        fence = match[0].split("\n")[2]
        return f"<!-- example: {match[1]} -->\n\n{fence}\n{made[match[1]]}```\n"

    return _BLOCK.sub(replace, page)


if __name__ == "__main__":
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
