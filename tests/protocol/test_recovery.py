"""Backups of keys: openssl opens ours, we open openssl's, and a wrong passphrase opens nothing."""

from __future__ import annotations

import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from declaration.errors import Malformed
from declaration.protocol.encoding import b64decode, b64encode
from declaration.protocol.keys import PrivateKey, public_key_of
from declaration.protocol.recovery import backup, private_from_backup
from tests.protocol.made import ED, P256

PASSPHRASE = "on iki sarı qatır"
BACKUP = backup(ED, PASSPHRASE)


def refusal(pem: str, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(Malformed) as caught:
        private_from_backup(pem, passphrase)
    return caught.value.code


BODY = b64decode("".join(BACKUP.splitlines()[1:-1]))


def framed(body: bytes) -> str:
    lines = textwrap.wrap(b64encode(body), 64)
    return "\n".join(["-----BEGIN ENCRYPTED PRIVATE KEY-----", *lines, "-----END ENCRYPTED PRIVATE KEY-----", ""])


def reframed(change: bytes, by: bytes) -> str:
    assert change in BODY
    return framed(BODY.replace(change, by))


def test_the_frame_of_these_tests_is_the_real_one() -> None:
    assert framed(BODY) == BACKUP


@pytest.mark.parametrize("private", [ED, P256])
def test_a_backup_opens(private: PrivateKey) -> None:
    assert public_key_of(private_from_backup(backup(private, PASSPHRASE), PASSPHRASE)) == public_key_of(private)


def test_two_backups_differ() -> None:
    assert backup(ED, PASSPHRASE) != BACKUP


def test_the_passphrase_is_taken_in_nfc() -> None:
    composed, decomposed = "Türkiye", "Tu\u0308rkiye"
    assert public_key_of(private_from_backup(backup(ED, decomposed), composed)) == public_key_of(ED)


def test_cryptography_opens_ours_and_we_open_its() -> None:
    load_pem_private_key(BACKUP.encode(), PASSPHRASE.encode())
    theirs = ED.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode())).decode()
    assert public_key_of(private_from_backup(theirs, PASSPHRASE)) == public_key_of(ED)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")
@pytest.mark.parametrize("private", [ED, P256])
def test_openssl_opens_ours_and_we_open_its(private: PrivateKey, tmp_path: Path) -> None:
    ours, plain = tmp_path / "ours.pem", tmp_path / "plain.pem"
    ours.write_text(backup(private, "abc"), encoding="ascii")
    opened = subprocess.run(["openssl", "pkey", "-in", ours, "-passin", "pass:abc"], capture_output=True, check=True)
    expected = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert opened.stdout == expected
    plain.write_bytes(expected)
    command: list[str | Path] = [
        "openssl",
        "pkcs8",
        "-topk8",
        "-in",
        plain,
        "-passout",
        "pass:abc",
        "-v2",
        "aes-256-cbc",
        "-v2prf",
        "hmacWithSHA256",
    ]
    theirs = subprocess.run([*command, "-iter", "5000"], capture_output=True, check=True).stdout.decode()
    assert public_key_of(private_from_backup(theirs, "abc")) == public_key_of(private)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " ", PASSPHRASE.upper(), PASSPHRASE[:-1]])
def test_a_wrong_passphrase_opens_nothing(passphrase: str) -> None:
    assert refusal(BACKUP, passphrase) == "backup.passphrase"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "hello",
        BACKUP.replace("ENCRYPTED ", ""),
        BACKUP.splitlines()[0],
        BACKUP.replace("-----END ENCRYPTED PRIVATE KEY-----", ""),
        "\n".join(BACKUP.splitlines()[:2] + BACKUP.splitlines()[-1:]),
        BACKUP + BACKUP,
        ED.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        reframed(bytes.fromhex("02030927c0"), bytes.fromhex("02047fffffff")),
        reframed(bytes.fromhex("02030927c0"), bytes.fromhex("0203ffffff")),
        reframed(bytes.fromhex("02030927c0"), bytes.fromhex("0203000000")),
        reframed(bytes.fromhex("2a864886f70d02090500"), bytes.fromhex("2a864886f70d02070500")),
        reframed(bytes.fromhex("60864801650304012a"), bytes.fromhex("608648016503040102")),
        reframed(bytes.fromhex("2a864886f70d01050d"), bytes.fromhex("2a864886f70d010503")),
        reframed(bytes.fromhex("0410"), bytes.fromhex("048110")),
        "A" * 5000,
    ],
)
def test_other_files_are_refused(bad: str) -> None:
    assert refusal(bad) in ("backup.form", "encoding.base64")


def test_nothing_may_follow() -> None:
    assert refusal(framed(BODY + bytes(1))) == "backup.form"


def test_every_truncated_backup_is_refused() -> None:
    for end in range(0, len(BODY), 3):
        assert refusal(framed(BODY[:end])) == "backup.form"


def test_a_key_of_another_kind_is_refused() -> None:
    other = generate_private_key(SECP384R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode())).decode()
    assert refusal(pem) == "backup.kind"
