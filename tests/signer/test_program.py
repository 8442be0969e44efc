"""``python -m declaration.signer`` signs what was confirmed with the key that is named, and otherwise writes nothing."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from declaration.protocol.keys import public_key_of
from declaration.protocol.recovery import backup
from declaration.signer.__main__ import REFUSED, SIGNED, UNREADABLE, main
from tests.signer.packed import KEY, LOG, MANIFEST, package, statement

PASSPHRASE = "bir dənə yaxşı parol"
DIGITS = MANIFEST.digest[:8]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_bytes(package())
    (tmp_path / "key").write_bytes(openssh(KEY))
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return tmp_path


def openssh(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, passphrase: str = "") -> bytes:
    how: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, how)


def run(folder: Path, *more: str) -> int:
    return main([str(folder / "package.json"), "--key", str(folder / "key"), *more])


def written(folder: Path) -> bool:
    return (folder / "package.json.sig").exists()


def stock(folder: Path, signed: bytes, key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """What ``ssh-keygen -Y verify`` says of the signature."""
    (folder / "allowed").write_text(f"signer {public_key_of(key).openssh}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", folder / "allowed", "-I", "signer", "-n", f"endorsement.sign-v1@{LOG}",
               "-s", folder / "package.json.sig"]  # fmt: skip
    return subprocess.run(command, input=signed, capture_output=True, check=False).stdout.decode()


@pytest.mark.parametrize("locked", ["openssh", "pem", "open"])
def test_ssh_keygen_verifies_what_was_signed(folder: Path, locked: str) -> None:
    if locked == "openssh":
        (folder / "key").write_bytes(openssh(KEY, PASSPHRASE))
    elif locked == "pem":
        (folder / "key").write_text(backup(KEY, PASSPHRASE))
    assert run(folder, "--yes", DIGITS, "--passphrase-file", str(folder / "passphrase")) == SIGNED
    assert "Good" in stock(folder, statement(), KEY)
    assert "Good" not in stock(folder, statement().replace(b"organization", b"personal"), KEY)


def test_a_key_of_openssl_on_p256(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "package.json").write_bytes(package(statement(key=key)))
    (folder / "key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    assert run(folder, "--yes", DIGITS) == SIGNED
    assert "Good" in stock(folder, statement(key=key), key)


def test_the_digits_are_typed(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    spaced = f" {MANIFEST.digest[:4].upper()} {MANIFEST.digest[4:8]}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(spaced))
    assert run(folder) == SIGNED
    assert "Decide to meet every year;" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", f"{MANIFEST.digest[:7]}\n", f"{'f' * 8}\n"])
def test_without_the_digits_nothing_is_signed(folder: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert run(folder) == REFUSED
    assert not written(folder)


def test_looking_signs_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--check") == SIGNED
    assert "THE SENTENCE" in capsys.readouterr().out
    assert not written(folder)


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        (openssh(ed25519.Ed25519PrivateKey.generate()), REFUSED, "key.other"),
        (openssh(rsa.generate_private_key(65537, 2048)), REFUSED, "key.kind"),
        (openssh(ec.generate_private_key(ec.SECP384R1())), REFUSED, "key.kind"),
        (b"ssh-ed25519 AAAA somebody", UNREADABLE, "key.file"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", UNREADABLE, "key.file"),
        (b"", UNREADABLE, "key.file"),
        (openssh(KEY, "another"), UNREADABLE, "key.passphrase"),
        (backup(KEY, "another").encode(), UNREADABLE, "key.passphrase"),
    ],
    ids=["other", "rsa", "p384", "public", "broken", "empty", "locked-openssh", "locked-pem"],
)
def test_other_keys_are_refused(folder: Path, file: bytes, status: int, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "key").write_bytes(file)
    assert run(folder, "--yes", DIGITS, "--passphrase-file", str(folder / "passphrase")) == status
    assert f"[{code}]" in capsys.readouterr().err
    assert not written(folder)


def test_a_text_that_does_not_fit_is_not_even_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "package.json").write_bytes(package().replace(b"every year", b"every week"))
    assert run(folder, "--yes", DIGITS) == REFUSED
    told = capsys.readouterr()
    assert "[package.unit]" in told.err
    assert told.out == ""


def test_a_signature_that_is_there_stays(folder: Path) -> None:
    (folder / "package.json.sig").write_text("kept")
    assert run(folder, "--yes", DIGITS) == UNREADABLE
    assert (folder / "package.json.sig").read_text() == "kept"


def test_without_a_file_or_a_key_it_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "nothing.json"), "--check"]) == UNREADABLE
    assert main([str(folder / "package.json")]) == UNREADABLE
    assert "[key.none]" in capsys.readouterr().err
