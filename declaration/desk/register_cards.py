"""What keys, organizations, signatures and corrections have waiting for each office."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from declaration.credentials import authority
from declaration.desk.cards import Card, Link, Waiting
from declaration.endorsements import paper_signatures
from declaration.notices.models import Notice
from declaration.procedure import standing
from declaration.web.i18n import when

_FRESH = timedelta(days=1)
"""How long a report of a lost device stands on the page of those who can suspend the key; their messages keep it."""


def lost_devices(found: Waiting) -> None:
    """Keys that could still sign though their holder has lost a device: before everything else, since each minute counts."""
    told = select(Notice).where(Notice.person_id == found.actor.person_id, Notice.kind == "device.lost", Notice.at > found.now - _FRESH)
    reports = {notice.facts["key"]: notice for notice in found.session.scalars(told.order_by(Notice.at))}
    for key in found.state.keys.values():
        notice = reports.get(key.accreditation)
        if notice is not None and key.suspended is None and key.revoked is None:
            address = url_for("authority.one", forum=found.forum.slug, accreditation=key.accreditation)
            found.cards.append(
                Card(
                    key=f"lost-{key.accreditation[:12]}",
                    heading=_("%(name)s has lost a device: suspend the key at once", name=notice.facts["name"]),
                    due=when(notice.at, "short"),
                    weight=-20,
                    links=[Link(address, _("Suspend this key"), main=True)],
                )
            )


def revocations(found: Waiting) -> None:
    """Revocations and reinstatements that somebody else of the office has begun."""
    waiting = [
        key
        for digest, _type, key in authority.waiting_on_keys(found.state)
        if found.state.awaiting_second[digest].statement.by.party != found.actor.party
    ]
    if waiting:
        heading = ngettext("One act on a key waits for a second person", "%(num)d acts on keys wait for a second person", len(waiting))
        names = ", ".join(key.organization["name"] if key.organization else key.party for key in waiting[:5])
        link = Link(url_for("authority.listing", forum=found.forum.slug), _("Look at them"), main=True)
        found.cards.append(Card(key="revocations", heading=heading, due=_("You are the second"), weight=1, lines=[names], links=[link]))


def papers(found: Waiting) -> None:
    """Signatures on paper that somebody else of the office has attested."""
    for act, party in paper_signatures.waiting(found.state):
        if act.statement.by.party != found.actor.party:
            link = Link(url_for("endorsements.paper", forum=found.forum.slug, party=party), _("Examine it"), main=True)
            name = found.state.organizations[party].name
            found.cards.append(
                Card(
                    key=f"paper-{act.digest[:12]}",
                    heading=_("A signature on paper waits for a second person"),
                    due=_("You are the second"),
                    weight=3,
                    lines=[name],
                    links=[link],
                )
            )


def held(found: Waiting) -> None:
    """Signatures that the depositary examines, and withdrawals in question."""
    open_ = [
        each
        for each in found.state.endorsements.values()
        if each.status == "held"
        or (each.status == "withdrawn" and any(one.questioned and one.set_aside is None for one in each.withdrawals))
    ]
    if open_:
        heading = ngettext("One signature waits for your finding", "%(num)d signatures wait for your finding", len(open_))
        since = when(open_[0].story[-1][0], "short")
        link = Link(url_for("endorsements.examine", forum=found.forum.slug), _("Examine"), main=True)
        found.cards.append(Card(key="held", heading=heading, due=_("Oldest first"), due_more=since, weight=5, links=[link]))


def corrections(found: Waiting) -> None:
    """Corrections whose next step is the depositary's, or that can still be objected to."""
    link = Link(url_for("endorsements.corrigenda", forum=found.forum.slug), _("Look at the correction"), main=True)
    for each in standing.running_corrigenda(found.state):
        over = each.until is not None and found.now >= each.until
        if found.actor.role == "depositary" and (each.status != "notified" or over):
            heading = _("A correction can be rectified") if each.status == "notified" else _("A correction waits for you")
            found.cards.append(Card(key=f"corr-{each.digest[:12]}", heading=heading, weight=10, links=[link]))
        elif found.actor.role in ("head", "signatory") and each.status == "notified" and not over:
            found.cards.append(
                Card(
                    key=f"corr-{each.digest[:12]}",
                    heading=_("A correction of the adopted text was notified"),
                    due=each.symbol or "",
                    until=each.until,
                    since=each.notified_at,
                    ends=_("Objections for another"),
                    weight=20,
                    lines=[_("Nobody’s signature is touched. Where nobody objects the text is read so from the beginning.")],
                    links=[link],
                )
            )


def organizations_of_head(found: Waiting) -> None:
    """Organizations of the own country that the head can still object to, and those that wait for the head's word."""
    hours = timedelta(hours=found.state.rules.concurrence_hours)
    open_ = [
        each
        for each in found.state.organizations.values()
        if each.country == found.actor.party and each.concurred is None and each.objected is None and found.now < each.since + hours
    ]
    asked = [each for each in open_ if each.status == "under_review"]
    taken_in = [each for each in open_ if each.status == "verified"]  # the key was accredited in person, and the head may still object
    word = ngettext("One organization waits for your word", "%(num)d organizations wait for your word", len(asked))
    may = ngettext(
        "You may still object to one organization of your country",
        "You may still object to %(num)d organizations of your country",
        len(taken_in),
    )
    for name, weight, waiting, heading in (("organizations", 15, asked, word), ("taken-in", 40, taken_in, may)):
        if waiting:
            first = min(each.since for each in waiting)
            slug = found.forum.slug
            link = Link(url_for("endorsements.of_country", forum=slug), _("Look at them"), main=True)
            if len(waiting) == 1:
                link = Link(url_for("endorsements.organization", forum=slug, party=waiting[0].party), _("Look at it"), main=True)
            found.cards.append(
                Card(
                    key=name,
                    heading=heading,
                    until=first + hours,
                    since=first,
                    ends=_("Silence is concurrence in"),
                    weight=weight,
                    lines=[", ".join(each.name for each in waiting[:5])],
                    links=[link],
                )
            )


def of_signatory(found: Waiting) -> None:
    """A signature that is held, or was refused; the second signature; a correction."""
    digest = found.state.by_party.get(found.actor.party)
    each = found.state.endorsements.get(digest or "")
    corrections(found)
    if each is None or each.status not in ("held", "refused", "annulled"):
        return
    heading = {
        "held": _("The signature of your organization is held"),
        "refused": _("The signature of your organization was refused"),
        "annulled": _("The signature of your organization was annulled"),
    }[each.status]
    if each.status == "held" and each.joint and each.countersigned is None:
        heading = _("Your organization signs by two persons, and one has signed")
    link = Link(url_for("endorsements.sign", forum=found.forum.slug), _("See what is open"), main=True)
    found.cards.append(Card(key="standing", heading=heading, weight=1, links=[link]))
