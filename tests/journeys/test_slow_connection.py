"""The scripts of a page come late, or not at all: what was pressed is signed once they are there, and never sent unsigned in silence."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

SCRIPT = "**/js/act.js"


def on_the_table(service: Service) -> str:
    return service.propose("hu", "OP11", "Invite non-governmental organizations of the Turkic world to WUF13;", "Shorter.")


def press_before_the_script_is_there(head: Visitor) -> tuple[Page, list[Route]]:
    page = head.page
    stopped: list[Route] = []

    def stop(route: Route) -> None:
        stopped.append(route)

    page.route(SCRIPT, stop)
    page.goto(f"{head.base}/home", wait_until="commit")
    page.get_by_role("button", name="Join as co-sponsor").click(no_wait_after=True)
    expect(page.get_by_text("One moment: this page is still loading.")).to_be_visible()
    return page, stopped


def test_a_press_waits_for_the_script(opened: Service, enter_opened: Enter) -> None:
    digest = on_the_table(opened)
    head = enter_opened(size=PHONE).sign_in("head", "kz").use_demo_key()
    page, stopped = press_before_the_script_is_there(head)
    assert opened.state.amendments[digest].sponsors == ()
    stopped[0].continue_()
    expect(page.get_by_text("Recorded as entry")).to_be_visible()
    assert opened.state.amendments[digest].sponsors == ("kz",)


def test_a_press_whose_script_never_comes_is_answered(opened: Service, enter_opened: Enter) -> None:
    digest = on_the_table(opened)
    head = enter_opened(size=PHONE).sign_in("head", "kz").use_demo_key()
    page, stopped = press_before_the_script_is_there(head)
    stopped[0].abort()
    expect(page.get_by_text("Nothing was signed on this device.")).to_be_visible()
    expect(page.get_by_role("link", name="Back to where you were")).to_be_visible()
    assert opened.state.amendments[digest].sponsors == ()
    head.forgive("ERR_FAILED")
    head.forgive("409")
