"""Many processes say what one says, also where something is wrong, also in a process that has threads."""

from __future__ import annotations

import marshal
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from declaration.protocol.sshsig import PasskeyPolicy
from declaration.verifier import signatures
from declaration.verifier.__main__ import main
from declaration.verifier.signatures import Context, VerifierStopped, look, look_at
from declaration.verifier.verify import verify_bundle
from tests.verifier import forge as f
from tests.verifier.asked import verify


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "CHUNK", 7)
    monkeypatch.setattr(signatures, "_SMALL", 1)


def broken() -> f.Forge:
    """A record with something wrong of every kind, in several chunks."""
    forge = f.signed()
    forge.force("signatory.ghost", f.SIGNED, forge.state.adopted, forge.endorsement())
    forge.force_raw(b"junk")
    forge.force("signatory.a1", f.SIGNED, forge.state.adopted, forge.endorsement(), signer=f.private("thief"))
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("translator.new", constitution="0" * 64))
    forge.force("signatory.a1", f.SIGNED, forge.state.adopted, {**forge.endorsement(), "kind": {"a": [1, None, "ə"]}})
    return forge


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize("make", [f.signed, broken])
def test_many_processes_say_what_one_says(make: object, workers: int, tmp_path: Path) -> None:
    assert callable(make)
    forge = make()
    alone, together = (verify(forge, tmp_path, workers=count) for count in (1, workers))
    assert alone.as_json() == together.as_json()
    assert alone.as_text() == together.as_text()


def test_a_process_with_threads_is_not_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    real = signatures.get_context
    monkeypatch.setattr(signatures, "get_context", lambda method: (asked.append(method), real(method))[1])
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        verify(f.signed(), tmp_path, workers=2).require_all()
    finally:
        stop.set()
        other.join()
    assert asked == ["spawn"]


def test_what_travels_is_the_act(tmp_path: Path) -> None:
    forge = broken()
    context = Context(forge.constitution, f.ORIGIN, PasskeyPolicy(("https://declaration.example",), "declaration.example"))
    for index, raw in enumerate(forge.entries):
        looked = look(raw, index, context)
        (packed,) = marshal.loads(signatures._look_all([raw], context))
        back = signatures._unpacked(packed, raw, index)
        assert (back.problem, back.possession, back.formed) == (looked.problem, looked.possession, looked.formed)
        assert (back.act is None) == (looked.act is None)
        if back.act is not None and looked.act is not None:
            for name in ("type", "by", "declaration", "log", "nonce", "object", "seen", "body", "raw", "digest"):
                assert getattr(back.act.statement, name) == getattr(looked.act.statement, name)
            assert (back.act.at, back.act.index) == (looked.act.at, looked.act.index)


def _die(chunk: list[bytes], context: Context) -> bytes:
    os._exit(1)


def test_a_process_that_dies_is_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(signatures, "_look_all", _die)
    bundle = f.signed().pack(tmp_path / "bundle.zip")
    with pytest.raises(VerifierStopped):
        verify_bundle(bundle, workers=2)
    assert main([str(bundle), "--workers", "2"]) == 2
    assert capsys.readouterr().err.startswith("NOT VERIFIED. ")
    assert main([str(bundle), "--workers", "2", "--json"]) == 2
    assert '"verdict":"not-verified"' in capsys.readouterr().out


def test_entries_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four megabytes of entries go through, and a tenth of that is never held at any time."""
    forge = f.signed()
    context = Context(forge.constitution, f.ORIGIN, PasskeyPolicy((), "x"))
    monkeypatch.setattr(signatures, "_found", lambda raw, context: (None, ("x", "y"), None, False))

    def peak(times: int) -> int:
        def lines() -> Iterator[bytes]:
            for _ in range(times):
                yield from (bytes(bytearray(raw)) for raw in forge.entries)

        tracemalloc.start()
        for _ in look_at(lines(), context, size=times * len(forge.entries), workers=2):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    whole = 60 * sum(map(len, forge.entries))
    assert whole > 4_000_000
    assert peak(60) < whole / 10
