"""Who reads what (PROCEDURE 5.2), as data. Who may act is in the rows of the table; this is the other half of the rights.

A cell says how far a role reads a matter: ``ALL``; ``OWN``, what belongs to the own delegation, organization or task;
``ADDRESSED``, what was addressed to the role; nothing where the role is missing. The public reads what ``public`` names, from the
moment at which the rules open it where that is ``OPENED``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ALL: Final = "all"
OWN: Final = "own"
ADDRESSED: Final = "addressed"
OPENED: Final = "opened"

_CIRCULATED: Mapping[str, str] = dict.fromkeys(("chair", "secretariat", "depositary", "translator", "head", "member", "observer"), ALL)
_EVERYBODY: Mapping[str, str] = {**_CIRCULATED, "signatory": ALL, "admin": ALL, "public": ALL}

READING: Mapping[str, Mapping[str, str]] = {
    "working_draft": {"chair": ALL, "secretariat": ALL, "translator": OWN},
    "circulated_texts": {**_CIRCULATED, "public": OPENED},
    "delegation_drafts": {"head": OWN, "member": OWN},
    "comments_own": {"head": OWN, "member": OWN},
    "comments_chair": {"chair": ALL, "secretariat": ADDRESSED, "head": OWN, "member": OWN},
    "comments_all": _CIRCULATED,
    "organization_documents": {"secretariat": ALL, "depositary": ALL, "head": OWN, "signatory": OWN},
    "entries": {**_CIRCULATED, "public": OPENED},
    "checkpoints": _EVERYBODY,
    "adopted_texts": _EVERYBODY,
    "register": _EVERYBODY,
}
"""Matter → role → how far. A matter that a role does not stand under is one that it may not even know of."""


def reads(matter: str, role: str) -> str | None:
    """How far ``role`` (or ``public``) reads ``matter``; ``None`` for not at all.

    :raises KeyError: there is no such matter.
    """
    return READING[matter].get(role)


def readers(matter: str) -> frozenset[str]:
    """The roles of signed-in people that read all of ``matter``."""
    return frozenset(role for role, how_far in READING[matter].items() if how_far == ALL and role not in ("public", "admin"))
