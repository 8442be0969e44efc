"""C2SP tlog-tiles as others read them: paths, types, caches, who may read entries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.merkle import CompactRange, verify_consistency
from declaration.protocol.note import parse_vkey
from declaration.protocol.tiles import entries_path, parse_entry_bundle, tile_path, tiles
from declaration.transparency import operations, queries
from declaration.transparency.models import Log
from declaration.transparency.routes import Readers, set_entries_policy
from tests.support.rfc6962 import leaf
from tests.transparency.made import found, opened, raw_entry

Work = Callable[[], AbstractContextManager[Session]]

SIZE = 260  # one full tile, one partial one, one of the level above
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def readers(app: Flask) -> list[Readers]:
    """What the policy answers; empty where no feature has registered one."""
    answers: list[Readers] = []
    set_entries_policy(app, lambda log: answers[-1] if isinstance(log, Log) else Readers.NOT_THIS_ONE)
    return answers


@pytest.fixture
def filled(work: Work) -> None:
    with work() as session:
        opened(session, SIZE)


@pytest.mark.usefixtures("filled")
def test_a_stranger_rebuilds_the_root_from_tiles(client: FlaskClient, work: Work) -> None:
    vkey = client.get("/log/baku/vkey").text.strip()
    checkpoint = open_checkpoint(client.get("/log/baku/checkpoint").data, parse_vkey(vkey))
    assert checkpoint.size == SIZE
    tree = CompactRange()
    for level, index, width in tiles(SIZE):
        answer = client.get(f"/log/baku/{tile_path(level, index, width)}")
        assert answer.status_code == 200
        assert answer.content_type == "application/octet-stream"
        assert len(answer.data) == 32 * width
        if level == 0:
            for at in range(0, len(answer.data), 32):
                tree.append(answer.data[at : at + 32])
        else:
            above = answer.data
    assert tree.root() == checkpoint.root
    first = CompactRange()
    for number in range(256):
        first.append(leaf(raw_entry(number)))
    assert above == first.root()


@pytest.mark.usefixtures("filled")
def test_what_caches_and_other_sites_scripts_are_told(client: FlaskClient, readers: list[Readers]) -> None:
    readers.append(Readers.EVERYBODY)
    told = {
        "checkpoint": ("text/plain; charset=utf-8", "no-cache"),
        "vkey": ("text/plain; charset=utf-8", "no-cache"),
        "consistency?old=3&new=7": ("application/json", "no-cache"),
        "tile/0/000": ("application/octet-stream", FOR_EVER),
        "tile/0/001.p/4": ("application/octet-stream", "public, no-cache"),
        "tile/0/000.p/9": ("application/octet-stream", "public, no-cache"),
        "tile/1/000.p/1": ("application/octet-stream", "public, no-cache"),
        "tile/entries/000": ("application/octet-stream", FOR_EVER),
        "tile/entries/001.p/4": ("application/octet-stream", "public, no-cache"),
    }
    for path, (kind, cache) in told.items():
        answer = client.get(f"/log/baku/{path}")
        assert (answer.status_code, answer.content_type, answer.headers["Cache-Control"]) == (200, kind, cache), path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        tag = answer.headers["ETag"]
        assert tag.startswith('"sha256-')  # strong
        again = client.get(f"/log/baku/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["Cache-Control"] == cache


@pytest.mark.usefixtures("filled")
def test_a_checkpoint_changes_its_tag_when_the_log_grows(client: FlaskClient, work: Work) -> None:
    tag = client.get("/log/baku/checkpoint").headers["ETag"]
    with work() as session:
        operations.append(session, found(session), raw_entry("next"))
    answer = client.get("/log/baku/checkpoint", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


@pytest.mark.usefixtures("filled")
def test_entries_come_in_bundles(client: FlaskClient, readers: list[Readers]) -> None:
    readers.append(Readers.EVERYBODY)
    entries = [
        *parse_entry_bundle(client.get(f"/log/baku/{entries_path(0)}").data),
        *parse_entry_bundle(client.get(f"/log/baku/{entries_path(1, 4)}").data),
    ]
    assert entries == [raw_entry(number) for number in range(SIZE)]


@pytest.mark.usefixtures("filled")
def test_entries_are_closed_until_the_policy_opens_them(app: Flask, client: FlaskClient, readers: list[Readers]) -> None:
    readers.append(Readers.NOT_THIS_ONE)
    for path in ("tile/entries/000", "tile/entries/001.p/4", "tile/entries/002"):
        answer = client.get(f"/log/baku/{path}")
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert b'"statement"' not in answer.data
    del app.extensions["log-entries-policy"]
    assert client.get("/log/baku/tile/entries/000").status_code == 403


@pytest.mark.usefixtures("filled")
def test_a_participants_copy_is_kept_by_no_shared_cache(client: FlaskClient, readers: list[Readers]) -> None:
    readers.append(Readers.THIS_ONE)
    for path, cache in (("000", "private, max-age=31536000, immutable"), ("001.p/4", "private, no-cache")):
        answer = client.get(f"/log/baku/tile/entries/{path}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, cache)
        assert "Cookie" in answer.headers["Vary"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_only_one_feature_decides_who_reads_entries(app: Flask, readers: list[Readers]) -> None:
    with pytest.raises(RuntimeError, match="already registered"):
        set_entries_policy(app, lambda _: Readers.EVERYBODY)


@pytest.mark.usefixtures("filled")
def test_the_signing_page_gets_its_consistency_proof(client: FlaskClient, work: Work) -> None:
    for old, new in ((1, 1), (1, SIZE), (7, 200), (255, 256), (SIZE, SIZE)):
        proof = client.get(f"/log/baku/consistency?old={old}&new={new}").get_json()
        assert set(proof) == {"proof"}
        with work() as session:
            log = found(session)
            roots = queries.root_at(session, log, old), queries.root_at(session, log, new)
        verify_consistency(old, new, *roots, [bytes.fromhex(one) for one in proof["proof"]])


@pytest.mark.usefixtures("filled")
def test_what_is_asked_for_wrongly_is_refused(client: FlaskClient, readers: list[Readers]) -> None:
    readers.append(Readers.EVERYBODY)
    refused = {
        "tile/0/001": 404,  # not full yet
        "tile/0/001.p/5": 404,
        "tile/1/000": 404,
        "tile/2/000.p/1": 404,
        "tile/0/x001/000": 404,
        "tile/entries/001": 404,
        "tile/entries/001.p/5": 404,
        "tile/63/000.p/1": 404,
        "tile/0/000.p/0": 400,
        "tile/0/000.p/256": 400,
        "tile/0/000.p/09": 400,
        "tile/0/0": 400,
        "tile/0/x000/000": 400,
        "tile/00/000": 400,
        "tile/64/000": 400,
        "tile/0/000/": 400,
        "tile/0/000%0a": 404,
        "tile/data/000": 400,
        "tile/": 404,
        "consistency": 400,
        "consistency?old=1": 400,
        "consistency?old=1&new=2&new=3": 400,
        "consistency?old=%2B1&new=2": 400,
        "consistency?old=01&new=2": 400,
        "consistency?old=1&new=-2": 400,
        "consistency?old=0&new=2": 422,
        "consistency?old=3&new=2": 422,
        f"consistency?old=3&new={SIZE + 1}": 404,
        "consistency?old=3&new=9007199254740992": 400,
        "consistency?old=3&new=9007199254740991": 404,
    }
    assert {path: client.get(f"/log/baku/{path}").status_code for path in refused} == refused
    for path in ("checkpoint", "vkey", "tile/0/000", "consistency?old=1&new=1"):
        assert client.get(f"/log/ganja/{path}").status_code == 404
        assert client.post(f"/log/baku/{path}").status_code == 405


def test_a_new_log_serves_its_empty_checkpoint_and_no_tiles(client: FlaskClient, work: Work) -> None:
    with work() as session:
        opened(session)
    assert client.get("/log/baku/checkpoint").text.split("\n")[1] == "0"
    assert client.get("/log/baku/tile/0/000.p/1").status_code == 404
    assert client.get("/readyz").get_json()["checks"]["record"] == "ok"
