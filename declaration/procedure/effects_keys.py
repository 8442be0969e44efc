"""Effects of authority: keys, mandates, organizations, the chair (see :mod:`declaration.procedure.effects`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from declaration.procedure.act import Act
from declaration.procedure.effects_papers import attested
from declaration.procedure.effects_paragraphs import corrected
from declaration.procedure.effects_register import clear, doubt, question_withdrawals
from declaration.procedure.effects_sitting import change_rules
from declaration.procedure.holdings import Organization
from declaration.procedure.standing import key_named, organization_named
from declaration.procedure.state import Key, State, registration_of
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import read_public_key

Effect = Callable[[State, Act], None]


def accredit(state: State, act: Act) -> None:
    """The Chair's accreditation has force at once; the secretariat's when a second person has acted."""
    state.nonces[act["possession"]["nonce"]] = act.index
    if act["role"] == "signatory":
        state.awaiting_second[act.digest] = act
    else:
        give_authority(state, act, act)


def second(state: State, act: Act) -> None:
    """One person more; the act takes force when all have acted that it needs."""
    first = state.awaiting_second[act.object]
    if first.type in ("rules-v1", "succeed-v1"):
        given = (*state.consents[act.object], act.statement.by.party)
        state.consents[act.object] = given
        if first.type == "succeed-v1" and len(given) >= state.rules.quorum:
            new_chair(state, first, act)
        elif first.type == "rules-v1" and set(given) >= state.known.delegations.keys():
            change_rules(state, first)
        return
    del state.awaiting_second[act.object]
    if first.type == "accredit-v1":
        give_authority(state, first, act)
    elif first.type == "revoke-v1":
        end_key(state, first, act)
    elif first.type == "mandate.revoke-v1":
        end_mandate(state, first, act)
    elif first.type == "key.reinstate-v1":
        back_in_force(state, first)
    elif first.type == "paper.attest-v1":
        attested(state, first, act)
    else:
        corrected(state, first, act)


def give_authority(state: State, given: Act, in_force: Act) -> None:
    """The key speaks for its party from the next entry on."""
    key, mandate = read_public_key(given["key"]), given["mandate"]
    document, joint, mandate_id = None, False, None
    if mandate is not None:
        document, joint = mandate["document"], mandate["joint"]
        mandate_id = key_named(state, mandate["continues"]).mandate if mandate["continues"] else given.digest
    made = Key(
        fingerprint=key.fingerprint,
        public=given["key"],
        role=given["role"],
        party=given["party"],
        accredited=in_force.index,
        accreditation=given.digest,
        content=given["content"],
        language=given["language"],
        organization=given["organization"],
        capacity=given["capacity"],
        valid_from=_moment(mandate["from"]) if mandate else None,
        valid_until=_moment(mandate["until"]) if mandate else None,
        mandate=mandate_id,
        document=document,
        joint=joint,
    )
    enter_key(state, made)
    if made.capacity == "organization" and made.organization is not None and made.party not in state.organizations:
        # Two persons of the secretariat answer for having examined it; the head of its country still has the rules' hours.
        _bring_in(state, given.digest, made.party, made.organization, "verified", in_force.at)


def enter_key(state: State, key: Key) -> None:
    """Keep a key."""
    state.keys[key.fingerprint] = key
    state.parties.setdefault(key.party, key)
    if key.capacity == "organization" and key.organization is not None:
        state.registered[registration_of(key.organization)] = key.party


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)


# the chair ---------------------------------------------------------------------------------------------------------


def succeed(state: State, act: Act) -> None:
    """By the Chair at once; by a head when a quorum of heads has agreed."""
    state.nonces[act["possession"]["nonce"]] = act.index
    if act.statement.by.role == "head" and state.rules.quorum > 1:
        state.awaiting_second[act.digest] = act
        state.consents[act.digest] = (act.statement.by.party,)
    else:
        new_chair(state, act, act)


def new_chair(state: State, given: Act, in_force: Act) -> None:
    """One Chair: the keys of the one before, and of that one's alternates, end. Other successions that waited have lost their ground."""
    for name, key in list(state.keys.items()):
        if key.role == "chair" and key.revoked is None:
            state.set_key(name, revoked=in_force.at, ended=in_force.index, reason="succeeded")
    named = read_public_key(given["key"])
    enter_key(state, Key(named.fingerprint, named.openssh, "chair", "chair", in_force.index, given.digest, given["content"]))
    for digest, waiting in list(state.awaiting_second.items()):
        if waiting.type == "succeed-v1":
            del state.awaiting_second[digest]
            state.consents.pop(digest, None)


# keys and mandates ---------------------------------------------------------------------------------------------------


def suspend_key(state: State, act: Act) -> None:
    """Nothing more is signed with it until somebody has looked."""
    state.set_key(key_named(state, act.object).fingerprint, suspended=act.at)


def reinstate_key(state: State, act: Act) -> None:
    """Its holder was identified again: at once by the Chair and a head, by the secretariat when a second person has acted."""
    if act.statement.by.role == "secretariat":
        state.awaiting_second[act.digest] = act
    else:
        back_in_force(state, act)


def back_in_force(state: State, act: Act) -> None:
    """It signs again."""
    state.set_key(key_named(state, act.object).fingerprint, suspended=None)


def revoke(state: State, act: Act) -> None:
    """At once where it is superseded or its holder left; as compromised it is suspended until the second person has acted."""
    if act["reason"] != "compromised":
        end_key(state, act, act)
        return
    state.awaiting_second[act.digest] = act
    key = key_named(state, act.object)
    if key.suspended is None:
        state.set_key(key.fingerprint, suspended=act.at)


def end_key(state: State, given: Act, in_force: Act) -> None:
    """The key's last moment. From ``invalid_from`` on its signatures and withdrawals are in question; earlier ones stand."""
    name = key_named(state, given.object).fingerprint
    since = _moment(given["invalid_from"])
    for digest, waiting in list(state.awaiting_second.items()):
        if waiting.type == "key.reinstate-v1" and waiting.object == given.object:
            del state.awaiting_second[digest]  # nothing is left to reinstate
    state.set_key(name, revoked=in_force.at, ended=in_force.index, reason=given["reason"], invalid_from=since)
    if since is not None:
        doubt(state, in_force, "key", lambda each: each.key == name and each.at >= since)
        doubt(state, in_force, "key", lambda each: (c := each.countersigned) is not None and c.key == name and c.at >= since)
        question_withdrawals(state, name, since)


def revoke_mandate(state: State, act: Act) -> None:
    """At once by its holder; by the secretariat when a second person has acted."""
    if act.statement.by.role == "secretariat":
        state.awaiting_second[act.digest] = act
    else:
        end_mandate(state, act, act)


def end_mandate(state: State, given: Act, in_force: Act) -> None:
    """Every key under it, and what was signed since."""
    mandate, since = key_named(state, given.object).mandate, parse_time(given["since"])
    names = {name for name, key in state.keys.items() if key.mandate == mandate}
    for name in names:
        state.set_key(name, mandate_revoked=since, ended=in_force.index)
    doubt(state, in_force, "mandate", lambda each: each.key in names and each.at >= since)


def refuse_mandate(state: State, act: Act) -> None:
    """It waits no longer."""
    del state.awaiting_second[act.object]


# organizations -------------------------------------------------------------------------------------------------------


def _bring_in(state: State, digest: str, party: str, named: Mapping[str, str], status: str, at: datetime) -> None:
    state.organizations[party] = Organization(digest, party, named["country"], named["name"], named["registration"], status, at)
    state.brought_in[digest] = party
    state.registered[registration_of(named)] = party


def present(state: State, act: Act) -> None:
    """Before the head of its country, whose hours begin."""
    _bring_in(state, act.digest, act["party"], act["organization"], "under_review", act.at)
    state.set_organization(act["party"], documents=tuple(act["documents"]))


def concur(state: State, act: Act) -> None:
    """The head's word; an objection is taken back with it."""
    state.set_organization(organization_named(state, act.object).party, concurred=act.digest, objected=None)


def object_to_organization(state: State, act: Act) -> None:
    """Disputed: what it signed is held until the dispute is settled."""
    party = organization_named(state, act.object).party
    state.set_organization(party, status="under_review", objected=act.digest, reason=act["content"])
    _doubt_organization(state, act, party)


def verify(state: State, act: Act) -> None:
    """Entitled."""
    party = organization_named(state, act.object).party
    state.set_organization(party, status="verified")
    clear(state, act, "organization", party)


def refuse_organization(state: State, act: Act) -> None:
    """Not entitled; its number is free again."""
    found = organization_named(state, act.object)
    state.set_organization(found.party, status="refused", reason=act["content"], ended=act.at)
    state.registered.pop(registration_of({"country": found.country, "registration": found.registration}), None)
    _doubt_organization(state, act, found.party)


def suspend_organization(state: State, act: Act) -> None:
    """What it signed before stays as it is; what it signs now is held."""
    state.set_organization(organization_named(state, act.object).party, status="suspended", reason=act["content"])


def reinstate_organization(state: State, act: Act) -> None:
    """The dispute is over."""
    party = organization_named(state, act.object).party
    state.set_organization(party, status="verified")
    clear(state, act, "organization", party)


def strike_off(state: State, act: Act) -> None:
    """Dissolved, on this day; what it signed before stays."""
    party = organization_named(state, act.object).party
    state.set_organization(party, status="struck_off", reason=act["content"], ended=act.at)


def _doubt_organization(state: State, act: Act, party: str) -> None:
    doubt(state, act, "organization", lambda each: each.party == party and each.capacity == "organization")


KEY_EFFECTS: Mapping[str, Effect] = {
    "accredit-v1": accredit,
    "second-v1": second,
    "succeed-v1": succeed,
    "revoke-v1": revoke,
    "key.suspend-v1": suspend_key,
    "key.reinstate-v1": reinstate_key,
    "mandate.refuse-v1": refuse_mandate,
    "mandate.revoke-v1": revoke_mandate,
    "organization.present-v1": present,
    "organization.concur-v1": concur,
    "organization.object-v1": object_to_organization,
    "organization.verify-v1": verify,
    "organization.refuse-v1": refuse_organization,
    "organization.suspend-v1": suspend_organization,
    "organization.reinstate-v1": reinstate_organization,
    "organization.strike_off-v1": strike_off,
}
