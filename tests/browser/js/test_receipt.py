"""receipt.js beside the service's own reading: what one proves the other proves, and no changed byte passes either."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.protocol import note
from declaration.protocol.encoding import b64encode
from declaration.protocol.entry import parse_entry
from declaration.protocol.merkle import leaf_hash
from declaration.protocol.note import NoteSigner
from declaration.protocol.receipt import build_receipt
from tests.browser.js.conftest import Modules
from tests.protocol.made import ED, LOG, POLICY, log_of

pytestmark = pytest.mark.browser

RECORD = log_of(7)
EXAMINE = """(async () => {
  const found = [];
  for (const one of arg.receipts) {
    const {answers} = await m.examine(Uint8Array.from(atob(one), (each) => each.charCodeAt(0)), arg.facts);
    found.push(answers.map((each) => [each.check, each.answer, each.code]));
  }
  return found;
})()"""
WITNESS = NoteSigner("witness.example/w1", ED, note.COSIGNATURE)
FACTS = {
    "origin": LOG, "vkey": RECORD.signer.verifier.vkey, "root": leaf_hash(RECORD.entries[0]).hex(),
    "adopted": parse_entry(RECORD.entries[0]).statement.object, "texts": {}, "keys": {},
    "passkeys": {"origins": list(POLICY.origins), "rpId": POLICY.rp_id},
    "witnesses": [{"name": WITNESS.name, "vkey": WITNESS.verifier.vkey}],
}  # fmt: skip


def receipt(index: int, checkpoint: bytes | None = None) -> bytes:
    return build_receipt(
        entry=RECORD.entries[index], index=index, proof=RECORD.inclusion(index), checkpoint=checkpoint or RECORD.checkpoint(),
        constitution=RECORD.checkpoint(1),
    )  # fmt: skip


def examined(modules: Modules, *receipts: bytes) -> list[dict[str, tuple[str, str]]]:
    found: Any = modules("receipt.js", EXAMINE, {"receipts": [b64encode(one) for one in receipts], "facts": FACTS})
    return [{check: (answer, code) for check, answer, code in each} for each in found]


def failures(answers: dict[str, tuple[str, str]]) -> list[str]:
    return [check for check, (answer, _code) in answers.items() if answer == "failed"]


def test_every_place_of_a_record_is_proved(modules: Modules) -> None:
    for answers in examined(modules, *(receipt(index) for index in range(7))):
        assert failures(answers) == []
        assert all(answers[check][0] == "passed" for check in ("form", "checkpoint", "root", "inclusion", "signature"))
        assert answers["who"] == ("skipped", "key-unknown")


def test_no_changed_byte_is_overlooked(modules: Modules) -> None:
    good = receipt(4)
    places = range(0, len(good), 23)
    spoiled = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in places]
    for at, answers in zip(places, examined(modules, *spoiled), strict=True):
        assert failures(answers), f"byte {at}"


def test_a_witness_is_named_and_a_false_one_is_found(modules: Modules) -> None:
    cosigned = note.cosign(RECORD.checkpoint(), WITNESS, 1763971200)
    strange = note.cosign(RECORD.checkpoint(), NoteSigner("stranger.example/w", ED, note.COSIGNATURE), 1763971200)
    other = note.cosign(RECORD.checkpoint(3), WITNESS, 1763971200).rpartition(b"\n\n")[2].split(b"\n")[1]
    known, unknown, moved = examined(
        modules, receipt(4, cosigned), receipt(4, strange), receipt(4, RECORD.checkpoint() + other + b"\n")
    )
    assert (known["witnesses"][0], unknown["witnesses"]) == ("passed", ("skipped", "no-witness"))
    assert moved["witnesses"] == ("failed", "witness.wrong")
