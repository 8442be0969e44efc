"""Reading the folder that describes a forum. All of it is checked before anything is believed, and nothing is half imported.

A refusal names the file, the line and the value's path, and says what is wrong; all problems of a file are told at once, because
whoever prepares a forum would rather correct ten things in one go.

    forum.json:14: people.translators: az needs two translators, who check each other; there is 1
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from declaration.errors import Malformed
from declaration.forums.crosschecks import delegation_problems, forum_problems
from declaration.forums.description import DelegationsFile, Description, ForumFile, PersonDescription, Schedule
from declaration.forums.jsonlines import Path as JsonPath
from declaration.forums.jsonlines import line_of, lines_of, repeated
from declaration.protocol.encoding import parse_json

FORUM_FILE = "forum.json"
_LARGEST = 1024 * 1024
_TOLD = 20

File = TypeVar("File", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``line`` counts from 1 and is None where the file as a whole is meant."""

    file: str
    line: int | None
    path: str
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(filter(None, (place, self.path, self.reason)))


class ImportRefused(Malformed):
    """A description that cannot be imported, with everything that is wrong in the first file that is wrong."""

    default_code = "import.refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        told = [str(one) for one in problems[:_TOLD]]
        if more := len(problems) - len(told):
            told.append(f"and {more} more")
        super().__init__("\n".join(told), instead="Nothing was imported. Correct the file and import it again.")
        self.problems = tuple(problems)


def load(folder: Path) -> Description:
    """Read and check the description of a forum.

    :raises ImportRefused: what is wrong, with file, line and reason.
    """
    forum, forum_lines = _read(folder, FORUM_FILE, ForumFile)
    delegations, delegation_lines = _read(folder, forum.delegations, DelegationsFile)
    _refuse(forum.delegations, delegation_lines, delegation_problems(delegations))
    _refuse(FORUM_FILE, forum_lines, forum_problems(forum, delegations))
    zero_draft = folder / forum.zero_draft
    if not zero_draft.is_file():
        _refuse(FORUM_FILE, forum_lines, [(("zero_draft",), f"there is no file {forum.zero_draft} in this folder")])
    return _describe(folder, forum, delegations)


def read_file(folder: Path, name: str) -> tuple[Any, str]:
    """The value and the text of one JSON file, with every string of the value in NFC.

    :raises ImportRefused: not there, too large, or not JSON of the strict kind.
    """
    try:
        with (folder / name).open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise ImportRefused([Problem(name, None, "", f"cannot be read: {error.strerror}")]) from None
    if len(data) > _LARGEST:
        raise ImportRefused([Problem(name, None, "", f"is larger than {_LARGEST:,} bytes")])
    try:
        value = parse_json(data)
    except Malformed as error:
        raise ImportRefused([_unreadable(name, data, error)]) from None
    return _composed(value), data.decode("utf-8")


def _unreadable(name: str, data: bytes, error: Malformed) -> Problem:
    if error.code == "json.duplicate-key" and (twice := repeated(data.decode("utf-8"))):
        return Problem(name, twice[1], _dotted(twice[0]), error.message)
    line = re.search(r"\bline (\d+)\b", error.message)
    return Problem(name, int(line[1]) if line else None, "", error.message)


def _read(folder: Path, name: str, form: type[File]) -> tuple[File, Mapping[JsonPath, int]]:
    value, text = read_file(folder, name)
    lines = lines_of(text)
    try:
        return form.model_validate(value), lines
    except ValidationError as refused:
        _refuse(name, lines, [(_path(each), _reason(each)) for each in refused.errors()])
        raise


def _refuse(name: str, lines: Mapping[JsonPath, int], found: Sequence[tuple[JsonPath, str]]) -> None:
    problems = [Problem(name, line_of(lines, path), _dotted(path), reason) for path, reason in found]
    if problems:
        raise ImportRefused(sorted(problems, key=lambda one: one.line or 0))


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {name: _composed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_composed(one) for one in value]
    return value


def _path(error: ErrorDetails) -> JsonPath:
    return tuple(step for step in error["loc"] if step != "[key]")


_REASONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not known here; perhaps it is misspelt",
    "string_type": lambda _: "must be text",
    "int_type": lambda _: "must be a whole number",
    "bool_type": lambda _: "must be true or false",
    "list_type": lambda _: "must be a list",
    "dict_type": lambda _: "must be an object",
    "model_type": lambda _: "must be an object",
    "string_pattern_mismatch": lambda about: f"must be of the form {about['pattern']}",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda about: f"is longer than {about['max_length']} characters",
    "too_short": lambda about: f"needs at least {about['min_length']}; there are {about['actual_length']}",
    "too_long": lambda about: f"has room for {about['max_length']} at most",
    "literal_error": lambda about: f"must be {about['expected']}",
    "timezone_aware": lambda _: "needs an offset, such as 2025-11-20T18:00:00+04:00",
    "value_error": lambda about: str(about["error"]),
}


def _reason(error: ErrorDetails) -> str:
    say = _REASONS.get(error["type"])
    return say(error.get("ctx", {})) if say else error["msg"][:1].lower() + error["msg"][1:]


def _dotted(path: JsonPath) -> str:
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


def _describe(folder: Path, forum: ForumFile, delegations: DelegationsFile) -> Description:
    plan = {name: moment.astimezone(UTC) for name, moment in forum.schedule}
    return Description(
        folder=folder,
        slug=forum.slug,
        host=forum.host,
        declaration=forum.declaration,
        title=forum.title,
        short_title=forum.short_title,
        languages=forum.languages,
        original=forum.original,
        prevailing=forum.prevailing,
        time_zone=forum.time_zone,
        city=forum.city,
        rules=forum.rules.model_dump(),
        schedule=Schedule(**plan),
        delegations=tuple(_rows(delegations)),
        orders={
            "protocol": tuple(map(str.lower, delegations.protocol_order)),
            **{code: tuple(map(str.lower, order)) for code, order in delegations.alphabetical.items()},
        },
        people=tuple(_people(forum, delegations)),
        zero_draft=folder / forum.zero_draft,
        web_origins=tuple(forum.web_origins) if forum.web_origins else None,
        rp_id=forum.rp_id,
        terms=tuple(forum.terms),
    )


def _rows(file: DelegationsFile) -> Iterator[dict[str, Any]]:
    for one in file.delegations:
        yield {
            "id": one.id.lower(),
            "names": one.name,
            "tags": one.tag,
            "time_zone": one.time_zone,
            "languages": one.languages,
            "status": one.forum_status,
        }


def _people(forum: ForumFile, delegations: DelegationsFile) -> Iterator[PersonDescription]:
    """Officers first, then each delegation in protocol order: its head, then its members."""
    people = forum.people
    groups = (
        ("chair", [("chair", people.chair)]),
        ("secretariat", [(one.party, one) for one in people.secretariat]),
        ("depositary", [("depositary", people.depositary)]),
        ("translator", [(one.party, one) for one in people.translators]),
        ("observer", [(one.party, one) for one in people.observers]),
    )
    for role, officers in groups:
        for party, one in officers:
            zone = one.time_zone or forum.time_zone
            yield PersonDescription(one.name, role, party, one.office, one.language, zone, one.email)
    known = {one.id: one for one in delegations.delegations}
    for tag in delegations.protocol_order:
        country = known[tag]
        for role, names in (("head", [country.head]), ("member", country.members)):
            for name in names:
                yield PersonDescription(name, role, tag.lower(), None, country.languages[0], country.time_zone)
