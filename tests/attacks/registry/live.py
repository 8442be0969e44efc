"""Attacks on the running service: what somebody posts, or posts at the same moment as somebody else, and what the service says."""

from __future__ import annotations

from tests.attacks.registry.kinds import Attack, Who, service

POSTED = "tests/attacks/test_service.py::test_what_is_posted_and_not_recorded"
PASSKEYS = "tests/attacks/test_service.py::test_a_passkey_that_was_used_otherwise"
ENROLLED = "tests/attacks/test_enrolling.py::test_a_key_that_is_not_enrolled"
ACCREDITED = "tests/attacks/test_enrolling.py::test_a_key_that_is_not_accredited"
ENROLLING = "tests/attacks/test_enrolling.py"
HERE, RACES, DOOR = "tests/attacks/test_service.py", "tests/attacks/test_races.py", "tests/credentials/test_key_sign_in.py"
WORDS = "tests/attacks/test_posted_words.py::test_words_that_are_posted_and_not_recorded"
HEAD = (Who.DELEGATION,)
SIGNATORY, ANYBODY, TWO = (Who.SIGNATORY,), (Who.ANYBODY,), (Who.SECRETARIAT,)


def live(name: str, line: str, who: tuple[Who, ...], code: str, tested: str) -> Attack:
    return Attack(name=name, line=line, who=who, caught=(service(code, tested),))


ATTACKS = (
    live("a signature of a draft is posted", "replay.version", SIGNATORY, "version.not-adopted", POSTED),
    live("a signature with the hashes of other texts is posted", "replay.version", SIGNATORY, "endorsement.texts", POSTED),
    live("an act that was signed for another forum is posted", "replay.forum", ANYBODY, "record.log", POSTED),
    live("an act in another forum's namespace is posted", "replay.forum", ANYBODY, "signature.namespace", POSTED),
    live("a signature for one act is posted with another", "replay.act", ANYBODY, "signature.namespace", POSTED),
    live(
        "an organization's signature is copied from the record and posted under another name", "replay.act", ANYBODY,
        "signature.other-key", POSTED,
    ),
    live("a signature is posted again after its withdrawal", "replay.act", ANYBODY, "unchanged",
         f"{HERE}::test_a_signature_sent_again_after_its_withdrawal_undoes_nothing"),
    live("somebody else's signature is posted in the name of a key", "key.substituted", ANYBODY, "signature.other-key", POSTED),
    live("an act with a key that nobody accredited is posted", "key.substituted", ANYBODY, "key.unknown", POSTED),
    live("an accredited key is posted for another organization", "key.substituted", SIGNATORY, "key.party", POSTED),
    live("a key is exchanged between its enrolment and its accreditation", "key.substituted", TWO, "signature.other-key", ACCREDITED),
    live("somebody else's public key is enrolled", "key.substituted", SIGNATORY, "signature.other-key", ENROLLED),
    live("a key of small order is enrolled", "key.small-order", SIGNATORY, "key.weak", ENROLLED),
    live("a key of small order is posted for accreditation", "key.small-order", TWO, "key.weak", ACCREDITED),
    live("bytes are added behind a signature", "signature.malleable", ANYBODY, "signature.malformed", POSTED),
    live("the other valid ECDSA signature of a recorded act is posted", "signature.twin", (Who.NETWORK, Who.SIGNATORY), "unchanged",
         f"{HERE}::test_the_twin_of_an_ecdsa_signature_records_nothing"),
    live("two persons of one organization sign at the same moment", "organization.two-keys", SIGNATORY, "endorsement.duplicate",
         f"{RACES}::test_two_persons_of_one_organization_sign_at_once"),
    live("an organization is accredited under a second name", "organization.two-keys", TWO, "accredit.organization-known", ACCREDITED),
    live("an organization withdraws and signs at the same moment", "withdrawal.reordered", SIGNATORY, "endorsement.state",
         f"{RACES}::test_a_withdrawal_and_a_second_signature_at_once"),
    live("an act that was signed two days ago is posted", "time.held-back", SIGNATORY, "seen.too-old",
         f"{HERE}::test_an_act_held_back_for_more_than_a_day"),
    live("an act that names its own time is posted", "time.backdated", SIGNATORY, "statement.fields", POSTED),
    live("an act over a checkpoint that this record never had", "record.fork", SIGNATORY, "seen.other-history", POSTED),
    live("an act of a revoked key is posted, signed before", "authority.revoked", SIGNATORY, "key.revoked",
         f"{HERE}::test_a_key_that_was_taken_back_signs_nothing"),
    live("an act of a suspended key is posted, signed before", "authority.revoked", SIGNATORY, "key.suspended",
         f"{HERE}::test_a_key_that_was_taken_back_signs_nothing"),
    live("a second constitution is posted", "constitution.other", (Who.CHAIR,), "constitution.exists",
         f"{HERE}::test_there_is_one_constitution"),
    live("a holder posts a revocation of the own key from an hour before", "authority.backdated-revocation", SIGNATORY,
         "revoke.two-persons", f"{HERE}::test_nobody_alone_revokes_from_an_hour_before"),
    live("a revocation from an hour to come is posted", "authority.backdated-revocation", TWO, "revoke.invalid-from",
         f"{HERE}::test_nobody_alone_revokes_from_an_hour_before"),
    live("the Chair posts the accreditation of a head of no delegation", "authority.delegation", (Who.CHAIR,), "accredit.party",
         f"{ENROLLING}::test_the_chair_invents_no_delegation"),
    live("one person of the secretariat posts both acts", "authority.one-as-two", TWO, "second.same-person",
         f"{ENROLLING}::test_one_person_is_not_two"),
    live("the second person's act is posted many times at once", "authority.one-as-two", TWO, "second.nothing",
         f"{RACES}::test_a_second_person_accredits_once"),
    live("a nonce of enrolment is used for another key", "authority.nonce", SIGNATORY, "enrolment.used",
         f"{ENROLLING}::test_a_nonce_is_for_one_key_and_one_person"),
    live("several keys arrive at once for one nonce", "authority.nonce", SIGNATORY, "enrolment.used",
         f"{RACES}::test_a_nonce_takes_one_of_several_keys"),
    live("a nonce of yesterday", "authority.nonce", SIGNATORY, "enrolment.expired", f"{ENROLLING}::test_a_nonce_of_yesterday"),
    live("a proof of possession is posted again in an accreditation", "authority.nonce", TWO, "accredit.nonce-used", ACCREDITED),
    live("a passkey's assertion without a touch is posted", "passkey.presence", SIGNATORY, "passkey.user-present", PASSKEYS),
    live("a passkey's assertion without verification is posted", "passkey.presence", SIGNATORY, "passkey.user-verified", PASSKEYS),
    live("a passkey's assertion of another address is posted", "passkey.origin", (Who.NETWORK,), "passkey.origin", PASSKEYS),
    live("a passkey's assertion from a frame is posted", "passkey.origin", (Who.NETWORK,), "passkey.cross-origin", PASSKEYS),
    live("a passkey's assertion on a challenge of the attacker", "passkey.origin", (Who.NETWORK,), "passkey.client-data", PASSKEYS),
    live("a passkey's sign-in is posted as an act", "passkey.sign-in", (Who.NETWORK, Who.OPERATOR), "signature.namespace", PASSKEYS),
    live("a passkey's act is posted as a sign-in", "passkey.sign-in", (Who.NETWORK,), "signature.namespace",
         f"{DOOR}::test_a_signed_act_is_no_sign_in"),
    live("a challenge of the door is answered twice", "passkey.sign-in", (Who.NETWORK,), "sign-in.spent",
         f"{DOOR}::test_a_challenge_opens_once"),
    live("a field twice in a posted act", "form.duplicate-keys", ANYBODY, "json.duplicate-key", POSTED),
    live("NaN in a posted act", "form.nan", ANYBODY, "json.number", POSTED),
    live("a posted act that is spelled otherwise", "form.not-canonical", ANYBODY, "json.not-canonical", POSTED),
    live("a posted act with a field more", "form.unknown-fields", ANYBODY, "statement.fields", POSTED),
    live("S of an Ed25519 signature, not reduced, is posted", "signature.malleable", ANYBODY, "signature.invalid", POSTED),
    live("a letter decomposed in a posted amendment", "letters.nfd", HEAD, "splice.letters", WORDS),
    live("an override of direction in a posted amendment", "letters.bidi", HEAD, "letters.refused", WORDS),
    live("a line end in a posted amendment", "letters.crlf", HEAD, "splice.letters", WORDS),
    live("splices that overlap are posted", "splices.overlap", HEAD, "splice.unsorted", WORDS),
    live("splices that touch are posted", "splices.touch", HEAD, "splice.touching", WORDS),
    live("a posted splice behind the end", "splices.outside", HEAD, "splice.outside", WORDS),
    live("an amendment to words that do not stand there is posted", "replay.version", HEAD, "edit.base-changed", WORDS),
    live("a party that writes a line is posted", "allowed-signers.injection", TWO, "name.party", POSTED),
)  # fmt: skip

AT_THE_DOOR = frozenset(
    {
        "replay.version", "replay.forum", "replay.act", "key.substituted", "key.small-order", "signature.malleable", "signature.twin",
        "organization.two-keys", "record.fork", "record.restored-backup", "time.held-back", "time.backdated", "authority.revoked",
        "authority.backdated-revocation", "constitution.other",
        "authority.delegation", "form.duplicate-keys", "form.nan", "form.not-canonical", "form.unknown-fields", "letters.confusable",
        "letters.nfd", "letters.bidi", "letters.crlf", "splices.overlap", "splices.touch", "splices.outside",
        "passkey.presence", "passkey.origin", "passkey.sign-in", "authority.one-as-two", "authority.nonce", "withdrawal.reordered",
        "allowed-signers.injection",
    }
)  # fmt: skip
"""The lines that somebody can try on the service itself, and not only on what it has published."""
