"""Each feature against the tools that people compare this one with, the place in the code, and the test that shows it.

What is said of the others is what their published code and documents showed when this was written: ``yes``, ``partly``, ``no``, ``–``
where the question does not arise, ``?`` where it could not be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PEERS: Final = ("Antragsgrün", "OpenSlides", "Decidim", "LEOS", "Lawmaker", "Word by e-mail", "DocuSeal, Documenso", "Belenios")
_WORDS = {"Y": "yes", "P": "partly", "N": "no", "-": "–", "?": "?"}


@dataclass(frozen=True, slots=True)
class Feature:
    """One line of the table; ``others`` is a letter for each of :data:`PEERS`."""

    name: str
    others: str
    place: str
    shown: str

    @property
    def words(self) -> Sequence[str]:
        return [_WORDS[letter] for letter in self.others]


FEATURES: Final[Sequence[Feature]] = (
    Feature("an amendment names the very words it was written for, by hash", "PPNPPN--", "declaration/procedure/working.py",
            "tests/procedure/test_proposals.py::test_nothing_is_applied_to_words_it_was_not_written_for"),
    Feature("paragraphs have ids, numbers are display", "NNPYYN--", "declaration/text/numbering.py",
            "tests/text/test_sample.py::test_until_renumbering_the_new_paragraph_is_8_bis"),
    Feature("differences by whole words, moves shown as moves", "PPNYYP--", "declaration/text/redline.py",
            "tests/text/test_redline.py::test_no_token_is_cut"),
    Feature("collisions of proposals found, and the words named", "YPNPPN--", "declaration/text/merge.py",
            "tests/text/test_merge.py::test_a_collision_names_words_and_all_who_meet"),
    Feature("open proposals are carried to the new words, and their author confirms", "PNNPPN--", "declaration/text/rebase.py",
            "tests/amendments/test_releasing.py::test_a_stale_proposal_is_carried_over_with_one_tap"),
    Feature("nothing submitted is rewritten; revisions stand beside each other", "NPNYYN--", "declaration/procedure/effects_amendments.py",
            "tests/amendments/test_releasing.py::test_a_new_revision_stands_beside_the_old_one"),
    Feature("sub-amendments to depth two", "PYNNYN--", "declaration/procedure/guards_texts.py",
            "tests/amendments/test_releasing.py::test_sub_amendments_to_depth_two_and_no_deeper"),
    Feature("one amendment over several paragraphs, all or nothing", "PNNPPN--", "declaration/amendments/parts.py",
            "tests/amendments/test_editor.py::test_all_or_nothing"),
    Feature("a proposal goes out in a delegation's name, released by its head", "NNPPYN--", "declaration/amendments/releasing.py",
            "tests/amendments/test_releasing.py::test_what_a_colleague_saves_meanwhile_is_not_signed_unseen"),
    Feature("a delegation's drafts are its own, and betray nothing", "PPNYYY--", "declaration/amendments/operations.py",
            "tests/amendments/test_together.py::test_another_delegation_finds_nothing"),
    Feature("two who save one draft both keep their words", "NNNPPN--", "declaration/amendments/revisions.py",
            "tests/amendments/test_together.py::test_the_second_is_shown_both_texts"),
    Feature("a compromise names what it takes up, and what was taken up can be revived", "YPPNNN--",
            "declaration/procedure/rows_amendments.py",
            "tests/procedure/test_proposals.py::test_parked_proposals_come_back_and_merge_with_what_took_them_up"),
    Feature("brackets with their owners, in one rolling text", "NNNNNP--", "declaration/text/rolling.py",
            "tests/text/test_rolling.py::test_brackets_are_counted_by_owner"),
    Feature("paragraphs agreed ad referendum one by one, with reserves", "NNNNNN--", "declaration/procedure/rows_paragraphs.py",
            "tests/procedure/test_paragraphs.py::test_a_reserve_is_lifted_by_the_delegation_that_placed_it"),
    Feature("silence procedure by the server's clock", "NNNNNN--", "declaration/procedure/rows_silence.py",
            "tests/procedure/test_silence.py::test_one_second_before_the_hour_is_in_time_and_the_hour_itself_is_too_late"),
    Feature("small groups with an hour of report", "NNNNNN--", "declaration/procedure/rows_paragraphs.py",
            "tests/procedure/test_paragraphs.py::test_what_is_before_a_group_is_decided_by_nobody_until_it_reports"),
    Feature("confirmations by digest, reset when the text is reopened", "NNNNNN--", "declaration/procedure/rows_text.py",
            "tests/procedure/test_adoption.py::test_all_heads_confirm_the_same_text_and_an_objection_resets"),
    Feature("states and rights as data, replayed by the verifier from the same tables", "NYPNPN-N", "declaration/procedure/tables.py",
            "tests/procedure/test_model.py::test_a_transition_is_the_references"),
    Feature("comments with audiences that only widen", "NYNYPN--", "declaration/comments/audiences.py",
            "tests/comments/test_machine.py::test_widening_never_narrows"),
    Feature("languages side by side, paragraph by paragraph", "PNPPPN--", "declaration/drafts/language_pages.py",
            "tests/drafts/test_pages.py::test_a_language_shows_the_original_where_it_is_behind"),
    Feature("a translation is outdated when its source changes, and certified by another person", "NNNNNN--",
            "declaration/procedure/consequences.py",
            "tests/drafts/test_languages.py::test_who_translated_does_not_certify_and_a_second_translator_does"),
    Feature("letters that are not what they seem are named", "NNNNNN-N", "declaration/text/letters.py",
            "tests/text/test_letters.py::test_words_that_are_not_what_they_look_like"),
    Feature("numbers, negations and terms that a change alters are named", "NNNNNN--", "declaration/drafts/cautions.py",
            "tests/drafts/test_cautions.py::test_what_is_told"),
    Feature("published versions are never edited", "NNNYYNPY", "declaration/procedure/guards_texts.py",
            "tests/procedure/test_adoption.py::test_a_version_with_words_that_nobody_proposed"),
    Feature("who wrote which words, provable", "NNNPNPNN", "declaration/text/attribution.py",
            "tests/text/test_attribution.py::test_every_token_has_its_origin_exactly_once"),
    Feature("a record that cannot be changed unnoticed", "NNNNNNPY", "declaration/transparency/operations.py",
            "tests/transparency/test_log.py::test_every_root_is_the_rfcs_and_every_checkpoint_is_kept"),
    Feature("keys that only their holders have, passkeys included", "NNNNNPNP", "declaration/protocol/sshsig.py",
            "tests/endorsements/test_browser.py::test_a_changed_word_on_the_screen_stops_the_signature"),
    Feature("a signature names the exact text in all its languages", "NNNNNPPN", "declaration/procedure/rows_register.py",
            "tests/procedure/test_endorsements.py::test_an_endorsement_that_says_something_else"),
    Feature("everything verifies offline, with stock tools too", "NNNNNNPY", "declaration/verifier/verify.py",
            "tests/endorsements/test_bundle.py::test_the_readme_commands_verify_every_signature_with_stock_ssh_keygen"),
    Feature("corrections after signing that invalidate no signature", "NNNNNNN-", "declaration/procedure/rows_corrigenda.py",
            "tests/endorsements/test_corrigenda.py::test_a_correction_from_its_notice_to_the_proces_verbal"),
    Feature("statements attached to the minute, never to the text", "NNNNNN--", "declaration/procedure/rows_sitting.py",
            "tests/procedure/test_sitting.py::test_annexes_are_numbered_without_gaps_and_never_withdrawn"),
    Feature("alternates, credentials and provisional seats, by time", "NPNNPN--", "declaration/procedure/guards_sitting.py",
            "tests/procedure/test_sitting.py::test_an_alternate_acts_inside_the_time_and_not_a_second_outside"),
)  # fmt: skip
