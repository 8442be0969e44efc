"""Acts on the text as a whole, its versions, its languages, confirmations, adoption and the window for signature."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from declaration.desk.telling.row import Row, to

ROWS: tuple[Row, ...] = (
    Row("draft_version.approve_and_circulate", "text", (
        to("translators", says=_l("%(version)s is circulated: see what is to be translated"), mine=True),
        to("participants", says=_l("%(version)s is circulated")),
    )),
    Row("draft_version.freeze", "text", (to("participants", says=_l("%(version)s is final; its words no longer change")),)),
    Row("declaration.circulate_zero_draft", "text", (
        to("heads", says=_l("The first reading is open: propose amendments"), mine=True),
        to("participants", says=_l("The first reading is open")),
    ), urgent=True),
    Row("declaration.extend_deadline", "stage", (
        to("participants", says=_l("The deadline for amendments is later now")),
    ), urgent=True),
    Row("declaration.issue_compilation", "proposals", (
        to("participants", says=_l("The compilation is issued; the second reading is open")),
    )),
    Row("declaration.declare_agreed_ad_ref", "stage", (
        to("heads", says=_l("The text is agreed ad referendum: confirm the whole"), mine=True),
        to("participants", says=_l("The text is agreed ad referendum")),
    ), urgent=True),
    Row("declaration.reopen_text", "stage", (
        to("heads", says=_l("The Chair has reopened the text; confirmations are asked anew")),
        to("participants", says=_l("The Chair has reopened the text")),
    ), urgent=True),
    Row("declaration.begin_legal_review", "stage", (
        to("secretariat", "translators", says=_l("Every head has confirmed: the legal review begins"), mine=True),
        to("participants", says=_l("Every head has confirmed: the legal review begins")),
    )),
    Row("declaration.refer_back", "stage", (
        to("heads", says=_l("A matter of substance was found: the text is back at the table, and your confirmation has lapsed")),
        to("participants", says=_l("The legal review found a matter of substance; the text is back in the second reading")),
    ), urgent=True),
    Row("declaration.present_for_adoption", "stage", (
        to("participants", says=_l("%(version)s is before the plenary for adoption")),
    ), urgent=True),
    Row("declaration.object_to_adoption", "stage", (
        to("heads", says=_l("%(who)s objects to adoption: the text is back at the table, and your confirmation has lapsed")),
        to("participants", says=_l("%(who)s objects to adoption; the text is back in the second reading")),
    ), urgent=True),
    Row("declaration.adopt", "stage", (
        to("depositary", says=_l("The Declaration is adopted: open it for signature"), mine=True),
        to("participants", "signatories", says=_l("The Declaration is adopted")),
    ), urgent=True),
    Row("declaration.open_for_signature", "sign", (
        to("signatories", says=_l("The Declaration is open for signature: sign for your organization"), mine=True),
        to("participants", says=_l("The Declaration is open for signature")),
    ), urgent=True),
    Row("declaration.close_accession", "register", (to("participants", says=_l("Organizations can no longer join the Declaration")),)),
    Row("declaration.archive", "register", (to("participants", says=_l("The Declaration is archived with its bundle")),)),
    Row("declaration.lapse", "stage", (to("participants", says=_l("The draft has lapsed")),), urgent=True),
    Row("confirmation.confirm", "stage", (
        to("own_members", says=_l("Your head has confirmed the whole text")),
        to("chair", "heads", says=_l("%(who)s confirms the whole text")),
    )),
    Row("confirmation.object", "stage", (
        to("chair", says=_l("%(who)s withholds confirmation: read the reason"), mine=True),
        to("participants", says=_l("%(who)s withholds confirmation")),
    ), urgent=True),
    Row("language_version.start", "language", (
        to("same_language", says=_l("%(who)s has taken paragraphs of %(language)s for translation")),
    )),
    Row("language_version.submit", "language", (
        to("same_language", says=_l("%(language)s: a translation is there to be read beside the original"), mine=True),
        to("secretariat", says=_l("%(language)s: a translation is submitted")),
    )),
    Row("language_version.report_divergence", "language", (
        to("same_language", says=_l("%(language)s: %(who)s finds that a paragraph does not say the same"), mine=True),
        to("chair", "secretariat", says=_l("%(language)s: %(who)s finds that a paragraph does not say the same")),
    )),
    Row("language_version.correct", "language", (
        to("same_language", says=_l("%(language)s: corrected, to be read again"), mine=True),
        to("secretariat", says=_l("%(language)s: a translation is corrected")),
    )),
    Row("language_version.certify", "language", (
        to("same_language", "chair", "secretariat", "heads", says=_l("%(language)s is certified as concordant")),
    )),
    Row("statement.lodge", "stage", (
        to("secretariat", says=_l("%(who)s lodges a statement: circulate it"), mine=True),
        to("chair", "own_members", says=_l("%(who)s lodges a statement")),
    )),
    Row("statement.circulate", "stage", (to("participants", says=_l("A statement of %(party)s is circulated")),)),
    Row("statement.record", "stage", (to("participants", says=_l("A statement of %(party)s is attached to the minute of adoption")),)),
    Row("statement.rule_out", "stage", (
        to("party_head", says=_l("The Chair has ruled your statement out of order")),
        to("secretariat", says=_l("The Chair has ruled a statement of %(party)s out of order")),
    )),
    Row("statement.withdraw", "stage", (to("chair", "secretariat", "own_members", says=_l("%(who)s withdraws its statement")),)),
    Row("corrigendum.propose", "stage", (
        to("depositary", says=_l("A correction is proposed: examine it"), mine=True),
        to("chair", "secretariat", says=_l("A correction of the adopted text is proposed")),
    )),
    Row("corrigendum.notify", "stage", (
        to("heads", "signatories", says=_l("A correction of the adopted text is notified: object in time, or it is made"), mine=True),
        to("participants", says=_l("A correction of the adopted text is notified")),
    ), urgent=True),
    Row("corrigendum.object", "stage", (
        to("depositary", says=_l("%(who)s objects to a correction"), mine=True),
        to("participants", "signatories", says=_l("%(who)s objects to a correction")),
    )),
    Row("corrigendum.rectify", "stage", (
        to("participants", "signatories", says=_l("The adopted text is corrected; signatures stay valid")),
    )),
    Row("corrigendum.renotify", "stage", (
        to("heads", "signatories", says=_l("A correction of the adopted text is notified: object in time, or it is made"), mine=True),
        to("participants", says=_l("A correction of the adopted text is notified")),
    ), urgent=True),
    Row("corrigendum.drop", "stage", (to("participants", "signatories", says=_l("A proposed correction is dropped")),)),
)  # fmt: skip
