"""The auditor's journey: one letter changed is named by unit and language, one signatory removed by position, by all who look there."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

from declaration.protocol.checkpoint import parse_checkpoint
from tests.secondopinion import opinions
from tests.secondopinion.cases import replaced, signed, text_of
from tests.verifier import forge as f


def test_one_letter_of_the_azerbaijani_text(tab: Page, tmp_path: Path) -> None:
    forge = signed()
    assert "qərara" in forge.members()[text_of(forge, "az")].decode()
    members = replaced("/texts/az.txt", "qərara".encode(), b"qerara")(forge, forge.members())
    path = forge.pack(tmp_path / "bundle.zip", members)
    ours, page = opinions.python(path), opinions.page(tab, path)
    assert ours.said.startswith("REFUSED at check 7. OP1 in az: not the words that were approved\n")
    assert page.said.startswith("Refused at check 7.\n\nOP1 in az: not the words that were approved\n")
    for said in (ours.said, page.said):
        assert "OP1 in az: not the words that were approved" in said
        assert "OP1 in en" not in said
    assert (7 in ours.failed, 7 in page.failed) == (True, True)


def test_one_signatory_removed(tab: Page, script: Path, tmp_path: Path) -> None:
    """The operator takes one out and signs the record again: everybody who signed later had seen another one."""
    forge = signed()
    gone = next(n for n, raw in enumerate(forge.entries) if b'"party":"a2"' in raw and b"endorsement.sign" in raw)
    entries = forge.entries[:gone] + forge.entries[gone + 1 :]
    path = f.pack(f.rebuilt(forge.members(), entries), tmp_path / "bundle.zip", size=len(entries))
    every = [opinions.python(path), opinions.page(tab, path), opinions.shell(script, opinions.unpack(path, tmp_path / "unpacked"))]
    for opinion in every:
        assert 3 in opinion.failed
        assert re.match(rf"refused at check 3\.\s+entry {gone}, ", opinion.said, re.IGNORECASE)
        assert f"entry {gone}, endorsement.sign by k1" in opinion.said


def test_the_checkpoint_on_the_screen_is_the_bundles(tab: Page, tmp_path: Path) -> None:
    forge = signed()
    shown = parse_checkpoint(forge.checkpoint().decode().split("\n\n")[0] + "\n")
    said = opinions.page(tab, forge.pack(tmp_path / "bundle.zip")).said
    assert shown.root.hex() in said
    assert forge.trust_root in said
