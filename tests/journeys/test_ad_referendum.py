"""J6 in browsers: nobody is taken to have agreed who did not, and a reserve is seen until it is lifted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from declaration.demo import script
from declaration.procedure import consequences
from tests.journeys import service as services
from tests.journeys.service import Service
from tests.journeys.visitor import Enter, Visitor, entrance
from tests.support.browser import PHONE, overflow
from tests.support.databases import SqliteDatabases

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

UNIT = "OP16"
WHY_RESERVED = "Astana reads the dates once more."
WHY_WITHHELD = "“For the duration of that chairmanship” leaves the handover open."
SETTLED_SO = "The handover is on the day on which the chairmanship passes; the minutes say so."


@pytest.fixture(scope="module")
def settled_template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settled")
    with services.playing(sqlite_databases, folder, until=script.november(25, 11)) as play:
        for part in (play.constitute, play.circulate, play.first_reading, play.second_reading):
            part()
        play.at(script.november(25, 10, 45))
        for unit in consequences.brackets(play.state):
            if unit != UNIT:
                play.act("chair", "chair", "paragraph.agree_ad_ref-v1", play.version, {"units": unit})
        play.circulate_next(final=False)
    return folder


@pytest.fixture
def settled(settled_template: Path, tmp_path: Path) -> Iterator[Service]:
    """The second reading, with one paragraph left to be put to the meeting."""
    with services.copy_of(settled_template, tmp_path) as service:
        yield service


@pytest.fixture
def enter_settled(browser: Browser, settled: Service) -> Iterator[Enter]:
    with entrance(browser, settled) as enter:
        yield enter


def test_eight_delegations_agree(settled: Service, enter_settled: Enter) -> None:
    chair = enter_settled().be("chair", "chair").use_demo_key()
    kz, az, uz = (enter_settled(size=PHONE).be("head", party).use_demo_key() for party in ("kz", "az", "uz"))

    put_the_last_one(chair, settled)
    reserve(kz)
    declaring_waits(chair, re.compile(r"Reserved: paragraph\s16 by KZ"))
    lift(kz)
    declare(chair)

    confirm(az, first=True)
    for party in sorted(set(settled.parties("head")) - {"az", "uz"}):
        settled.act("head", party, "confirmation.confirm-v1", settled.state.current)
    review_waits_for(chair, "UZ")
    withhold(uz)
    reopen(chair)
    assert consequences.confirmations(settled.state) == {}

    declare(chair)
    page = chair.go("stage")
    expect(tiles(page, "not yet")).to_have_count(8)
    expect(page.get_by_role("heading", name="8 of 8 have received it")).to_be_visible()
    confirm(az, first=False)
    for party in sorted(set(settled.parties("head")) - {"az"}):
        settled.act("head", party, "confirmation.confirm-v1", settled.state.current)
    page = chair.go("stage")
    expect(tiles(page, "confirmed")).to_have_count(8)
    chair.sign(chair.button("Begin the legal review"))
    assert settled.state.stage == "legal_review"
    assert {consequences.paragraph_status(settled.state, unit) for unit in ("OP5", UNIT)} == {"agreed"}


def put_the_last_one(chair: Visitor, service: Service) -> None:
    declaring_waits(chair, re.compile(r"Still in brackets: paragraph\s16\."))
    page = chair.go("table")
    page.wait_for_url(re.compile(rf"/table/{UNIT}$"))
    chair.sign(chair.button("Put to the meeting: no objection"))
    assert consequences.paragraph_status(service.state, UNIT) == "agreed_ad_ref"


def reserve(head: Visitor) -> None:
    """Until one o'clock, in the forum's zone."""
    page = head.go(f"paragraphs/{UNIT}")
    page.get_by_text("Place a reserve…").click()
    hour = page.get_by_label("Until when you expect to speak")
    hour.fill(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}T13:00")
    page.get_by_label("Reason").fill(WHY_RESERVED)
    assert overflow(page) == []
    head.sign(head.button("Place a reserve"))
    expect(page.get_by_text("Reserve of Kazakhstan")).to_be_visible()
    expect(page.locator("main")).to_contain_text("13:00 Baku")


def declaring_waits(chair: Visitor, why: re.Pattern[str]) -> None:
    page = chair.go("stage")
    expect(chair.button("Declare agreed ad referendum")).to_be_disabled()
    expect(page.get_by_text(why).first).to_be_visible()


def lift(head: Visitor) -> None:
    page = head.go("home")
    card = page.locator("section.card", has_text="Your reserve")
    expect(card).to_contain_text(WHY_RESERVED)
    assert overflow(page) == []
    head.sign(card.get_by_role("button", name="Lift the reserve"))


def declare(chair: Visitor) -> None:
    page = chair.go("stage")
    page.get_by_role("link", name="Declare agreed ad referendum").click()
    chair.sign(chair.button("Declare agreed ad referendum"))


def confirm(head: Visitor, *, first: bool) -> None:
    """After what has changed since the delegation last read the text; the second time not a word has."""
    page = head.go("home")
    expect(page.get_by_text("The text was reopened since, so every head is asked afresh.")).to_have_count(0 if first else 1)
    page.get_by_role("link", name="Read and confirm").click()
    if first:
        expect(page.locator(".sheet ins").first).to_be_visible()
        assert overflow(page) == []
        page.get_by_role("button", name="I have read the changes: on to the whole text").click()
    else:
        expect(page.get_by_text("Not a word has changed.")).to_be_visible()
    button = head.button("Confirm the whole text")
    expect(button).to_be_enabled()
    assert overflow(page) == []
    head.sign(button)


def review_waits_for(chair: Visitor, tag: str) -> None:
    page = chair.go("stage")
    expect(chair.button("Begin the legal review")).to_be_disabled()
    expect(page.get_by_text(f"Waiting for {tag}", exact=False).first).to_be_visible()
    expect(tiles(page, "confirmed")).to_have_count(7)
    expect(page.get_by_role("heading", name="7 of 8 have received it")).to_be_visible()


def tiles(page: Page, word: str) -> Locator:
    return page.get_by_role("region", name="Confirmations by delegation").locator(".tile", has_text=word)


def withhold(head: Visitor) -> None:
    page = head.go("home")
    page.get_by_role("link", name="Withhold…").click()
    page.get_by_text("Withhold confirmation…").click()
    page.get_by_label("Reason").fill(WHY_WITHHELD)
    assert overflow(page) == []
    head.sign(head.button("Withhold confirmation"))


def reopen(chair: Visitor) -> None:
    page = chair.go("stage")
    expect(page.get_by_text(WHY_WITHHELD)).to_be_visible()
    page.get_by_text("Reopen the text…").click()
    page.get_by_role("textbox", name="Reason").fill(SETTLED_SO)
    chair.sign(chair.button("Reopen the text"))
    expect(page.get_by_text("The proposals are settled, paragraph by paragraph.").first).to_be_visible()
