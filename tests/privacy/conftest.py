"""A forum in its first reading, played once; each test has two copies of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from declaration.web.clock import SettableClock
from tests.conftest import NOON
from tests.privacy.twins import Chance, Twin, found_forum, twins
from tests.privacy.work import PUBLIC, Inside
from tests.support.databases import SqliteDatabases, application


@pytest.fixture(scope="session")
def begun_folder(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first-reading")
    with sqlite_databases.fresh(folder) as url, application(folder, url, SettableClock(NOON)) as app:
        found_forum(app)
    return folder


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch) -> Chance:
    made = Chance()
    made.put_in(monkeypatch)
    return made


@pytest.fixture
def pair(begun_folder: Path, tmp_path: Path, chance: Chance) -> Iterator[tuple[Twin, Twin]]:
    """The quiet one and the busy one, at the beginning of the first reading."""
    with twins(begun_folder, tmp_path, NOON, chance) as made:
        yield made


@pytest.fixture(scope="module")
def played(begun_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Twin, Twin, Inside]]:
    """Both after the same public steps; the busy one with everything inside between every two. Tests look, and change both alike."""
    chance = Chance()
    with pytest.MonkeyPatch.context() as patch, twins(begun_folder, tmp_path_factory.mktemp("twins"), NOON, chance) as pair:
        chance.put_in(patch)
        inside = Inside(pair[1])
        for number, step in enumerate(PUBLIC):
            if number == 1:
                inside.everything()
            elif number > 1:
                inside.draft()
                inside.comments()
            for twin in pair:
                twin.clock.advance(minutes=1)
                step(twin)
        yield *pair, inside
