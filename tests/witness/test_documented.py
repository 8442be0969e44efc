"""What docs/witness.md and docs/monitor.md say is what the programs do."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from declaration.monitor import __main__ as monitor
from declaration.protocol.note import parse_vkey
from declaration.witness import __main__ as witness
from declaration.witness import server, service

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text("utf-8") for name in ("witness.md", "monitor.md")}


def test_the_command_that_makes_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    block = re.search(r"<!-- run: witness-key -->\n\n```sh\n(.+?)```", PAGES["witness.md"], re.DOTALL)
    assert block is not None
    monkeypatch.chdir(tmp_path)
    words = shlex.split(block[1])
    assert words[:3] == ["python", "-m", "declaration.witness"]
    assert witness.main(words[3:]) == 0
    assert parse_vkey(capsys.readouterr().out.strip()).name == "witness.example/ours"


def test_every_option_is_documented() -> None:
    for page, parsers in (("witness.md", [witness._parser()]), ("monitor.md", [monitor._follow_parser(), monitor._compare_parser()])):
        options = {name for parser in parsers for action in parser._actions for name in action.option_strings if name.startswith("--")}
        assert {name for name in options - {"--help"} if name not in PAGES[page]} == set(), page


def test_numbers_are_those_of_the_code() -> None:
    assert f"{server.REQUEST_SECONDS:.0f} seconds; at most {server.MOST_CONNECTIONS} connections" in " ".join(PAGES["witness.md"].split())
    assert f"at most {-(-service.MAX_BODY // 1024)} KiB" in PAGES["witness.md"]


def test_statuses_are_documented() -> None:
    rows = re.findall(r"^\| (\d) \|", PAGES["monitor.md"], re.MULTILINE)
    assert rows == [str(one) for one in (monitor.WELL, monitor.ALARM, monitor.NOTHING, monitor.HEARD)]
