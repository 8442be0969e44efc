"""Edits of every kind to texts with lists in three levels: what any number of amendments may do to the tree and to the words."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import DeclarationError, Malformed
from declaration.text.attribution import begin, follow
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.ground import Ground
from declaration.text.merge import apply_edits, merge
from declaration.text.rebase import rebase
from declaration.text.redline import splices_between
from declaration.text.units import UnitText, check_units, misplaced, unit_hash

WORDS = ["alpha", "beta", "gamma,", "delta", "epsilon.", "Zeta", "eta", "theta;", "iota", "kappa"]


@st.composite
def trees(draw: st.DrawFn) -> list[UnitText]:
    units: list[UnitText] = []
    path: list[str] = []
    for number in range(draw(st.integers(2, 7))):
        text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=6)))
        if path and draw(st.booleans()):
            level = draw(st.integers(1, min(3, len(path))))
            units.append(UnitText(f"u{number}", "item", text, path[level - 1]))
            path[level:] = [units[-1].id]
        else:
            units.append(UnitText(f"u{number}", "operative", text))
            path = [units[-1].id]
    return units


@st.composite
def edits_to(draw: st.DrawFn, base: list[UnitText], name: str) -> list[Edit]:
    made: list[Edit] = []
    for _ in range(draw(st.integers(1, 2))):
        unit = draw(st.sampled_from(base))
        digest, words = unit_hash(unit.text), unit.text.split()
        after = draw(st.sampled_from([None, *base]))
        kind = draw(st.sampled_from(["replace", "replace", "insert", "item", "move", "delete", "split", "join"]))
        if kind == "replace":
            place = draw(st.integers(0, len(words) - 1))
            words[place : place + draw(st.integers(0, 2))] = [draw(st.sampled_from(["NEW1", "NEW2"]))]
            made.append(Replace(unit.id, digest, tuple(splices_between(unit.text, " ".join(words)))))
        elif kind in ("insert", "item"):
            new = draw(st.sampled_from(["n", f"n{name}"]))
            text = draw(st.sampled_from(["Same words.", "Other words."]))
            if kind == "insert" or after is None:
                made.append(InsertAfter(new, after and after.id, "operative", text))
            else:
                made.append(InsertAfter(new, after.id, "item", text, draw(st.sampled_from([after.id, after.parent or after.id]))))
        elif kind == "move":
            made.append(Move(unit.id, digest, after and after.id))
        elif kind == "delete":
            made.append(Delete(unit.id, digest))
        elif kind == "split":
            at = len(" ".join(words[: draw(st.integers(1, len(words) - 1))]))
            made.append(Split(unit.id, digest, (at,), (draw(st.sampled_from([unit.id, f"{unit.id}x"])), f"{unit.id}y")))
        elif after is not None and after.id != unit.id:
            made.append(Join(unit.id, digest, ((after.id, unit_hash(after.text)),)))
    return made


@st.composite
def amended(draw: st.DrawFn) -> tuple[list[UnitText], dict[str, list[Edit]]]:
    """A text and up to three amendments, each of which can be applied to it alone."""
    base = draw(trees())
    good: dict[str, list[Edit]] = {}
    for name in "ABC":
        edits = draw(edits_to(base, name))
        try:
            apply_edits(base, edits)
        except DeclarationError:
            continue
        good[name] = edits
    return base, good


def words_of(units: list[UnitText] | tuple[UnitText, ...]) -> Counter[str]:
    return Counter(word for unit in units for word in unit.text.split())


@given(amended())
def test_what_is_good_alone_merges_into_a_text_or_conflicts_in_every_order(case: tuple[list[UnitText], dict[str, list[Edit]]]) -> None:
    base, amendments = case
    results = [merge(base, {name: amendments[name] for name in order}) for order in permutations(amendments)]
    assert all(result == results[0] for result in results)
    if results[0].status == "clean":
        check_units(results[0].units)
    else:
        assert results[0].conflicts


@given(amended())
def test_moves_splits_and_joins_lose_no_word_and_double_none(case: tuple[list[UnitText], dict[str, list[Edit]]]) -> None:
    base, amendments = case
    kept = {name: edits for name, edits in amendments.items() if all(isinstance(edit, Move | Split | Join) for edit in edits)}
    merged = merge(base, kept)
    assert merged.status == "conflict" or words_of(merged.units) == words_of(base)


@given(amended())
def test_every_word_keeps_its_origin_through_every_structure(case: tuple[list[UnitText], dict[str, list[Edit]]]) -> None:
    base, amendments = case
    if merge(base, amendments).status == "conflict":
        return
    state = follow(begin(base, "ZD"), amendments)
    for unit in state.units:
        runs = state.runs[unit.id]
        assert [run.start for run in runs] == [0, *(run.end for run in runs)][: len(runs)]
        assert all(one.end == other.start for one, other in pairwise(runs))
        assert runs[-1].end == len(unit.text)
        for token in state.tokens(unit.id):
            if token.text in ("NEW1", "NEW2", "Same", "Other"):
                assert set(token.origins) <= set(amendments)
            elif token.text in ["alpha", "beta", "delta", "eta", "iota", "kappa"]:
                assert token.origins == ("ZD",)


@given(amended())
def test_a_rebase_onto_what_the_others_made_is_the_merge(case: tuple[list[UnitText], dict[str, list[Edit]]]) -> None:
    base, amendments = case
    if len(amendments) < 2:
        return
    mine = min(amendments)
    others = {name: edits for name, edits in amendments.items() if name != mine}
    ground, merged = merge(base, others), merge(base, amendments)
    if merged.status == "conflict" or ground.status == "conflict":
        return
    lineage: dict[str, tuple[str, ...]] = {}
    for edit in (edit for edits in others.values() for edit in edits):
        if isinstance(edit, Split):
            lineage[edit.unit] = edit.into
        elif isinstance(edit, Join):
            lineage.update(dict.fromkeys((edit.unit, *(part for part, _ in edit.parts)), (edit.unit,)))
    result = rebase(amendments[mine], Ground(base, ground.units, lineage))
    if result.status in ("unchanged", "rebased", "partly-absorbed"):
        done = merge(ground.units, {mine: result.edits})
        # Two new paragraphs of the same words may come to stand at one place, where the second is absorbed.
        assert {unit.text for unit in done.units} == {unit.text for unit in merged.units}


def test_words_that_stand_in_both_joined_paragraphs_are_found_in_the_right_one() -> None:
    """Paragraphs of the same words are joined, and one is changed as well: what somebody else puts in comes to stand where it was put."""
    same, places, seen = "alpha alpha alpha", (0, 6, 12, 17), 0
    base = [UnitText("u0", "operative", same), UnitText("u1", "operative", same)]
    digest = unit_hash(same)

    def put(unit: str, at: int, word: str) -> Replace:
        return Replace(unit, digest, ((at, at, f" {word}" if at == len(same) else f"{word} "),))

    orders = (("u0", "u1"), ("u1", "u0"))
    for (head, tail), here, at, other, where in product(orders, ("u0", "u1"), places, ("u0", "u1"), places):
        theirs: dict[str, list[Edit]] = {"B": [Join(head, digest, ((tail, digest),), " ")], "C": [put(other, where, "NEW2")]}
        mine = put(here, at, "NEW1")
        ground, merged = merge(base, theirs), merge(base, {"A": [mine], **theirs})
        if "conflict" in (merged.status, ground.status):  # at the seam, or at the same place
            continue
        seen += 1
        result = rebase([mine], Ground(base, ground.units, {head: (head,), tail: (head,)}))
        assert merge(ground.units, {"A": result.edits}).units == merged.units, (head, here, at, other, where)
    assert seen >= 48


def test_an_id_taken_by_another_for_the_same_words_is_a_conflict_with_the_other() -> None:
    base = [UnitText("u0", "operative", "alpha beta"), UnitText("u1", "operative", "gamma delta")]
    amendments: dict[str, list[Edit]] = {
        "B": [InsertAfter("n", "u0", "operative", "Same words.")],
        "C": [InsertAfter("nC", "u0", "operative", "Same words."), InsertAfter("n", None, "operative", "Same words.")],
    }
    for name, edits in amendments.items():
        assert merge(base, {name: edits}).status == "clean"
    for order in permutations(amendments):
        merged = merge(base, {name: amendments[name] for name in order})
        assert [(one.kind, one.unit, one.between) for one in merged.conflicts] == [("same-id", "n", ("B", "C"))]


# -- one of each, by hand -------------------------------------------------------------

BASE = [
    UnitText("p1", "operative", "First paragraph:"),
    UnitText("p1.a", "item", "an item;", "p1"),
    UnitText("p1.b", "item", "the last item.", "p1"),
    UnitText("p2", "operative", "Second paragraph:"),
    UnitText("p2.a", "item", "its item.", "p2"),
    UnitText("p3", "operative", "Third and last."),
]
HASH = {unit.id: unit_hash(unit.text) for unit in BASE}


def item(unit: str, after: str, parent: str) -> InsertAfter:
    return InsertAfter(unit, after, "item", f"New item {unit}.", parent)


def paragraph(unit: str, after: str) -> InsertAfter:
    return InsertAfter(unit, after, "operative", f"New paragraph {unit}.")


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        (item("n", "p1.b", "p1"), paragraph("m", "p1.b"), "p1 p1.a p1.b n m p2 p2.a p3"),
        (item("n", "p1.b", "p1"), paragraph("m", "p1.a"), "p1 p1.a p1.b n m p2 p2.a p3"),
        (item("n", "p1.b", "p1"), paragraph("m", "p1"), "p1 p1.a p1.b n m p2 p2.a p3"),
        (item("n", "p1.b", "p1.b"), item("m", "p1.b", "p1"), "p1 p1.a p1.b n m p2 p2.a p3"),
        (Move("p3", HASH["p3"], "p1.b"), item("n", "p1.b", "p1"), "p1 p1.a p1.b n p3 p2 p2.a"),
        (Join("p1", HASH["p1"], (("p2", HASH["p2"]),)), paragraph("n", "p1"), "p1 p1.a p1.b p2.a n p3"),
        (Join("p1", HASH["p1"], (("p3", HASH["p3"]),)), Move("p1", HASH["p1"], "p3"), "p2 p2.a p1 p1.a p1.b"),
        (Join("p1", HASH["p1"], (("p2", HASH["p2"]),)), item("n", "p2", "p2"), "p1 p1.a p1.b n p2.a p3"),
    ],
)
def test_lists_stay_together(a: Edit, b: Edit, order: str) -> None:
    merged = merge(BASE, {"A": [a], "B": [b]})
    assert merged == merge(BASE, {"B": [b], "A": [a]})
    assert [unit.id for unit in merged.units] == order.split()
    check_units(merged.units)


@pytest.mark.parametrize(
    ("kind", "unit", "a", "b"),
    [
        ("delete-move", "p2.a", Delete("p1", HASH["p1"]), Move("p2.a", HASH["p2.a"], "p1.b")),
        ("move-cycle", "p1.a", Join("p1.a", HASH["p1.a"], (("p2", HASH["p2"]),)), Join("p2.a", HASH["p2.a"], (("p1", HASH["p1"]),))),
        ("misplaced", "n", Move("p1.b", HASH["p1.b"], "p2.a"), item("n", "p1.b", "p1")),
        ("move-cycle", "p2.a", Join("p2.a", HASH["p2.a"], (("p1", HASH["p1"]),)), Move("p2.a", HASH["p2.a"], "p1.b")),
    ],
)
def test_what_would_tear_a_list_apart_is_a_conflict(kind: str, unit: str, a: Edit, b: Edit) -> None:
    merged = merge(BASE, {"A": [a], "B": [b]})
    assert (kind, unit, ("A", "B")) in {(one.kind, one.unit, one.between) for one in merged.conflicts}
    assert all(one.words for one in merged.conflicts if one.kind == "misplaced")


@pytest.mark.parametrize(
    ("code", "edits"),
    [
        ("edit.contradiction", [Join("p1", HASH["p1"], (("p2", HASH["p2"]),)), Join("p2", HASH["p2"], (("p3", HASH["p3"]),))]),
        ("edit.contradiction", [Join("p1", HASH["p1"], (("p2", HASH["p2"]),)), Join("p3", HASH["p3"], (("p2", HASH["p2"]),))]),
        ("edit.contradiction", [Join("p1.a", HASH["p1.a"], (("p1", HASH["p1"]),))]),
        ("edit.contradiction", [Join("p1.a", HASH["p1.a"], (("p2", HASH["p2"]),)), Join("p2.a", HASH["p2.a"], (("p1", HASH["p1"]),))]),
        ("edit.contradiction", [Delete("p1", HASH["p1"]), Move("p2.a", HASH["p2.a"], "p1.b")]),
        ("unit.parent", [item("n", "p3", "p1")]),
        ("unit.level", [item("n", "p1.a", "p1.a"), item("m", "n", "n"), item("k", "m", "m")]),
    ],
)
def test_an_amendment_that_breaks_the_text_by_itself_is_refused(code: str, edits: list[Edit]) -> None:
    with pytest.raises(Malformed) as refusal:
        merge(BASE, {"A": edits})
    assert refusal.value.code == code


def test_the_first_unit_out_of_place_is_named() -> None:
    assert misplaced(BASE) is None
    found = misplaced([BASE[0], BASE[3], BASE[1]])
    assert found is not None
    assert (found[0], found[1].code) == ("p1.a", "unit.parent")
