"""Guards about endorsements (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from declaration.errors import Refused
from declaration.procedure.act import Act
from declaration.procedure.state import State


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
    """The capacity is the one that the mandate gives."""
    key = state.keys[act.statement.by.key]
    if act["capacity"] != key.capacity:
        raise Refused("the mandate gives another capacity", code="endorsement.capacity")


def mandate_in_force(state: State, act: Act) -> None:
    """An organization speaks through a mandate that has begun, has not ended, and was not taken back."""
    key = state.keys[act.statement.by.key]
    if key.role != "signatory":
        return
    if key.mandate_revoked is not None and act.at >= key.mandate_revoked:
        raise Refused("the mandate was revoked", code="mandate.revoked", instead="File a new decision of your organization.")
    if key.valid_from is not None and act.at < key.valid_from:
        raise Refused("the mandate is not in force yet", code="mandate.not-yet")
    if key.valid_until is not None and act.at >= key.valid_until:
        raise Refused("the mandate has expired", code="mandate.expired", instead="File a new decision of your organization.")


def texts_as_adopted(state: State, act: Act) -> None:
    """The signature names every authentic text by its hash, and was given before one of the texts of the forum."""
    version = state.version_text(state.adopted or "")
    adopted = {row.lang: row.sha256 for row in version.manifest.texts if row.status == "authentic"}
    if dict(act["texts"]) != adopted:
        raise Refused("these are not the hashes of the authentic texts", code="endorsement.texts")
    if act["language"] not in version.texts:
        raise Refused("there is no adopted text in this language", code="endorsement.language")


def not_signed_before(state: State, act: Act) -> None:
    """One organization, one signature: the first stands."""
    first = state.by_party.get(act.statement.by.party)
    if first is not None and state.endorsements[first].stands:
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


def organization_may_sign(state: State, act: Act) -> None:
    """What was refused or struck off does not sign. What is disputed signs, and is held until the dispute is settled (VCLT 8)."""
    found = state.organizations.get(act.statement.by.party)
    if act["capacity"] == "organization" and found is not None and found.status in ("refused", "struck_off"):
        raise Refused(
            f"this organization was {found.status.replace('_', ' ')}", code="organization.not-verified", instead="Ask the secretariat."
        )


def second_signature_fits(state: State, act: Act) -> None:
    """The second signature is the same organization's, under the mandate of another person, where two are asked for."""
    endorsement = state.endorsements.get(act.object)
    by = act.statement.by
    if endorsement is None or endorsement.party != by.party:
        raise Refused("this is not a signature of your organization", code="endorsement.not-own")
    if not endorsement.joint:
        raise Refused("one signature binds this organization", code="countersign.not-joint")
    if endorsement.countersigned is not None:
        raise Refused("it was countersigned already", code="countersign.given")
    key = state.keys[by.key]
    if key.mandate == state.keys[endorsement.key].mandate:
        raise Refused(
            "the second signature is another person's",
            code="countersign.same-mandate",
            instead="The other person whom the statute names signs with a key of that person's own.",
        )
    if not key.joint or key.capacity != "organization":
        raise Refused("this mandate is not one of two", code="countersign.not-joint")


def nothing_missing(state: State, act: Act) -> None:
    """Released is what is in due form: with both signatures where two are asked for, of an organization that is not disputed."""
    endorsement = state.endorsements[act.object]
    if endorsement.joint and endorsement.countersigned is None:
        raise Refused(
            "the second signature is missing",
            code="endorsement.one-of-two",
            instead="Remind the organization; its second authorised person countersigns.",
        )
    found = state.organizations.get(endorsement.party)
    if endorsement.capacity == "organization" and found is not None and found.status in ("under_review", "suspended", "refused"):
        raise Refused(
            f"the organization is {found.status.replace('_', ' ')}",
            code="endorsement.organization",
            instead="The secretariat verifies or reinstates it first.",
        )


REGISTER_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard
    for guard in (
        in_window,
        capacity_as_mandated,
        mandate_in_force,
        texts_as_adopted,
        not_signed_before,
        own_endorsement,
        organization_may_sign,
        second_signature_fits,
        nothing_missing,
    )
}
