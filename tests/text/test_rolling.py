from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.redline import splices_between
from declaration.text.rolling import Proposal, compilation, rolling, summary
from declaration.text.units import UnitText, unit_hash

ONE, TWO = "Each delegation shall report within thirty days, in its language;", "The Chair keeps order. The Chair may speak."
BASE = [UnitText("S1", "heading", "Duties"), UnitText("OP1", "operative", ONE), UnitText("OP2", "operative", TWO)]


def to(text: str, new: str, unit: str = "OP1") -> Edit:
    return Replace(unit, unit_hash(text), tuple(splices_between(text, new)))


def shown(*proposals: Proposal) -> list[str]:
    return compilation(rolling(BASE, proposals), "C").split("\n\n", 1)[1].rstrip("\n").split("\n")


def proposal(name: str, owners: str, *edits: Edit, amends: str | None = None, whole: bool | None = None) -> Proposal:
    return Proposal(name, tuple(owners.split()), edits, amends, whole)


SIXTY = to(ONE, ONE.replace("thirty", "sixty"))
WORKING = to(ONE, ONE.replace("thirty days", "thirty working days"))


def test_without_proposals_the_text_stands_alone() -> None:
    assert shown() == [f"[OP1] {ONE}", "", f"[OP2] {TWO}"]


def test_owners_who_say_the_same_share_a_bracket() -> None:
    lines = shown(proposal("B", "TR", SIXTY), proposal("A", "AZ KZ", SIXTY))
    assert lines[0] == "[OP1] Each delegation shall report within [-thirty-: TR, AZ, KZ][+sixty+: TR, AZ, KZ] days, in its language;"


def test_a_collision_shows_the_base_once_and_each_wording() -> None:
    blocks = rolling(BASE, [proposal("A", "TR", SIXTY), proposal("B", "AZ", WORKING)])
    line = compilation(blocks, "C").split("\n")[2]
    assert (
        line == "[OP1] Each delegation shall report within [-thirty -: TR, AZ][+sixty +: TR][+thirty working +: AZ]days, in its language;"
    )
    assert {run.clash for run in blocks[1].runs if run.op != "equal"} == {1}
    assert summary(blocks).brackets == 1


def test_what_hangs_on_a_word_is_shown_with_it() -> None:
    lines = shown(proposal("A", "TR", to(ONE, ONE.replace("report", "report, in writing,"))))
    assert lines[0].startswith("[OP1] Each delegation shall [-report-: TR][+report, in writing,+: TR] within")
    lines = shown(proposal("A", "TR", to(ONE, ONE.replace("days,", "days"))))
    assert "[-days,-: TR][+days+: TR]" in lines[0]


def test_what_keeps_less_than_half_is_an_alternative() -> None:
    other = to(ONE, "Every member informs the others;")
    assert shown(proposal("A", "TR", other))[:2] == [f"[OP1] {ONE}", "[OP1 alt: TR] [Every member informs the others;]"]
    assert shown(proposal("A", "TR", SIXTY, whole=True))[1].startswith("[OP1 alt: TR] [Each delegation")
    assert not shown(proposal("A", "TR", other, whole=False))[1].startswith("[OP1 alt")


def test_everything_else_stands_below() -> None:
    h1, h2 = unit_hash(ONE), unit_hash(TWO)
    lines = shown(
        proposal("A", "TR", InsertAfter("N", "OP1", "operative", "New;")),
        proposal("B", "AZ", Delete("OP1", h1)),
        proposal("C", "KZ", Move("OP2", h2, None)),
        proposal("D", "UZ", Split("OP2", h2, (22,), ("OP2", "OP2b"))),
        proposal("E", "HU", Join("OP1", h1, (("OP2", h2),))),
        proposal("F", "TM", InsertAfter("M", "OP1", "operative", "New;")),
    )
    assert lines == [
        f"[OP1] {ONE}",
        "[OP1 delete: AZ]",
        "[OP1 join: HU] [OP2]",
        "[N: TR, TM] [New;]",
        "",
        f"[OP2] {TWO}",
        "[OP2 move: KZ] []",
        "[OP2 split: UZ] [The Chair keeps order.] [The Chair may speak.]",
    ]


def test_a_new_first_unit_stands_first() -> None:
    lines = shown(proposal("A", "TR", InsertAfter("N", None, "operative", "New;")))
    assert lines[0] == "[N: TR] [New;]"


def test_a_chain_of_new_units_stands_at_its_anchor() -> None:
    lines = shown(proposal("A", "TR", InsertAfter("N", "OP1", "operative", "New;"), InsertAfter("M", "N", "operative", "More;")))
    assert lines[:3] == [f"[OP1] {ONE}", "[N: TR] [New;]", "[M: TR] [More;]"]


def test_a_heading_appears_when_something_is_proposed_on_it() -> None:
    lines = shown(proposal("A", "TR", to("Duties", "Rights", "S1")))
    assert lines[:2] == ["[S1] Duties", "[S1 alt: TR] [Rights]"]


def test_a_sub_amendment_is_quoted_against_the_proposal_it_amends() -> None:
    sixty = ONE.replace("thirty", "sixty")
    sub = to(sixty, sixty.replace("sixty", "ninety"))
    lines = shown(proposal("A", "TR", SIXTY), proposal("B", "AZ", sub, amends="A"))
    assert lines[1] == "    sub-amendment B to A (AZ): “within sixty” → “within ninety”"


def test_what_was_made_for_other_words_is_left_out() -> None:
    blocks = rolling(BASE, [proposal("A", "TR", to("Other words.", "Other things."))])
    assert not any(block.open for block in blocks)
    assert summary(blocks).brackets == 0


def test_brackets_are_counted_by_owner() -> None:
    counted = summary(
        rolling(
            BASE,
            [
                proposal("A", "TR KZ", SIXTY, to(TWO, TWO.replace("keeps", "may keep"), "OP2")),
                proposal("B", "AZ", InsertAfter("N", "OP1", "operative", "New;")),
            ],
        )
    )
    assert (counted.brackets, counted.by_owner, counted.by_unit) == (3, {"AZ": 1, "KZ": 2, "TR": 2}, {"OP1": 2, "OP2": 1})
