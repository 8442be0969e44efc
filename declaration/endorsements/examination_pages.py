"""``/<forum>/register/examination``: what the depositary examines, and one signature's examination."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.endorsements import examination
from declaration.endorsements import register as reading
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.procedure import standing
from declaration.procedure.holdings import Endorsement
from declaration.procedure.state import State
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

DOUBT_WORDS: Mapping[str, object] = {
    "joint": _l("The statute asks for two signatures"),
    "organization": _l("The organization’s entitlement is disputed"),
    "key": _l("Signed with a key after it was lost"),
    "mandate": _l("Signed after the mandate was revoked"),
    "question": _l("Questioned by the depositary"),
}
STATUS_WORDS: Mapping[str, tuple[str, object]] = {
    "counted": ("yes", _l("Counted")),
    "listed": ("none", _l("Listed apart")),
    "held": ("wait", _l("Held")),
    "withdrawn": ("no", _l("Withdrawn")),
    "refused": ("no", _l("Refused")),
    "annulled": ("no", _l("Annulled")),
}
STEP_WORDS: Mapping[str, object] = {
    "endorsement.countersign-v1": _l("Countersigned by the second person"),
    "endorsement.question-v1": _l("Questioned"),
    "endorsement.release-v1": _l("Released"),
    "endorsement.refuse-v1": _l("Refused"),
    "endorsement.annul-v1": _l("Annulled"),
    "endorsement.withdraw-v1": _l("Withdrawn"),
    "endorsement.set_aside_withdrawal-v1": _l("Withdrawal set aside"),
}
_NAMES = {
    examination.QUESTION: "question",
    examination.RELEASE: "release",
    examination.REFUSE: "refuse",
    examination.ANNUL: "annul",
    examination.SET_ASIDE: "set_aside",
}


@blueprint.get("/<forum>/register/examination")
@allow("depositary", "secretariat", "chair")
def examine(forum: str) -> ResponseReturnValue:
    """Signatures that are held, withdrawals in question, and one that is looked for."""
    session, found, state = current_session(), this_forum(), this_state()
    query = request.args.get("q", "").strip()[:200]
    open_ = [each for each in state.endorsements.values() if each.status == "held" or _in_question(each)]
    sought = {row.row.statement for row in reading.search(session, found, query)[0]} if query else set()
    shown = [*open_, *(state.endorsements[digest] for digest in sorted(sought) if state.endorsements[digest] not in open_)]
    earlier = [each for each in state.endorsements.values() if each.stands and standing.before_its_loss(state, each) and each not in shown]
    rows = {each.statement: each for each in reading.all_rows(session, found)} if shown or earlier else {}
    return render_template(
        "endorsements/examination.html",
        state=state,
        held=len(open_),
        query=query,
        shown=[(each, rows[each.digest], _asks(state, each), examination.story(session, found, state, each)) for each in shown],
        earlier=[(each, rows[each.digest]) for each in earlier],
        doubts=DOUBT_WORDS,
        statuses=STATUS_WORDS,
        steps=STEP_WORDS,
        country_of=lambda row: reading.row_country(found, row, language()),
    )


def _in_question(each: Endorsement) -> bool:
    return each.status == "withdrawn" and any(one.questioned and one.set_aside is None for one in each.withdrawals)


def _asks(state: State, each: Endorsement) -> dict[str, Ask]:
    """The depositary's acts on one signature; others read."""
    actor = current_actor()
    if actor.role != "depositary":
        return {}
    return {
        _NAMES[type_]: acts.offer(current_session(), this_forum(), actor, type_, each.digest, now=now())
        for type_ in examination.OFFERED.get(each.status, ())
    }
