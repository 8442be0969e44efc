"""The engine on a real text in nine languages, read from outside the project."""

import os
import random
import unicodedata
from pathlib import Path

import pytest

from declaration.text.redline import redline, splices_between
from declaration.text.splices import apply_splices, invert
from declaration.text.tokens import nfc, tokens

FOLDER = os.environ.get("DECLARATION_UDHR")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="DECLARATION_UDHR names no folder with the Universal Declaration in nine languages")


@pytest.mark.parametrize("code", ["aze", "eng", "hun", "kaz", "kir", "rus", "tuk", "tur", "uzn"])
def test_every_paragraph_changed_at_random(code: str) -> None:
    paragraphs = [line for line in (Path(str(FOLDER)) / f"{code}.txt").read_text().splitlines() if len(line) > 40]
    rng = random.Random(code)
    vocabulary = " ".join(paragraphs).split()
    for old in paragraphs:
        words = old.split(" ")
        for _ in range(3):
            place = rng.randrange(len(words))
            words[place : place + rng.randint(0, 2)] = rng.choices(vocabulary, k=rng.randint(0, 3))
        new = " ".join(words).strip()
        splices = splices_between(old, new)
        assert apply_splices(nfc(old), splices) == nfc(new)
        assert apply_splices(nfc(new), invert(nfc(old), splices)) == nfc(old)
        changes = redline(old, new)
        assert [token for change in changes if change.op != "insert" for token in tokens(change.text)] == tokens(old)
        assert [token for change in changes if change.op != "delete" for token in tokens(change.text)] == tokens(new)
        assert redline(unicodedata.normalize("NFD", old), new) == changes


def test_a_whole_declaration_against_another() -> None:
    texts = [(Path(str(FOLDER)) / f"{code}.txt").read_text() for code in ("aze", "tur")]
    changes = redline(*texts)
    assert "".join(change.text for change in changes if change.op in ("equal", "delete")) == nfc(texts[0])
    assert "".join(change.text for change in changes if change.op in ("equal", "insert", "move")) == nfc(texts[1])
