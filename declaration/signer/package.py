"""The signing package: one statement and everything that a person must see before signing it, in one file.

Canonical JSON of at most 2 MiB, with exactly these members, each a string of the bytes that are hashed, or null::

    {"content":  the document that the statement names by hash, with its salt   (the sentence, a reason; may be null)
     "format":   "signing-package-1"
     "language": of the text below
     "manifest": the version that is acted on
     "statement": what is signed, to the byte
     "text":     the canonical text of the version in that language}

Whoever reads one believes nothing that it says of itself. In this order, each with a code of its own:

1. the file and the statement in it parse strictly
2. an act on a version comes with that version: the manifest's digest is the statement's ``object`` or, where another signature is
   countersigned, its authentic texts are those that the statement cites; its declaration is the statement's
3. the text has the length and the SHA-256 that the manifest gives for its language; every paragraph has its place, number and hash
4. a statement that cites the authentic texts cites those of this manifest, all of them, and the language that is shown
5. the document has the hash that the statement carries
6. the sentence names every authentic text by its fingerprint, no other fingerprint, and the symbol
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from declaration.errors import Malformed, Refused
from declaration.protocol.encoding import JSON, canonical, parse_canonical, sha256_hex
from declaration.protocol.manifest import Manifest, Unit, parse_canonical_text, parse_manifest, unit_hash
from declaration.protocol.statement import Statement, parse_statement

FORMAT: Final = "signing-package-1"
MAX_BYTES: Final = 2 * 1024 * 1024
SIGN: Final = "endorsement.sign-v1"
COUNTERSIGN: Final = "endorsement.countersign-v1"
ON_A_VERSION: Final = frozenset(
    {
        SIGN, COUNTERSIGN, "confirmation.confirm-v1", "confirmation.object-v1", "draft_version.approve_and_circulate-v1",
        "draft_version.freeze-v1", "declaration.circulate_zero_draft-v1", "declaration.declare_agreed_ad_ref-v1",
        "declaration.begin_legal_review-v1", "declaration.present_for_adoption-v1", "declaration.adopt-v1",
        "declaration.object_to_adoption-v1", "declaration.open_for_signature-v1", "language_version.certify-v1",
    }
)  # fmt: skip
"""Acts by which somebody answers for a whole text: nobody signs one of these without having it in front of the eyes."""

_MEMBERS = {"content", "format", "language", "manifest", "statement", "text"}
_PRINT = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read and found in order.

    :ivar manifest: the version, or None for an act that is about none.
    :ivar language: of ``units``; None without a text.
    :ivar units: the text, ``(id, number or None, words)``.
    :ivar content: the document without its salt, or None.
    """

    statement: Statement
    manifest: Manifest | None
    language: str | None
    units: Sequence[Unit]
    content: Mapping[str, JSON] | None

    @property
    def compared(self) -> str:
        """What somebody compares with the hall's screen or with paper: the version's digest or, where there is none, the statement's."""
        return self.manifest.digest if self.manifest is not None else self.statement.digest

    @property
    def sentence(self) -> str | None:
        """The sentence that an organization signs."""
        found = self.content.get("sentence") if self.content is not None else None
        return found if isinstance(found, str) else None


def build_package(
    statement: bytes, *, manifest: bytes | None = None, language: str | None = None, text: bytes | None = None, content: bytes | None = None
) -> bytes:
    """The file; what is put together wrongly is refused as it would be where it is read."""
    raw = canonical(
        {
            "content": _text_of(content),
            "format": FORMAT,
            "language": language,
            "manifest": _text_of(manifest),
            "statement": statement.decode(),
            "text": _text_of(text),
        }
    )
    parse_package(raw)
    return raw


def parse_package(raw: bytes) -> Package:
    """Read and check a package.

    :raises Malformed: ``package.form`` and whatever the parts are refused with.
    :raises Refused: its parts do not belong together; the code says which.
    """
    members = _members(raw)
    statement = parse_statement(members["statement"].encode())
    manifest = _manifest(members.get("manifest"), statement)
    units = _units(members.get("text"), members.get("language"), manifest)
    if manifest is not None:
        _check_cited(statement, manifest, members.get("language"))
    content = _content(members.get("content"), statement)
    package = Package(statement, manifest, members.get("language"), units, content)
    _check_sentence(package)
    return package


def _members(raw: bytes) -> dict[str, str]:
    if len(raw) > MAX_BYTES:
        raise Malformed("a signing package of more than 2 MiB", code="package.form")
    value = parse_canonical(raw.removesuffix(b"\n"))
    if not isinstance(value, dict) or value.keys() != _MEMBERS or value["format"] != FORMAT:
        raise Malformed("not a signing package", code="package.form", instead="Download it again from the page of the act.")
    members = {name: each for name, each in value.items() if isinstance(each, str)}
    if "statement" not in members or any(each is not None and not isinstance(each, str) for each in value.values()):
        raise Malformed("a member of the package is not text", code="package.form")
    return members


def _manifest(found: str | None, statement: Statement) -> Manifest | None:
    if found is None:
        if statement.type in ON_A_VERSION:
            raise Refused(
                "the package does not hold the text that this act is about",
                code="package.no-text",
                instead="Do not sign. Download the package again.",
            )
        return None
    manifest = parse_manifest(found.encode())
    if statement.type != COUNTERSIGN and manifest.digest != statement.object:
        raise Refused("the text in the package is another version than the statement names", code="package.other-version", instead=_STOP)
    if manifest.declaration != statement.declaration:
        raise Refused("the text in the package is of another declaration", code="package.declaration", instead=_STOP)
    return manifest


_STOP = "Do not sign. Tell another delegation and the secretariat, and keep the file."


def _units(found: str | None, language: str | None, manifest: Manifest | None) -> Sequence[Unit]:
    if manifest is None or found is None or language is None:
        if manifest is not None or found is not None or language is not None:
            raise Malformed("a text comes with its manifest and its language", code="package.form")
        return ()
    data = found.encode()
    row = next((each for each in manifest.texts if each.lang == language), None)
    if row is None:
        raise Refused("the version has no text in this language", code="package.language", instead=_STOP)
    units = parse_canonical_text(data)
    rows = [each for each in manifest.units if language in each.sha256]
    for unit, expected in zip(units, rows, strict=False):
        if (unit[0], unit[1]) != (expected.id, expected.number) or unit_hash(unit[2]) != expected.sha256[language]:
            raise Refused(f"{unit[0]} is not as in the version", code="package.unit", instead=_STOP)
    if len(units) != len(rows) or len(data) != row.bytes or sha256_hex(data) != row.sha256:
        raise Refused("the text is not the one of the version", code="package.text", instead=_STOP)
    return units


def _check_cited(statement: Statement, manifest: Manifest, language: str | None) -> None:
    cited = statement.body.get("texts")
    if statement.type not in (SIGN, COUNTERSIGN):
        return
    if cited != {row.lang: row.sha256 for row in manifest.texts if row.status == "authentic"}:
        raise Refused("the statement cites other texts than the version has", code="package.texts", instead=_STOP)
    if statement.body.get("language") != language:
        raise Refused("the text is shown in another language than the statement says", code="package.language", instead=_STOP)


def _content(found: str | None, statement: Statement) -> Mapping[str, JSON] | None:
    named = statement.body.get("content")
    if found is None:
        if statement.type in (SIGN, COUNTERSIGN):
            raise Refused("the package does not hold the sentence", code="package.no-sentence", instead="Download the package again.")
        return None
    if sha256_hex(found.encode()) != named:
        raise Refused("the document is not the one that the statement names", code="package.content", instead=_STOP)
    document = parse_canonical(found.encode())
    if not isinstance(document, dict):
        raise Malformed("the document is not an object", code="package.form")
    return {name: value for name, value in document.items() if name != "salt"}


def _check_sentence(package: Package) -> None:
    statement, manifest = package.statement, package.manifest
    if statement.type not in (SIGN, COUNTERSIGN) or manifest is None:
        return
    said = package.sentence
    if said is None:
        raise Refused("the package does not hold the sentence", code="package.no-sentence", instead=_STOP)
    authentic = [row.sha256 for row in manifest.texts if row.status == "authentic"]
    if sorted(_PRINT.findall(said)) != sorted(authentic) or manifest.symbol not in said:
        raise Refused("the sentence names another text than the statement", code="package.sentence", instead=_STOP)


def _text_of(data: bytes | None) -> str | None:
    return None if data is None else data.decode()
