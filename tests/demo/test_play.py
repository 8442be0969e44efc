"""The sample forum, played whole: its adopted text is the oracle's, letter for letter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from declaration.demo import sample, script
from declaration.demo.personas import KeyRing
from declaration.drafts import sources
from declaration.errors import DeclarationError, NotAllowed
from declaration.forums import importing, operations, queries
from declaration.procedure import consequences
from declaration.protocol.encoding import parse_json
from declaration.web.clock import SettableClock
from declaration.web.db import current_session
from declaration.web.transaction import unit_of_work

ORACLE = Path(__file__).parents[1] / "oracles" / "final.json"


@pytest.fixture
def play(app: Flask, clock: SettableClock, tmp_path: Path) -> script.Play:
    clock.set(datetime(2025, 11, 13, 8, tzinfo=UTC))
    with app.app_context(), unit_of_work() as session:
        forum = operations.create_forum(session, importing.load(sample.FOLDER), url="http://localhost:8000", demo=True)
        slug = forum.slug
    return script.Play(slug, sample.load(), KeyRing(tmp_path, seed="test"), clock, say=lambda _: None)


def test_the_adopted_text_is_the_oracles(app: Flask, play: script.Play) -> None:
    with app.app_context():
        for part in play.parts:
            part()
        state = play.state
        manifest = state.version_text(play.version).manifest
        final = parse_json(ORACLE.read_bytes())
        expected = [(row["id"], row["sha256"]) for row in final["paragraphs"]]
        assert [(row.id, dict(row.sha256)) for row in manifest.units] == expected
        numbers = {row["id"]: row["number"] for row in final["paragraphs"] if row["kind"] == "operative"}
        assert {row.id: row.number for row in manifest.units if row.kind == "operative"} == {k: str(v) for k, v in numbers.items()}
        assert (state.stage, state.adopted) == ("open_for_signature", play.version)
        statuses = {each.symbol[-3:]: consequences.amendment_status(state, each) for each in state.amendments.values()}
        rulings = {f"{number:03}": row["status"] for number, row in play.sample.rulings.items()}
        rulings["003"] = "merged"  # it fell with the silence that was broken, and was taken up in 005
        assert statuses == rulings


def test_a_real_forum_is_never_played_with(app: Flask, play: script.Play) -> None:
    with app.app_context():
        with unit_of_work() as session:
            queries.forum_by_slug(session, play.slug).demo = False
        with pytest.raises(NotAllowed) as refused:
            play.constitute()
        assert refused.value.code == "demo.real-forum"


def test_the_script_reads_inputs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: (opened.append(path.name), read(path))[1])
    sample.load()
    assert not {"expected.json", "final.json", "final.en.json"} & set(opened)


def test_an_unreadable_sample_is_named(tmp_path: Path) -> None:
    for path in sample.FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "rulings.json").write_text('{"rulings": [}')
    with pytest.raises(DeclarationError, match=r"rulings\.json"):
        sample.load(tmp_path)


def test_nothing_stays_behind_when_an_act_is_refused(app: Flask, play: script.Play) -> None:
    with app.app_context():
        play.constitute()
        size = play.state.size
        with pytest.raises(DeclarationError):
            play.act("head", "kz", "confirmation.confirm-v1", "0" * 64)
        assert play.state.size == size
        assert current_session().is_active


def test_the_history_of_a_compromise_names_everybody_who_moved_it(app: Flask, play: script.Play) -> None:
    with app.app_context():
        for part in (play.constitute, play.circulate, play.first_reading, play.second_reading):
            part()
        steps = sources.history(play.state, "OP5")
    source = steps[-1][1]
    assert source is not None
    assert [(each.symbol[-3:], each.proposer, each.sponsors) for each in source.bridges] == [
        ("001", "kz", ("az",)),
        ("002", "tr", ()),
        ("003", "chair", ()),
        ("004", "uz", ()),
    ]
