"""Catalogues are whole, current, compiled, and in the voice and words of the interface."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from declaration.web.script_words import script_words
from tests.translations.catalogues import FOLDER, LANGUAGES, ROOT, catalogue, english, extracted, places, told

# Terms of the procedure: where the English word stands, the term's stem stands in the translation.
TERMS = {
    "az": {
        r"\bdepositary\b": "depozitari", r"\bsecretariat\b": "atibli", r"\bquorum\b": "etərsay", r"\bad referendum\b": "ad referendum",
        r"\bco-sponsor\b": "həmmüəllif", r"\bnot retained\b": "saxlanılmayıb", r"\bzero draft\b": "ilkin layihə",
        r"\bsub-amendment\b": "əlavə düzəliş", r"\blegal review\b": "hüquqi ekspertiza", r"\bpreambular paragraph\b": "preambula bəndi",
        r"\bin brackets\b": "kvadrat mötərizə", r"\bcompilation\b": "toplu", r"\bregister\b(?! of its| extract)": "reyestr|qeydiyyat",
    },
    "tr": {
        r"\bdepositary\b": "tevdi makam", r"\bsecretariat\b": "sekretarya", r"\bquorum\b": "yeter sayı",
        r"\bad referendum\b": "ad referendum", r"\bco-sponsor\b": "eş sunucu", r"\bnot retained\b": "benimsenmedi",
        r"\bzero draft\b": "ilk tasla",
        r"\bsub-amendment\b": "alt değişikli", r"\blegal review\b": "hukuki inceleme", r"\bpreambular paragraph\b": "başlangıç paragrafı",
        r"\bin brackets\b": "köşeli parantez", r"\bcompilation\b": "derleme", r"\bregister\b(?! extract)": "kütü|kaydet",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return extracted(tmp_path_factory.mktemp("words") / "messages.pot")


def folded(words: str) -> str:
    """Small letters, with the dots of Turkish and Azerbaijani."""
    return words.replace("I", "ı").replace("İ", "i").lower() if words else words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_words_of_the_sources_and_no_others(sources: Catalog, language: str) -> None:
    wanted, found = {english(each) for each in sources if each.id}, {english(each) for each in catalogue(language) if each.id}
    assert sorted(wanted - found) == [], "make messages, translate, make catalogues"
    assert sorted(found - wanted) == [], "make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    found = catalogue(language)
    assert [each.id for each in found if each.id and (each.fuzzy or not all(told(each)))] == []
    assert all(len(told(each)) == found.num_plurals for each in found if isinstance(each.id, tuple))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same(language: str) -> None:
    for each in catalogue(language):
        if isinstance(each.id, str):
            assert places(each.string) == places(each.id), each.id
        else:
            allowed = [places(one) for one in each.id]
            assert all(places(one) in allowed for one in each.string), each.id
            assert places(each.string[-1]) == places(each.id[-1]), each.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edges_of_a_message_are_the_same(language: str) -> None:
    for each in catalogue(language):
        for words, said in zip(english(each), told(each), strict=False):
            assert (words[:1] == " ", words[-1:] == " ") == (said[:1] == " ", said[-1:] == " "), words
            assert words.endswith("…") == said.endswith("…"), words
            assert ("\N{NO-BREAK SPACE}" in words) == ("\N{NO-BREAK SPACE}" in said), words
            if words[-1:] in ".:?" and words[:1].isupper():
                assert said[-1:] == words[-1:] or words[-1:] == ".", words


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_voice(language: str) -> None:
    for each in catalogue(language):
        for said in told(each) if each.id else ():
            assert not set("!—") & set(said), said
            assert not re.search(r"\w'\w", said), f"an apostrophe is ’: {said}"
            strange = [letter for letter in said if letter.isalpha() and not unicodedata.name(letter).startswith("LATIN")]
            assert not strange, f"{strange} in {said}"
            assert said == unicodedata.normalize("NFC", said)


@pytest.mark.parametrize("language", TERMS)
def test_terms_of_the_procedure_are_the_agreed_ones(language: str) -> None:
    for each in catalogue(language):
        for words, said in zip(english(each), told(each), strict=False):
            for term, stem in TERMS[language].items():
                if re.search(term, words, re.I):
                    assert re.search(stem, folded(said)), f"{words!r} is told as {said!r}, without {stem!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_compiled(language: str) -> None:
    made = BytesIO()
    write_mo(made, catalogue(language))
    compiled = (FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert compiled == made.getvalue(), "make catalogues"


def test_the_words_of_the_scripts_are_in_the_sources(sources: Catalog) -> None:
    words = script_words((ROOT / "declaration/static/js/strings.js").read_text("utf-8"))
    assert "act.step.sign" in words
    assert [one for one in words.values() if one not in sources] == []


@pytest.mark.parametrize("line", ["  \"a\": 'b',", '  "a": "b\\n",', '  "a": `b`,'])
def test_a_script_word_of_another_form_is_seen(line: str) -> None:
    with pytest.raises(ValueError, match=r"strings\.js"):
        script_words(f'  "good": "Good",\n{line}\n')


def test_letters_are_never_recased_by_style_or_template() -> None:
    """A browser and Python know nothing of i and ı: what is to be a capital is written as one. Codes of countries are not words."""
    for style in (ROOT / "declaration/static").rglob("*.css"):
        assert "text-transform" not in style.read_text("utf-8"), style
    recased = re.compile(r"(?<!country )\|\s*(upper|lower|title|capitalize)\b|\.(upper|lower|title|capitalize)\(\)")
    assert [one.name for one in (ROOT / "templates").rglob("*.html") if recased.search(one.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", sorted(str(one.relative_to(ROOT)) for one in (ROOT / "templates").rglob("*.html")))
def test_templates_have_no_words_of_their_own(name: str) -> None:
    """Every word is in ``_()``. Commands, file names and the names of formats are not words."""
    text = (ROOT / name).read_text("utf-8")
    for pattern in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}"):
        text = re.sub(pattern, " ", text, flags=re.S)
    spoken = re.findall(r'(?:alt|title|aria-label|placeholder|data-head)="([^"]*)"', text)
    text = re.sub(r"<pre.*?</pre>|<code.*?</code>|<i lang.*?</i>|<style.*?</style>", " ", text, flags=re.S)
    text = re.sub(r"<[^>]*>", " ", re.sub(r'[\w-]+="[^"]*"', " ", text))
    allowed = {"SHA", "receipt", "txt", "python", "wrap", "full", "ssh", "keygen"}
    found = {word for one in (text, *spoken) for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"&\w+;", " ", one))} - allowed
    assert not found, f"{name}: {sorted(found)}"
