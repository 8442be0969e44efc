"""Pages in Azerbaijani and Turkish: every word of the interface, dates, hours and refusals."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

import pytest
from flask import g

from declaration.errors import Refused
from declaration.procedure.tables import TRANSITIONS
from declaration.web import i18n, refusals
from tests.conftest import browser_client
from tests.support.play import SLUG
from tests.translations.catalogues import LANGUAGES, ROOT, catalogue, english, told
from tests.translations.reading import Reading

PUBLIC = ("/", f"/{SLUG}/", "/sign-in", f"/{SLUG}/register", f"/{SLUG}/verify", f"/{SLUG}/text", "/nowhere/")
OFFICES = {
    ("chair", None): ("home", "table", "stage", "people", "keys", "next"),
    ("rapporteur", None): ("home", "people", "stage", "keys/queue", "organizations"),
    ("depositary", None): ("home", "stage", "constitution"),
    ("az", "head"): ("home", "text", "proposals", "drafts", "paragraphs/OP1", "sessions"),
    ("kz", "head"): ("home", "versions", "languages", "changes"),
    ("translator-tr-1", None): ("home", "languages/tr", "languages/az"),
}
BRACKETS = Refused("still in brackets: OP5", code="agreed.brackets", instead="Settle these first.")
_SHORTEST = 12


@cache
def phrases(language: str) -> tuple[re.Pattern[str], ...]:
    """English messages, with anything where values are filled in; those that are the same in both languages are none."""
    found = set()
    for each in catalogue(language):
        for words, said in zip(english(each), told(each), strict=False):
            fixed = re.split(r"%\(\w+\)[a-z]|\{[a-z]+\}", words)
            if words != said and max(map(len, fixed)) > _SHORTEST:
                found.add(r"(?<!\w)" + ".{1,80}?".join(map(re.escape, fixed)).strip("\\ ") + r"(?!\w)")
    return tuple(re.compile(one) for one in sorted(found))


def left_over(page: str, language: str) -> list[str]:
    reading = Reading(page)
    assert reading.language == language
    return [one.pattern for one in phrases(language) if one.search(reading.text)]


def test_english_words_on_a_page_would_be_seen() -> None:
    page = '<html lang="tr"><p>Metin</p><p lang="en">Skip to content</p><script>Skip to content</script>{}</html>'
    assert left_over(page.format(""), "tr") == []
    assert len(left_over(page.format("<p>Skip to content</p>"), "tr")) == 1
    assert len(left_over(page.format('<br><p aria-label="Skip to content"></p>'), "tr")) == 1
    assert left_over(page.format("<p>Recorded as entry 7 of the record.</p>"), "tr") != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_have_no_english_words(app, playing, language: str) -> None:
    with playing() as play:
        play.found().negotiated().opened()
    client = browser_client(app)
    for path in PUBLIC:
        answer = client.get(path, query_string={"lang": language})
        assert answer.status_code in (200, 404), path
        assert left_over(answer.text, language) == [], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_every_office_have_no_english_words(playing, signed_in, language: str) -> None:
    with playing() as play:
        play.found().negotiated()
    seen = 0
    for (party, role), pages in OFFICES.items():
        client = signed_in(party, role)
        for page in pages:
            answer = client.get(f"/{SLUG}/{page}", query_string={"lang": language}, follow_redirects=True)
            seen += answer.status_code == 200
            assert left_over(answer.text, language) == [], (party, page)
    assert seen >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signatory_signs_in_the_own_language(playing, signed_in, language: str) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(1)
    page = signed_in(party, "signatory").get(f"/{SLUG}/sign", query_string={"lang": language})
    assert page.status_code == 200
    assert left_over(page.text, language) == []
    assert {"az": "Siz kimsiniz", "tr": "Siz kimsiniz"}[language] in page.text
    assert 'id="js-strings"' in page.text


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_scripts_get_their_words_but_in_english(app, language: str) -> None:
    with app.test_request_context("/", query_string={"lang": language}):
        element = i18n.script_strings()
    if language == "en":
        assert element == ""
        return
    strings = app.json.loads(re.search(r">(.*)<", element, re.S)[1])
    missing = set(i18n._SCRIPT_WORDS) - set(strings)
    assert missing <= {"service.refused"}, missing
    assert strings["act.step.sign"] == {"az": "Bu cihazda imzalanır", "tr": "Bu cihazda imzalanıyor"}[language]
    assert "<" not in re.search(r">(.*)<", element, re.S)[1]


@pytest.mark.parametrize(
    ("language", "day", "hour", "left"),
    [
        ("az", "25 noyabr 2025", "12:00\N{NO-BREAK SPACE}Bakı", "3 gün 4 saat"),
        ("tr", "25 Kasım 2025", "12:00\N{NO-BREAK SPACE}Bakü", "3 gün 4 sa"),
        ("en", "25 November 2025", "12:00\N{NO-BREAK SPACE}Baku", "3 d 4 h"),
    ],
)
def test_dates_and_hours(app, clock, language: str, day: str, hour: str, left: str) -> None:
    moment = datetime(2025, 11, 25, 8, 0, tzinfo=UTC)
    with app.test_request_context("/", query_string={"lang": language}):
        g.actor = None
        i18n.use_forum_zone("Asia/Baku")
        assert f"{day}, {hour} (+04:00)" in i18n.when(moment)
        assert i18n.day(moment) == day
        clock.set(datetime(2025, 11, 22, 4, 0, tzinfo=UTC))
        assert i18n.time_left(moment) == left


@pytest.mark.parametrize(
    ("language", "error", "said"),
    [
        ("en", Refused("this changes nothing", code="a.b"), "This changes nothing."),
        ("tr", Refused("this changes nothing", code="a.b"), "Bu hiçbir şeyi değiştirmiyor."),
        ("az", Refused("this changes nothing", code="a.b"), "Bu, heç nəyi dəyişmir."),
        ("tr", Refused("the mandate has expired", code="a.b"), "İmza yetkisinin süresi doldu."),
        ("en", BRACKETS, "Still in brackets: OP5. Settle these first."),
        ("tr", BRACKETS, "Hâlâ köşeli parantezde paragraflar var. Önce bunları karara bağlayın."),
        ("tr", Refused("only chair may do this", code="role.not-entitled", instead="Ask chair."), "Rolünüz bunu yapamaz."),
        ("tr", Refused("nobody knows this", code="a.b"), "Nobody knows this."),
    ],
)
def test_refusals(app, language: str, error: Refused, said: str) -> None:
    with app.test_request_context("/", query_string={"lang": language}):
        g.actor = None
        assert str(refusals.told(error)) == said


def test_general_words_belong_to_codes_that_exist() -> None:
    sources = "\n".join(one.read_text("utf-8") for one in (ROOT / "declaration").rglob("*.py") if one.name != "refusals.py")
    made = {"reason.missing", "reason.too-long", "minute.missing", "minute.too-long"}
    machines = {f"{row.machine}.state" for row in TRANSITIONS if row.recorded}
    assert [code for code in refusals.GENERAL if f'"{code}"' not in sources and code not in made | machines] == []


@pytest.mark.parametrize(
    ("language", "words", "capital"),
    [
        ("en", "it", "It"),
        ("tr", "imzacı", "İmzacı"),
        ("az", "imzalayan", "İmzalayan"),
        ("tr", "ısı", "Isı"),
        ("az", "əsas", "Əsas"),
        ("az", "", ""),
    ],
)
def test_capitals(app, language: str, words: str, capital: str) -> None:
    with app.test_request_context("/", query_string={"lang": language}):
        g.actor = None
        assert i18n.capital(words) == capital
