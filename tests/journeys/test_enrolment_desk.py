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
