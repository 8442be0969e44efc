"""The sample forum from zero draft to final text; only tests read the oracles."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from declaration.errors import Refused
from declaration.text.attribution import begin, follow, require
from declaration.text.collisions import collisions
from declaration.text.edits import Edit, InsertAfter, Replace
from declaration.text.ground import Ground
from declaration.text.importing import parse_text, parse_units_json, print_text
from declaration.text.merge import merge
from declaration.text.numbering import labels, number_of
from declaration.text.rebase import rebase
from declaration.text.redline import splices_between
from declaration.text.rolling import Proposal, compilation, rolling, summary
from declaration.text.splices import apply_splices
from declaration.text.units import UnitText, in_language, unit_hash

ROOT = Path(__file__).parents[2]
SAMPLE, ORACLES = ROOT / "samples" / "solidarity-forum", ROOT / "tests" / "oracles"

UNITS, META = parse_units_json((SAMPLE / "zero-draft.json").read_bytes())
ZERO = in_language(UNITS, "en")
TEXT = {unit.id: unit.text for unit in ZERO}
AMENDMENTS = {one["number"]: one for one in json.loads((SAMPLE / "amendments.json").read_text())["amendments"]}
EXPECTED = json.loads((ORACLES / "expected.json").read_text())
FINAL = json.loads((ORACLES / "final.en.json").read_text())
ACCEPTED = [row["amendment"] for row in FINAL["applied"]]


def edits_of(amendment: dict[str, Any], texts: dict[str, str] = TEXT) -> list[Edit]:
    made: list[Edit] = []
    for edit in amendment["edits"]:
        if edit["op"] == "insert_paragraph":
            made.append(InsertAfter(edit["id"], edit["after"], "operative", edit["text"]))
        elif edit["op"] in ("replace_text", "replace_paragraph"):
            old = texts[edit["paragraph"]]
            new = old.replace(edit["find"], edit["replace"]) if edit["op"] == "replace_text" else edit["text"]
            assert unit_hash(old) == edit["base_sha256"]
            made.append(Replace(edit["paragraph"], unit_hash(old), tuple(splices_between(old, new))))
    return made


@pytest.mark.parametrize("row", EXPECTED["amendments"], ids=lambda row: row["amendment"][-3:])
def test_each_amendment_gives_its_text(row: dict[str, Any]) -> None:
    amendment = AMENDMENTS[int(row["amendment"][-3:])]
    texts = dict(TEXT)
    if amendment["number"] == 4:
        texts["OP5"] = AMENDMENTS[3]["edits"][0]["text"]
    results = {one["paragraph"]: one for one in row["results"] if one["result"] is not None}
    for edit in edits_of(amendment, texts):
        if isinstance(edit, Replace):
            result = apply_splices(texts[edit.unit], edit.splices)
            assert result == results[edit.unit]["result"]
            assert unit_hash(result) == results[edit.unit]["result_sha256"]


@pytest.mark.parametrize("row", EXPECTED["overlaps"], ids=lambda row: f"{row['a']}-{row['b']}")
def test_overlaps_are_found(row: dict[str, Any]) -> None:
    named = {f"AM/{n:03}": edits_of(AMENDMENTS[n]) for n in (row["a"], row["b"])}
    splices = {name: edit.splices for name, edits in named.items() for edit in edits if isinstance(edit, Replace)}
    found = collisions(TEXT[row["paragraph"]], splices)
    assert bool(found) is row["overlap"]
    assert (merge(ZERO, named).status == "conflict") is row["overlap"]
    assert all(one.between == tuple(sorted(named)) and one.words for one in found)


def test_the_accepted_amendments_give_the_final_text() -> None:
    named = {f"AM/{n:03}": edits_of(AMENDMENTS[n]) for n in ACCEPTED}
    merged = merge(ZERO, named)
    assert merged.status == "clean"
    assert merge(ZERO, dict(reversed(named.items()))) == merged
    assert [(unit.id, unit.kind, unit.text) for unit in merged.units] == [(p["id"], p["kind"], p["text"]) for p in FINAL["paragraphs"]]
    numbers = number_of(merged.units)
    assert [numbers[p["id"]] for p in FINAL["paragraphs"]] == [p["number"] and str(p["number"]) for p in FINAL["paragraphs"]]
    printed = (ORACLES / "final.en.md").read_text().split("\n", 1)[1]
    assert print_text(merged.units) == printed


def test_until_renumbering_the_new_paragraph_is_8_bis() -> None:
    merged = merge(ZERO, {"AM/010": edits_of(AMENDMENTS[10])})
    numbers = number_of(merged.units, number_of(ZERO))
    assert (numbers["OP8"], numbers["OP8bis"], numbers["OP9"]) == ("8", "8 bis", "9")
    assert labels(merged.units)["S2"] == "B"


def test_every_word_of_the_final_text_has_its_origin() -> None:
    start = begin(ZERO, "ZD")
    final = follow(start, {f"AM/{n:03}": edits_of(AMENDMENTS[n]) for n in ACCEPTED})
    require(final, [UnitText(p["id"], p["kind"], p["text"]) for p in FINAL["paragraphs"]])
    assert final.words_of("AM/006") == {"OP16": ["year, in principle"]}
    assert set(final.words_of("AM/010")) == {"OP8bis"}
    origins = {token.text: token.origins for token in final.tokens("OP7")}
    assert (origins["marine"], origins["Aral"], origins["Caspian"]) == (("AM/009",), ("AM/008",), ("ZD",))
    with pytest.raises(Refused) as refusal:
        require(final, ZERO)
    assert refusal.value.code == "attribution.unexplained"


def test_the_rolling_text_is_the_compilation() -> None:
    proposals = [
        Proposal(
            f"AM/{n:03}",
            (one["proposer"], *one["co_sponsors"]),
            tuple(edits_of(one)),
            f"AM/{one['amends']:03}" if "amends" in one else None,
        )
        for n, one in sorted(AMENDMENTS.items())
        if n not in (3, 4, 5, 19, 20)  # later than the compilation, inadmissible, late
    ]
    blocks = rolling(ZERO, proposals)
    printed = compilation(blocks, "Compilation of amendments, OTSNGO/2025/JD/ZD/Comp.1 (as at 21 November 2025)")
    assert printed == (ORACLES / "compilation.en.md").read_text().split("\n", 1)[1]
    counted = summary(blocks)
    assert counted.brackets == 16
    assert counted.by_owner["TM"] == 5
    assert counted.by_unit["OP7"] == 2


@pytest.mark.parametrize("order", list(permutations((1, 2, 13))))
def test_open_amendments_against_the_next_version(order: tuple[int, ...]) -> None:
    accepted = {f"AM/{n:03}": edits_of(AMENDMENTS[n]) for n in ACCEPTED}
    ground = Ground(ZERO, merge(ZERO, accepted).units)
    statuses = {n: rebase(edits_of(AMENDMENTS[n]), ground).status for n in order}
    assert statuses == {1: "conflict", 2: "conflict", 13: "unchanged"}
    assert all(rebase(edits, ground).status == "absorbed" for edits in accepted.values())


@pytest.mark.parametrize("language", ["en", "az", "tr"])
def test_the_printed_draft_is_the_draft(language: str) -> None:
    source = (SAMPLE / f"zero-draft.{language}.md").read_text()
    read = parse_text(source)
    assert list(read.units) == in_language(UNITS, language)
    assert print_text(read.units, read.meta) == source


def test_the_adopted_texts_read_too() -> None:
    units, _ = parse_units_json((ORACLES / "final.json").read_bytes())
    assert [unit.hashes() for unit in units] == [p["sha256"] for p in json.loads((ORACLES / "final.json").read_text())["paragraphs"]]
