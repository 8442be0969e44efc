"""Values of the state that belong to the sittings: silence, reserves, small groups, statements, credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence procedure on one exact text, by the digest of the act that announced it.

    :ivar proposal: digest of the proposal whose words would be agreed.
    :ivar units: the paragraphs that it would change, with their words' hashes, None for one that would go.
    :ivar expires: exactly at this hour a break is too late.
    :ivar status: ``announced``, ``running``, ``broken``, ``cancelled`` or ``expired``.
    :ivar opened: the act that opened it, and when.
    :ivar ended: when it was broken, cancelled, or expired; ``by`` names the party that broke it or objected to using it.
    :ivar answer: the proposal that the breaking delegation tabled with its break.
    """

    digest: str
    proposal: str
    units: Mapping[str, str | None]
    setting: str
    expires: datetime
    status: str
    announced_at: datetime
    content: str
    opened: str | None = None
    opened_at: datetime | None = None
    ended: datetime | None = None
    by: str | None = None
    reason: str | None = None
    answer: str | None = None

    @property
    def live(self) -> bool:
        """Whether it still holds its paragraphs."""
        return self.status in ("announced", "running")


@dataclass(frozen=True, slots=True)
class Reserve:
    """A delegation holds its agreement to a paragraph back. The hour is when it promised to speak; it lapses by no hour."""

    delegation: str
    unit: str
    until: datetime | None
    content: str
    at: datetime
    act: str


@dataclass(frozen=True, slots=True)
class SmallGroup:
    """A few delegations settle one paragraph and report at an hour."""

    unit: str
    members: tuple[str, ...]
    facilitator: str
    report_by: datetime
    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreed:
    """A paragraph agreed *ad referendum*: its words, who was in the room, and the minute (or the silence that expired)."""

    sha256: str
    present: tuple[str, ...]
    at: datetime
    act: str
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Edits that were carried into the working text by one act, in the order of the record: what attribution follows.

    :ivar source: digest of the proposal that they are of, or of the Chair's or the secretariat's own act.
    """

    act: str
    source: str
    edits: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Lodged:
    """A delegation's statement on the text; ``annex`` is its number in the minute of adoption once recorded."""

    digest: str
    delegation: str
    kind: str
    units: tuple[str, ...]
    status: str
    version: str
    content: str
    at: datetime
    annex: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """The authority of a head of delegation, as it was presented. ``due`` is when the original of a provisional one must be in."""

    digest: str
    delegation: str
    document: str
    status: str
    content: str
    at: datetime
    until: datetime | None = None
    due: datetime | None = None
    decided: datetime | None = None
    reason: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Divergence:
    """A finding that a paragraph does not say the same in a language: by whom, on which words."""

    party: str
    sha256: str
    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A paragraph that a translator works on, for the original's words as they were then."""

    translator: str
    source: str
    at: datetime
