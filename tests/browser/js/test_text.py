"""textcheck.js: what you see is what you sign. Whatever differs on the screen is named, and nothing is signed."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import declaration
from declaration.protocol.encoding import sha256_hex
from declaration.protocol.manifest import Manifest, TextRow, UnitRow, build_manifest, canonical_text, unit_hash
from declaration.protocol.statement import parse_statement
from tests.browser.js.pages import act_form, make_key, refusal, template
from tests.browser.js.service import Service

pytestmark = pytest.mark.browser

UNITS: list[tuple[str, str, str | None, dict[str, str]]] = [
    ("T", "title", None, {"en": "Joint Declaration", "tr": "Ortak Bildiri"}),
    (
        "PP1",
        "preambular",
        None,
        {"en": "Guided by the Charter,", "tr": "Birleşmiş Milletler Antlaşması’nın amaç ve ilkelerini rehber edinerek,"},
    ),
    ("H1", "heading", None, {"en": "Platform", "tr": "Platform"}),
    ("OP1", "operative", "1", {"en": "Establish the Platform;", "tr": "Türk Devletleri STK Platformu’nu kuruyoruz;"}),
    ("OP1.a", "item", "(a)", {"en": "every year;", "tr": "her yıl;"}),
    ("OP2", "operative", "2", {"en": "Decide.", "tr": "Iğdır’da karar veriyoruz."}),
]


def manifest() -> Manifest:
    rows = [
        UnitRow(i, kind, number, "OP1" if kind == "item" else None, {lang: unit_hash(text) for lang, text in texts.items()})
        for i, kind, number, texts in UNITS
    ]
    listed = []
    for lang in ("en", "tr"):
        data = canonical_text([(i, number, texts[lang]) for i, _, number, texts in UNITS])
        listed.append(TextRow(lang, sha256_hex(data), len(data), "authentic"))
    return build_manifest(declaration="joint-declaration", previous=None, symbol="X/2025/JD", texts=listed, units=rows)


def unit(identifier: str, number: str | None, text: str, lang: str = "tr") -> str:
    label = (
        f'<span class="text__no">{number}.</span> '
        if number and not number.startswith("(")
        else f"<span>{number}</span> "
        if number
        else ""
    )
    data_number = f' data-number="{number}"' if number else ""
    return f'<p data-unit="{identifier}" data-lang="{lang}"{data_number}>{label}<span data-text>{html.escape(text)}</span></p>'


def text_root(lang: str = "tr", raw: str | None = None) -> str:
    body = "\n".join(unit(i, number, texts[lang], lang) for i, _, number, texts in UNITS)
    raw = manifest().raw.decode() if raw is None else raw
    return f'<div data-text-root data-manifest="{html.escape(raw)}">\n{body}\n</div>'


SHOWN = '<ul class="words" data-digest-words="6" data-wordlist="list"></ul>'
SHOWN += '<code data-digest-shown></code><code data-digest-shown="tr" id="tr"></code>'
WORDS = [f"söz{n}" for n in range(256)]


def open_page(page: Page, service: Service, root: str, **changes: Any) -> None:
    page.goto(service.page("<main></main>", path="/empty"))
    make_key(page)
    act = template("endorsement.sign-v1", **({"object": manifest().digest, "body": {}} | changes))
    head = f'<script type="application/json" id="list">{json.dumps(WORDS)}</script>'
    page.goto(service.page(root + SHOWN + act_form(service, act, data_digest_check=True), "act.js", head=head))


def test_the_text_on_the_screen_is_signed(page: Page, service: Service) -> None:
    open_page(page, service, text_root())
    digest = manifest().digest
    expect(page.locator("[data-digest-shown='']")).to_have_text(digest)  # before anything is pressed
    expect(page.locator("#tr")).to_have_text(manifest().texts[1].sha256)
    assert page.locator(".words li").all_inner_texts() == [WORDS[byte] for byte in bytes.fromhex(digest)[:6]]
    page.get_by_role("button").click()
    page.wait_for_url("**/sink")
    assert parse_statement(service.posted[0][1]["statement"].encode()).object == digest


def test_the_words_are_shown_before_a_composed_act_is_signed(page: Page, service: Service) -> None:
    form = act_form(
        service, template("endorsement.sign-v1"), data_act=None, data_act_endpoint="/compose", data_digest_check=manifest().digest
    )
    page.goto(service.page(text_root() + SHOWN + form, "act.js"))
    expect(page.locator("[data-digest-shown='']")).to_have_text(manifest().digest)
    assert page.locator(".words li").first.inner_text() == manifest().digest[:4]  # without a list of words: hexadecimal


def test_a_composed_act_on_another_version_is_refused(page: Page, service: Service) -> None:
    service.composed = {"act": template("endorsement.sign-v1", object="cd" * 32)}
    page.goto(service.page("<main></main>", path="/empty"))
    make_key(page)
    form = act_form(
        service, template("endorsement.sign-v1"), data_act=None, data_act_endpoint="/compose", data_digest_check=manifest().digest
    )
    page.goto(service.page(text_root() + SHOWN + form, "act.js"))
    page.get_by_role("button").click()
    assert "is not the version that you are about to sign" in refusal(page)
    assert service.posted == []


COUNTERSIGN = "endorsement.countersign-v1"


def countersign(page: Page, service: Service, texts: dict[str, str]) -> None:
    service.composed = {"act": template(COUNTERSIGN, object="cd" * 32, body={"texts": texts})}
    page.goto(service.page("<main></main>", path="/empty"))
    make_key(page)
    form = act_form(service, template(COUNTERSIGN), data_act=None, data_act_endpoint="/compose", data_digest_check=manifest().digest)
    page.goto(service.page(text_root() + SHOWN + form, "act.js"))
    page.get_by_role("button").click()


def authentic() -> dict[str, str]:
    return {row.lang: row.sha256 for row in manifest().texts if row.status == "authentic"}


def test_a_countersignature_is_of_the_text_on_the_screen(page: Page, service: Service) -> None:
    countersign(page, service, authentic())
    page.wait_for_url("**/sink")
    assert parse_statement(service.posted[0][1]["statement"].encode()).object == "cd" * 32


@pytest.mark.parametrize("change", ["other", "fewer", "more"])
def test_a_countersignature_that_cites_other_texts_is_refused(page: Page, service: Service, change: str) -> None:
    cited = authentic()
    lang = next(iter(cited))
    cited = {"other": {**cited, lang: "ab" * 32}, "fewer": {}, "more": {**cited, "kk": "ab" * 32}}[change]
    countersign(page, service, cited)
    assert "is not the version that you are about to sign" in refusal(page)
    assert service.posted == []


def test_two_languages_side_by_side(page: Page, service: Service) -> None:
    open_page(page, service, text_root("tr") + text_root("en"))
    page.get_by_role("button").click()
    page.wait_for_url("**/sink")


OP2 = UNITS[-1][3]["tr"]
TAMPERED = {
    "a word": (lambda r: r.replace("kuruyoruz", "kurmuyoruz"), "Paragraph OP1 on your screen"),
    "a letter of another alphabet": (lambda r: r.replace("karar", "kаrar"), "Paragraph OP2 on your screen"),
    "a letter without its dot": (lambda r: r.replace("Iğdır", "İğdır"), "Paragraph OP2 on your screen"),
    "a space at the end": (lambda r: r.replace("veriyoruz.", "veriyoruz. "), "Paragraph OP2 on your screen"),
    "an invisible character": (lambda r: r.replace("karar", "ka\u200brar"), "Paragraph OP2 on your screen"),
    "a decomposed letter": (lambda r: r.replace("ğ", "g\u0306"), "Paragraph OP2 on your screen"),
    "a paragraph left out": (lambda r: r.replace(unit("OP1", "1", UNITS[3][3]["tr"]), ""), "Paragraph OP1 is missing"),
    "the last paragraph left out": (lambda r: r.replace(unit("OP2", "2", OP2), ""), "Paragraph OP2 is missing"),
    "a paragraph twice": (lambda r: r.replace("</div>", unit("OP2", "2", OP2) + "</div>"), "Paragraph OP2 is missing, extra"),
    "a paragraph of no version": (
        lambda r: r.replace("</div>", unit("OP3", "3", "Ödeyeceğiz.") + "</div>"),
        "Paragraph OP3 is missing, extra",
    ),
    "two paragraphs swapped": (
        lambda r: r.replace('data-unit="OP2"', 'data-unit="X"').replace('data-unit="OP1"', 'data-unit="OP2"').replace('"X"', '"OP1"'),
        "Paragraph OP1 is missing, extra or out of order",
    ),
    "another number": (
        lambda r: r.replace('data-number="2"', 'data-number="3"').replace("2.</span>", "3.</span>"),
        "Paragraph OP2 has another number",
    ),
    "another number on the screen alone": (lambda r: r.replace("2.</span>", "3.</span>"), "Words stand in the text"),
    "another language's label": (lambda r: r.replace('data-lang="tr"', 'data-lang="en"'), "Paragraph T on your screen"),
    "a language of no version": (lambda r: r.replace('data-lang="tr"', 'data-lang="kk"'), "The language kk is not part"),
    "a sentence between two paragraphs": (lambda r: r.replace("</div>", "<p>Bir milyon ödenir.</p></div>"), "“Bir milyon ödenir.”"),
    "a bare sentence": (lambda r: r.replace("</div>", "Bir milyon ödenir.</div>"), "“Bir milyon ödenir.”"),
    "words beside a paragraph's text": (lambda r: r.replace("</span></p>", "</span> değil</p>", 1), "“değil”"),
    "a second text in a paragraph": (
        lambda r: r.replace("</span></p>", "</span><span data-text>!</span></p>", 1),
        "Paragraph T on your screen",
    ),
    "a hidden paragraph": (lambda r: r.replace('<p data-unit="OP2"', '<p hidden data-unit="OP2"'), "Paragraph OP2 is hidden"),
    "a folded text": (lambda r: f"<details><summary>Text</summary>{r}</details>", "Paragraph T is hidden"),
    "no text": (lambda r: "<p></p>", "is not on this page"),
    "an empty text": (lambda r: r[: r.index("<p")] + "</div>", "is not on this page"),
    "two versions, one of them another": (
        lambda r: r + text_root("en", replace(manifest(), raw=manifest().raw.replace(b"X/2025/JD", b"X/2025/JX")).raw.decode()),
        "is not the version",
    ),
    "a manifest with a space": (lambda r: r.replace("{&quot;declaration", "{ &quot;declaration"), "json.not-canonical"),
    "no manifest": (lambda r: r.replace("data-manifest", "data-other"), "json.malformed"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_whatever_differs_is_refused(page: Page, service: Service, name: str) -> None:
    change, words = TAMPERED[name]
    root = text_root()
    changed = change(root)
    assert changed != root
    open_page(page, service, changed)
    assert words in refusal(page)  # said when the page is opened
    page.get_by_role("button").click()
    page.get_by_text("Nothing was signed.").wait_for()
    assert words in refusal(page)
    assert service.posted == []
    assert page.locator("[data-digest-shown='']").inner_text() == ""


def test_a_text_changed_after_the_page_was_opened_is_refused(page: Page, service: Service) -> None:
    open_page(page, service, text_root())
    expect(page.locator("[data-digest-shown='']")).to_have_text(manifest().digest)
    page.evaluate("document.querySelector('[data-unit=OP2] [data-text]').textContent += ' Ek.'")
    page.get_by_role("button").click()
    assert "Paragraph OP2 on your screen is not the adopted text" in refusal(page)
    assert service.posted == []


def test_another_version_is_refused(page: Page, service: Service) -> None:
    open_page(page, service, text_root(), object="cd" * 32)
    assert "is not the version that you are about to sign" in refusal(page)


def test_a_manifest_that_lies_about_the_whole(page: Page, service: Service) -> None:
    """Every paragraph fits its hash, and the text as a whole is said to be another."""
    wrong = manifest().raw.replace(manifest().texts[1].sha256.encode(), b"0" * 64)
    open_page(page, service, text_root(raw=wrong.decode()), object=sha256_hex(wrong))
    assert "The whole text on your screen (tr)" in refusal(page)


def test_the_canonical_text_is_the_protocols(page: Page, service: Service) -> None:
    page.goto(service.page("<main></main>", path="/empty"))
    units = [{"id": i, "number": number, "text": texts["tr"]} for i, _, number, texts in UNITS]
    found = page.evaluate("async u => new TextDecoder().decode((await import('/static/js/textcheck.js')).canonicalText(u))", units)
    assert found.encode() == canonical_text([(i, number, texts["tr"]) for i, _, number, texts in UNITS])


def test_the_modules_touch_no_markup() -> None:
    """No sink for text that could become markup, but the one that has a policy."""
    for path in sorted((Path(declaration.__file__).parent / "static" / "js").glob("*.js")):
        source = path.read_text("utf-8")
        for sink in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            'setAttribute("style"',
            "http://",
            "https://",
        ):
            assert sink not in source, (path.name, sink)
        assert ("parseFromString" in source) == (path.name == "fragment.js")
