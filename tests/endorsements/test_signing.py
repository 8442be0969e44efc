"""An organization signs once: the page at every stage, the signature, the retry, the second one, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from declaration.credentials import acts, contents
from declaration.endorsements.models import Endorsement
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.procedure.consequences import totals
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG, as_form, nonce

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


FIELDS = {"language": "en", "read": "yes", "consent": "yes"}


def test_a_signature_is_recorded_projected_and_answered_with_its_receipt(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(1)
    browser = signed_in(party)
    with playing() as play:
        signed = play.signature(party, "tr")
    answer = browser.post(f"/{SLUG}/sign", data=as_form(signed))
    assert answer.status_code == 303
    assert "/receipts/" in answer.location
    again = browser.post(f"/{SLUG}/sign", data=as_form(signed))
    assert (again.status_code, again.location) == (303, answer.location)
    page = browser.get(answer.location)
    assert "Your signature is in the register" in page.text
    assert "Çağrı Iğdırlı" in page.text
    with playing() as play:
        row = play.session.scalars(select(Endorsement)).one()
        found = play.state.endorsements[row.statement]
        assert (row.position, row.entry, row.status, row.country) == (1, found.index, "counted", "tr")
        assert (row.language, row.name_language) == ("tr", "tr")
        document = contents.read(play.session, play.forum.id, found.content)
        assert document is not None
        assert document["language"] == "en"  # no sentence is fixed in a language of translation
        assert ORGANIZATIONS[1][1] in document["sentence"]


def test_a_second_key_of_the_organization_does_not_sign_again(playing: Playing) -> None:
    with playing() as play:
        play.played("en")
        (party,) = play.state.by_party
        play.accredit_signatory(party, number=2)
        with pytest.raises(Refused) as refused:
            play.perform(play.signature(party, number=2))
        assert refused.value.code == "endorsement.duplicate"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"read": ""}, "endorsement.unread"),
        ({"consent": ""}, "endorsement.consent"),
        ({"language": "hu"}, "endorsement.language"),
        ({"language": ""}, "endorsement.language"),
    ],
)
def test_nothing_is_composed_without_reading_and_consent(playing: Playing, change: dict[str, str], code: str) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
        with pytest.raises(Malformed) as refused:
            play.signed(party, "endorsement.sign-v1", play.state.adopted, {**FIELDS, **change})
        assert refused.value.code == code


def test_who_is_no_signatory_cannot_compose_a_signature(playing: Playing) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        with pytest.raises(Refused) as refused:
            play.signed("chair", "endorsement.sign-v1", play.state.adopted, FIELDS)
        assert refused.value.code == "role.not-entitled"


def test_drafts_and_adopted_texts_that_are_not_open_are_not_signed(playing: Playing) -> None:
    with playing() as play:
        play.found().negotiated()
        party = play.organization(0)
        with pytest.raises(Refused) as refused:
            play.signature(party)
        assert refused.value.code == "endorsement.not-open"
        play.opened()
        body = dict(acts.compose(play.session, play.forum, play.actor(party), "endorsement.sign-v1", play.state.adopted, FIELDS)["body"])
        draft = next(iter(play.state.versions))
        with pytest.raises(Refused) as refused:
            play.act(party, "endorsement.sign-v1", draft, body=body)
        assert refused.value.code == "version.not-adopted"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"capacity": "personal"}, "endorsement.capacity"),
        ({"kind": "accession"}, "endorsement.no-accession"),
        ({"language": "hu"}, "endorsement.language"),
        ({"texts": {"en": "0" * 64}}, "endorsement.texts"),
    ],
)
def test_a_signature_says_what_is_so(playing: Playing, change: dict[str, object], code: str) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
        body = acts.compose(play.session, play.forum, play.actor(party), "endorsement.sign-v1", play.state.adopted, FIELDS)["body"]
        with pytest.raises(DeclarationError) as refused:
            play.act(party, "endorsement.sign-v1", play.state.adopted, body={**body, **change})
        assert refused.value.code == code


def test_after_the_window_an_organization_accedes(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened(days=2)
        party = play.organization(0)
        play.advance(days=2)
        play.sign(party)
        counted = totals(play.state)
        assert (counted.total, counted.accessions["az"]) == (0, 1)
    assert "has acceded" in signed_in("chair").get(f"/{SLUG}/register/1").text


def test_another_act_does_not_come_in_by_this_door(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        (party,) = play.state.by_party
        withdrawal = play.signed(party, "endorsement.withdraw-v1", play.state.by_party[party], {"reason": "We left."})
    answer = signed_in(party).post(f"/{SLUG}/sign", data=as_form(withdrawal))
    assert answer.status_code == 400
    assert "endorsement.type" in answer.text


def test_a_withdrawal_is_shown_and_frees_nothing(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en", "tr")
        party = ORGANIZATIONS[0]
        digest = play.state.by_party["az.sample-az-0002"]
        play.act("az.sample-az-0002", "endorsement.withdraw-v1", digest, {"reason": "We left."})
        assert play.session.scalars(select(Endorsement.status).where(Endorsement.statement == digest)).one() == "withdrawn"
        play.advance(minutes=1)
        with pytest.raises(Refused):
            play.perform(play.signature("az.sample-az-0002", nonce=nonce("once more")))
    browser = signed_in("az.sample-az-0002")
    assert "has withdrawn its signature" in browser.get(f"/{SLUG}/sign").text
    register = browser.get(f"/{SLUG}/register").text
    assert "1 signature, valid" in register
    assert "1 withdrawn." in register
    assert party[1] in browser.get(f"/{SLUG}/register/all").text


@pytest.mark.parametrize(
    ("code", "did"), [("en", "withdraws its signature"), ("az", "imzasını geri götürür"), ("tr", "imzasını geri çekiyor")]
)
def test_the_receipt_of_another_act_says_who_did_what_in_the_readers_language(
    playing: Playing, client: FlaskClient, code: str, did: str
) -> None:
    with playing() as play:
        play.played("en")
        party = next(iter(play.state.by_party))
        name = (play.state.keys[play.state.endorsements[play.state.by_party[party]].key].organization or {})["name"]
        left = play.act(party, "endorsement.withdraw-v1", play.state.by_party[party], {"reason": "We left."}).act
    page = client.get(f"/{SLUG}/receipts/{left.digest}?lang={code}").text
    assert f'<p class="lede">{escape(name)} {did}.</p>' in page


def test_a_withdrawal_has_its_receipt_where_it_is_shown(playing: Playing, signed_in: SignedIn, client: FlaskClient) -> None:
    party = "az.sample-az-0002"
    with playing() as play:
        play.played("en", "tr")
        signed = play.state.by_party[party]
    browser = signed_in(party)
    pages = (f"/{SLUG}/sign", f"/{SLUG}/register/1", f"/{SLUG}/register/organizations/{party}")

    def linked(where: str, name: str) -> list[str]:
        return re.findall(rf'href="([^"]+)">{name}</a>', browser.get(where).text)

    assert [linked(page, "The receipt of the withdrawal") for page in pages] == [[], [], []], "nobody has withdrawn"
    with playing() as play:
        left = play.act(party, "endorsement.withdraw-v1", signed, {"reason": "We left."}).act
    receipt = f"/{SLUG}/receipts/{left.digest}"
    assert [linked(page, "The receipt of the withdrawal") for page in pages] == [[receipt]] * 3
    assert linked(pages[0], "The receipt of the signature") == [f"/{SLUG}/receipts/{signed}"], "one is not taken for the other"
    assert linked(pages[0], "Open the receipt") == []
    assert f"Recorded as entry {left.index}" in client.get(receipt).text, "as public as the register that links it"
    assert linked("/played/register/2", "The receipt of the withdrawal") == [], "another organization's page"


# -- the page ----------------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_so_at_every_stage(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
        party = play.organization(0, accredited=False)

    def says(*words: str) -> None:
        text = signed_in(party).get(f"/{SLUG}/sign").text  # days pass between, and sessions end
        for each in words:
            assert each in text, each

    says("still negotiated", "Make a key")
    with playing() as play:
        play.negotiated()
    says("not yet open for signature", "Read the adopted text")
    with playing() as play:
        play.opened(days=3)
        row = play.enrol(party)
    says("Your key waits for the secretariat", "Signature is open until")
    with playing() as play:
        first = play.accredit(row, by="rapporteur", until="2025-11-25")
    says("A second one is awaited")
    with playing() as play:
        play.act("registrar", "second-v1", first.act.digest)
    says("The sentence you sign", "Elçin Əkbəroğlu", 'name="consent"', "data-digest-check")
    with playing() as play:
        play.advance(days=2)
    says("Your mandate ended", "new decision")
    with playing() as play:
        play.advance(days=2)
    says("Your mandate ended")


def test_the_page_carries_the_text_as_it_is_hashed(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
        manifest = play.state.version_text(play.state.adopted or "").manifest
    text = signed_in(party).get(f"/{SLUG}/sign?text=az").text
    assert 'data-unit="OP1" data-lang="az" data-number="1"' in text
    for row in manifest.texts:
        if row.status == "authentic":
            assert row.sha256 in text
    assert manifest.digest in text


def test_the_page_is_for_signatories(playing: Playing, signed_in: SignedIn, client: FlaskClient) -> None:
    with playing() as play:
        play.found()
    assert client.get(f"/{SLUG}/sign").status_code == 401
    assert signed_in("chair").get(f"/{SLUG}/sign").status_code == 403


def test_without_scripts_nothing_is_signed_and_the_page_says_so(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
    answer = signed_in(party).post(f"/{SLUG}/sign", data=FIELDS)
    assert answer.status_code == 409
    assert "signing.missing" in answer.text
