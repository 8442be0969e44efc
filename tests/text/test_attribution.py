import itertools

import pytest
from hypothesis import given

from declaration.errors import Refused
from declaration.text.attribution import Attribution, begin, follow, require
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.redline import splices_between
from declaration.text.tokens import nfc, tokens
from declaration.text.units import UnitText, unit_hash
from tests.text.strategies import base_and_edits

ONE, TWO = "The first paragraph says this.", "The second says that. And more."
ZERO = [UnitText("p1", "operative", ONE), UnitText("p2", "operative", TWO)]


def swap(unit: str, text: str, old: str, new: str) -> Edit:
    return Replace(unit, unit_hash(text), tuple(splices_between(text, text.replace(old, new))))


def origins(attribution: Attribution, unit: str) -> dict[str, tuple[str, ...]]:
    return {token.text: token.origins for token in attribution.tokens(unit) if not token.text.isspace()}


def test_words_keep_their_origin_through_every_kind_of_step() -> None:
    state = begin(ZERO, "ZD")
    state = follow(state, {"AM/1": [swap("p1", ONE, "first", "opening")], "AM/2": [swap("p2", TWO, "that", "something")]})
    now = {unit.id: unit.text for unit in state.units}
    state = follow(state, {"AM/3": [Move("p2", unit_hash(now["p2"]), None)]})
    state = follow(state, {"AM/4": [Split("p2", unit_hash(now["p2"]), (now["p2"].index("And"),), ("p2", "p2y"))]})
    now = {unit.id: unit.text for unit in state.units}
    join = Join("p1", unit_hash(now["p1"]), (("p2y", unit_hash(now["p2y"])),), "; ")
    state = follow(state, {"Chair": [join], "AM/5": [InsertAfter("n", "p1", "operative", "New.")]})
    assert [unit.text for unit in state.units] == ["The second says something.", "The opening paragraph says this.; And more.", "New."]
    assert origins(state, "p2")["something"] == ("AM/2",)
    assert origins(state, "p2")["second"] == ("ZD",)
    assert origins(state, "p1")["opening"] == ("AM/1",)
    assert origins(state, "p1")[";"] == ("Chair",)
    assert origins(state, "p1")["more"] == ("ZD",)
    assert origins(state, "n")["New"] == ("AM/5",)


def test_the_same_words_have_both_authors() -> None:
    state = follow(begin(ZERO, "ZD"), {"B": [swap("p1", ONE, "first", "opening")], "A": [swap("p1", ONE, "first", "opening")]})
    assert origins(state, "p1")["opening"] == ("A", "B")
    assert state.words_of("B") == {"p1": ["opening"]}


@given(base_and_edits(3))
def test_every_token_has_its_origin_exactly_once(case: tuple[str, list[str]]) -> None:
    texts = [nfc(case[0]), *map(nfc, case[1])]
    state = begin([UnitText("p", "operative", texts[0])], "0")
    for number, (old, new) in enumerate(itertools.pairwise(texts), 1):
        splices = splices_between(old, new)
        state = follow(state, {str(number): [Replace("p", unit_hash(old), tuple(splices))]} if splices else {})
        assert state.units[0].text == new
        found = state.tokens("p")
        assert [token.text for token in found] == tokens(new)
        assert [token.start for token in found] == [0, *(token.end for token in found)][: len(found)]
        assert all(token.origins and set(token.origins) <= {"0", "1", "2", "3"} for token in found)
        runs = state.runs["p"]
        assert [run.start for run in runs] == [0, *(run.end for run in runs)][: len(runs)]
        assert (runs[-1].end if runs else 0) == len(new)
        # What a step puts in is its own, word for word.
        assert "".join(state.words_of(str(number)).get("p", [])) == "".join(text for _, _, text in splices)


CHANGED = [
    ("a word", [UnitText("p1", "operative", ONE.replace("this", "That")), ZERO[1]]),
    ("a kind", [UnitText("p1", "preambular", ONE), ZERO[1]]),
    ("a unit more", [*ZERO, UnitText("p3", "operative", "New.")]),
    ("a unit less", ZERO[:1]),
    ("another order", ZERO[::-1]),
]


@pytest.mark.parametrize("units", [row[1] for row in CHANGED], ids=[row[0] for row in CHANGED])
def test_a_version_that_does_not_follow_is_refused(units: list[UnitText]) -> None:
    with pytest.raises(Refused) as refusal:
        require(begin(ZERO, "ZD"), units)
    assert refusal.value.code == "attribution.unexplained"


def test_a_version_that_follows_is_not() -> None:
    require(begin(ZERO, "ZD"), list(ZERO))


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"A": [swap("p1", ONE, "first", "opening")], "B": [swap("p1", ONE, "first", "only")]}, "attribution.conflict"),
        ({"A": [Delete("p1", unit_hash("other"))]}, "edit.base-changed"),
        ({"A": [Delete("p9", unit_hash(ONE))]}, "edit.unit-unknown"),
    ],
)
def test_steps_that_do_not_fit_are_refused(step: dict[str, list[Edit]], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        follow(begin(ZERO, "ZD"), step)
    assert refusal.value.code == code


def test_an_unknown_unit_has_no_tokens() -> None:
    with pytest.raises(Refused):
        begin(ZERO, "ZD").tokens("p9")
