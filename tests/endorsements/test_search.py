"""Names as people look for them, and the party that a registration number gives."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from declaration.endorsements.parties import party_of, same_number
from declaration.endorsements.search import matches, patterns, search_key
from declaration.errors import Malformed
from declaration.protocol.names import parse_party
from declaration.text.finding import fold, latin

NAMES = st.text(alphabet=st.sampled_from("aAbBiIİıəƏşŞöÖқҚәӘңоОʻ‘’ “”«»-–—0١²ﬁß\u0307\u0301 "), max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IŞIK", "Işık"),
        ("İlham", "ilham"),
        ("İlham".lower(), "ilham"),  # Python's own lower case leaves a loose dot above
        ("I\u0307lham", "ilham"),
        ("ŞƏFƏQ", "Şəfəq"),
        ("ҚАЗЫНА", "Қазына"),
        ("Yo‘ldosheva", "yoʻldosheva"),
        ("Yo'ldosheva", "Yo’ldosheva"),
        ("«Нур» экология", "“нур”  экология"),
        ("Ｎｏ．１", "no.1"),
        ("A\u00a0B", "a b"),
        ("Kárpát–Kaukázus", "kárpát-kaukázus"),
        (unicodedata.normalize("NFD", "Őrségi"), "őrségi"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Нур", "Nur"), ("Şəfəq", "Sefeq"), ("қазына", "казына"), ("ab", "a b"), ("1-2", "12")])
def test_other_letters_are_other_names(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("«Арал тынысы» қоғамдық бірлестігі", "aral tynysy"),
        ("“Şəfəq” Ekoloji Fondu", "sefeq"),
        ("Işık Eğitim Gönüllüleri Derneği", "isik egitim"),
        ("“Keýik okara” ýaş alymlar jemgyýeti", "keyik yas"),
        ("Őrségi Turán Kulturális Egyesület", "orsegi turan"),
        ("“Ала-Тоо жаштары” коомдук бирикмеси", "ala too"),
    ],
)
def test_plain_letters_find_names_of_both_scripts(name: str, typed: str) -> None:
    key = search_key(name, "1")
    assert all(word in key for word in typed.split())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("İlham Fondu", "ilham"),
        ("İlham Fondu", "ILHAM"),
        ("IŞIK DERNEĞİ", "Işık derneği"),
        ("Işık Derneği", "IŞIK"),
        ("Qələbə Birliyi", "qelebe"),
        ("Oʻzbek yoshlari", "o'zbek"),
        ("Ёлка", "ёлка"),
    ],
)
def test_a_name_is_found_however_it_is_typed(name: str, typed: str) -> None:
    assert matches(search_key(name, "1"), typed)


@pytest.mark.parametrize(("name", "typed"), [("İlham", "ilhan"), ("Işık", "ışıl"), ("Нур", "нар")])
def test_another_name_is_not_found(name: str, typed: str) -> None:
    assert not matches(search_key(name, "1"), typed)


def test_signs_of_the_database_are_letters_like_others() -> None:
    assert patterns("100%_\\") == [("%100\\%\\_\\\\%", "%100%")]
    assert patterns("  ‘’ ") == []


@given(NAMES)
@example("i\u0307\u0301")  # a dot above the i and an acute above the dot
@example("i\u0307\u0307")
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert latin(latin(name)) == latin(name)


@pytest.mark.parametrize(
    "spelling",
    ["sample-tr-0001", "SAMPLE–TR–0001", "ＳＡＭＰＬＥ－ＴＲ－0001", " SAMPLE-TR- 0001", "SАМРLЕ-TR-0001", "sаmple-тr-0001".upper()],
)
def test_one_number_is_one_organization(spelling: str) -> None:
    assert party_of("tr", spelling) == "tr.sample-tr-0001"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12/345", "12-345"),
        ("12/345", "12.345"),
        ("№ 7", "7"),
        ("Ж-1", "Ш-1"),
        ("1" * 90, "1" * 91),
        ("a_b", "a-b"),
        ("(1)", "1"),
        ("—", "–—"),
    ],
)
def test_different_numbers_are_different_organizations(one: str, other: str) -> None:
    assert party_of("kz", one) != party_of("kz", other)


def test_the_same_number_in_two_countries_is_two_organizations() -> None:
    assert party_of("az", "0002") != party_of("tr", "0002")


@given(st.text(min_size=1, max_size=100))
def test_every_number_gives_a_party_that_the_record_takes(number: str) -> None:
    party = party_of("trnc", number)
    assert parse_party(party) == party
    assert party_of("trnc", number) == party
    assert party_of("trnc", f" {number}\u00a0") == party


@given(st.text(max_size=40), st.text(max_size=40))
def test_equal_parties_mean_the_same_number(one: str, other: str) -> None:
    assert (party_of("az", one) == party_of("az", other)) == (same_number(one) == same_number(other))


@pytest.mark.parametrize("country", ["", "AZ", "a z", "-az", "аз"])
def test_a_country_that_is_no_identifier_is_refused(country: str) -> None:
    with pytest.raises(Malformed):
        party_of(country, "1")
