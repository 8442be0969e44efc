"""The report as a page: everything that the text says, nothing that a name could put into it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from declaration.verifier.__main__ import main
from declaration.verifier.report import NOT_PROVED, NOT_PROVED_WITHOUT_WITNESSES, TITLES
from declaration.verifier.report_html import as_html
from tests.verifier import forge as f
from tests.verifier.asked import verify

ALONE = {"meta", "!doctype"}


class Reader(HTMLParser):
    """Collects elements and words, and minds that every element is closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "style", "onclick"}
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert "script" not in reader.seen
    return reader


def test_a_good_report_says_what_the_text_says(tmp_path: Path) -> None:
    report = verify(f.signed(), tmp_path)
    words = read(as_html(report)).words
    assert words.index("VERIFIED. 9 signatures counted") < words.index("By country") < words.index("The nine checks")
    for said in (*TITLES.values(), *NOT_PROVED, NOT_PROVED_WITHOUT_WITNESSES, "Azerbaijan", str(report.bundle["sha256"])):
        assert said in words
    assert len(re.findall(r"[1-9]passed", words)) == 9
    assert words.rstrip().endswith(NOT_PROVED_WITHOUT_WITNESSES), "it ends with what is not proved"
    assert "Warning." in words


def test_a_bad_report_names_what_was_found(tmp_path: Path) -> None:
    forge = f.opened()
    forge.force("signatory.ghost", f.SIGNED, forge.state.adopted, forge.endorsement())
    report = verify(forge, tmp_path)
    words = read(as_html(report)).words
    assert "REFUSED at check 5." in words
    assert "endorsement.sign by ghost: this key is not accredited key.unknown" in re.sub(r"\s+", " ", words)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><h1>VERIFIED</h1>', "&lt;", "\u202eAZ", "\x1b[2J"])
def test_a_name_puts_nothing_into_the_page(name: str, tmp_path: Path) -> None:
    forge = f.Forge()
    forge.act("chair.chair", "constitution-v1", None, forge.constitution_body(delegations={"az": {"en": f"A{name}Z"}, "kz": {"en": "K"}}))
    reader = read(as_html(verify(forge, tmp_path)))
    assert reader.words.count("VERIFIED. ") == 1
    assert "\u202e" not in reader.words
    assert "\x1b" not in reader.words


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = str(f.circulated().pack(tmp_path / "bundle.zip"))
    assert main([bundle, "--report", "html"]) == 0
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")
    assert main([bundle, "--html", str(tmp_path / "report.html"), "--constitution", "0" * 64]) == 1
    assert "REFUSED at check 5" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert main([bundle, "--html", str(tmp_path / "none" / "report.html")]) == 2
    with pytest.raises(SystemExit) as stopped:
        main([bundle, "--report", "poem"])
    assert stopped.value.code == 2
