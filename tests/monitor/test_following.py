"""Following a log: only new tiles, never back, never onto another history; what is signed for both is kept as proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from declaration.monitor.__main__ import main
from declaration.monitor.network import Closed
from declaration.protocol.equivocation import parse_equivocation, verify_equivocation
from declaration.protocol.note import COSIGNATURE, NoteSigner
from tests.monitor.conftest import Run, codes
from tests.monitor.served import DOWN, URL, Served, plain
from tests.support.logs import key
from tests.verifier import forge as f

WITNESS = NoteSigner("witness.example/one", key("a witness"), COSIGNATURE)


@pytest.fixture
def log() -> Served:
    return Served(plain(700), closed=True)


def seen(folder: Path) -> int:
    return int(json.loads((folder / "state" / "state.json").read_bytes())["size"])


def test_only_new_tiles_are_fetched(log: Served, run: Run, tmp_path: Path) -> None:
    log.shown = 300
    assert run(log)[0] == 0
    log.asked.clear()
    log.shown = 310
    assert run(log)[0] == 0
    assert [path for path in log.asked if path.startswith("tile/") and "entries" not in path] == ["tile/0/001.p/54"]
    log.asked.clear()
    assert run(log)[0] == 0
    assert not [path for path in log.asked if path.startswith("tile/0")]
    log.shown = 700
    assert run(log)[0] == 0
    assert seen(tmp_path) == 700


@pytest.mark.parametrize("sizes", [(0, 1), (1, 2, 3), (255, 256, 257), (256, 512, 513), (5, 700), (0, 700)])
def test_any_steps(log: Served, run: Run, tmp_path: Path, sizes: tuple[int, ...]) -> None:
    for size in sizes:
        log.shown = size
        status, said = run(log)
        assert (status, seen(tmp_path)) == (0, size), said


def test_entries_that_are_not_public(log: Served, run: Run) -> None:
    status, said = run(log)
    assert status == 0
    assert "monitor.entries-closed" in codes(said, "note")


def test_without_a_policy_it_says_whose_word_the_key_is(log: Served, run: Run, tmp_path: Path) -> None:
    assert {"monitor.key", "monitor.constitution"} <= set(codes(run(log)[1], "note"))
    (tmp_path / "policy").write_bytes(f.policy())
    _, said = run(log, "--policy", str(tmp_path / "policy"), state="pinned")
    assert "monitor.key" not in codes(said, "note")
    assert "vkey" not in log.asked[-4:]


# -- going back --------------------------------------------------------------------------------------------------------------------


def test_a_rollback_is_never_accepted(log: Served, run: Run, tmp_path: Path) -> None:
    run(log)
    for size in (699, 256, 1, 0):
        log.shown = size
        status, said = run(log)
        assert (status, codes(said), seen(tmp_path)) == (1, ["monitor.rollback"], 700)
    log.shown = None
    assert run(log)[0] == 0


def convicted(said: list[dict[str, str]]) -> tuple[int, int]:
    event = next(one for one in said if one["kind"] == "equivocation")
    first, second = verify_equivocation(parse_equivocation(Path(event["file"]).read_bytes()), f.LOG.verifier)
    return first.size, second.size


@pytest.mark.parametrize("fork", [0, 100, 256, 299])
@pytest.mark.parametrize("shown", [300, 301, 256 + 200, 700, 299])
def test_another_history_is_proved(log: Served, run: Run, tmp_path: Path, fork: int, shown: int) -> None:
    log.shown = 300
    run(log)
    if shown <= fork:
        return
    liar = Served(log.entries[:fork] + plain(700 - fork, "other"), closed=True, shown=shown)
    status, said = run(liar)
    assert status == 1
    assert convicted(said) == tuple(sorted((300, shown)))
    assert seen(tmp_path) == 300
    assert run(log)[0] == 0  # the honest one is followed still


def test_a_signed_root_whose_tree_is_not_shown(log: Served, run: Run, tmp_path: Path) -> None:
    """It signs another history and serves the honest tiles: no proof from that alone, but no acceptance, and its word is kept."""
    log.shown = 300
    run(log)
    liar = Served(log.entries[:100] + plain(600, "other"), closed=True)
    log.shown = None
    log.instead["checkpoint"] = liar.note(500)
    status, said = run(log)
    assert (status, codes(said), seen(tmp_path)) == (1, ["monitor.tiles"], 300)
    assert next(Path(one["file"]).read_bytes() for one in said if one["kind"] == "finding") == liar.note(500)


# -- what is served badly ------------------------------------------------------------------------------------------------------------


def bad_tiles(log: Served) -> dict[str, tuple[str, bytes | Exception]]:
    full, partial, above = log.answer("tile/0/001"), log.answer("tile/0/002.p/188"), log.answer("tile/1/000.p/2")
    return {
        "a leaf changed": ("tile/0/001", full[:-1] + bytes([full[-1] ^ 1])),
        "a leaf that was seen changed": ("tile/0/001", bytes([full[0] ^ 1]) + full[1:]),
        "cut": ("tile/0/002.p/188", partial[:-1]),
        "longer": ("tile/0/002.p/188", partial + bytes(32)),
        "empty": ("tile/0/001", b""),
        "another level's": ("tile/1/000.p/2", above[32:] + above[:32]),
        "not of the tiles below": ("tile/1/000.p/2", above[:32] + bytes(32)),
    }


@pytest.mark.parametrize("name", bad_tiles(Served(plain(700))))
def test_bad_tiles(log: Served, run: Run, tmp_path: Path, name: str) -> None:
    log.shown = 300
    run(log)
    log.shown = None
    path, body = bad_tiles(log)[name]
    log.instead[path] = body
    status, said = run(log)
    assert (status, codes(said), seen(tmp_path)) == (1, ["monitor.tiles"], 300)
    log.instead.clear()
    assert run(log)[0] == 0


IMPOSTOR = NoteSigner(f.LOG.name, key("not the log"))
OTHER = NoteSigner("declaration.example/another", key("another"))


@pytest.mark.parametrize("signer", [IMPOSTOR, OTHER], ids=["another key", "another log"])
def test_a_checkpoint_by_somebody_else(log: Served, run: Run, tmp_path: Path, signer: NoteSigner) -> None:
    log.shown = 300
    run(log)
    status, said = run(Served(log.entries, signer=signer, closed=True))
    assert (status, codes(said), seen(tmp_path)) == (1, ["note.unsigned"], 300)


@pytest.mark.parametrize("body", [b"", b"<!doctype html>", b"\xff", b"x" * 1000])
def test_a_checkpoint_that_is_none(log: Served, run: Run, tmp_path: Path, body: bytes) -> None:
    run(log)
    log.instead["checkpoint"] = body
    assert run(log)[0] == 1
    assert seen(tmp_path) == 700


def test_a_log_that_does_not_answer(log: Served, run: Run, tmp_path: Path) -> None:
    log.shown = 300
    run(log)
    for path in ("checkpoint", "tile/0/001", "tile/1/000.p/2"):
        log.shown, log.instead = None, {path: DOWN}
        status, said = run(log)
        assert (status, codes(said), seen(tmp_path)) == (2, ["monitor.unreachable"], 300)
    log.instead = {"tile/0/002.p/188": Closed("gone")}
    assert run(log)[0] == 2


def test_a_quorum_that_is_demanded(log: Served, run: Run, tmp_path: Path) -> None:
    line = f"witness one {WITNESS.verifier.vkey}"
    (tmp_path / "policy").write_bytes(f.policy(f.LOG, "one", line))
    given = ("--policy", str(tmp_path / "policy"))
    status, said = run(log, *given)
    assert (status, codes(said), seen(tmp_path)) == (1, ["checkpoint.quorum"], 0)
    log.cosigners = (WITNESS,)
    assert run(log, *given)[0] == 0
    assert seen(tmp_path) == 700


def test_a_policy_of_another_log(log: Served, run: Run, tmp_path: Path) -> None:
    run(log)
    (tmp_path / "policy").write_bytes(f.policy(IMPOSTOR))
    assert run(log, "--policy", str(tmp_path / "policy"))[0] == 2


# -- memory ------------------------------------------------------------------------------------------------------------------------


def test_what_was_not_finished_is_cut_off(log: Served, run: Run, tmp_path: Path) -> None:
    log.shown = 300
    run(log)
    with (tmp_path / "state" / "leaves").open("ab") as stream:
        stream.write(bytes(500))  # a power cut between the leaves and state.json
    log.shown = None
    assert run(log)[0] == 0
    assert (tmp_path / "state" / "leaves").stat().st_size == 700 * 32


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("state.json", b"{}"), ("state.json", b""), ("state.json", b"[1]"), ("leaves", b""), ("leaves", bytes(700 * 32)),
        ("state.json", None),
    ],
)  # fmt: skip
def test_a_damaged_memory_is_not_guessed(log: Served, run: Run, tmp_path: Path, name: str, body: bytes | None) -> None:
    run(log)
    path = tmp_path / "state" / name
    path.unlink() if body is None else path.write_bytes(body)
    assert run(log)[0] == 2


def test_two_monitors_in_one_folder(log: Served, run: Run, tmp_path: Path) -> None:
    from declaration.monitor.memory import Memory

    run(log)
    with Memory(tmp_path / "state").alone():
        assert run(log)[0] == 2


# -- two monitors ------------------------------------------------------------------------------------------------------------------


def policy_file(folder: Path) -> str:
    (folder / "policy").write_bytes(f.policy())
    return str(folder / "policy")


@pytest.mark.parametrize(("a", "b"), [(300, 300), (300, 500), (700, 260), (257, 256)])
def test_two_that_were_shown_different_records(
    log: Served, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], a: int, b: int
) -> None:
    log.shown = a
    run(log, state="a")
    run(Served(log.entries[:40] + plain(660, "other"), closed=True, shown=b), state="b")
    folders = [str(tmp_path / name) for name in "ab"]
    assert main(["compare", *folders, "--out", str(tmp_path), "--json"]) == 1
    event = json.loads(capsys.readouterr().out)
    assert convicted([event]) == tuple(sorted((a, b)))
    assert main(["compare", *folders[::-1], "--out", str(tmp_path)]) == 1
    assert len(list(tmp_path.glob("equivocation-*.txt"))) == 1  # the same file, whoever comes first
    assert main(["prove", event["file"], "--policy", policy_file(tmp_path)]) == 0
    (tmp_path / "policy").write_bytes(f.policy(IMPOSTOR))
    assert main(["prove", event["file"], "--policy", str(tmp_path / "policy")]) == 1


def test_two_that_saw_the_same(log: Served, run: Run, tmp_path: Path) -> None:
    run(log, state="a")
    log.shown = 300
    run(log, state="b")
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path)]) == 0
    assert not list(tmp_path.glob("equivocation-*"))


def test_what_cannot_be_compared(log: Served, run: Run, tmp_path: Path) -> None:
    run(log, state="a")
    run(Served(log.entries, signer=OTHER, closed=True), state="other")
    (tmp_path / "empty").mkdir()
    for name in ("other", "empty", "missing"):
        assert main(["compare", str(tmp_path / "a"), str(tmp_path / name)]) == 2


def test_what_cannot_be_proved(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for body in (b"", b"declaration-equivocation@v1\n", b"\xff" * 100):
        path.write_bytes(body)
        assert main(["prove", str(path), "--policy", policy_file(tmp_path)]) == 2
    assert main(["prove", str(tmp_path / "missing"), "--policy", policy_file(tmp_path)]) == 2


def test_an_address_that_is_none(tmp_path: Path) -> None:
    assert main(["ftp://declaration.example", "--state", str(tmp_path), "--once"]) == 2
    assert main([URL, "--state", str(tmp_path), "--once", "--constitution", "abc"]) == 2
