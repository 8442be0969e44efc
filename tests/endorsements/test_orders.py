"""Lists stand in the order of the reader's alphabet: delegations, and the organizations of a country on paper."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from declaration.endorsements.models import Endorsement
from declaration.endorsements.paper import _list
from declaration.endorsements.register import Listed
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum

NAMES = {
    "az": {"en": "Azerbaijan", "az": "Azərbaycan", "kk": "Әзербайжан"},
    "kz": {"en": "Kazakhstan", "az": "Qazaxıstan", "kk": "Қазақстан"},
    "kg": {"en": "Kyrgyzstan", "az": "Qırğızıstan", "kk": "Қырғызстан"},
    "uz": {"en": "Uzbekistan", "az": "Özbəkistan", "kk": "Өзбекстан"},
    "lt": {"en": "Latvia", "az": "Latviya", "kk": "Латвия"},
}


def forum(**orders: list[str]) -> Forum:
    rows = [
        {"id": one, "names": names, "tags": {"en": one.upper()}, "time_zone": "UTC", "languages": ["en"], "status": "full"}
        for one, names in NAMES.items()
    ]
    return Forum(delegations=rows, orders={"protocol": ["uz", "kg", "kz", "az", "lt"], **orders}, original="en", rules={})


@pytest.mark.parametrize(
    ("language", "order"),
    [
        (None, ["uz", "kg", "kz", "az", "lt"]),
        ("en", ["az", "kz", "kg", "lt", "uz"]),
        # Q after K and before L, Ö after O
        ("az", ["az", "kz", "kg", "lt", "uz"]),
        # Ә after А, Қ after К and before Л, Ө after О
        ("kk", ["az", "kz", "kg", "lt", "uz"]),
    ],
)
def test_delegations_stand_as_the_alphabet_has_them(language: str | None, order: list[str]) -> None:
    assert [each.id for each in in_order(forum(), language)] == order


def test_what_the_forum_laid_down_goes_first() -> None:
    assert [each.id for each in in_order(forum(az=["lt", "az", "kg", "kz", "uz"]), "az")] == ["lt", "az", "kg", "kz", "uz"]


def listed(position: int, name: str, country: str = "az") -> Listed:
    row = Endorsement(
        position=position, name=name, name_language="az", country=country, at=datetime(2025, 11, 25, tzinfo=UTC), party=f"az.{position}"
    )
    return Listed(row, None, None)


def test_organizations_of_a_country_stand_by_name_on_paper() -> None:
    rows = [listed(1, "Xəzər"), listed(2, "Qələbə"), listed(3, "Lalə"), listed(4, "Kür"), listed(5, "Ata", "kz"), listed(6, "Əmək")]
    found = _list(forum(), "Signatories", rows, "az")
    assert [each.name for each in found.signatories] == ["Əmək", "Xəzər", "Kür", "Qələbə", "Lalə", "Ata"]
    assert [each.position for each in found.signatories] == [6, 1, 4, 2, 3, 5]
