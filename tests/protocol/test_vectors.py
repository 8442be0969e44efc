"""Published vectors: other people's idea of right and wrong. ``DECLARATION_VECTORS`` names the folder that holds them."""

from __future__ import annotations

import base64
import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from declaration.errors import DeclarationError, Malformed, SignatureInvalid
from declaration.protocol import note
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.encoding import canonical, parse_canonical, parse_json
from declaration.protocol.keys import PublicKey, ec_public_key, parse_public_key, passkey
from declaration.protocol.merkle import CompactRange, leaf_hash, verify_consistency, verify_inclusion
from declaration.protocol.sshsig import (
    Assertion,
    PasskeyPolicy,
    SshSignature,
    _assertion_bytes,
    _der,
    _is_valid,
    _mpints,
    dearmor,
    parse_signature,
    sign,
    verify,
)
from declaration.protocol.wire import string
from tests.protocol.made import vectors


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def ed25519_accepts(public: bytes, signature: bytes, message: bytes) -> bool:
    """The check that :func:`verify` ends with, on a key that skipped the check at enrolment."""
    if len(signature) != 64 or len(public) != 32:
        return False
    key = PublicKey("ssh-ed25519", string(b"ssh-ed25519") + string(public), public)
    return _is_valid(SshSignature(key, "", "ssh-ed25519", signature), key, message)


OUTSIDE = {
    "json.number": "numbers are integers below 2^53: no two programs agree on how a fraction is printed",
    "json.key": "names of fields are ASCII, so that their order is the same in every language",
}
JCS = {
    "arrays": "printed",
    "unicode": "printed",
    "structures": "json.number",
    "values": "json.number",
    "french": "json.key",
    "weird": "json.key",
}
"""What becomes of each input of RFC 8785: printed as the RFC prints it, or outside of our profile by the rule of that name."""


def test_rfc_8785_canonical_json() -> None:
    """The inputs that stay inside our profile; the others are refused, not printed in some other way."""
    folder = vectors("rfc8785-jcs")
    outcomes: dict[str, str] = {}
    for path in sorted((folder / "input").iterdir()):
        expected = (folder / "output" / path.name).read_bytes()
        assert expected == bytes.fromhex((folder / "outhex" / f"{path.stem}.txt").read_text())
        try:
            value = parse_json(path.read_bytes())
        except Malformed as error:
            outcomes[path.stem] = error.code
            continue
        assert canonical(value) == expected == parse_round(expected), path.name
        outcomes[path.stem] = "printed"
    assert outcomes == JCS
    assert set(outcomes.values()) - {"printed"} == set(OUTSIDE)


def parse_round(data: bytes) -> bytes:
    return canonical(parse_canonical(data))


def test_strict_json_refuses_all_of_them() -> None:
    paths = [path for path in vectors("json-parsing").iterdir() if path.suffix == ".json"]
    assert Counter(path.name[:2] for path in paths) == {"n_": 186, "y_": 2}, "the two of y_ repeat a key, which we refuse"
    accepted = []
    for path in paths:
        try:
            parse_json(path.read_bytes())
        except Malformed:
            continue
        accepted.append(path.name)
    assert accepted == []


def test_rfc_8032() -> None:
    rows = load(vectors("rfc8032-ed25519") / "ed25519.json")
    assert len(rows) == 66
    for row in rows:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row["seed"]))
        public, message, signature = (bytes.fromhex(row[name]) for name in ("pub", "msg", "sig"))
        assert private.sign(message) == signature
        assert ed25519_accepts(public, signature, message)
        blob = sign(private, "vector", message)
        verify(blob, key=parse_signature(blob).public_key, namespace="vector", message=message)


def test_cctv_ed25519_accepts_exactly_those_without_low_order_parts() -> None:
    accepted = 0
    for row in load(vectors("cctv-ed25519") / "ed25519vectors.json"):
        bad = {"low_order_A", "low_order_R", "low_order_residue"} & set(row["flags"] or [])
        valid = ed25519_accepts(bytes.fromhex(row["key"]), bytes.fromhex(row["sig"]), row["msg"].encode())
        assert valid is not bool(bad), row["number"]
        accepted += valid
    assert accepted == 43


def wycheproof(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    groups = load(vectors("wycheproof") / name)["testGroups"]
    return [(group["publicKey"], test) for group in groups for test in group["tests"]]


def test_wycheproof_ed25519() -> None:
    tests = wycheproof("ed25519_test.json")
    assert len(tests) == 151
    for key, test in tests:
        accepted = ed25519_accepts(bytes.fromhex(key["pk"]), bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
        assert accepted is (test["result"] == "valid"), test["tcId"]


def test_wycheproof_p256() -> None:
    """r ‖ s as WebCrypto gives them, put into mpints as the signing page does."""
    tests = wycheproof("ecdsa_secp256r1_sha256_p1363_test.json")
    assert len(tests) == 262
    for public, test in tests:
        point = bytes.fromhex(public["uncompressed"])
        signature = bytes.fromhex(test["sig"])
        accepted = len(signature) == 64 and p256_accepts(point, signature, bytes.fromhex(test["msg"]))
        assert accepted is (test["result"] == "valid"), (test["tcId"], test["comment"])


def test_wycheproof_p256_in_der() -> None:
    """As an authenticator gives them: taken apart for the blob and put together again, or refused on the way."""
    tests = wycheproof("ecdsa_secp256r1_sha256_test.json")
    assert len(tests) == 484
    accepted = 0
    for public, test in tests:
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        found = p256_accepts_der(bytes.fromhex(public["uncompressed"]), signature, message)
        assert found is (test["result"] == "valid"), (test["tcId"], test["comment"])
        accepted += found
    assert accepted == 174


def p256_accepts_der(point: bytes, signature: bytes, message: bytes) -> bool:
    key = PublicKey("ecdsa-sha2-nistp256", b"", point)
    try:
        again = _der(_mpints(signature))
    except (Malformed, SignatureInvalid, ValueError):
        return False
    return _is_valid(SshSignature(key, "", key.kind, again), key, message)


def p256_accepts(point: bytes, signature: bytes, message: bytes) -> bool:
    ec_public_key(point)
    key = PublicKey("ecdsa-sha2-nistp256", b"", point)
    numbers = (signature[:32].lstrip(b"\x00"), signature[32:].lstrip(b"\x00"))
    fields = b"".join(string((b"\x00" if number[:1] >= b"\x80" else b"") + number) for number in numbers)
    try:
        return _is_valid(SshSignature(key, "", key.kind, _der(fields)), key, message)
    except Malformed:
        return False


def test_ct_reference_tree() -> None:
    tree = load(vectors("ct-rfc6962") / "ct-reference-tree.json")
    growing = CompactRange()
    roots = [growing.root().hex()]
    for leaf in tree["leaves_hex"]:
        growing.append(leaf_hash(bytes.fromhex(leaf)))
        roots.append(growing.root().hex())
    assert roots == tree["roots_size_0_to_8"]


def b64(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def hashes(proof: list[str] | None) -> list[bytes]:
    return [b64(item) for item in proof or []]


def inclusion(row: dict[str, Any]) -> None:
    verify_inclusion(b64(row["leafHash"]), row["leafIdx"], row["treeSize"], hashes(row["proof"]), b64(row["root"]))


def consistency(row: dict[str, Any]) -> None:
    verify_consistency(row["size1"], row["size2"], b64(row["root1"]), b64(row["root2"]), hashes(row["proof"]))


@pytest.mark.parametrize("check", [inclusion, consistency])
def test_merkle_proofs(check: Any) -> None:
    paths = sorted((vectors("merkle-rfc6962") / check.__name__).rglob("*.json"))
    assert len(paths) == 98
    different = []
    for path in paths:
        row = load(path)
        try:
            check(row)
            refused = False
        except DeclarationError:
            refused = True
        if refused != row["wantErr"]:
            different.append(path.name)
    # Its roots are the words "don't care 2", not hashes: we refuse every root that has not 32 bytes.
    allowed = {"consistency": ["sizes-are-equal-one-and-proof-is-empty.json"], "inclusion": []}
    assert different == allowed[check.__name__]


def test_c2sp_signed_note_example() -> None:
    folder = vectors("c2sp-notes")
    key = note.parse_vkey((folder / "signed-note-example.vkey").read_text().strip())
    assert note.verify((folder / "signed-note-example.txt").read_bytes(), key).text == "This is an example message.\n"


def test_a_checkpoint_of_go_s_checksum_database_verifies() -> None:
    """Its origin is not its key's name, as ours is, so only the note verifies."""
    folder = vectors("c2sp-notes")
    key = note.parse_vkey((folder / "sumdb-checkpoint.vkey").read_text().strip())
    raw = (folder / "sumdb-checkpoint.txt").read_bytes()
    assert note.verify(raw, key).text.splitlines()[:2] == ["go.sum database tree", "35225469"]
    with pytest.raises(DeclarationError):
        open_checkpoint(raw, key)


def openssh(name: str) -> tuple[str, bytes, bytes, str]:
    folder = vectors("openssh-sshsig")
    line = " ".join((folder / f"{name}.pub").read_text().split()[:2])
    blob = dearmor((folder / f"{name}.sig").read_text())
    return line, blob, (folder / "signed-data").read_bytes(), (folder / "namespace").read_text().strip()


@pytest.mark.parametrize("name", ["ed25519", "ecdsa"])
def test_openssh_signatures(name: str) -> None:
    line, blob, message, namespace = openssh(name)
    key = parse_public_key(line)
    verify(blob, key=key, namespace=namespace, message=message)
    with pytest.raises(SignatureInvalid):
        verify(blob, key=key, namespace=namespace, message=message + b"\n")


@pytest.mark.parametrize("name", ["rsa", "ed25519_sk", "ecdsa_sk"])
def test_openssh_signatures_of_kinds_that_we_refuse(name: str) -> None:
    line, blob, _, _ = openssh(name)
    with pytest.raises(SignatureInvalid) as caught:
        parse_public_key(line)
    assert caught.value.code == "key.kind"
    with pytest.raises(SignatureInvalid):
        parse_signature(blob)


def test_openssh_passkey_without_user_verification() -> None:
    """OpenSSH's own passkey vector has flags 01: the touch, but no fingerprint or PIN. Everything else about it is in order."""
    line, blob, message, namespace = openssh("ecdsa_sk_webauthn")
    key = parse_public_key(line)
    policy = PasskeyPolicy(("https://www.mindrot.org",), "mindrot.org")
    with pytest.raises(SignatureInvalid) as caught:
        verify(blob, key=key, namespace=namespace, message=message, passkey=policy)
    assert caught.value.code == "passkey.user-verified"
    parsed = parse_signature(blob)
    assert parsed.assertion is not None
    data = sha256(b"mindrot.org").digest() + b"\x01" + parsed.assertion.counter.to_bytes(4, "big")
    assert _is_valid(parsed, key, data + sha256(parsed.assertion.client_data).digest())


@pytest.mark.parametrize("name", ["ed", "p256", "passkey"])
def test_signatures_made_by_a_browser(name: str) -> None:
    folder = vectors("chromium156-sshsig")
    lines = {line.split()[0]: " ".join(line.split()[-2:]) for line in (folder / "allowed").read_text().splitlines()}
    verify(
        dearmor((folder / f"{name}.sig").read_text()),
        key=parse_public_key(lines[f"{name}@x"]),
        namespace="endorsement@declaration.example",
        message=(folder / "statement.json").read_bytes(),
        passkey=PasskeyPolicy(("http://localhost:8977",), "localhost"),
    )


def test_the_small_order_key_that_openssl_and_ssh_keygen_accept() -> None:
    folder = vectors("small-order")
    with pytest.raises(SignatureInvalid) as caught:
        parse_public_key(" ".join((folder / "so.as").read_text().split()[-2:]))
    assert caught.value.code == "key.weak"
    with pytest.raises(SignatureInvalid):
        parse_signature(dearmor((folder / "so.sshsig").read_text()))


def test_its_bare_signature_holds_for_every_message_elsewhere_and_for_none_here() -> None:
    folder = vectors("small-order")
    public = load_pem_public_key((folder / "so.pem").read_bytes())
    signature = (folder / "so.sig").read_bytes()
    assert isinstance(public, Ed25519PublicKey)
    for message in (b"", b"I sign", b"I do not sign"):
        public.verify(signature, message)
        assert not ed25519_accepts(public.public_bytes_raw(), signature, message)


def webauthn(name: str) -> dict[str, bytes]:
    found = load(vectors("w3c-webauthn") / "webauthn-l3-vectors.json")[name]
    point = b"\x04" + es256_coordinates(bytes.fromhex(found["registration"]["attestationObject"]))
    fields = ("challenge", "authenticatorData", "clientDataJSON", "signature")
    return {"point": point, **{field: bytes.fromhex(found["authentication"][field]) for field in fields}}


def es256_coordinates(attestation: bytes) -> bytes:
    """x ‖ y out of the COSE key ``{1: 2, 3: -7, -1: 1, -2: x, -3: y}`` at the end of the authenticator data."""
    start = attestation.index(bytes.fromhex("a5010203262001215820")) + 10
    assert attestation[start + 32 : start + 35] == bytes.fromhex("225820")
    return attestation[start : start + 32] + attestation[start + 35 : start + 67]


def check_assertion(found: dict[str, bytes]) -> None:
    """The passkey part of :func:`verify`, with the vector's own challenge in place of a TBS."""
    key = passkey(found["point"], "example.org")
    data = found["authenticatorData"]
    origin = b"https://example.org"
    assertion = Assertion(data[32], int.from_bytes(data[33:37], "big"), origin, found["clientDataJSON"], data[37:])
    signed = _assertion_bytes(assertion, key, found["challenge"], PasskeyPolicy((origin.decode(),), "example.org"))
    if not _is_valid(SshSignature(key, "", "", found["signature"], assertion), key, signed):
        raise SignatureInvalid("no")


WEBAUTHN = {
    "none-es256": "passkey.user-verified",
    "packed-self-es256": None,
    "none-es256-crossOrigin": "passkey.cross-origin",
    "none-es256-topOrigin": "passkey.cross-origin",
    "none-es256-long-credential-id": None,
    "packed-es256": None,
    "tpm-es256": None,
    "android-key-es256": None,
    "apple-es256": None,
    "fido-u2f-es256": None,
}


@pytest.mark.parametrize(("name", "code"), WEBAUTHN.items())
def test_webauthn_level_3(name: str, code: str | None) -> None:
    found = webauthn(name)
    verified = bool(found["authenticatorData"][32] & 0x04)
    if code is None and verified:
        check_assertion(found)
        return
    with pytest.raises(SignatureInvalid) as caught:
        check_assertion(found)
    assert caught.value.code == (code or "passkey.user-verified")


OTHER_ALGORITHMS = {"packed-es384": -35, "packed-es512": -36, "packed-rs256": -257, "packed-eddsa": -8, "packed-ed448": -53}
"""The credentials that are no ES256, by their COSE algorithm: a device that has nothing else makes a key in the browser."""
NO_CREDENTIAL = {"attestation-root-cert"}


def test_every_credential_is_asked_about_or_of_an_algorithm_that_no_passkey_here_has() -> None:
    found = load(vectors("w3c-webauthn") / "webauthn-l3-vectors.json")
    assert set(found) == {*WEBAUTHN, *OTHER_ALGORITHMS, *NO_CREDENTIAL}
    for name, algorithm in OTHER_ALGORITHMS.items():
        attestation = bytes.fromhex(found[name]["registration"]["attestationObject"])
        assert b"\x03" + cbor_negative(algorithm) in attestation
        with pytest.raises(ValueError, match="subsection not found"):
            es256_coordinates(attestation)


def cbor_negative(number: int) -> bytes:
    """The integer in CBOR, which counts negative ones from -1."""
    place = -1 - number
    return bytes([0x20 | place]) if place < 24 else b"\x38" + bytes([place]) if place < 256 else b"\x39" + place.to_bytes(2, "big")
