"""The whole path: from a member's first words to a declaration that organizations can sign, by people at browsers of their own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from declaration.procedure import consequences
from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

BASE = (
    "Decide that the Platform shall be led by a representative of the non-governmental organizations of the country holding the "
    "chairmanship of the OTS, beginning with Azerbaijan;"
)
OF_UZ = BASE.replace("led", "chaired for one year")
OF_TR = BASE.replace("led", "coordinated")
OF_CHAIR = BASE.replace("led", "chaired and coordinated for one year")
AZERBAIJANI, TURKISH = "Platformaya bir il sədrlik edilsin və o əlaqələndirilsin;", "Platforma bir yıl başkanlık ve eş güdüm yapılsın;"

INSIDE = """() => {
  const main = document.querySelector('main').cloneNode(true);
  for (const e of main.querySelectorAll('.countdown, time, progress')) e.remove();
  return main.innerHTML;
}"""


def test_from_a_members_draft_to_a_declaration_that_is_open_for_signature(opened: Service, enter_opened: Enter) -> None:
    enter = enter_opened
    member = enter().sign_in("member", "uz")
    head_uz = enter().sign_in("head", "uz")
    head_kz = enter().sign_in("head", "kz").use_demo_key()
    head_tr = enter().sign_in("head", "tr").use_demo_key()
    chair = enter().sign_in("chair", "chair").use_demo_key()
    office = enter().sign_in("secretariat", "rapporteur").use_demo_key()

    before = everything_seen(head_kz, chair, office)
    draft_in_the_editor(member)
    assert everything_seen(head_kz, chair, office) == before

    submit_what_the_member_wrote(head_uz)
    read_and_comment(head_kz)
    head_uz.go("paragraphs/OP2")
    assert "Who carries the costs?" in head_uz.words
    assert "Ask Astana first" not in head_uz.words
    compete(head_tr)
    rejected = opened.propose("hu", "OP11", "Invite non-governmental organizations of the Turkic world to WUF13;", "Shorter.")

    admit_everything(office)
    join(head_kz)
    bridge_the_collision(chair)
    move_the_clock_to_the_deadline(chair)
    issue_the_compilation(office)
    accept_and_reject(chair, opened, rejected)
    put_to_the_meeting(chair, opened)

    revised = circulate_the_next_version(office, chair, changes=["chaired and coordinated for one year"])
    history_names_who_wrote_what(head_kz)
    agree(chair, opened)
    confirm(head_kz, opened, revised)
    for party in sorted(set(opened.parties("head")) - {"kz"}):
        opened.act("head", party, "confirmation.confirm-v1", revised)

    begin_legal_review(chair)
    translate(opened, enter().sign_in("translator", "translator-az-1").use_demo_key())
    certify(enter().sign_in("translator", "translator-az-2").use_demo_key())
    final = circulate_the_next_version(office, chair, changes=[])
    adopt(chair, final, opened)
    open_for_signature(enter().sign_in("depositary", "depositary").use_demo_key())

    stranger = enter()
    stranger.go("text")
    assert OF_CHAIR in stranger.words
    stranger.go("text?text=az")
    assert AZERBAIJANI in stranger.words
    assert opened.state.stage == "open_for_signature"


# -- the delegation ----------------------------------------------------------------------------------------------------------


def everything_seen(head_kz: Visitor, chair: Visitor, office: Visitor) -> dict[str, str]:
    """What three people of other delegations and offices are shown, without the hours that run."""
    pages = {
        head_kz: ("home", "text", "proposals", "paragraphs/OP2", "drafts", "stage"),
        chair: ("home", "table/OP2", "paragraphs/OP2", "hall/OP2", "proposals"),
        office: ("home", "proposals", "paragraphs/OP2", "stage", "next"),
    }
    return {f"{place} {name}": who.go(name).evaluate(INSIDE) for place, (who, names) in enumerate(pages.items()) for name in names}


def draft_in_the_editor(member: Visitor) -> None:
    page = member.go("paragraphs/OP2")
    page.get_by_role("link", name="Amend this paragraph").click()
    expect(page.locator("#redline ins")).to_have_count(0)
    area = page.get_by_label("As it would read")
    assert area.input_value().strip() == BASE
    area.fill(OF_UZ)
    expect(page.locator("#redline del")).to_have_text("led")
    expect(page.locator("#redline ins")).to_have_text("chaired for one year")
    page.get_by_label("Why", exact=True).fill("A chairmanship that rotates is one that everybody carries.")
    expect(page.get_by_role("button", name="Submit and sign")).to_be_disabled()
    member.button("Ask the head").click()
    expect(page.get_by_text("Your head of delegation finds it on their page.")).to_be_visible()
    expect(page.get_by_text("Waiting for the head")).to_be_visible()


def submit_what_the_member_wrote(head: Visitor) -> None:
    """The head sees the draft before a key is on this device, brings the key with one press, reads, submits."""
    page = head.page
    page.reload()
    expect(page.locator(".card del")).to_have_text("led")
    expect(head.button("Submit and sign")).to_be_disabled()
    head.use_demo_key()
    head.sign(head.button("Submit and sign"))
    page = head.go("paragraphs/OP2")
    expect(page.locator(".side", has_text="AM/001").get_by_text("Uzbekistan")).to_be_visible()


def read_and_comment(head: Visitor) -> None:
    page = head.go("paragraphs/OP2")
    side = page.locator("article.side")
    expect(side.locator("ins")).to_have_text("chaired for one year")
    expect(side.get_by_role("heading")).to_contain_text("Uzbekistan")
    expect(side.get_by_text("A chairmanship that rotates")).to_be_visible()
    comment(page, "Ask Astana first.", "Only the delegation of Kazakhstan")
    expect(page.locator(".comment--own").get_by_text("Ask Astana first.")).to_be_visible()
    comment(page, "Who carries the costs?", "Everyone")
    expect(page.locator(".comment--all").get_by_text("Who carries the costs?")).to_be_visible()


def comment(page: Page, words: str, audience: str) -> None:
    form = page.locator("form", has=page.get_by_role("button", name="Post comment"))
    form.get_by_role("radio", name=audience).check()
    form.get_by_label("Comment", exact=True).fill(words)
    form.get_by_role("button", name="Post comment").click()


def join(head: Visitor) -> None:
    page = head.go("paragraphs/OP2")
    head.sign(page.locator("#AM-001").get_by_role("button", name="Join as co-sponsor"))
    expect(page.locator("#AM-001").get_by_role("heading")).to_have_text("Uzbekistan, Kazakhstan")


def compete(head: Visitor) -> None:
    page = head.go("paragraphs/OP2/propose")
    page.get_by_label("As it would read").fill(OF_TR)
    page.get_by_label("Why", exact=True).fill("Nobody leads a platform of equals.")
    head.button("Go on to submit").click()
    expect(page.locator("main ins")).to_have_text("coordinated")
    head.sign(head.button("Submit and sign"))


# -- the table ---------------------------------------------------------------------------------------------------------------


def admit_everything(office: Visitor) -> None:
    page = office.go("home")
    for _ in range(2):
        office.sign(page.get_by_role("button", name="Admit as in order").first)
    expect(page.get_by_role("button", name="Admit as in order")).to_have_count(0)


def bridge_the_collision(chair: Visitor) -> None:
    page = chair.go("table/OP2")
    expect(page.locator(".clash")).to_have_text("led")
    expect(page.locator(".side--base .note--warn")).to_contain_text("AM/001, AM/002 on “led”")
    for box in page.locator("fieldset", has_text="It bridges").get_by_role("checkbox").all():
        expect(box).to_be_checked()
    page.get_by_label("Text", exact=True).fill(OF_CHAIR)
    expect(page.locator("#chair-preview ins")).to_have_text("chaired and coordinated for one year")
    page.locator(".side--chair").get_by_label("Why").fill("It keeps the year of the one and the word of the other.")
    chair.sign(chair.button("Table it and sign"))
    expect(page.locator("article.side--chair")).to_contain_text("Bridges")
    for _ in range(2):
        chair.sign(chair.button("Park: taken up elsewhere").first)
    expect(page.locator(".clash")).to_have_count(0)


def move_the_clock_to_the_deadline(chair: Visitor) -> None:
    chair.button("Move the clock to the deadline for amendments").click()
    expect(chair.page.get_by_text("The clock of this demonstration has been moved forward.")).to_be_visible()


def issue_the_compilation(office: Visitor) -> None:
    page = office.go("stage")
    office.sign(office.button("Issue the compilation"))
    expect(page.get_by_text("The proposals are settled, paragraph by paragraph.").first).to_be_visible()


def accept_and_reject(chair: Visitor, service: Service, rejected: str) -> None:
    page = chair.go("table/OP2")
    chair.sign(chair.button("Accept: no objection").first)
    page = chair.go("table/OP11")
    page.get_by_text("Not retain…").click()
    page.get_by_role("textbox", name="Reason").fill("The meeting wants to take part actively.")
    chair.sign(chair.button("Not retain"))
    page = chair.go("paragraphs/OP11")
    assert "The meeting wants to take part actively." in chair.words
    assert service.state.amendments[rejected].status == "not_retained"


def put_to_the_meeting(chair: Visitor, service: Service) -> None:
    """What was decided on is put to the meeting, all of it at once."""
    page = chair.go("agreed")
    for unit in consequences.brackets(service.state):
        page.locator(f'input[name="unit-{unit}"]').check()
    chair.sign(chair.button("Put the ticked ones to the meeting: no objection"))
    assert consequences.brackets(service.state) == []


# -- versions ----------------------------------------------------------------------------------------------------------------


def circulate_the_next_version(office: Visitor, chair: Visitor, *, changes: list[str]) -> str:
    """The secretariat puts it before the Chair, who sees what changes and signs its digest; the digest."""
    office.go("next")
    office.button("Submit for approval").click()
    page = chair.go("next")
    expect(page.locator("main .sheet ins")).to_have_text(changes)
    digest = page.locator(".panel .hash").first.inner_text()
    chair.sign(chair.button("Approve by signing the digest"))
    assert chair.service.state.current == digest
    return digest


def history_names_who_wrote_what(reader: Visitor) -> None:
    page = reader.go("paragraphs/OP2/history")
    expect(page.locator(".sheet p.text u")).to_have_text(["chaired and coordinated for one year"])
    assert "AM/001 (Uzbekistan, Kazakhstan)" in reader.words
    assert "AM/002 (Türkiye)" in reader.words


def agree(chair: Visitor, service: Service) -> None:
    page = chair.go("stage")
    page.get_by_role("link", name="Declare agreed ad referendum").click()
    chair.sign(chair.button("Declare agreed ad referendum"))
    assert service.state.stage == "agreed_ad_ref"


def confirm(head: Visitor, service: Service, version: str) -> None:
    """The head reads the whole text; the device recomputes its digest from the words on the screen."""
    page = head.go("home")
    page.get_by_role("link", name="Read and confirm").click()
    page.get_by_role("button", name="I have read the changes: on to the whole text").click()
    expect(page.locator("[data-digest-shown]")).to_contain_text(version)
    head.sign(head.button("Confirm the whole text"))


def begin_legal_review(chair: Visitor) -> None:
    chair.go("stage")
    chair.sign(chair.button("Begin the legal review"))


def translate(service: Service, translator: Visitor) -> None:
    page = translator.go("languages/az")
    page.locator("#text-OP2").fill(AZERBAIJANI)
    page.locator("#edit-OP2").get_by_role("checkbox").check()
    translator.sign(translator.button("Submit what is ready"))
    expect(page.get_by_text("Nothing is behind the original.")).to_be_visible()
    fields = {"language": "tr", "text-OP2": TURKISH, "ready-OP2": "yes"}
    service.act("translator", "translator-tr-1", "language_version.submit-v1", service.state.current, fields)
    service.act("translator", "translator-tr-2", "language_version.certify-v1", service.state.current, {"language": "tr"})


def certify(translator: Visitor) -> None:
    page = translator.go("home")
    page.get_by_role("link", name="Read and certify").click()
    translator.sign(translator.button("Certify this language"))


def adopt(chair: Visitor, final: str, service: Service) -> None:
    for step, name in (("freeze", "Freeze the final version"), ("present", "Present for adoption")):
        chair.go(f"stage/{step}")
        chair.sign(chair.button(name))
    page = chair.go("stage/adopt")
    expect(page.locator("[data-digest-shown]")).to_contain_text(final)
    for box in page.get_by_role("checkbox").all():
        box.check()
    chair.sign(chair.button("Adopt the Declaration"))
    assert service.state.adopted == final


def open_for_signature(depositary: Visitor) -> None:
    depositary.go("stage")
    depositary.sign(depositary.button("Open for signature"))
    expect(depositary.page.get_by_text(re.compile("Organizations may sign"))).to_be_visible()
