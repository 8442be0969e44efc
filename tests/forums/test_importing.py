"""The description of a forum: what is refused, where it says the mistake is, and that nothing is half imported."""

from __future__ import annotations

import dataclasses
import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from declaration.errors import Conflict
from declaration.forums import importing, operations
from declaration.forums.importing import ImportRefused, load
from declaration.forums.jsonlines import line_of, lines_of
from declaration.forums.models import Forum, Person
from tests.forums.conftest import SAMPLE

MISSING = object()


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "forum"
    made.mkdir()
    for name in ("forum.json", "delegations.json", "zero-draft.json"):
        shutil.copyfile(SAMPLE / name, made / name)
    return made


def change(folder: Path, name: str, path: tuple, value: object) -> None:
    """Put a value where ``path`` says, or take it out."""
    whole = json.loads((folder / name).read_text(encoding="utf-8"))
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    (folder / name).write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")


def refusal(folder: Path) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        load(folder)
    return refused.value


def test_the_sample(description):
    assert description.origin == "declaration.example/solidarity-2025"
    assert len(description.delegations) == 8
    assert [one.party for one in description.people if one.role == "secretariat"] == ["rapporteur", "registrar"]
    assert sorted(one.party for one in description.people if one.role == "head") == sorted(description.orders["protocol"])
    assert [one.name for one in description.people if one.party == "hu"] == ["Kovács-Őry Eszter", "Bálint Tűzkő"]


CHAIR = ("people", "chair")
REFUSED_FORUM = [
    (("slug",), MISSING, "slug: is missing"),
    (("slug",), "Solidarity 2025", "slug: must be of the form"),
    (("slug",), "log", "slug: this address belongs to the service"),
    (("slug",), "sign-in", "slug: this address belongs to the service"),
    (("slugg",), "x", "slugg: is not known here"),
    (("host",), "https://declaration.example", "host: must be of the form"),
    (("host",), "declaration.example\n", "host: must be of the form"),
    (("declaration",), "OTSNGO 2025", "declaration: must be of the form"),
    (("title", "en"), "", "title.en: must not be empty"),
    (("title", "en"), " Joint Declaration", "title.en: has space at its edges"),
    (("title", "az"), MISSING, "title: is missing in az"),
    (("title", "EN"), "Joint Declaration", "title.EN: must be of the form"),
    (("short_title", "tr"), MISSING, "short_title: is missing in tr"),
    (("languages", "en"), "official", "languages.en: must be 'authentic' or 'translation'"),
    (("languages", "en"), "translation", "original: en is not one of the authentic languages"),
    (("prevailing",), "kk", "prevailing: kk is not one of the authentic languages"),
    (("time_zone",), "Baku", "time_zone: not a time zone"),
    (("time_zone",), "../../etc/passwd", "time_zone: not a time zone"),
    (("rules", "quorum"), 9, "rules.quorum: is larger than the number of delegations, 8"),
    (("rules", "quorum"), 0, "rules: quorum: not a whole number from 1"),
    (("rules", "quorum"), "6", "rules.quorum: must be a whole number"),
    (("rules", "quorum"), True, "rules.quorum: must be a whole number"),
    (("rules", "version"), 2, "rules.version: the rules in a constitution are version 1"),
    (("rules", "accession"), 1, "rules.accession: must be true or false"),
    (("rules", "public_from"), "never", "rules: public_from: not one of"),
    (("rules", "silence"), 24, "rules.silence: is not known here"),
    (("schedule", "adoption"), "2025-11-25T15:31:00", "schedule.adoption: needs an offset"),
    (("schedule", "adoption"), "tomorrow", "schedule.adoption:"),
    (("schedule", "adoption"), "2025-11-20T18:00:00+04:00", "schedule.adoption: is not after amendments_due"),
    (("delegations",), "../delegations.json", "delegations: must be the name of a file in the same folder"),
    (("zero_draft",), "/etc/passwd", "zero_draft: must be the name of a file in the same folder"),
    (("zero_draft",), "other.json", "zero_draft: there is no file other.json"),
    ((*CHAIR, "name"), MISSING, "people.chair.name: is missing"),
    ((*CHAIR, "party"), "chair", "people.chair.party: is not known here"),
    ((*CHAIR, "email"), "nobody", "people.chair.email: must be of the form"),
    (CHAIR, MISSING, "people.chair: is missing"),
    (("people", "secretariat"), [], "people.secretariat: needs at least 2; there are 0"),
    (("people", "secretariat", 1, "party"), "rapporteur", "people.secretariat[1].party: rapporteur is somebody else already"),
    (("people", "secretariat", 1, "party"), "kz", "people.secretariat[1].party: kz is somebody else already"),
    (("people", "secretariat", 1, "party"), "chair", "people.secretariat[1].party: chair is somebody else already"),
    (("people", "secretariat", 1, "party"), "Registrar", "people.secretariat[1].party: must be of the form"),
    (("people", "secretariat", 1, "name"), "Günay Əlibəyzadə", "is there twice; acts of two persons need two"),
    (("people", "translators", 0), MISSING, "people.translators: az needs two translators, who check each other; there is 1"),
    (("people", "translators", 0, "language"), "en", "people.translators[0].language: nothing is translated into en here"),
    (("people", "translators", 0, "language"), "fr", "people.translators[0].language: nothing is translated into fr here"),
    (("rp_id",), "declaration.example", "web_origins and rp_id stand together"),
    (("web_origins",), ["https://declaration.example/x"], "web_origins[0]: must be of the form"),
]
REFUSED_DELEGATIONS = [
    (("protocol_order",), ["AZ"], "protocol_order: leaves out HU, KG, KZ, TM, TR, TRNC, UZ"),
    (("protocol_order", 0), "CY", "protocol_order: names CY, which is no delegation here"),
    (("protocol_order", 1), "AZ", "protocol_order[1]: AZ is there twice"),
    (("alphabetical", "az", 0), "TR", "alphabetical.az: leaves out AZ"),
    (("delegations", 1, "id"), "AZ", "delegations[1].id: AZ is there twice"),
    (("delegations", 1, "id"), "hu", "delegations[1].id: must be of the form"),
    (("delegations", 1, "head"), MISSING, "delegations[1].head: is missing"),
    (("delegations", 1, "languages"), [], "delegations[1].languages: needs at least 1; there are 0"),
    (("delegations", 1, "time_zone"), "Asia/Nowhere", "delegations[1].time_zone: not a time zone"),
    (("delegations", 1, "flag"), "x", "delegations[1].flag: is not known here"),
    (("delegations",), [], "delegations: needs at least 2"),
]


@pytest.mark.parametrize(("path", "value", "says"), REFUSED_FORUM)
def test_a_forum_file_is_refused(folder, path, value, says):
    change(folder, "forum.json", path, value)
    assert says in refusal(folder).message


@pytest.mark.parametrize(("path", "value", "says"), REFUSED_DELEGATIONS)
def test_a_delegations_file_is_refused(folder, path, value, says):
    change(folder, "delegations.json", path, value)
    error = refusal(folder)
    assert says in error.message
    assert error.problems[0].file == "delegations.json"


def test_a_delegation_needs_a_name_in_the_original_language(folder):
    change(folder, "delegations.json", ("delegations", 5, "name", "en"), MISSING)
    assert "TRNC has no name in en" in refusal(folder).message


def test_the_line_is_that_of_the_value(folder):
    change(folder, "forum.json", ("people", "secretariat", 1, "party"), "kz")
    text = (folder / "forum.json").read_text(encoding="utf-8").split("\n")
    (problem,) = refusal(folder).problems
    assert '"party": "kz"' in text[problem.line - 1]


def test_a_missing_value_points_at_what_it_is_missing_in(folder):
    change(folder, "forum.json", ("people", "chair", "name"), MISSING)
    text = (folder / "forum.json").read_text(encoding="utf-8").split("\n")
    (problem,) = refusal(folder).problems
    assert '"chair": {' in text[problem.line - 1]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(folder):
    for path in (("people", "chair", "name"), ("host",), ("rules", "quorum")):
        change(folder, "forum.json", path, 7)
    change(folder, "forum.json", ("rules", "quorum"), "x")
    problems = refusal(folder).problems
    assert [one.path for one in problems] == ["host", "rules.quorum", "people.chair.name"]
    assert [one.line for one in problems] == sorted(one.line for one in problems)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not JSON"),
        (b'{"slug": "x",\n "host": }', "forum.json:2: not JSON"),
        (b'{\n"slug": "x",\n"slug": "y"}', "forum.json:3: slug: a key given twice"),
        (b'\xef\xbb\xbf{"slug": "x"}', "forum.json"),
        (b'{"slug": "\xff"}', "not UTF-8"),
        (b'{"slug": NaN}', "forum.json"),
        (b"[" * 100_000, "forum.json"),
        (b"[]", "forum.json:1: must be an object"),
        (b"null", "must be an object"),
        (b" " * (1024 * 1024 + 1), "is larger than"),
    ],
)
def test_what_is_no_json_of_ours(folder, data, says):
    (folder / "forum.json").write_bytes(data)
    assert says in refusal(folder).message


def test_a_file_that_is_not_there(folder):
    (folder / "delegations.json").unlink()
    assert "delegations.json: cannot be read" in refusal(folder).message
    shutil.rmtree(folder)
    assert "forum.json: cannot be read" in refusal(folder).message


def test_names_are_brought_to_nfc(folder):
    change(folder, "forum.json", ("people", "chair", "name"), unicodedata.normalize("NFD", "Rəşad Çağrı"))
    assert next(one.name for one in load(folder).people if one.role == "chair") == "Rəşad Çağrı"


def test_a_forum_is_imported_once(work, forum, description):
    for taken in (description, dataclasses.replace(description, host="elsewhere.example")):
        with work() as session, pytest.raises(Conflict, match="already"):
            operations.create_forum(session, taken, url="https://forum.example")
    with work() as session:
        assert len(session.scalars(select(Forum)).all()) == 1


def test_nothing_is_half_imported(work, description):
    twice = dataclasses.replace(description, people=(*description.people, description.people[0]))
    with pytest.raises(Conflict), work() as session:
        operations.create_forum(session, twice, url="https://forum.example")
    with work() as session:
        assert session.scalars(select(Forum)).all() == []
        assert session.scalars(select(Person)).all() == []


@pytest.mark.parametrize(
    ("url", "origins", "rp_id"),
    [
        ("https://forum.example", ["https://forum.example"], "forum.example"),
        ("http://localhost:8000", ["http://localhost:8000"], "localhost"),
        ("http://127.0.0.1:8000", ["http://127.0.0.1:8000", "http://localhost:8000"], "localhost"),
        ("http://[::1]:8000", ["http://[::1]:8000", "http://localhost:8000"], "localhost"),
    ],
)
def test_the_site_of_a_forum_that_names_none(url, origins, rp_id):
    assert operations.site_of(url) == (origins, rp_id)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES, st.sampled_from([None, 1, 3]), st.booleans())
def test_every_value_has_a_line(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    lines = lines_of(text)
    expected = {}

    def walk(one, path):
        expected[path] = one
        for step, inner in one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ():
            walk(inner, (*path, step))

    walk(value, ())
    assert set(lines) == set(expected)
    rows = text.split("\n")
    for path, one in expected.items():
        if not isinstance(one, (dict, list)):
            assert json.dumps(one, ensure_ascii=ascii_only) in rows[lines[path] - 1]


def test_a_line_of_nothing():
    assert line_of({}, ("a",)) is None
    assert line_of({(): 1, ("a",): 4}, ("a", "b", 0)) == 4


def test_the_reader_is_for_other_features_too(folder):
    value, text = importing.read_file(folder, "zero-draft.json")
    assert value["meta"]["symbol"] == "OTSNGO/2025/JD/ZD"
    assert text.startswith("{")
