"""Rows of endorsements: the depositary's register.

A signature that is in due form counts, or is listed apart, when it is received; where something about it is open it is held. Both follow
from the record, so ``count``, ``list_apart`` and ``hold`` are no acts. What is held the depositary examines (VCLT 77), and notifies.
"""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.transition import Transition as Row

_CONTENT: Mapping[str, Form] = {"content": f.hex32}
_SIGN = "endorsement.sign-v1"
_SIGNED: Mapping[str, Form] = {"language": f.language, "texts": f.hashes_by_language, "content": f.hex32}
_DOUBTS = (_SIGN, "organization.object-v1", "revoke-v1", "mandate.revoke-v1", "second-v1")

ROWS: tuple[Row, ...] = (
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
            **_SIGNED,
        },
        guards=(
            "is_adopted_version",
            "in_window",
            "capacity_as_mandated",
            "mandate_in_force",
            "texts_as_adopted",
            "organization_may_sign",
            "not_signed_before",
        ),
        says="signs the Declaration",
    ),
    Row("endorsement", "count", ("received",), "counted", ("system",), recorded=False, follows=(_SIGN,)),
    Row("endorsement", "list_apart", ("received",), "listed", ("system",), recorded=False, follows=(_SIGN,)),
    Row("endorsement", "hold", ("received",), "held", ("system",), recorded=False, follows=_DOUBTS),
    Row(
        "endorsement",
        "countersign",
        ("held",),
        "=",
        ("signatory",),
        object="endorsement",
        fields=_SIGNED,
        guards=("mandate_in_force", "second_signature_fits", "texts_as_adopted"),
        says="countersigns for its organization, whose statute asks for two",
    ),
    Row(
        "endorsement",
        "question",
        ("counted",),
        "held",
        ("depositary",),
        object="endorsement",
        fields=_CONTENT,
        says="questions a signature and asks its organization",
    ),
    Row(
        "endorsement",
        "release",
        ("held",),
        "counted",
        ("depositary",),
        object="endorsement",
        fields=_CONTENT,
        guards=("nothing_missing",),
        says="finds the doubt cleared and releases a signature",
    ),
    Row(
        "endorsement",
        "refuse",
        ("received", "held"),
        "refused",
        ("depositary",),
        object="endorsement",
        fields=_CONTENT,
        says="refuses a signature that is not in due form",
    ),
    Row(
        "endorsement",
        "withdraw",
        ("counted", "held", "listed"),
        "withdrawn",
        ("signatory",),
        object="endorsement",
        fields=_CONTENT,
        guards=("own_endorsement", "mandate_in_force"),
        says="withdraws its signature",
    ),
    Row(
        "endorsement",
        "set_aside_withdrawal",
        ("withdrawn",),
        "counted",
        ("depositary",),
        object="endorsement",
        fields=_CONTENT,
        says="finds a withdrawal forged and sets it aside",
    ),
    Row(
        "endorsement",
        "annul",
        ("held",),
        "annulled",
        ("depositary",),
        object="endorsement",
        fields=_CONTENT,
        says="annuls a signature that was not the organization's",
    ),
    Row("endorsement", "lapse", ("prepared",), "lapsed", ("system",), recorded=False, follows=("time", "declaration.close_accession-v1")),
)
