"""The sample forum's files, as the demonstration reads them: inputs alone, never what the tests compare with."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from declaration.errors import Malformed
from declaration.protocol.encoding import parse_json
from declaration.text.importing import parse_units_json
from declaration.text.tokens import nfc
from declaration.text.units import Unit, UnitText, in_language

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "solidarity-forum"


@dataclass(frozen=True, slots=True)
class SampleAmendment:
    """One amendment of the sample.

    :ivar wanted: what each paragraph that it touches should read, by unit id; ``None`` deletes the paragraph.
    :ivar insert_after: for a new paragraph, the one that it follows.
    :ivar amends: number of the amendment that a sub-amendment amends.
    :ivar silence: when a silence procedure on it opens and expires.
    """

    number: int
    kind: str
    proposer: str
    sponsors: tuple[str, ...]
    submitted: datetime
    rationale: str
    language: str
    wanted: Mapping[str, str | None]
    insert_after: str | None
    amends: int | None
    silence: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class SampleStatement:
    """A delegation's statement on the text."""

    kind: str
    delegation: str
    lodged: datetime
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleOrganization:
    """An organization of the sample's list."""

    country: str
    name: str
    registration: str
    person: str
    office: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything that the script plays from."""

    units: Sequence[Unit]
    amendments: Sequence[SampleAmendment]
    rulings: Mapping[int, Mapping[str, Any]]
    translations: Sequence[Mapping[str, Any]]
    statements: Sequence[SampleStatement]
    organizations: Sequence[SampleOrganization]

    def texts(self, languages: Sequence[str]) -> dict[str, list[UnitText]]:
        """The zero draft by language."""
        return {lang: in_language(self.units, lang) for lang in languages}


def load(folder: Path = FOLDER) -> Sample:
    """Read the sample.

    :raises Malformed: ``sample.unreadable``, naming the file.
    """
    units, _ = parse_units_json((folder / "zero-draft.json").read_bytes())
    original = {unit.id: unit.text["en"] for unit in units}
    amendments = _json(folder / "amendments.json")
    return Sample(
        units=units,
        amendments=[_amendment(row, original) for row in amendments["amendments"]],
        rulings={int(row["amendment"].rsplit("/", 1)[1]): row for row in _json(folder / "rulings.json")["rulings"]},
        translations=_json(folder / "translations.json")["submissions"],
        statements=[
            SampleStatement(
                row["kind"], row["delegation"].lower(), datetime.fromisoformat(row["time"]), row["paragraph"], nfc(row["text"])
            )
            for row in amendments["statements"]
        ],
        organizations=_organizations(folder / "ngos.sample.csv"),
    )


def _json(path: Path) -> Any:
    try:
        return parse_json(path.read_bytes())
    except (OSError, Malformed) as error:
        raise Malformed(f"{path.name} cannot be read: {error}", code="sample.unreadable") from error


def _amendment(row: Mapping[str, Any], original: Mapping[str, str]) -> SampleAmendment:
    wanted: dict[str, str | None] = {}
    after: str | None = None
    for edit in row["edits"]:
        match edit["op"]:
            case "replace_text":
                base = wanted.get(edit["paragraph"]) or original[edit["paragraph"]]
                wanted[edit["paragraph"]] = base.replace(edit["find"], edit["replace"], 1)
            case "replace_paragraph":
                wanted[edit["paragraph"]] = edit["text"]
            case "insert_paragraph":
                wanted[edit["id"]], after = edit["text"], edit["after"]
            case "replace_document":
                first, *rest = original
                wanted = {first: edit["text"], **dict.fromkeys(rest)}
            case other:
                raise Malformed(f"an amendment with an unknown edit: {other}", code="sample.unreadable")
    return SampleAmendment(
        number=row["number"],
        kind=row["kind"],
        proposer=row["proposer"].lower(),
        sponsors=tuple(each.lower() for each in row["co_sponsors"]),
        submitted=datetime.fromisoformat(row["submitted"]),
        rationale=nfc(row["rationale"]),
        language=row["rationale_language"],
        wanted=wanted,
        insert_after=after,
        amends=row.get("amends"),
        silence=_hours(row["silence"]) if "silence" in row else None,
    )


def _hours(row: Mapping[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(row["opens"]), datetime.fromisoformat(row["closes"])


def _organizations(path: Path) -> list[SampleOrganization]:
    """The list, each registration once and each with somebody who may sign; what is to be expected of a row is not read."""
    found: dict[tuple[str, str], SampleOrganization] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = (row["country"], row["registration_no"])
            if row["authority"] != "none" and key not in found:
                found[key] = SampleOrganization(
                    row["country"].lower(), nfc(row["name_original"]), row["registration_no"], nfc(row["signatory"]), nfc(row["office"])
                )
    return list(found.values())
