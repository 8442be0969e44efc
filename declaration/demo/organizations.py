"""Organizations of the demonstration: the sample's own, then invented ones, each with a key that is thrown away after signing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.credentials.states import current
from declaration.demo import player
from declaration.demo.player import Persona
from declaration.demo.sample import SampleOrganization
from declaration.demo.script import OPENED, Play
from declaration.endorsements.organizations import register_organization
from declaration.forums.delegations import delegation
from declaration.web import entropy
from declaration.web.db import current_session
from declaration.web.transaction import unit_of_work

BETWEEN_SIGNATURES = timedelta(seconds=7)

# What invented organizations are called, by country: a name with a place for a theme, themes, and people with an office.
_INVENTED = {
    "az": ("“{}” İctimai Birliyi", ("Dostluq", "Bərəkət", "Üfüq", "Ərğuvan", "Yaşıl Dünya", "İşıqlı Yol"), ("Əli Şükürlü", "sədr")),
    "tr": ("{} Derneği", ("Çınar", "Gönül Köprüsü", "Yeşil Ufuk", "Işığın İzi", "Öğretmenler", "Kardeşlik"), ("Şule Çağlar", "başkan")),
    "uz": ("“{}” jamoat birlashmasi", ("Bahor", "Do‘stlik", "Yangi avlod", "Ezgulik", "G‘alaba"), ("Oydin Qo‘chqorova", "rais")),
    "kz": ("«{}» қоғамдық бірлестігі", ("Достық", "Жас қанат", "Бірлік", "Өркен", "Әлем"), ("Әсел Құрманқызы", "төрайым")),
    "kg": ("“{}” коомдук бирикмеси", ("Достук", "Жаңы муун", "Үмүт", "Көл", "Өнүгүү"), ("Айгүл Өмүралиева", "төрайым")),
    "tm": ("“{}” jemgyýeti", ("Dostluk", "Ýaş nesil", "Bereket", "Çeşme", "Täze ýol"), ("Maýsa Öwezowa", "başlyk")),
    "hu": ("{} Egyesület", ("Barátság", "Zöld Jövő", "Őrség", "Nagycsűr", "Ifjú Tűz"), ("Fűzfő Ágnes", "elnök")),
    "trnc": ("{} Derneği", ("Akdeniz Dostluk", "Yeşil Ada", "Genç Ufuk", "Kültür Köprüsü"), ("Çağla Özgür", "başkan")),
}  # fmt: skip


def organizations(play: Play, count: int) -> Iterator[SampleOrganization]:
    """The first ``count`` organizations: those of the sample whose country is in the forum, then invented ones, by turns."""
    forum = play.forum()
    countries = [row["id"] for row in forum.delegations]
    own = [one for one in play.sample.organizations if one.country in countries]
    yield from own[:count]
    for number in range(count - len(own)):
        country = countries[number % len(countries)]
        pattern, themes, (person, office) = _INVENTED.get(country, _INVENTED["az"])
        turn = number // len(countries)
        name = pattern.format(f"{themes[turn % len(themes)]} {turn // len(themes) + 1}")
        yield SampleOrganization(country, name, f"DEMO-{country.upper()}-{number + 1:05}", person, office)


def sign_many(play: Play, count: int) -> Iterator[SampleOrganization]:
    """Register, enrol, accredit by two persons and sign, one organization after another; yields each when its signature is in."""
    with unit_of_work():
        chosen = list(organizations(play, count))
    moment = OPENED + timedelta(minutes=4)
    for one in chosen:
        moment += BETWEEN_SIGNATURES
        play.at(moment)
        sign_one(play, one)
        yield one


def sign_one(play: Play, one: SampleOrganization) -> None:
    """One organization, all its acts in one transaction."""
    with unit_of_work() as session:
        forum = play.forum()
        language = delegation(forum, one.country).name_language("en")
        person = register_organization(
            session, forum, country=one.country, name=one.name, registration=one.registration, person=one.person, office=one.office,
            language=language,
        )  # fmt: skip
        signatory = Persona(person, Ed25519PrivateKey.from_private_bytes(sha256(entropy.token_bytes(32)).digest()))
        staff = (play.who("secretariat", "rapporteur"), play.who("secretariat", "registrar"))
        player.accredit(session, forum, signatory, *staff)
        adopted = current(session, forum).adopted
        player.act(
            session,
            forum,
            signatory,
            "endorsement.sign-v1",
            adopted,
            {"language": reading_language(play, language), "read": "yes", "consent": "yes"},
        )
        current_session().flush()


def reading_language(play: Play, language: str) -> str:
    """The authentic language that somebody of ``language`` reads: the own one, or else the prevailing."""
    forum = play.forum()
    return language if language in forum.authentic else forum.prevailing
