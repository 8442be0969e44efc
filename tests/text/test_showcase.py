from pathlib import Path

from bench.text.redlines import EXAMPLES, NAMES, page

PAGE = Path(__file__).parents[2] / "docs" / "redlines.html"


def test_the_page_of_redlines_is_as_the_engine_makes_it() -> None:
    # The stylesheet is looked after elsewhere; what the engine marked stands behind it.
    assert PAGE.read_text(encoding="utf-8").partition("</style>")[2] == page().partition("</style>")[2], "run python -m bench.text.redlines"


def test_it_shows_thirty_in_nine_languages_and_loads_nothing() -> None:
    assert len(EXAMPLES) >= 30
    assert {language for language, *_ in EXAMPLES} == set(NAMES)
    assert len(NAMES) == 9
    assert not any(word in page() for word in ("<script", "src=", "@import", "http://", "https://"))
