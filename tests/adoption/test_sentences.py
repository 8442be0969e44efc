from __future__ import annotations

import pytest

from declaration.adoption.sentences import check_sentence, default_sentence, fill
from declaration.errors import Malformed

AUTHENTIC = ("az", "en", "tr")


@pytest.mark.parametrize("lang", ["az", "en", "tr", "kk"])
def test_every_default_has_all_of_its_places(lang: str) -> None:
    check_sentence(default_sentence(lang, AUTHENTIC, "25 November 2025"), AUTHENTIC)


def test_a_filled_sentence_reads_as_it_should() -> None:
    values = {
        "organization": "Qalqan Society", "country": "Kazakhstan", "number": "12", "person": "A. B.", "office": "chair",
        "symbol": "X/1", "az": "a1", "en": "e1", "tr": "t1",
    }  # fmt: skip
    assert fill(default_sentence("en", AUTHENTIC, "25 November 2025"), values) == (
        "On behalf of Qalqan Society, registered in Kazakhstan under No. 12, I, A. B., chair, sign the Joint Declaration X/1 adopted on "
        "25 November 2025, whose authentic texts have the SHA-256 fingerprints az a1, en e1, tr t1. This signature expresses our "
        "support and creates no legal obligation."
    )


GOOD = default_sentence("en", ("en",), "today")


@pytest.mark.parametrize(
    "bad",
    [
        "", "  ", "I sign.", GOOD + " {az}", GOOD.replace("{en}", "{tr}"), GOOD.replace("{person}", "{person!r}"),
        GOOD.replace("{person}", "{person:>99999}"), GOOD.replace("{person}", "{person.__class__}"), GOOD.replace("{person}", "{0}"),
        GOOD + "{", GOOD + "}", GOOD.replace("{person}", "{{person}}"), GOOD.replace("{person}", "{person[0]}"),
    ],
)  # fmt: skip
def test_a_sentence_with_other_places_is_refused(bad: str) -> None:
    with pytest.raises(Malformed):
        check_sentence(bad, ("en",))
