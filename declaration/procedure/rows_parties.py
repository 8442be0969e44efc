"""Rows of authority and endorsements."""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.rules import rules_form
from declaration.procedure.transition import NAME
from declaration.procedure.transition import Transition as Row

_CONTENT: Mapping[str, Form] = {"content": f.hex32}

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
    Row(
        "",
        "accredit",
        (),
        "active",
        ("chair", "secretariat"),
        object="constitution",
        fields={
            "key": f.public_key,
            "party": f.party,
            "role": f.one_of("head", "secretariat", "depositary", "translator", "signatory"),
            "possession": f.possession,
            "language": f.nullable(f.language),
            "organization": f.nullable(f.organization),
            "mandate": f.nullable(f.mandate),
            "capacity": f.nullable(f.one_of("organization", "personal", "associated")),
            "content": f.hex32,
        },
        guards=("key_is_new", "accreditor_fits", "accreditation_complete", "nonce_is_new"),
        says="accredits a signing key",
    ),
    Row(
        "",
        "second",
        (),
        "=",
        ("secretariat", "chair", "head"),
        object="act",
        guards=("second_person",),
        says="acts as a further person of an act that needs several",
    ),
    Row(
        "endorsement",
        "sign",
        ("prepared",),
        "received",
        ("signatory",),
        object="version",
        fields={
            "kind": f.one_of("signature", "accession"),
            "capacity": f.one_of("organization", "personal", "associated"),
            "language": f.language,
            "texts": f.hashes_by_language,
            "content": f.hex32,
        },
        guards=("is_adopted_version", "in_window", "capacity_as_mandated", "texts_as_adopted", "not_signed_before"),
        says="signs the Declaration",
    ),
    Row("endorsement", "count", ("received",), "counted", ("system",), recorded=False),
    Row("endorsement", "list_apart", ("received",), "listed", ("system",), recorded=False),
    Row(
        "endorsement",
        "withdraw",
        ("counted", "listed"),
        "withdrawn",
        ("signatory",),
        object="act",
        fields=_CONTENT,
        guards=("own_endorsement",),
        says="withdraws its signature",
    ),
)
