"""The rules of procedure of one forum: a versioned object that its Chair adopts in the constitution.

The defaults are those of the first Solidarity Forum; each names the practice that it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from declaration.procedure.fields import Form, boolean, check_fields, integer, one_of


@dataclass(frozen=True, slots=True)
class Rules:
    """Parameters of the procedure.

    :ivar version: 1 for the rules in the constitution, one more at each change.
    :ivar quorum: delegations that must be present to adopt (two thirds, by analogy with VCLT 9(2)).
    :ivar rationale_words: longest rationale of an amendment, in words (PACE allows 50; this forum is multilingual).
    :ivar hold_hours: how long after the newest entry that its signer had not seen an act may still be recorded, so that nobody
        can keep a signed act in a drawer for weeks.
    :ivar accession: whether organizations may join after the window for signature has closed.
    :ivar public_from: when the public may read the entries: from adoption (or lapse), or from the beginning.
    """

    version: int = 1
    quorum: int = 6
    rationale_words: int = 100
    hold_hours: int = 24
    accession: bool = True
    public_from: str = "adopted"

    def as_json(self) -> dict[str, Any]:
        """The rules as they stand in the constitution."""
        return asdict(self)


SCHEMA: Mapping[str, Form] = {
    "version": integer(1, 1000),
    "quorum": integer(1, 1000),
    "rationale_words": integer(1, 10_000),
    "hold_hours": integer(1, 24 * 31),
    "accession": boolean,
    "public_from": one_of("adopted", "start"),
}


def rules_form(value: Any) -> None:
    """A field's form: exactly the parameters above."""
    check_fields(value, SCHEMA)


def parse_rules(value: Mapping[str, Any]) -> Rules:
    """Return the rules in ``value``, whose form has been checked."""
    return Rules(**value)
