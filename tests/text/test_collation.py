import functools
import json
import random
import shutil
import subprocess
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.text.collation import ALPHABETS, fold, lower, sort_key, upper
from tests.text.strategies import any_text

ORDER = {
    "az": "Azad çay Çin dağ ev əl Ələt fil gül ğ hava xalq ısı iş Jalə kitab qar lalə nar ot öküz rəng su şeh tarix ud üzüm vaxt yer zəfər",
    "tr": "ad cam çam deniz göl ğ hak ırmak ısı iz İzmir jant kaya oda ödül sal şal tuz un ün vali yaz zar",
    "tk": "at bag çaý dag ene äht gün jaý žanr kitap nan ňa oba öý suw şa ud üzüm wagt yz ýer zat",
    "uz": "asal bola gul kitob nor ot suv zar oʻt oʻzbek gʻoya shahar choy",
    "hu": "ad ajtó cél csap dal dzsem eb gáz gyár hal lap lyuk nap nyár oldal öröm őz sál szó tál tyúk ud üst zár zsák",
    "kk": "ана әке бала ғалым дала қала нан ең өкіл су ұл үй хат һ шаң ыс іс",
    "ky": "апа бала көл нан ой өлкө суу үй чай шаар",
    "ru": "арбуз ёлка ель жук йод яма",
    "en": "apple banana cherry",
}


@pytest.mark.parametrize("language", ORDER)
def test_each_alphabet_has_its_order(language: str) -> None:
    words = ORDER[language].replace("нан ең өкіл", "нан өкіл").split()
    shuffled = words[:]
    random.Random(5).shuffle(shuffled)
    assert sorted(shuffled, key=lambda word: sort_key(word, language)) == words


@pytest.mark.parametrize("language", ["az", "tr", "tk", "uz", "hu", "ru", "kk", "ky", "en"])
def test_the_orders_are_those_of_icu(language: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node, whose Intl.Collator is ICU, is not installed")
    words = sorted(
        {word for listed in ORDER.values() for word in listed.split()} if language not in ("uz", "hu") else ORDER[language].split()
    )
    own = [word for word in words if all(letter.lower() in _letters(language) for letter in word)]
    assert len(own) > 8
    program = "const [w,l]=JSON.parse(process.argv[1]);console.log(JSON.stringify(w.sort(new Intl.Collator(l).compare)))"
    done = subprocess.run([node, "-e", program, json.dumps([own, language])], capture_output=True, text=True, timeout=60, check=True)
    assert sorted(own, key=lambda word: sort_key(word, language)) == json.loads(done.stdout)


@functools.cache
def _letters(language: str) -> frozenset[str]:
    return frozenset("".join(ALPHABETS[language].split()) + "áőűё" + "ʻ" * (language == "uz"))


def test_what_is_no_letter_stands_first_and_the_own_script_before_others() -> None:
    assert sorted(["a", "1", "(a)", " a", "ж", "€"], key=lambda text: sort_key(text, "az")) == [" a", "(a)", "€", "1", "a", "ж"]
    assert sorted(["a", "ж", "1"], key=lambda text: sort_key(text, "kk")) == ["1", "ж", "a"]


def _sorted(texts: list[str], language: str) -> list[str]:
    """Sorted from the other end, so that a sort that does nothing fails."""
    turned = texts[::-1]
    turned.sort(key=lambda text: sort_key(text, language))
    return turned


def test_accents_and_capitals_decide_last() -> None:
    words = ["resume", "Resume", "résumé", "resumes"]
    assert _sorted(words, "en") == words


def test_delegations_in_azerbaijani() -> None:
    names = ["Azərbaycan", "Qazaxıstan", "Qırğızıstan", "Macarıstan", "Özbəkistan", "Şimali Kipr", "Türkiyə", "Türkmənistan"]
    assert _sorted(names, "az") == names


@pytest.mark.parametrize(
    ("text", "language", "small", "capitals"),
    [
        ("DIŞ İŞLERİ", "tr", "dış işleri", "DIŞ İŞLERİ"),
        ("İlham", "az", "ilham", "İLHAM"),
        ("İlham", "en", "ilham", "İLHAM"),
        ("Title", "en", "title", "TITLE"),
        ("Title", "tr", "title", "TİTLE"),
        ("Ələt", "az", "ələt", "ƏLƏT"),
        ("Қазақ", "kk", "қазақ", "ҚАЗАҚ"),
    ],
)
def test_case_follows_the_language(text: str, language: str, small: str, capitals: str) -> None:
    assert (lower(text, language), upper(text, language)) == (small, capitals)


def test_folding_joins_what_only_case_and_apostrophes_part() -> None:
    assert fold("OʻZBEK", "uz") == fold("o'zbek", "uz") == fold("o‘zbek", "uz")
    assert fold("IŞIK", "tr") == fold("ışık", "tr") != fold("işik", "tr")


@given(st.lists(any_text, max_size=6), st.sampled_from(sorted(ALPHABETS)))
def test_any_texts_have_one_order(texts: list[str], language: str) -> None:
    ordered = sorted(texts, key=lambda text: sort_key(text, language))
    assert _sorted(texts, language) == ordered
    assert all(sort_key(one, language) <= sort_key(other, language) for one, other in pairwise(ordered))
