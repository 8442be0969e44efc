import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "text-cases.json"


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "declaration.text", *arguments], cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "old").write_text("кедергі жасамайды\n")
    (tmp_path / "new").write_text("кедергі жасайды\n")
    return str(tmp_path / "old"), str(tmp_path / "new")


@pytest.mark.parametrize(
    ("form", "out"),
    [
        ("text", "кедергі [-жасамайды-][+жасайды+]\n"),
        ("html", "кедергі <del>жасамайды</del> <ins>жасайды</ins>\n"),
        ("json", [["equal", "кедергі "], ["delete", "жасамайды"], ["insert", "жасайды"]]),
    ],
)
def test_a_redline_of_two_files(pair: tuple[str, str], form: str, out: object) -> None:
    done = run("redline", *pair, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert (json.loads(done.stdout) if form == "json" else done.stdout) == out


def test_standard_input_is_a_file_too(pair: tuple[str, str]) -> None:
    assert run("redline", "-", pair[1], stdin="кедергі жоқ").stdout == "кедергі [-жоқ-][+жасайды+]\n"


def test_the_cases_file(tmp_path: Path) -> None:
    cases = json.loads(CASES.read_text())
    for command in ("merge", "rebase"):
        done = run(command, str(CASES))
        results = json.loads(done.stdout)
        assert done.returncode == 1
        assert [one["id"] for one in results] == [case["id"] for case in cases[command]]
        assert [one["status"] for one in results] == [case["expect"]["status"] for case in cases[command]]


def test_one_case_and_a_list(tmp_path: Path) -> None:
    case = json.loads(CASES.read_text())["merge"][0]
    one = run("merge", "-", stdin=json.dumps(case))
    assert one.returncode == 0
    result = json.loads(one.stdout)
    assert set(result) == {"id", "status", "text", "conflicts", "warnings", "credits"}
    assert result["text"] == case["expect"]["text"]
    assert json.loads(run("merge", "-", stdin=json.dumps([case])).stdout) == [result]
    rebased = run("rebase", "-", stdin=json.dumps({"old": "a b c", "new": "a b d", "amended": "x b c"}))
    assert (rebased.returncode, json.loads(rebased.stdout)["text"]) == (0, "x b d")


def test_structure_by_case() -> None:
    base = [["p1", "One. Two."], ["p2", "Three."], ["p3", "Four."]]
    amendments = {
        "A": [{"op": "split", "p": "p1", "at": [4], "into": ["p1", "p1b"]}],
        "B": [{"op": "join", "p": "p2", "with": ["p3"]}],
        "C": [{"op": "insert", "after": "p1", "text": "New.", "p": "n"}],
    }
    done = run("merge", "-", stdin=json.dumps({"base": base, "amendments": amendments}))
    assert json.loads(done.stdout)["text"] == ["One.", "Two.", "New.", "Three. Four."]


SPLIT = '{"base": [["p", "One. Two."]], "amendments": {"A": [{"op": "split", "p": "p", "at": %s, "into": %s}]}}'


@pytest.mark.parametrize(
    ("arguments", "stdin", "reason"),
    [
        (["redline", "nowhere", "-"], "", "input.unreadable"),
        (["redline", "-", "-"], "", "input.twice"),
        (["redline", "-", "/dev/null"], "x" * 100_001, "redline.too-long"),
        (["merge", "-"], "", "json.syntax"),
        (["merge", "-"], "{", ""),
        (["merge", "-"], "{}", "case.form"),
        (["merge", "-"], "[1]", "case.form"),
        (["merge", "-"], '{"base": [], "base": [], "amendments": {}}', ""),
        (["merge", "-"], '{"base": [["p"]], "amendments": {}}', "case.form"),
        (["merge", "-"], '{"base": [["p", "x"]], "amendments": {"A": [{"op": "fold", "p": "p"}]}}', "case.form"),
        (["merge", "-"], '{"base": [["p", "x"]], "amendments": {"A": [{"op": "delete", "p": "q"}]}}', "case.unit"),
        (["merge", "-"], '{"base": [["p", "x"]], "amendments": {"A": [{"op": "move", "p": "p", "after": "q"}]}}', "edit.unit-unknown"),
        (["merge", "-"], SPLIT % ("[4]", '["x"]'), "edit.malformed"),
        (["merge", "-"], SPLIT % ('["4"]', '["x", "y"]'), "edit.malformed"),
        (["merge", "-"], SPLIT % ("[true]", '["x", "y"]'), "edit.malformed"),
        (["merge", "-"], SPLIT % ("[90]", '["x", "y"]'), "edit.malformed"),
        (["merge", "-"], SPLIT % ("null", "null"), "edit.malformed"),
        (["merge", "-"], '{"base": [["p", "x"], ["p", "y"]], "amendments": {}}', "unit.id"),
        (["rebase", "-"], '{"old": "x", "new": "y"}', "case.form"),
        (["rebase", "-"], '{"old": 1, "new": "y", "amended": "z"}', "case.form"),
        (["fold"], "", "invalid choice"),
        ([], "", "required"),
    ],
)
def test_bad_input_is_refused_with_the_reason(arguments: list[str], stdin: str, reason: str) -> None:
    done = run(*arguments, stdin=stdin)
    assert done.returncode == 2
    assert reason in done.stderr or done.stderr.startswith(reason)
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"\xff\xfe")
    done = run("redline", str(tmp_path / "bad"), "/dev/null")
    assert (done.returncode, "input.encoding" in done.stderr) == (2, True)
