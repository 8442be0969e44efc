"""Check 7's first half: the texts in the bundle are those that their manifests name, letter for letter."""

from __future__ import annotations

from collections.abc import Callable

from declaration.errors import DeclarationError, Malformed
from declaration.procedure.state import VersionText
from declaration.protocol.bundle import Bundle
from declaration.protocol.encoding import sha256_hex
from declaration.protocol.manifest import Manifest, parse_canonical_text, parse_manifest, unit_hash
from declaration.verifier.report import Finding

_LARGEST = 8 << 20


class Texts:
    """The versions in a bundle, read when they are asked for and checked once."""

    def __init__(self, bundle: Bundle, find: Callable[[Finding], None]) -> None:
        self._bundle = bundle
        self._find = find
        self._read: dict[str, VersionText | None] = {}

    def __call__(self, digest: str) -> VersionText | None:
        """The version of that digest, or ``None`` where it is missing or wrong (which has been reported)."""
        if digest not in self._read:
            self._read[digest] = self._version(digest)
        return self._read[digest]

    @property
    def names(self) -> set[str]:
        """Digests of the versions that the archive claims to hold."""
        return {name.split("/")[1] for name in self._bundle.names if name.startswith("versions/") and name.count("/") >= 2}

    def _version(self, digest: str) -> VersionText | None:
        folder = f"versions/{digest}"
        if f"{folder}/manifest.json" not in self._bundle.members:
            self._find(Finding("version.missing", "the bundle lacks the manifest of a version that was acted on", folder))
            return None
        try:
            raw = self._bundle.read_member(f"{folder}/manifest.json", _LARGEST)
            if sha256_hex(raw) != digest:
                raise Malformed("the manifest is not the one that was approved", code="version.digest")
            manifest = parse_manifest(raw)
        except DeclarationError as error:
            self._find(Finding(error.code, error.message, f"{folder}/manifest.json"))
            return None
        for name in self._bundle.names:
            if name.startswith(f"{folder}/texts/") and name.removeprefix(f"{folder}/texts/").removesuffix(".txt") not in manifest.languages:
                self._find(Finding("text.unlisted", "a text in a language that was not approved", name))
        texts = {row.lang: self._text(folder, manifest, row.lang) for row in manifest.texts}
        whole = {lang: text for lang, text in texts.items() if text is not None}
        return VersionText(manifest, whole) if len(whole) == len(texts) else None

    def _text(self, folder: str, manifest: Manifest, lang: str) -> dict[str, str] | None:
        name = f"{folder}/texts/{lang}.txt"
        if name not in self._bundle.members:
            self._find(Finding("text.missing", f"the text in {lang} is missing", f"{manifest.symbol}, {lang}"))
            return None
        try:
            raw = self._bundle.read_member(name, _LARGEST)
            blocks = parse_canonical_text(raw)
        except DeclarationError as error:
            self._find(Finding(error.code, error.message, f"{manifest.symbol}, {lang}"))
            return None
        good = True
        texts = {unit: text for unit, _, text in blocks}
        for row in manifest.units:
            if row.id not in texts or unit_hash(texts[row.id]) != row.sha256[lang]:
                self._find(Finding("text.unit-differs", "not the words that were approved", f"{row.id} in {lang}"))
                good = False
        if [(unit, number) for unit, number, _ in blocks] != [(row.id, row.number) for row in manifest.units]:
            self._find(Finding("text.units", "other units or numbers than in the manifest", f"{manifest.symbol}, {lang}"))
            good = False
        wanted = next(row for row in manifest.texts if row.lang == lang)
        if good and (sha256_hex(raw), len(raw)) != (wanted.sha256, wanted.bytes):
            self._find(Finding("text.differs", "not the text that was approved", f"{manifest.symbol}, {lang}"))
            good = False
        return texts if good else None
