"""Witnesses from the visitor's side: the page, the policy, and bundles that a demanding auditor accepts or refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.credentials.record import trust_root
from declaration.endorsements import downloads
from declaration.endorsements.bundle import compose_bundle
from declaration.protocol.bundle import read_bundle, write_bundle
from declaration.protocol.note import COSIGNATURE, NoteSigner, parse_vkey
from declaration.transparency import collecting, queries
from declaration.transparency.collecting import Reply
from declaration.verifier.report import Report
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import SettableClock
from declaration.witness.memory import Memory
from declaration.witness.service import Witness
from tests.conftest import NOON
from tests.endorsements.conftest import Playing, with_feature
from tests.support import databases
from tests.support.logs import key
from tests.support.play import ORIGIN, SLUG

ONE, TWO = (NoteSigner(f"{name}.example/w", key(name), COSIGNATURE) for name in ("one", "two"))
POLICY = f"""witness one {ONE.verifier.vkey} https://one.example
witness two {TWO.verifier.vkey} https://two.example
group both all one two
quorum both
"""


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    (tmp_path / "witnesses").write_text(POLICY)
    whole = databases.configuration
    monkeypatch.setattr(databases, "configuration", lambda *given: {**whole(*given), "DECLARATION_WITNESSES": str(tmp_path / "witnesses")})
    with databases.application(tmp_path, sqlite_url, clock) as made:
        yield with_feature(made)


Collect = Callable[..., dict[str, str]]


@pytest.fixture
def collect(app: Flask, playing: Playing, looking: Playing, tmp_path: Path) -> Collect:
    with playing() as play:
        play.played("en")
    with looking() as play:
        vkey = queries.find_log(play.session, ORIGIN).vkey  # type: ignore[union-attr]  # it was just played
    memories = {}
    for signer in (ONE, TWO):
        memories[signer.name] = Memory(tmp_path / f"{signer.name[:3]}.witness", signer.verifier.vkey)
        memories[signer.name].create()

    def ask(*names: str, says: Reply | None = None) -> dict[str, str]:
        def send(address: str, body: bytes) -> Reply:
            signer = ONE if "one" in address else TWO
            if signer.name[:3] not in names:
                return says or Reply(0)
            witness = Witness(signer, memories[signer.name], {ORIGIN: parse_vkey(vkey)}, lambda: int(NOON.timestamp()))
            answer = witness.add_checkpoint(body)
            return Reply(answer.status, answer.content_type.partition(";")[0], answer.body)

        with app.app_context():
            return {one.witness: one.outcome for one in collecting.collect(send)}

    return ask


def verified(looking: Playing, folder: Path, policy: bytes, size: int | None = None) -> Report:
    with looking() as play:
        compose_bundle(play.session, play.forum, folder / "bundle.zip", size=size)
        root = trust_root(play.session, play.forum)
    return verify_bundle(folder / "bundle.zip", policy=policy, constitution=root)


def policy_of(client: FlaskClient) -> bytes:
    return client.get(f"/{SLUG}/policy").data


def test_the_policy_names_the_witnesses(collect: Collect, client: FlaskClient) -> None:
    lines = policy_of(client).decode().splitlines()
    assert lines[0].startswith(f"log {ORIGIN}+")
    assert lines[1:] == POLICY.splitlines()


def test_an_auditor_who_demands_a_quorum(collect: Collect, looking: Playing, client: FlaskClient, tmp_path: Path) -> None:
    policy = policy_of(client)
    for names in ((), ("one",)):
        collect(*names)
        refused = verified(looking, tmp_path, policy)
        assert [each.number for each in refused.checks if each.findings] == [2]
        assert refused.checks[1].findings[0].code == "checkpoint.quorum"
    collect("one", "two")
    report = verified(looking, tmp_path, policy)
    report.require_all()
    assert not any("witness" in each for each in report.not_proved)


def test_a_bundle_agrees_with_itself_whoever_has_signed(collect: Collect, looking: Playing, tmp_path: Path) -> None:
    """Its own policy demands the quorum only where that was met: it promises nothing that it does not have."""
    for names, demanding in (((), False), (("one",), False), (("one", "two"), True)):
        collect(*names)
        with looking() as play:
            compose_bundle(play.session, play.forum, tmp_path / "own.zip")
        verify_bundle(tmp_path / "own.zip").require_all()
        with read_bundle(tmp_path / "own.zip") as bundle:
            assert (b"quorum both" in bundle.read_member("policy")) is demanding
            assert (b"no witness" in b" ".join(bundle.read_member("README.txt").split())) is not demanding


def test_older_cosigned_checkpoints_are_in_the_bundle(collect: Collect, playing: Playing, looking: Playing, tmp_path: Path) -> None:
    collect("one", "two")
    with playing() as play:
        play.sign(play.organization(1), "az")
    collect("one", "two")
    with looking() as play:
        compose_bundle(play.session, play.forum, tmp_path / "all.zip")
    verify_bundle(tmp_path / "all.zip").require_all()
    with read_bundle(tmp_path / "all.zip") as bundle:
        older = [name for name in bundle.names if name.startswith("checkpoints/")]
        assert len(older) == 1
        members = {name: bundle.read_member(name) for name in bundle.names if name != "bundle.json"}
        size = bundle.index.size
    line = members[older[0]].splitlines(keepends=True)[-1]
    spoiled = line[:-8] + (b"AAAAAAA" if line[-8:-1] != b"AAAAAAA" else b"BBBBBBB") + b"\n"
    write_bundle({**members, older[0]: members[older[0]].replace(line, spoiled)}, tmp_path / "bad.zip", origin=ORIGIN, size=size)
    report = verify_bundle(tmp_path / "bad.zip")
    assert [each.number for each in report.checks if each.findings] == [2]


def test_what_is_downloaded_is_what_enough_have_signed(collect: Collect, playing: Playing, looking: Playing) -> None:
    collect("one", "two")
    with looking() as play:
        signed = downloads.bundle(play.session, play.forum)
    with playing() as play:
        play.sign(play.organization(1), "az")
    collect("one")
    with looking() as play:
        again = downloads.bundle(play.session, play.forum)
        whole = downloads.bundle(play.session, play.forum, size=signed.size + 3)
    assert again == signed
    assert whole.size == signed.size + 3
    collect("one", "two")
    with looking() as play:
        assert downloads.bundle(play.session, play.forum).size == signed.size + 3
        later = downloads.bundle(play.session, play.forum, size=signed.size + 3)
    assert later.sha256 != whole.sha256  # the second witness has signed it since


def test_the_page(collect: Collect, client: FlaskClient, app: Flask) -> None:
    page = client.get(f"/{SLUG}/witnesses").text
    assert "has signed nothing yet" in page
    assert "Not enough witnesses" in page
    collect("one")
    page = client.get(f"/{SLUG}/witnesses").text
    assert "has signed everything" in page
    assert "did not answer" in page
    assert "Not enough witnesses" in page
    collect("two")
    page = client.get(f"/{SLUG}/witnesses").text
    assert "Enough witnesses have signed the whole record" in page
    assert "contradicts" not in page


def test_the_page_says_when_a_witness_knows_better(collect: Collect, client: FlaskClient) -> None:
    collect("two", says=Reply(409, "text/x.tlog.size", b"9000\n"))
    page = client.get(f"/{SLUG}/witnesses").text
    assert "A witness contradicts this service" in page
    assert "it has seen more than this service now shows" in page
