import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import Malformed
from declaration.protocol.names import is_number, parse_number
from declaration.text.importing import parse_text, parse_units_json, print_text
from declaration.text.numbering import ADVERBS, item_label, labels, letters, number_of, roman
from declaration.text.tokens import nfc
from declaration.text.units import Mismatch, Unit, UnitText, align, check_units, in_language, missing_languages, of_kind, unit_hash
from tests.text.strategies import sentence


def unit(unit_id: str, kind: str = "operative", text: str = "Words.", parent: str | None = None) -> UnitText:
    return UnitText(unit_id, of_kind(kind), text, parent)


TREE = [
    unit("T", "title"),
    unit("OP1"),
    unit("OP1.a", "item", parent="OP1"),
    unit("OP1.a.i", "item", parent="OP1.a"),
    unit("OP1.a.i.1", "item", parent="OP1.a.i"),
    unit("OP1.b", "item", parent="OP1"),
    unit("OP2"),
    unit("CL", "testimonium"),
]


def test_a_good_text_passes() -> None:
    check_units(TREE)


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ([unit("1a")], "unit.id"),
        ([unit("")], "unit.id"),
        ([unit("A" * 33)], "unit.id"),
        ([unit("Ə1")], "unit.id"),
        ([unit("A"), unit("A")], "unit.id"),
        ([unit("A", "item")], "unit.parent"),
        ([unit("A", "item", parent="B")], "unit.parent"),
        ([unit("A"), unit("B", "operative", parent="A")], "unit.parent"),
        ([unit("A", "title"), unit("B", "item", parent="A")], "unit.parent"),
        ([unit("A"), unit("B"), unit("C", "item", parent="A")], "unit.parent"),
        ([*TREE[:5], unit("X", "item", parent="OP1.a.i.1")], "unit.level"),
        ([unit("A", text="two\nlines")], "unit.text"),
        ([unit("A", text="e\u0301")], "unit.text"),
        ([unit("A", text=" space")], "unit.text"),
    ],
)
def test_units_that_form_no_text_are_refused(units: list[UnitText], code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        check_units(units)
    assert refusal.value.code == code


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        of_kind("footnote")
    assert refusal.value.code == "unit.kind"


def test_the_hash_is_that_of_the_bare_text() -> None:
    assert unit_hash("The Platform") == "8a1b0a82cc09cf42dd8f022a2fb654b96f8fe61c08f41030b1904ccf177ca3a4"


def test_labels_in_three_levels() -> None:
    shown = labels([unit("S", "heading"), *TREE])
    assert [shown[one] for one in ("S", "T", "OP1", "OP1.a", "OP1.a.i", "OP1.a.i.1", "OP1.b", "OP2", "CL")] == [
        "A",
        None,
        "1",
        "(a)",
        "(i)",
        "a.",
        "(b)",
        "2",
        None,
    ]
    assert item_label(1, 27) == "(aa)"
    assert [roman(n) for n in (1, 4, 9, 14, 40, 90, 100)] == ["i", "iv", "ix", "xiv", "xl", "xc", "c"]
    assert [letters(n) for n in (1, 26, 27, 703)] == ["a", "z", "aa", "aaa"]


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("1 2 3", "1|2|3"),
        ("1 x 2 3", "1|1 bis|2|3"),
        ("1 x y z 2", "1|1 bis|1 ter|1 quater|2"),
        ("x 1", "0 bis|1"),
        ("1 3 x", "1|3|3 bis"),
        ("3 x 1", "3|3 bis|1"),
    ],
)
def test_until_renumbering_insertions_are_bis(order: str, numbers: str) -> None:
    units = [unit(f"P{one}") for one in order.split()]
    kept: dict[str, str | None] = {"P1": "1", "P2": "2", "P3": "3"}
    assert list(number_of(units, kept).values()) == numbers.split("|")
    assert list(number_of(units).values()) == [str(n) for n in range(1, len(units) + 1)]


def test_every_number_that_is_computed_can_stand_in_a_manifest() -> None:
    units = [unit(f"X{n}") for n in range(9)] + [unit("P8")] + [unit(f"Y{n}") for n in range(9)]
    numbers = list(number_of(units, {"P8": "8"}).values())
    assert numbers == [*(f"0 {adverb}" for adverb in ADVERBS), "8", *(f"8 {adverb}" for adverb in ADVERBS)]
    assert [parse_number(number) for number in numbers] == numbers
    assert not any(is_number(f"8 {word}") for word in ("nonies", "undecies", "Bis", "bis bis", ""))


def test_after_8_bis_comes_8_ter() -> None:
    kept: dict[str, str | None] = {"P8": "8", "B": "8 bis", "P9": "9"}
    assert list(number_of([unit("P8"), unit("X"), unit("B"), unit("P9")], kept).values()) == ["8", "8 ter", "8 bis", "9"]


def test_numbers_that_cannot_be_are_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        number_of([unit(f"P{n}") for n in range(11)], {"P0": "1"})
    assert refusal.value.code == "number.exhausted"
    with pytest.raises(Malformed) as refusal:
        number_of([unit("A"), unit("B")], {"A": "1", "B": "1"})
    assert refusal.value.code == "number.twice"


# -- languages ------------------------------------------------------------------


def test_languages_are_aligned_by_id_and_mismatches_named() -> None:
    english = [unit("A"), unit("B"), unit("C")]
    turkish = [unit("A"), unit("C"), unit("X", "heading"), unit("B", "preambular")]
    units, mismatches = align({"en": english, "tr": turkish}, lead="en")
    assert [one.id for one in units] == ["A", "B", "C", "X"]
    assert set(mismatches) == {Mismatch("X", "en", "missing"), Mismatch("B", "tr", "kind"), Mismatch("B", "tr", "order")}
    assert units[0].text == {"en": "Words.", "tr": "Words."}


def test_a_parent_that_differs_is_named() -> None:
    english = [unit("A"), unit("B"), unit("C", "item", parent="B")]
    turkish = [unit("A"), unit("C", "item", parent="A"), unit("B")]
    assert Mismatch("C", "tr", "parent") in align({"en": english, "tr": turkish}, lead="en")[1]


def test_missing_languages_are_named() -> None:
    units = [Unit("A", "operative", {"en": "x", "az": "y"}), Unit("B", "operative", {"en": "x"})]
    assert missing_languages(units, ["en", "az", "tr"]) == [
        Mismatch("A", "tr", "missing"),
        Mismatch("B", "az", "missing"),
        Mismatch("B", "tr", "missing"),
    ]
    assert [one.id for one in in_language(units, "az")] == ["A"]


def test_a_unit_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Unit("A", "operative", {"en": "x"}).text["en"] = "y"  # type: ignore[index]  # that is what is tried


# -- import -----------------------------------------------------------------------

PLAIN = """# Joint Declaration

We, the organizations,

Recalling much,
and more in a second line,

1. Establish a Platform:
(a) with a seat;
(i) in Baku;
(ii) rented;
(b) with a secretariat;

2. Decide to meet.

Adopted in Nakhchivan.
"""


def test_plain_text_gets_ids() -> None:
    read = parse_text(PLAIN)
    assert [(one.id, one.kind, one.parent) for one in read.units] == [
        ("T", "title", None),
        ("CH", "chapeau", None),
        ("PP1", "preambular", None),
        ("OP1", "operative", None),
        ("OP1.a", "item", "OP1"),
        ("OP1.a.i", "item", "OP1.a"),
        ("OP1.a.ii", "item", "OP1.a"),
        ("OP1.b", "item", "OP1"),
        ("OP2", "operative", None),
        ("CL", "testimonium", None),
    ]
    assert read.units[2].text == "Recalling much, and more in a second line,"
    assert parse_text(print_text(read.units)).units == read.units


THREE_LEVELS = """1. Establish:
(a) a seat:
(i) in Baku:
a. rented;
b. or bought;
(ii) with a sign;
(b) a secretariat.
2. Decide to meet
in 2027.
"""


def test_lists_of_three_levels_on_lines_of_their_own() -> None:
    read = parse_text(THREE_LEVELS)
    assert [(one.id, one.parent, one.text) for one in read.units] == [
        ("OP1", None, "Establish:"),
        ("OP1.a", "OP1", "a seat:"),
        ("OP1.a.i", "OP1.a", "in Baku:"),
        ("OP1.a.i.a", "OP1.a.i", "rented;"),
        ("OP1.a.i.b", "OP1.a.i", "or bought;"),
        ("OP1.a.ii", "OP1.a", "with a sign;"),
        ("OP1.b", "OP1", "a secretariat."),
        ("OP2", None, "Decide to meet in 2027."),
    ]
    assert parse_text(print_text(read.units)).units == read.units


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("", "import.empty", 1),
        ("\n\n", "import.empty", 3),
        ("---\nlanguage: en\n", "import.front-matter", 3),
        ("---\nlanguage\n---\n", "import.front-matter", 2),
        ("---\na: 1\na: 2\n---\n", "import.front-matter", 3),
        ("### Deep", "import.heading", 1),
        ("# T\n\n\tTabbed", "import.tab", 3),
        ("# \u00a0", "import.heading", 1),
        ("# T\n\n[OP1] 1. One\n\nno id", "import.id", 5),
        ("[OP1] 1. One\n\n[OP1] 2. Two", "import.id", 3),
        ("[X1] Words", "import.kind", 1),
        ("[OP1] 1. One\n\n  [OP2] 2. Two", "import.level", 3),
        ("[OP1] 1. One\n\n    [OP1.a] (a) Two", "import.level", 3),
        ("[OP1] 1. ", "import.kind", 1),
        ("[X1 footnote] Words", "unit.kind", 1),
        ("1. One\n(a) x\n(c) y", "import.label", 3),
        ("(a) x", "import.label", 1),
        ("1. One\n(a) x\n(i) y\nb. z", "import.label", 4),
        ("1. One, as decided in decision\nno. 5", "import.label", 2),
        ("1. One\n3. Three", "import.number", 2),
        ("1. One, decided in\n2025. Then", "import.number", 2),
        ("[OP1] 1. One\n2. Two", "import.number", 2),
        ("We,\n\n- a point", "import.list", 3),
        ("We,\n\n1. One\n* a point", "import.list", 4),
        ("1) One\n2) Two", "import.list", 1),
        ("We,\n\n1. **Bold** words", "import.rich-text", 3),
        (f"[OP1] 1. One\n\n[{'A' * 33} operative] Two", "unit.id", 3),
        ("# T\n\n[OP1] 1. One\n\n  [a] (a) x\n\n    [b] (i) x\n\n      [c] a. x\n\n        [d] b. x", "unit.level", 11),
        ("# T\n\nWe,\rthe organizations,", "unit.text", 3),
    ],
)
def test_errors_name_the_line(source: str, code: str, line: int) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_text(source)
    assert refusal.value.code == code
    assert refusal.value.message.startswith(f"line {line}:")


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"{}",
        b'{"paragraphs": 1}',
        b'{"paragraphs": [1]}',
        b'{"paragraphs": [{"id": "A"}]}',
        b'{"paragraphs": [{"id": "A", "kind": "operative", "text": {"en": 1}}]}',
        b'{"paragraphs": [{"id": "A", "kind": "note", "text": {"en": "x"}}]}',
        b'{"paragraphs": [{"id": "A", "kind": "operative", "parent": 1, "text": {"en": "x"}}]}',
        b'{"paragraphs": [{"id": "A", "kind": "operative", "text": {"en": "x"}, "sha256": {"en": "00"}}]}',
        b'{"paragraphs": [{"id": "A", "kind": "operative", "text": {"en": "x"}, "sha256": {"az": "00"}}]}',
        b'{"paragraphs": [], "paragraphs": []}',
        b"\xff",
    ],
)
def test_other_json_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_units_json(data)


@st.composite
def texts(draw: st.DrawFn) -> list[UnitText]:
    units: list[UnitText] = []
    path: list[str] = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["title", "dateline", "chapeau", "preambular", "heading", "operative", "item", "testimonium"]))
        parent = None
        if kind == "item":
            if not path:
                continue
            level = draw(st.integers(1, min(3, len(path))))
            parent = path[level - 1]
            path[level:] = [f"u{number}"]
        else:
            path = [f"u{number}"] if kind in ("operative", "preambular", "chapeau") else []
        unit_id = draw(st.sampled_from([f"u{number}", f"PP{number}", f"CL{number}", f"OP{number}"]))
        if path and path[-1] == f"u{number}":
            path[-1] = unit_id
        words = nfc(draw(sentence(least=1))).strip() or "x"
        units.append(UnitText(unit_id, of_kind(kind), words, parent))
    return units or [UnitText("OP1", "operative", "x")]


@given(texts())
def test_what_is_printed_reads_back(units: list[UnitText]) -> None:
    check_units(units)
    assert list(parse_text(print_text(units, {"language": "en"})).units) == units
