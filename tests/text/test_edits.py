from typing import Any

import pytest

from declaration.errors import Malformed
from declaration.text.edits import Delete, InsertAfter, Join, Move, Replace, Split, edit_json, parse_edit, parse_edits

H = "93b07455748f160ad2254d27757e2d6842505917ed364bfc7019d58682eb4bb2"
REPLACE = {"base": H, "op": "replace", "splices": [[0, 3, "x"], [5, 5, "y"]], "unit": "OP5"}
INSERT = {
    "after": "OP8",
    "base": None,
    "kind": "operative",
    "op": "insert_after",
    "parent": None,
    "splices": [[0, 0, "New;"]],
    "unit": "OP8bis",
}
DELETE = {"base": H, "op": "delete", "splices": [], "unit": "OP5"}
MOVE = {"after": None, "base": H, "op": "move", "splices": [], "unit": "OP5"}
SPLIT = {"at": [5, 9], "base": H, "into": ["a", "b", "c"], "op": "split", "splices": [], "unit": "OP5"}
JOIN = {"base": H, "op": "join", "separator": " ", "splices": [], "unit": "OP5", "with": [["OP6", H]]}

READ = [
    (REPLACE, Replace("OP5", H, ((0, 3, "x"), (5, 5, "y")))),
    (INSERT, InsertAfter("OP8bis", "OP8", "operative", "New;")),
    (DELETE, Delete("OP5", H)),
    (MOVE, Move("OP5", H, None)),
    (SPLIT, Split("OP5", H, (5, 9), ("a", "b", "c"))),
    (JOIN, Join("OP5", H, (("OP6", H),), " ")),
]


@pytest.mark.parametrize(("value", "edit"), READ, ids=[value["op"] for value, _ in READ])
def test_json_reads_and_prints(value: dict[str, Any], edit: object) -> None:
    assert parse_edit(value) == edit
    assert edit_json(parse_edit(value)) == value


BROKEN = [
    [],
    1,
    None,
    {},
    {**REPLACE, "op": "fold"},
    {**REPLACE, "op": 1},
    {**REPLACE, "more": 1},
    {key: value for key, value in REPLACE.items() if key != "base"},
    {**REPLACE, "splices": []},
    {**REPLACE, "splices": [[0, 3, "x"], [3, 4, "y"]]},
    {**REPLACE, "unit": None},
    {**REPLACE, "unit": ""},
    {**REPLACE, "base": 1},
    {**REPLACE, "splices": [[0, 3]]},
    {**INSERT, "base": H},
    {**INSERT, "splices": []},
    {**INSERT, "splices": [[0, 1, "x"]]},
    {**INSERT, "splices": [[0, 0, ""]]},
    {**INSERT, "splices": [[0, 0, "a\nb"]]},
    {**INSERT, "kind": "note"},
    {**INSERT, "after": 1},
    {**INSERT, "parent": ""},
    {**DELETE, "splices": [[0, 1, ""]]},
    {**DELETE, "after": None},
    {**MOVE, "after": 5},
    {**MOVE, "splices": None},
    {**SPLIT, "at": []},
    {**SPLIT, "at": [9, 5]},
    {**SPLIT, "at": [5, 5]},
    {**SPLIT, "at": [0, 5]},
    {**SPLIT, "at": [True, 5]},
    {**SPLIT, "into": ["a", "b"]},
    {**SPLIT, "into": ["a", "a", "b"]},
    {**SPLIT, "into": ["a", "", "b"]},
    {**SPLIT, "at": "5"},
    {**JOIN, "with": []},
    {**JOIN, "with": [["OP5", H]]},
    {**JOIN, "with": [["OP6"]]},
    {**JOIN, "with": [["OP6", 1]]},
    {**JOIN, "with": [["OP6", H], ["OP6", H]]},
    {**JOIN, "separator": "\n"},
    {**JOIN, "separator": None},
]


@pytest.mark.parametrize("value", BROKEN, ids=range(len(BROKEN)))
def test_everything_else_is_refused(value: Any) -> None:
    with pytest.raises(Malformed):
        parse_edit(value)


@pytest.mark.parametrize("value", [[], None, {}, [DELETE, DELETE], [DELETE, {}]])
def test_lists_that_are_none_are_refused(value: Any) -> None:
    with pytest.raises(Malformed):
        parse_edits(value)


def test_one_unit_may_be_moved_and_changed() -> None:
    assert len(parse_edits([REPLACE, MOVE])) == 2
