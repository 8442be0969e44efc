"""What translators wrote, and what the sources have."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "declaration" / "translations"
LANGUAGES = sorted(one.name for one in FOLDER.iterdir() if one.is_dir())
_PLACE = re.compile(r"%\(\w+\)[a-z]|\{[a-z]+\}")


@cache
def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def extracted(to: Path) -> Catalog:
    """The words in the sources, as ``make messages`` finds them."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "--mapping-file", "babel.cfg", "--keywords", "_l"]
    subprocess.run([*command, "--output-file", str(to), "."], cwd=ROOT, check=True, capture_output=True)
    with to.open("rb") as file:
        return read_po(file)


def english(message: Message) -> tuple[str, ...]:
    """The forms of a message in English."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def told(message: Message) -> tuple[str, ...]:
    """Its forms in the other language; an empty one is not translated."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def places(words: str) -> list[str]:
    """What is filled in."""
    return sorted(_PLACE.findall(words))
