"""Rows of authority: keys, mandates, organizations.

What a key may do follows from four things, each an act of its own: the organization is entitled, its organ gave somebody a mandate, two
persons of the secretariat accredited a key under it, and nobody took any of this back. ``accredit-v1`` and ``second-v1`` together
present and accept a mandate and activate its key; what was filed beforehand is private, and enters the record by its hashes.

Who gave authority takes it back: the Chair for delegations and officers, the secretariat for signatories; everybody for the own key.
"""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.transition import Transition as Row

_CONTENT: Mapping[str, Form] = {"content": f.hex32}
_HOLDERS = ("signatory", "head", "translator", "depositary", "secretariat", "chair")
_TWO_PERSONS = ("accredit-v1", "second-v1")

REASONS = ("compromised", "superseded", "left_office")
"""Why a key is revoked."""

ROWS: tuple[Row, ...] = (
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
        "",
        "succeed",
        (),
        "in_force",
        ("chair", "head"),
        object="constitution",
        fields={"key": f.public_key, "possession": f.possession, "content": f.hex32},
        guards=("key_is_new", "nonce_is_new", "succession_fits"),
        says="passes the chair to a new key; a head does so with a quorum of heads",
    ),
    # organizations -----------------------------------------------------------------------------------------------
    Row("organization", "file_documents", ("registered",), "under_review", ("signatory",), recorded=False),
    Row("organization", "ask_for_more", ("under_review",), "documents_due", ("secretariat",), recorded=False),
    Row("organization", "supply", ("documents_due",), "under_review", ("signatory",), recorded=False),
    Row(
        "organization",
        "present",
        (),
        "under_review",
        ("secretariat", "head"),
        object="constitution",
        fields={"party": f.party, "organization": f.organization, "documents": f.items(f.hex32, most=50), "content": f.hex32},
        guards=("presentation_fits",),
        says="puts an organization's documents, by their hashes, before the head of its country",
    ),
    Row(
        "organization",
        "concur",
        ("under_review", "verified"),
        "=",
        ("head",),
        object="organization",
        guards=("own_country", "not_concurred"),
        says="concurs that an organization of its country may sign",
    ),
    Row(
        "organization",
        "object",
        ("under_review", "verified"),
        "under_review",
        ("head",),
        object="organization",
        fields=_CONTENT,
        guards=("own_country", "in_time_to_object"),
        says="objects that an organization of its country may sign",
    ),
    Row(
        "organization",
        "verify",
        ("under_review",),
        "verified",
        ("secretariat",),
        object="organization",
        fields={"concurrence": f.nullable(f.hex32), "content": f.hex32},
        guards=("head_concurs_or_is_silent",),
        says="verifies an organization, with the concurrence of the head of its country or that head's silence",
    ),
    Row(
        "organization",
        "refuse",
        ("under_review",),
        "refused",
        ("secretariat",),
        object="organization",
        fields=_CONTENT,
        says="refuses an organization",
    ),
    Row(
        "organization",
        "suspend",
        ("verified",),
        "suspended",
        ("secretariat", "depositary"),
        object="organization",
        fields=_CONTENT,
        says="suspends an organization",
    ),
    Row(
        "organization",
        "reinstate",
        ("suspended",),
        "verified",
        ("secretariat",),
        object="organization",
        fields=_CONTENT,
        says="reinstates an organization",
    ),
    Row(
        "organization",
        "strike_off",
        ("verified", "suspended"),
        "struck_off",
        ("secretariat",),
        object="organization",
        fields={"document": f.hex32, "content": f.hex32},
        says="strikes an organization off: it was dissolved",
    ),
    # mandates ------------------------------------------------------------------------------------------------------
    Row("mandate", "accept", ("presented",), "active", ("secretariat",), recorded=False, follows=_TWO_PERSONS),
    Row(
        "mandate",
        "refuse",
        ("presented",),
        "refused",
        ("secretariat",),
        object="act",
        fields=_CONTENT,
        says="refuses a mandate whose accreditation waits for its second person",
    ),
    Row("mandate", "expire", ("active",), "expired", ("system",), recorded=False, follows=("time",)),
    Row(
        "mandate",
        "revoke",
        ("active",),
        "revoked",
        ("signatory", "secretariat"),
        object="key",
        fields={"document": f.nullable(f.hex32), "since": f.moment, "content": f.hex32},
        guards=("mandate_is_theirs", "since_not_ahead"),
        says="revokes a mandate as its organ decided; the secretariat does so by two persons",
    ),
    # keys ----------------------------------------------------------------------------------------------------------
    Row("key", "activate", ("enrolled",), "active", ("secretariat",), recorded=False, follows=_TWO_PERSONS),
    Row(
        "key",
        "suspend",
        ("active",),
        "suspended",
        _HOLDERS,
        object="key",
        fields=_CONTENT,
        guards=("may_take_back",),
        says="suspends a key at once",
    ),
    Row(
        "key",
        "reinstate",
        ("suspended",),
        "active",
        ("secretariat", "chair", "head"),
        object="key",
        fields=_CONTENT,
        guards=("may_give_back",),
        says="reinstates a key whose holder was identified again; a signatory's by two persons",
    ),
    Row("key", "revoke", ("active", "suspended"), "revoked", _HOLDERS, recorded=False, follows=("revoke-v1", "second-v1", "succeed-v1")),
    Row("key", "expire", ("active",), "expired", ("system",), recorded=False, follows=("time",)),
    Row(
        "",
        "revoke",
        ("active", "suspended", "expired"),
        "revoked",
        _HOLDERS,
        object="key",
        fields={"reason": f.one_of(*REASONS), "invalid_from": f.nullable(f.moment), "successor": f.nullable(f.hex32), "content": f.hex32},
        guards=("may_take_back", "revocation_complete"),
        says="revokes a key; as compromised by two persons",
    ),
)
