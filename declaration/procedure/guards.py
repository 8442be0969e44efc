"""Guards: the conditions under which a transition is allowed, each by its name in the table.

A guard looks at the state and at one act and raises :class:`~declaration.errors.Refused`, saying which rule and what can be
done instead, or returns nothing. It changes nothing and knows no clock: the act carries its moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from declaration.errors import Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.guards_paragraphs import PARAGRAPH_GUARDS, correction_fits, not_yet_presented
from declaration.procedure.guards_sitting import SITTING_GUARDS, second_for
from declaration.procedure.guards_texts import TEXT_GUARDS
from declaration.procedure.state import Key, State, registration_of
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import read_public_key

Guard = Callable[[State, Act], None]


def first_entry(state: State, act: Act) -> None:
    """A record has one constitution, and it is entry 0."""
    if state.constitution is not None or act.index != 0:
        raise Refused("this record has a constitution already", code="constitution.exists")


def own_key(state: State, act: Act) -> None:
    """The Chair's key in the constitution is the one that signed it, and the Chair is called ``chair``."""
    if read_public_key(act["key"]).fingerprint != act.statement.by.key or act.statement.by.party != "chair":
        raise Refused("the constitution names another key than the one that signed it", code="constitution.key")


def languages_fit(state: State, act: Act) -> None:
    """The original and the prevailing language are among the authentic ones."""
    for field in ("original", "prevailing"):
        if act["languages"].get(act[field]) != "authentic":
            raise Refused(f"the {field} language must be an authentic one", code="constitution.languages")


def quorum_fits(state: State, act: Act) -> None:
    """No quorum larger than the forum."""
    if act["rules"]["quorum"] > len(act["delegations"]):
        raise Refused("the quorum is larger than the number of delegations", code="constitution.quorum")


def key_is_new(state: State, act: Act) -> None:
    """One key, one mandate: a key that acts for two is one person acting as two."""
    if read_public_key(act["key"]).fingerprint in state.keys:
        raise Refused("this key is accredited already", code="key.known", instead="Make a new key for this mandate.")


def accreditor_fits(state: State, act: Act) -> None:
    """The Chair accredits the delegations and officers, the secretariat the organizations (PROTOCOL, authority)."""
    signatory = act["role"] == "signatory"
    if signatory != (act.statement.by.role == "secretariat"):
        who = "two persons of the secretariat" if signatory else "the Chair"
        raise Refused(f"this key is accredited by {who}", code="accredit.role")


def accreditation_complete(state: State, act: Act) -> None:
    """Each role's accreditation carries what that role needs, and nothing else."""
    role, party = act["role"], act["party"]
    signatory = role == "signatory"
    known = state.parties.get(party)
    for field, wanted in (
        ("organization", signatory),
        ("mandate", signatory),
        ("capacity", signatory),
        ("language", role == "translator"),
    ):
        if (act[field] is not None) != wanted:
            raise Refused(f"{field} {'is missing' if wanted else 'does not belong here'}", code="accredit.incomplete")
    if role == "head" and party not in state.known.delegations:
        raise Refused(f"there is no delegation {party}", code="accredit.party")
    if role == "translator" and act["language"] not in state.known.languages:
        raise Refused(f"{act['language']} is not a language of this forum", code="accredit.language")
    if party == "chair":
        raise Refused("the Chair's key stands in the constitution", code="accredit.party")
    if known is not None and known.role != role:
        raise Refused(f"{party} has another role already", code="accredit.party")
    if signatory:
        _organization_fits(state, act, known)


def _organization_fits(state: State, act: Act, known: Key | None) -> None:
    """A party is one organization, and an organization is one party: otherwise it would sign once under each name."""
    organization = act["organization"]
    if organization["country"] not in state.known.delegations and act["capacity"] == "organization":
        raise Refused(
            "only organizations registered in a country of the forum sign as such",
            code="accredit.not-entitled",
            instead="It can be listed as associated.",
        )
    registration = registration_of(organization)
    if known is not None and known.organization is not None and registration_of(known.organization) != registration:
        raise Refused("this party is another organization", code="accredit.party")
    if act["capacity"] == "organization" and state.registered.get(registration, act["party"]) != act["party"]:
        raise Refused(
            f"this organization is accredited already, as {state.registered[registration]}",
            code="accredit.organization-known",
            instead="Accredit a further key for that party.",
        )


def nonce_is_new(state: State, act: Act) -> None:
    """A nonce is given out once: a proof of possession that was used for one accreditation is of no use for another."""
    used = state.nonces.get(act["possession"]["nonce"])
    if used is not None:
        raise Refused(
            f"this proof of possession was used already, for entry {used}",
            code="accredit.nonce-used",
            instead="Enrol the key again, with a new nonce.",
        )


def second_person(state: State, act: Act) -> None:
    """The further person of an act is another one, with another key, and of the role that the act needs."""
    second_for(state, act)
    first = state.awaiting_second[act.object]
    if first.statement.by.party == act.statement.by.party or first.statement.by.key == act.statement.by.key:
        raise Refused(
            "the second person must be another person",
            code="second.same-person",
            instead="Ask a colleague of the secretariat.",
        )
    # Both may have been in order when the first person acted; something may have taken force since.
    if first.type == "accredit-v1":
        key_is_new(state, first)
        accreditation_complete(state, first)
    elif first.type == "paragraph.correct_editorially-v1":
        not_yet_presented(state, first)
        correction_fits(state, first)


def deadline_ahead(state: State, act: Act) -> None:
    """A deadline lies in the future when it is set."""
    if parse_time(act["deadline"]) <= act.at:
        raise Refused("the deadline has passed already", code="deadline.past", instead="Set a later one.")


def deadline_later(state: State, act: Act) -> None:
    """Deadlines move later only."""
    if state.deadline is None or parse_time(act["deadline"]) <= state.deadline:
        raise Refused("a deadline can only be moved to a later hour", code="deadline.not-later")


def before_deadline(state: State, act: Act) -> None:
    """In time by the server's clock; exactly at the deadline is too late."""
    if state.deadline is None:
        raise Refused("no deadline has been set", code="deadline.none")
    if act.at >= state.deadline:
        raise Refused(
            "the deadline for amendments has passed",
            code="deadline.passed",
            instead="Submit it as a late amendment; the Chair may give leave.",
        )


def deadline_passed(state: State, act: Act) -> None:
    """After the deadline, by the server's clock."""
    if state.deadline is None or act.at < state.deadline:
        raise Refused("the deadline for amendments has not passed yet", code="deadline.ahead")


def late_allowed(state: State, act: Act) -> None:
    """Whether anything may come after the deadline at all is a rule of the forum."""
    if not state.rules.late_amendments:
        raise Refused(
            "the rules of this forum allow no late amendments", code="amendment.late", instead="Ask the Chair to extend the deadline."
        )


def all_examined(state: State, act: Act) -> None:
    """Every timely amendment has been admitted or ruled on."""
    waiting = [each.symbol for each in state.amendments.values() if each.status == "submitted"]
    if waiting:
        raise Refused(f"waiting for a ruling: {', '.join(waiting)}", code="compilation.unexamined")


def proposals_open(state: State, act: Act) -> None:
    """Proposals are made and decided in the first and the second reading; once agreed *ad referendum* the text has to be reopened first."""
    if state.stage not in ("first_reading", "second_reading"):
        raise Refused("proposals are not open at this stage", code="amendment.stage")


def another_delegation(state: State, act: Act) -> None:
    """Not the proposer, and not one that has joined already."""
    amendment = state.amendments[act.object]
    if act.statement.by.party in (amendment.proposer, *amendment.sponsors):
        raise Refused("your delegation proposes this already", code="amendment.own")


def a_co_sponsor(state: State, act: Act) -> None:
    """Only a co-sponsor can leave."""
    if act.statement.by.party not in state.amendments[act.object].sponsors:
        raise Refused("your delegation is not a co-sponsor", code="amendment.not-sponsor")


def own_proposal(state: State, act: Act) -> None:
    """The proposer's head alone revises, revives or withdraws."""
    if act.statement.by.party != state.amendments[act.object].proposer:
        raise Refused("another delegation proposed this", code="amendment.not-own")


def sources_known(state: State, act: Act) -> None:
    """A Chair's text says which proposals it bridges (it may name several, never itself)."""
    unknown = [source for source in act["sources"] if source not in state.amendments]
    if unknown:
        raise Refused("a Chair's text names proposals that are on the table", code="chair-text.sources")


def target_takes_it_up(state: State, act: Act) -> None:
    """A proposal is parked only under one that says it takes it up, or that amends it."""
    target = state.amendments.get(act["target"])
    if target is None or target.status != "admitted":
        raise Refused("the proposal it would be parked under is not on the table", code="amendment.target")
    if act.object not in target.sources and target.amends != act.object:
        raise Refused(
            f"{target.symbol} does not name this proposal as a source",
            code="amendment.target",
            instead="Table a Chair's text that names it.",
        )


def nothing_unsettled(state: State, act: Act) -> None:
    """Nothing is agreed until everything is agreed: no bracket, no small group, no silence, no reserve."""
    found = consequences.unsettled(state)
    reserved = [unit for unit, status in found.items() if status == "reserved"]
    brackets = [unit for unit, status in found.items() if status != "reserved"]
    if brackets:
        raise Refused(f"still in brackets: {', '.join(brackets)}", code="agreed.brackets", instead="Settle these first.")
    if reserved:
        by = sorted({each.delegation.upper() for unit in reserved for each in state.reserves[unit]})
        raise Refused(
            f"reserved: {', '.join(reserved)} by {', '.join(by)}",
            code="agreed.reserves",
            instead="Ask these heads to lift their reserves, or reopen the paragraphs.",
        )


def a_head_objected(state: State, act: Act) -> None:
    """A text is reopened because a head withheld confirmation."""
    if not any(each.status == "objected" for each in consequences.confirmations(state).values()):
        raise Refused("no head has withheld confirmation", code="reopen.no-objection")


def all_confirmed(state: State, act: Act) -> None:
    """Every delegation's head has confirmed this very text."""
    waiting = consequences.waiting_for_confirmation(state)
    if waiting:
        raise Refused("waiting for " + ", ".join(name.upper() for name in waiting), code="confirmation.waiting")


def is_agreed_version(state: State, act: Act) -> None:
    """Heads confirm the text that the Chair declared agreed, once each."""
    if state.stage != "agreed_ad_ref" or act.object != state.agreed:
        raise Refused("this is not the text agreed ad referendum", code="confirmation.version")
    given = consequences.confirmations(state).get(act.statement.by.party)
    if given is not None:
        raise Refused(f"your delegation has {given.status} already", code="confirmation.given")


def quorum_present(state: State, act: Act) -> None:
    """Quorum counts delegations (OAS; two thirds by VCLT 9(2))."""
    strangers = [party for party in act["present"] if party not in state.known.delegations]
    if strangers:
        raise Refused(f"not a delegation: {', '.join(strangers)}", code="adopt.presence")
    if len(act["present"]) < state.rules.quorum:
        raise Refused(f"{len(act['present'])} delegations are present, the quorum is {state.rules.quorum}", code="adopt.quorum")


def window_fits(state: State, act: Act) -> None:
    """A window for signature opens before it closes, and not in the past."""
    opens, closes = parse_time(act["opens"]), parse_time(act["closes"])
    if not opens < closes or closes <= act.at:
        raise Refused("the window for signature would be closed already", code="window.times")


def in_window(state: State, act: Act) -> None:
    """A signature inside the window, an accession after it; exactly at closing is too late."""
    window = state.window
    if window is None or act.at < window.opens:
        raise Refused("the Declaration is not open for signature", code="endorsement.not-open")
    closed = act.at >= window.closes
    if act["kind"] == "signature" and closed:
        raise Refused(
            "the time for signature is over",
            code="endorsement.window-closed",
            instead="Your organization can still accede." if state.rules.accession else "",
        )
    if act["kind"] == "accession" and not (closed and state.rules.accession and state.stage == "open_for_signature"):
        raise Refused("accession is not open", code="endorsement.no-accession", instead="Sign instead." if not closed else "")


def capacity_as_mandated(state: State, act: Act) -> None:
    """The capacity is the one that the mandate gives, and the mandate is in force."""
    key = state.keys[act.statement.by.key]
    if act["capacity"] != key.capacity:
        raise Refused("the mandate gives another capacity", code="endorsement.capacity")
    if key.valid_from is not None and act.at < key.valid_from:
        raise Refused("the mandate is not in force yet", code="mandate.not-yet")
    if key.valid_until is not None and act.at >= key.valid_until:
        raise Refused("the mandate has expired", code="mandate.expired", instead="File a new decision of your organization.")


def texts_as_adopted(state: State, act: Act) -> None:
    """The signature names every authentic text by its hash, and was given before one of the texts of the forum."""
    version = state.version_text(act.object)
    adopted = {row.lang: row.sha256 for row in version.manifest.texts if row.status == "authentic"}
    if dict(act["texts"]) != adopted:
        raise Refused("these are not the hashes of the authentic texts", code="endorsement.texts")
    if act["language"] not in version.texts:
        raise Refused("there is no adopted text in this language", code="endorsement.language")


def not_signed_before(state: State, act: Act) -> None:
    """One organization, one signature: the first stands."""
    first = state.by_party.get(act.statement.by.party)
    if first is not None:
        position = state.endorsements[first].position
        raise Refused(
            f"this organization has signed already, at position {position} of the register",
            code="endorsement.duplicate",
            instead="The first signature stands and can be seen in the register.",
        )


def own_endorsement(state: State, act: Act) -> None:
    """An organization withdraws its own signature, once."""
    endorsement = state.endorsements.get(act.object)
    if endorsement is None or endorsement.party != act.statement.by.party:
        raise Refused("this is not a signature of your organization", code="endorsement.not-own")


def fresh(state: State, act: Act) -> None:
    """An act is recorded within the rules' hours after the newest entry that its signer had not seen."""
    seen = act.statement.seen.size
    if seen > act.index or (seen == 0) != (act.index == 0):
        what = f"the act cites a checkpoint of {seen} entries, which this record did not have before entry {act.index}"
        raise Refused(what, code="seen.unknown", instead="Look at the record as it is now, and sign again.")
    if seen < act.index and act.at - state.times[seen] > timedelta(hours=state.rules.hold_hours):
        raise Refused(
            f"this was signed more than {state.rules.hold_hours} hours ago",
            code="seen.too-old",
            instead="Look at the record as it is now, and sign again.",
        )


GUARDS: Mapping[str, Guard] = {
    **TEXT_GUARDS,
    **PARAGRAPH_GUARDS,
    **SITTING_GUARDS,
    **{
        guard.__name__: guard
        for guard in (
            first_entry,
            own_key,
            languages_fit,
            quorum_fits,
            key_is_new,
            accreditor_fits,
            accreditation_complete,
            nonce_is_new,
            second_person,
            deadline_ahead,
            deadline_later,
            before_deadline,
            deadline_passed,
            late_allowed,
            all_examined,
            proposals_open,
            another_delegation,
            a_co_sponsor,
            own_proposal,
            sources_known,
            target_takes_it_up,
            nothing_unsettled,
            a_head_objected,
            all_confirmed,
            is_agreed_version,
            quorum_present,
            window_fits,
            in_window,
            capacity_as_mandated,
            texts_as_adopted,
            not_signed_before,
            own_endorsement,
        )
    },
}
"""Every guard that a row of the table may name."""
