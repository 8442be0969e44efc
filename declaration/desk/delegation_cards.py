"""What waits for a head of delegation, and for a member."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from declaration.adoption import offers as stage_offers
from declaration.adoption import receipts, stages
from declaration.amendments import operations, releasing, showing
from declaration.amendments.composing import short
from declaration.amendments.models import Draft
from declaration.desk import register_cards, sitting_cards
from declaration.desk.cards import Card, Doing, Later, Link, Redline, Waiting, proposal_card
from declaration.drafts import views
from declaration.errors import DeclarationError
from declaration.forums.models import Person
from declaration.procedure import consequences
from declaration.web.i18n import when
from declaration.web.refusals import told

RECENT = timedelta(hours=48)
"""How long a proposal counts as new on the table."""
MOST_TO_JOIN = 3
_READINGS = ("first_reading", "second_reading")


def head(found: Waiting) -> None:
    """Drafts to submit, own proposals to confirm, the whole text, proposals to join; organizations and corrections."""
    register_cards.organizations_of_head(found)
    register_cards.corrections(found)
    for draft in operations.drafts_of(found.session, found.forum, found.actor):
        if draft.status == "awaiting_head":
            found.cards.append(_draft_card(found, draft))
    if found.stage == "second_reading":
        sitting_cards.silences_for_head(found)
        sitting_cards.answers_of_head(found)
        sitting_cards.reserves_of_head(found)
    if found.stage in _READINGS:
        _own_proposals(found)
        _own_parked(found)
        _chair_texts(found)
        _to_join(found)
    if found.stage == "agreed_ad_ref":
        _confirmation(found)
    _later(found)


def member(found: Waiting) -> None:
    """Own drafts: returned ones first, then those that are not finished."""
    waiting = 0
    for draft in operations.drafts_of(found.session, found.forum, found.actor):
        waiting += draft.status == "awaiting_head"
        if draft.author_id == found.actor.person_id and draft.status == "draft":
            found.cards.append(_unfinished(found, draft))
    if waiting:
        words = ngettext(
            "One draft of your delegation waits for the head.", "%(num)d drafts of your delegation wait for the head.", waiting
        )
        found.later.append(Later(_("Decision of your head"), words))
    if found.stage in _READINGS:
        found.later.append(Later(_("Submit and sign"), _("The head of delegation alone submits. Ask the head from the page of a draft.")))


def _unfinished(found: Waiting, draft: Draft) -> Card:
    returned = bool(draft.note)
    return Card(
        key=f"draft-{draft.id[:8]}",
        heading=views.unit_name(found.state, draft.unit),
        due=_("Returned by your head") if returned else _("Your draft, not finished"),
        due_more=when(draft.updated_at, "short"),
        until=found.closing,
        since=found.opened,
        ends=_("Amendments close in"),
        weight=10 if returned else 40,
        redlines=_redlines(found, draft),
        note=_("Note of your head: %(note)s", note=draft.note) if returned else "",
        links=[Link(url_for("drafting.edit", forum=found.forum.slug, draft_id=draft.id), _("Go on writing"), main=True)],
    )


def _draft_card(found: Waiting, draft: Draft) -> Card:
    """A draft that a member has put before the head, with the signature right there."""
    author = found.session.get_one(Person, draft.author_id).name
    slug = found.forum.slug
    links = [
        Link(url_for("drafting.release", forum=slug, draft_id=draft.id), _("Return…")),
        Link(url_for("drafting.edit", forum=slug, draft_id=draft.id), _("Change it")),
    ]
    return Card(
        key=f"draft-{draft.id[:8]}",
        heading=views.unit_name(found.state, draft.unit),
        due=_("Draft of your delegation"),
        due_more=Markup("{}, {}").format(_("from %(name)s", name=author), when(draft.updated_at, "short")),
        until=found.closing,
        since=found.opened,
        ends=_("Amendments close in"),
        weight=10,
        redlines=_redlines(found, draft),
        rationale={"text": draft.rationale, "language": draft.language} if draft.rationale else {},
        doings=_submission(found, draft),
        links=links,
    )


def _submission(found: Waiting, draft: Draft) -> list[Doing]:
    if operations.ready(found.state, draft) is not None:
        return []  # the words have moved on: the page of the draft says how
    ways = releasing.offers(found.session, found.forum, found.state, found.actor, draft, now=found.now)
    seen = _("Every delegation and the Chair see it at once.")
    return [
        Doing(each.label, each.ask, main=place == 0, why=f"{seen} {each.why}".strip(), hidden=each.hidden)
        for place, each in enumerate(ways)
    ]


def _redlines(found: Waiting, draft: Draft) -> list[Redline]:
    return [Redline(each.changes, each.number, each.label) for each in showing.of_draft(found.state, draft)]


def _own_proposals(found: Waiting) -> None:
    for each in found.state.amendments.values():
        if each.proposer != found.actor.party or consequences.amendment_status(found.state, each) != "stale":
            continue
        found.cards.append(
            proposal_card(
                found.session, found.forum, found.state, found.actor, each, now=found.now, names=("rebase", "withdraw"), main="rebase",
                due=_("Your proposal, the words have changed"), weight=15,
                lines=[_("So it would read against the words as they are now. Nothing is carried over without you.")],
            )
        )  # fmt: skip


def _own_parked(found: Waiting) -> None:
    """What the Chair has taken up elsewhere: nothing needs to be done, and the delegation alone can bring it back."""
    for each in found.state.amendments.values():
        if each.proposer != found.actor.party or each.status != "parked" or each.target is None:
            continue
        target = found.state.amendments[each.target]
        found.cards.append(
            proposal_card(
                found.session, found.forum, found.state, found.actor, each, now=found.now, names=("revive",), main="",
                due=_("Your proposal is parked, taken up in %(symbol)s", symbol=short(found.state, target)), weight=13,
                lines=[_("It is settled with that text. If that text does not give you what you need, bring yours back.")],
            )
        )  # fmt: skip


def _chair_texts(found: Waiting) -> None:
    """Texts of the Chair on the table: there is nothing to sign, and this is the time to speak."""
    for each in found.state.amendments.values():
        if each.kind == "chair_text" and each.status == "admitted":
            card = proposal_card(
                found.session, found.forum, found.state, found.actor, each, now=found.now, names=(), main="",
                due=_("The Chair’s text is on the table"), weight=12,
                lines=[_("It is agreed when the Chair puts it to the meeting and nobody objects.")],
            )  # fmt: skip
            found.cards.append(card)


def _to_join(found: Waiting) -> None:
    """Proposals of others that came to the table lately, the newest first."""
    new = [
        each
        for each in found.state.amendments.values()
        if found.now - each.at <= RECENT
        and each.kind != "chair_text"
        and found.actor.party not in (each.proposer, *each.sponsors)
        and consequences.amendment_status(found.state, each) == "admitted"
    ]
    new.sort(key=lambda each: each.index, reverse=True)
    for place, each in enumerate(new[:MOST_TO_JOIN]):
        found.cards.append(
            proposal_card(
                found.session, found.forum, found.state, found.actor, each, now=found.now, names=("join",), main="join",
                due=_("You may join"), weight=60 + place,
            )
        )  # fmt: skip
    if len(new) > MOST_TO_JOIN:
        more = len(new) - MOST_TO_JOIN
        url = url_for("amendments.listing", forum=found.forum.slug)
        words = ngettext("One more new proposal can be joined.", "%(num)d more new proposals can be joined.", more)
        found.later.append(Later(_("Join proposals"), Markup('{} <a href="{}">{}</a>').format(words, url, _("All proposals"))))


def _confirmation(found: Waiting) -> None:
    given = consequences.confirmations(found.state).get(found.actor.party)
    if given is not None:
        waiting = consequences.waiting_for_confirmation(found.state)
        words = _("You have confirmed. Waiting for %(list)s.", list=_tags(found, waiting)) if waiting else _("Every head has confirmed.")
        if given.status != "confirmed":
            words = _("You have withheld confirmation. The Chair may reopen the text.")
        found.later.append(Later(_("Legal review"), words))
        return
    version = found.state.versions[found.state.current or ""]
    offered = stage_offers.offered(found.session, found.forum, found.state, found.actor, found.now)
    refused = next((each.ask.refusal for each in offered if each.offer.type == stages.HEAD_CONFIRM), None)
    if refused is not None:
        found.later.append(Later(_("Confirm the whole text"), _sentence(refused)))
        return
    found.cards.append(
        Card(
            key="confirm",
            heading=_("Confirm the whole text"),
            due=_("Agreed ad referendum"),
            due_more=version.symbol,
            weight=5,
            lines=[_("Your delegation agrees to every word of it, or says to what it cannot agree. You read the text first.")],
            note=_confirmed_before(found),
            links=[
                Link(url_for("adoption.on_text", forum=found.forum.slug, step="confirm"), _("Read and confirm"), main=True),
                Link(url_for("adoption.stage", forum=found.forum.slug), _("Withhold…")),
            ],
        )
    )


def _confirmed_before(found: Waiting) -> str:
    """That an answer given to this very text does not count any more; empty where there was none."""
    since = receipts.last_known(found.session, found.forum, found.state, found.actor.party)
    if since is None or since.how != "confirmed" or since.version.digest != found.state.current:
        return ""
    hour = when(since.at, "short").striptags()
    return str(_("You confirmed it on %(when)s. The text was reopened since, so every head is asked afresh.", when=hour))


def _later(found: Waiting) -> None:
    state = found.state
    for each in state.amendments.values():
        if each.proposer != found.actor.party:
            continue
        if each.status == "submitted":
            found.later.append(Later(short(state, each), _("The secretariat examines its form, then it is on the table.")))
        elif each.status == "late":
            found.later.append(Later(short(state, each), _("It came after the deadline and waits for the Chair’s leave.")))
    if found.stage in ("preparing", *_READINGS):
        open_ones = len(consequences.brackets(state))
        words = _("Opens when the Chair declares the text agreed ad referendum.")
        if open_ones:
            words += " " + ngettext("One paragraph is still in brackets.", "%(num)d paragraphs are still in brackets.", open_ones)
        found.later.append(Later(_("Confirm the whole text"), words))
    if found.stage == "presented":
        url = url_for("adoption.stage", forum=found.forum.slug)
        words = _("When the Chair puts the text and you cannot agree to it.")
        found.later.append(Later(_("Object to adoption"), Markup('{} <a href="{}">{}</a>').format(words, url, _("Where it stands"))))
    if found.stage not in ("open_for_signature", "accession_open", "closed", "archived", "lapsed"):
        found.later.append(Later(_("Signature by organizations"), _("Opens after adoption.")))


def _tags(found: Waiting, parties: list[str]) -> str:
    return ", ".join(views.party_tag(found.forum, party, found.actor.language) for party in parties)


def _sentence(error: DeclarationError) -> str:
    return str(told(error))
