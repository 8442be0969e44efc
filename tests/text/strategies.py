"""Texts as people write them: words of nine languages, numbers, punctuation; and small edits to them."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    "the shall not of and each delegation report days within thirty Platform non-governmental don’t "
    "və təşkilat İstanbul Bakıda 2024-cü öhdəlik ısı kuruluş Türkiye’nin sunar sunmaz "
    "oʻzbek gʻoya o‘quv bogʻ taʼlim жасамайды жасайды құқық және өкілдер Кыргыз өлкө кызмат "
    "döwlet ýyl ňe gyzyl és szervezet őrzi űr в течение дней организаций"
)

WORDS = _WORDS.split()

NUMBERS = ["30", "1,000,000", "2.5", "31.12.2026", "10:30", "2026", "WUF13", "(a)", "№"]

word = st.sampled_from(WORDS) | st.sampled_from(NUMBERS)
mark = st.sampled_from([" ", " ", " ", " ", " ", ", ", "; ", ". ", " – ", " (", ") ", " “", "” ", "  "])


@st.composite
def sentence(draw: st.DrawFn, least: int = 0, most: int = 24) -> str:
    pieces = draw(st.lists(st.tuples(word, mark), min_size=least, max_size=most))
    return "".join(one + after for one, after in pieces).strip()


@st.composite
def edited(draw: st.DrawFn, text: str, most: int = 3) -> str:
    """A text with up to ``most`` words replaced, put in or taken out."""
    pieces = text.split(" ")
    for _ in range(draw(st.integers(1, most))):
        place = draw(st.integers(0, len(pieces)))
        taken = draw(st.integers(0, 3))
        pieces[place : place + taken] = draw(st.lists(word, max_size=3))
    return " ".join(piece for piece in pieces if piece)


@st.composite
def base_and_edits(draw: st.DrawFn, edits: int = 2) -> tuple[str, list[str]]:
    base = draw(sentence(least=6))
    return base, [draw(edited(base)) for _ in range(edits)]


any_text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)) | st.sampled_from(" \n’-.,0aæ\u0301\u200dЖə👩👧🇦🇿\u0915\u094d"), max_size=40
)
