"""Every page, for everybody who has it, on a phone and on a laptop: it answers, fits, is labelled, and its console is silent."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.service import Service
from tests.journeys.visitor import Visitor, entrance
from tests.support.browser import LAPTOP, PHONE, overflow

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

READING = (
    "home", "stage", "text", "versions", "versions/ZD", "proposals", "paragraphs/OP5", "paragraphs/OP5/history", "languages",
    "languages/tr",
)  # fmt: skip
CHAIR = (
    "agreed", "compilation", "silences", "hall", "sessions", "keys", "table/OP5", "table/OP11", "hall/OP5", "next", "accreditations",
    "people", "constitution", "verify",
)  # fmt: skip
HEAD = (
    "home", "stage", "drafts", "paragraphs/OP5", "paragraphs/OP5/propose", "paragraphs/OP5/propose?op=insert_after",
    "paragraphs/OP5/propose?op=delete", "people",
)  # fmt: skip
PUBLIC = (
    "hall", "agreed", "compilation",
    "", "stage", "text", "text?text=az", "versions", "versions/final", "versions/ZD/changes/final", "paragraphs/OP5",
    "paragraphs/OP5/history", "proposals", "languages", "register", "register?q=isik", "register?q=nobody", "register/1", "register/all",
    "verify", "constitution", "record", "record/0", "record/checkpoints", "record/checkpoints/9", "check", "corrigenda", "register/lapsed",
    "register/organizations/tr.sample-tr-0001", "witnesses",
)  # fmt: skip
AT_THE_TABLE = {
    ("chair", "chair"): (*READING, *CHAIR),
    ("secretariat", "rapporteur"): ("home", "stage", "paragraphs/OP5", "next", "organizations"),
    ("depositary", "depositary"): ("home", "stage"),
    ("head", "tr"): HEAD,
    ("member", "uz"): ("home", "drafts", "paragraphs/OP2/propose", "text"),
    ("translator", "translator-az-1"): ("home", "languages/az"),
    ("signatory", ""): ("home", "sign", "keys"),
}
OPEN_FOR_SIGNATURE = {
    None: PUBLIC,
    ("chair", "chair"): ("home", "stage", "table", "hall", "next", "accreditations"),
    ("secretariat", "rapporteur"): ("home", "organizations", "organizations?q=nobody", "accreditations", "people"),
    ("depositary", "depositary"): ("home", "stage"),
    ("head", "kz"): ("home", "drafts"),
    ("translator", "translator-az-1"): ("home", "languages/az"),
    ("signatory", ""): ("home", "sign", "keys", "sessions"),
}


def test_every_page_of_the_negotiation(negotiated: Service, browser: Browser) -> None:
    check(negotiated, browser, AT_THE_TABLE)


def test_every_page_of_the_adopted_declaration(played: Service, browser: Browser) -> None:
    check(played, browser, OPEN_FOR_SIGNATURE)


def test_the_pages_without_a_forum(played: Service, browser: Browser) -> None:
    with entrance(browser, played) as enter:
        page = enter(size=PHONE).page
        found = []
        for path in ("/", "/sign-in", played.invitation("chair", "chair")):
            assert page.goto(path).status == 200  # type: ignore[union-attr]  # a new page always answers
            found += [f"{path}: {problem}" for problem in problems(page)]
    assert found == []


def test_words_stand_out_in_the_dark_too(negotiated: Service, browser: Browser) -> None:
    with entrance(browser, negotiated) as enter:
        chair = enter().be("chair", "chair")
        chair.page.emulate_media(color_scheme="dark")
        found = [f"{path}: {problem}" for path in ("table/OP5", "text", "stage", "hall/OP5") for problem in problems(chair.go(path))]
    assert found == []


def test_the_checks_find_what_is_wrong(played: Service, browser: Browser) -> None:
    with entrance(browser, played) as enter:
        page = enter(size=PHONE).go("verify")
        page.evaluate(
            """() => {
                 const main = document.querySelector('main');
                 const input = document.createElement('input');
                 const image = document.createElement('img');
                 const wide = document.createElement('div');
                 const second = document.createElement('h1');
                 wide.style.width = '900px';
                 wide.textContent = 'wide';
                 wide.className = 'wide';
                 second.textContent = 'A second first heading';
                 main.append(input, image, wide, second);
               }"""
        )
        found = " ".join(problems(page))
        for each in ("label", "image-alt", "DIV.wide sticks out", "2 first headings"):
            assert each in found, (each, found)


def check(service: Service, browser: Browser, pages: dict[tuple[str, str] | None, tuple[str, ...]]) -> None:
    found = []
    with entrance(browser, service) as enter:
        for who, paths in pages.items():
            visitor = enter(size=PHONE)
            if who is not None:
                visitor.be(*who if who[1] else (who[0], unsigned(service)))
            found += [f"{who and who[0]} {path}: {problem}" for path in paths for problem in seen(visitor, path)]
    assert found == []


def unsigned(service: Service) -> str:
    """The party of an organization that has not signed."""
    return next(one for one in service.parties("signatory") if one not in service.state.by_party)


def seen(visitor: Visitor, path: str) -> list[str]:
    """What is wrong with one page, on both screens."""
    page = visitor.go(path)
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")  # what is folded away counts, too
    found = problems(page)
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]  # two numbers
    found += [f"on a laptop {each} sticks out" for each in overflow(page)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # two numbers
    return found


def problems(page: Page) -> list[str]:
    found = [f"on a phone {each} sticks out" for each in overflow(page)]
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} first headings")
    answer = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    for rule in answer["violations"]:
        found += [f"{rule['id']}: {node['html'][:160]}" for node in rule["nodes"][:3]]
    return found
