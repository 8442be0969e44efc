"""What waits for the Chair, the secretariat, the depositary and the translators."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from declaration.adoption import offers as stage_offers
from declaration.adoption import stages
from declaration.adoption.offers import Offered
from declaration.comments import queries as comments
from declaration.credentials import acts, enrolment
from declaration.credentials.asking import key_of
from declaration.credentials.enrolment import Waiting as WaitingKey
from declaration.desk import register_cards, sitting_cards
from declaration.desk.cards import Card, Doing, Later, Link, Waiting, paragraph_url, proposal_card
from declaration.drafts import queries as drafts
from declaration.drafts import views
from declaration.drafts.composers import certified
from declaration.drafts.composing import is_circulated, next_symbol
from declaration.drafts.language_pages import CERTIFY
from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.web.i18n import language, language_name, when
from declaration.web.refusals import told

_NO_STEP = frozenset({stages.LAPSE, stages.REOPEN, stages.REFER_BACK, stages.EXTEND})
"""Acts that are possible at a stage and are not the next step: they are on the page of the stage alone."""


def chair(found: Waiting) -> None:
    """Keys, the version to approve, late proposals, brackets, comments to the Chair, the next stage."""
    register_cards.lost_devices(found)
    _keys(found, signatories=False)
    _version_to_approve(found)
    if found.stage in ("first_reading", "second_reading"):
        _late(found)
    if found.stage == "second_reading":
        sitting_cards.silences_for_chair(found)
        sitting_cards.overdue_reserves(found)
        _brackets(found)
    sitting_cards.corrections_for_chair(found)
    _asked(found)
    _stage(found)


def secretariat(found: Waiting) -> None:
    """Proposals to admit, keys, the compilation, the next version."""
    for each in found.state.amendments.values():
        if each.status == "submitted":
            found.cards.append(
                proposal_card(
                    found.session, found.forum, found.state, found.actor, each, now=found.now, names=("admit",), main="admit",
                    due=_("To be examined"), weight=20,
                )
            )  # fmt: skip
    sitting_cards.groups_of_secretariat(found)
    register_cards.lost_devices(found)
    _keys(found, signatories=True)
    register_cards.revocations(found)
    register_cards.papers(found)
    _version_to_prepare(found)
    _stage(found)


def depositary(found: Waiting) -> None:
    """Signatures to examine, corrections, and the next stage of the instrument."""
    register_cards.held(found)
    register_cards.corrections(found)
    _stage(found)
    if found.stage not in ("adopted", "open_for_signature", "accession_open", "closed", "archived", "lapsed"):
        found.later.append(Later(_("Open for signature"), _("Opens after adoption.")))


def translator(found: Waiting) -> None:
    """Units behind in the own language, and the certificate."""
    key = key_of(found.state, found.actor)
    lang = key.language if key is not None else None
    if lang is None or found.state.current is None:
        return
    name = language_name(lang)
    page = url_for("drafts.language_page", forum=found.forum.slug, lang=lang)
    behind = consequences.behind(found.state, lang)
    ask = acts.offer(
        found.session, found.forum, found.actor, CERTIFY, found.state.current, certified(found.state, lang), now=found.now
    )
    if behind and found.stage not in ("presented", "adopted", "open_for_signature", "accession_open", "closed", "archived", "lapsed"):
        words = ngettext("One paragraph is behind the original.", "%(num)d paragraphs are behind the original.", len(behind))
        found.cards.append(
            Card(
                key="behind",
                heading=_("%(language)s: translate what has changed", language=name),
                due=_("Your language"),
                weight=20,
                lines=[words],
                links=[Link(page, _("Open side by side"), main=True)],
            )
        )
    if found.stage not in ("second_reading", "agreed_ad_ref", "legal_review"):
        if found.stage == "first_reading":
            found.later.append(Later(_("Certify %(language)s", language=name), _("From the second reading on, when the words settle.")))
        return
    if consequences.language_status(found.state, lang) == "submitted" and ask.refusal is None:
        found.cards.append(
            Card(
                key="certify",
                heading=_("%(language)s: certify that it says the same", language=name),
                due=_("Complete, not yet certified"),
                weight=25,
                lines=[_("Another translator wrote it. You read it whole beside the original and sign that it is concordant.")],
                links=[Link(page, _("Read and certify"), main=True)],
            )
        )
    elif ask.refusal is not None:
        found.later.append(Later(_("Certify %(language)s", language=name), _refused(ask.refusal)))


def _keys(found: Waiting, *, signatories: bool) -> None:
    if found.state.constitution is None:
        return
    waiting = enrolment.waiting(found.session, found.forum, signatories=signatories)
    seconds = [
        act
        for act in (found.state.awaiting_accreditation.values() if signatories else ())
        if act.statement.by.party != found.actor.party
    ]
    queue = [Link(url_for("keys.queue", forum=found.forum.slug), _("Check the fingerprints"), main=True)]
    if signatories:
        queue.append(Link(url_for("desk.enrolment_desk", forum=found.forum.slug), _("Enrolment desk")))
    if waiting:
        heading = ngettext("One key waits for accreditation", "%(num)d keys wait for accreditation", len(waiting))
        found.cards.append(
            Card(
                key="keys",
                heading=heading,
                due=_("Oldest first"),
                due_more=when(waiting[0].enrolment.made_at, "short") if waiting[0].enrolment.made_at else "",
                weight=0,
                lines=[_holders(waiting)],
                links=queue,
            )
        )
    if seconds:
        heading = ngettext("One key waits for a second person", "%(num)d keys wait for a second person", len(seconds))
        names = ", ".join(act["organization"]["name"] for act in seconds[:5] if act["organization"])
        found.cards.append(Card(key="seconds", heading=heading, due=_("You are the second"), weight=2, lines=[names], links=queue))


def _holders(waiting: list[WaitingKey]) -> str:
    names = [each.person.organization["name"] if each.person.organization else each.person.name for each in waiting]
    more = len(names) - 5
    return ", ".join(names[:5]) + (" " + ngettext("and one more", "and %(num)d more", more) if more > 0 else "")


def _version_to_approve(found: Waiting) -> None:
    waiting = drafts.waiting(found.session, found.forum)
    if waiting is None:
        return
    found.cards.append(
        Card(
            key="version",
            heading=_("Approve %(symbol)s", symbol=waiting.symbol),
            due=_("From the secretariat"),
            due_more=when(waiting.prepared_at, "short"),
            weight=5,
            lines=[_("You see every change against the version in circulation, and sign its digest or return it with a reason.")],
            links=[Link(url_for("drafts.next_version", forum=found.forum.slug), _("Read the changes"), main=True)],
        )
    )


def _version_to_prepare(found: Waiting) -> None:
    state = found.state
    page = url_for("drafts.next_version", forum=found.forum.slug)
    waiting, last = drafts.waiting(found.session, found.forum), drafts.last_working(found.session, found.forum)
    if waiting is not None:
        found.later.append(Later(_("%(symbol)s", symbol=waiting.symbol), _("It is before the Chair.")))
        return
    if last is not None and last.status == "returned":
        found.cards.append(
            Card(
                key="returned",
                heading=_("%(symbol)s was returned", symbol=last.symbol),
                due=_("From the Chair"),
                due_more=when(last.decided_at, "short") if last.decided_at else "",
                weight=8,
                note=_("The Chair: %(reason)s", reason=last.reason or ""),
                links=[Link(page, _("Prepare it anew"), main=True)],
            )
        )
        return
    final = found.stage == "legal_review"
    current = state.versions.get(state.current or "")
    due = (found.stage == "second_reading" and not consequences.brackets(state) and not is_circulated(state)) or (
        final and current is not None and current.symbol != state.declaration
    )
    if not due:
        return
    behind = [lang for lang in state.known.authentic if lang != state.known.original and consequences.behind(state, lang)]
    if final and behind:
        names = ", ".join(language_name(lang) for lang in behind)
        found.later.append(Later(_("Prepare the final version"), _("Waiting for the translators: %(list)s.", list=names)))
        return
    found.cards.append(
        Card(
            key="prepare",
            heading=_("Prepare %(symbol)s", symbol=next_symbol(state, final=final)),
            due=_("Nothing stands open in it"),
            weight=15,
            lines=[_("The service composes it from what was accepted. You look at it and put it before the Chair.")],
            links=[Link(page, _("Look at it"), main=True)],
        )
    )


def _late(found: Waiting) -> None:
    for each in found.state.amendments.values():
        if each.status == "late":
            found.cards.append(
                proposal_card(
                    found.session, found.forum, found.state, found.actor, each, now=found.now, names=("grant_leave", "refuse_leave"),
                    main="grant_leave", due=_("Late: leave is asked for"), weight=10,
                )
            )  # fmt: skip


def _brackets(found: Waiting) -> None:
    units = consequences.brackets(found.state)
    if not units:
        return
    labels = {line.id: line.label for line in views.working_lines(found.state)}
    links = Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(url_for("desk.table_unit", forum=found.forum.slug, unit=unit), labels.get(unit) or unit)
        for unit in units
    )
    found.cards.append(
        Card(
            key="brackets",
            heading=ngettext("One paragraph is in brackets", "%(num)d paragraphs are in brackets", len(units)),
            due=_("Second reading"),
            weight=12,
            lines=[links],
            links=[Link(url_for("desk.table_unit", forum=found.forum.slug, unit=units[0]), _("Go to the table"), main=True)],
        )
    )


def _asked(found: Waiting) -> None:
    """Comments that delegations have put to the Chair, until they are answered or resolved."""
    for each in comments.put_to_the_chair(found.session, found.forum, found.actor):
        side = views.party_name(found.forum, each.opening.side or "", language())
        words = Markup('<span lang="{}">{}</span>').format(each.opening.language, each.opening.text)
        found.cards.append(
            Card(
                key=f"asked-{each.thread.id[:8]}",
                heading=_("%(who)s writes to you: %(where)s", who=side, where=views.unit_name(found.state, each.thread.unit)),
                due=_("Only you and %(who)s can read it", who=side),
                due_more=when(each.opening.created_at, "short"),
                weight=30,
                lines=[words],
                links=[Link(f"{paragraph_url(each.thread.unit)}#thread-{each.thread.id}", _("Answer"), main=True)],
            )
        )


def _stage(found: Waiting) -> None:
    """The step to the next stage: a card where it can be taken, and otherwise why not yet."""
    page = url_for("adoption.stage", forum=found.forum.slug)
    for each in stage_offers.offered(found.session, found.forum, found.state, found.actor, found.now):
        if each.offer.type in _NO_STEP:
            continue
        if each.ask.refusal is not None:
            if found.state.constitution is not None and found.can_sign:
                why = _("The zero draft is approved first.") if found.state.current is None else _refused(each.ask.refusal)
                found.later.append(Later(str(each.offer.word), why))
            continue
        found.cards.append(_step(found, each, page))


def _step(found: Waiting, each: Offered, page: str) -> Card:
    doings, links = [], [Link(page, _("Where it stands"))]
    if each.offer.text is not None:
        text = url_for("adoption.on_text", forum=found.forum.slug, step=each.offer.text)
        links = [Link(text, _("Read the text and sign"), main=True), *links]
    elif each.offer.type in (stages.CIRCULATE, stages.OPEN):
        links = [Link(page, _("Set the hours and sign"), main=True)]
    else:
        doings = [Doing(str(each.offer.word), each.ask, main=True)]
    return Card(
        key=f"step-{each.name}", heading=str(each.offer.word), due=_("Next step"), weight=18, lines=[str(each.offer.why)],
        doings=doings, links=links,
    )  # fmt: skip


def _refused(error: DeclarationError) -> str:
    return str(told(error))
