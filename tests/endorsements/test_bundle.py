"""A bundle of a played forum verifies without the service; whatever is changed in it is found."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from declaration.credentials import contents
from declaration.credentials.models import Content
from declaration.credentials.record import trust_root
from declaration.endorsements import downloads
from declaration.endorsements.bundle import compose_bundle
from declaration.procedure.consequences import totals
from declaration.protocol.bundle import read_bundle, write_bundle
from declaration.protocol.encoding import sha256_hex
from declaration.protocol.keys import public_key_of
from declaration.verifier.__main__ import main
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import SettableClock
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work
from tests.endorsements.conftest import Playing, with_feature
from tests.support.databases import SqliteDatabases, application
from tests.support.play import ORIGIN, SLUG, Player, private_key

Members = dict[str, bytes]
SAMPLES_OF_CONTENT, SAMPLES_OF_HEADERS = 5, 2


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Path:
    """One bundle of four signatures, one of them listed apart; made once."""
    folder = tmp_path_factory.mktemp("played")
    with sqlite_databases.fresh(folder) as url, application(folder, url, SettableClock(datetime(2025, 11, 24, 8, tzinfo=UTC))) as app:
        with_feature(app)
        with app.app_context(), unit_of_work() as session:
            play = Player(app, session).played("en", "az", "tr")
            play.sign(play.organization(3, capacity="associated"))
        with app.app_context(), reading():
            play = Player(app, current_session())
            compose_bundle(play.session, play.forum, folder / "bundle.zip")
            (folder / "root").write_text(trust_root(play.session, play.forum) or "")
            play.session.rollback()
    return folder / "bundle.zip"


@pytest.fixture(scope="module")
def members(played: Path) -> Members:
    with read_bundle(played) as bundle:
        return {name: bundle.read_member(name) for name in bundle.names if name != "bundle.json"}


@pytest.fixture
def verdict(tmp_path: Path, members: Members) -> Callable[..., tuple[int, set[int]]]:
    """Pack members again and verify: the exit status and the numbers of the checks that failed."""

    def ask(changed: Mapping[str, bytes | None], *, size: int | None = None, **options: str) -> tuple[int, set[int]]:
        packed = {name: body for name, body in {**members, **changed}.items() if body is not None}
        path = tmp_path / "changed.zip"
        write_bundle(packed, path, origin=ORIGIN, size=size if size is not None else entries_of(members))
        report = verify_bundle(path, **options)
        return main([str(path), "--json"]), {check.number for check in report.checks if check.findings}

    return ask


def entries_of(members: Members) -> int:
    return members["entries.jsonl"].count(b"\n")


def entry_lines(members: Members) -> list[bytes]:
    return members["entries.jsonl"].splitlines()


def signatures(members: Members) -> list[int]:
    return [place for place, line in enumerate(entry_lines(members)) if b'"type":"endorsement.sign-v1"' in line]


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def test_it_verifies_and_the_totals_are_right(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = (played.parent / "root").read_text()
    report = verify_bundle(played, constitution=root)
    report.require_all()
    figures = {name: row["counted"] for name, row in report.totals["by_country"].items()}
    assert (report.totals["counted"], report.totals["listed"], figures) == (3, 1, {"az": 1, "kz": 1, "tr": 1})
    assert main([str(played), "--constitution", root]) == 0
    assert "3 signatures counted" in capsys.readouterr().out


def test_composing_it_again_gives_the_same_bytes(playing: Playing, looking: Playing, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en", "tr")
    for name in ("one.zip", "two.zip"):
        with looking() as play:
            digest, length = compose_bundle(play.session, play.forum, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (sha256_hex((tmp_path / "one.zip").read_bytes()), (tmp_path / "one.zip").stat().st_size) == (digest, length)


def test_an_earlier_size_is_a_whole_bundle_too(playing: Playing, looking: Playing, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en")
        size = play.state.size
        figures = totals(play.state)
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "then.zip")
    with playing() as play:
        play.sign(play.organization(1))
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "again.zip", size=size)
        compose_bundle(play.session, play.forum, tmp_path / "early.zip", size=12)
    assert (tmp_path / "then.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    verify_bundle(tmp_path / "early.zip").require_all()
    assert verify_bundle(tmp_path / "again.zip").totals["counted"] == figures.total == 1


def test_documents_that_no_act_cites_stay_out(playing: Playing, looking: Playing, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en")
        party = play.organization(1)
        play.signature(party)  # composed and never sent
        secret = contents.store(play.session, play.forum.id, {"kind": "rationale", "text": "never released"}, audience="public")
        cited = next(iter(play.state.endorsements.values())).content
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "b.zip")
    with read_bundle(tmp_path / "b.zip") as bundle:
        documents = [name for name in bundle.names if name.startswith("contents/")]
        assert f"contents/{cited}.json" in documents
        assert f"contents/{secret}.json" not in documents
        bodies = b"".join(bundle.read_member(name) for name in documents)
    assert "Elçin".encode() in bodies
    assert "Çağrı".encode() not in bodies


def test_a_withheld_document_is_reported_and_breaks_nothing(playing: Playing, looking: Playing, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en")
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "before.zip")
    with playing() as play:
        cited = next(iter(play.state.endorsements.values())).content
        play.session.execute(update(Content).where(Content.sha256 == cited).values(audience="sealed"))
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "after.zip")
    before, after = (verify_bundle(tmp_path / f"{name}.zip") for name in ("before", "after"))
    after.require_all()
    assert after.record["withheld"] == before.record["withheld"] + 1


# -- attacks -----------------------------------------------------------------------------------------------------------------------


def test_packed_again_as_it_was_it_verifies(verdict: Callable[..., tuple[int, set[int]]]) -> None:
    assert verdict({}) == (0, set())


def test_a_removed_endorsement(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    for place in signatures(members):
        lines = entry_lines(members)
        del lines[place]
        status, failed = verdict({"entries.jsonl": joined(lines)})
        assert (status, 3 in failed) == (1, True)
        assert verdict({"entries.jsonl": joined(lines)}, size=len(lines))[0] == 1


def test_a_truncated_record(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    lines = entry_lines(members)[:-1]
    assert verdict({"entries.jsonl": joined(lines)}, size=len(lines))[0] == 1


def test_a_reordered_record(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    lines = entry_lines(members)
    lines[-1], lines[-5] = lines[-5], lines[-1]
    assert verdict({"entries.jsonl": joined(lines)})[0] == 1


def test_an_endorsement_twice(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    lines = entry_lines(members)
    status, failed = verdict({"entries.jsonl": joined([*lines, lines[signatures(members)[0]]])})
    assert (status, {3, 4} <= failed) == (1, True)


def test_a_swapped_language(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    for manifest in (name for name in members if name.endswith("/manifest.json")):
        texts = manifest.replace("manifest.json", "texts/")
        az, en = f"{texts}az.txt", f"{texts}en.txt"
        status, failed = verdict({az: members[en], en: members[az]})
        assert (status, 7 in failed) == (1, True)
        assert verdict({az: None})[0] == 1
        renamed = json.loads(members[manifest])
        renamed["texts"][0]["lang"], renamed["texts"][1]["lang"] = "en", "az"
        assert verdict({manifest: json.dumps(renamed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()})[0] == 1


def test_a_translation_promoted(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    for manifest in (name for name in members if name.endswith("/manifest.json")):
        assert verdict({manifest: members[manifest].replace(b'"status":"translation"', b'"status":"authentic"')})[0] == 1


def test_a_replaced_key(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    mine = public_key_of(private_key("az.sample-az-0002", "signatory")).openssh.encode()
    theirs = public_key_of(private_key("somebody", "else")).openssh.encode()
    assert mine in members["allowed_signers"]
    assert verdict({"allowed_signers": members["allowed_signers"].replace(mine, theirs)}) == (1, {5})
    status, failed = verdict({name: members[name].replace(mine, theirs) for name in ("allowed_signers", "entries.jsonl")})
    assert (status, {3, 4} <= failed) == (1, True)


def test_a_key_added_to_the_allowed_signers(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    first = members["allowed_signers"].splitlines()[0]
    assert verdict({"allowed_signers": members["allowed_signers"] + first.replace(b"chair.chair", b"head.az") + b"\n"})[0] == 1


def test_another_document_under_the_hash(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    name = next(name for name in members if name.startswith("contents/"))
    assert verdict({name: members[name].replace(b'"kind"', b'"kinD"')}) == (1, {1})


def test_another_policy_another_root_an_unknown_member(verdict: Callable[..., tuple[int, set[int]]], members: Members) -> None:
    assert verdict({"policy": members["policy"].replace(b"quorum none", b"quorum most")})[0] == 1
    assert verdict({}, constitution="0" * 64)[1] == {5}
    assert verdict({"verify.exe": b"run me"}) == (1, {1})
    for needed in ("policy", "checkpoint", "entries.jsonl", "allowed_signers"):
        assert verdict({needed: None})[0] == 1, needed


def strata(path: Path) -> dict[str, tuple[int, int]]:
    """Every part of the archive with the bytes that it occupies: each member, each of its two headers, and the end."""
    found: dict[str, tuple[int, int]] = {}
    with zipfile.ZipFile(path) as archive:
        central = archive.start_dir
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.filename)
            found[f"local {info.filename}"] = (info.header_offset, start)
            found[f"content {info.filename}"] = (start, start + info.file_size)
            found[f"central {info.filename}"] = (central, central + 46 + len(info.filename))
            central += 46 + len(info.filename)
    found["end"] = (central, path.stat().st_size)
    return found


def test_one_changed_byte_anywhere_is_refused(played: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stratified: every member and every header is hit; what is sampled is the byte within it and the bit within the byte."""
    original, chance = played.read_bytes(), random.Random(20251125)
    parts = strata(played)
    assert sum(end - start for start, end in parts.values()) == len(original)  # nothing of the file is left out
    changed = tmp_path / "changed.zip"
    for name, (start, end) in parts.items():
        for _ in range(SAMPLES_OF_CONTENT if name.startswith("content") else SAMPLES_OF_HEADERS):
            at, bit = chance.randrange(start, end), 1 << chance.randrange(8)
            flipped = bytearray(original)
            flipped[at] ^= bit
            changed.write_bytes(flipped)
            status = main([str(changed), "--json"])
            where = f"{name}, byte {at - start}, bit {bit}"
            assert status in (1, 2), where
            said = "".join(capsys.readouterr())
            if name.startswith("content ") and name != "content bundle.json":
                assert f"{name.removeprefix('content ')} is not what bundle.json says" in said, where


@pytest.mark.parametrize("cut", [1, 22, 500])
def test_a_file_that_is_cut_or_has_more_is_no_bundle(played: Path, tmp_path: Path, cut: int) -> None:
    body, changed = played.read_bytes(), tmp_path / "changed.zip"
    for wrong in (body[:-cut], body[cut:], body + bytes(cut), bytes(cut) + body):
        changed.write_bytes(wrong)
        assert main([str(changed), "--json"]) == 2


def test_unpacked_and_packed_again_by_somebody_else_it_is_another_file(played: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(played) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert main([str(changed), "--json"]) == 2


# -- stock tools, and the download --------------------------------------------------------------------------------------------------


def test_the_readme_commands_verify_every_signature_with_stock_ssh_keygen(played: Path, tmp_path: Path, members: Members) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen on this machine")
    with zipfile.ZipFile(played) as archive:
        archive.extractall(tmp_path / "unpacked")
    readme = (tmp_path / "unpacked" / "README.txt").read_text()
    assert (played.parent / "root").read_text() in readme
    script = "\n".join(line[2:] for line in re.search(r"(  mkdir -p check.*?entries\.jsonl\n)", readme, re.DOTALL)[1].splitlines())  # type: ignore[index]
    run = partial(subprocess.run, ["sh", "-c", script], cwd=tmp_path / "unpacked", capture_output=True, text=True)
    said = run().stdout
    assert said.count('Good "') == entries_of(members)
    assert "REFUSED" not in said
    entries = tmp_path / "unpacked" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b'"capacity":"associated"', b'"capacity":"organization"'))
    assert run().stdout.count("REFUSED") == 2  # the accreditation and the signature


def test_the_download_is_public_from_the_adoption_and_kept(
    playing: Playing, client: FlaskClient, signed_in: Callable[..., FlaskClient], app: Flask
) -> None:
    with playing() as play:
        play.found()
    assert client.get(f"/{SLUG}/bundle.zip").status_code == 401
    assert signed_in("az", "head").get(f"/{SLUG}/bundle.zip", buffered=True).status_code == 200
    with playing() as play:
        play.negotiated().opened()
        play.sign(play.organization(0))
        size = play.state.size
    answer = client.get(f"/{SLUG}/bundle.zip", buffered=True)
    digest = sha256_hex(answer.data)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    page = client.get(f"/{SLUG}/register").text
    assert digest in page
    assert f"/{SLUG}/bundle.zip?size={size}" in page
    kept = Path(app.instance_path) / "bundles"
    (file,) = kept.glob(f"{SLUG}-{size:08}-*.zip")
    before = file.stat().st_mtime_ns
    assert sha256_hex(client.get(f"/{SLUG}/bundle.zip?size={size}", buffered=True).data) == digest
    assert file.stat().st_mtime_ns == before
    with playing() as play:
        play.sign(play.organization(1))
    assert sha256_hex(client.get(f"/{SLUG}/bundle.zip?size={size}", buffered=True).data) == digest
    assert sha256_hex(client.get(f"/{SLUG}/bundle.zip", buffered=True).data) != digest
    assert client.get(f"/{SLUG}/bundle.zip?size=100000").status_code == 404
    assert client.get(f"/{SLUG}/bundle.zip?size=-1").status_code == 400


def test_the_download_follows_a_consent_that_was_taken_back(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    before = client.get(f"/{SLUG}/bundle.zip", buffered=True).data
    with playing() as play:
        cited = next(iter(play.state.endorsements.values())).content
        play.session.execute(update(Content).where(Content.sha256 == cited).values(audience="sealed"))
    after = client.get(f"/{SLUG}/bundle.zip", buffered=True).data
    assert "Elçin".encode() in before
    assert "Elçin".encode() not in after


def test_a_damaged_file_in_the_folder_is_composed_again(playing: Playing, client: FlaskClient, app: Flask) -> None:
    with playing() as play:
        play.played("en")
    good = client.get(f"/{SLUG}/bundle.zip", buffered=True).data
    folder = Path(app.instance_path) / "bundles"
    (file,) = folder.glob("*.zip")
    for damage in (lambda: file.write_bytes(b"short"), file.unlink, lambda: file.with_suffix(".json").write_text("{}")):
        damage()
        assert client.get(f"/{SLUG}/bundle.zip", buffered=True).data == good


def test_only_the_newest_files_are_kept(playing: Playing, looking: Playing, app: Flask) -> None:
    with playing() as play:
        play.found()
    with looking() as play:
        for size in range(2, 9):
            downloads.bundle(play.session, play.forum, size=size)
    names = sorted(file.name[len(SLUG) + 1 :][:8] for file in (Path(app.instance_path) / "bundles").glob("*.zip"))
    assert names == ["00000005", "00000006", "00000007", "00000008"]
