"""The stock tool, both ways: what we sign it accepts, what it signs we accept."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from declaration.errors import SignatureInvalid
from declaration.protocol.allowed_signers import AllowedSigner, allowed_signers
from declaration.protocol.keys import PrivateKey, PublicKey, parse_public_key
from declaration.protocol.sshsig import armor, dearmor, sign, verify
from declaration.protocol.statement import parse_statement
from tests.protocol.made import ED, ED_KEY, LOG, NOON, OTHER_KEY, P256, P256_KEY, POLICY, Passkey, statement

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs the ssh-keygen program")

STATEMENT = statement()
NAMESPACE = parse_statement(STATEMENT).namespace


def keygen(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ssh-keygen", *arguments], input=given, capture_output=True)


def accepted(folder: Path, blob: bytes, key: PublicKey, *, message: bytes = STATEMENT, when: str = "20251124090000Z") -> bool:
    signer = AllowedSigner("signatory", "ngo-42", key, (NAMESPACE,), NOON, NOON + timedelta(days=1))
    (folder / "allowed_signers").write_text(allowed_signers([signer]), encoding="ascii")
    (folder / "sig").write_text(armor(blob), encoding="ascii")
    options: list[str | Path] = ["-f", folder / "allowed_signers", "-I", "signatory.ngo-42", "-n", NAMESPACE, "-s", folder / "sig"]
    return keygen("-Y", "verify", *options, "-Overify-time=" + when, given=message).returncode == 0


@pytest.mark.parametrize(("private", "key"), [(ED, ED_KEY), (P256, P256_KEY)])
def test_ssh_keygen_accepts_what_we_sign(private: PrivateKey, key: PublicKey, tmp_path: Path) -> None:
    blob = sign(private, NAMESPACE, STATEMENT)
    assert accepted(tmp_path, blob, key)
    assert not accepted(tmp_path, blob, key, message=STATEMENT + b" ")
    assert not accepted(tmp_path, blob, key, when="20251124075959Z")
    assert not accepted(tmp_path, blob, key, when="20251125080001Z")
    assert not accepted(tmp_path, blob, OTHER_KEY)


@pytest.mark.parametrize("device", [Passkey(), Passkey(flags=0x85, extensions=b"\xa0"), Passkey(flags=0x1D)])
def test_ssh_keygen_accepts_a_passkey(device: Passkey, tmp_path: Path) -> None:
    blob = device.sign(NAMESPACE, STATEMENT)
    verify(blob, key=device.key, namespace=NAMESPACE, message=STATEMENT, passkey=POLICY)
    assert accepted(tmp_path, blob, device.key)


@pytest.mark.parametrize("kind", [["ed25519"], ["ecdsa", "-b", "256"]])
def test_we_accept_what_ssh_keygen_signs(kind: list[str], tmp_path: Path) -> None:
    (tmp_path / "statement.json").write_bytes(STATEMENT)
    keygen("-q", "-t", *kind, "-N", "", "-C", "", "-f", tmp_path / "key").check_returncode()
    keygen("-Y", "sign", "-f", tmp_path / "key", "-n", NAMESPACE, tmp_path / "statement.json").check_returncode()
    key = parse_public_key((tmp_path / "key.pub").read_text(encoding="ascii").strip())
    blob = dearmor((tmp_path / "statement.json.sig").read_text(encoding="ascii"))
    verify(blob, key=key, namespace=NAMESPACE, message=STATEMENT)
    assert armor(blob) == (tmp_path / "statement.json.sig").read_text(encoding="ascii")
    assert key.fingerprint.encode() in keygen("-l", "-f", tmp_path / "key.pub").stdout


@pytest.mark.parametrize("options", [["-t", "rsa", "-b", "2048"], ["-t", "ecdsa", "-b", "384"]])
def test_we_refuse_other_kinds_of_keys(options: list[str], tmp_path: Path) -> None:
    keygen("-q", *options, "-N", "", "-C", "", "-f", tmp_path / "key").check_returncode()
    with pytest.raises(SignatureInvalid) as caught:
        parse_public_key((tmp_path / "key.pub").read_text(encoding="ascii").strip())
    assert caught.value.code == "key.kind" or len((tmp_path / "key.pub").read_bytes()) > 1024


def test_we_refuse_the_older_hash(tmp_path: Path) -> None:
    keygen("-q", "-t", "ed25519", "-N", "", "-C", "", "-f", tmp_path / "key").check_returncode()
    (tmp_path / "s").write_bytes(STATEMENT)
    keygen("-Y", "sign", "-Ohashalg=sha256", "-f", tmp_path / "key", "-n", NAMESPACE, tmp_path / "s").check_returncode()
    key = parse_public_key((tmp_path / "key.pub").read_text(encoding="ascii").strip())
    with pytest.raises(SignatureInvalid) as caught:
        verify(dearmor((tmp_path / "s.sig").read_text()), key=key, namespace=NAMESPACE, message=STATEMENT)
    assert caught.value.code == "signature.hash"


def test_the_wildcard_is_for_one_forum(tmp_path: Path) -> None:
    (tmp_path / "allowed_signers").write_text(allowed_signers([AllowedSigner("head", "az", ED_KEY, (f"*@{LOG}",))]))
    for namespace, good in ((NAMESPACE, True), ("endorsement.sign-v1@declaration.example/other", False)):
        (tmp_path / "sig").write_text(armor(sign(ED, namespace, STATEMENT)))
        options: list[str | Path] = ["-f", tmp_path / "allowed_signers", "-I", "head.az", "-n", namespace, "-s", tmp_path / "sig"]
        assert (keygen("-Y", "verify", *options, given=STATEMENT).returncode == 0) is good
