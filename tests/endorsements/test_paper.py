"""Signatures on paper through the doors: what is filed, who attests, who opens, and where it is shown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from declaration.endorsements import paper_signatures, register, story
from declaration.endorsements.exporting import PAPER_COLUMNS
from declaration.errors import DeclarationError, Malformed
from declaration.procedure import consequences, papers
from declaration.procedure.papers import on_paper
from declaration.protocol.encoding import format_time
from declaration.web.clock import SettableClock, now
from tests.documents.values import pages_of
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player
from tests.support.snapshots import Beginning

SignedIn = Callable[..., FlaskClient]
AZ, TR = "az.sample-az-0002", "tr.sample-tr-0001"
NAME = "“Şəfəq” Ekoloji Fondu"
PAGE, PUBLIC = f"/{SLUG}/organizations/{AZ}/paper", f"/{SLUG}/register/paper"
FILE = f"/{SLUG}/register/paper.csv"
SCAN = b"%PDF-1.7\n1 0 obj a signature, a stamp\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR and so on\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0 and so on \xff\xd9"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def opened(playing: Playing, beginning: Beginning) -> Playing:
    """Open for signature; two organizations may sign and have not."""

    def build() -> None:
        with playing() as play:
            play.found().negotiated().opened()
            play.organization(0)
            play.organization(1)

    beginning("paper", build)
    return playing


def scanned(play: Player, party: str = AZ, body: bytes = SCAN) -> str:
    return str(paper_signatures.file(play.session, play.forum, play.actor("rapporteur"), party, body, now=now()).id)


def attest(play: Player, scan: str, by: str = "rapporteur", party: str = AZ) -> str:
    fields = {"scan": scan, "reason": "The original was examined beside the decision of the board."}
    return play.act(by, "paper.attest-v1", play.state.organizations[party].digest, fields).act.digest


def listed(play: Player) -> str:
    digest = attest(play, scanned(play))
    play.act("registrar", "second-v1", digest)
    return digest


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "letter.size"), (b"%PDF-1.7\n" + b"0" * (5 * 1024 * 1024), "letter.size"), (b"<svg/>", "letter.kind"),
        (b"MZ" + SCAN, "letter.kind"),
        (SCAN.replace(b"%%EOF", b""), "paper.broken"), (JPEG[:-1], "paper.broken"), (PNG[:-1], "paper.broken"),
        (SCAN + b" " * 2000, "paper.broken"),
    ],
)  # fmt: skip
def test_what_is_no_scan(opened: Playing, body: bytes, code: str) -> None:
    with opened() as play:
        with pytest.raises(Malformed) as refused:
            scanned(play, body=body)
        assert refused.value.code == code


@pytest.mark.parametrize("body", [SCAN, PNG, JPEG])
def test_a_scan_is_kept_once_and_sealed(opened: Playing, body: bytes) -> None:
    with opened() as play:
        assert scanned(play, body=body) == scanned(play, body=body)
        (found,) = paper_signatures.scans(play.session, play.forum, AZ)
        assert found.filed_by_id == play.actor("rapporteur").person_id


def test_only_a_filed_scan_of_this_organization_is_attested(opened: Playing) -> None:
    with opened() as play:
        theirs = scanned(play, TR)
        for scan in ("", "x", "1", theirs):
            with pytest.raises(DeclarationError) as refused:
                attest(play, scan)
            assert refused.value.code in ("paper.no-scan", "document.unknown"), scan
        assert play.state.awaiting_second == {}


def test_from_the_scan_to_two_attestations_and_the_list(opened: Playing, signed_in: SignedIn) -> None:
    first, second = signed_in("rapporteur"), signed_in("registrar")
    upload = {"scan": (io.BytesIO(SCAN), "scan.exe")}
    assert first.post(PAGE, data=upload, content_type="multipart/form-data").status_code == 303
    with opened() as play:
        (scan,) = paper_signatures.scans(play.session, play.forum, AZ)
        digest = attest(play, str(scan.id))
        assert on_paper(play.state) == []
    assert "the second person must be another person" in first.get(PAGE).text.lower()
    assert "A signature on paper waits for a second person" in second.get(f"/{SLUG}/home").text
    assert "Attest as the second person" in second.get(PAGE).text
    assert "decision of the board" in second.get(PAGE).text  # what the first person says
    assert "No signature on paper has been attested." in signed_in("az", "head").get(PUBLIC).text
    with opened() as play:
        play.act("registrar", "second-v1", digest)
    public = second.application.test_client().get(PUBLIC)
    assert (public.status_code, NAME in public.text) == (200, True)
    assert "by secretariat (rapporteur) and secretariat (registrar)" in public.text
    assert "secretariat registrar" not in public.text  # the person, whose name is not for everybody
    for page in (PUBLIC, PAGE):
        assert '<span lang="en">secretariat registrar</span> (secretariat)' in first.get(page).text
    assert "decision of the board" in public.text
    assert "1 organization signed on paper" in second.get(f"/{SLUG}/register").text
    assert "Attest, as the first person" not in first.get(PAGE).text


def test_who_opens_a_scan(opened: Playing, signed_in: SignedIn) -> None:
    with opened() as play:
        address = f"/{SLUG}/paper/{scanned(play)}"
    assert {who: signed_in(who).post(address).status_code for who in ("rapporteur", "depositary", AZ)} == dict.fromkeys(
        ("rapporteur", "depositary", AZ), 200
    )
    assert signed_in(TR).post(address).status_code == 404
    assert signed_in(TR).get(PAGE).status_code == 404
    assert {signed_in("chair").post(address).status_code, signed_in("az", "head").post(address).status_code} == {403}
    assert signed_in(AZ).post(PAGE, data={"scan": (io.BytesIO(SCAN), "x")}, content_type="multipart/form-data").status_code == 403
    assert "Opened 3 times" in signed_in(AZ).get(PAGE).text


def test_it_is_in_no_total_and_a_key_takes_its_place_with_reference(opened: Playing, client: FlaskClient) -> None:
    with opened() as play:
        listed(play)
        assert consequences.totals(play.state).total == 0
        assert register.all_rows(play.session, play.forum) == []
    assert "No signature yet" in client.get(f"/{SLUG}/register").text
    with opened() as play:
        play.sign(AZ)
        told = [each.type for each in story.acts(play.session, play.forum, AZ, "en")]
        assert told[-3:] == ["paper.attest-v1", "second-v1", "endorsement.sign-v1"]
        assert (on_paper(play.state), consequences.totals(play.state).total) == ([], 1)
    page = client.get(PUBLIC).text
    assert "has signed with a key since" in page
    assert f"/{SLUG}/register/1" in page


def test_a_program_finds_it_apart_while_it_stands(opened: Playing, client: FlaskClient, clock: SettableClock) -> None:
    with opened() as play:
        listed(play)
    at = now_in(opened)
    clock.advance(hours=1)
    with opened() as play:
        play.sign(AZ)
    clock.advance(hours=1)
    then = client.get(f"/{SLUG}/register.json?at={at}").get_json()
    assert [each["party"] for each in then["on_paper"]] == [AZ]
    assert (then["totals"]["counted"], then["endorsements"]) == (0, [])
    since = client.get(f"/{SLUG}/register.json").get_json()
    assert (since["on_paper"], since["totals"]["counted"]) == ([], 1)


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8; header=present"), address
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_spreadsheet_of_its_own_and_no_row_among_the_signed(opened: Playing, client: FlaskClient, clock: SettableClock) -> None:
    with opened() as play:
        play.sign(TR)
        play.advance(minutes=1)
        digest = listed(play)
        standing = play.state.papers[digest]
    at = now_in(opened)
    clock.advance(hours=1)
    then = client.get(f"{FILE}?at={at}")
    (row,) = table(client, f"{FILE}?at={at}&lang=en")
    assert tuple(row) == PAPER_COLUMNS
    assert row == {
        "organization": NAME, "country": "az", "country_name": "Azerbaijan", "registration": "SAMPLE-AZ-0002", "party": AZ,
        "attested": format_time(standing.at), "entry": str(standing.index), "statement": digest, "scan": standing.scan,
    }  # fmt: skip
    assert [each["party"] for each in table(client, f"/{SLUG}/register.csv?at={at}")] == [TR], "it is not among what is counted"
    assert f'filename="on-paper-{SLUG}-' in then.headers["Content-Disposition"]
    with opened() as play:
        play.sign(AZ)
    clock.advance(hours=1)
    assert table(client, FILE) == [], "its place is in the register now"
    assert [each["party"] for each in table(client, f"/{SLUG}/register.csv")] == [TR, AZ]
    client.get(f"/{SLUG}/register?lang=tr")
    again = client.get(f"{FILE}?at={at}")
    assert (again.data, again.headers["Repr-Digest"]) == (then.data, then.headers["Repr-Digest"]), "as it was then, for ever"
    assert table(client, FILE + f"?at={format_time(standing.at - timedelta(seconds=1))}") == [], "one person has not attested it yet"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 1), ("country=az", 1), ("country=tr", 0), ("q=sefeq", 1), ("q=az-0002+fondu", 1), ("q=isik", 0), ("q=%25", 0), ("q=_", 0),
        ("q=sefeq&country=tr", 0), ("q=sefeq&apart=yes", 1), ("apart=yes", 0),
    ],
)  # fmt: skip
def test_what_was_chosen_is_in_the_file_and_offered_only_then(opened: Playing, client: FlaskClient, query: str, rows: int) -> None:
    with opened() as play:
        listed(play)
    assert len(table(client, f"{FILE}?{query}")) == rows
    page = client.get(f"/{SLUG}/register/all?{query}").text
    assert ("CSV of signatures on paper" in page) == bool(rows)
    offered = re.search(rf'href="({FILE}[^"]*)"', page)
    assert (offered is not None) == bool(rows)
    if offered is not None:
        assert len(table(client, unescape(offered[1]))) == rows, "what is offered is what was chosen"


def test_it_is_offered_where_there_is_one_and_not_before(opened: Playing, client: FlaskClient, clock: SettableClock) -> None:
    for page in (f"/{SLUG}/register", f"/{SLUG}/register/all", PUBLIC):
        assert FILE not in client.get(page).text, page
    with opened() as play:
        digest = listed(play)
    at = now_in(opened)
    clock.advance(hours=1)
    for page in (f"/{SLUG}/register", f"/{SLUG}/register/all", PUBLIC):
        assert FILE in client.get(page).text, page
    with opened() as play:
        play.act("depositary", "paper.set_aside-v1", digest, {"reason": "The stamp is another organization’s."})
    for page in (f"/{SLUG}/register", f"/{SLUG}/register/all", PUBLIC):
        assert FILE not in client.get(page).text, page
    assert table(client, FILE) == []
    assert f"{FILE}?at={at.replace(':', '%3A')}" in client.get(f"/{SLUG}/register?at={at}").text.replace(":", "%3A"), "it stood then"


@pytest.mark.parametrize("query", ["at=2001-01-01T00:00:00Z", "at=2999-01-01T00:00:00Z", "at=soon", "country=xx"])
def test_what_no_file_of_papers_can_show(opened: Playing, client: FlaskClient, query: str) -> None:
    assert client.get(f"{FILE}?{query}").status_code == 404


def test_no_cell_of_it_is_a_formula(opened: Playing, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as play:
        digest = listed(play)
        standing = replace(play.state.papers[digest], name="=1+1", registration="@SUM(A1)")
    monkeypatch.setattr(papers, "on_paper", lambda state, *, as_at=None: [standing])
    (row,) = table(client, FILE)
    assert (row["organization"], row["registration"]) == ("'=1+1", "'@SUM(A1)")


def now_in(opened: Playing) -> str:
    """A second after the last act, as an address has it."""
    with opened() as play:
        return format_time(play.state.times[-1] + timedelta(seconds=1))


def test_the_printed_declaration_lists_it_apart(opened: Playing, client: FlaskClient) -> None:
    with opened() as play:
        play.sign(play.organization(2))
        listed(play)
    paper = "\n".join(line for page in pages_of(client.get(f"/{SLUG}/signed.pdf?lang=en").data) for line in page)
    before, found, after = paper.partition("Signed on paper")
    assert (found != "", "Şəfəq" in before, "Şəfəq" in after) == (True, False, True)
    assert "in no total" in after


def test_the_depositary_sets_it_aside_in_sight_of_all(opened: Playing, signed_in: SignedIn, client: FlaskClient) -> None:
    with opened() as play:
        digest = listed(play)
    assert "Set it aside" in signed_in("depositary").get(PAGE).text
    assert "Set it aside" not in signed_in("rapporteur").get(PAGE).text
    with opened() as play:
        play.act("depositary", "paper.set_aside-v1", digest, {"reason": "The stamp is another organization’s."})
    assert "set aside by the depositary" in client.get(PUBLIC).text
