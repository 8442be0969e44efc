"""Guards about keys, mandates and organizations (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from declaration.errors import NotEntitled, Refused
from declaration.procedure.act import Act
from declaration.procedure.guards_papers import paper_still_fits
from declaration.procedure.guards_paragraphs import correction_fits, not_yet_presented
from declaration.procedure.standing import compromised, key_named, key_status, organization_named
from declaration.procedure.state import Key, State, registration_of
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import read_public_key

WANTED: Mapping[str, str] = {
    "accredit-v1": "secretariat",
    "revoke-v1": "secretariat",
    "mandate.revoke-v1": "secretariat",
    "key.reinstate-v1": "secretariat",
    "paper.attest-v1": "secretariat",
    "paragraph.correct_editorially-v1": "chair",
    "rules-v1": "head",
    "succeed-v1": "head",
}
"""Whose further person an act waits for: the secretariat's second, the Chair's countersignature, the heads' agreement."""


def key_stands(state: State, key: Key, at: datetime) -> None:
    """Nothing is signed with a key that was suspended or revoked."""
    status = key_status(state, key, at)
    if status == "suspended":
        raise Refused(
            "this key is suspended",
            code="key.suspended",
            instead="Whoever accredited it reinstates it once its holder has been identified again, or accredits another one.",
        )
    if key.revoked is not None or (status == "revoked" and key.delegated_by is not None):
        raise Refused("this key was revoked", code="key.revoked", instead="Enrol a new key; for an organization under the same mandate.")


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
    known_as = state.organizations.get(act["party"])
    if act["capacity"] == "organization" and known_as is not None and known_as.status not in ("verified", "suspended"):
        raise Refused(
            f"this organization is {known_as.status.replace('_', ' ')}",
            code="accredit.not-verified",
            instead="Verify it first, with the concurrence of the head of its country or that head's silence.",
        )
    _mandate_fits(state, act)


def _mandate_fits(state: State, act: Act) -> None:
    """A further key under a mandate has that mandate's terms, and the mandate stands."""
    mandate = act["mandate"]
    begins, ends = parse_time(mandate["from"]), parse_time(mandate["until"]) if mandate["until"] else None
    if ends is not None and ends <= begins:
        raise Refused("the mandate ends before it begins", code="mandate.times")
    if mandate["continues"] is None:
        if mandate["joint"] and act["capacity"] != "organization":
            raise Refused("only organizations sign jointly", code="mandate.joint")
        return
    before = key_named(state, mandate["continues"])
    terms = (act["party"], act["capacity"], mandate["document"], begins, ends, mandate["joint"])
    if before.mandate is None or terms != (
        before.party, before.capacity, before.document, before.valid_from, before.valid_until, before.joint
    ):  # fmt: skip
        raise Refused("the mandate that it continues has other terms", code="mandate.continues")
    if before.mandate_revoked is not None:
        raise Refused("the mandate was revoked", code="mandate.revoked", instead="File a new decision of the organization.")
    if ends is not None and act.at >= ends:
        raise Refused("the mandate has expired", code="mandate.expired", instead="File a new decision of the organization.")


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
    first = state.awaiting_second.get(act.object)
    if first is None:
        raise Refused("nothing waits here for a further person", code="second.nothing")
    wanted = WANTED[first.type]
    if act.statement.by.role != wanted:
        raise NotEntitled(f"this waits for {wanted}", instead=f"Ask {wanted}.")
    if act.statement.by.party in state.consents.get(act.object, ()):
        raise Refused("your delegation has agreed to this already", code="second.given")
    if first.statement.by.party == act.statement.by.party or first.statement.by.key == act.statement.by.key:
        raise Refused(
            "the second person must be another person",
            code="second.same-person",
            instead="Ask a colleague of the secretariat.",
        )
    if compromised(state, first.statement.by.key, first.at):
        raise Refused(
            "the first person's key was compromised by then",
            code="second.first-questioned",
            instead="Begin anew, with a key that is not in question.",
        )
    _still_fits(state, act, first)


def _still_fits(state: State, act: Act, first: Act) -> None:
    """Both may have been in order when the first person acted; something may have taken force since."""
    if first.type == "accredit-v1":
        key_is_new(state, first)
        accreditation_complete(state, first)
    elif first.type == "succeed-v1":
        key_is_new(state, first)
    elif first.type == "paragraph.correct_editorially-v1":
        not_yet_presented(state, first)
        correction_fits(state, first)
    elif first.type == "paper.attest-v1":
        paper_still_fits(state, act, first)
    elif first.type in ("revoke-v1", "mandate.revoke-v1", "key.reinstate-v1"):
        key = key_named(state, first.object)
        if key.fingerprint == act.statement.by.key:
            raise Refused("nobody is the second person on the own key", code="second.same-person", instead="Ask a colleague.")
        if key.revoked is not None or (first.type == "mandate.revoke-v1" and key.mandate_revoked is not None):
            raise Refused("it was revoked meanwhile", code="key.revoked")
        if first.type == "key.reinstate-v1":
            _no_revocation_waits(state, first)


def succession_fits(state: State, act: Act) -> None:
    """The chair is passed on by the Chair, or by a head with a quorum of heads; never by an alternate."""
    if state.keys[act.statement.by.key].delegated_by is not None:
        raise Refused("an alternate does not pass the chair on", code="succeed.alternate")
    if act.statement.by.role == "head" and any(
        waiting.type == "succeed-v1" and waiting.statement.by.party == act.statement.by.party for waiting in state.awaiting_second.values()
    ):
        raise Refused("your delegation has proposed a succession already", code="succeed.proposed", instead="The other heads agree to it.")


def may_take_back(state: State, act: Act) -> None:
    """Everybody suspends and revokes the own key; beyond that, who gave authority takes it back."""
    key = key_named(state, act.object)
    by = act.statement.by
    if key.role == "chair" and key.delegated_by is None:
        raise Refused(
            "the Chair's key is not taken back by itself",
            code="key.chair",
            instead="The chair is passed to another key by its holder, or by a quorum of heads.",
        )
    if key.fingerprint != by.key and not _gave_authority(state, key, act):
        raise Refused("this key is not yours to take back", code="key.not-own", instead="Ask the secretariat, or for an officer the Chair.")


def may_give_back(state: State, act: Act) -> None:
    """A key is reinstated by whom its role depends on, when its holder has been identified again; not by the holder.

    As it took two persons of the secretariat to put a signatory's key in force, it takes two to put it back in force.
    """
    key = key_named(state, act.object)
    if key.fingerprint == act.statement.by.key or not _gave_authority(state, key, act):
        raise Refused("this key is not yours to reinstate", code="key.not-own", instead="Ask the secretariat, or for an officer the Chair.")
    _no_revocation_waits(state, act)
    if any(each.type == act.type and each.object == act.object for each in state.awaiting_second.values()):
        raise Refused("its reinstatement waits for a second person", code="key.reinstatement-waits", instead="Have it finished.")


def _no_revocation_waits(state: State, act: Act) -> None:
    if any(each.type == "revoke-v1" and each.object == act.object for each in state.awaiting_second.values()):
        raise Refused("its revocation waits for a second person", code="key.revocation-waits", instead="Finish that first.")


def _gave_authority(state: State, key: Key, act: Act) -> bool:
    by = act.statement.by
    if key.delegated_by is not None:
        return key.delegated_by == by.key or (by.party == key.party and state.keys[by.key].delegated_by is None)
    return by.role == ("secretariat" if key.role == "signatory" else "chair")


def revocation_complete(state: State, act: Act) -> None:
    """A compromised key is revoked by two persons, from an hour that has passed; a superseded one names the key that stands instead."""
    key, reason = key_named(state, act.object), act["reason"]
    if (act["invalid_from"] is not None) != (reason == "compromised"):
        raise Refused(
            "only a compromised key is invalid from an hour, and it is always" if reason != "compromised" else "from which hour is missing",
            code="revoke.invalid-from",
        )
    if reason == "compromised":
        if parse_time(act["invalid_from"]) > act.at:
            raise Refused("that hour has not come yet", code="revoke.invalid-from", instead="Suspend the key now.")
        if act.statement.by.key == key.fingerprint:
            raise Refused(
                "whoever has a compromised key could say since when",
                code="revoke.two-persons",
                instead="Suspend it now; two others then revoke it from the hour of its loss.",
            )
        if any(each.type == "revoke-v1" and each.object == act.object for each in state.awaiting_second.values()):
            raise Refused("its revocation waits for a second person", code="key.revocation-waits", instead="Have it finished.")
    if (act["successor"] is not None) != (reason == "superseded"):
        raise Refused("a superseded key names its successor, and no other does", code="revoke.successor")
    if reason == "superseded":
        other = key_named(state, act["successor"])
        fits = (other.party, other.role, other.mandate is None) == (key.party, key.role, key.mandate is None)
        if other.fingerprint == key.fingerprint or not fits or key_status(state, other, act.at) != "active":
            raise Refused("that key cannot stand instead", code="revoke.successor", instead="Have the new key accredited first.")


def mandate_is_theirs(state: State, act: Act) -> None:
    """A signatory gives the own mandate back; the secretariat acts on the letter of the organ."""
    key = key_named(state, act.object)
    if key.mandate is None:
        raise Refused("this key stands under no mandate", code="mandate.none")
    by = act.statement.by
    if by.role == "signatory" and state.keys[by.key].mandate != key.mandate:
        raise Refused("this is another mandate", code="mandate.not-own", instead="Ask the secretariat, with the letter of your organ.")
    if by.role == "secretariat" and act["document"] is None:
        raise Refused("the letter of the organ is missing", code="mandate.letter", instead="File it, and name its hash.")


def since_not_ahead(state: State, act: Act) -> None:
    """A mandate is revoked from an hour that has passed; until one to come it has its validity."""
    if parse_time(act["since"]) > act.at:
        raise Refused("that hour has not come yet", code="mandate.since")


def presentation_fits(state: State, act: Act) -> None:
    """An organization is put before the head of its country once, under its number there."""
    organization, party = act["organization"], act["party"]
    by = act.statement.by
    if organization["country"] not in state.known.delegations:
        raise Refused(
            "only organizations registered in a country of the forum sign as such",
            code="organization.not-entitled",
            instead="It can be listed as associated.",
        )
    if by.role == "head" and organization["country"] != by.party:
        raise Refused("this is an organization of another country", code="organization.country")
    known = state.organizations.get(party)
    if known is not None and known.status != "refused":
        raise Refused("this organization is in the record already", code="organization.known")
    holder = state.parties.get(party)
    if holder is not None and holder.role != "signatory":
        raise Refused(f"{party} has another role already", code="organization.party")
    registration = registration_of(organization)
    if known is not None and registration_of({"country": known.country, "registration": known.registration}) != registration:
        raise Refused("this party is another organization", code="organization.party")
    other = state.registered.get(registration, party)
    if other != party:
        raise Refused(f"this organization is in the record already, as {other}", code="organization.known")


def own_country(state: State, act: Act) -> None:
    """A head speaks of the organizations of the own country."""
    if organization_named(state, act.object).country != act.statement.by.party:
        raise Refused("this is an organization of another country", code="organization.country")


def not_concurred(state: State, act: Act) -> None:
    """Once is enough."""
    if organization_named(state, act.object).concurred is not None:
        raise Refused("you have concurred already", code="organization.concurred")


def in_time_to_object(state: State, act: Act) -> None:
    """A head objects within the rules' hours; silence until then, like concurrence, is a word that was given."""
    found = organization_named(state, act.object)
    if found.objected is not None:
        raise Refused("you have objected already", code="organization.objected")
    if found.concurred is not None or act.at >= found.since + timedelta(hours=state.rules.concurrence_hours):
        raise Refused(
            "the time to object is over",
            code="organization.silence",
            instead="Tell the secretariat or the depositary what is disputed; they can suspend the organization.",
        )


def head_concurs_or_is_silent(state: State, act: Act) -> None:
    """Verified with the concurrence of the head of its country, which the act names, or after the rules' hours of that head's silence."""
    found = organization_named(state, act.object)
    if act["concurrence"] != found.concurred:
        raise Refused(
            "the head's concurrence is not the one in the record" if act["concurrence"] else "the head has concurred: name that act",
            code="organization.concurrence",
        )
    if found.concurred is not None:
        return
    if found.objected is not None:
        raise Refused(
            "the head of its country objects",
            code="organization.objected",
            instead="Ask that head to concur; otherwise refuse the organization.",
        )
    if act.at < found.since + timedelta(hours=state.rules.concurrence_hours):
        raise Refused(
            f"the head of its country has {state.rules.concurrence_hours} hours to object",
            code="organization.concurrence",
            instead="Ask that head to concur, or wait.",
        )


KEY_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard
    for guard in (
        key_is_new,
        accreditor_fits,
        accreditation_complete,
        nonce_is_new,
        second_person,
        succession_fits,
        may_take_back,
        may_give_back,
        revocation_complete,
        mandate_is_theirs,
        since_not_ahead,
        presentation_fits,
        own_country,
        not_concurred,
        in_time_to_object,
        head_concurs_or_is_silent,
    )
}
