"""The form of a forum's description: ``forum.json`` and ``delegations.json``.

``forum.json`` says everything that is particular to a forum::

    {
      "slug": "solidarity-2025",              the address /solidarity-2025/ and the end of the record's name
      "host": "declaration.example",          the record is declaration.example/solidarity-2025, for ever
      "declaration": "OTSNGO/2025/JD",        stem of document symbols
      "title": {"en": ...},                   of the declaration, in each authentic language at least
      "short_title": {"en": ...},             for mastheads
      "languages": {"en": "authentic", "kk": "translation"},
      "original": "en", "prevailing": "en",   both authentic
      "time_zone": "Asia/Baku", "city": {"en": "Baku"},
      "rules": {...},                         of declaration.procedure.rules; the newer ones have defaults
      "schedule": {...},                      moments with an offset, in this order
      "delegations": "delegations.json", "zero_draft": "zero-draft.json",
      "people": {"chair": {...}, "secretariat": [two or more], "depositary": {...}, "translators": [...], "observers": []},
      "web_origins": [...], "rp_id": ...      optional: the addresses of the site; default: those it is served at
      "terms": [{"en": ..., "az": ...}]       optional: what a defined term is called in each language
    }

Unknown fields are refused, since a misspelt one would silently be a default. Texts are brought to NFC at this door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from declaration.procedure.rules import Rules

RESERVED_SLUGS = frozenset({"api", "healthz", "log", "metrics", "readyz", "sign-in", "sign-out", "static", "verify", "hall", "well-known"})
"""First parts of addresses that belong to the service."""


# Read from the disk, a thousand files, each time it is asked.
_zones = cache(available_timezones)


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("not a time zone of the IANA database, such as Asia/Baku")
    return value


def _slug(value: str) -> str:
    if value in RESERVED_SLUGS:
        raise ValueError("this address belongs to the service itself")
    return value


def _trimmed(value: str) -> str:
    if value.strip() != value:
        raise ValueError("has space at its edges")
    return value


def _plain_name(value: str) -> str:
    if Path(value).name != value or value.startswith("."):
        raise ValueError("must be the name of a file in the same folder")
    return value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$"), AfterValidator(_slug)]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=253)]
Party = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,15}$")]
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,79}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_trimmed)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_trimmed)]
Zone = Annotated[str, AfterValidator(_zone)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_plain_name)]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", max_length=200)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$")]
# JSON has no moments: the strict reader takes them from text, and with an offset alone.
Moment = Annotated[AwareDatetime, Field(strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Officer(_Strict):
    """The Chair or the depositary: one person, whose party is the role itself."""

    name: Name
    office: Words | None = None
    language: Language
    time_zone: Zone | None = None
    email: Email | None = None


class OfficerOfParty(Officer):
    """One of several persons of a role, each a party of their own."""

    party: Party


class Officers(_Strict):
    chair: Officer
    secretariat: Annotated[list[OfficerOfParty], Field(min_length=2)]
    depositary: Officer
    translators: list[OfficerOfParty]
    observers: list[OfficerOfParty] = []


class ScheduleFile(_Strict):
    """The hours that the forum gave itself."""

    zero_draft_circulated: Moment
    amendments_due: Moment
    adoption: Moment
    signature_opens: Moment
    signature_closes: Moment


_DEFAULTS = Rules()


class RulesFile(_Strict):
    version: int
    quorum: int
    rationale_words: int
    hold_hours: int
    accession: bool
    public_from: str
    silence_session: int = _DEFAULTS.silence_session
    silence_overnight: int = _DEFAULTS.silence_overnight
    silence_between: int = _DEFAULTS.silence_between
    late_amendments: bool = _DEFAULTS.late_amendments
    list_order: str = _DEFAULTS.list_order
    concurrence_hours: int = _DEFAULTS.concurrence_hours
    correction_days: int = _DEFAULTS.correction_days


class ForumFile(_Strict):
    """``forum.json``."""

    slug: Slug
    host: Host
    declaration: Symbol
    title: dict[Language, Words]
    short_title: dict[Language, Words]
    languages: dict[Language, Literal["authentic", "translation"]]
    original: Language
    prevailing: Language
    time_zone: Zone
    city: dict[Language, Words]
    rules: RulesFile
    schedule: ScheduleFile
    delegations: FileName
    zero_draft: FileName
    people: Officers
    web_origins: Annotated[list[Origin], Field(min_length=1, max_length=10)] | None = None
    rp_id: Host | None = None
    terms: Annotated[list[dict[Language, Words]], Field(max_length=500)] = []


class DelegationFile(_Strict):
    """One delegation in ``delegations.json``. Its id is written as its tag and becomes lower case in statements."""

    id: Tag
    forum_status: Literal["full", "observer"]
    ots_status: str | None = None  # what a country is elsewhere; for people who read the file
    languages: Annotated[list[Language], Field(min_length=1)]
    time_zone: Zone
    name: dict[Language, Words]
    tag: dict[Language, Words]
    head: Name
    members: list[Name]


class DelegationsFile(_Strict):
    """``delegations.json``; ``note`` and ``warning`` are for people who read the file."""

    note: str | None = None
    warning: str | None = None
    protocol_order: list[Tag]
    alphabetical: dict[Language, list[Tag]]
    delegations: Annotated[list[DelegationFile], Field(min_length=2)]


@dataclass(frozen=True, slots=True)
class PersonDescription:
    """Somebody whom the description names."""

    name: str
    role: str
    party: str
    office: str | None
    language: str
    time_zone: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The hours that the forum gave itself, in UTC. They are plans; deadlines that bind stand in the record."""

    zero_draft_circulated: datetime
    amendments_due: datetime
    adoption: datetime
    signature_opens: datetime
    signature_closes: datetime


@dataclass(frozen=True, slots=True)
class Description:
    """A forum as its folder describes it, checked; nothing of it is in the database yet.

    ``delegations`` are rows as :class:`declaration.forums.models.Forum` keeps them. ``web_origins`` and ``rp_id`` are None where
    the folder leaves them to the site.
    """

    folder: Path
    slug: str
    host: str
    declaration: str
    title: Mapping[str, str]
    short_title: Mapping[str, str]
    languages: Mapping[str, str]
    original: str
    prevailing: str
    time_zone: str
    city: Mapping[str, str]
    rules: Mapping[str, Any]
    schedule: Schedule
    delegations: tuple[Mapping[str, Any], ...]
    orders: Mapping[str, tuple[str, ...]]
    people: tuple[PersonDescription, ...]
    zero_draft: Path
    web_origins: tuple[str, ...] | None
    rp_id: str | None
    terms: tuple[Mapping[str, str], ...] = ()

    @property
    def origin(self) -> str:
        """The name of the record."""
        return f"{self.host}/{self.slug}"
