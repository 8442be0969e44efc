"""One condition of the next stage, settled or open."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.web.i18n import language_name


@dataclass(frozen=True, slots=True)
class Point:
    """One condition. ``sign`` is drawn while it is open."""

    done: bool
    words: str | Markup
    sign: str = "wait"


def language_point(state: State, lang: str) -> Point:
    """Whether a language says what the original says, and somebody certified it."""
    status = consequences.language_status(state, lang)
    late = consequences.behind(state, lang)
    name = language_name(lang)
    if late:
        words = ngettext("%(language)s: one paragraph behind", "%(language)s: %(num)d paragraphs behind", len(late), language=name)
        return Point(False, words)
    if status == "divergent":
        words = ngettext(
            "%(language)s: one paragraph does not say the same",
            "%(language)s: %(num)d paragraphs do not say the same",
            len(consequences.divergent(state, lang)),
            language=name,
        )
        return Point(False, words)
    if status == "submitted":
        return Point(False, _("%(language)s: complete, not yet certified", language=name))
    return Point(status in ("concordant", "authentic"), _("%(language)s: certified concordant", language=name))
