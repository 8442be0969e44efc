import json
from pathlib import Path

import pytest
from hypothesis import given

from declaration.errors import Refused
from declaration.text.cases import run_rebase
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.ground import Ground
from declaration.text.merge import apply_edits, merge
from declaration.text.rebase import rebase
from declaration.text.redline import splices_between
from declaration.text.tokens import nfc, words
from declaration.text.units import UnitText, unit_hash
from tests.text.strategies import base_and_edits

CASES = json.loads((Path(__file__).parents[1] / "cases" / "text-cases.json").read_text())["rebase"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_rebase_cases(case: dict) -> None:
    result = run_rebase(case)
    assert {key: result.get(key) for key in case["expect"]} == case["expect"]


def text(*pairs: tuple[str, str]) -> list[UnitText]:
    return [UnitText(unit, "operative", words) for unit, words in pairs]


ONE, TWO, THREE = "The first has these words.", "The second is short. It says two things.", "The third ends it."
OLD = text(("p1", ONE), ("p2", TWO), ("p3", THREE))
H1, H2, H3 = (unit_hash(words) for words in (ONE, TWO, THREE))


def swap(words: str, old: str, new: str, unit: str = "p1") -> Replace:
    return Replace(unit, unit_hash(words), tuple(splices_between(words, words.replace(old, new))))


EDIT = swap(ONE, "these", "those")
WITHOUT_P1 = text(("p2", TWO), ("p3", THREE))
WITHOUT_P2 = text(("p1", ONE), ("p3", THREE))

TABLE: list[tuple[str, list[Edit], list[UnitText], str]] = [
    ("nothing happened", [EDIT], OLD, "unchanged"),
    ("another unit changed", [EDIT], text(("p1", ONE), ("p2", "Other."), ("p3", THREE)), "unchanged"),
    ("words elsewhere changed", [EDIT], text(("p1", ONE.replace("first", "1st"))), "rebased"),
    ("the same words changed", [EDIT], text(("p1", ONE.replace("these", "such"))), "conflict"),
    ("the word beside changed", [EDIT], text(("p1", ONE.replace("words", "lines"))), "conflict"),
    ("it is in", [EDIT], text(("p1", ONE.replace("these", "those"))), "absorbed"),
    ("it is in, and more", [EDIT], text(("p1", "The 1st has those words.")), "absorbed"),
    (
        "half of it is in",
        [Replace("p1", H1, tuple(splices_between(ONE, "The 1st has those words.")))],
        text(("p1", ONE.replace("first", "1st"))),
        "partly-absorbed",
    ),
    (
        "one unit of two is in",
        [EDIT, swap(THREE, "third", "last", "p3")],
        text(("p1", ONE.replace("these", "those")), ("p3", THREE)),
        "partly-absorbed",
    ),
    ("the unit is gone", [EDIT], WITHOUT_P1, "orphaned"),
    ("one unit of two is gone", [EDIT, swap(THREE, "third", "last", "p3")], text(("p1", ONE)), "orphaned"),
    ("conflict is worse than gone", [EDIT, swap(THREE, "third", "last", "p3")], text(("p1", ONE.replace("these", "such"))), "conflict"),
    ("deleted what is deleted", [Delete("p1", H1)], WITHOUT_P1, "absorbed"),
    ("deletes what has changed", [Delete("p1", H1)], text(("p1", ONE.replace("first", "1st"))), "conflict"),
    ("deletes what stands", [Delete("p1", H1)], WITHOUT_P2, "unchanged"),
    (
        "puts in what is in",
        [InsertAfter("n", "p1", "operative", "New.")],
        [OLD[0], UnitText("x", "operative", "New."), *OLD[1:]],
        "absorbed",
    ),
    (
        "puts in what stands elsewhere",
        [InsertAfter("n", "p1", "operative", "New.")],
        [*OLD, UnitText("x", "operative", "New.")],
        "unchanged",
    ),
    ("moves behind what is gone, to where it stands", [Move("p2", H2, "p3")], OLD[:2], "orphaned"),
    (
        "its id is taken",
        [InsertAfter("n", "p1", "operative", "New.")],
        [OLD[0], UnitText("n", "operative", "Other."), *OLD[1:]],
        "conflict",
    ),
    ("its anchor stands", [InsertAfter("n", "p1", "operative", "New.")], WITHOUT_P2, "unchanged"),
    ("its anchor is gone", [InsertAfter("n", "p2", "operative", "New.")], WITHOUT_P2, "rebased"),
    ("every anchor is gone", [InsertAfter("n", "p1", "operative", "New.")], WITHOUT_P1, "rebased"),
    ("its paragraph is gone", [InsertAfter("n", "p2", "item", "New.", "p2")], WITHOUT_P2, "orphaned"),
    ("moved what was moved", [Move("p3", H3, "p1")], [OLD[0], OLD[2], OLD[1]], "absorbed"),
    ("moves what is gone", [Move("p3", H3, "p1")], OLD[:2], "orphaned"),
    ("moves what has changed", [Move("p3", H3, "p1")], [*OLD[:2], UnitText("p3", "operative", "Other.")], "rebased"),
    (
        "moves behind what is gone",
        [
            Move("p3", H3, None),
        ],
        OLD,
        "unchanged",
    ),
    ("splits what has changed elsewhere", [Split("p2", H2, (20,), ("x", "y"))], text(("p2", TWO.replace("two", "2"))), "rebased"),
    ("splits where the words changed", [Split("p2", H2, (20,), ("x", "y"))], text(("p2", TWO.replace(". It", "; it"))), "conflict"),
    ("joins what has changed", [Join("p1", H1, (("p2", H2),))], text(("p1", ONE), ("p2", "Other.")), "rebased"),
    ("joins what is gone", [Join("p1", H1, (("p2", H2),))], WITHOUT_P2, "orphaned"),
]


@pytest.mark.parametrize(("edits", "new", "status"), [row[1:] for row in TABLE], ids=[row[0].replace(" ", "-") for row in TABLE])
def test_every_status(edits: list[Edit], new: list[UnitText], status: str) -> None:
    result = rebase(edits, Ground(OLD, new))
    assert result.status == status
    if status in ("unchanged", "rebased", "partly-absorbed"):
        apply_edits(new, result.edits)
    else:
        assert result.edits == ()
        assert result.text == {}
    if status in ("conflict", "orphaned"):
        assert result.words


PHRASE = "red and green lines of the map"

PHRASES = [
    ("blue and green lines of the map", "blue and yellow lines of the map", "partly-absorbed", "blue and yellow lines of the map"),
    ("blue and yellow lines of the map", "blue and green lines of the map", "absorbed", None),
    ("blue and green signs of the map", "blue and yellow lines of the map", "conflict", None),
    ("blue and black lines of the map", "blue and yellow lines of the map", "conflict", None),
    ("red or green lines of the map", "blue and yellow lines of the map", "conflict", None),
    ("blue and green lines of a chart", "blue and yellow lines of the map", "partly-absorbed", "blue and yellow lines of a chart"),
]


@pytest.mark.parametrize(("new", "mine", "status", "proposed"), PHRASES, ids=[row[0].replace(" ", "-") for row in PHRASES])
def test_a_phrase_of_which_some_words_were_taken(new: str, mine: str, status: str, proposed: str | None) -> None:
    edits = [Replace("p", unit_hash(PHRASE), tuple(splices_between(PHRASE, mine)))]
    result = rebase(edits, Ground(text(("p", PHRASE)), text(("p", new))))
    assert (result.status, result.text.get("p")) == (status, proposed)


def test_an_insert_whose_anchor_is_gone_stands_behind_the_one_before_it() -> None:
    result = rebase([InsertAfter("n", "p2", "operative", "New.")], Ground(OLD, WITHOUT_P2))
    assert result.edits == (InsertAfter("n", "p1", "operative", "New."),)
    assert result.cautions == ("anchor-gone",)
    first = rebase([InsertAfter("n", "p1", "operative", "New.")], Ground(OLD, WITHOUT_P1))
    assert first.edits == (InsertAfter("n", None, "operative", "New."),)


PARTS = text(("p1", ONE), ("p2a", "The second is short."), ("p2b", "It says two things."), ("p3", THREE))
SPLIT = {"p2": ["p2a", "p2b"]}


def test_words_follow_a_split() -> None:
    both = Replace("p2", H2, tuple(splices_between(TWO, "The second is long. It says three things.")))
    result = rebase([both], Ground(OLD, PARTS, SPLIT))
    assert result.status == "rebased"
    assert result.text == {"p2a": "The second is long.", "p2b": "It says three things."}


def test_words_at_the_cut_are_a_conflict() -> None:
    result = rebase([swap(TWO, ". It says", ", and says", "p2")], Ground(OLD, PARTS, SPLIT))
    assert result.status == "conflict"


def test_words_follow_a_join() -> None:
    joined = text(("p1", f"{ONE} {TWO}"), ("p3", THREE))
    ground = Ground(OLD, joined, {"p1": ["p1"], "p2": ["p1"]})
    assert rebase([EDIT], ground).text == {"p1": f"{ONE} {TWO}".replace("these", "those")}
    assert rebase([swap(TWO, "two", "three", "p2")], ground).text == {"p1": f"{ONE} {TWO}".replace("two", "three")}


def test_words_of_two_units_follow_them_into_one() -> None:
    joined = text(("p1", f"{ONE} {TWO}"), ("p3", THREE))
    ground = Ground(OLD, joined, {"p1": ["p1"], "p2": ["p1"]})
    result = rebase([EDIT, swap(TWO, "two", "three", "p2")], ground)
    assert (result.status, len(result.edits)) == ("rebased", 1)
    assert result.text == {"p1": f"{ONE} {TWO}".replace("these", "those").replace("two", "three")}
    assert apply_edits(joined, result.edits)[0].text == result.text["p1"]
    touching = [swap(ONE, "words.", "words;", "p1"), swap(TWO, "The second", "the second", "p2")]
    seamless = text(("p1", f"{ONE}{TWO}"), ("p3", THREE))
    assert rebase(touching, Ground(OLD, seamless, {"p1": ["p1"], "p2": ["p1"]})).status == "conflict"


def test_the_same_words_elsewhere_are_said() -> None:
    result = rebase([InsertAfter("n", "p1", "operative", "New.")], Ground(OLD, [*OLD, UnitText("x", "operative", "New.")]))
    assert result.cautions == ("stands-elsewhere",)


LIST = [*OLD[:2], UnitText("p2.a", "item", "An item.", "p2"), UnitText("p2.b", "item", "Another.", "p2"), OLD[2]]


def test_an_item_stays_in_its_list() -> None:
    edit = InsertAfter("n", "p2.b", "item", "New.", "p2")
    new = [*LIST[:3], UnitText("p3", "operative", f"{THREE} Another.")]
    result = rebase([edit], Ground(LIST, new, {"p2.b": ["p3"], "p3": ["p3"]}))
    assert result.edits == (InsertAfter("n", "p2.a", "item", "New.", "p2"),)
    assert result.cautions == ("anchor-gone",)
    move = Move("p2.a", unit_hash("An item."), "p1")
    assert rebase([move], Ground(LIST, LIST[1:])).status == "orphaned"


def test_a_new_item_that_is_in_the_list_is_absorbed() -> None:
    new = [*LIST[:4], UnitText("x", "item", "New.", "p2"), LIST[4]]
    assert rebase([InsertAfter("n", "p2.b", "item", "New.", "p2")], Ground(LIST, new)).status == "absorbed"
    assert rebase([InsertAfter("n", "p2", "item", "New.", "p2")], Ground(LIST, new)).cautions == ("stands-elsewhere",)


def test_an_anchor_that_was_split_is_its_last_part() -> None:
    result = rebase([InsertAfter("n", "p2", "operative", "New.")], Ground(OLD, PARTS, SPLIT))
    assert result.edits == (InsertAfter("n", "p2b", "operative", "New."),)


@pytest.mark.parametrize(("edit", "code"), [(Delete("p9", H1), "edit.unit-unknown"), (Delete("p1", H2), "edit.base-changed")])
def test_an_edit_to_another_version_is_refused(edit: Edit, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        rebase([edit], Ground(OLD, OLD))
    assert refusal.value.code == code


@given(base_and_edits(2))
def test_a_rebase_is_a_merge_with_the_new_version(case: tuple[str, list[str]]) -> None:
    old, (mine, theirs) = nfc(case[0]), (nfc(one) for one in case[1])
    unit = UnitText("p", "operative", old)
    made = {
        name: [Replace("p", unit_hash(old), tuple(splices))] if (splices := splices_between(old, new)) else []
        for name, new in (("mine", mine), ("theirs", theirs))
    }
    if not made["mine"]:
        return
    result = rebase(made["mine"], Ground([unit], [UnitText("p", "operative", theirs)]))
    merged = merge([unit], made)
    if mine == theirs:
        assert result.status == "absorbed"
    elif merged.status == "conflict":
        # A phrase of which the new version took some words, and no others there, is the one thing more that a rebase can tell.
        assert result.status in ("conflict", "partly-absorbed", "absorbed")
        if result.status == "partly-absorbed":
            assert set(words(result.text["p"])) <= set(words(mine)) | set(words(theirs))
    elif result.status == "absorbed":
        assert merged.units[0].text == theirs
    else:
        assert result.status in ("unchanged", "rebased", "partly-absorbed")
        assert result.text["p"] == merged.units[0].text
        assert apply_edits([UnitText("p", "operative", theirs)], result.edits)[0].text == merged.units[0].text


@given(base_and_edits(1))
def test_onto_the_same_version_nothing_changes(case: tuple[str, list[str]]) -> None:
    old, new = nfc(case[0]), nfc(case[1][0])
    splices = splices_between(old, new)
    if splices:
        edits = [Replace("p", unit_hash(old), tuple(splices))]
        unit = [UnitText("p", "operative", old)]
        result = rebase(edits, Ground(unit, unit))
        assert (result.status, list(result.edits)) == ("unchanged", edits)
