"""The stages as a reader sees them, and which acts belong to each: data.

What an act needs and who may do it is the procedure's; this only says what to offer where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of the way.

    :ivar now: what is so while it is the current one, in one sentence.
    """

    name: str
    word: object
    now: object


STAGES: tuple[Stage, ...] = (
    Stage("preparing", _l("Preparation"), _l("The zero draft is being prepared.")),
    Stage("first_reading", _l("First reading"), _l("Delegations propose amendments until the deadline.")),
    Stage("second_reading", _l("Second reading"), _l("The proposals are settled, paragraph by paragraph.")),
    Stage("agreed_ad_ref", _l("Agreed ad referendum"), _l("Every head of delegation confirms this very text, or says why not.")),
    Stage("legal_review", _l("Legal review"), _l("Form, terms and languages are checked; the words stay as they were agreed.")),
    Stage("presented", _l("Before the plenary"), _l("The final text is presented for adoption.")),
    Stage("adopted", _l("Adopted"), _l("The Declaration is adopted.")),
    Stage("open_for_signature", _l("Open for signature"), _l("Organizations sign the adopted text.")),
    Stage("accession_open", _l("Open for accession"), _l("The time for signature is over; organizations may still accede.")),
)
"""In the order of the way; the last only where the rules allow accession."""

ENDS: Mapping[str, object] = {
    "lapsed": _l("The draft has lapsed. What was said and decided stays in the record."),
    "closed": _l("The time for signature is over."),
    "archived": _l("The Declaration and its record are in the archive."),
}

HEAD_CONFIRM, HEAD_OBJECT = "confirmation.confirm-v1", "confirmation.object-v1"
CIRCULATE, EXTEND = "declaration.circulate_zero_draft-v1", "declaration.extend_deadline-v1"
COMPILE, AGREE, REOPEN = (
    "declaration.issue_compilation-v1", "declaration.declare_agreed_ad_ref-v1", "declaration.reopen_text-v1",
)  # fmt: skip
REVIEW, REFER_BACK, FREEZE = (
    "declaration.begin_legal_review-v1", "declaration.refer_back-v1", "draft_version.freeze-v1",
)  # fmt: skip
PRESENT, ADOPT, OBJECT = (
    "declaration.present_for_adoption-v1", "declaration.adopt-v1", "declaration.object_to_adoption-v1",
)  # fmt: skip
OPEN, LAPSE = "declaration.open_for_signature-v1", "declaration.lapse-v1"
CLOSE, ARCHIVE = "declaration.close_accession-v1", "declaration.archive-v1"


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that a page offers at a stage.

    :ivar word: on the button.
    :ivar why: what it does, in one sentence.
    :ivar text: the whole text is read, and its digest recomputed, before it is signed (the name of that page), or None.
    :ivar confirm: asked before an act that cannot be undone.
    :ivar aside: not the next step; its fields are shown when they are asked for.
    """

    type: str
    role: str
    word: object
    why: object
    text: str | None = None
    confirm: object | None = None
    aside: bool = False


_LAPSE = Offer(
    LAPSE, "chair", _l("Let the draft lapse"), _l("No consensus, or the draft is withdrawn."),
    confirm=_l("The negotiation ends without a declaration, and the record becomes public. This cannot be taken back."),
)  # fmt: skip

OFFERS: Mapping[str, tuple[Offer, ...]] = {
    "preparing": (
        Offer(CIRCULATE, "chair", _l("Open the first reading"), _l("Delegations may propose amendments until the hour that you set.")),
        _LAPSE,
    ),
    "first_reading": (
        Offer(COMPILE, "secretariat", _l("Issue the compilation"), _l("Lists every proposal and opens the second reading.")),
        Offer(EXTEND, "chair", _l("Extend the deadline"), _l("To a later hour only."), aside=True),
        _LAPSE,
    ),
    "second_reading": (
        Offer(AGREE, "chair", _l("Declare agreed ad referendum"), _l("The heads are then asked to confirm this very text."), text="agree"),
        _LAPSE,
    ),
    "agreed_ad_ref": (
        Offer(HEAD_CONFIRM, "head", _l("Confirm the whole text"), _l("Your delegation agrees to every word."), text="confirm"),
        Offer(HEAD_OBJECT, "head", _l("Withhold confirmation"), _l("With your reason, which everybody reads."),
              confirm=_l("The Chair may then reopen the text, and every confirmation is asked for again.")),
        Offer(REVIEW, "chair", _l("Begin the legal review"), _l("When every head of delegation has confirmed.")),
        Offer(REOPEN, "chair", _l("Reopen the text"), _l("After a head has withheld confirmation; all confirmations are reset."),
              confirm=_l("All confirmations given so far no longer count.")),
        _LAPSE,
    ),
    "legal_review": (
        Offer(FREEZE, "chair", _l("Freeze the final version"), _l("Nothing in it changes any more."), text="freeze"),
        Offer(PRESENT, "chair", _l("Present for adoption"), _l("Brings the frozen text before the plenary."), text="present"),
        Offer(REFER_BACK, "chair", _l("Refer back to the second reading"), _l("Where a matter of substance was found."),
              confirm=_l("The text is open again, and every head confirms afresh.")),
        _LAPSE,
    ),
    "presented": (
        Offer(ADOPT, "chair", _l("Adopt the Declaration"), _l("When nobody objects and the quorum is present."), text="adopt"),
        Offer(OBJECT, "head", _l("Object to adoption"), _l("In the sitting, with your reason."),
              confirm=_l("The text goes back to the second reading.")),
        _LAPSE,
    ),
    "adopted": (
        Offer(OPEN, "depositary", _l("Open for signature"), _l("Fixes the sentence that organizations sign, and the window.")),
    ),
    "accession_open": (
        Offer(CLOSE, "depositary", _l("Close accession"), _l("On the decision of the Chair, which you record."),
              confirm=_l("No organization can join any more. This cannot be taken back.")),
    ),
    "closed": (
        Offer(ARCHIVE, "depositary", _l("Archive the instrument"), _l("With the bundle that a second tool has verified."),
              confirm=_l("The record is complete with this act. This cannot be taken back.")),
    ),
}  # fmt: skip

ON_TEXT: Mapping[str, Offer] = {offer.text: offer for offers in OFFERS.values() for offer in offers if offer.text}
"""The acts that are signed below the whole text, by the name of their page."""
