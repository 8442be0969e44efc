"""Translations: only what is ticked, only own language, never certified by who translated."""

from __future__ import annotations

import pytest

from declaration.drafts import operations, queries
from declaration.drafts.composers import certified
from declaration.errors import DeclarationError
from declaration.procedure import consequences
from tests.drafts.conftest import Playing

SUBMIT, CERTIFY = "language_version.submit-v1", "language_version.certify-v1"
NEW = "Hər il görüşməyi qərara alırıq;"


def behind(playing: Playing) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
        assert consequences.behind(play.state, "az") == ["OP1"]


def test_a_submitted_translation_brings_the_language_up_to_date(playing: Playing) -> None:
    behind(playing)
    with playing() as play:
        fields = {"language": "az", "text-OP1": f"  {NEW}\r\n", "ready-OP1": "yes", "text-OP2": "Not ticked"}
        play.act("translator-az-1", SUBMIT, play.state.current, fields)
        assert consequences.behind(play.state, "az") == []
        texts = queries.working_text(play.session, play.forum, play.state, "az")
        assert texts["OP1"] == NEW
        assert texts["OP2"] != "Not ticked"
        digest = operations.compose_next(play.session, play.forum, play.state, final=False)
        assert queries.version(play.session, play.forum, digest).texts["az"]["OP1"] == NEW


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"language": "az", "text-OP1": NEW}, "translation.none"),
        ({"language": "az", "ready-OP1": "yes"}, "translation.empty"),
        ({"language": "az", "ready-OP1": "yes", "text-OP1": " \r\n "}, "translation.empty"),
        ({"language": "az", "ready-OP99": "yes", "text-OP99": NEW}, "translation.units"),
        ({"language": "az", "ready-OP1": "yes", "text-OP1": "Hər\u200b il;"}, "letters.refused"),
        ({"language": "en", "ready-OP1": "yes", "text-OP1": NEW}, "translation.language"),
        ({"language": "ru", "ready-OP1": "yes", "text-OP1": NEW}, "translation.language"),
        ({"ready-OP1": "yes", "text-OP1": NEW}, "translation.language"),
        ({"language": "hu", "ready-OP1": "yes", "text-OP1": NEW}, "translation.language"),  # not the translator's own
    ],
)
def test_a_translation_is_refused(playing: Playing, fields: dict[str, str], code: str) -> None:
    behind(playing)
    with pytest.raises(DeclarationError) as caught, playing() as play:
        play.act("translator-az-1", SUBMIT, play.state.current, fields)
    assert caught.value.code == code


def test_a_hash_without_its_words_is_not_recorded(playing: Playing) -> None:
    behind(playing)
    with pytest.raises(DeclarationError) as caught, playing() as play:
        play.act("translator-az-1", SUBMIT, play.state.current, body={"language": "az", "units": {"OP1": "0" * 64}})
    assert caught.value.code == "translation.words-unknown"
    with playing() as play:
        assert consequences.behind(play.state, "az") == ["OP1"]


def test_who_translated_does_not_certify_and_a_second_translator_does(playing: Playing) -> None:
    behind(playing)
    with playing() as play:
        play.act("translator-az-1", SUBMIT, play.state.current, {"language": "az", "text-OP1": NEW, "ready-OP1": "yes"})
    with pytest.raises(DeclarationError) as caught, playing() as play:
        play.act("translator-az-1", CERTIFY, play.state.current, {"language": "az"})
    assert caught.value.code == "translation.own"
    with playing() as play:
        play.act("translator-az-2", CERTIFY, play.state.current, {"language": "az"})
        assert consequences.language_status(play.state, "az") == "concordant"


def test_nothing_is_certified_while_a_paragraph_is_behind(playing: Playing) -> None:
    behind(playing)
    with pytest.raises(DeclarationError) as caught, playing() as play:
        play.act("translator-az-2", CERTIFY, play.state.current, {"language": "az"})
    assert caught.value.code == "translation.behind"


def test_a_certificate_of_other_words_is_refused(playing: Playing) -> None:
    with pytest.raises(DeclarationError) as caught, playing() as play:
        body = certified(play.state, "az")
        body["units"] = {**body["units"], "OP1": "0" * 64}
        play.act("translator-az-2", CERTIFY, play.state.current, body=body)
    assert caught.value.code == "translation.hashes"


def test_a_composed_translation_that_was_never_signed_is_shown_to_nobody(playing: Playing) -> None:
    behind(playing)
    with playing() as play:
        operations.save_words(play.session, play.forum, [NEW])
        assert queries.working_text(play.session, play.forum, play.state, "az")["OP1"] != NEW
