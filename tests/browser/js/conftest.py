"""A page of a fresh browser profile, and the small service that it talks to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.js.service import Service
from tests.support.browser import complaints, serving

# A browser reports a request that failed, which some tests arrange, and advises to offer RS256 passkeys, which OpenSSH
# cannot verify. Everything else it complains of is a defect.
_EXPECTED = ("Failed to load resource", "publicKey.pubKeyCredParams is missing")


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def base(service: Service) -> Iterator[str]:
    with serving(service.app) as url:
        yield url


@pytest.fixture
def profile(browser: Browser, base: str) -> Iterator[Callable[[], BrowserContext]]:
    """``profile()`` is another device: a browser that remembers nothing."""
    opened: list[BrowserContext] = []

    def fresh() -> BrowserContext:
        context = browser.new_context(base_url=base, accept_downloads=True)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def page(profile: Callable[[], BrowserContext]) -> Iterator[Page]:
    page = profile().new_page()
    with no_complaints(page):
        yield page


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    """Whatever the browser complains of meanwhile, such as a breach of the policy, is a failure."""
    heard = complaints(page)
    yield
    assert [text for text in heard if not text.startswith(_EXPECTED)] == []


class Modules:
    """Calls into the modules of an empty page: ``modules("canonical.js", "m => m.canonical(arg)", arg)``."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page = page
        page.goto(service.page("<main></main>", path="/empty"))

    def __call__(self, module: str, expression: str, arg: Any = None) -> Any:
        """The value, or ``{"refused": code, …}`` when the module refused."""
        return self.page.evaluate(
            f"""async arg => {{
                const m = await import('/static/js/{module}');
                const hex = b => Array.from(b, x => x.toString(16).padStart(2, '0')).join('');
                const unhex = t => Uint8Array.from(t.match(/../g) ?? [], x => parseInt(x, 16));
                try {{ return await ({expression}); }}
                catch (e) {{ if (e.name !== 'Refusal') throw e; return {{ refused: e.code, values: e.values }}; }}
            }}""",
            arg,
        )


@pytest.fixture(scope="session")
def modules(browser: Browser) -> Iterator[Modules]:
    """One page for every test that stores nothing."""
    service = Service()
    with serving(service.app) as url:
        page = browser.new_context(base_url=url).new_page()
        with no_complaints(page):
            yield Modules(page, service)
        page.context.close()


@pytest.fixture
def vectors() -> Path:
    """Published conformance vectors, which are not part of this project."""
    folder = os.environ.get("DECLARATION_VECTORS")
    if not folder:
        pytest.skip("DECLARATION_VECTORS does not name a folder of published vectors")
    return Path(folder)
