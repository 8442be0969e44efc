"""What waits for a reader, by role. The lists for each role are in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.credentials import enrolment
from declaration.desk import delegation_cards, office_cards, signatory_cards
from declaration.desk.cards import Card, Later, Link, Waiting, in_order
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web.access import Actor

WITHOUT_KEY = frozenset({"member", "observer"})
"""Roles that sign nothing."""


Filler = Callable[[Waiting], None]

_FILLERS: Mapping[str, Filler] = {
    "head": delegation_cards.head,
    "member": delegation_cards.member,
    "chair": office_cards.chair,
    "secretariat": office_cards.secretariat,
    "depositary": office_cards.depositary,
    "translator": office_cards.translator,
    "signatory": signatory_cards.signatory,
}


def what_waits(session: Session, forum: Forum, state: State, actor: Actor, now: datetime) -> Waiting:
    """Everything for one reader, in the order in which it runs out."""
    found = Waiting(session, forum, state, actor, now)
    if actor.role not in WITHOUT_KEY and not found.can_sign:
        _key(found)
    filler = _FILLERS.get(actor.role)
    if filler is not None:
        filler(found)
    found.cards = in_order(found.cards)
    return found


def _key(found: Waiting) -> None:
    """A key first: without it nothing that counts can be signed."""
    mine = [each for each in enrolment.all_of(found.session, found.actor.person_id) if each.refused_at is None]
    keys = url_for("keys.mine", forum=found.forum.slug)
    if not mine:
        found.cards.append(
            Card(
                key="key",
                heading=_("Make your key"),
                due=_("First of all"),
                weight=-10,
                lines=[_("Everything that counts is signed with a key that only you hold. It is made on this device in a minute.")],
                links=[Link(keys, _("Make your key"), main=True)],
            )
        )
    elif found.actor.role == "chair":
        found.cards.append(
            Card(
                key="constitution",
                heading=_("Sign the constitution of the forum"),
                due=_("First of all"),
                weight=-10,
                lines=[_("It begins the record: who negotiates, in which languages, by which rules. Nothing can be recorded before it.")],
                links=[Link(url_for("keys.constitution", forum=found.forum.slug), _("Read and sign"), main=True)],
            )
        )
    else:
        found.later.append(Later(_("Your key"), _waits_for(found, mine[0].public), _desk(found)))


def _desk(found: Waiting) -> Link | None:
    """In the hall a signatory shows the key at the desk."""
    if found.actor.role != "signatory":
        return None
    return Link(url_for("desk.enrolment_mine", forum=found.forum.slug), _("In the hall: show it at the desk"))


def _waits_for(found: Waiting, public: str | None) -> str:
    if found.actor.role != "signatory":
        return str(_("It waits for the Chair’s accreditation. Read your fingerprint to the Chair when asked; nothing else is needed."))
    if any(act["key"] == public for act in found.state.awaiting_accreditation.values()):
        return str(_("One person of the secretariat has accredited it. A second one confirms."))
    return str(_("Two persons of the secretariat accredit it. They call you and ask for the fingerprint."))
