"""The roles of people in a forum (PROCEDURE, section 5)."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

ROLES: Final = ("chair", "secretariat", "depositary", "translator", "head", "member", "signatory", "observer")

OF_A_DELEGATION: Final = frozenset({"head", "member"})
"""Their party is their delegation's id."""

NAMES: Final = {
    "chair": _l("Chair"),
    "secretariat": _l("secretariat"),
    "depositary": _l("depositary"),
    "translator": _l("translator"),
    "head": _l("head of delegation"),
    "member": _l("member of delegation"),
    "signatory": _l("signatory"),
    "observer": _l("observer"),
}
"""What a role is called, beside a name and in a sentence."""
