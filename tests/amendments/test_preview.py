"""The redline shown while somebody types: a paste of any size is answered at once."""

from __future__ import annotations

import re
import time

import pytest

from tests.drafts.play import SLUG

PREVIEW, TABLE = f"/{SLUG}/paragraphs/OP1/redline", f"/{SLUG}/table/OP1/preview"
MOST = re.compile(r"20\D?000")
"""The limit, as any language writes it."""

WORDS = "each delegation shall report within thirty days and none is exempt, whatever its size;".split()  # noqa: SIM905
ANSWERED = 5.0
"""Seconds, on a machine that others use too; what is refused takes milliseconds, a character redline of such a paste minutes."""


def paste(words: int) -> str:
    return " ".join(f"{WORDS[number % len(WORDS)]}{number}" for number in range(words))


def test_a_change_is_shown_as_a_redline(browser_of, playing):
    page = browser_of("az", "head").post(PREVIEW, data={"text": "Decide to meet every year;"})
    assert page.status_code == 200
    assert "<del>two years</del>" in page.text
    assert "<ins>year</ins>" in page.text


@pytest.mark.parametrize(("words", "status"), [(20_000, 200), (200_000, 200), (800_000, 413)])
def test_a_paste_of_a_book_is_refused_at_once_and_says_why(browser_of, playing, words, status):
    browser = browser_of("az", "head")
    began = time.process_time()
    page = browser.post(PREVIEW, data={"text": paste(words)})
    assert time.process_time() - began < ANSWERED
    assert page.status_code == status
    assert status == 413 or MOST.search(page.text)
    assert "<ins>" not in page.text


def test_the_longest_that_is_taken_is_answered_at_once(browser_of, playing):
    browser = browser_of("az", "head")
    began = time.process_time()
    page = browser.post(PREVIEW, data={"text": paste(20_000)[:20_000].strip()})
    assert time.process_time() - began < ANSWERED
    assert page.status_code == 200
    assert "<ins>" in page.text


def test_the_table_says_the_same(browser_of, playing):
    with playing() as play:
        play.replace("az", "OP1", "Decide to meet every year;", 1)
    began = time.process_time()
    page = browser_of("chair").post(TABLE, data={"text": paste(20_000)})
    assert time.process_time() - began < ANSWERED
    assert page.status_code == 200
    assert MOST.search(page.text)
