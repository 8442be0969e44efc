"""Changes that a reader must not overlook: a number, or a negation, altered by a redline.

The words are data, per language; a forum's languages that are not listed have their digits guarded only. In the Turkic languages a
negation is a suffix inside the verb (Kazakh ``жасамайды`` beside ``жасайды``, Azerbaijani ``minmir`` beside ``minir``), so for these
a word that is replaced by another with the same beginning is compared by what follows it. The result is a warning for a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from declaration.text.tokens import words

NEGATIONS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": "not no never nor neither none nothing nobody without cannot except unless don't shan't won't",
        "az": "deyil deyildir yox yoxdur heç nə istisna",
        "tr": "değil değildir yok yoktur hiç hiçbir ne hariç olmadan olmaksızın",
        "uz": "emas yoʻq hech na",
        "kk": "емес жоқ ешқандай ешбір ешқашан",
        "ky": "эмес жок эч эчкандай",
        "tk": "däl ýok hiç",
        "hu": "nem ne se sem nincs nincsenek nélkül soha kivéve",
        "ru": "не ни нет без никогда ничто никто кроме нельзя",
    }.items()
}
"""Words that negate, by language, in small letters."""

NUMBER_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty forty-five fifty sixty ninety "
        "hundred thousand million once twice half third thirds quarter",
        "az": "iki üç dörd beş altı yeddi səkkiz doqquz on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan yüz min yarım",
        "tr": "iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen doksan yüz bin yarım",
        "uz": "ikki uch toʻrt besh olti yetti sakkiz toʻqqiz oʻn yigirma oʻttiz qirq ellik oltmish yuz ming yarim",
        "kk": "екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жүз мың жарты",
        "ky": "эки үч төрт беш алты жети сегиз тогуз он жыйырма отуз кырк элүү алтымыш жүз миң жарым",
        "tk": "iki üç dört bäş alty ýedi sekiz dokuz on ýigrimi otuz kyrk elli altmyş ýüz müň ýarym",
        "hu": "két kettő három négy öt hat hét nyolc kilenc tíz húsz harminc negyven ötven hatvan száz ezer fél",
        "ru": "один одного одному одним одном одна одной одну одно два две двух двум двумя три трёх трех трём трем тремя четыре четырёх "
        "четырех четырём четырем четырьмя пять пяти пятью шесть шести шестью семь семи восемь восьми восемью девять девяти девятью "
        "десять десяти десятью двенадцать двенадцати пятнадцать пятнадцати двадцать двадцати двадцатью тридцать тридцати тридцатью сорок "
        "сорока пятьдесят пятидесяти шестьдесят шестидесяти девяносто девяноста сто ста двести двухсот тысяча тысячи тысяч тысячу "
        "миллион миллиона миллионов дважды трижды половина половины половину треть трети четверть четверти",
    }.items()
}
"""Words that count, by language, in small letters; *one* is left out where it is the article too. Russian ones in every case."""

# What makes an ordinal of a word that counts, or the case that a deadline stands in (``otuz gündən``, ``harminc napon``, ``ikinci``).
_COUNTING_SUFFIX: dict[str, re.Pattern[str]] = {
    "az": re.compile(r"[ıiuü]?nc[ıiuü]"),
    "tr": re.compile(r"[ıiuü]?nc[ıiuü]|[şs]?[ae]r"),
    "uz": re.compile(r"i?nchi|ta"),
    "kk": re.compile(r"[ыі]?нш[ыі]"),
    "ky": re.compile(r"[ыиуү]?нч[ыиуү]"),
    "tk": re.compile(r"[yiuü]?nj[yiuü]"),
    "hu": re.compile(r"[aeoö]?dik|szor|szer|ször|évente|[ae]n"),
}

# What the negative of a verb begins with after the part that it shares with the positive; verbal nouns (-ma, -mak) are left out.
_NEGATIVE_SUFFIX: dict[str, re.Pattern[str]] = {
    "az": re.compile(r"m(?:[ıiuü]r|[aə](?:y|z|d|s[ıi]n|m[ıi]ş|l[ıi]))"),
    "tr": re.compile(r"m(?:[ıiuü]yor|[ae](?:z|y|d|s[ıi]n|m[ıi]ş|l[ıi]))|m[ae]$"),
    "uz": re.compile(r"ma(?:y|s|d|gan|sin)"),
    "kk": re.compile(r"[мбп][ае](?:й|с|ғ|г|д|у|ң)"),
    "ky": re.compile(r"[бп][аеоө](?:й|с|г|д|ш)"),
    "tk": re.compile(r"m(?:[aeä](?:z|ý|d|n|s|li|ly)|aýar|eýär)"),
}

_DIGIT = re.compile(r"\d")
_SHARED = 2


@dataclass(frozen=True, slots=True)
class Alteration:
    """What a change does to a number or a negation.

    :param taken: the words that count or negate and are taken out; ``put`` those that are put in.
    """

    kind: Literal["number", "negation"]
    taken: tuple[str, ...]
    put: tuple[str, ...]


def alterations(pairs: Iterable[tuple[str, str]], language: str) -> list[Alteration]:
    """Return what a redline's pairs of (taken out, put in) alter, place by place."""
    counting = NUMBER_WORDS.get(language, frozenset())
    negating = NEGATIONS.get(language, frozenset())
    found: list[Alteration] = []
    for old, new in pairs:
        before, after = _small(old), _small(new)
        numbers = _difference("number", [_counts(words, counting, _COUNTING_SUFFIX.get(language)) for words in (before, after)])
        negations = _difference("negation", [[word for word in words if word in negating] for words in (before, after)])
        found += numbers + (negations or _by_suffix(before, after, language))
    return found


def _small(text: str) -> list[str]:
    """The words in small letters, with one spelling of the apostrophe."""
    return [word.replace("İ", "i").lower().replace("’", "'").replace("‘", "ʻ") for word in words(text)]


def _counts(items: Sequence[str], listed: frozenset[str], suffix: re.Pattern[str] | None) -> list[str]:
    return [word for word in items if word in listed or _DIGIT.search(word) or (suffix and _is_counted(word, listed, suffix))]


def _is_counted(word: str, listed: frozenset[str], suffix: re.Pattern[str]) -> bool:
    return any(word[:end] in listed and suffix.fullmatch(word, end) for end in range(2, len(word)))


def _difference(kind: Literal["number", "negation"], sides: Sequence[Sequence[str]]) -> list[Alteration]:
    taken, put = Counter(sides[0]) - Counter(sides[1]), Counter(sides[1]) - Counter(sides[0])
    return [Alteration(kind, tuple(taken.elements()), tuple(put.elements()))] if taken or put else []


def _by_suffix(before: Sequence[str], after: Sequence[str], language: str) -> list[Alteration]:
    """A verb that loses or gains its negative suffix, by the words of the two sides that begin alike."""
    suffix = _NEGATIVE_SUFFIX.get(language)
    if suffix is None:
        return []
    taken = [word for word in before if word not in after]
    put = [word for word in after if word not in before]
    for old in taken:
        for new in put:
            shared = _shared(old, new)
            # The negative suffix may begin with a letter that the positive has too (``minir``, ``minmir``; ``alır``, ``almaz``).
            if shared >= _SHARED and bool(suffix.match(old[shared:])) != bool(suffix.match(new[shared:])):
                return [Alteration("negation", (old,), (new,))]
    return []


def _shared(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
