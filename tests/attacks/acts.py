"""Acts that several attacks begin with."""

from __future__ import annotations

import json
from typing import Any

from tests.verifier import forge as f


def sign_as(forge: f.Forge, who: str = "signatory.new", **changes: Any) -> f.Forge:
    """An organization that is accredited and signs, with the act changed."""
    body = forge.endorsement(**changes.pop("body", {}))
    forge.force(who, f.SIGNED, changes.pop("acted_on", forge.state.adopted), body, **changes)
    return forge


def ready(**mandate: Any) -> f.Forge:
    """Open for signature, with one more organization that could sign."""
    forge = f.opened()
    forge.enrol("new", "kz", **mandate)
    return forge


def as_json(raw: bytes) -> Any:
    """The value of a statement, to be put into an entry by hand."""
    return json.loads(raw)
