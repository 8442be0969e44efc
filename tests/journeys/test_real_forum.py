"""A forum that is no demonstration: described in a folder, imported, and begun by people who make keys of their own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.service import Service
from tests.journeys.visitor import Visitor, entrance

pytestmark = pytest.mark.browser

PASSPHRASE = "three herons in the reeds"
OFFICER = {"office": "Office", "language": "en"}
FORUM = {
    "slug": "lake-2026",
    "host": "lake.example",
    "declaration": "LAKE/2026/JD",
    "title": {"en": "Joint Declaration on the Lake", "hu": "Közös nyilatkozat a tóról"},
    "short_title": {"en": "Lake Declaration", "hu": "Tónyilatkozat"},
    "languages": {"en": "authentic", "hu": "authentic"},
    "original": "en",
    "prevailing": "en",
    "time_zone": "Europe/Budapest",
    "city": {"en": "Budapest", "hu": "Budapest"},
    "rules": {"version": 1, "quorum": 2, "rationale_words": 50, "hold_hours": 24, "accession": False, "public_from": "adopted"},
    "schedule": {
        "zero_draft_circulated": "2026-03-02T10:00:00+01:00",
        "amendments_due": "2026-03-09T18:00:00+01:00",
        "adoption": "2026-03-20T12:00:00+01:00",
        "signature_opens": "2026-03-20T13:00:00+01:00",
        "signature_closes": "2026-06-30T23:59:00+02:00",
    },
    "delegations": "delegations.json",
    "zero_draft": "zero-draft.json",
    "people": {
        "chair": {"name": "Őry Júlia", **OFFICER},
        "secretariat": [{"name": "Ábel Réka", "party": "rapporteur", **OFFICER}, {"name": "Kun Béla", "party": "registrar", **OFFICER}],
        "depositary": {"name": "Sós Ida", **OFFICER},
        "translators": [
            {"name": "Fehér Anna", "party": "translator-hu-1", "office": "Translator", "language": "hu"},
            {"name": "Gál Ernő", "party": "translator-hu-2", "office": "Translator", "language": "hu"},
        ],
    },
}
DELEGATIONS = {
    "protocol_order": ["HU", "AZ"],
    "alphabetical": {"en": ["AZ", "HU"], "hu": ["AZ", "HU"]},
    "delegations": [
        {"id": "HU", "forum_status": "full", "languages": ["hu"], "time_zone": "Europe/Budapest", "name": {"en": "Hungary"},
         "tag": {"en": "HU"}, "head": "Tűzkő Márta", "members": []},
        {"id": "AZ", "forum_status": "full", "languages": ["az"], "time_zone": "Asia/Baku", "name": {"en": "Azerbaijan"},
         "tag": {"en": "AZ"}, "head": "Elçin Şirin", "members": []},
    ],
}  # fmt: skip
DRAFT = {
    "paragraphs": [
        {"id": "T", "kind": "title", "text": {"en": "Joint Declaration on the Lake", "hu": "Közös nyilatkozat a tóról"}},
        {"id": "PP1", "kind": "preambular", "text": {"en": "Recalling the flood of 2013,", "hu": "Emlékeztetve a 2013-as árvízre,"}},
        {"id": "OP1", "kind": "operative", "text": {"en": "Decide to keep the lake clean.", "hu": "Elhatározzuk a tó védelmét."}},
    ]
}


def described(folder: Path) -> Path:
    made = folder / "lake"
    made.mkdir()
    for name, document in (("forum", FORUM), ("delegations", DELEGATIONS), ("zero-draft", DRAFT)):
        (made / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False))
    return made


def test_a_forum_begins_with_the_keys_of_its_own_people(unfounded: Service, browser: Browser, tmp_path: Path) -> None:
    runner = unfounded.app.test_cli_runner()
    imported = runner.invoke(args=["forum", "import", str(described(tmp_path))])
    assert imported.exit_code == 0, imported.output
    invited = runner.invoke(args=["forum", "invite", "chair"])
    with entrance(browser, unfounded) as enter:
        chair, office, head = enter(), enter(), enter()
        follow(chair, link_in(invited.output))
        make_a_key(chair)
        sign_the_constitution(chair)
        follow(office, link_for(chair, "Ábel Réka"))
        make_a_key(office)
        follow(head, link_for(office, "Tűzkő Márta"))
        make_a_key(head)
        accredit(chair, head, office)
        circulate(chair)
        assert "Decide to keep the lake clean." in head_reads(head)
        drafts_cannot_be_signed(enter(), office, unfounded)
        no_demonstration(head)


def link_in(words: str) -> str:
    found = re.search(r"/sign-in/\S+", words)
    assert found, words
    return found[0]


def follow(visitor: Visitor, path: str) -> None:
    visitor.page.goto(path)
    visitor.button("Sign in on this device").click()
    expect(visitor.page).to_have_url(re.compile(r"/lake-2026/home$"))


def link_for(manager: Visitor, name: str) -> str:
    manager.go("people").get_by_role("button", name=f"Issue a link for {name}").click()
    expect(manager.page.get_by_role("heading", level=1)).to_contain_text(name)
    return link_in(manager.words)


def make_a_key(visitor: Visitor) -> None:
    page = visitor.go("home")
    page.get_by_role("link", name="Make your key").click()
    expect(page.get_by_text("demonstration")).to_have_count(0)
    visitor.button("Make a key").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    visitor.button("Make my key").click()
    page.get_by_role("checkbox", name="I go on without a backup").check()
    visitor.button("Send my public key").click()
    expect(page.get_by_text("Your public key has arrived.")).to_be_visible()


def sign_the_constitution(chair: Visitor) -> None:
    page = chair.go("home")
    page.get_by_role("link", name="Read and sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Constitution of the forum")
    page.get_by_text("Sign the constitution…").click()
    chair.sign(chair.button("Sign the constitution"))
    assert chair.service.state.constitution is not None


def accredit(chair: Visitor, *holders: Visitor) -> None:
    for holder in holders:
        fingerprint = holder.go("keys").locator("main strong.hash").inner_text()
        card = chair.go("accreditations").locator(".card", has_text=fingerprint)
        chair.sign(card.get_by_role("button", name="Accredit this key"))
        expect(holder.go("keys").get_by_text("Accredited: acts signed with it count.")).to_be_visible()


def circulate(chair: Visitor) -> None:
    page = chair.go("home")
    page.get_by_role("link", name="Read the changes").click()
    chair.sign(chair.button("Approve by signing the digest"))
    page = chair.go("home")
    page.get_by_role("link", name="Set the hours and sign").click()
    page.get_by_label("Deadline for amendments").fill("2030-01-01T12:00")
    chair.sign(chair.button("Open the first reading"))
    assert chair.service.state.stage == "first_reading"


def head_reads(head: Visitor) -> str:
    head.go("text")
    return head.words


def drafts_cannot_be_signed(signatory: Visitor, office: Visitor, service: Service) -> None:
    page = office.go("organizations")
    page.get_by_label("Country").select_option("hu")
    for label, words in (("Name", "Tó Barátai"), ("Registration number", "HU-1"), ("Who signs", "Nagy Éva")):
        fill(page, label, words)
    fill(page, "Office", "elnök")
    office.button("Register").click()
    page.get_by_role("button", name=re.compile("link", re.IGNORECASE)).first.click()
    follow(signatory, link_in(office.words))
    page = signatory.go("sign")
    assert "Only an adopted text can be signed." in signatory.words
    expect(signatory.button("Sign")).to_have_count(0)
    draft = service.state.current
    answer = page.evaluate(
        """async ([url, object]) => (await fetch(url, {method: 'POST', headers: {Accept: 'application/json'},
             body: new URLSearchParams({type: 'endorsement.sign-v1', object, language: 'en', read: 'yes', consent: 'yes'})})).status""",
        [f"{signatory.base}/act/compose", draft],
    )
    assert answer >= 400
    signatory.forgive(str(answer))
    assert not service.state.endorsements


def fill(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)


def no_demonstration(head: Visitor) -> None:
    expect(head.page.get_by_text("A demonstration")).to_have_count(0)
    expect(head.page.get_by_role("button", name=re.compile("clock"))).to_have_count(0)
    assert head.page.request.get(f"{head.base}/demo/key.pem").status in (403, 404)
