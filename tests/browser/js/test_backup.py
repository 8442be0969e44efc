"""pem.js: backups made in the browser open with OpenSSL and Python, and the reverse; everything else is refused by name."""

from __future__ import annotations

import base64
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from declaration.protocol.recovery import backup, private_from_backup
from tests.browser.js.conftest import Modules

pytestmark = pytest.mark.browser

PASSPHRASE = "çoban yıldızı ve üç ağaç"  # what people type here
KINDS = {"ed25519": Ed25519PrivateKey.generate(), "p256": generate_private_key(SECP256R1())}
DECRYPT = "m.decryptPrivate(arg[0], arg[1]).then(hex)"
ENCRYPT = "m.encryptPrivate(unhex(arg[0]), arg[1])"


def pkcs8(kind: str) -> bytes:
    return KINDS[kind].private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def openssl(*arguments: str, given: bytes, passphrase: str = PASSPHRASE) -> bytes:
    command = ["openssl", *arguments, "-passin", f"pass:{passphrase}", "-passout", f"pass:{passphrase}"]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


@pytest.fixture(scope="module", params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(modules: Modules, kind: str) -> bytes:
    """A backup made in the browser."""
    return str(modules("pem.js", ENCRYPT, [pkcs8(kind).hex(), PASSPHRASE])).encode()


def test_openssl_opens_it(made: bytes, kind: str) -> None:
    opened = subprocess.run(
        ["openssl", "pkey", "-passin", f"pass:{PASSPHRASE}", "-outform", "DER"], input=made, capture_output=True, check=True
    ).stdout
    ours = subprocess.run(
        ["openssl", "pkey", "-outform", "DER", "-inform", "DER"], input=pkcs8(kind), capture_output=True, check=True
    ).stdout
    assert opened == ours


def test_openssl_does_not_open_it_without_the_passphrase(made: bytes) -> None:
    assert subprocess.run(["openssl", "pkey", "-passin", "pass:other"], input=made, capture_output=True).returncode != 0


def test_its_parameters_are_the_documented_ones(made: bytes) -> None:
    shown = subprocess.run(["openssl", "asn1parse"], input=made, capture_output=True, check=True).stdout.decode()
    for part in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", "INTEGER           :0927C0"):  # 600,000
        assert part in shown


def test_python_opens_it(made: bytes, kind: str) -> None:
    opened = load_pem_private_key(made, PASSPHRASE.encode())
    assert opened.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()) == pkcs8(kind)


def test_it_opens_pythons(modules: Modules, kind: str) -> None:
    pem = KINDS[kind].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    assert modules("pem.js", DECRYPT, [pem.decode(), PASSPHRASE]) == pkcs8(kind).hex()


@pytest.mark.parametrize(
    "options",
    [
        ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-iter", "600000"],
        ["-v2", "aes-256-cbc"],
        ["-v2", "aes-128-cbc", "-iter", "1"],
        ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"],  # RFC 8018's default: the file names no function
        ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"],
    ],
    ids=" ".join,
)
def test_it_opens_openssls(modules: Modules, kind: str, options: list[str]) -> None:
    pem = openssl("pkcs8", "-topk8", "-inform", "DER", *options, given=pkcs8(kind))
    assert modules("pem.js", DECRYPT, [pem.decode(), PASSPHRASE]) == pkcs8(kind).hex()


def test_composed_and_decomposed_letters_are_one_passphrase(modules: Modules, made: bytes, kind: str) -> None:
    decomposed = PASSPHRASE.replace("ç", "c\u0327").replace("ü", "u\u0308").replace("ğ", "g\u0306")
    assert modules("pem.js", DECRYPT, [made.decode(), decomposed]) == pkcs8(kind).hex()


@pytest.mark.parametrize("wrong", ["", "çoban yıldızı ve üç ağac", PASSPHRASE + " ", PASSPHRASE.upper()])
def test_a_wrong_passphrase_is_refused(modules: Modules, made: bytes, wrong: str) -> None:
    assert modules("pem.js", DECRYPT, [made.decode(), wrong])["refused"] == "backup.wrong-passphrase"


def test_wrong_passphrases_are_refused_whatever_the_padding_says(modules: Modules, kind: str) -> None:
    pem = openssl("pkcs8", "-topk8", "-inform", "DER", "-v2", "aes-256-cbc", "-iter", "1", given=pkcs8(kind)).decode()
    tries = """(async () => { const codes = new Set();
      for (let i = 0; i < 1500; i++) await m.decryptPrivate(arg, 'wrong ' + i).then(() => codes.add('opened'), e => codes.add(e.code));
      return [...codes]; })()"""
    assert modules("pem.js", tries, pem) == ["backup.wrong-passphrase"]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["-scrypt"], "scrypt"),
        (["-v2", "aes-192-cbc"], "2.16.840.1.101.3.4.1.22"),
        (["-v2", "des3"], "1.2.840.113549.3.7"),
        (["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"], "1.2.840.113549.2.10"),
        (["-v1", "PBE-SHA1-3DES"], "1.2.840.113549.1.12.1.3"),
    ],
)
def test_other_methods_are_refused_by_name(modules: Modules, options: list[str], name: str) -> None:
    pem = openssl("pkcs8", "-topk8", "-inform", "DER", *options, given=pkcs8("ed25519")).decode()
    assert modules("pem.js", DECRYPT, [pem, PASSPHRASE]) == {"refused": "backup.algorithm", "values": {"name": name}}


def test_files_that_are_no_backup_are_refused(modules: Modules, made: bytes) -> None:
    plain = KINDS["ed25519"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    openssh = KINDS["ed25519"].private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    lines = made.decode().splitlines(keepends=True)
    cases = {
        "": "backup.not-pem",
        "hello": "backup.not-pem",
        plain: "backup.not-encrypted",
        openssh: "backup.other-format",
        made.decode() * 2: "backup.not-pem",
        made.decode().replace("-----END", "----END"): "backup.not-pem",
        "".join([*lines[:2], *lines[3:]]): "der.malformed",
        "".join([lines[0], "AAAA\n", *lines[1:]]): "der.malformed",
    }
    for text, code in cases.items():
        assert modules("pem.js", DECRYPT, [text, PASSPHRASE])["refused"] == code, text


def test_white_space_from_a_mail_program_does_not_matter(modules: Modules, made: bytes, kind: str) -> None:
    mailed = "\r\n\r\n" + made.decode().replace("\n", "\r\n") + "  \n"
    assert modules("pem.js", DECRYPT, [mailed, PASSPHRASE]) == pkcs8(kind).hex()


def test_every_damaged_byte_of_the_structure_is_refused(modules: Modules) -> None:
    pem = openssl("pkcs8", "-topk8", "-inform", "DER", "-v2", "aes-256-cbc", "-iter", "1", given=pkcs8("ed25519")).decode()
    damage = """(async () => {
      const {fromBase64, toBase64} = await import('/static/js/bytes.js'), {Refusal} = await import('/static/js/errors.js');
      const der = fromBase64(arg[0].split('\\n').slice(1, -2).join('')), other = [];
      for (let i = 0; i < der.length - 48; i++) for (const flip of [1, 128]) {
        const bad = der.slice(); bad[i] ^= flip;
        const pem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\\n${toBase64(bad)}\\n-----END ENCRYPTED PRIVATE KEY-----\\n`;
        const refused = e => e instanceof Refusal || other.push(`${i} ${e}`);
        await m.decryptPrivate(pem, arg[1]).then(k => hex(k) === arg[2] && other.push(i), refused);
      }
      return other; })()"""
    assert modules("pem.js", damage, [pem, PASSPHRASE, pkcs8("ed25519").hex()]) == []


def test_too_many_rounds_are_refused_before_they_are_done(modules: Modules) -> None:
    rounds = 2**31 - 1  # a minute of work, or ten
    kdf = sequence(oid("2a864886f70d01050c"), sequence(octets(bytes(16)), b"\x02\x04" + rounds.to_bytes(4, "big")))
    cipher = sequence(oid("60864801650304012a"), octets(bytes(16)))
    der = sequence(sequence(oid("2a864886f70d01050d"), sequence(kdf, cipher)), octets(bytes(48)))
    pem = f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{base64.b64encode(der).decode()}\n-----END ENCRYPTED PRIVATE KEY-----\n"
    assert modules("pem.js", DECRYPT, [pem, PASSPHRASE]) == {"refused": "backup.iterations", "values": {"iterations": rounds}}


def sequence(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return (bytes([0x30, len(body)]) if len(body) < 128 else bytes([0x30, 0x81, len(body)])) + body


def octets(value: bytes) -> bytes:
    return bytes([4, len(value)]) + value


def oid(body: str) -> bytes:
    return bytes([6, len(body) // 2]) + bytes.fromhex(body)


def test_the_services_own_backups_and_the_browsers_are_one_format(modules: Modules, made: bytes, kind: str) -> None:
    theirs = private_from_backup(made.decode(), PASSPHRASE)
    assert theirs.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()) == pkcs8(kind)
    assert modules("pem.js", DECRYPT, [backup(KINDS[kind], PASSPHRASE), PASSPHRASE]) == pkcs8(kind).hex()


def test_a_key_of_another_kind_is_not_taken(modules: Modules) -> None:
    pem = (
        generate_rsa(65537, 2048)
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"correct horse battery"))
        .decode()
    )
    found = modules("keys.js", "m.restore({log: 'x', slot: 'y'}, arg, 'correct horse battery')", pem)
    assert found["refused"] == "backup.key-kind"
