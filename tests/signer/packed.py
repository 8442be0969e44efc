"""A small version, a statement that signs it, and the package of both."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.protocol.encoding import canonical, parse_json, sha256_hex
from declaration.protocol.keys import public_key_of
from declaration.protocol.manifest import TextRow, UnitRow, build_manifest, canonical_text, unit_hash
from declaration.protocol.statement import By, Seen, build_statement
from declaration.signer.package import build_package

LOG = "declaration.example/forum"
SYMBOL = "PACK/2025/JD"
KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"a signatory").digest())
UNITS = {
    "en": [("T", None, "Joint Declaration"), ("OP1", "1", "Decide to meet every year;")],
    "az": [("T", None, "Birgə Bəyannamə"), ("OP1", "1", "Hər il görüşməyi qərara alırıq;")],
}
TEXTS = {lang: canonical_text(units) for lang, units in UNITS.items()}
MANIFEST = build_manifest(
    declaration=SYMBOL, previous=None, symbol=SYMBOL,
    texts=[TextRow(lang, sha256_hex(TEXTS[lang]), len(TEXTS[lang]), "authentic") for lang in sorted(TEXTS)],
    units=[
        UnitRow(one, kind, number, None, {lang: unit_hash(UNITS[lang][place][2]) for lang in UNITS})
        for place, (one, kind, number) in enumerate((("T", "title", None), ("OP1", "operative", "1")))
    ],
)  # fmt: skip
CITED = {row.lang: row.sha256 for row in MANIFEST.texts}
SENTENCE = f"On behalf of Şəfəq I sign {SYMBOL}, whose texts are az {CITED['az']}, en {CITED['en']}."


def document(sentence: str = SENTENCE) -> bytes:
    return canonical({"kind": "endorsement", "person": "Elçin", "sentence": sentence, "language": "en", "salt": "A" * 22})


def statement(*, type_: str = "endorsement.sign-v1", object_: str | None = None, key: Any = KEY, **body: Any) -> bytes:
    filled = {"kind": "signature", "capacity": "organization", "language": "en", "texts": CITED, "content": sha256_hex(document()), **body}
    by = By(public_key_of(key).fingerprint, "az.1", "signatory")
    return build_statement(
        type=type_, by=by, declaration=SYMBOL, log=LOG, nonce=b"n" * 16, object=object_ or MANIFEST.digest, seen=Seen(7, "0" * 64),
        body=filled,
    )  # fmt: skip


def package(signed: bytes | None = None) -> bytes:
    return build_package(
        signed or statement(), manifest=MANIFEST.raw, language="en", text=TEXTS["en"], content=document()
    )


def changed(changes: Mapping[str, Any]) -> bytes:
    """The package with other members, put together without asking whether they fit."""
    value = parse_json(package())
    assert isinstance(value, dict)
    return canonical({**value, **changes})
