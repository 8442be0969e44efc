"""Paragraphs of a declaration and changes to them, made from a seed: the same in every run."""

from __future__ import annotations

import random
from pathlib import Path

from declaration.text.importing import parse_units_json

SAMPLE = Path(__file__).parents[2] / "samples" / "solidarity-forum" / "zero-draft.json"
UNITS, _ = parse_units_json(SAMPLE.read_bytes())
SENTENCES = [unit.text[language] for unit in UNITS for language in ("en", "az", "tr") if len(unit.text[language]) > 80]
WORDS = sorted({word.strip(",;.“”()") for sentence in SENTENCES for word in sentence.split()} - {""})


def paragraph(rng: random.Random, length: int) -> str:
    """About ``length`` characters of whole sentences and shuffled words of them."""
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        parts.append(rng.choice(SENTENCES) if rng.random() < 0.5 else " ".join(rng.choices(WORDS, k=rng.randint(12, 30))) + ".")
    return " ".join(parts)[:length].rsplit(" ", 1)[0] + "."


def edit(rng: random.Random, text: str, changes: int) -> str:
    """Words replaced, phrases put in or taken out, as amendments do."""
    words = text.split(" ")
    for _ in range(changes):
        place, kind = rng.randrange(len(words)), rng.random()
        if kind < 0.45:
            words[place] = rng.choice(WORDS)
        elif kind < 0.75:
            words[place:place] = rng.choices(WORDS, k=rng.randint(1, 7))
        elif len(words) > 12:
            del words[place : place + rng.randint(1, 6)]
    return " ".join(words)


def rewritten(rng: random.Random, length: int) -> tuple[str, str]:
    """Two paragraphs of one length that share words and nothing else."""
    one, other = (" ".join(rng.choices(WORDS, k=length // 5))[:length] for _ in range(2))
    return one, other
