"""Values of the state that belong to the register: organizations, endorsements, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization's entitlement to sign as such, by its party.

    It comes into the record when its documents are put before the head of its country, or with the accreditation of a key by two
    persons of the secretariat, who answer for having examined it. In both cases the head has the rules' hours to object.

    :ivar digest: the statement that brought it in.
    :ivar status: ``under_review``, ``verified``, ``refused``, ``suspended`` or ``struck_off``.
    :ivar since: when the head's hours began.
    :ivar documents: SHA-256 of the documents that were filed; the documents themselves are sealed.
    :ivar concurred: the act by which the head concurred.
    :ivar objected: the act by which the head objected; concurring takes it back.
    """

    digest: str
    party: str
    country: str
    name: str
    registration: str
    status: str
    since: datetime
    documents: tuple[str, ...] = ()
    concurred: str | None = None
    objected: str | None = None
    reason: str | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An organization took its signature back.

    :ivar questioned: the key that signed it was compromised by then.
    :ivar set_aside: the act by which the depositary found it forged.
    """

    act: str
    key: str
    at: datetime
    content: str
    questioned: bool = False
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class Countersignature:
    """The second authorised person, where the statute asks for two."""

    act: str
    key: str
    at: datetime
    language: str
    content: str


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One organization's signature or accession, as the register shows it.

    :ivar doubts: why it is held: ``joint`` (one signature where the mandate asks for two), ``organization`` (its entitlement is
        disputed), ``key`` (made with a key when it was compromised), ``mandate`` (made after the mandate was revoked), ``question``
        (by the depositary). What is held is examined by the depositary, who releases, refuses or annuls it.
    :ivar story: every status that it ever had, with its moment, oldest first: so the register as at any past moment.
    :ivar findings: the depositary's acts on it, oldest first.
    """

    digest: str
    party: str
    key: str
    country: str
    capacity: str
    kind: str
    language: str
    content: str
    index: int
    at: datetime
    position: int
    story: tuple[tuple[datetime, str], ...]
    joint: bool = False
    doubts: tuple[str, ...] = ()
    countersigned: Countersignature | None = None
    withdrawals: tuple[Withdrawal, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """``counted``, ``listed`` (apart, never in the totals), ``held``, ``withdrawn``, ``refused`` or ``annulled``."""
        return self.story[-1][1]

    def status_at(self, moment: datetime) -> str | None:
        """The status that the register showed at a moment, UTC; None before it was received."""
        found = None
        for at, status in self.story:
            if at <= moment:
                found = status
        return found

    @property
    def withdrawn(self) -> datetime | None:
        """When it was taken back, unless that was set aside."""
        return self.withdrawals[-1].at if self.status == "withdrawn" else None

    @property
    def stands(self) -> bool:
        """Whether it keeps its organization from signing again: all but those refused and annulled."""
        return self.status not in ("refused", "annulled")


@dataclass(frozen=True, slots=True)
class PaperSignature:
    """An organization's signature on paper, as two persons of the secretariat attested it: apart from every total.

    :ivar digest: the statement of the first person.
    :ivar version: digest of the adopted text that was signed.
    :ivar scan: SHA-256 of the scan, which lies sealed.
    :ivar attested_by: the parties of both persons.
    :ivar index: position of the second person's act, at ``at``.
    :ivar set_aside: the act by which the depositary set it aside, at ``ended``.
    """

    digest: str
    party: str
    country: str
    name: str
    registration: str
    version: str
    scan: str
    content: str
    attested_by: tuple[str, str]
    index: int
    at: datetime
    set_aside: str | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """A head or a signatory objects to a correction."""

    act: str
    party: str
    at: datetime
    content: str


@dataclass(frozen=True, slots=True)
class Corrigendum:
    """A correction of an error after adoption (VCLT 79), by the statement that proposed it.

    :ivar kind: ``text`` (an error in an authentic text), ``concordance`` (the languages do not say the same) or ``copy`` (an error in a
        copy alone: a procès-verbal and nothing else).
    :ivar edits: what the text of ``language`` would say, exactly; none for a copy.
    :ivar sha256: of the canonical text of the language as it would be corrected.
    :ivar status: ``proposed``, ``notified``, ``objected``, ``rectified`` or ``dropped``.
    :ivar until: objections are in time before this hour.
    """

    digest: str
    kind: str
    language: str
    edits: tuple[Mapping[str, Any], ...]
    sha256: str | None
    status: str
    by: str
    at: datetime
    content: str
    symbol: str | None = None
    notified_at: datetime | None = None
    until: datetime | None = None
    objections: tuple[Objection, ...] = ()
    rectified: str | None = None
    ended: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it is still open."""
        return self.status in ("proposed", "notified", "objected")


@dataclass(frozen=True, slots=True)
class Correction:
    """One language of the adopted text after a procès-verbal of rectification: from the beginning it reads so.

    :ivar act: the rectification.
    :ivar previous: SHA-256 of the canonical text that it corrects: the signed one, or the one that an earlier correction left.
    :ivar texts: every unit's words as corrected.
    """

    act: str
    symbol: str
    language: str
    previous: str
    sha256: str
    units: tuple[str, ...]
    texts: Mapping[str, str]
    at: datetime
