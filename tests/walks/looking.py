"""What is looked at after a step, where the journey says what is to be seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from declaration.adoption import receipts, silences
from declaration.amendments.models import Draft
from declaration.procedure import consequences
from declaration.protocol.encoding import parse_json
from declaration.protocol.manifest import unit_hash
from declaration.text.terms import hits
from declaration.text.tokens import nfc
from declaration.web.transaction import unit_of_work
from tests.walks.acting import CHAIR, HEADS, RAPPORTEUR, of_sample
from tests.walks.steps import Who
from tests.walks.walk import Told, Walk

Looking = Callable[[Walk], None]

LOOKING: dict[str, Looking] = {}
_FINAL = parse_json((Path(__file__).parents[1] / "oracles" / "final.en.json").read_bytes())
NOTE = "We do not insist on a yearly meeting of all."


def at(*steps: str) -> Callable[[Looking], Looking]:
    def remember(looking: Looking) -> Looking:
        for step in steps:
            LOOKING[step] = looking
        return looking

    return remember


def words_of(page: str) -> str:
    """A page without its tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def _text_in(page: str) -> tuple[str, ...]:
    """The paragraphs of a page, without what belongs to its reader."""
    return tuple(words_of(each) for each in re.findall(r'<p class="text"[^>]*>.*?</p>', page, re.DOTALL))


def final_hash(unit: str) -> str:
    return next(row["sha256"] for row in _FINAL["paragraphs"] if row["id"] == unit)


@at("J1.14")
def every_head_has_the_same_text_and_the_same_deadline(walk: Walk) -> None:
    """Each in the own zone: 15:00 in Budapest and 20:00 in Bishkek are 18:00 in Baku."""
    pages = {_text_in(walk.page(head, "text")) for head in HEADS}
    assert len(pages) == 1, "the same words, letter for letter"
    for head in HEADS:
        walk.send(head, "text/received", {})
    assert "8 of 8 have received it" in words_of(walk.page(CHAIR, "stage"))
    version = walk.version
    with walk.app.app_context(), unit_of_work() as session:
        board = receipts.board(session, walk.forum(session), version, "en")
        assert all(each.at is not None for each in board)
    assert walk.state.deadline == datetime.fromisoformat("2025-11-20T18:00:00+04:00")
    assert "15:00" in words_of(walk.page(Who("head", "hu"), "stage"))
    assert "20:00" in words_of(walk.page(Who("head", "kg"), "stage"))


@at("J2.4")
def the_rolling_text_names_who_wants_the_words(walk: Walk) -> None:
    assert "KZ, AZ" in words_of(walk.page(CHAIR, "hall/OP5"))


@at("J2.8")
def base_and_proposals_stand_side_by_side(walk: Walk) -> None:
    page = words_of(walk.page(CHAIR, "table/OP5"))
    for words in ("AM/001", "AM/002", "Kazakhstan", "Azerbaijan", "Türkiye"):
        assert words in page


@at("J2.10")
def a_note_inside_is_seen_by_nobody_else(walk: Walk) -> None:
    """The same pages of everybody else, letter for letter, before and after; nothing in the record, not even a hash."""
    others = (CHAIR, RAPPORTEUR, Who("depositary", "depositary"), Who("head", "kz"), Who("member", "uz"))
    member = Who("member", "tr")

    def seen() -> list[str]:
        pages = [words_of(walk.page(who, path)) for who in others for path in ("paragraphs/OP5", "proposals", "stage")]
        return [re.sub(r"\d+ (days?|hours?|minutes?|seconds?)[^A-Z]*", "", page) for page in pages]

    seen()  # what was still to be said to somebody about their own last act has been said
    before, size = seen(), len(walk.record())
    walk.send(member, "paragraphs/OP5/comments", {"text": NOTE, "audience": "own"})
    assert NOTE in walk.page(Who("head", "tr"), "paragraphs/OP5")
    for now, then in zip(seen(), before, strict=True):
        assert now == then
    assert len(walk.record()) == size


@at("J2.19")
def everybody_is_told_at_once(walk: Walk) -> None:
    """All heads find the broken silence, with its text, on the page of the paragraph."""
    broken = walk.state.silences[walk.named["SP1"]]
    for head in HEADS:
        assert "one forum only is not balanced" in walk.page(head, f"silences/{silences.address(broken)}")


@at("J2.34")
def paragraph_five_is_the_oracles(walk: Walk) -> None:
    assert walk.state.units["OP5"].sha256 == final_hash("OP5")
    history = walk.page(CHAIR, "paragraphs/OP5/history")
    for symbol in ("AM/001", "AM/002", "AM/003", "AM/004", "AM/005"):
        assert symbol in history


@at("J3.3")
def lateness_is_by_the_servers_clock(walk: Walk) -> None:
    entry = walk.record()[-1]
    assert entry.at.isoformat() == "2025-11-20T16:42:01+00:00"
    assert walk.state.deadline is not None
    assert entry.at > walk.state.deadline


@at("J3.9")
def a_new_paragraph_renumbers_nothing_yet(walk: Walk) -> None:
    walk.send(Who("head", "hu"), "paragraphs/OP9/comments", {"text": "This is about OP9.", "audience": "all"})
    assert list(walk.state.units).index("OP8bis") == list(walk.state.units).index("OP8") + 1


@at("J3.11")
def a_decomposed_reason_is_kept_composed(walk: Walk) -> None:
    assert of_sample(walk, "AM13").rationale == nfc(of_sample(walk, "AM13").rationale)
    page = walk.page(CHAIR, "paragraphs/OP12")
    assert page == nfc(page)


@at("J4.9")
def paragraph_seven_is_the_oracles(walk: Walk) -> None:
    assert walk.state.units["OP7"].sha256 == final_hash("OP7")


@at("J4.10")
def two_who_save_one_draft_lose_nothing(walk: Walk) -> None:
    form = {"op": "replace", "unit": "OP10", "rationale": "", "language": "en", "do": "save"}
    member, head = Who("member", "uz"), Who("head", "uz")
    words = walk.state.units["OP10"].text
    first, second = f"Together, {words}", f"Jointly, {words}"
    begun = walk.post(member, "paragraphs/OP10/propose", {**form, "text": words.upper()}, {"Accept": "application/json"})
    draft = begun.get_json()["url"].rsplit("/", 1)[1]
    walk.send(member, f"drafts/{draft}", {**form, "text": first, "revision": "1"})
    late = walk.post(head, f"drafts/{draft}", {**form, "text": second, "revision": "1"})
    assert late.status_code == 409
    shown = words_of(late.text)
    assert first in shown
    assert second in shown


@at("J4.11")
def a_draft_that_is_sent_twice_is_one_draft(walk: Walk) -> None:
    form = {"op": "replace", "unit": "OP11", "rationale": "", "language": "en", "do": "save", "key": "written over the Caspian Sea"}
    words = f"{walk.state.units['OP11'].text} "
    for _ in range(2):
        walk.send(Who("member", "kz"), "paragraphs/OP11/propose", {**form, "text": words.replace(" the ", " every ", 1)})
    with walk.app.app_context(), unit_of_work() as session:
        assert session.query(Draft).filter_by(unit="OP11", delegation="kz").count() == 1


@at("J6.3")
def the_screen_lists_what_stands_between(walk: Walk) -> None:
    assert "Reserved: paragraph 16 by KZ." in words_of(walk.page(CHAIR, "stage"))


@at("J6.17")
def earlier_confirmations_do_not_count(walk: Walk) -> None:
    assert consequences.confirmations(walk.state) == {}


@at("J7.6")
def nobody_certifies_the_own_translation(walk: Walk) -> None:
    with pytest.raises(Told) as told:
        walk.act(Who("translator", "translator-tr-1"), "language_version.certify-v1", walk.version, {"language": "tr"})
    assert told.value.code == "translation.own"


@at("J7.13")
def terms_are_the_same_throughout(walk: Walk) -> None:
    """Zangazur | Zəngəzur | Zengezur; NGO | QHT | STK; OTS | TDT | TDT: the forum's own list, and no deviation."""
    state = walk.state
    with walk.app.app_context(), unit_of_work() as session:
        terms = list(walk.forum(session).terms)
    assert {"en": "Zangazur", "az": "Zəngəzur", "tr": "Zengezur"}.items() <= terms[0].items() or len(terms) > 2
    texts = {lang: _texts(walk, lang) for lang in ("az", "tr")}
    found = [
        (unit.id, lang, hit)
        for lang in ("az", "tr")
        for unit in state.units.values()
        for hit in hits(unit.text, texts[lang][unit.id], terms, "en", lang)
    ]
    assert len(found) > 10
    assert [each for each in found if not each[2].kept] == []
    assert {consequences.language_status(state, lang) for lang in ("az", "tr")} == {"concordant"}


def _texts(walk: Walk, lang: str) -> dict[str, str]:
    from declaration.credentials.states import current
    from declaration.drafts import queries

    with walk.app.app_context(), unit_of_work() as session:
        forum = walk.forum(session)
        state = current(session, forum)
        found = dict(queries.working_text(session, forum, state, lang))
    assert all(unit_hash(text) == state.translated[lang][unit].sha256 for unit, text in found.items())
    return found


@at("J7.14")
def numbers_moved_and_comments_did_not(walk: Walk) -> None:
    numbers = {row.id: row.number for row in walk.manifest.units}
    assert (numbers["OP8bis"], numbers["OP9"]) == ("9", "10")
    assert "This is about OP9." in walk.page(CHAIR, "paragraphs/OP9")
    assert "This is about OP9." not in walk.page(CHAIR, "paragraphs/OP8bis")


@at("J8.1")
def the_hall_sees_the_text_and_no_brackets(walk: Walk) -> None:
    page = words_of(walk.page(CHAIR, "hall/OP5"))
    state = walk.state
    assert consequences.brackets(state) == []
    assert state.units["OP5"].sha256[:8] in page
    assert page.count("HU") >= 1
    assert {row.lang for row in walk.manifest.texts if row.status == "authentic"} == {"az", "en", "tr"}


@at("J8.5")
def statements_are_with_the_minute_and_not_in_the_text(walk: Walk) -> None:
    lodged = walk.state.statements[walk.named["S01"]]
    assert lodged.annex == 1
    said = walk.sample.statements[0].text
    assert said not in walk.page(CHAIR, "text")
    assert all(said not in unit.text for unit in walk.state.units.values())
