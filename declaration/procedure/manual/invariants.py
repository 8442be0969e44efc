"""What holds always, and the tests that show it. The numbers are the reference's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Invariant:
    """One invariant; ``shown`` are names of tests, a file and a function each."""

    number: int
    says: str
    shown: tuple[str, ...]


_STATEFUL = "tests/stateful/test_procedure.py::test_a_prefix_of_the_record_replays_to_what_was_then"
_SERVICE = "tests/stateful/test_service.py::test_the_service_under_whatever_anybody_tries"
_WALKS = "tests/walks/test_journeys.py::"
_REGISTER = "tests/procedure/test_register_at_random.py::test_the_register_as_at_any_moment_is_what_it_was_then"
_RACES = "tests/attacks/test_races.py::"

INVARIANTS: Final[Sequence[Invariant]] = (
    Invariant(1, "No signature is accepted on anything but the adopted digest; drafts cannot be signed.", (
        "tests/procedure/test_endorsements.py::test_drafts_cannot_be_signed_and_nobody_signs_twice",
        "tests/endorsements/test_signing.py::test_drafts_and_adopted_texts_that_are_not_open_are_not_signed",
        "tests/attacks/test_service.py::test_what_is_posted_and_not_recorded", _REGISTER)),
    Invariant(2, "An amendment is applied to the very words that it was written for, or not at all.", (
        "tests/procedure/test_proposals.py::test_nothing_is_applied_to_words_it_was_not_written_for", _STATEFUL)),
    Invariant(3, "The accepted amendments of the sample, applied to its zero draft, give its final text byte for byte.", (
        "tests/text/test_sample.py::test_the_accepted_amendments_give_the_final_text",
        "tests/demo/test_play.py::test_the_adopted_text_is_the_oracles")),
    Invariant(4, "What a redline shows leads from the old text to the new one, and back.", (
        "tests/text/test_redline.py::test_forwards_and_backwards", "tests/text/test_udhr.py::test_every_paragraph_changed_at_random")),
    Invariant(5, "Every word of the text is attributed: to the zero draft, a proposal, or an act on the paragraph.", (
        "tests/text/test_attribution.py::test_every_token_has_its_origin_exactly_once",
        "tests/text/test_sample.py::test_every_word_of_the_final_text_has_its_origin", _STATEFUL)),
    Invariant(6, "One silence at a time for a paragraph; what was broken before the hour never expires; at the hour is too late.", (
        "tests/procedure/test_silence.py::test_one_silence_at_a_time_for_a_paragraph",
        "tests/procedure/test_silence.py::test_one_second_before_the_hour_is_in_time_and_the_hour_itself_is_too_late",
        "tests/procedure/test_silence.py::test_of_two_breaks_in_one_second_the_first_in_the_record_breaks", _STATEFUL)),
    Invariant(7, "A running silence survives a restart; its expiry follows from the hour and needs no job.", (
        "tests/procedure/test_silence.py::test_a_running_silence_survives_a_restart",
        "tests/procedure/test_silence.py::test_what_expired_is_agreed_without_any_job_having_run", _STATEFUL)),
    Invariant(8, "Nothing is agreed with a bracket, a silence or a reserve left, and nothing adopted without its quorum.", (
        "tests/procedure/test_adoption.py::test_nothing_is_agreed_while_anything_is_in_brackets",
        "tests/procedure/test_paragraphs.py::test_a_reserve_lapses_by_no_hour",
        "tests/procedure/test_adoption.py::test_adoption_needs_a_quorum_of_delegations_and_a_frozen_final_text", _STATEFUL)),
    Invariant(9, "A confirmation names the digest that it confirms; once reset it never counts.", (
        "tests/procedure/test_adoption.py::test_all_heads_confirm_the_same_text_and_an_objection_resets", _STATEFUL)),
    Invariant(10, "A delegation's inside is read, counted, found and inferred by nobody else.", (
        "tests/comments/test_pages.py::test_a_delegations_inside_changes_no_byte_of_what_others_get",
        "tests/procedure/test_rights.py::test_the_inside_of_a_delegation_is_nobody_elses",
        "tests/walks/test_journeys.py::test_what_is_observed_was_looked_at")),
    Invariant(11, "The Chair breaks no silence, confirms nothing and submits for no delegation.", (
        "tests/procedure/test_silence.py::test_nobody_but_a_head_breaks_silence", _STATEFUL)),
    Invariant(12, "The depositary is not the Chair: a key, and a party, has one role.", (
        "tests/procedure/test_authority.py::test_an_accreditation_that_gives_what_it_may_not", _STATEFUL)),
    Invariant(13, "Ids of paragraphs never change; numbers are computed; comments and statements follow ids.", (
        "tests/text/test_sample.py::test_until_renumbering_the_new_paragraph_is_8_bis", _WALKS + "test_a_step_is_taken_and_kept",
        _STATEFUL)),
    Invariant(14, "Languages align by id: the same paragraphs in the same order.", (
        "tests/text/test_units.py::test_languages_are_aligned_by_id_and_mismatches_named", _STATEFUL)),
    Invariant(15, "Whoever translated does not certify.", (
        "tests/procedure/test_adoption.py::test_nobody_certifies_the_own_translation_and_adoption_needs_it",
        "tests/drafts/test_languages.py::test_who_translated_does_not_certify_and_a_second_translator_does", _STATEFUL)),
    Invariant(16, "One counted endorsement for an organization, also at the same instant.", (
        "tests/endorsements/test_once.py::test_two_signatures_of_one_organization_at_once",
        _RACES + "test_one_signature_sent_many_times_is_one", _RACES + "test_two_persons_of_one_organization_sign_at_once",
        _RACES + "test_a_withdrawal_and_a_second_signature_at_once", _RACES + "test_the_second_person_countersigns_once",
        "tests/procedure/test_authority.py::test_an_organization_is_one_party", _REGISTER)),
    Invariant(17, "Figures follow from the record, as at any moment; persons and associates are never in them.", (
        "tests/procedure/test_path.py::test_the_register_counts_organizations_by_country_and_lists_others_apart",
        "tests/endorsements/test_register.py::test_the_figures_are_those_of_the_record", _REGISTER,
        _WALKS + "test_the_register_as_at_any_moment_is_the_record_replayed_so_far")),
    Invariant(18, "Nothing is deleted.", (
        "tests/transparency/test_triggers.py::test_the_databases_refuse_to_change_what_is_recorded", _REGISTER, _STATEFUL)),
    Invariant(19, "Acts of a stolen key count until the moment from which it was revoked, and not after.", (
        "tests/endorsements/test_examination.py::test_a_stolen_key_through_the_doors",
        "tests/endorsements/test_examination.py::test_what_was_signed_before_the_loss_stands_and_is_shown_as_such",
        "tests/procedure/test_register.py::test_the_hour_of_a_loss_parts_what_counts_from_what_is_held", _REGISTER)),
    Invariant(20, "The bundle verifies offline, with a second tool too; one changed byte is found.", (
        "tests/endorsements/test_bundle.py::test_one_changed_byte_anywhere_is_refused",
        "tests/endorsements/test_programs.py::test_the_script_of_the_bundle_verifies_it",
        _WALKS + "test_what_is_observed_was_looked_at", _SERVICE)),
    Invariant(21, "A correction invalidates no signature.", (
        "tests/endorsements/test_corrigenda.py::test_a_correction_from_its_notice_to_the_proces_verbal",
        "tests/procedure/test_corrigenda.py::test_a_rectification_touches_no_signature",
        _WALKS + "test_a_step_is_taken_and_kept")),
    Invariant(22, "Deadlines are shown in the reader's hour and the forum's.", (
        _WALKS + "test_what_is_observed_was_looked_at",
        "tests/adoption/test_silence.py::test_running_it_shows_the_exact_words_and_the_hour_on_every_clock")),
    Invariant(23, "Sorting and case are of each language.", (
        "tests/text/test_collation.py::test_each_alphabet_has_its_order", "tests/text/test_collation.py::test_case_follows_the_language",
        "tests/endorsements/test_search.py::test_a_name_is_found_however_it_is_typed")),
    Invariant(24, "Late by the server's clock is late.", (
        "tests/procedure/test_proposals.py::test_exactly_at_the_deadline_is_late_and_late_needs_leave", _STATEFUL)),
    Invariant(25, "Every refusal says which rule, and what can be done instead.", (
        _WALKS + "test_a_refusal_says_which_rule_changes_nothing_and_was_of_this_person_at_this_moment", _STATEFUL, _SERVICE)),
    Invariant(26, "A parked proposal is never lost.", (
        "tests/procedure/test_ends.py::test_what_was_parked_is_back_when_its_target_fails", _STATEFUL)),
    Invariant(27, "Nobody makes a log with a record changed whose published heads match.", (
        "tests/transparency/test_log.py::test_every_root_is_the_rfcs_and_every_checkpoint_is_kept",
        "tests/verifier/test_honest.py::test_a_record_extends_what_the_auditor_kept",
        "tests/attacks/test_published_heads.py::test_no_entry_is_exchanged_under_a_published_head",
        "tests/attacks/test_published_heads.py::test_an_administrator_who_changes_the_database_is_found_out")),
)  # fmt: skip
