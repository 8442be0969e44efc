"""Attacks on authority and on the register: keys, persons, organizations, withdrawals, passkeys."""

from __future__ import annotations

from tests.attacks.registry import made
from tests.attacks.registry.kinds import Attack, Who, check, monitor, shown
from tests.secondopinion import authority
from tests.secondopinion.cases import BAD, honest, packed, signed

TWO = (Who.SECRETARIAT,)

ATTACKS = (
    Attack(
        name="a second key of an organization that has signed", line="organization.two-keys", who=(Who.SIGNATORY, Who.SECRETARIAT),
        bundle=BAD["two keys of one organization"][0], caught=(check(8, "endorsement.duplicate"), monitor("endorsement.duplicate")),
    ),
    Attack(
        name="one organization accredited under two names", line="organization.two-keys", who=TWO,
        bundle=honest(made.two_names), caught=(check(5, "accredit.organization-known"), monitor("accredit.organization-known")),
    ),
    Attack(
        name="a revoked key signs", line="authority.revoked", who=(Who.SIGNATORY, Who.OPERATOR),
        bundle=authority.BAD["a revoked key signs"][0], caught=(check(5, "key.revoked"), monitor("key.revoked")),
    ),
    Attack(
        name="the Chair of yesterday accredits", line="authority.revoked", who=(Who.CHAIR,),
        bundle=authority.BAD["the chair of yesterday"][0], caught=(check(5, "key.revoked"), monitor("key.revoked")),
    ),
    Attack(
        name="two persons revoke from an hour before the signature", line="authority.backdated-revocation", who=TWO,
        bundle=honest(lambda: made.backdated(True)), caught=(shown("held"),),
    ),
    Attack(
        name="one person alone revokes from an hour before", line="authority.backdated-revocation", who=TWO,
        bundle=honest(lambda: made.backdated(False)), caught=(check(5, "second.same-person"), monitor("second.same-person")),
    ),
    Attack(
        name="the holder takes a signature back by losing the key before it", line="authority.backdated-revocation", who=(Who.SIGNATORY,),
        bundle=honest(made.backdated_by_its_holder), caught=(check(6, "revoke.two-persons"), monitor("revoke.two-persons")),
    ),
    Attack(
        name="a stranger's key is revoked", line="authority.backdated-revocation", who=(Who.SIGNATORY,),
        bundle=authority.BAD["a stranger's key revoked"][0], caught=(check(5, "key.not-own"), monitor("key.not-own")),
    ),
    Attack(
        name="the operator accredits a head in the Chair's name", line="authority.delegation", who=(Who.OPERATOR,),
        bundle=honest(made.invented_delegation), caught=(check(4, "signature.other-key"), monitor("signature.other-key")),
    ),
    Attack(
        name="the Chair accredits a head of a country that the constitution does not know", line="authority.delegation", who=(Who.CHAIR,),
        bundle=honest(made.chair_invents), caught=(check(5, "accredit.party"), monitor("accredit.party")),
    ),
    Attack(
        name="the Chair accredits a key that its head never had", line="authority.delegation", who=(Who.CHAIR,),
        bundle=honest(made.head_unproved), caught=(check(5, "signature.other-key"), monitor("signature.other-key")),
    ),
    Attack(
        name="one person of the secretariat is both of the two", line="authority.one-as-two", who=TWO,
        bundle=honest(made.one_as_two), caught=(check(5, "second.same-person"), monitor("second.same-person")),
    ),
    Attack(
        name="a proof of possession is used for another party", line="authority.nonce", who=TWO,
        bundle=honest(made.proof_again), caught=(check(5, "accredit.nonce-used"), monitor("accredit.nonce-used")),
    ),
    Attack(
        name="a withdrawal is left out of the record", line="withdrawal.hidden", who=(Who.OPERATOR,),
        bundle=made.hidden_withdrawal, caught=(check(3, "seen.other-history"), monitor("seen.other-history")),
    ),
    Attack(
        name="the last withdrawal is left out; the organization holds its receipt", line="withdrawal.hidden", who=(Who.OPERATOR,),
        bundle=made.cut_short, holding=lambda: {"receipt": made.whole_receipt()}, caught=(check(2, "checkpoint.not-extended"),),
    ),
    Attack(
        name="a withdrawal is put before the signature", line="withdrawal.reordered", who=(Who.OPERATOR,),
        bundle=made.withdrawal_first, caught=(check(3, "seen.unknown"), monitor("seen.unknown")),
    ),
    Attack(
        name="a passkey signs without a touch", line="passkey.presence", who=(Who.SIGNATORY, Who.NETWORK),
        bundle=BAD["a passkey without a touch"][0], caught=(check(4, "passkey.user-present"), monitor("passkey.user-present")),
    ),
    Attack(
        name="a passkey signs without asking who it is", line="passkey.presence", who=(Who.SIGNATORY, Who.NETWORK),
        bundle=BAD["a passkey without verification"][0], caught=(check(4, "passkey.user-verified"), monitor("passkey.user-verified")),
    ),
    Attack(
        name="a passkey signs at another address", line="passkey.origin", who=(Who.NETWORK,),
        bundle=BAD["a passkey at another site"][0], caught=(check(4, "passkey.origin"), monitor("passkey.origin")),
    ),
    Attack(
        name="a passkey signs in a frame of a stranger's page", line="passkey.origin", who=(Who.NETWORK,),
        bundle=BAD["a passkey in a stranger's page"][0], caught=(check(4, "passkey.cross-origin"), monitor("passkey.cross-origin")),
    ),
    Attack(
        name="a sign-in is recorded as a signature", line="passkey.sign-in", who=(Who.OPERATOR,),
        bundle=BAD["a passkey signed in"][0], caught=(check(4, "signature.namespace"), monitor("signature.namespace")),
    ),
    Attack(
        name="a line added to allowed_signers", line="allowed-signers.injection", who=(Who.OPERATOR, Who.ANYBODY),
        bundle=packed(signed, made.more_signers), caught=(check(5, "allowed-signers.other"),),
    ),
    Attack(
        name="a party whose name writes a line of its own", line="allowed-signers.injection", who=TWO,
        bundle=honest(made.injected_party), caught=(check(6, "statement.field"), monitor("statement.field")),
    ),
)  # fmt: skip
