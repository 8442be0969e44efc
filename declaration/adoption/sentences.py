"""The sentence that an organization signs, fixed in each authentic language when the declaration is opened for signature.

A sentence has places for what differs between organizations: ``{organization} {country} {number} {person} {office}``, the
declaration's ``{symbol}``, and one place for the fingerprint of each authentic text, by language code: ``{az} {en} {tr}``. The
depositary may change the words and must keep the places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from declaration.errors import Malformed

PLACES = ("organization", "country", "number", "person", "office", "symbol")

_PLAIN = re.compile(r"[a-z]+")

_DEFAULTS: Mapping[str, str] = {
    "en": (
        "On behalf of {{organization}}, registered in {{country}} under No. {{number}}, I, {{person}}, {{office}}, sign the Joint "
        "Declaration {{symbol}} adopted on {date}, whose authentic texts have the SHA-256 fingerprints {fingerprints}. This "
        "signature expresses our support and creates no legal obligation."
    ),
    "az": (
        "{{country}} üzrə {{number}} nömrəsi ilə qeydiyyatdan keçmiş {{organization}} adından mən, {{person}}, {{office}}, {date} "
        "tarixində qəbul edilmiş {{symbol}} rəmzli Birgə Bəyannaməni imzalayıram. Autentik mətnlərin SHA-256 izləri: "
        "{fingerprints}. Bu imza dəstəyimizi ifadə edir və hüquqi öhdəlik yaratmır."
    ),
    "tr": (
        "{{country}} kütüğünde {{number}} numarayla kayıtlı {{organization}} adına ben, {{person}}, {{office}}, {date} tarihinde "
        "kabul edilen {{symbol}} simgeli Ortak Bildiri’yi imzalıyorum. Geçerli metinlerin SHA-256 özetleri: {fingerprints}. Bu "
        "imza desteğimizi ifade eder ve hukuki yükümlülük doğurmaz."
    ),
}


def default_sentence(lang: str, authentic: Sequence[str], date: str) -> str:
    """The sentence in a language, with its places; in English where there is none in that language.

    :param date: the day of adoption, written out in that language.
    """
    pattern = _DEFAULTS.get(lang, _DEFAULTS["en"])
    return pattern.format(date=date, fingerprints=", ".join(f"{code} {{{code}}}" for code in authentic))


def check_sentence(sentence: str, authentic: Sequence[str]) -> None:
    """Refuse a sentence that lacks one of its places or has one that nobody can fill.

    :raises Malformed: ``sentence.places``, ``sentence.empty``.
    """
    if not sentence.strip():
        raise Malformed("a sentence is needed in each authentic language", code="sentence.empty")
    wanted = {*PLACES, *authentic}
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        raise Malformed("the curly brackets of the sentence do not pair", code="sentence.places") from None
    found = {name for _text, name, _spec, _conversion in parts if name is not None}
    odd = any(spec or conversion for _text, name, spec, conversion in parts if name is not None)
    if odd or found != wanted or not all(_PLAIN.fullmatch(name) for name in found):
        differs = ", ".join(f"{{{name}}}" for name in sorted(found ^ wanted)) or "their form"
        raise Malformed(
            f"the sentence has other places than it must: {differs}",
            code="sentence.places",
            instead=f"Keep each of {', '.join(f'{{{name}}}' for name in sorted(wanted))}.",
        )


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """The sentence with its places filled."""
    return sentence.format(**values)
