"""correcting.js: the form for a correction follows what is chosen, and keeps what was written."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.js.service import Service

pytestmark = pytest.mark.browser

FORM = """<form method="get" action="/sink" data-correcting="fields">
  <select name="kind"><option value="text">text</option><option value="copy">copy</option></select>
  <select name="text"><option>en</option><option>az</option></select>
  <div data-correcting-of-text><select name="unit"><option value="T" data-reads="Declaration">T</option>
    <option value="OP1" data-reads="Decide to meet;">1</option></select></div>
  <p data-correcting-show><button>Show the paragraph</button></p></form>
<form><input type="hidden" id="fields" name="kind" value="text"><input type="hidden" name="unit" value="T">
  <div data-correcting-of-text><textarea name="reads">Declaration</textarea></div>
  <p data-correcting-of-copy hidden>No word.</p></form>"""


def sent(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("Object.fromEntries(new FormData(document.forms[1]))")
    return found


def test_the_words_of_a_paragraph_come_with_it_and_what_was_written_is_kept(page: Page, service: Service) -> None:
    page.goto(service.page(FORM, "correcting.js"))
    expect(page.get_by_role("button", name="Show the paragraph")).to_be_hidden()
    page.locator("textarea").fill("A Declaration")
    page.locator("[name=unit]").first.select_option("OP1")
    assert sent(page) == {"kind": "text", "unit": "OP1", "reads": "Decide to meet;"}
    page.locator("select[name=unit]").select_option("T")
    assert sent(page) == {"kind": "text", "unit": "T", "reads": "A Declaration"}


def test_an_error_in_a_copy_has_no_words(page: Page, service: Service) -> None:
    page.goto(service.page(FORM, "correcting.js"))
    page.locator("select[name=kind]").select_option("copy")
    assert sent(page) == {"kind": "copy", "unit": "T"}
    expect(page.locator("textarea")).to_be_hidden()
    expect(page.get_by_text("No word.")).to_be_visible()
    page.locator("select[name=kind]").select_option("text")
    assert sent(page) == {"kind": "text", "unit": "T", "reads": "Declaration"}


def test_another_language_is_another_page(page: Page, service: Service) -> None:
    page.goto(service.page(FORM, "correcting.js"))
    page.locator("select[name=unit]").select_option("OP1")
    page.locator("select[name=text]").select_option("az")
    page.wait_for_url("**/sink?kind=text&text=az&unit=OP1")
