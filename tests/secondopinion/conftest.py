"""One browser tab with the page from disk, as an auditor has it, and the script beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from declaration.verifier.standalone import verify_html, verify_sh
from tests.support.browser import complaints


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second-opinion")
    (folder / "verify.html").write_bytes(verify_html())
    (folder / "verify.sh").write_bytes(verify_sh())
    return folder


@pytest.fixture(scope="session")
def script(files: Path) -> Path:
    for tool in ("bash", "ssh-keygen", "openssl", "awk"):
        if shutil.which(tool) is None:
            pytest.skip(f"verify.sh needs {tool}, which is not on this machine")
    return files / "verify.sh"


@pytest.fixture(scope="session")
def tab(browser: Browser, files: Path) -> Iterator[Page]:
    """The page, opened from disk with the network switched off; it must not complain of anything."""
    with browser.new_context(offline=True, locale="en-GB") as context:
        page = context.new_page()
        heard = complaints(page)
        page.goto((files / "verify.html").as_uri())
        yield page
        assert heard == []
