"""redline.js, live.js, countdown.js, copy.js: comforts on top of pages that work without them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import declaration
from declaration.endorsements.check_words import CODES
from tests.browser.js.conftest import Modules
from tests.browser.js.service import Service

pytestmark = pytest.mark.browser

JS = Path(declaration.__file__).parent / "static" / "js"
EDITOR = """<form action="/sink" method="post"><input type="hidden" name="unit" value="OP5">
  <textarea name="text" data-preview-url="/preview" data-preview-target="preview">old</textarea></form>
  <div id="preview" aria-live="polite">as rendered</div>"""


def test_the_redline_follows_typing(page: Page, service: Service) -> None:
    service.fragment = "<p><del>old</del> <ins>TYPED</ins></p><script>document.title = 'run'</script>"
    page.goto(service.page(EDITOR, "redline.js"))
    page.locator("textarea").press("End")
    page.locator("textarea").press_sequentially("er words", delay=5)
    expect(page.locator("#preview ins")).to_have_text("older words")
    assert service.asked == [("/preview", {"unit": "OP5", "text": "older words"})]  # one question for one pause
    assert page.title() == "t"
    assert page.locator("#preview script").count() == 0


def test_a_preview_that_fails_leaves_what_is_shown(page: Page, service: Service) -> None:
    page.goto(service.page(EDITOR, "redline.js"))
    page.route("**/preview", lambda route: route.fulfill(status=500, body="<p>broken</p>"))
    with page.expect_response("**/preview"):
        page.locator("textarea").press_sequentially("!")
    expect(page.locator("#preview")).to_have_text("as rendered")


def test_text_is_copied(page: Page, service: Service) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(service.page('<code id="hash"> ab12 </code><button type="button" data-copy="hash" hidden>Copy</button>', "copy.js"))
    page.evaluate("() => { window.copied = []; navigator.clipboard.writeText = async t => void copied.push(t); }")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("copied") == ["ab12"]


def test_a_refused_copy_is_said(page: Page, service: Service) -> None:
    page.goto(service.page('<code id="hash">ab12</code><button type="button" data-copy="hash" hidden>Copy</button>', "copy.js"))
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError')); }")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Not copied. Mark the text and copy it yourself.")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "ended"),
        (0, "ended"),
        (1, "0 min 1 s"),
        (59, "0 min 59 s"),
        (600, "10 min 0 s"),
        (601, "11 min"),
        (3540, "59 min"),
        (3541, "1 h 0 min"),
        (37_200, "10 h 20 min"),
        (86_340, "23 h 59 min"),
        (86_400, "1 d 0 h"),
        (263_000, "3 d 1 h"),
    ],
)
def test_time_left_in_words(modules: Modules, seconds: int, words: str) -> None:
    assert modules("countdown.js", "m.spell(arg * 1000)", seconds) == words


def countdown(now: datetime, until: datetime) -> str:
    return (
        f'<div class="countdown"><time class="countdown__left" data-until="{until.isoformat()}" data-now="{now.isoformat()}">'
        "as rendered</time>"
        '<progress max="60" value="0"></progress></div>'
    )


def test_the_servers_clock_counts(page: Page, service: Service) -> None:
    server = datetime(2025, 11, 24, 17, 40, tzinfo=UTC)  # the device believes it is another year
    page.clock.install()
    page.goto(service.page(countdown(server, server + timedelta(minutes=11)), "countdown.js"))
    left = page.locator("time")
    expect(left).to_have_text("11 min")
    page.clock.run_for(61_000)
    expect(left).to_have_text(re.compile(r"9 min 5\d s"))
    assert float(page.locator("progress").evaluate("p => p.value")) == pytest.approx(50, abs=0.2)
    page.clock.run_for(9 * 60_000)
    expect(page.get_by_role("status")).to_have_text("One minute left")
    page.evaluate("() => { window.over = 0; document.addEventListener('declaration:countdown-over', () => over++); }")
    page.clock.run_for(70_000)
    expect(left).to_have_text("ended")
    expect(page.get_by_role("status")).to_have_text("ended")
    assert page.evaluate("over") == 1


def test_a_deadline_that_cannot_be_read_stays_as_rendered(page: Page, service: Service) -> None:
    page.goto(service.page('<time data-until="soon">tomorrow</time>', "countdown.js"))
    expect(page.locator("time")).to_have_text("tomorrow")


LIVE = '<div data-live-events="/events"></div><main data-live="d/7" data-live-url="/panel"><p>first</p></main>'
EVENT = 'id: 4\nevent: change\ndata: {"topic": "d/7"}\n\n'


def test_a_live_region_is_fetched_when_its_topic_changes(page: Page, service: Service) -> None:
    until = datetime.now(UTC) + timedelta(hours=29, minutes=30)
    service.page(f'<p>second</p><time data-until="{until.isoformat()}"></time>', path="/panel")
    page.route("**/events**", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=EVENT))
    page.goto(service.page(LIVE, "live.js", "countdown.js"))
    expect(page.locator("main p")).to_have_text("second")
    expect(page.locator("main time")).to_have_text("1 d 5 h")  # what is new is enhanced too


def test_text_is_not_pulled_from_under_a_typist(page: Page, service: Service) -> None:
    service.page("<p>second</p>", path="/panel")
    page.route("**/events**", lambda route: route.fulfill(status=204))
    page.goto(service.page(LIVE.replace("<p>first</p>", "<textarea>typed</textarea>"), "live.js"))
    page.locator("textarea").focus()
    page.locator("main[data-stale]").wait_for(timeout=20_000)  # the stream ended for good, so the page polls
    assert page.locator("textarea").input_value() == "typed"
    page.locator("textarea").evaluate("e => e.blur()")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("main p")).to_have_text("second")


def test_every_refusal_has_words() -> None:
    """A code without words would leave a person with a code."""
    strings = (JS / "strings.js").read_text("utf-8")
    keys = set(re.findall(r'^  "([a-z.-]+)":', strings, re.MULTILINE))
    internal = {  # defects of our own pages or bytes that people never type: shown with their code by "error.unexpected"
        "base64.malformed",
        "hex.malformed",
        "uint32.range",
        "utf8.malformed",
        "unicode.lone-surrogate",
        "der.malformed",
        "json.malformed",
        "json.not-canonical",
        "json.number",
        "json.key",
        "json.type",
        "json.too-deep",
        "sshsig.namespace",
        "sshsig.length",
    }
    used = {
        path.name: set(re.findall(r'(?:new Refusal|words)\(\s*"([a-z0-9.-]+)"', path.read_text("utf-8"))) for path in JS.glob("*.js")
    }
    checking = set().union(*(used.pop(name) for name in ("receipt.js", "receiptcheck.js", "verifying.js", "wire.js")))
    assert checking - set(CODES) == set()  # the page on which receipts are checked brings its words with it
    unworded = {code for code in set().union(*used.values()) - keys - internal if not re.match(r"(note|checkpoint|proof)\.", code)}
    assert unworded == set()
    everything = "".join(path.read_text("utf-8") for path in JS.glob("*.js"))
    assert {key for key in keys if everything.count(f'"{key}"') < 2} == set()  # and no words without a use


def test_the_words_are_in_the_voice_of_the_service() -> None:
    for text in re.findall(r'^  "[a-z.-]+": "(.*)",$', (JS / "strings.js").read_text("utf-8"), re.MULTILINE):
        assert "—" not in text
        assert "!" not in text
        assert not re.search(r"\b(please|successfully|oops|sorry)\b", text, re.IGNORECASE)
        assert text.count("{") == text.count("}")
