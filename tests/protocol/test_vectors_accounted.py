"""Every file of the folder of published vectors is read by a test, or there is a reason why none does."""

from __future__ import annotations

import ast
import os
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

HERE = "tests/protocol/test_vectors.py"
ROOT = Path(__file__).resolve().parents[2]

READ = {
    "c2sp-notes/signed-note-example.*": (2, "test_c2sp_signed_note_example"),
    "c2sp-notes/sumdb-checkpoint.*": (2, "test_a_checkpoint_of_go_s_checksum_database_verifies"),
    "cctv-ed25519/ed25519vectors.json": (1, "test_cctv_ed25519_accepts_exactly_those_without_low_order_parts"),
    "chromium156-sshsig/*": (5, "test_signatures_made_by_a_browser"),
    "ct-rfc6962/ct-reference-tree.json": (1, "test_ct_reference_tree"),
    "json-parsing/*.json": (188, "test_strict_json_refuses_all_of_them"),
    "merkle-rfc6962/consistency/*.json": (98, "test_merkle_proofs"),
    "merkle-rfc6962/inclusion/*.json": (98, "test_merkle_proofs"),
    "openssh-sshsig/ed25519.*": (2, "test_openssh_signatures"),
    "openssh-sshsig/ecdsa.*": (2, "test_openssh_signatures"),
    "openssh-sshsig/ed25519_sk.*": (2, "test_openssh_signatures_of_kinds_that_we_refuse"),
    "openssh-sshsig/ecdsa_sk.*": (2, "test_openssh_signatures_of_kinds_that_we_refuse"),
    "openssh-sshsig/rsa.*": (2, "test_openssh_signatures_of_kinds_that_we_refuse"),
    "openssh-sshsig/ecdsa_sk_webauthn.*": (2, "test_openssh_passkey_without_user_verification"),
    "openssh-sshsig/namespace": (1, "test_openssh_signatures"),
    "openssh-sshsig/signed-data": (1, "test_openssh_signatures"),
    "rfc8032-ed25519/ed25519.json": (1, "test_rfc_8032"),
    "rfc8785-jcs/input/*.json": (6, "test_rfc_8785_canonical_json"),
    "rfc8785-jcs/output/*.json": (6, "test_rfc_8785_canonical_json"),
    "rfc8785-jcs/outhex/*.txt": (6, "test_rfc_8785_canonical_json"),
    "small-order/so.as": (1, "test_the_small_order_key_that_openssl_and_ssh_keygen_accept"),
    "small-order/so.sshsig": (1, "test_the_small_order_key_that_openssl_and_ssh_keygen_accept"),
    "small-order/so.pem": (1, "test_its_bare_signature_holds_for_every_message_elsewhere_and_for_none_here"),
    "small-order/so.sig": (1, "test_its_bare_signature_holds_for_every_message_elsewhere_and_for_none_here"),
    "w3c-webauthn/webauthn-l3-vectors.json": (1, "test_webauthn_level_3"),
    "wycheproof/ed25519_test.json": (1, "test_wycheproof_ed25519"),
    "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json": (1, "test_wycheproof_p256"),
    "wycheproof/ecdsa_secp256r1_sha256_test.json": (1, "test_wycheproof_p256_in_der"),
}
"""Pattern of the files, how many there are, and the test that reads them."""

NOT_READ = {
    "wycheproof/mldsa_44_verify_test.json": "no signature of this protocol is ML-DSA",
    "*/LICEN[CS]E": "terms of use",
    "*/README.md": "words",
    "MANIFEST.md": "words",
}


def folder() -> Path:
    named = os.environ.get("DECLARATION_VECTORS")
    if not named:
        pytest.skip("DECLARATION_VECTORS names no folder of published vectors")
    return Path(named)


def files(top: Path) -> list[str]:
    """Every file below the folder, hidden ones left out, by its path."""
    return sorted(each.relative_to(top).as_posix() for each in top.rglob("[!.]*") if each.is_file())


def test_every_file_has_one_test_that_reads_it_or_a_reason() -> None:
    matched = {name: [pattern for pattern in (*READ, *NOT_READ) if fnmatch(name, pattern)] for name in files(folder())}
    assert {name: patterns for name, patterns in matched.items() if len(patterns) != 1} == {}


def test_no_file_is_missing() -> None:
    found = files(folder())
    assert {pattern: sum(fnmatch(name, pattern) for name in found) for pattern in READ} == {each: n for each, (n, _) in READ.items()}


def test_a_set_that_nobody_reads_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "wycheproof").mkdir()
    (tmp_path / "wycheproof" / "xdh_test.json").write_text("{}")
    (name,) = files(tmp_path)
    assert not any(fnmatch(name, pattern) for pattern in (*READ, *NOT_READ))


@pytest.mark.parametrize("name", sorted({name for _, name in READ.values()}))
def test_the_tests_that_read_them_are_there(name: str) -> None:
    assert name in _functions()


@cache
def _functions() -> frozenset[str]:
    tree = ast.parse((ROOT / HERE).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
