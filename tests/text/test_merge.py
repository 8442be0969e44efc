import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import Malformed, Refused
from declaration.text.cases import run_merge
from declaration.text.collisions import Collision, collisions, touching
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.merge import apply_edits, merge
from declaration.text.redline import splices_between
from declaration.text.splices import Splice, apply_splices
from declaration.text.tokens import nfc
from declaration.text.units import UnitText, unit_hash
from tests.text.strategies import base_and_edits

CASES = json.loads((Path(__file__).parents[1] / "cases" / "text-cases.json").read_text())["merge"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_merge_cases_in_every_order(case: dict) -> None:
    expected = case["expect"]
    for order in permutations(case["amendments"]):
        result = run_merge({**case, "amendments": {name: case["amendments"][name] for name in order}})
        assert result["status"] == expected["status"]
        if "text" in expected:
            assert result["text"] == expected["text"]
        else:
            assert result["text"] is None
            assert [{key: one[key] for key in ("p", "kind", "between")} for one in result["conflicts"]] == expected["conflicts"]


# -- structure: a table of two amendments each -----------------------------------

P1, P2, P3 = "First paragraph of the text.", "Second paragraph, which says more.", "Third and last."
ITEM = "with a list item;"
BASE = [
    UnitText("p1", "operative", P1),
    UnitText("p2", "operative", P2),
    UnitText("p2.a", "item", ITEM, "p2"),
    UnitText("p2.b", "item", "and another.", "p2"),
    UnitText("p3", "operative", P3),
]
TEXTS = {unit.id: unit.text for unit in BASE}


def swap(unit: str, old: str, new: str) -> Replace:
    text = TEXTS[unit]
    return Replace(unit, unit_hash(text), tuple(splices_between(text, text.replace(old, new))))


def delete(unit: str) -> Delete:
    return Delete(unit, unit_hash(TEXTS[unit]))


def move(unit: str, after: str | None) -> Move:
    return Move(unit, unit_hash(TEXTS[unit]), after)


def insert(unit: str, after: str | None, text: str = "New words.", parent: str | None = None) -> InsertAfter:
    return InsertAfter(unit, after, "item" if parent else "operative", text, parent)


def split(unit: str, at: str, into: tuple[str, str]) -> Split:
    return Split(unit, unit_hash(TEXTS[unit]), (TEXTS[unit].index(at),), into)


def join(unit: str, *others: str, separator: str = " ") -> Join:
    return Join(unit, unit_hash(TEXTS[unit]), tuple((other, unit_hash(TEXTS[other])) for other in others), separator)


CLEAN: list[tuple[str, Edit, Edit, list[str]]] = [
    ("two words apart", swap("p1", "First", "One"), swap("p1", "text", "Declaration"), ["p1", "p2", "p2.a", "p2.b", "p3"]),
    ("delete and edit elsewhere", delete("p1"), swap("p3", "Third", "3rd"), ["p2", "p2.a", "p2.b", "p3"]),
    ("delete takes its items along", delete("p2"), swap("p3", "Third", "3rd"), ["p1", "p3"]),
    ("move takes its items along", move("p2", "p3"), swap("p2.a", "list", "short"), ["p1", "p3", "p2", "p2.a", "p2.b"]),
    ("move to the beginning", move("p3", None), swap("p3", "last", "final"), ["p3", "p1", "p2", "p2.a", "p2.b"]),
    ("insert behind a paragraph goes behind its items", insert("n", "p2"), delete("p1"), ["p2", "p2.a", "p2.b", "n", "p3"]),
    ("insert an item first", insert("n", "p2", parent="p2"), delete("p1"), ["p2", "n", "p2.a", "p2.b", "p3"]),
    ("insert an item between", insert("n", "p2.a", parent="p2"), delete("p1"), ["p2", "p2.a", "n", "p2.b", "p3"]),
    ("insert at the beginning", insert("n", None), delete("p1"), ["n", "p2", "p2.a", "p2.b", "p3"]),
    ("insert behind what is deleted", insert("n", "p1"), delete("p1"), ["n", "p2", "p2.a", "p2.b", "p3"]),
    ("insert behind what is moved", insert("n", "p1"), move("p1", "p3"), ["p2", "p2.a", "p2.b", "p3", "p1", "n"]),
    ("insert behind what is joined", insert("n", "p3"), join("p1", "p3"), ["p1", "p2", "p2.a", "p2.b", "n"]),
    ("two inserts around a deleted paragraph", insert("n", "p1"), insert("m", "p3"), ["p1", "n", "p2", "p2.a", "p2.b", "p3", "m"]),
    (
        "split and edit of one part",
        split("p2", "which", ("p2x", "p2y")),
        swap("p2", "Second", "2nd"),
        ["p1", "p2x", "p2y", "p2.a", "p2.b", "p3"],
    ),
    ("split and move", split("p3", "and", ("p3", "p3y")), move("p3", "p1"), ["p1", "p3", "p3y", "p2", "p2.a", "p2.b"]),
    (
        "insert behind what is split",
        split("p1", "paragraph", ("p1", "p1y")),
        insert("n", "p1"),
        ["p1", "p1y", "n", "p2", "p2.a", "p2.b", "p3"],
    ),
    ("join and edit of the second", join("p1", "p3"), swap("p3", "and", "or"), ["p1", "p2", "p2.a", "p2.b"]),
    ("the same move twice", move("p3", "p1"), move("p3", "p1"), ["p1", "p3", "p2", "p2.a", "p2.b"]),
    ("the same insert twice under two ids", insert("n", "p1"), insert("m", "p1"), ["p1", "m", "p2", "p2.a", "p2.b", "p3"]),
    ("the same split twice", split("p3", "and", ("x", "y")), split("p3", "and", ("x", "y")), ["p1", "p2", "p2.a", "p2.b", "x", "y"]),
    ("the same deletion twice", delete("p1"), delete("p1"), ["p2", "p2.a", "p2.b", "p3"]),
    ("deletions of paragraph and item", delete("p2"), delete("p2.a"), ["p1", "p3"]),
    ("an item moved to another paragraph", move("p2.b", "p3"), swap("p2.b", "another", "more"), ["p1", "p2", "p2.a", "p3", "p2.b"]),
]


@pytest.mark.parametrize(("a", "b", "order"), [row[1:] for row in CLEAN], ids=[row[0] for row in CLEAN])
def test_what_goes_together(a: Edit, b: Edit, order: list[str]) -> None:
    one, other = merge(BASE, {"A": [a], "B": [b]}), merge(BASE, {"B": [b], "A": [a]})
    assert one == other
    assert one.status == "clean"
    assert [unit.id for unit in one.units] == order
    assert merge(BASE, {"B": [a], "A": [b]}).units == one.units


CONFLICTS: list[tuple[str, Edit, Edit, str | None]] = [
    ("overlap", swap("p1", "First", "One"), swap("p1", "First", "Another"), "p1"),
    ("overlap", swap("p1", "First", "One"), swap("p1", "paragraph", "part"), "p1"),
    ("overlap", swap("p1", "paragraph", ""), swap("p1", "paragraph", "short paragraph"), "p1"),
    ("overlap", swap("p1", " of", ", of"), swap("p1", "of the", "from"), "p1"),
    ("delete-edit", delete("p1"), swap("p1", "First", "One"), "p1"),
    ("delete-edit", delete("p2"), swap("p2.a", "list", "short"), "p2.a"),
    ("delete-move", delete("p1"), move("p1", "p3"), "p1"),
    ("delete-split", delete("p1"), split("p1", "paragraph", ("x", "y")), "p1"),
    ("delete-join", delete("p3"), join("p1", "p3"), "p3"),
    ("delete-join", delete("p1"), join("p1", "p3"), "p1"),
    ("delete-insert", delete("p2"), insert("n", "p2.a", parent="p2"), "p2"),
    ("insert-order", insert("n", "p1"), insert("m", "p1", "Other words."), "p1"),
    ("insert-order", insert("n", None), insert("m", None, "Other words."), None),
    ("insert-order", insert("n", "p1"), move("p3", "p1"), "p1"),
    ("insert-order", insert("n", "p2"), insert("m", "p2.b", "Other words."), "p2.b"),
    ("same-id", insert("n", "p1"), insert("n", "p3", "Other words."), "n"),
    ("move-move", move("p1", "p3"), move("p1", "p2"), "p1"),
    ("move-cycle", move("p1", "p3"), move("p3", "p1"), "p1"),
    ("split-edit", split("p2", "which", ("x", "y")), swap("p2", "which", "that"), "p2"),
    ("split-edit", split("p2", "which", ("x", "y")), swap("p2", ", which", " which"), "p2"),
    ("split-split", split("p1", "paragraph", ("x", "y")), split("p1", "of", ("x", "y")), "p1"),
    ("join-edit", join("p1", "p3"), swap("p1", "text.", "text;"), "p1"),
    ("join-edit", join("p1", "p3"), swap("p3", "Third", "3rd"), "p3"),
    ("join-join", join("p1", "p3"), join("p1", "p3", separator="; "), "p1"),
    ("join-split", join("p1", "p3"), split("p3", "and", ("x", "y")), "p3"),
    ("join-move", join("p1", "p3"), move("p3", None), "p3"),
]


@pytest.mark.parametrize(("kind", "a", "b", "unit"), CONFLICTS, ids=[f"{row[0]}-{n}" for n, row in enumerate(CONFLICTS)])
def test_what_does_not(kind: str, a: Edit, b: Edit, unit: str | None) -> None:
    result = merge(BASE, {"A": [a], "B": [b]})
    assert merge(BASE, {"B": [b], "A": [a]}) == result
    assert result.status == "conflict"
    assert result.units == ()
    assert (kind, unit, ("A", "B")) in {(one.kind, one.unit, one.between) for one in result.conflicts}
    if kind in ("overlap", "delete-edit", "split-edit", "join-edit"):
        assert all(one.words for one in result.conflicts if one.kind == kind)


def test_only_those_who_conflict_are_named() -> None:
    result = merge(BASE, {"A": [swap("p1", "First", "One")], "B": [swap("p1", "text", "act")], "C": [swap("p1", "First", "An early")]})
    assert [one.between for one in result.conflicts] == [("A", "C")]


def test_the_same_change_is_applied_once_and_credited_to_both() -> None:
    result = merge(BASE, {"A": [swap("p1", "First", "One")], "B": [swap("p1", "First", "One"), swap("p3", "last", "final")]})
    assert result.units[0].text == "One paragraph of the text."
    assert {(one.unit, one.by) for one in result.credits} == {("p1", ("A", "B")), ("p3", ("B",))}


def test_cautions_name_what_a_person_should_look_at() -> None:
    gone = merge(BASE, {"A": [insert("n", "p1")], "B": [delete("p1")]})
    moved = merge(BASE, {"A": [insert("n", "p1")], "B": [move("p1", "p3")]})
    joined = merge(BASE, {"A": [insert("n", "p3")], "B": [join("p1", "p3")]})
    near = merge(BASE, {"A": [swap("p1", "First", "One")], "B": [swap("p1", "text", "act")]})
    assert [[one.kind for one in result.cautions] for result in (gone, moved, joined, near)] == [
        ["anchor-gone"],
        ["anchor-moved"],
        ["anchor-joined"],
        ["same-sentence"],
    ]


def test_items_follow_the_last_part_of_a_split() -> None:
    units = {unit.id: unit for unit in apply_edits(BASE, [split("p2", "which", ("x", "y"))])}
    assert (units["x"].text, units["y"].text) == ("Second paragraph,", "which says more.")
    assert units["p2.a"].parent == "y"


def test_a_join_puts_texts_together() -> None:
    assert apply_edits(BASE, [join("p1", "p3", separator=" – ")])[0].text == f"{P1} – {P3}"


def test_one_amendment_may_build_on_its_own_new_units() -> None:
    edits = [insert("n", "p1", "One more:"), insert("n.a", "n", "an item;", parent="n"), insert("m", "n", "And more.")]
    assert [unit.id for unit in apply_edits(BASE, edits)] == ["p1", "n", "n.a", "m", "p2", "p2.a", "p2.b", "p3"]


# -- refusals ----------------------------------------------------------------------

REFUSED: list[tuple[str, list[Edit]]] = [
    ("edit.base-changed", [Replace("p1", unit_hash("other"), ((0, 1, "x"),))]),
    ("edit.base-changed", [Delete("p1", unit_hash("other"))]),
    ("edit.base-changed", [Join("p1", unit_hash(P1), (("p3", unit_hash("other")),))]),
    ("edit.unit-unknown", [Delete("p9", unit_hash(P1))]),
    ("edit.unit-unknown", [insert("n", "p9")]),
    ("edit.unit-unknown", [insert("n", "p1", parent="p9")]),
    ("edit.unit-unknown", [move("p1", "p9")]),
    ("edit.unit-unknown", [Join("p1", unit_hash(P1), (("p9", unit_hash("x")),))]),
    ("edit.unit-exists", [insert("p2", "p1")]),
    ("edit.twice", [insert("n", "p1"), insert("n", "p2")]),
    ("edit.unit-exists", [split("p1", "paragraph", ("x", "p3"))]),
    ("edit.twice", [delete("p1"), delete("p1")]),
    ("edit.malformed", [Split("p1", unit_hash(P1), (200,), ("x", "y"))]),
    ("edit.malformed", [Split("p1", unit_hash(P1), (0,), ("x", "y"))]),
    ("edit.malformed", [move("p2.a", None)]),
    ("edit.contradiction", [delete("p1"), swap("p1", "First", "One")]),
    ("edit.contradiction", [delete("p1"), move("p1", "p3")]),
    ("edit.contradiction", [move("p1", "p1")]),
    ("edit.contradiction", [move("p2", "p2.a")]),
    ("edit.contradiction", [split("p2", "which", ("x", "y")), swap("p2", "which", "that")]),
    ("splice.outside", [Replace("p1", unit_hash(P1), ((0, 99, "x"),))]),
    ("splice.touching", [Replace("p1", unit_hash(P1), ((0, 2, "x"), (2, 4, "y")))]),
    ("splice.empty", [Replace("p1", unit_hash(P1), ((0, 5, "First"),))]),
]


@pytest.mark.parametrize(("code", "edits"), REFUSED, ids=[f"{code}-{n}" for n, (code, _) in enumerate(REFUSED)])
def test_an_amendment_that_is_none_is_refused(code: str, edits: list[Edit]) -> None:
    with pytest.raises((Refused, Malformed)) as refusal:
        apply_edits(BASE, edits)
    assert refusal.value.code == code


# -- properties ----------------------------------------------------------------------


def replace_of(base: str, new: str) -> list[Edit]:
    splices = splices_between(base, new)
    return [Replace("p", unit_hash(base), tuple(splices))] if splices else []


def reference(base: str, named: dict[str, list[Splice]]) -> str | None:
    """Slow and obvious: write every change over the characters it takes, and give up where anything meets anything else."""
    everything = sorted({splice for splices in named.values() for splice in splices})
    for one in everything:
        for other in everything:
            together = any(one in splices and other in splices for splices in named.values())
            between = base[min(one[1], other[1]) : max(one[0], other[0])]
            if one != other and not together and ((one[0] <= other[1] and other[0] <= one[1]) or not between.strip()):
                return None
    text = base
    for start, end, new in reversed(everything):
        text = text[:start] + new + text[end:]
    return text


@given(base_and_edits(3))
def test_the_merge_is_that_of_the_reference(case: tuple[str, list[str]]) -> None:
    base = nfc(case[0])
    amendments = {name: replace_of(base, new) for name, new in zip("ABC", case[1], strict=True)}
    results = [merge([UnitText("p", "operative", base)], {name: amendments[name] for name in order}) for order in permutations("ABC")]
    assert all(result == results[0] for result in results)
    expected = reference(base, {name: list(edit.splices) for name, edits in amendments.items() for edit in edits})
    if expected is None:
        assert results[0].status == "conflict"
    else:
        assert [unit.text for unit in results[0].units] == [expected]


@given(base_and_edits(1))
def test_alone_an_amendment_gives_its_own_text_and_twice_the_same(case: tuple[str, list[str]]) -> None:
    base, new = nfc(case[0]), nfc(case[1][0])
    edits = replace_of(base, new)
    unit = UnitText("p", "operative", base)
    assert merge([unit], {"A": edits}).units[0].text == new
    assert merge([unit], {"A": edits, "B": edits}).units[0].text == new


@given(base_and_edits(2))
def test_collisions_are_the_conflicts(case: tuple[str, list[str]]) -> None:
    base = nfc(case[0])
    named = {name: splices_between(base, new) for name, new in zip("AB", case[1], strict=True)}
    found = collisions(base, named)
    assert found == collisions(base, dict(reversed(named.items())))
    conflicts = merge([UnitText("p", "operative", base)], {n: replace_of(base, t) for n, t in zip("AB", case[1], strict=True)}).conflicts
    assert bool(found) == bool(conflicts)
    assert all(one.between == ("A", "B") for one in found)


@given(st.data())
def test_touching_is_symmetric(data: st.DataObject) -> None:
    base, (first, second) = data.draw(base_and_edits(2))
    for one in splices_between(base, first):
        for other in splices_between(base, second):
            assert touching(nfc(base), one, other) == touching(nfc(base), other, one)


def test_a_collision_names_words_and_all_who_meet() -> None:
    base = "within thirty days of receipt"
    found = collisions(
        base,
        {
            "A": [(7, 13, "sixty")],
            "B": [(14, 14, "working ")],
            "C": [(7, 13, "sixty")],
            "D": [(22, 29, "sending")],
        },
    )
    assert found == [Collision(("A", "B", "C"), 7, 14, "thirty")]


def test_who_wants_all_that_the_other_wants_agrees_with_it() -> None:
    base = "a b c"
    assert collisions(base, {"A": [(0, 1, "x"), (2, 3, "y")], "B": [(2, 3, "y")]}) == []
    assert apply_splices(base, [(0, 1, "x"), (2, 3, "y")]) == "x y c"
