"""act.js: a form is signed on this device and sent, or refused in words with nothing signed, lost or signed twice."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from declaration.protocol.encoding import b64decode
from declaration.protocol.keys import parse_public_key
from declaration.protocol.sshsig import armor, verify
from declaration.protocol.statement import parse_statement
from tests.browser.js.pages import act_form, make_key, press, ready, refusal, sent, stored, template
from tests.browser.js.service import ORIGIN, Record, Service

pytestmark = pytest.mark.browser


def test_a_form_is_signed_and_sent(page: Page, service: Service, tmp_path: Path) -> None:
    key = ready(page, service)
    press(page)
    form = sent(page, service)
    raw = form["statement"].encode()
    statement = parse_statement(raw)
    assert statement.by.key == key["fingerprint"]
    assert (statement.by.party, statement.by.role, statement.log, statement.object) == ("az", "head", ORIGIN, template()["object"])
    assert str(statement.seen) == f"5:{service.record.root(5).hex()}"
    assert dict(statement.body) == {"reason": "Birlikdə güclüyük"}
    assert form["choice"] == "join"
    blob = b64decode(form["signature"])
    verify(blob, key=parse_public_key(key["openssh"]), namespace=statement.namespace, message=raw)
    (tmp_path / "allowed").write_text(f'head.az namespaces="{statement.namespace}" {key["openssh"]}\n')
    (tmp_path / "act.sig").write_text(armor(blob))
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "head.az", "-n", statement.namespace, "-s", "act.sig"]
    assert subprocess.run(command, input=raw, capture_output=True, cwd=tmp_path).returncode == 0


def test_fields_of_the_form_enter_the_statement(page: Page, service: Service) -> None:
    act = template(body={})
    inside = '<textarea name="reason_input">  İlk sətir\r\nso\u0308z  </textarea><input type="radio" name="grade" value="2" id="g">'
    ready(page, service, act_form(service, act, inside, data_act_fields={"reason": "reason_input", "grade": "grade", "answer": "choice"}))
    press(page)
    assert parse_statement(sent(page, service)["statement"].encode()).body == {"reason": "İlk sətir\nsöz", "grade": "", "answer": "join"}


def test_two_acts_in_one_form(page: Page, service: Service) -> None:
    other = template("adref.reserve-v1", body={})
    second = "<button data-act='" + json.dumps(other) + f"' data-namespace='adref.reserve-v1@{ORIGIN}'>Reserve</button>"
    ready(page, service, act_form(service, inside=second))
    press(page, "Reserve")
    assert parse_statement(sent(page, service)["statement"].encode()).type == "adref.reserve-v1"


def test_a_button_that_does_not_sign(page: Page, service: Service) -> None:
    ready(page, service, act_form(service, inside='<button data-act-skip name="choice" value="draft">Save the draft</button>'), key=False)
    press(page, "Save the draft")
    assert sent(page, service) == {"choice": "draft"}


def test_the_service_composes_the_template(page: Page, service: Service) -> None:
    service.composed = {"act": template(body={"content": "cd" * 32}), "fields": {"salt": "c2FsdA"}}
    form = act_form(service, inside='<textarea name="text">Mətn</textarea>', data_act=None, data_act_endpoint="/compose")
    ready(page, service, form)
    press(page)
    form_sent = sent(page, service)
    assert service.asked == [("/compose", {"text": "Mətn", "choice": "join"})]
    assert parse_statement(form_sent["statement"].encode()).body == {"content": "cd" * 32}
    assert form_sent["salt"] == "c2FsdA"
    assert form_sent["text"] == "Mətn"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            (409, {"detail": "Paragraph 5 has changed meanwhile.", "instead": "Look at the new text first."}),
            "Paragraph 5 has changed meanwhile. Look at the new text first.",
        ),
        ((401, {"detail": "no"}), "signed out"),
        ((500, "broken"), "unexpected answer (500)"),
        ({"act": template("amendment.adopt-v1")}, "not as it should be (namespace)"),
        ({"act": template(log="other.example/forum")}, "not as it should be (namespace)"),
        ({"act": template(object=None)}, "not as it should be (object)"),
        ({"act": template(body={"by": "me"})}, "not as it should be (body)"),
        ({"act": template(body={"amount": 0.5})}, "json.number"),
        ({"act": template(body={"text": "x" * 40_000})}, "at most 32768 bytes"),
        ({"act": template(extra=1)}, "not as it should be (fields)"),
        ({}, "not as it should be (fields)"),
    ],
)
def test_what_the_service_composes_is_checked(page: Page, service: Service, answer: Any, words: str) -> None:
    service.composed = answer
    ready(page, service, act_form(service, inside='<textarea name="text">Typed</textarea>', data_act=None, data_act_endpoint="/compose"))
    press(page)
    said = refusal(page)
    assert words in said
    assert said.startswith("Nothing was signed.")
    assert service.posted == []
    assert stored(page, "acts") == []
    assert page.locator("textarea").input_value() == "Typed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data_act": "{"}, "(data-act)"),
        ({"data_act": template(type="Join")}, "(type)"),
        ({"data_act": template(by={"party": "az"})}, "(by)"),
        ({"data_act": template(by={"party": "AZ", "role": "head"})}, "(by.party)"),
        ({"data_act": template(by={"party": "az", "role": "head", "key": "SHA256:x"})}, "(by)"),
        ({"data_act": template(object="AB" * 32)}, "(object)"),
        ({"data_namespace": f"proposal.table-v1@{ORIGIN}"}, "(namespace)"),
        ({"data_vkey": None}, "(data-vkey)"),
        ({"data_log": "https://elsewhere.example/log/"}, "(https://elsewhere.example/log/checkpoint)"),
        ({"data_act_fields": {"reason": "nowhere"}}, "(nowhere)"),
        ({"data_act_endpoint": "https://elsewhere.example/"}, "(https://elsewhere.example/)"),
    ],
)
def test_a_page_that_is_not_as_it_should_be_is_not_signed(page: Page, service: Service, changes: dict[str, Any], words: str) -> None:
    ready(page, service, act_form(service, **changes))
    press(page)
    assert words in refusal(page)
    assert service.posted == []


def test_without_a_key_the_button_says_why(page: Page, service: Service) -> None:
    offer = '<div data-act-nokey hidden><p data-act-nokey-why></p><a href="/enrol">Make a key</a></div>'
    ready(page, service, act_form(service, inside=offer), key=False)
    expect(page.get_by_role("button", name="Join")).to_be_disabled()
    expect(page.get_by_text("This device has no key for this.")).to_be_visible()
    expect(page.get_by_role("link", name="Make a key")).to_be_visible()
    described = page.get_by_role("button", name="Join").get_attribute("aria-describedby")
    assert page.locator(f"#{described}").is_visible()


def test_without_a_place_for_it_the_offer_is_made(page: Page, service: Service) -> None:
    ready(page, service, act_form(service, data_enrol_url="/enrol", data_restore_url="/restore"), key=False)
    expect(page.get_by_role("link", name="Make a key")).to_have_attribute("href", "/enrol")
    expect(page.get_by_role("link", name="Restore a backup")).to_have_attribute("href", "/restore")
    expect(page.get_by_role("button", name="Join")).to_be_disabled()


def test_a_key_that_is_not_accredited_does_not_sign(page: Page, service: Service) -> None:
    ready(page, service, act_form(service, data_keys="SHA256:" + "A" * 43))
    expect(page.get_by_role("button", name="Join")).to_be_disabled()
    expect(page.get_by_text("not one of those accredited for you")).to_be_visible()


def test_of_two_keys_the_accredited_one_signs(page: Page, service: Service) -> None:
    first = ready(page, service)
    make_key(page)
    page.goto(service.page(act_form(service, data_keys=f"SHA256:{'A' * 43} {first['fingerprint']}"), "act.js"))
    press(page)
    assert parse_statement(sent(page, service)["statement"].encode()).by.key == first["fingerprint"]


def test_keys_of_other_people_and_forums_are_not_used(page: Page, service: Service) -> None:
    page.goto(service.page("<main></main>", path="/empty"))
    make_key(page, slot="person-70")
    make_key(page, log="declaration.example/another")
    page.goto(service.page(act_form(service), "act.js"))
    expect(page.get_by_role("button", name="Join")).to_be_disabled()


def test_pressed_three_times_it_is_sent_once(page: Page, service: Service) -> None:
    ready(page, service)
    page.evaluate("() => { const b = document.querySelector('button'); b.click(); b.click(); b.click(); }")
    page.wait_for_url("**/sink")
    assert len(service.posted) == 1


def test_the_steps_are_said(page: Page, service: Service) -> None:
    ready(page, service)
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => said.push(document.querySelector('[role=status]').textContent))
             .observe(document.querySelector('[role=status]'), {childList: true}); sessionStorage.clear();
             addEventListener('pagehide', () => sessionStorage.said = JSON.stringify(said)); }"""
    )
    press(page)
    page.wait_for_url("**/sink")
    said = json.loads(page.evaluate("sessionStorage.said"))
    assert "Comparing the record with what this device saw before" in said
    assert said.index("Signing on this device") < said.index("Signed. Sending")


# --- the record --------------------------------------------------------------------------------------------------------


def test_a_record_that_grows_is_followed(page: Page, service: Service) -> None:
    ready(page, service)
    press(page)
    page.wait_for_url("**/sink")
    service.record.size = 13
    service.posted.clear()
    page.goto(service.page(act_form(service, template("adref.agree-v1")), "act.js"))
    press(page)
    assert sent(page, service)["statement"].find(f'"seen":"13:{service.record.root(13).hex()}"') > 0
    assert [(memory["log"], memory["size"]) for memory in stored(page, "checkpoints")] == [(ORIGIN, 13)]


def fork(record: Record) -> None:
    record.size, record.fork_at = 9, 3


def fork_of_the_same_size(record: Record) -> None:
    record.fork_at = 3


def shorter(record: Record) -> None:
    record.size = 4


def unproved(record: Record) -> None:
    record.size, record.broken_proof = 9, True


def empty_again(record: Record) -> None:
    record.size = 0


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (fork, "This service shows this device a different record than before"),
        (fork_of_the_same_size, "This service shows this device a different record than before"),
        (unproved, "This service shows this device a different record than before"),
        (shorter, "shorter record than before: 4 entries, and there were 5"),
        (empty_again, "shorter record than before: 0 entries, and there were 5"),
    ],
)
def test_a_record_that_changed_is_refused_loudly_and_again(page: Page, service: Service, lie: Callable[[Record], None], words: str) -> None:
    ready(page, service)
    press(page)
    page.wait_for_url("**/sink")
    service.posted.clear()
    before = stored(page, "checkpoints")
    lie(service.record)
    for _ in range(2):
        page.goto(service.page(act_form(service, template("adref.agree-v1")), "act.js"))
        press(page)
        said = refusal(page)
        assert words in said
        assert said.startswith("Nothing was signed.")
        assert "telephone" in said
    evidence = page.locator("details pre").text_content() or ""
    assert evidence.count(f"— {ORIGIN} ") == 2
    assert service.posted == []
    assert stored(page, "checkpoints") == before
    assert len(stored(page, "acts")) == 1  # the first act alone


def test_a_record_of_another_forum_is_refused(page: Page, service: Service) -> None:
    ready(page, service)
    service.record.origin = "declaration.example/another"
    press(page)
    assert "could not be verified (note.unsigned)" in refusal(page)
    assert service.posted == []


def test_before_the_first_entry_an_act_can_be_signed(page: Page, service: Service) -> None:
    service.record.size = 0
    ready(page, service, act_form(service, template("constitution-v1", object=None)))
    press(page)
    statement = parse_statement(sent(page, service)["statement"].encode())
    assert (statement.seen.size, statement.object) == (0, None)
