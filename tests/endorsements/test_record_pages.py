"""The record as an auditor looks at it: who may read entries when, one entry with all that proves it, checkpoints, stock tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from declaration.credentials.record import log_of, trust_root
from declaration.endorsements import record
from declaration.endorsements.record_words import SAYS
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.entry import parse_entry
from declaration.protocol.merkle import leaf_hash, verify_consistency, verify_inclusion
from declaration.protocol.note import parse_vkey
from declaration.transparency import queries
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG

SignedIn = Callable[..., FlaskClient]
BASE = f"/{SLUG}/record"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def hashes(text: str, label: str) -> list[bytes]:
    """The hashes in the definition that stands under this term."""
    found = re.search(rf"<dt>{re.escape(label)}</dt><dd class=\"hash\">(.*?)</dd>", text, re.DOTALL)
    assert found is not None, label
    return [bytes.fromhex(each) for each in re.findall(r"[0-9a-f]{64}", found[1])]


def test_the_words_are_those_of_the_tables() -> None:
    assert {name: str(word) for name, word in SAYS.items()} == {name: row.says for name, row in BY_TYPE.items()}


def test_entries_are_for_participants_until_the_adoption(playing: Playing, client: FlaskClient, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
        size = log_of(play.session, play.forum).size
    page = client.get(BASE)
    assert (page.status_code, "read by the participants until the text is adopted" in page.text) == (200, True)
    assert f"{BASE}/0" not in page.text
    assert "adopts the constitution" not in page.text
    for address in ("0", "1", f"{size - 1}", "0/entry.json", "0/statement.json", "0/receipt.txt", "0/proof.txt", "0/allowed_signers"):
        answer = client.get(f"{BASE}/{address}")
        assert (answer.status_code, b'"by"' in answer.data) == (401, False), address
    for address in ("checkpoints", f"checkpoints/{size}", f"checkpoints/{size}/note"):
        assert client.get(f"{BASE}/{address}").status_code == 200, address
    head = signed_in("az")
    assert "adopts the constitution" in head.get(f"{BASE}?from=0").text
    assert head.get(f"{BASE}/0/entry.json").status_code == 200


def test_the_list_in_pages(playing: Playing, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with playing() as play:
        play.played("en")
        size = log_of(play.session, play.forum).size
    text = client.get(f"{BASE}?from=0").text
    assert "adopts the constitution" in text
    assert "signs the Declaration" in client.get(BASE).text
    assert ORGANIZATIONS[0][1] in unescape(client.get(BASE).text)
    seen: list[int] = []
    for start in range(0, size, record.PAGE):
        seen += map(int, re.findall(rf'href="{BASE}/(\d+)"', client.get(f"{BASE}?from={start}").text))
    assert seen == list(range(size))


NOWHERE = (
    "?from=x", "?from=-1", "?from=%2B1", "?from=1.5", "?from=999999", "/999999", "/-1", "/x", "/0/x", "/0/bundle.json",
    "/999999/entry.json",
    "/checkpoints?upto=999999", "/checkpoints?upto=x", "/checkpoints/0", "/checkpoints/999999", "/checkpoints/999999/note",
    "/checkpoints/0/note", "/99999999999999999999999999",
)  # fmt: skip


def test_there_is_no_such_page(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    assert {address: client.get(f"{BASE}{address}").status_code for address in NOWHERE} == dict.fromkeys(NOWHERE, 404)


def test_every_entry_shows_what_proves_it(playing: Playing, client: FlaskClient) -> None:
    """Recomputed from the page alone: leaf, path, root, and the checkpoint that the root is signed in."""
    with playing() as play:
        play.played("en", "az")
        log = log_of(play.session, play.forum)
        size, vkey, root = log.size, log.vkey, trust_root(play.session, play.forum)
    note = client.get(f"{BASE}/checkpoints/{size}/note").data
    signed = open_checkpoint(note, parse_vkey(vkey))
    for index in range(size):
        page = client.get(f"{BASE}/{index}")
        assert page.status_code == 200, index
        text = page.text
        assert text.count('class="checks__yes"') == 4, index
        assert "a check fails" not in text
        raw = client.get(f"{BASE}/{index}/entry.json").data.removesuffix(b"\n")
        assert hashes(text, "Leaf hash") == [leaf_hash(raw)]
        (shown,) = hashes(text, f"Root of {size} entries")
        verify_inclusion(leaf_hash(raw), index, size, hashes(text, "Path, from the leaf up"), shown)
        assert shown == signed.root
        statement = parse_entry(raw).statement
        assert client.get(f"{BASE}/{index}/statement.json").data == statement.raw
        assert statement.raw.decode() in unescape(text)
        assert (f"{BASE}/{index - 1}" in text, f"{BASE}/{index + 1}" in text) == (index > 0, index + 1 < size)
        assert root is not None
        assert root in text


def test_a_signature_leads_to_the_register(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        last = log_of(play.session, play.forum).size - 1
    text = client.get(f"{BASE}/{last}").text
    assert f'href="/{SLUG}/register/1"' in text
    assert f'href="/{SLUG}/register/' not in client.get(f"{BASE}/1").text.partition("What it says")[2].partition("The statement")[0]


def test_an_entry_that_was_exchanged_in_the_database_is_shown(
    playing: Playing, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator serves another act in the place of entry 3: its path no longer leads to the root."""
    with playing() as play:
        play.played("en")
    honest = queries.entry
    monkeypatch.setattr(queries, "entry", lambda session, log, index: honest(session, log, 4 if index == 3 else index))
    text = client.get(f"{BASE}/3").text
    assert "Entry 3: a check fails" in text
    assert text.count('class="checks__no"') >= 1
    assert "verdict--bad" in text


def test_raw_files_verify_with_stock_ssh_keygen(playing: Playing, client: FlaskClient, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("needs ssh-keygen")
    with playing() as play:
        play.played("en")
        size = log_of(play.session, play.forum).size
    for index in (0, 1, size // 2, size - 1):
        for name in ("statement.json", "statement.json.sig", "allowed_signers"):
            (tmp_path / name).write_bytes(client.get(f"{BASE}/{index}/{name}").data)
        (command,) = re.findall(r"<code>(ssh-keygen .*?)</code>", client.get(f"{BASE}/{index}").text)
        done = run(command, tmp_path)
        assert (done.returncode, done.stdout.startswith("Good")) == (0, True), done.stderr
        (tmp_path / "statement.json").write_bytes((tmp_path / "statement.json").read_bytes() + b"\n")
        assert run(command, tmp_path).returncode != 0


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", unescape(command)], cwd=folder, capture_output=True, text=True)


def test_a_checkpoint_that_was_kept_is_extended(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        log = log_of(play.session, play.forum)
        size, vkey = log.size, parse_vkey(log.vkey)
    for kept in (1, 2, 7, size - 1):
        text = client.get(f"{BASE}/checkpoints/{kept}").text
        old = open_checkpoint(client.get(f"{BASE}/checkpoints/{kept}/note").data, vkey)
        assert hashes(text, "Root") == [old.root]
        (newest,) = hashes(text, f"Root of {size} entries")
        shown = text.partition('<p class="hash">')[2].partition("</p>")[0]
        verify_consistency(kept, size, old.root, newest, [bytes.fromhex(each) for each in re.findall(r"[0-9a-f]{64}", shown)])
        assert "<svg" in text
    assert "It is the newest" in client.get(f"{BASE}/checkpoints/{size}").text


def test_the_code_carries_the_note_of_the_log_alone() -> None:
    note = b"a.example/b\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a.example/b AAAA\n\xe2\x80\x94 w BBBB\n\xe2\x80\x94 v CCCC\n"
    assert record.own_note(note) == note[: note.index(b"\xe2\x80\x94 w")]


def test_all_checkpoints_in_pages(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        size = log_of(play.session, play.forum).size
    seen: list[int] = []
    upto: str | None = str(size)
    while upto is not None:
        text = client.get(f"{BASE}/checkpoints?upto={upto}").text
        seen += map(int, re.findall(rf'href="{BASE}/checkpoints/(\d+)"', text))
        older = re.search(r'rel="next" href="[^"]*upto=(\d+)"', text)
        upto = older[1] if older else None
    assert seen == list(range(size, 0, -1))


def test_no_page_needs_a_script(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    for address in ("", "/3", "/checkpoints", "/checkpoints/3"):
        main = client.get(f"{BASE}{address}").text.partition("<main")[2].partition("</main>")[0]
        assert "<h1" in main
        for needs in ("<script", "data-act", "onclick"):
            assert needs not in main, (address, needs)
