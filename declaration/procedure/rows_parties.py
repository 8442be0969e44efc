"""The row of the constitution."""

from __future__ import annotations

from declaration.procedure import fields as f
from declaration.procedure.rules import rules_form
from declaration.procedure.transition import NAME
from declaration.procedure.transition import Transition as Row

ROWS: tuple[Row, ...] = (
    Row(
        "",
        "constitution",
        (),
        "in_force",
        ("chair",),
        fields={
            "forum": f.party,
            "title": f.names,
            "delegations": f.mapping(f.party, f.names),
            "original": f.language,
            "languages": f.mapping(f.language, f.one_of("authentic", "translation")),
            "prevailing": f.language,
            "rules": rules_form,
            "procedure": f.one_of(NAME),
            "origins": f.items(f.text(200), least=1, most=10),
            "rp_id": f.text(200),
            "key": f.public_key,
            "content": f.hex32,
        },
        guards=("first_entry", "own_key", "languages_fit", "quorum_fits"),
        says="adopts the constitution of the forum",
    ),
)
