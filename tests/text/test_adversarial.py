"""Cases in which a patch that is applied fuzzily goes wrong and says that it went well.

Each has a base, what an amendment made of it and what the Chair made of it. ``right`` lists the only texts that may come out; where it
is empty, only a conflict will do. What merges although both changed the same sentence must carry a caution.
"""

import unicodedata

import pytest

from declaration.text.cases import run_merge, run_rebase

CASES: list[tuple[str, str, str, str, list[str]]] = [
    (
        "the Chair changed the same figure",
        "Each Party shall contribute 2 per cent of its budget.",
        "Each Party shall contribute 3 per cent of its budget.",
        "Each Party shall contribute 5 per cent of its budget.",
        [],
    ),
    (
        "the clause is gone, its twin stands there",
        "States shall report every two years. Observers may attend. NGOs shall report every two years.",
        "States shall report every year. Observers may attend. NGOs shall report every two years.",
        "Observers may attend. NGOs shall report every two years.",
        [],
    ),
    (
        "a second negation stands where the first was",
        "Member States shall not impose fees on registered NGOs. Member States shall not impose restrictions on foreign NGOs.",
        "Member States shall not impose fees on registered NGOs. Member States shall impose restrictions on foreign NGOs.",
        "Member States shall not impose fees on registered NGOs.",
        [],
    ),
    (
        "identical list items have shifted",
        "(a) publish budgets by 2030; (b) publish rosters by 2030; (c) publish notes by 2030.",
        "(a) publish budgets by 2030; (b) publish rosters by 2028; (c) publish notes by 2030.",
        "(a) publish budgets by 2030; (b) publish accounts by 2030; (c) publish rosters by 2030; (d) publish notes by 2030.",
        ["(a) publish budgets by 2030; (b) publish accounts by 2030; (c) publish rosters by 2028; (d) publish notes by 2030."],
    ),
    (
        "the amendment is in the text already",
        "Such withdrawal shall be notified to the Secretariat.",
        "Such withdrawal shall not be notified to the Secretariat.",
        "Such withdrawal shall not be notified to the Secretariat.",
        ["Such withdrawal shall not be notified to the Secretariat."],
    ),
    (
        "a long deletion meets new words inside it",
        "The Secretariat shall publish the final text together with the list of signatories and the recorded objections of delegations.",
        "The Secretariat shall publish the final text.",
        "The Secretariat shall publish the final text together with the list of signatories, the votes of each Party and the recorded "
        "objections of delegations.",
        [],
    ),
    (
        "the Chair negated the clause",
        "Delegations may withdraw an endorsement before the closing session.",
        "Delegations may withdraw an endorsement after the closing session.",
        "Delegations may not withdraw an endorsement during the closing session.",
        [],
    ),
    (
        "half of the amendment no longer fits",
        "The Commission shall meet twice a year in Baku. Decisions shall be taken by consensus of all Parties present.",
        "The Commission shall meet four times a year in Baku. Decisions shall be taken by a majority of the Parties present and voting.",
        "The Commission shall meet twice a year in Baku. Voting rules are laid down in Annex II.",
        [],
    ),
    (
        "a Turkish verb has another mood",
        "İmzacı kuruluşlar yıllık raporlarını sunabilir.",
        "İmzacı kuruluşlar yıllık raporlarını sunamaz.",
        "İmzacı kuruluşlar yıllık raporlarını sunmalıdır.",
        [],
    ),
    (
        "both changed the same Azerbaijani verb",
        "Tərəflər zəruri tədbirlər görürlər.",
        "Tərəflər zəruri tədbirlər görəcəklər.",
        "Tərəflər zəruri tədbirləri görməlidirlər.",
        [],
    ),
    (
        "both moved the deadline",
        "The report shall be submitted before 31 December 2026 to the Depositary.",
        "The report shall be submitted before 30 June 2027 to the Depositary.",
        "The report shall be submitted before 31 January 2026 to the Depositary.",
        [],
    ),
    (
        "the sentence has moved far away and a similar one stands near",
        "1. Observers shall be invited to plenary meetings. 2. Groups are open. " + "The Parties take note. " * 30 + "9. Final clauses.",
        "1. Observers may be invited to plenary meetings. 2. Groups are open. " + "The Parties take note. " * 30 + "9. Final clauses.",
        "1. Experts shall be invited to public meetings. 2. Groups are open. "
        + "The Parties take note. " * 30
        + "9. Observers shall be invited to plenary meetings. 10. Final clauses.",
        [],
    ),
    (
        "both put in the same safeguard in other words",
        "The Parties shall exchange information. They shall consult.",
        "The Parties shall exchange information in good faith. They shall consult.",
        "The Parties shall exchange information, in good faith. They shall consult.",
        [],
    ),
    (
        "a year changed by both in Kazakh",
        "Есеп 2026 жылғы 31 желтоқсанға дейін ұсынылады.",
        "Есеп 2027 жылғы 30 маусымға дейін ұсынылады.",
        "Есеп 2028 жылғы 31 қаңтарға дейін ұсынылады.",
        [],
    ),
    (
        "another paragraph stands in its place",
        "The seat of the Secretariat shall be in Baku.",
        "The seat of the Secretariat shall be in Ankara.",
        "The text of the Declaration shall be in Turkish.",
        [],
    ),
    ("the paragraph is empty", "NGOs may submit reports.", "NGOs may submit independent reports.", "", []),
    (
        "the same words decomposed",
        "Başkan çözümü onaylar.",
        "Başkan çözümü onaylamaz.",
        unicodedata.normalize("NFD", "Başkan çözümü onaylar."),
        ["Başkan çözümü onaylamaz."],
    ),
    (
        "a reference was renumbered",
        "settled in accordance with Article 14 and Annex I.",
        "settled in accordance with Article 15 and Annex I.",
        "settled in accordance with Article 114 and Annex II.",
        [],
    ),
    (
        "a Kazakh negation is taken back while its object changes",
        "Тараптар кедергі жасамайды.",
        "Тараптар кедергі жасайды.",
        "Тараптар бөгет жасамайды.",
        [],
    ),
    (
        "a number grows at its front on one side and at its end on the other",
        "a fund of 1,000 manats",
        "a fund of 11,000 manats",
        "a fund of 1,0000 manats",
        [],
    ),
]

IDS = [case[0].replace(" ", "-") for case in CASES]


@pytest.mark.parametrize(("why", "base", "mine", "theirs", "right"), CASES, ids=IDS)
def test_merged_it_is_right_or_a_conflict(why: str, base: str, mine: str, theirs: str, right: list[str]) -> None:
    case = {
        "base": [["p", base]],
        "amendments": {
            "A": [{"op": "replace", "p": "p", "text": mine}],
            "B": [{"op": "replace", "p": "p", "text": theirs}],
        },
    }
    result = run_merge(case)
    assert (result["text"] == right) if right else result["status"] == "conflict"


@pytest.mark.parametrize(("why", "base", "mine", "theirs", "right"), CASES, ids=IDS)
def test_rebased_it_is_right_or_a_conflict(why: str, base: str, mine: str, theirs: str, right: list[str]) -> None:
    result = run_rebase({"old": base, "new": theirs, "amended": mine})
    assert (result["text"] in right) if right else result["status"] == "conflict"


def test_another_actor_in_the_same_sentence_is_cautioned() -> None:
    case = {
        "old": "The Host Country shall bear the cost of interpretation.",
        "amended": "The Host Country shall not bear the cost of interpretation.",
        "new": "The Secretariat shall bear the cost of interpretation.",
    }
    result = run_rebase(case)
    assert result["status"] == "conflict" or result["warnings"] == ["same-sentence"]
