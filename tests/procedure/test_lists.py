"""Proposals on paragraphs with list items: what is accepted one by one stays a text that can be circulated."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.procedure.state import VersionText
from declaration.procedure.working import is_stale
from declaration.protocol.manifest import TextRow, UnitRow, build_manifest, canonical_text, unit_hash
from tests.procedure.bench import SYMBOL, Bench, digest_of, refused

ROWS = [
    ("T", "title", None, "Joint Declaration"),
    ("OP1", "operative", None, "Establish a Platform:"),
    ("OP1.a", "item", "OP1", "with a seat;"),
    ("OP1.a.i", "item", "OP1.a", "in Baku;"),
    ("OP1.b", "item", "OP1", "with a secretariat;"),
    ("OP2", "operative", None, "Invite all bodies:"),
    ("OP2.a", "item", "OP2", "to support projects;"),
    ("OP3", "operative", None, "Request a report."),
]
HASH = {row[0]: unit_hash(row[3]) for row in ROWS}


def version(rows: list[tuple[str, str, str | None, str]], symbol: str, previous: str | None) -> VersionText:
    numbers, count = {}, 0
    for unit, kind, _, _ in rows:
        count += kind == "operative"
        numbers[unit] = str(count) if kind == "operative" else None
    langs = ("az", "en")
    body = canonical_text([(unit, numbers[unit], text) for unit, _, _, text in rows])
    manifest = build_manifest(
        declaration=SYMBOL,
        previous=previous,
        symbol=symbol,
        texts=[TextRow(lang, digest_of(body.decode()), len(body), "authentic") for lang in langs],
        units=[UnitRow(unit, kind, numbers[unit], parent, dict.fromkeys(langs, unit_hash(text))) for unit, kind, parent, text in rows],
    )
    return VersionText(manifest, {lang: {unit: text for unit, _, _, text in rows} for lang in langs})


def put(bench: Bench, rows: list[tuple[str, str, str | None, str]], symbol: str, previous: str | None) -> str:
    made = version(rows, symbol, previous)
    bench.library[made.manifest.digest] = made
    return made.manifest.digest


@pytest.fixture
def bench() -> Bench:
    made = Bench().constituted()
    draft = put(made, ROWS, f"{SYMBOL}/ZD", None)
    made.act("chair.chair", "draft_version.approve_and_circulate-v1", draft, {"symbol": f"{SYMBOL}/ZD"})
    made.act("chair.chair", "declaration.circulate_zero_draft-v1", draft, {"deadline": "2025-11-20T14:00:00Z"})
    return made


def delete(unit: str) -> dict[str, Any]:
    return {"unit": unit, "base": HASH[unit], "op": "delete", "splices": []}


def move(unit: str, after: str | None) -> dict[str, Any]:
    return {"unit": unit, "base": HASH[unit], "op": "move", "after": after, "splices": []}


def insert(unit: str, after: str, parent: str | None = None) -> dict[str, Any]:
    kind = "item" if parent else "operative"
    splices = [[0, 0, f"New words of {unit};"]]
    return {"unit": unit, "base": None, "op": "insert_after", "after": after, "kind": kind, "parent": parent, "splices": splices}


def test_a_deleted_paragraph_takes_its_items_along_and_the_version_is_accepted(bench: Bench) -> None:
    proposal = bench.admit(bench.submit("head.hu", delete("OP1")))
    bench.second_reading()
    bench.accept(proposal)
    left = [(unit.id, unit.kind, unit.parent, unit.text) for unit in bench.state.units.values()]
    assert [row[0] for row in left] == ["T", "OP2", "OP2.a", "OP3"]
    orphans = [row for row in ROWS if row[0] != "OP1"]
    refused("manifest.units", lambda: put(bench, orphans, f"{SYMBOL}/Rev.1", bench.state.current))
    digest = put(bench, left, f"{SYMBOL}/Rev.1", bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", digest, {"symbol": f"{SYMBOL}/Rev.1"})
    assert digest in bench.state.versions
    assert list(bench.state.units) == ["T", "OP2", "OP2.a", "OP3"]


def test_a_proposal_for_an_item_that_went_is_stale(bench: Bench) -> None:
    first = bench.admit(bench.submit("head.hu", delete("OP1")))
    item = bench.admit(bench.submit("head.az", insert("OP9", "OP1.a", "OP1")))
    inner = bench.admit(bench.submit("head.kz", move("OP1.b", "OP2.a")))
    bench.second_reading()
    bench.accept(first)
    assert all(is_stale(bench.state, bench.state.amendments[digest]) for digest in (item, inner))
    nothing = {"result": {"OP9": None}, "content": digest_of("minute")}
    refused("amendment.state", lambda: bench.try_act("chair.chair", "amendment.accept-v1", item, nothing))
    refused("amendment.state", lambda: bench.try_act("chair.chair", "amendment.accept-v1", inner, nothing))


def test_what_no_longer_stands_in_its_list_is_stale(bench: Bench) -> None:
    moved = bench.admit(bench.submit("head.hu", move("OP1.b", "OP2.a")))
    behind = bench.admit(bench.submit("head.az", insert("OP9", "OP1.b", "OP1")))
    bench.second_reading()
    bench.accept(moved)
    assert bench.state.units["OP1.b"].parent == "OP2"
    assert list(bench.state.units)[-3:] == ["OP2.a", "OP1.b", "OP3"]
    # Its anchor is in another list now: put there it would stand apart from its paragraph.
    assert is_stale(bench.state, bench.state.amendments[behind])


def test_items_and_a_paragraph_behind_one_item_are_accepted_one_after_the_other(bench: Bench) -> None:
    item = bench.admit(bench.submit("head.hu", insert("OP1.c", "OP1.b", "OP1")))
    paragraph = bench.admit(bench.submit("head.az", insert("OP1bis", "OP1.b")))
    bench.second_reading()
    bench.accept(item)
    bench.accept(paragraph)
    assert list(bench.state.units) == ["T", "OP1", "OP1.a", "OP1.a.i", "OP1.b", "OP1.c", "OP1bis", "OP2", "OP2.a", "OP3"]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (insert("OP9", "OP2", "OP1"), "unit.parent"),
        (insert("OP9", "OP1.a.i", "OP3"), "unit.parent"),
        (move("OP1.a", None), "edit.malformed"),
        (move("OP1", "OP1.b"), "edit.contradiction"),
    ],
)
def test_what_would_tear_a_list_apart_is_no_proposal(bench: Bench, edit: dict[str, Any], code: str) -> None:
    refused(code, lambda: bench.submit("head.hu", edit))
