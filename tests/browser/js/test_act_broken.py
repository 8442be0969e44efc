"""act.js where connections break: nothing is lost, nothing is signed twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.js.pages import act_form, press, ready, refusal, sent, stored, template
from tests.browser.js.service import Service

pytestmark = pytest.mark.browser


def abort(route: Route) -> None:
    route.abort("connectionreset")


@pytest.mark.parametrize("broken", ["**/log/checkpoint", "**/log/consistency**"])
def test_no_record_no_signature_and_nothing_lost(page: Page, service: Service, broken: str) -> None:
    ready(page, service, act_form(service, inside='<textarea name="note"></textarea>'))
    press(page)
    page.wait_for_url("**/sink")
    service.posted.clear()
    service.record.size = 9
    page.goto(service.page(act_form(service, template("adref.agree-v1"), '<textarea name="note"></textarea>'), "act.js"))
    page.locator("textarea").fill("typed with care")
    page.route(broken, abort)
    press(page)
    assert "could not be reached" in refusal(page)
    assert (service.posted, page.locator("textarea").input_value()) == ([], "typed with care")
    page.unroute(broken)
    press(page)
    assert sent(page, service)["note"] == "typed with care"


def test_a_broken_answer_is_sent_again_with_the_same_bytes(page: Page, service: Service) -> None:
    """The request arrived, the answer did not: whoever presses again sends the same act, not a second one."""
    ready(page, service)

    def arrive_and_break(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/sink", arrive_and_break)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/sink")):
        press(page)
    page.unroute("**/sink")
    service.record.size = 8  # time has passed, others have acted
    page.goto("/page")
    press(page)
    page.wait_for_url("**/sink")
    first, second = (form for _, form in service.posted)
    assert first == second


def test_the_same_page_pressed_again_after_a_break(page: Page, service: Service) -> None:
    ready(page, service)
    page.route("**/sink", lambda route: route.fulfill(status=204))  # the browser stays where it is
    page.clock.install()
    press(page)
    page.get_by_text("Signed. Sending").wait_for()
    page.clock.run_for(11_000)
    page.get_by_text("No answer yet").wait_for()
    first = page.locator("input[name=statement]").input_value()
    page.unroute("**/sink")
    press(page)
    assert sent(page, service)["statement"] == first


def test_what_the_service_added_is_not_taken_for_typed(page: Page, service: Service) -> None:
    """The same page pressed again: the salt that the first press put into the form makes no second decision."""
    form = act_form(service, inside='<textarea name="text">Mətn</textarea>', data_act=None, data_act_endpoint="/compose")
    service.composed = {"act": template(body={"content": "11" * 32}), "fields": {"salt": "one"}}
    ready(page, service, form)
    page.route("**/sink", lambda route: route.fulfill(status=204))
    page.clock.install()
    press(page)
    page.get_by_text("Signed. Sending").wait_for()
    first = page.locator("input[name=statement]").input_value()
    service.composed = {"act": template(body={"content": "22" * 32}), "fields": {"salt": "two"}}
    page.clock.run_for(11_000)
    page.unroute("**/sink")
    press(page)
    form_sent = sent(page, service)
    assert (form_sent["statement"], form_sent["salt"]) == (first, "one")


def test_an_answered_act_is_forgotten_and_can_be_done_again(page: Page, service: Service) -> None:
    """Reserve, lift, reserve again within the hour: two acts, when the service has said that the first was answered."""
    ready(page, service)
    press(page)
    page.wait_for_url("**/sink")
    digest = sha256(service.posted[0][1]["statement"].encode()).hexdigest()
    page.goto(service.page(act_form(service) + f'<p data-act-settled="{digest}"></p>', "act.js"))
    press(page)
    page.wait_for_url("**/sink")
    first, second = (json.loads(form["statement"]) for _, form in service.posted)
    assert first["nonce"] != second["nonce"]
    assert first | {"nonce": ""} == second | {"nonce": ""}


def test_fresh_salt_is_the_same_decision(page: Page, service: Service) -> None:
    form = act_form(service, inside='<textarea name="text">Mətn</textarea>', data_act=None, data_act_endpoint="/compose")
    service.composed = {"act": template(body={"content": "11" * 32}), "fields": {"salt": "one"}}
    ready(page, service, form)
    press(page)
    page.wait_for_url("**/sink")
    service.composed = {"act": template(body={"content": "22" * 32}), "fields": {"salt": "two"}}
    page.goto("/page")
    press(page)
    page.wait_for_url("**/sink")
    assert service.posted[0] == service.posted[1]
    page.goto("/page")
    page.locator("textarea").fill("Başqa mətn")
    press(page)
    page.wait_for_url("**/sink")
    assert service.posted[2][1]["salt"] == "two"


def test_an_old_act_is_not_sent_again(page: Page, service: Service) -> None:
    ready(page, service)
    press(page)
    page.wait_for_url("**/sink")
    page.evaluate(
        """async () => { const store = await import('/static/js/store.js');
             for (const act of await store.all('acts')) await store.put('acts', {...act, at: act.at - 3_700_000}); }"""
    )
    page.goto("/page")
    press(page)
    page.wait_for_url("**/sink")
    assert service.posted[0][1]["statement"] != service.posted[1][1]["statement"]
    assert len(stored(page, "acts")) == 1


def test_two_tabs_sign_one_act(page: Page, service: Service) -> None:
    ready(page, service)
    other = page.context.new_page()
    other.goto("/page")
    page.evaluate("() => setTimeout(() => document.querySelector('button').click(), 0)")
    other.evaluate("() => setTimeout(() => document.querySelector('button').click(), 0)")
    page.wait_for_url("**/sink")
    other.wait_for_url("**/sink")
    assert service.posted[0] == service.posted[1]


def test_a_device_that_keeps_nothing_says_so(page: Page, service: Service, profile: Callable[[], BrowserContext]) -> None:
    service.page(act_form(service), "act.js")
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };")
    page.goto("/page")
    expect(page.get_by_text("does not let the page keep anything on this device (SecurityError)")).to_be_visible()
    expect(page.get_by_role("button", name="Join")).to_be_disabled()


def test_the_words_can_be_translated(page: Page, service: Service) -> None:
    head = '<script type="application/json" id="js-strings">{"key.none": "Bu cihazda açar yoxdur <b>.</b>"}</script>'
    page.goto(service.page(act_form(service), "act.js", head=head))
    expect(page.get_by_text("Bu cihazda açar yoxdur <b>.</b>")).to_be_visible()
