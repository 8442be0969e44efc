"""What the record amounts to: the state that its acts, in order, leave behind.

Values are frozen and replaced, never changed, so that :meth:`State.fork` is a copy of a few dictionaries and a transaction
that fails leaves no trace. Everything here follows from the record and the texts that its manifests name; nothing private
(a draft, a comment, a person's name) can be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, MutableSequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from declaration.errors import Refused
from declaration.procedure.act import Act
from declaration.procedure.holdings import Correction, Corrigendum, Endorsement, Organization, PaperSignature
from declaration.procedure.layers import Layers
from declaration.procedure.matters import Agreed, Credential, Divergence, Lodged, Reserve, Silence, SmallGroup, Step, Taken
from declaration.procedure.rules import Rules
from declaration.protocol.manifest import Manifest


@dataclass(frozen=True, slots=True)
class VersionText:
    """A version's manifest and what its texts say: language → unit id → text."""

    manifest: Manifest
    texts: Mapping[str, Mapping[str, str]]


Library = Callable[[str], VersionText | None]
"""Finds a version by the digest of its manifest; ``None`` where it is not at hand."""


@dataclass(frozen=True, slots=True)
class Constitution:
    """Entry 0: who negotiates, in which languages, by which rules."""

    digest: str
    forum: str
    title: Mapping[str, str]
    delegations: Mapping[str, Mapping[str, str]]
    languages: Mapping[str, str]
    original: str
    prevailing: str
    procedure: str
    origins: tuple[str, ...]
    rp_id: str

    @property
    def authentic(self) -> tuple[str, ...]:
        """The languages whose texts will be equally authentic, by code."""
        return tuple(sorted(lang for lang, status in self.languages.items() if status == "authentic"))


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key and the authority it was given.

    :ivar accredited: position of the act that gave it force (for two persons' acts, of the second).
    :ivar delegated_by: fingerprint of the key whose holder appointed this one's as an alternate, from ``valid_from`` to ``valid_until``.
    :ivar organization: for a signatory, ``country``, ``name``, ``registration`` as on the register of its country.
    :ivar mandate: the statement that first accredited a key under this signatory's mandate: a lost key is replaced under the same one.
    :ivar joint: whether the statute asks for two signatures.
    :ivar mandate_revoked: from when the organ took the mandate back.
    :ivar suspended: since when nothing can be signed with it, until it is reinstated.
    :ivar revoked: when its revocation took force; ``ended`` is the position of the entry.
    :ivar reason: ``compromised``, ``superseded``, ``left_office`` or ``succeeded``.
    :ivar invalid_from: from when a compromised key was no longer its holder's alone.
    """

    fingerprint: str
    public: str
    role: str
    party: str
    accredited: int
    accreditation: str
    content: str
    language: str | None = None
    organization: Mapping[str, str] | None = None
    capacity: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    delegated_by: str | None = None
    mandate: str | None = None
    document: str | None = None
    joint: bool = False
    mandate_revoked: datetime | None = None
    suspended: datetime | None = None
    revoked: datetime | None = None
    ended: int | None = None
    reason: str | None = None
    invalid_from: datetime | None = None


def registration_of(organization: Mapping[str, str]) -> tuple[str, str]:
    """What makes an organization the same one: its country, and its registration number without regard to case and spaces."""
    return organization["country"], _plain_number(organization["registration"])


@lru_cache(maxsize=256)
def _plain_number(registration: str) -> str:
    return "".join(registration.casefold().split())


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the working text in the original language."""

    id: str
    kind: str
    parent: str | None
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Circulated:
    """A version that the Chair approved."""

    digest: str
    symbol: str
    status: str
    index: int
    at: datetime


def units_of_edits(edits: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Ids of the units that edits name, each once, in their order."""
    found: dict[str, None] = {}
    for edit in edits:
        found[edit["unit"]] = None
        found.update(dict.fromkeys(unit for unit, _ in edit.get("with", ())))
        found.update(dict.fromkeys(edit.get("into", ())))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A proposal, by the digest of the statement that tabled it.

    :ivar status: ``submitted``, ``late``, ``admitted``, ``in_silence``, ``inadmissible``, ``parked``, ``merged``, ``accepted``,
        ``not_retained``, ``lapsed`` or ``withdrawn``. That an admitted one is *stale* is computed.
    :ivar proposer: a delegation's id, or ``chair``.
    :ivar amends: digest of the proposal that a sub-amendment amends.
    :ivar sources: digests of the proposals that a Chair's text takes up.
    :ivar target: digest of the proposal that a parked one was taken up in.
    :ivar tabled: digest of the act that gave ``edits`` their present form: the submission, the latest rebase or revision.
    :ivar revisions: digests of the acts that gave them their earlier forms, oldest first.
    :ivar reason: hash of the reason that came with the decision, or None.
    :ivar examined: whether it was ever admitted.
    """

    digest: str
    symbol: str
    kind: str
    proposer: str
    edits: tuple[Mapping[str, Any], ...]
    status: str
    at: datetime
    index: int
    tabled: str
    content: str
    amends: str | None = None
    sources: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    target: str | None = None
    decided: datetime | None = None
    reason: str | None = None
    revisions: tuple[str, ...] = ()
    examined: bool = False

    @property
    def open(self) -> bool:
        """Whether it still stands between the parties and agreement."""
        return self.status in ("submitted", "late", "admitted", "in_silence")

    @property
    def units(self) -> tuple[str, ...]:
        """Ids of the units that it names, in the order of its edits: those that it joins on and the parts of a split among them."""
        return units_of_edits(self.edits)


@dataclass(frozen=True, slots=True)
class Change:
    """One step in a unit's history: which act changed it, by which proposal, from which words to which.

    :ivar source: digest of the proposal; of the act itself for the Chair's and the secretariat's own acts on a paragraph; for the zero
        draft its symbol.
    """

    act: str
    at: datetime
    source: str
    op: str
    before: str | None
    after: str | None
    splices: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A unit's text in another language: whose, of which original words."""

    sha256: str
    source: str
    translator: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """A language version found concordant: by whom, unit for unit."""

    party: str
    hashes: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A head's word on one exact text; ``content`` names the reason where the head withheld it."""

    delegation: str
    status: str
    version: str
    at: datetime
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A head's word that lapsed when the text was opened again: ``given`` is what was said, ``act`` the one that opened the text."""

    given: Confirmation
    act: str
    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """When organizations may sign, UTC; ``closes`` itself is too late."""

    opens: datetime
    closes: datetime
    act: str


GROWING = frozenset(
    ("digests", "signed", "keys", "parties", "registered", "organizations", "brought_in", "nonces", "endorsements", "by_party")
)
"""Dictionaries of the state of which each organization has its place."""


@dataclass
class State:
    """See the module.

    :ivar origin: names the log.
    :ivar library: finds the texts of versions.
    :ivar parties: the first key that was accredited for each party: what it is, and for organizations which.
    :ivar registered: the party of each organization that may sign as such, by country and registration number.
    :ivar signed: fingerprint of the key that signed each entry.
    :ivar organizations: by party; ``brought_in`` finds the party by the statement that brought it into the record.
    :ivar papers: signatures on paper, by the statement of the first person who attested them.
    :ivar corrected: the rectifications of each language of the adopted text, oldest first.
    :ivar nonces: the nonces of proofs of possession, by the position of the accreditation that used them up.
    :ivar words: all that any unit of the working text ever had, by hash.
    :ivar paragraphs: ``bracketed`` or ``agreed_ad_ref``, by unit, where a paragraph is no longer merely open.
    :ivar unconfirmed: confirmations that lapsed, in the order in which they did.
    :ivar gone: paragraphs that were deleted, with the unit that each stood after.
    :ivar awaiting_second: acts that take force when a further person has acted.
    :ivar consents: who has acted on them so far.
    """

    origin: str
    library: Library
    size: int = 0
    times: MutableSequence[datetime] = field(default_factory=list)
    digests: MutableMapping[str, int] = field(default_factory=dict)
    signed: MutableMapping[int, str] = field(default_factory=dict)
    constitution: Constitution | None = None
    declaration: str = ""
    rules: Rules = field(default_factory=Rules)
    stage: str = "preparing"
    deadline: datetime | None = None
    compilation: str | None = None
    keys: MutableMapping[str, Key] = field(default_factory=dict)
    parties: MutableMapping[str, Key] = field(default_factory=dict)
    registered: MutableMapping[tuple[str, str], str] = field(default_factory=dict)
    organizations: MutableMapping[str, Organization] = field(default_factory=dict)
    brought_in: MutableMapping[str, str] = field(default_factory=dict)
    nonces: MutableMapping[str, int] = field(default_factory=dict)
    awaiting_second: dict[str, Act] = field(default_factory=dict)
    consents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)
    versions: dict[str, Circulated] = field(default_factory=dict)
    current: str | None = None
    units: dict[str, Unit] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    history: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    amendments: dict[str, Amendment] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    paragraphs: dict[str, str] = field(default_factory=dict)
    agreements: dict[str, Agreed] = field(default_factory=dict)
    reserves: dict[str, tuple[Reserve, ...]] = field(default_factory=dict)
    groups: dict[str, SmallGroup] = field(default_factory=dict)
    gone: dict[str, tuple[Unit, str | None]] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    statements: dict[str, Lodged] = field(default_factory=dict)
    translated: dict[str, Mapping[str, Translation]] = field(default_factory=dict)
    certificates: dict[str, Certificate] = field(default_factory=dict)
    taken: dict[str, Mapping[str, Taken]] = field(default_factory=dict)
    divergences: dict[str, Mapping[str, Divergence]] = field(default_factory=dict)
    agreed: str | None = None
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    unconfirmed: list[Unconfirmed] = field(default_factory=list)
    adopted: str | None = None
    adopted_at: datetime | None = None
    window: Window | None = None
    endorsements: MutableMapping[str, Endorsement] = field(default_factory=dict)
    by_party: MutableMapping[str, str] = field(default_factory=dict)
    papers: dict[str, PaperSignature] = field(default_factory=dict)
    closed_at: datetime | None = None
    corrigenda: dict[str, Corrigendum] = field(default_factory=dict)
    corrected: dict[str, tuple[Correction, ...]] = field(default_factory=dict)

    def fork(self) -> State:
        """Return a state that can be advanced without changing this one."""
        twin = copy(self)
        for name, value in vars(self).items():
            kind = type(value)
            if kind is dict or kind is list:  # nearly all of them, and there are forty
                setattr(twin, name, value.copy())
            elif isinstance(value, (MutableMapping, MutableSequence)):
                setattr(twin, name, copy(value))
        return twin

    def in_layers(self) -> State:
        """Let what grows with the record be shared between this state and its forks, and return this state."""
        for name, value in vars(self).items():
            if name in GROWING and type(value) is dict:
                setattr(self, name, Layers(value))
        return self

    @property
    def known(self) -> Constitution:
        """The constitution.

        :raises Refused: ``constitution.missing``; only entry 0 is judged without one.
        """
        if self.constitution is None:
            raise Refused("this record has no constitution yet", code="constitution.missing")
        return self.constitution

    def version_text(self, digest: str) -> VersionText:
        """The version of that digest with its texts.

        :raises Refused: ``version.text-missing`` where they are not at hand: nobody decides on what cannot be read.
        """
        version = self.library(digest)
        if version is None:
            raise Refused("the text of this version is not at hand", code="version.text-missing")
        return version

    @property
    def awaiting_accreditation(self) -> dict[str, Act]:
        """Accreditations that wait for their second person."""
        return {digest: act for digest, act in self.awaiting_second.items() if act.type == "accredit-v1"}

    def set_silence(self, digest: str, **changes: Any) -> None:
        """Replace fields of one silence procedure."""
        self.silences[digest] = replace(self.silences[digest], **changes)

    def set_key(self, fingerprint: str, **changes: Any) -> None:
        """Replace fields of one key."""
        self.keys[fingerprint] = replace(self.keys[fingerprint], **changes)

    def set_organization(self, party: str, **changes: Any) -> None:
        """Replace fields of one organization."""
        self.organizations[party] = replace(self.organizations[party], **changes)

    def set_corrigendum(self, digest: str, **changes: Any) -> None:
        """Replace fields of one corrigendum."""
        self.corrigenda[digest] = replace(self.corrigenda[digest], **changes)

    def set_amendment(self, digest: str, **changes: Any) -> None:
        """Replace fields of one amendment."""
        self.amendments[digest] = replace(self.amendments[digest], **changes)
