"""Acts on proposals, paragraphs and silence."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from declaration.desk.telling.row import Row, to

# Other heads hear of a proposal when it is admitted: that is when they can join it, and one mail is enough.
_SUBMITTED = (
    to("secretariat", says=_l("%(who)s submits %(what)s: examine its form"), mine=True),
    to("own_members", says=_l("Your head has submitted %(what)s")),
    to("amended", says=_l("%(who)s submits %(what)s to your proposal")),
    to("chair", says=_l("%(who)s submits %(what)s")),
)

ROWS: tuple[Row, ...] = (
    Row("amendment.submit", "proposal", _SUBMITTED),
    Row("amendment.submit_late", "proposal", (
        to("chair", says=_l("%(who)s submits %(what)s late: give leave or refuse it"), mine=True),
        to("own_members", says=_l("Your head has submitted %(what)s late")),
        to("secretariat", "heads", says=_l("%(who)s submits %(what)s late")),
    )),
    Row("amendment.grant_leave", "proposal", (
        to("proposer", "proposer_members", says=_l("The Chair gives leave to your %(what)s")),
        to("secretariat", "heads", says=_l("The Chair gives leave to %(what)s")),
    )),
    Row("amendment.refuse_leave", "proposal", (
        to("proposer", "proposer_members", says=_l("The Chair refuses leave to your %(what)s")),
        to("secretariat", "heads", says=_l("The Chair refuses leave to %(what)s")),
    )),
    Row("amendment.admit", "proposal", (
        to("proposer", "proposer_members", says=_l("Your %(what)s is admitted")),
        to("heads", says=_l("%(what)s is admitted: you may join it")),
        to("chair", says=_l("%(what)s is admitted")),
    )),
    Row("amendment.rule_inadmissible", "proposal", (
        to("proposer", "proposer_members", says=_l("The Chair rules your %(what)s inadmissible")),
        to("sponsors", says=_l("The Chair rules %(what)s, which you joined, inadmissible")),
        to("secretariat", "heads", says=_l("The Chair rules %(what)s inadmissible")),
    )),
    Row("amendment.table_chair_text", "proposal", (
        to("sources", says=_l("The Chair’s text %(what)s takes up your proposal: read it"), mine=True),
        to("heads", says=_l("The Chair’s text %(what)s is on the table"), mine=True),
        to("secretariat", "members", says=_l("The Chair’s text %(what)s is on the table")),
    )),
    Row("amendment.join", "proposal", (
        to("proposer", says=_l("%(who)s joins your %(what)s")),
        to("sponsors", "own_members", says=_l("%(who)s joins %(what)s")),
        to("chair", says=_l("%(who)s joins %(what)s")),
    )),
    Row("amendment.leave_sponsorship", "proposal", (
        to("proposer", says=_l("%(who)s leaves your %(what)s")),
        to("sponsors", "own_members", "chair", says=_l("%(who)s leaves %(what)s")),
    )),
    Row("amendment.revise", "proposal", (
        to("sponsors", says=_l("%(who)s has revised %(what)s, which you joined: read it again"), mine=True),
        to("own_members", says=_l("Your head has revised %(what)s")),
        to("chair", "secretariat", "heads", says=_l("%(who)s has revised %(what)s")),
    )),
    Row("amendment.rebase", "proposal", (
        to("sponsors", says=_l("%(who)s has confirmed %(what)s, which you joined, against the new words")),
        to("chair", "secretariat", says=_l("%(who)s has confirmed %(what)s against the new words")),
    )),
    Row("amendment.table_with_break", "proposal", (
        to("chair", says=_l("%(who)s tables %(what)s with its break of silence"), mine=True),
        to("secretariat", "heads", "own_members", says=_l("%(who)s tables %(what)s with its break of silence")),
    ), urgent=True),
    Row("amendment.lapse", "proposal", (
        to("proposer", "proposer_members", says=_l("Your %(what)s has lapsed: it was not confirmed against the new words")),
        to("sponsors", says=_l("%(what)s, which you joined, has lapsed")),
    )),
    Row("amendment.accept", "proposal", (
        to("proposer", "proposer_members", says=_l("Your %(what)s is accepted")),
        to("sponsors", says=_l("%(what)s, which you joined, is accepted")),
        to("translators", says=_l("%(what)s is accepted: the words of the original have changed"), mine=True),
        to("participants", says=_l("%(what)s is accepted")),
    )),
    Row("amendment.park", "proposal", (
        to("proposer", says=_l("The Chair has parked your %(what)s as taken up elsewhere; you may revive it"), mine=True),
        to("sponsors", says=_l("The Chair has parked %(what)s, which you joined")),
    )),
    Row("amendment.revive", "proposal", (
        to("chair", says=_l("%(who)s revives %(what)s"), mine=True),
        to("sponsors", "secretariat", "own_members", says=_l("%(who)s revives %(what)s")),
    )),
    Row("amendment.not_retain", "proposal", (
        to("proposer", "proposer_members", says=_l("Your %(what)s is not retained")),
        to("sponsors", says=_l("%(what)s, which you joined, is not retained")),
        to("participants", says=_l("%(what)s is not retained")),
    )),
    Row("amendment.withdraw", "proposal", (
        to("sponsors", says=_l("%(who)s withdraws %(what)s, which you joined: you may take it over"), mine=True),
        to("own_members", says=_l("Your head has withdrawn %(what)s")),
        to("chair", "secretariat", "heads", says=_l("%(who)s withdraws %(what)s; any delegation may take it over")),
    )),
    Row("amendment.take_over", "proposal", (
        to("own_members", says=_l("Your head has taken %(what)s over")),
        to("chair", "secretariat", "heads", says=_l("%(who)s takes %(what)s over")),
    )),
    # paragraphs ----------------------------------------------------------------------------------------------------
    Row("paragraph.agree_ad_ref", "unit", (to("participants", says=_l("%(what)s is agreed ad referendum")),)),
    Row("paragraph.place_reserve", "unit", (
        to("chair", says=_l("%(who)s places a reserve on %(what)s"), mine=True),
        to("own_members", says=_l("Your head has placed a reserve on %(what)s")),
        to("secretariat", "heads", says=_l("%(who)s places a reserve on %(what)s")),
    )),
    Row("paragraph.lift_reserve", "unit", (
        to("chair", "secretariat", "heads", "own_members", says=_l("%(who)s lifts its reserve on %(what)s")),
    )),
    Row("paragraph.refer_to_small_group", "unit", (
        to("facilitator", says=_l("You are asked to bring a small group together on %(what)s"), mine=True),
        to("group", says=_l("You are in the small group on %(what)s"), mine=True),
        to("secretariat", "heads", says=_l("%(what)s goes to a small group")),
    )),
    Row("paragraph.report_back", "unit", (
        to("chair", says=_l("The small group reports on %(what)s"), mine=True),
        to("heads", says=_l("The small group reports on %(what)s")),
    )),
    Row("paragraph.reopen", "unit", (to("participants", says=_l("%(what)s is open again")),)),
    Row("paragraph.delete", "unit", (
        to("translators", says=_l("%(what)s is deleted from the text"), mine=True),
        to("participants", says=_l("%(what)s is deleted from the text")),
    )),
    Row("paragraph.restore", "unit", (
        to("translators", says=_l("%(what)s is back in the text"), mine=True),
        to("participants", says=_l("%(what)s is back in the text")),
    )),
    Row("paragraph.correct_editorially", "unit", (
        to("chair", says=_l("The secretariat corrects %(what)s editorially: countersign or refuse"), mine=True),
        to("heads", "translators", says=_l("The secretariat corrects %(what)s editorially")),
    )),
    # silence: everybody is told at once (OSCE Rules of Procedure, Annex 1(A)) ------------------------------------------
    Row("silence.announce", "unit", (
        to("heads", says=_l("The Chair announces a silence procedure on %(what)s: object to it now, or not at all"), mine=True),
        to("participants", says=_l("The Chair announces a silence procedure on %(what)s")),
    ), urgent=True),
    Row("silence.open", "unit", (
        to("heads", says=_l("%(what)s is under silence: it is agreed at the hour unless you break silence"), mine=True),
        to("participants", says=_l("%(what)s is under silence")),
    ), urgent=True),
    Row("silence.object_to_use", "unit", (
        to("chair", says=_l("%(who)s objects to a silence procedure on %(what)s"), mine=True),
        to("participants", says=_l("%(who)s objects to a silence procedure on %(what)s; it is not used")),
    ), urgent=True),
    Row("silence.break", "unit", (
        to("chair", says=_l("%(who)s breaks silence on %(what)s"), mine=True),
        to("own_members", says=_l("Your head has broken silence on %(what)s")),
        to("participants", says=_l("%(who)s breaks silence on %(what)s")),
    ), urgent=True),
    Row("silence.cancel", "unit", (to("participants", says=_l("The Chair cancels the silence procedure on %(what)s")),), urgent=True),
    Row("silence.extend", "unit", (
        to("heads", says=_l("Silence on %(what)s lasts longer now"), mine=True),
        to("participants", says=_l("Silence on %(what)s lasts longer now")),
    ), urgent=True),
)  # fmt: skip
