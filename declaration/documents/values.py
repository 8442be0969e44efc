"""What the caller says about a document. Frozen values, plain strings, no markup.

Every text is one line of NFC text in the language of the document unless a field says otherwise; ``<``, ``&`` and quotation
marks are ordinary characters. Words that the service itself adds come from :class:`Labels`, so that the shell can translate
them. Digests are lower-case hexadecimal SHA-256. Times are aware and printed in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Kind(Enum):
    """What a unit is, by the name the manifest gives it. In a version, title and dateline are fields, not units."""

    TITLE = "title"
    DATELINE = "dateline"
    CHAPEAU = "chapeau"
    PREAMBULAR = "preambular"
    HEADING = "heading"
    OPERATIVE = "operative"
    ITEM = "item"
    TESTIMONIUM = "testimonium"


class Op(Enum):
    """What a redline does with a run of words."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph. ``number`` is printed as it stands, with a full stop after a bare number; ``depth`` is 1 to 3 for a list item.

    ``note`` stands small under it, as a paragraph of its own: it is the service's and no part of the text.
    """

    kind: Kind
    number: str | None
    text: str
    depth: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words in a redline; ``by`` names whose change it is, and may be empty."""

    op: Op
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class ChangedUnit:
    """One paragraph of a redline: its runs in reading order, deletions before insertions."""

    kind: Kind
    number: str | None
    changes: tuple[Change, ...]
    depth: int = 0


DEFAULT_LABELS: Mapping[str, str] = {
    "draft": "DRAFT",
    "redline": "REDLINE",
    "page": "Page {page} of {pages}",
    "as_at": "As at",
    "symbol": "Symbol",
    "status": "Status",
    "language": "Language",
    "version": "Version (SHA-256 of the manifest)",
    "text_digest": "Text (SHA-256)",
    "constitution": "Constitution of the forum",
    "about": "About this document",
    "notes": "Notes",
    "signatories": "Signatories",
    "counted": "Organizations that signed",
    "opened": "Opened for signature",
    "total": "Total",
    "country": "Country",
    "continued": "continued",
    "position": "No.",
    "organization": "Organization",
    "person": "Signed by",
    "signed": "Signed (UTC)",
    "nobody": "–",
    "register": "The register",
    "register_url": "Address",
    "register_note": "Scan to open the register, download the record and check every signature yourself.",
    "record_size": "Entries in the record",
    "record_root": "Root of the record",
    "checkpoint": "Signed checkpoint",
    "correction": "Procès-verbal of rectification",
    "signed_text": "Text as signed (SHA-256)",
    "before_text": "Text before it (SHA-256)",
    "corrected_text": "Text as corrected (SHA-256)",
    "rectified_on": "Rectified",
    "entry": "Entry of the record",
    "certificate": "What the depositary signed",
    "checkpoint_url": "Address of the checkpoint",
    "checkpoint_note": "Scan to open the signed checkpoint of the record that holds this.",
    "compared": "Changes are compared with",
    "legend": "How to read it",
    "legend_insert": "added",
    "legend_delete": "taken out",
    "legend_move": "moved",
}


@dataclass(frozen=True, slots=True)
class Labels:
    """The service's own words. ``translated`` may give any of the keys of :data:`DEFAULT_LABELS`; the others stay English."""

    translated: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.translated.get(key, DEFAULT_LABELS[key])


@dataclass(frozen=True, slots=True)
class VersionDocument:
    """One version in one language.

    :param status: in words, as the shell translates it ("Revised draft 1, circulated 20 November 2025").
    :param draft: says DRAFT on every page and numbers the lines; false for an adopted text.
    :param language: BCP 47 tag of the text.
    :param digest: the version, that is the hash of its manifest.
    :param text_digest: hash of this language's canonical text; ``None`` where it is not in the manifest yet.
    :param constitution: leaf hash of entry 0, the trust root; ``None`` where the forum has no record yet.
    :param as_at: when the content was so; also the creation date of the file.
    :param notes: printed after the text, before the digests.
    """

    symbol: str
    status: str
    draft: bool
    language: str
    title: str
    dateline: str
    units: tuple[Unit, ...]
    digest: str
    as_at: datetime
    text_digest: str | None = None
    constitution: str | None = None
    notes: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)


@dataclass(frozen=True, slots=True)
class Signatory:
    """One organization that signed.

    :param name: in its own script; ``name_language`` is the BCP 47 tag of it.
    :param person: who signed; ``None`` where there is no consent to print a name.
    :param position: place in the register, from 1.
    """

    country: str
    name: str
    name_language: str
    person: str | None
    office: str | None
    position: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SignatoryList:
    """Signatories of one sort, grouped by country in the order in which countries first appear.

    The shell sorts: countries as the language lists them, organizations by collation or by position. ``title`` and ``note``
    are printed above (for accessions, or for those listed apart); ``countries`` names countries that must be in the table of
    totals though nobody signed there.
    """

    title: str
    signatories: tuple[Signatory, ...]
    note: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The head of the register that a document quotes.

    :param url: where it can be read; goes into the QR code.
    :param checkpoint: the signed note exactly, several lines.
    :param size: entries that it covers.
    :param root: their root hash, lower-case hexadecimal.
    """

    url: str
    checkpoint: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """The adopted text with those who signed it.

    :param version: the adopted text; a draft is refused, for drafts cannot be signed.
    :param opened: when signature was opened.
    :param counted: the total that the register gives; refused where it is not the number of ``signatories``.
    :param further: other lists, never in the total: accessions, those listed apart.
    :param as_at: when the register was so; also the creation date of the file.
    :param digests: language tag to hash of that authentic text.
    """

    version: VersionDocument
    opened: datetime
    as_at: datetime
    counted: int
    signatories: SignatoryList
    register: Register
    digests: Mapping[str, str]
    further: tuple[SignatoryList, ...] = ()


@dataclass(frozen=True, slots=True)
class Rectification:
    """One correction of the text, as its procès-verbal has it.

    :param symbol: such as ``OTSNGO/2025/JD/Corr.1``.
    :param previous: hash of the text that it corrected; ``corrected`` of the text that it left.
    :param entry: where it stands in the record.
    :param units: the corrected paragraphs, with what was taken out and put in.
    :param reason: what the depositary wrote, where everybody may read it.
    """

    symbol: str
    at: datetime
    previous: str
    corrected: str
    entry: int
    units: tuple[ChangedUnit, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CertifiedCopy:
    """The adopted text as it reads today, with how it came to read so.

    :param version: the text as corrected; its ``text_digest`` is that of the text as corrected.
    :param signed_digest: hash of the text as it was adopted and signed.
    :param rectifications: oldest first; none where nothing was corrected.
    :param certificate: what the depositary signed, in sentences, with the signature.
    :param register: the head of the record that holds it; its ``url`` leads to that checkpoint.
    """

    version: VersionDocument
    signed_digest: str
    rectifications: tuple[Rectification, ...]
    certificate: tuple[str, ...]
    register: Register


@dataclass(frozen=True, slots=True)
class RedlineDocument:
    """What changes between two texts of one language, every paragraph shown.

    :param title: for the file and the window; printed only where no unit is of kind ``TITLE``.
    :param base: symbol of what it is compared with.
    """

    symbol: str
    status: str
    language: str
    title: str
    base: str
    units: tuple[ChangedUnit, ...]
    as_at: datetime
    notes: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)
