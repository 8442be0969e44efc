"""note.js, merkle.js, checkpoint.js: what the service says of its record is believed only as far as it is proved."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest

from declaration.protocol.note import NoteSigner
from declaration.protocol.note import sign as sign_note
from tests.browser.js.conftest import Modules
from tests.browser.js.service import ORIGIN, Record

pytestmark = pytest.mark.browser

CONSISTENT = """m.verifyConsistency({size: arg[0], root: unhex(arg[2])}, {size: arg[1], root: unhex(arg[3])}, arg[4].map(unhex))
  .then(() => 'proved')"""
OPEN = "m.openCheckpoint(new TextEncoder().encode(arg[0]), arg[1], arg[2]).then(c => [c.origin, c.size, hex(c.root)])"


def test_published_consistency_proofs(modules: Modules, vectors: Path) -> None:
    """Those with roots and hashes of other lengths than 32 among them."""
    cases = [json.loads(path.read_text()) for path in sorted((vectors / "merkle-rfc6962" / "consistency").rglob("*.json"))]
    assert len(cases) > 90
    run = """(async () => { const {fromBase64} = await import('/static/js/bytes.js'), wrong = [];
      for (const c of arg) {
        const bytes = t => { try { return fromBase64(t ?? ''); } catch { return new Uint8Array(); } };
        const answer = await m.verifyConsistency({size: c.size1, root: bytes(c.root1)}, {size: c.size2, root: bytes(c.root2)},
          (c.proof ?? []).map(bytes)).then(() => true, e => e.name === 'Refusal' ? false : String(e));
        if (answer !== !c.wantErr) wrong.push([c.desc, answer]);
      } return wrong; })()"""
    # One published case has roots that are words instead of hashes; there our rule of 32 bytes is the stricter one.
    assert modules("merkle.js", run, cases) == [["sizes are equal (one) and proof is empty", False]]


def test_every_pair_of_sizes(modules: Modules) -> None:
    record = Record()
    cases = [
        [old, new, record.root(old).hex(), record.root(new).hex(), record.consistency(old, new)]
        for new in range(1, 18)
        for old in range(1, new + 1)
    ]
    run = f"(async () => {{ const all = arg, found = []; for (const arg of all) found.push(await {CONSISTENT}); return found; }})()"
    assert modules("merkle.js", run, cases) == ["proved"] * len(cases)


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "NaN", "2 ** 53"])
def test_impossible_sizes_are_refused(modules: Modules, size: str) -> None:
    root = "{root: new Uint8Array(32)}"
    found = modules("merkle.js", f"m.verifyConsistency({{...{root}, size: {size}}}, {{...{root}, size: 2 ** 53 - 1}}, [])")
    assert found["refused"] == "proof.invalid"


def test_a_checkpoint_of_the_record_is_read(modules: Modules) -> None:
    record = Record(size=7)
    found = modules("checkpoint.js", OPEN, [record.checkpoint().decode(), record.vkey, ORIGIN])
    assert found == [ORIGIN, 7, record.root(7).hex()]


def test_published_notes(modules: Modules, vectors: Path) -> None:
    folder = vectors / "c2sp-notes"
    for name in ("signed-note-example", "sumdb-checkpoint"):
        note, vkey = (folder / f"{name}.txt").read_bytes().hex(), (folder / f"{name}.vkey").read_text().strip()
        found = modules("note.js", "m.parseVkey(arg[1]).then(v => m.openNote(unhex(arg[0]), v))", [note, vkey])
        assert bytes.fromhex(note).decode().startswith(found)


def test_signatures_of_unknown_keys_do_not_matter(modules: Modules) -> None:
    record = Record()
    line = f"— witness.example {b64encode(bytes(40)).decode()}\n"
    found = modules("checkpoint.js", OPEN, [record.checkpoint().decode() + line, record.vkey, ORIGIN])
    assert found[1] == record.size


def test_every_changed_byte_of_a_checkpoint_is_refused(modules: Modules) -> None:
    record = Record()
    run = """(async () => { const bytes = new TextEncoder().encode(arg[0]), other = [];
      for (let i = 0; i < bytes.length; i++) for (const flip of [1, 4, 32, 128]) {
        const bad = bytes.slice(); bad[i] ^= flip;
        await m.openCheckpoint(bad, arg[1], arg[2]).then(() => other.push(i), e => e.name === 'Refusal' || other.push(String(e)));
      } return other; })()"""
    assert modules("checkpoint.js", run, [record.checkpoint().decode(), record.vkey, ORIGIN]) == []


def _signed(text: str, name: str = ORIGIN) -> str:
    return sign_note(text, NoteSigner(name, Record().signer.private)).decode()


ROOT = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (_signed(f"other.example/forum\n5\n{ROOT}\n"), "checkpoint.origin"),
        (_signed(f"{ORIGIN}\n05\n{ROOT}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n+5\n{ROOT}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n-5\n{ROOT}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n٣\n{ROOT}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n9007199254740993\n{ROOT}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\nextension\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n5\n{ROOT[:-4]}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n5\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n0\n{ROOT}\n"), "checkpoint.malformed"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n", "witness.example"), "note.unsigned"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n") + _signed("x\n").splitlines()[-1] + "\n", "note.bad-signature"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n") + _signed(f"{ORIGIN}\n5\n{ROOT}\n").splitlines()[-1] + "\n", "note.repeated"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n")[:-1], "note.malformed"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n").replace("\n", "\r\n"), "note.malformed"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n").replace("—", "-"), "note.malformed"),
        (_signed(f"{ORIGIN}\n5\n{ROOT}\n") + "\n", "note.malformed"),
        ("", "note.malformed"),
        (f"{ORIGIN}\n5\n{ROOT}\n\n", "note.malformed"),
    ],
)
def test_other_checkpoints_are_refused(modules: Modules, note: str, code: str) -> None:
    assert modules("checkpoint.js", OPEN, [note, Record().vkey, ORIGIN])["refused"] == code


def _vkeys() -> list[str]:
    good = Record().vkey
    name, identity, key = good.split("+", 2)
    return [
        "",
        name,
        f"{name}+{identity}",
        f"{name}+00000000+{key}",
        f"other+{identity}+{key}",
        f"{name}+{identity}+{key[:-4]}",
        f"{name}+{identity.upper()}+{key}",
        f"{good} ",
        f"{name}+{identity}+{'B' + key[1:]}",
    ]


@pytest.mark.parametrize("vkey", _vkeys())
def test_other_verifier_keys_are_refused(modules: Modules, vkey: str) -> None:
    assert modules("checkpoint.js", OPEN, [Record().checkpoint().decode(), vkey, ORIGIN])["refused"] in ("note.vkey", "base64.malformed")
