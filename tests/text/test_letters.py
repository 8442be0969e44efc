import os
from pathlib import Path

import pytest

from declaration.errors import Malformed
from declaration.text.alterations import NEGATIONS, NUMBER_WORDS, alterations
from declaration.text.letters import (
    ALIKE,
    ALLOWED,
    check_letters,
    letter_warnings,
    refused_letters,
    script_of,
    skeleton,
    spelled_two_ways,
)
from declaration.text.redline import redline, replacements

REFUSED = {
    "null": "\0",
    "tab": "\t",
    "line feed": "\n",
    "C1 control": "\x85",
    "soft hyphen": "\xad",
    "zero-width space": "\u200b",
    "zero-width non-joiner": "\u200c",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "bidi override": "\u202e",
    "bidi isolate": "\u2066",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "line separator": "\u2028",
    "surrogate": "\ud800",
    "private use": "\ue000",
    "private use plane": "\U000f0000",
    "unassigned": "\u0378",
    "emoji": "👍",
    "fullwidth": "Ａ",
    "tag": "\U000e0041",
    "variation selector": "\ufe0f",
    "ideographic space": "\u3000",
    "en space": "\u2002",
    "mathematical A": "\U0001d400",
    "Cherokee look-alike": "Ꭺ",
    "combining grapheme joiner": "\u034f",
    "Hangul filler": "\u3164",
}


@pytest.mark.parametrize("character", REFUSED.values(), ids=REFUSED)
def test_what_may_not_stand_in_a_text(character: str) -> None:
    found = refused_letters(f"ab{character}c")
    assert [(one.position, one.character) for one in found] == [(2, character)]
    with pytest.raises(Malformed) as refusal:
        check_letters(f"ab{character}c", where="OP1 (en)")
    assert refusal.value.code == "letters.refused"
    assert f"U+{ord(character):04X}" in refusal.value.message


@pytest.mark.parametrize("text", ["\u0301a", "a \u0301", "a,\u0301"])
def test_a_mark_with_nothing_before_it_is_refused(text: str) -> None:
    assert len(refused_letters(text)) == 1


def test_a_text_that_is_not_nfc_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        check_letters("e\u0301")
    assert refusal.value.code == "letters.form"


@pytest.mark.parametrize(
    "text",
    [
        "The Parties – “eight” of them’ – pay 5 % of €1,000.",
        "Azərbaycan Gəncə İğdır öhdəlik",
        "Türkiye çözümü ığ",
        "Oʻzbekiston gʻoya taʼlim",
        "Қазақстан әғқңөұүһі",
        "Кыргыз өңү",
        "Türkmenistan ňäžöüýş",
        "őrült űrhajó",
        "Россия ёъ № 5",
        "№ 5\u00a0000\u202fтенге ₼ ₸ ₺",
        "",
    ],
)
def test_what_the_nine_languages_write_passes(text: str) -> None:
    check_letters(text)
    assert letter_warnings(text) == []


def test_the_ranges_rise() -> None:
    points = [point for pair in ALLOWED for point in pair]
    assert points == sorted(points)
    assert all(script_of(one) and script_of(other) for one, other in ALIKE.items())


@pytest.mark.parametrize(
    ("text", "word", "problem"),
    [
        ("Dövlətlәri var", "Dövlətlәri", "mixed-script"),
        ("біз кəсіп ашамыз", "кəсіп", "mixed-script"),
        ("the Plаtform of NGOs", "Plаtform", "mixed-script"),
        ("the ОТС of states", "ОТС", "other-script"),
        ("Тараптар COP туралы", "COP", "other-script"),
        ("οf the states", "οf", "mixed-script"),
    ],
)
def test_words_that_are_not_what_they_look_like(text: str, word: str, problem: str) -> None:
    assert [(one.word, one.problem) for one in letter_warnings(text)] == [(word, problem)]


@pytest.mark.parametrize("text", ["WUF13-ке қатысу", "IT-компания работает", "COVID туралы келісім", "a Платформа of states"])
def test_honest_words_of_two_scripts_are_not_warned_of(text: str) -> None:
    assert letter_warnings(text) == []


def test_the_warning_names_the_letter() -> None:
    assert letter_warnings("the Plаtform")[0].letters == ("U+0430 CYRILLIC SMALL LETTER A",)
    assert skeleton("Plаtfоrm") == "Platform"


def test_a_term_spelled_two_ways() -> None:
    texts = ["Establish the Platform;", "the secretariat of the platform,", "the Plat-form, and Platforms", "of the Plаtform"]
    assert spelled_two_ways(texts, ["Platform"]) == {"Platform": ("Plat-form", "Plаtform", "platform")}
    assert spelled_two_ways(["co-operation", "cooperation"], ["cooperation"]) == {"cooperation": ("co-operation",)}
    assert spelled_two_ways(["İstanbul ve istanbul"], ["İstanbul"]) == {"İstanbul": ("istanbul",)}
    assert spelled_two_ways(["the Global South Platform"], ["Global South Platform"]) == {}
    assert spelled_two_ways(["nothing here"], ["Platform"]) == {}


# -- numbers and negations ----------------------------------------------------------

ALTERED = [
    ("en", "shall be notified", "shall not be notified", "negation"),
    ("en", "without restriction", "with restriction", "negation"),
    ("en", "within thirty days", "within sixty days", "number"),
    ("en", "USD 1,000,000", "USD 10,000,000", "number"),
    ("en", "before 31 March 2026", "before 31 March 2027", "number"),
    ("az", "qüvvəyə minir", "qüvvəyə minmir", "negation"),
    ("az", "məcburidir", "məcburi deyil", "negation"),
    ("az", "otuz gün", "altmış gün", "number"),
    ("tr", "kamuoyuna açıklanır", "kamuoyuna açıklanmaz", "negation"),
    ("tr", "raporu sunar", "raporu sunmaz", "negation"),
    ("tr", "yılda iki kez", "yılda üç kez", "number"),
    ("uz", "taʼsir qiladi", "taʼsir qilmaydi", "negation"),
    ("uz", "majburiy", "majburiy emas", "negation"),
    ("kk", "кедергі жасамайды", "кедергі жасайды", "negation"),
    ("kk", "міндетті", "міндетті емес", "negation"),
    ("kk", "отыз күн", "қырық күн", "number"),
    ("ky", "тоскоол кылат", "тоскоол кылбайт", "negation"),
    ("ky", "отуз күн", "кырк күн", "number"),
    ("tk", "päsgel berýär", "päsgel bermeýär", "negation"),
    ("hu", "kötelező", "nem kötelező", "negation"),
    ("hu", "harminc nap", "hatvan nap", "number"),
    ("ru", "взимают плату", "не взимают плату", "negation"),
    ("ru", "тридцать дней", "сорок дней", "number"),
    ("ru", "в течение тридцати дней", "в течение сорока пяти дней", "number"),
    ("ru", "большинством в две трети", "большинством в три четверти", "number"),
    ("az", "ikinci iclas", "üçüncü iclas", "number"),
    ("tr", "dördüncü madde", "onuncu madde", "number"),
    ("uz", "ikkinchi majlis", "uchinchi majlis", "number"),
    ("kk", "екінші отырыс", "үшінші отырыс", "number"),
    ("ky", "экинчи жыйын", "үчүнчү жыйын", "number"),
    ("tk", "ikinji maslahat", "üçünji maslahat", "number"),
    ("hu", "évente kétszer", "évente háromszor", "number"),
]


@pytest.mark.parametrize(("language", "old", "new", "kind"), ALTERED, ids=[f"{row[0]}-{row[2]}" for row in ALTERED])
def test_a_changed_number_or_negation_is_named(language: str, old: str, new: str, kind: str) -> None:
    for one, other in ((old, new), (new, old)):
        assert kind in {alteration.kind for alteration in alterations(replacements(redline(one, other)), language)}


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "recognise the role", "affirm the role"),
        ("en", "shall not pay", "may not pay"),
        ("az", "təşkilatlarının fəaliyyəti", "institutlarının fəaliyyəti"),
        ("tr", "tedbirleri alır", "tedbirleri alacaktır"),
        ("tr", "uygulanması için", "uygulamak için"),
        ("kk", "қызметін қамтамасыз", "жұмысын қамтамасыз"),
        ("az", "məsələlər altında", "məsələlər üstündə"),
        ("tr", "bu yüzden toplanır", "böylece toplanır"),
        ("hu", "a hatály alá tartozik", "a hatáskör alá tartozik"),
        ("ru", "стороны приняли", "участники приняли"),
        ("xx", "not two", "neither three"),
    ],
)
def test_other_changes_are_not(language: str, old: str, new: str) -> None:
    assert alterations(replacements(redline(old, new)), language) == []


def test_every_language_has_its_words() -> None:
    languages = {"en", "az", "tr", "uz", "kk", "ky", "tk", "hu", "ru"}
    assert set(NEGATIONS) == set(NUMBER_WORDS) == languages


UDHR = os.environ.get("DECLARATION_UDHR")


@pytest.mark.skipif(UDHR is None, reason="DECLARATION_UDHR names no folder with the Universal Declaration in nine languages")
@pytest.mark.parametrize("code", ["aze", "eng", "hun", "kaz", "kir", "rus", "tuk", "tur", "uzn"])
def test_the_universal_declaration_passes(code: str) -> None:
    for line in (Path(str(UDHR)) / f"{code}.txt").read_text().splitlines():
        check_letters(line)
        assert letter_warnings(line) == []
