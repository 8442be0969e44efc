"""Corrections through the pages: signed text and text as corrected, and what neither the Chair nor a stranger does."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from declaration.credentials.record import log_of
from declaration.endorsements import corrigenda as correcting
from declaration.endorsements.bundle import compose_bundle
from declaration.errors import DeclarationError
from declaration.protocol.encoding import b64encode, format_time
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import now
from tests.documents.values import flowing
from tests.endorsements.conftest import Playing
from tests.support.play import AMENDED, SLUG, TEXT, Player

SignedIn = Callable[..., FlaskClient]
PAGE = f"/{SLUG}/corrigenda"
BETTER = "Hər il Bakıda görüşməyi qərara alırıq;"
PROPOSAL = {"kind": "text", "language": "az", "unit": "OP1", "reads": BETTER, "reason": "A word is missing."}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def proposed(play: Player) -> str:
    return play.act("depositary", "corrigendum.propose-v1", play.state.adopted, PROPOSAL).act.digest


def until(play: Player, days: int = 15) -> str:
    from datetime import timedelta

    return format_time(now() + timedelta(days=days))


def test_a_correction_from_its_notice_to_the_proces_verbal(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        digest = proposed(play)
        play.act("depositary", "corrigendum.notify-v1", digest, {"until": until(play), "reason": "To all."})
    head, keeper = signed_in("kz"), signed_in("depositary")
    assert "Object" in head.get(PAGE).text
    assert AMENDED[1] in head.get(PAGE).text
    with playing() as play:
        play.act("kz", "corrigendum.object-v1", digest, {"reason": "Not so."}, role="head")
        revised = {"reads": BETTER.replace("Bakıda", "birlikdə"), "until": until(play), "reason": "Revised."}
        play.act("depositary", "corrigendum.renotify-v1", digest, revised)
        with pytest.raises(DeclarationError) as early:
            play.act("depositary", "corrigendum.rectify-v1", digest, {"reason": "Procès-verbal."})
        assert early.value.code == "corrigendum.too-early"
        play.advance(days=16)
        early_on = f"{now():%Y-%m-%dT%H:%M:%SZ}"
        play.advance(minutes=1)
        done = play.act("depositary", "corrigendum.rectify-v1", digest, {"reason": "Procès-verbal."}).act.index
        made = play.state.corrected["az"][0]
        assert play.state.endorsements[next(iter(play.state.endorsements))].status == "counted"
    page = signed_in("depositary").get(PAGE).text
    assert made.previous in page
    assert made.sha256 in page
    assert f"{made.symbol}" in page
    assert "<p>Procès-verbal.</p>" in page
    assert f'/record/{done}">entry {done}</a>' in page
    register = keeper.get(f"/{SLUG}/register").text
    for words in (made.previous, f"as corrected by {made.symbol}", made.sha256):
        assert words in register
    before = keeper.get(f"/{SLUG}/register?at={early_on}").text
    assert made.previous in before
    assert made.sha256 not in before
    served = keeper.get(f"{PAGE}/az.txt")
    assert sha256(served.data).hexdigest() == made.sha256
    assert "birlikdə" in served.text
    assert keeper.get(f"{PAGE}/hu.txt").status_code == 404


def test_a_certified_copy_reads_as_the_text_reads_today(playing: Playing, client: FlaskClient) -> None:
    """The words, the hash that the depositary signed, and the very signature; nothing before the depositary has signed anything."""
    with playing() as play:
        play.found().negotiated()
    assert client.get(f"/{SLUG}/copy.pdf").status_code == 404
    with playing() as play:
        play.opened()
        opening = play.state.digests[play.state.window.act]
        play.organization(0)
    before = flowing(client.get(f"/{SLUG}/copy.pdf?text=az").data)
    assert "copy, as corrected" not in before
    assert f"entry {opening} of the record" in before
    with playing() as play:
        digest = proposed(play)
        play.act("depositary", "corrigendum.notify-v1", digest, {"until": until(play), "reason": "To all."})
        play.advance(days=16)
        play.act("depositary", "corrigendum.rectify-v1", digest, {"reason": "Procès-verbal."})
        made = play.state.corrected["az"][0]
        act = play.state.digests[made.act]
        log = log_of(play.session, play.forum)
        signature = b64encode(parse_entry(queries.entry(play.session, log, act)).signature)
    after = flowing(client.get(f"/{SLUG}/copy.pdf?text=az&lang=en").data)
    for words in (BETTER, f"{made.symbol}", made.previous, made.sha256, f"entry {act} of the record"):
        assert words in after
    assert signature in after.replace(" ", "")
    assert AMENDED[0] in flowing(client.get(f"/{SLUG}/copy.pdf?text=en").data)
    assert client.get(f"/{SLUG}/copy.pdf?text=hu").status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "OP9"}, "corrigendum.unit"),
        ({"reads": ""}, "corrigendum.reads"),
        ({"reads": AMENDED[1]}, "corrigendum.nothing"),
        ({"reads": AMENDED[1].replace(" ", "\r\n  ") + "\r\n"}, "corrigendum.nothing"),
        ({"kind": "copy"}, "corrigendum.copy"),
        ({"kind": "copy", "language": "hu", "reads": ""}, "corrigendum.language"),
        ({"language": "hu"}, "corrigendum.language"),
        ({"reads": "Hər il\u202e"}, "letters.refused"),
        ({"reason": ""}, "reason.missing"),
    ],
)
def test_a_correction_that_cannot_be_composed(playing: Playing, changes: dict[str, str], code: str) -> None:
    with playing() as play:
        play.found().negotiated()
        with pytest.raises(DeclarationError) as refused:
            play.signed("depositary", "corrigendum.propose-v1", play.state.adopted, {**PROPOSAL, **changes})
        assert refused.value.code == code


@pytest.mark.parametrize("reads", ["", AMENDED[1]])
def test_an_error_in_a_copy_alone_changes_no_word(playing: Playing, reads: str) -> None:
    with playing() as play:
        play.found().negotiated()
        fields = {**PROPOSAL, "kind": "copy", "reads": reads}
        play.act("depositary", "corrigendum.propose-v1", play.state.adopted, fields)
        (made,) = play.state.corrigenda.values()
        assert (made.kind, made.edits) == ("copy", ())


def test_a_space_that_keeps_words_on_one_line_is_no_other_space(playing: Playing) -> None:
    with playing() as play:
        play.found().negotiated()
        fields = {**PROPOSAL, "reads": AMENDED[1].replace("Hər il", "Hər\N{NO-BREAK SPACE}il")}
        play.act("depositary", "corrigendum.propose-v1", play.state.adopted, fields)
        (made,) = play.state.corrigenda.values()
        assert [each.after for each in correcting.reads(play.state, made)] == [fields["reads"]]


def test_a_proposal_begins_with_the_paragraph_as_it_reads_now(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated()
    client = signed_in("depositary")
    for asked, shown in (("", TEXT[0][2]), ("?unit=OP1", AMENDED[0]), ("?unit=OP1&text=az", AMENDED[1]), ("?unit=OP9", TEXT[0][2])):
        page = client.get(PAGE + asked).text
        assert f">\n{shown}</textarea>" in page, asked
        assert f'data-reads="{AMENDED["az" in asked]}"' in page, asked  # the others, for the script
    assert '<input type="hidden" name="unit" value="OP1">' in client.get(f"{PAGE}?unit=OP1").text
    copy = client.get(f"{PAGE}?kind=copy").text
    assert 'aria-describedby="reads-hint" disabled>' in copy
    assert 'name="kind" value="copy">' in copy


def test_after_a_rectification_it_begins_with_the_corrected_paragraph(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        rectified(play)
    assert f">\n{BETTER}</textarea>" in signed_in("depositary").get(f"{PAGE}?unit=OP1&text=az").text


def test_before_adoption_there_is_nothing_to_correct(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
    assert signed_in("depositary").get(PAGE).status_code == 404


def test_the_chair_and_a_visitor_read_alone(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated()
        proposed(play)
    for who in ("chair", "translator-az-1"):
        text = signed_in(who).get(PAGE).text
        assert "Proposed correction" in text
        assert "Propose the correction" not in text
        assert 'name="reason"' not in text


def rectified(play: Player) -> None:
    play.played("en")
    digest = proposed(play)
    play.act("depositary", "corrigendum.notify-v1", digest, {"until": until(play), "reason": "To all."})
    play.advance(days=16)
    play.act("depositary", "corrigendum.rectify-v1", digest, {"reason": "Procès-verbal."})


def test_the_text_page_reads_three_ways(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        rectified(play)
        made = play.state.corrected["az"][0]
    pages = {name: client.get(f"/{SLUG}/text?text=az&reading={name}").text for name in ("corrected", "signed", "changes")}
    for page in pages.values():
        assert made.previous in page
        assert made.sha256 in page
    assert BETTER in client.get(f"/{SLUG}/text?text=az").text, "the text as corrected is the text"
    assert (BETTER in pages["corrected"], AMENDED[1] in pages["corrected"]) == (True, False)
    assert (BETTER in pages["signed"], AMENDED[1] in pages["signed"]) == (False, True)
    assert "<ins>" in pages["changes"]
    for address, digest in (("signed/az.txt", made.previous), ("az.txt", made.sha256)):
        assert sha256(client.get(f"{PAGE}/{address}").data).hexdigest() == digest
    assert client.get(f"/{SLUG}/text?text=az&reading=other").status_code == 404
    signed = flowing(client.get(f"/{SLUG}/signed.pdf?text=az&lang=en").data)
    assert (AMENDED[1] in signed, BETTER in signed, made.sha256 in signed) == (True, False, True)
    assert "Signatures stay valid" in client.get(f"/{SLUG}/register/1").text
    english = client.get(f"/{SLUG}/text?text=en&reading=changes").text
    assert "Signed text" not in english, "nothing was corrected in this language"
    assert client.get(f"{PAGE}/signed/hu.txt").status_code == 404


def test_a_copy_has_the_same_bytes_until_the_text_is_corrected_again(playing: Playing, client: FlaskClient) -> None:
    address = f"/{SLUG}/copy.pdf?text=az&lang=en"
    with playing() as play:
        play.found().negotiated().opened()
    first = client.get(address).data
    with playing() as play:
        play.sign(play.organization(0))
        play.advance(days=1)
    assert client.get(address).data == first
    with playing() as play:
        digest = proposed(play)
        play.act("depositary", "corrigendum.notify-v1", digest, {"until": until(play), "reason": "To all."})
        play.advance(days=16)
        play.act("depositary", "corrigendum.rectify-v1", digest, {"reason": "Procès-verbal."})
    assert client.get(address).data != first


def test_the_verifier_names_both_texts(playing: Playing, tmp_path: Path) -> None:
    with playing() as play:
        rectified(play)
        made = play.state.corrected["az"][0]
        compose_bundle(play.session, play.forum, tmp_path / "b.zip")
    report = verify_bundle(tmp_path / "b.zip")
    assert report.verified
    said = report.as_text()
    for words in (made.symbol, made.previous, made.sha256):
        assert words in said
