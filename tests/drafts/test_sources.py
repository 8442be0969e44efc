"""Every word of the working text has an origin, whoever put it there."""

from __future__ import annotations

from declaration.drafts import sources
from declaration.web.clock import SettableClock
from tests.drafts.conftest import Playing


def test_a_correction_and_a_restored_paragraph_own_their_words(playing: Playing, clock: SettableClock) -> None:
    with playing() as play:
        proposal = play.replace("kz", "OP1", "Decide to meet every year;")
    clock.advance(days=10)
    with playing() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
        play.accept(proposal)
        play.act("chair", "paragraph.agree_ad_ref-v1", play.state.current, {"units": "OP1 OP2"})
        first = play.act(
            "rapporteur",
            "paragraph.correct_editorially-v1",
            play.state.current,
            {"unit": "OP1", "text": "Decide to meet each year;", "reason": "style"},
        ).act.digest
        before = sources.attribute(play.state)
        assert before is not None
        assert first not in {origin for run in before.runs["OP1"] for origin in run.origins}
        play.act("chair", "second-v1", first)
        attributed = sources.attribute(play.state)
        assert attributed is not None
        origins = {run.text: [each.symbol for each in run.sources] for run in sources.runs(play.state, attributed, "OP1")}
        assert [words for words, by in origins.items() if by == ["Editorial correction"]] == ["each"]
        play.act("chair", "paragraph.reopen-v1", play.state.current, {"unit": "OP2", "reason": "a word was asked for"})
        play.act("chair", "paragraph.delete-v1", play.state.current, {"unit": "OP2", "reason": "agreed"})
        assert "OP2" not in play.state.units
        assert sources.attribute(play.state) is not None
        play.act("chair", "paragraph.restore-v1", play.state.current, {"unit": "OP2", "reason": "asked for again"})
        restored = sources.attribute(play.state)
        assert restored is not None
        assert [each.symbol for run in sources.runs(play.state, restored, "OP2") for each in run.sources] == [
            "Paragraph restored in the meeting"
        ]
        assert list(play.state.units) == ["T", "PP1", "S1", "OP1", "OP2", "CL"]


def test_what_a_proposal_joins_on_is_in_brackets_with_it(playing: Playing) -> None:
    with playing() as play:
        units = play.state.units
        joined = [["OP2", units["OP2"].sha256]]
        edit = {"base": units["OP1"].sha256, "op": "join", "separator": " ", "splices": [], "unit": "OP1", "with": joined}
        body = {"symbol": "FORUM/2025/JD/AM/001", "edits": [edit], "amends": None, "content": "0" * 64}
        found = play.act("kz", "amendment.submit-v1", play.state.current, body=body, role="head").act.digest
        assert play.state.amendments[found].units == ("OP1", "OP2")
        play.act("rapporteur", "amendment.admit-v1", found, body={})
        assert {unit for unit, status in play.state.paragraphs.items() if status == "bracketed"} == {"OP1", "OP2"}
