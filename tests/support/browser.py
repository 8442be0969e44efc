"""Chromium for tests that need eyes: found on the machine, never downloaded."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # no process is kept ready for a page that never comes; contexts still have processes of their own
]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""


def find_chromium() -> str:
    """The program: ``$CHROMIUM``, or the first of the usual names on the path; Chromium without a window of its own, which is half the work
    of one that has one and hides it, comes first.

    :raises NoBrowser: there is none.
    """
    for name in (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise NoBrowser("no Chromium: apt-get install chromium-headless-shell, or set CHROMIUM")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; each test opens contexts of its own in it."""
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine; gives its address.

    ``localhost`` and not an IP number: passkeys know only names.
    """
    server = make_server("127.0.0.1", 0, _closing_files(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _closing_files(app: Flask) -> WSGIApplication:
    """The application with files read at once: werkzeug leaves one open when a browser that goes on breaks the connection."""

    def read(file: IO[bytes], _size: int = 0) -> list[bytes]:
        with file:
            return [file.read()]

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.file_wrapper"] = read
        return app(environ, start_response)

    return answer


def complaints(page: Page) -> list[str]:
    """Collect what the page's console complains of (errors and policy violations) from now on."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def overflow(page: Page) -> list[str]:
    """Elements that stick out of the page sideways, as short descriptions; empty when all is well."""
    found: list[str] = page.evaluate(
        """() => {
             const edge = document.documentElement.clientWidth + 1;
             const sticksOut = e => { const r = e.getBoundingClientRect(); return r.width && r.right > edge; };
             return [...document.querySelectorAll('body *')]
               .filter(e => sticksOut(e) && !e.closest('.vh, .skip, .mast__nav'))
               .map(e => e.tagName + '.' + e.className).slice(0, 10);
           }"""
    )
    return found
