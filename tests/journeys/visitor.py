"""Somebody at a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from declaration.forums.door import COOKIE
from declaration.web.security import cookie_name
from tests.journeys.service import Service
from tests.support.browser import LAPTOP, complaints

PATIENCE_MS = 20_000
"""How long to wait for what should come: other tests run on the same machine."""

Enter = Callable[..., "Visitor"]


class Visitor:
    """One person, one context: cookies, keys and downloads are nobody else's.

    ``heard`` collects what the console complains of.
    """

    def __init__(self, page: Page, service: Service) -> None:
        self.page = page
        self.service = service
        self.base = f"/{service.slug}"
        self.heard = complaints(page)

    def go(self, path: str) -> Page:
        """Open a page of the forum by its path inside it."""
        answer = self.page.goto(f"{self.base}/{path}")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return self.page

    def sign_in(self, role: str, party: str, place: int = 0) -> Visitor:
        """Follow an invitation and press its button."""
        self.page.goto(self.service.invitation(role, party, place))
        self.page.get_by_role("button", name="Sign in on this device").click()
        expect(self.page).to_have_url(re.compile(re.escape(self.base) + r"/home$"))
        return self

    def be(self, role: str, party: str) -> Visitor:
        """Be signed in already, where the way in is not what the journey is about."""
        with self.service.app.app_context():
            name = cookie_name(COOKIE)
        self.page.context.add_cookies([{"name": name, "value": self.service.session(role, party), "url": self.service.url}])
        return self

    def use_demo_key(self) -> Visitor:
        """Bring the persona's key to this browser: one press."""
        self.go("keys")
        self.page.get_by_role("button", name="Use demo key").click()
        self.page.wait_for_url(f"**{self.base}/home")
        return self

    def sign(self, button: Locator) -> None:
        """Press a button that signs; what was signed is in the record."""
        note = self.page.get_by_text(re.compile(r"^Recorded as entry \d+ of the record\.$"))
        before = note.all_inner_texts()  # of the act before, on the page that this one leaves
        button.click()
        expect(note.filter(has_not_text=before[0]) if before else note).to_be_visible()

    def button(self, name: str) -> Locator:
        """A button that can be pressed, by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def forgive(self, words: str) -> None:
        """A complaint of the console that belongs to the journey, such as the status of a refusal; it must have come."""
        kept = [line for line in self.heard if words not in line]
        assert len(kept) < len(self.heard), f"nothing was heard of {words}: {self.heard}"
        self.heard[:] = kept

    @property
    def words(self) -> str:
        """Everything that is to be read on the page."""
        return self.page.locator("main").inner_text()

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()


@contextmanager
def entrance(browser: Browser, service: Service) -> Iterator[Enter]:
    """``enter()`` a browser for somebody; its console must have been quiet at the end."""
    contexts, visitors = [], []
    expect.set_options(timeout=PATIENCE_MS)

    def enter(*, size: dict[str, int] = LAPTOP, script: bool = True, language: str = "en") -> Visitor:
        context = browser.new_context(
            viewport=size, base_url=service.url, accept_downloads=True, java_script_enabled=script, locale="en-GB",  # type: ignore[arg-type]  # two numbers
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        with service.app.app_context():
            context.add_cookies([{"name": cookie_name("language"), "value": language, "url": service.url}])
        contexts.append(context)
        visitors.append(Visitor(context.new_page(), service))
        return visitors[-1]

    yield enter
    for context in contexts:
        context.close()
    assert [line for one in visitors for line in one.heard] == []
