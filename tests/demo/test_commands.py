"""``flask demo`` and its neighbours, as somebody types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from declaration.demo import sample
from declaration.forums import queries
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import SystemClock
from declaration.web.db import current_session, db, reading
from tests.support.databases import SqliteDatabases, application

SEEDED = ["demo", "--until", "signed", "--endorsements", "9", "--seed", "again", "--start", "2025-11-13T18:00+04:00"]


@pytest.fixture
def apps(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[list[Flask]]:
    """Two instances that share nothing but the log's key."""
    made: list[Flask] = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        (folder / "keys").mkdir(parents=True, mode=0o700)
    with sqlite_databases.fresh(tmp_path / "one") as one, sqlite_databases.fresh(tmp_path / "two") as two:
        for folder, url in ((tmp_path / "one", one), (tmp_path / "two", two)):
            if made:
                shutil.copy(tmp_path / "one" / "keys" / "log.key", folder / "keys" / "log.key")
            with application(folder, url, SystemClock()) as app:
                made.append(app)
        yield made


def test_the_same_seed_clock_and_log_key_give_the_same_bundle(apps: list[Flask], tmp_path: Path) -> None:
    bundles = []
    for number, app in enumerate(apps):
        path = tmp_path / f"{number}.zip"
        result = app.test_cli_runner().invoke(args=[*SEEDED, "--bundle", str(path)])
        assert result.exit_code == 0, result.output
        bundles.append(path.read_bytes())
    assert bundles[0] == bundles[1]
    report = verify_bundle(tmp_path / "0.zip", workers=1)
    report.require_all()
    assert report.totals["counted"] == 9


def test_demo_refuses_a_database_with_a_real_forum(app: Flask) -> None:
    made = app.test_cli_runner().invoke(args=["forum", "import", str(sample.FOLDER)])
    assert made.exit_code == 0, made.output
    result = app.test_cli_runner().invoke(args=["demo", "--until", "adopted"])
    assert result.exit_code == 1
    assert "demo.real-forum" in result.output
    with app.app_context(), reading():
        assert [forum.demo for forum in queries.forums(current_session())] == [False]


def test_a_folder_that_does_not_hold_together_leaves_nothing(app: Flask, tmp_path: Path) -> None:
    for path in sample.FOLDER.iterdir():
        shutil.copy(path, tmp_path / path.name)
    broken = json.loads((tmp_path / "zero-draft.json").read_text())
    broken["paragraphs"][3]["kind"] = "poem"
    (tmp_path / "zero-draft.json").write_text(json.dumps(broken))
    result = app.test_cli_runner().invoke(args=["forum", "import", str(tmp_path)])
    assert result.exit_code == 1
    assert "poem" in result.output
    with app.app_context(), reading():
        assert queries.forums(current_session()) == []


def test_the_sample_is_opened_once_and_prints_a_link_for_each_role(app: Flask) -> None:
    runner = app.test_cli_runner()
    app.extensions["clock"] = SystemClock()
    assert runner.invoke(args=["forum", "load-sample", "--if-empty"]).exit_code == 0
    again = runner.invoke(args=["forum", "load-sample", "--if-empty"])
    assert (again.exit_code, again.output) == (0, "")
    refused = runner.invoke(args=["forum", "load-sample"])
    assert refused.exit_code == 1
    assert "demo.exists" in refused.output
    links = runner.invoke(args=["forum", "sign-in-links"])
    for role in ("chair", "secretariat", "depositary", "translator", "head", "member", "signatory"):
        assert f"\n  {role} " in links.output
    with app.app_context():
        db.engine.dispose()
