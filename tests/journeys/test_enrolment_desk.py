"""Two officers at once in the hall: a tablet and a laptop, one queue, nobody is taken twice and nobody is confirmed by one alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from declaration.demo import offering, player
from declaration.demo.personas import persona
from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import PHONE, overflow

pytestmark = pytest.mark.browser


def test_two_officers_enrol_side_by_side(played: Service, enter_played: Enter) -> None:
    waiting = [one for one in played.parties("signatory") if one not in played.state.by_party][:2]
    with played.work() as (session, forum):
        for party in waiting:
            player.enrol(session, forum, persona(session, forum, offering.ring_of_instance(), "signatory", party))
    first = enter_played(size=PHONE).be("secretariat", "rapporteur").use_demo_key()
    second = enter_played().be("secretariat", "registrar").use_demo_key()

    take(first, "Take the next one")
    take(second, "Take the next one")
    assert first.heading != second.heading  # two desks, two persons
    assert overflow(first.page) == []
    theirs = second.page.url
    first.page.goto(theirs)
    expect(first.page.get_by_role("button", name="Take over")).to_be_visible()
    expect(first.page.get_by_role("button", name="Accredit this key")).to_have_count(0)
    first.go("desk").get_by_role("region", name="At your desk").get_by_role("link").click()

    sign(first, "Accredit this key")
    sign(second, "Accredit this key")
    expect(first.page.get_by_text("One that you accredited waits for a colleague.")).to_be_visible()
    first.page.get_by_role("button", name="Confirm the next one").click()
    sign(first, "Confirm as the second person")
    second.page.keyboard.press("Enter")  # the field has the focus, and nothing in it
    sign(second, "Confirm as the second person")
    expect(second.page.get_by_text("Nobody waits.")).to_have_count(2)
    keys = [key for key in played.state.keys.values() if key.party in waiting]
    assert len(keys) == 2
    for key in keys:
        state = played.state
        officers = {state.keys[state.signed[index]].party for index in (state.digests[key.accreditation], key.accredited)}
        assert officers == {"rapporteur", "registrar"}


def take(officer: Visitor, button: str) -> None:
    officer.go("desk").get_by_role("button", name=button).click()
    expect(officer.page.get_by_role("heading", name="Fingerprint to be read aloud")).to_be_visible()


def sign(officer: Visitor, button: str) -> None:
    """Not before the groups were read back."""
    officer.page.get_by_label("The holder read these groups aloud").check()
    officer.sign(officer.button(button))


CAMERA = """
globalThis.BarcodeDetector = class { async detect() { return [{ rawValue: READ }]; } };
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
HTMLMediaElement.prototype.play = async () => {};
"""


def test_a_code_is_scanned(played: Service, enter_played: Enter) -> None:
    """The camera and the reader of codes are the browser's; what they read finds the person, and the link in a code lets nobody in."""
    party = next(one for one in played.parties("signatory") if one not in played.state.by_party)
    invitation = f"{played.url}{played.invitation('signatory', party)}"
    officer = enter_played(size=PHONE).be("secretariat", "rapporteur")
    assert "camera=(self)" in (officer.page.goto(f"{officer.base}/desk")).headers["permissions-policy"]
    officer.page.add_init_script(CAMERA.replace("READ", repr(invitation)))
    officer.go("desk").get_by_role("button", name="Scan with the camera").click()
    expect(officer.page.get_by_role("button", name="Issue a link")).to_be_visible()
    assert overflow(officer.page) == []
    assert "camera=()" in officer.page.goto(f"{officer.base}/home").headers["permissions-policy"]
    visitor = enter_played(size=PHONE)
    visitor.page.goto(invitation)
    visitor.button("Sign in on this device").click()  # the desk has not used it up
    expect(visitor.page.get_by_role("link", name="Make your key")).to_be_visible()
