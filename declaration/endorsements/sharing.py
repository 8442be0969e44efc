"""Addresses to hand on: the page as it goes on changing, and the same page as it is now, for ever."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from declaration.endorsements.blueprint import public_url
from declaration.endorsements.selection import Selection


@dataclass(frozen=True, slots=True)
class Links:
    """Two addresses. ``fixed`` is None where the page shows a past moment already: then they are one."""

    address: str
    fixed: str | None = None


def links(endpoint: str, selected: Selection, moment: datetime) -> Links:
    """The addresses of a page of the register; nothing in them but what was chosen."""
    if selected.at is not None:
        return Links(public_url(endpoint, **selected.arguments()))
    over = moment.replace(microsecond=0) - timedelta(seconds=1)  # the second that is over, which nothing can join
    return Links(public_url(endpoint, **selected.arguments()), public_url(endpoint, **replace(selected, at=over).arguments()))
