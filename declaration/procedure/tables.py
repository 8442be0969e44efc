"""Procedure ``forum-1``: which transitions there are, who makes them, and what their statements carry.

A row says: the machine and the transition; from which states to which; who may; whether it is recorded (a signed statement
in the record) or private (a delegation's own drafting, a comment); how many persons it takes; what its ``object`` is; the
fields of its statement; the guards, by name, in the order in which they are asked.

Rows with ``who`` equal to ``system`` are consequences: they are computed by :mod:`declaration.procedure.consequences` and
never recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.rules import rules_form

NAME = "forum-1"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    :ivar before: states it may start from; empty for an act that starts its machine.
    :ivar after: the state it leads to; ``=`` where the state stays and the act is evidence.
    :ivar persons: 2 where a second person of the same role must act before it has force.
    :ivar object: what the statement's ``object`` names: ``constitution``, ``version``, ``amendment``, ``act`` or ``none``.
    """

    machine: str
    name: str
    before: tuple[str, ...]
    after: str
    who: tuple[str, ...]
    object: str = "none"
    fields: Mapping[str, Form] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    recorded: bool = True
    persons: int = 1
    says: str = ""

    @property
    def type(self) -> str:
        """The type of its statement."""
        return f"{self.machine}.{self.name}-v1" if self.machine else f"{self.name}-v1"


_CONTENT: Mapping[str, Form] = {"content": f.hex32}
_REASON: Mapping[str, Form] = {"content": f.hex32}
_PROPOSAL: Mapping[str, Form] = {"symbol": f.symbol, "edits": f.edits, "amends": f.nullable(f.hex32), "content": f.hex32}
_OPEN = ("submitted", "late", "admitted", "parked")


def _rows() -> tuple[Transition, ...]:
    t = Transition
    return (
        # authority ------------------------------------------------------------------------------------------------
        t(
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
        t(
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
        t("", "second", (), "=", ("secretariat",), object="act", guards=("second_person",), says="acts as the second person"),
        # versions and the declaration ----------------------------------------------------------------------------
        t("draft_version", "submit_for_approval", ("working",), "under_chair_review", ("secretariat",), recorded=False),
        t(
            "draft_version",
            "approve_and_circulate",
            ("under_chair_review",),
            "circulated",
            ("chair",),
            object="version",
            fields={"symbol": f.symbol},
            guards=("version_at_hand", "symbol_fits", "succeeds_current", "stage_for_version", "numbers_follow", "words_accounted_for"),
            says="approves and circulates a version",
        ),
        t("draft_version", "supersede", ("circulated", "frozen"), "superseded", ("system",), recorded=False),
        t(
            "draft_version",
            "freeze",
            ("circulated",),
            "frozen",
            ("chair",),
            object="version",
            guards=("is_current_version", "is_final", "in_legal_review"),
            says="freezes the final version",
        ),
        t(
            "declaration",
            "circulate_zero_draft",
            ("preparing",),
            "first_reading",
            ("chair",),
            object="version",
            fields={"deadline": f.moment},
            guards=("is_current_version", "deadline_ahead"),
            says="opens the first reading",
        ),
        t(
            "declaration",
            "extend_deadline",
            ("first_reading",),
            "=",
            ("chair",),
            object="version",
            fields={"deadline": f.moment, "content": f.hex32},
            guards=("is_current_version", "before_deadline", "deadline_later"),
            says="extends the deadline for amendments",
        ),
        t(
            "declaration",
            "issue_compilation",
            ("first_reading",),
            "second_reading",
            ("secretariat",),
            object="version",
            fields=_CONTENT,
            guards=("is_current_version", "deadline_passed", "all_examined"),
            says="issues the compilation and opens the second reading",
        ),
        t(
            "declaration",
            "declare_agreed_ad_ref",
            ("second_reading",),
            "agreed_ad_ref",
            ("chair",),
            object="version",
            guards=("is_current_version", "no_brackets", "version_is_working_text"),
            says="declares the text agreed ad referendum",
        ),
        t(
            "declaration",
            "reopen_text",
            ("agreed_ad_ref",),
            "second_reading",
            ("chair",),
            object="version",
            fields=_REASON,
            guards=("is_current_version", "a_head_objected"),
            says="reopens the text",
        ),
        t(
            "declaration",
            "begin_legal_review",
            ("agreed_ad_ref",),
            "legal_review",
            ("chair",),
            object="version",
            guards=("is_current_version", "all_confirmed"),
            says="begins the legal review",
        ),
        t(
            "declaration",
            "refer_back",
            ("legal_review",),
            "second_reading",
            ("chair",),
            object="version",
            fields=_REASON,
            guards=("is_current_version",),
            says="refers the text back to the second reading",
        ),
        t(
            "declaration",
            "present_for_adoption",
            ("legal_review",),
            "presented",
            ("chair",),
            object="version",
            guards=("is_current_version", "is_frozen", "languages_concordant"),
            says="presents the text for adoption",
        ),
        t(
            "declaration",
            "object_to_adoption",
            ("presented",),
            "second_reading",
            ("head",),
            object="version",
            fields=_REASON,
            guards=("is_current_version",),
            says="objects to adoption",
        ),
        t(
            "declaration",
            "adopt",
            ("presented",),
            "adopted",
            ("chair",),
            object="version",
            fields={"present": f.items(f.party, least=1), "content": f.hex32},
            guards=("is_current_version", "quorum_present"),
            says="adopts the Declaration",
        ),
        t(
            "declaration",
            "open_for_signature",
            ("adopted",),
            "open_for_signature",
            ("depositary",),
            object="version",
            fields={"opens": f.moment, "closes": f.moment, "content": f.hex32},
            guards=("is_adopted_version", "window_fits"),
            says="opens the Declaration for signature",
        ),
        t("declaration", "close_signature", ("open_for_signature",), "accession_open", ("system",), recorded=False),
        t(
            "declaration",
            "lapse",
            ("preparing", "first_reading", "second_reading", "agreed_ad_ref", "legal_review", "presented"),
            "lapsed",
            ("chair",),
            object="constitution",
            fields=_REASON,
            says="declares that the draft has lapsed",
        ),
        # amendments ------------------------------------------------------------------------------------------------
        t("amendment", "ask_head", ("draft",), "awaiting_head", ("member",), recorded=False),
        t("amendment", "return_to_member", ("awaiting_head",), "draft", ("head",), recorded=False),
        t(
            "amendment",
            "submit",
            ("draft", "awaiting_head"),
            "submitted",
            ("head",),
            object="version",
            fields=_PROPOSAL,
            guards=("is_current_version", "proposals_open", "before_deadline", "symbol_is_free", "edits_fit"),
            says="submits an amendment",
        ),
        t(
            "amendment",
            "submit_late",
            ("draft", "awaiting_head"),
            "late",
            ("head",),
            object="version",
            fields=_PROPOSAL,
            guards=("is_current_version", "proposals_open", "deadline_passed", "symbol_is_free", "edits_fit"),
            says="submits an amendment after the deadline",
        ),
        t(
            "amendment",
            "grant_leave",
            ("late",),
            "admitted",
            ("chair",),
            object="amendment",
            fields=_CONTENT,
            says="gives leave to a late amendment",
        ),
        t(
            "amendment",
            "refuse_leave",
            ("late",),
            "lapsed",
            ("chair",),
            object="amendment",
            fields=_REASON,
            says="refuses leave to a late amendment",
        ),
        t(
            "amendment",
            "admit",
            ("submitted",),
            "admitted",
            ("secretariat",),
            object="amendment",
            guards=("not_the_whole_text",),
            says="admits an amendment as in order",
        ),
        t(
            "amendment",
            "rule_inadmissible",
            ("submitted", "admitted"),
            "inadmissible",
            ("chair",),
            object="amendment",
            fields=_REASON,
            says="rules an amendment inadmissible",
        ),
        t(
            "amendment",
            "table_chair_text",
            ("draft",),
            "admitted",
            ("chair",),
            object="version",
            fields={**_PROPOSAL, "sources": f.items(f.hex32, least=1, most=50)},
            guards=("is_current_version", "proposals_open", "symbol_is_free", "sources_known", "edits_fit"),
            says="tables a Chair's text",
        ),
        t(
            "amendment",
            "join",
            ("admitted",),
            "=",
            ("head",),
            object="amendment",
            guards=("another_delegation",),
            says="joins as co-sponsor",
        ),
        t(
            "amendment",
            "leave_sponsorship",
            ("admitted",),
            "=",
            ("head",),
            object="amendment",
            guards=("a_co_sponsor",),
            says="leaves as co-sponsor",
        ),
        t("amendment", "go_stale", ("admitted",), "stale", ("system",), recorded=False),
        t(
            "amendment",
            "rebase",
            ("stale",),
            "admitted",
            ("head", "chair"),
            object="amendment",
            fields={"edits": f.edits},
            guards=("own_proposal", "same_units", "edits_fit"),
            says="confirms an amendment against the new words",
        ),
        t("amendment", "lapse", ("stale",), "lapsed", ("chair",), object="amendment", fields=_REASON, says="lets a stale amendment lapse"),
        t(
            "amendment",
            "accept",
            ("admitted",),
            "accepted",
            ("chair",),
            object="amendment",
            fields={"result": f.mapping(f.unit_id, f.nullable(f.hex32)), "content": f.hex32},
            guards=("before_agreement", "not_stale", "not_the_whole_text", "result_follows"),
            says="accepts an amendment",
        ),
        t(
            "amendment",
            "park",
            ("admitted", "stale"),
            "parked",
            ("chair",),
            object="amendment",
            fields={"target": f.hex32},
            guards=("target_takes_it_up",),
            says="parks an amendment as taken up elsewhere",
        ),
        t(
            "amendment",
            "revive",
            ("parked",),
            "admitted",
            ("head",),
            object="amendment",
            guards=("own_proposal",),
            says="revives a parked amendment",
        ),
        t("amendment", "merge", ("parked",), "merged", ("system",), recorded=False),
        t(
            "amendment",
            "not_retain",
            ("admitted", "stale"),
            "not_retained",
            ("chair",),
            object="amendment",
            fields=_REASON,
            says="does not retain an amendment",
        ),
        t(
            "amendment",
            "withdraw",
            (*_OPEN, "stale"),
            "withdrawn",
            ("head",),
            object="amendment",
            fields=_REASON,
            guards=("own_proposal",),
            says="withdraws an amendment",
        ),
        t(
            "amendment",
            "take_over",
            ("withdrawn",),
            "admitted",
            ("head",),
            object="amendment",
            guards=("another_delegation", "before_agreement"),
            says="takes over a withdrawn amendment",
        ),
        t("paragraph", "bracket", ("open", "agreed_ad_ref"), "bracketed", ("system",), recorded=False),
        # confirmation, languages ---------------------------------------------------------------------------------
        t(
            "confirmation",
            "confirm",
            ("pending",),
            "confirmed",
            ("head",),
            object="version",
            guards=("is_agreed_version",),
            says="confirms the whole text",
        ),
        t(
            "confirmation",
            "object",
            ("pending",),
            "objected",
            ("head",),
            object="version",
            fields=_REASON,
            guards=("is_agreed_version",),
            says="withholds confirmation",
        ),
        t("confirmation", "reset", ("confirmed", "objected"), "pending", ("system",), recorded=False),
        t(
            "language_version",
            "submit",
            ("not_started", "translating", "divergent", "outdated", "concordant", "submitted"),
            "submitted",
            ("translator",),
            object="version",
            fields={"language": f.language, "units": f.hashes_by_unit},
            guards=("is_current_version", "own_language", "before_presentation", "units_known"),
            says="submits a translation",
        ),
        t(
            "language_version",
            "certify",
            ("submitted",),
            "concordant",
            ("translator",),
            object="version",
            fields={"language": f.language, "units": f.hashes_by_unit},
            guards=("is_current_version", "own_language", "before_presentation", "not_own_translation", "translation_complete"),
            says="certifies a language version as concordant",
        ),
        t("language_version", "go_out_of_date", ("submitted", "concordant"), "outdated", ("system",), recorded=False),
        t("language_version", "authenticate", ("concordant",), "authentic", ("system",), recorded=False),
        # endorsements ----------------------------------------------------------------------------------------------
        t(
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
        t("endorsement", "count", ("received",), "counted", ("system",), recorded=False),
        t("endorsement", "list_apart", ("received",), "listed", ("system",), recorded=False),
        t(
            "endorsement",
            "withdraw",
            ("counted", "listed"),
            "withdrawn",
            ("signatory",),
            object="act",
            fields=_REASON,
            guards=("own_endorsement",),
            says="withdraws its signature",
        ),
        # comments --------------------------------------------------------------------------------------------------
        t(
            "comment_thread",
            "reply",
            ("open", "answered"),
            "answered",
            ("chair", "secretariat", "translator", "head", "member"),
            recorded=False,
        ),
    )


TRANSITIONS: tuple[Transition, ...] = _rows()
"""Every transition of the procedure, in the order of the reference."""

BY_TYPE: Mapping[str, Transition] = {row.type: row for row in TRANSITIONS if row.recorded}
"""The recorded ones, by the type of their statement."""


def transition(machine: str, name: str) -> Transition:
    """Return one row; :raises KeyError: where the table has none."""
    for row in TRANSITIONS:
        if (row.machine, row.name) == (machine, name):
            return row
    raise KeyError(f"{machine}.{name}")
