"""One organization, one signature, on both databases: in two processes at once, one after the other, and without the lock.

Also on both: the search, whose patterns are the databases' own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select

from declaration.credentials.record import log_of
from declaration.endorsements import register
from declaration.endorsements.models import Endorsement
from declaration.endorsements.operations import projected
from declaration.procedure.consequences import totals
from declaration.transparency import audit
from tests.endorsements.conftest import Playing
from tests.endorsements.process import PATIENCE, started
from tests.support.play import ORGANIZATIONS, SLUG, as_form, nonce

SignedIn = Callable[..., FlaskClient]
NAMES = [row[1] for row in ORGANIZATIONS]


def test_two_signatures_of_one_organization_at_once(playing: Playing, database_url: str, tmp_path: Path) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
        play.accredit_signatory(party, number=2)
        # Two decisions: each with a key, a language and a nonce of its own.
        forms = [
            as_form(play.signature(party, language, number=number, nonce=nonce(language))) for number, language in ((1, "en"), (2, "az"))
        ]
        at = play.app.extensions["clock"].now().isoformat()
        before = play.state.size
    start = tmp_path / "start"
    files = [tmp_path / f"act-{number}.json" for number in (1, 2)]
    for file, form in zip(files, forms, strict=True):
        file.write_text(json.dumps(form))
    processes = [started(tmp_path, database_url, file, start, at) for file in files]
    try:
        deadline = time.monotonic() + PATIENCE
        while not all(Path(f"{file}.ready").exists() for file in files):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        start.touch()
        said = [process.communicate(timeout=PATIENCE)[0].strip() for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert sorted(said) == ["endorsement.duplicate", f"recorded {before}"]
    with playing() as play:
        assert play.session.scalar(select(func.count(Endorsement.id))) == 1
        assert (totals(play.state).total, play.state.size) == (1, before + 1)
        assert audit.check(play.session, log_of(play.session, play.forum)) == before + 1


def test_a_second_signature_is_refused_and_the_first_is_shown(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        party = play.state.endorsements[next(iter(play.state.endorsements))].party
        second = play.signature(party, "az", nonce=nonce("another decision"))
        before = play.state.size
    answer = signed_in(party).post(f"/{SLUG}/sign", data=as_form(second))
    assert answer.status_code == 409
    assert "The first signature" in answer.text
    assert f"/{SLUG}/register/1" in answer.text
    assert "endorsement.duplicate" in answer.text
    with playing() as play:
        assert play.state.size == before
        assert totals(play.state).total == 1


def test_the_constraint_stands_behind_the_lock(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        party = play.organization(1)
        other = projected(play.forum, play.state, next(iter(play.state.endorsements)))
        other.party, other.statement, other.position = party, "f" * 64, 77
        play.session.add(other)
        signed = play.signature(party)
        before = play.state.size
    answer = signed_in(party).post(f"/{SLUG}/sign", data=as_form(signed))
    assert answer.status_code == 409
    with playing() as play:
        assert play.state.size == before


FOUND = {
    "IŞIK": [1], "ilham": [3], "İLHAM": [3], "арал": [2], "АРАЛ тынысы": [2], "aral": [2], "sefeq fondu": [0], "şəfəq": [0], "0002": [0],
    "sample-tr": [1], "gönüllüleri ışık": [1], "sample": [0, 1, 2, 3], "%": [], "_": [], "100%": [], "\\": [], "‘": [], "nobody": [],
}  # fmt: skip


def test_names_are_found_in_any_script(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en", "en", "en", "en")
        for typed, found in FOUND.items():
            listed, more = register.search(play.session, play.forum, typed)
            assert ([NAMES.index(each.row.name) for each in listed], more) == (found, False), typed
    for typed in ("IŞIK", "арал", "nobody"):
        text = client.get(f"/{SLUG}/register", query_string={"q": typed}).text
        assert [name in text for name in NAMES] == [place in FOUND[typed] for place in range(4)], typed
