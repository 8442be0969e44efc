"""Languages, dates and hours as the reader reads them.

The language is the first of: ``?lang=`` (kept in a cookie), the cookie, the language in the reader's profile, the browser's
wishes, English. The interface is offered in the languages that have a compiled catalogue; declarations have their own languages.

Hours are told in the reader's zone first and then in the forum's, each with its city and its offset, because a deadline that is
read in the wrong zone is a lost right. Somebody who is not signed in reads the forum's zone alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from werkzeug.wrappers import Response

from declaration.web import access, clock
from declaration.web.script_words import script_words
from declaration.web.security import read_cookie, set_cookie

LANGUAGES: Final = {
    "az": "Azərbaycanca",
    "en": "English",
    "hu": "Magyar",
    "kk": "Қазақша",
    "ky": "Кыргызча",
    "ru": "Русский",
    "tk": "Türkmençe",
    "tr": "Türkçe",
    "uz": "Oʻzbekcha",
}
SOURCE: Final = "en"
_PACKAGE = Path(__file__).resolve().parent.parent
_TRANSLATIONS = _PACKAGE / "translations"
_SCRIPT_WORDS: Final = script_words((_PACKAGE / "static" / "js" / "strings.js").read_text("utf-8"))
_COOKIE = "language"
_REMEMBERED = timedelta(days=365)
_DOTTED: Final = frozenset({"az", "tr"})
# Dates in English as the forum writes them: 25 November 2025.
_FORMATTING = {"en": "en_GB"}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the foot's list of languages."""

    code: str
    name: str
    url: str
    current: bool


def init_app(app: Flask) -> None:
    """Choose the language of every request and give templates their helpers."""
    app.extensions["languages"] = tuple(code for code in LANGUAGES if code == SOURCE or _catalogue(code).is_file())
    Babel(app, default_locale=SOURCE, default_timezone="UTC", locale_selector=_select)
    app.jinja_env.globals.update(
        when=when, day=day, time_left=time_left, language=language, language_links=language_links, language_name=language_name,
        script_strings=script_strings,
    )

    @app.after_request
    def _remember(answer: Response) -> Response:
        wanted = request.args.get("lang")
        if wanted in offered() and request.endpoint not in ("static", "modules"):
            set_cookie(answer, _COOKIE, wanted, lasts=_REMEMBERED)
        return answer


def offered() -> tuple[str, ...]:
    """Codes of the languages that the interface speaks."""
    languages: tuple[str, ...] = current_app.extensions["languages"]
    return languages


def language() -> str:
    """The code of the language of this answer."""
    return str(get_locale() or SOURCE).partition("_")[0]


def language_name(code: str) -> str:
    """A language's name in itself."""
    return LANGUAGES.get(code) or (Locale.parse(code).display_name or code)


def script_strings() -> Markup:
    """The words of the scripts in the language of this answer, as the element that ``static/js/strings.js`` reads; none in English."""
    code = language()
    translate = get_translations().ugettext
    strings = {key: said for key, words in _SCRIPT_WORDS.items() if (said := translate(words)) != words} if code != SOURCE else {}
    if not strings:
        return Markup("")
    return Markup('<script type="application/json" id="js-strings">{}</script>').format(htmlsafe_json_dumps(strings, ensure_ascii=False))


def capital(words: str) -> str:
    """Words with a capital first letter, as the language of this answer writes it: i becomes İ in Turkish and Azerbaijani."""
    first = "İ" if words.startswith("i") and language() in _DOTTED else words[:1].upper()
    return first + words[1:]


def language_links() -> Iterator[LanguageLink]:
    """This very page in each language that is offered.

    The address is relative, so that a page never repeats its own: that of an invitation is a secret.
    """
    for code in offered():
        query = {**request.args.to_dict(flat=False), "lang": [code]}
        yield LanguageLink(code, LANGUAGES[code], f"?{urlencode(query, doseq=True)}", code == language())


def use_forum_zone(zone: str) -> None:
    """Say in which IANA zone the forum of this request meets; :func:`when` tells its hours after the reader's."""
    g.forum_zone = zone


def when(moment: datetime, style: str = "full") -> Markup:
    """A moment for a page: the reader's zone first, then the forum's.

    :param moment: aware.
    :param style: ``full`` (month in full, seconds away, offsets) for documents and feet; ``short`` (no year, no offsets) for cards.
    """
    zones = list(dict.fromkeys(filter(None, (_reader_zone(), g.get("forum_zone"))))) or ["UTC"]
    first = moment.astimezone(ZoneInfo(zones[0]))
    told = [_time(first, zones[0], style, with_day=True)]
    for zone in zones[1:]:
        other = moment.astimezone(ZoneInfo(zone))
        if other.utcoffset() != first.utcoffset():
            told.append(_time(other, zone, style, with_day=other.date() != first.date()))
    return Markup(" · ").join(told)


def day(moment: datetime, zone: str | None = None) -> str:
    """The date of a moment, month in full, in a zone (default: the forum's, or else the reader's)."""
    name = zone or g.get("forum_zone") or _reader_zone() or "UTC"
    return format_date(moment.astimezone(ZoneInfo(name)), "long", locale=_formatting())


def time_left(until: datetime) -> str:
    """How long until a moment, in its two largest units: ``3 d 4 h``, ``10 h 20 min``, ``9 min``; rounded down, never negative."""
    minutes = max(0, int((until - clock.now()).total_seconds()) // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return str(_("%(days)d d %(hours)d h", days=days, hours=hours))
    if hours:
        return str(_("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes % 60))
    return str(_("%(minutes)d min", minutes=minutes))


def _time(moment: datetime, zone: str, style: str, *, with_day: bool) -> Markup:
    locale = _formatting()
    full = style == "full"
    hour = format_skeleton("Hm", moment, locale=locale)
    city = get_timezone_location(zone, locale=locale, return_city=True)
    text = f"{hour}\N{NO-BREAK SPACE}{city}"
    if with_day:
        date = format_date(moment, "long", locale=locale) if full else format_skeleton("MMMd", moment, locale=locale)
        text = f"{date}, {text}"
    if full:
        text += f" ({moment.isoformat()[-6:]})"
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), text)


def _reader_zone() -> str | None:
    actor = access.known_actor()
    return actor.time_zone if actor else None


def _formatting() -> Locale:
    code = language()
    return Locale.parse(_FORMATTING.get(code, code))


def _catalogue(code: str) -> Path:
    return _TRANSLATIONS / code / "LC_MESSAGES" / "messages.mo"


def _select() -> str:
    if not has_request_context():
        return SOURCE
    languages = offered()
    for wanted in (request.args.get("lang"), read_cookie(_COOKIE)):
        if wanted in languages:
            return str(wanted)
    actor = access.known_actor() if g.get("failing") else access.optional_actor()
    if actor and actor.language in languages:
        return actor.language
    return request.accept_languages.best_match(languages, SOURCE)
