"""No byte and no entry of a bundle can be changed without the verifier saying so; and it never falls over."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest

from tests.verifier import forge as f
from tests.verifier.mutations import KINDS, changed, status

SOME = {"raw": 300, "packed": 200, "rebuilt bytes": 60, "rebuilt orders": 60}


def test_without_a_mutation_it_is_verified(tmp_path: Path) -> None:
    forge = f.signed()
    found, said = status(forge.pack(tmp_path / "bundle.zip"), "--constitution", forge.trust_root)
    assert found == 0, said


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutation_is_refused(kind: str, tmp_path: Path) -> None:
    forge = f.signed()
    path = tmp_path / "bundle.zip"
    (tmp_path / "policy").write_bytes(f.policy())
    pinned = ["--constitution", forge.trust_root, "--policy", str(tmp_path / "policy")]
    for mutation in islice(KINDS[kind](forge, random.Random(f"seed of {kind}")), SOME[kind]):
        path.write_bytes(mutation.data)
        found, said = status(path, *pinned)
        assert found in (1, 2), f"{mutation.what}: {said}"
        if kind != "raw":
            assert found == 1, f"{mutation.what}: {said}"


def test_every_byte_of_every_header_counts(tmp_path: Path) -> None:
    """All bytes of the archive that are not contents, each changed once."""
    forge = f.circulated()
    data = f.packed(forge.members(), size=len(forge.entries))
    path = tmp_path / "bundle.zip"
    how = random.Random(7)
    spans = [range(30 + len("README.txt")), range(data.index(b"PK\x01\x02"), len(data))]
    for at in (at for span in spans for at in span):
        path.write_bytes(data[:at] + bytes([data[at] ^ how.randrange(1, 256)]) + data[at + 1 :])
        found, said = status(path)
        assert found == 2, f"byte {at}: {said}"


def test_a_mutation_changes_something() -> None:
    how = random.Random(1)
    sizes = {len(changed(b"abcdef", 3, how)) for _ in range(100)}
    assert sizes == {5, 6, 7}
