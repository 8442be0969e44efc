"""The sections of a forum, beside its name in the masthead. Each feature adds its own:

    def init_app(app):
        sections.add(app, "drafts.text", _l("Text"), order=20)

A section's route has ``<forum>`` in its address and nothing else. Whoever may not open it does not see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from declaration.web.access import AccessRule, optional_actor

_EXTENSION = "forum-sections"


@dataclass(frozen=True, slots=True)
class Section:
    """One entry. ``word`` may be a lazy translation; smaller ``order`` comes first; what is looked up seldom stands in the foot."""

    endpoint: str
    word: object
    order: int
    foot: bool = False


def init_app(app: Flask) -> None:
    """Give templates ``forum_sections()``: (address, word, whether it is the current one)."""
    app.extensions.setdefault(_EXTENSION, [])
    app.jinja_env.globals["forum_sections"] = visible


def add(app: Flask, endpoint: str, word: object, *, order: int, foot: bool = False) -> None:
    """Add a section, to the masthead or to the foot."""
    known: list[Section] = app.extensions.setdefault(_EXTENSION, [])
    known.append(Section(endpoint, word, order, foot))
    known.sort(key=lambda one: one.order)


def visible(*, foot: bool = False) -> Iterator[tuple[str, str, bool]]:
    """The sections of this request's forum that this reader may open: those of the masthead, or those of the foot."""
    forum = g.get("forum")
    if forum is None:
        return
    actor = optional_actor()
    known: list[Section] = current_app.extensions[_EXTENSION]
    for one in known:
        rule: AccessRule | None = getattr(current_app.view_functions.get(one.endpoint), "access_rule", None)
        if one.foot == foot and rule is not None and rule.admits(actor):
            yield url_for(one.endpoint, forum=forum.slug), str(one.word), request.endpoint == one.endpoint
