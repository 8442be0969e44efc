r"""Signatures: SSHSIG, the format of ``ssh-keygen -Y sign``, in which browsers and passkeys can sign too.

Rule: OpenSSH ``PROTOCOL.sshsig`` and ``PROTOCOL.u2f``. With ``s(x)`` = uint32 big-endian length ‖ x::

    TBS  = "SSHSIG" ‖ s(namespace) ‖ s("") ‖ s("sha512") ‖ s(SHA512(message))
    blob = "SSHSIG" ‖ uint32 1 ‖ s(public key) ‖ s(namespace) ‖ s("") ‖ s("sha512") ‖ s(signature)

==========================================  ========================================================================
key                                         signature
==========================================  ========================================================================
``ssh-ed25519``                             s("ssh-ed25519") ‖ s(64 bytes), over TBS (RFC 8032)
``ecdsa-sha2-nistp256``                     s("ecdsa-sha2-nistp256") ‖ s(mpint r ‖ mpint s), over TBS with SHA-256
``sk-ecdsa-sha2-nistp256@openssh.com``      s("webauthn-sk-ecdsa-sha2-nistp256@openssh.com") ‖ s(mpint r ‖ mpint s) ‖
                                            byte flags ‖ uint32 counter ‖ s(origin) ‖ s(clientDataJSON) ‖ s(extensions)
==========================================  ========================================================================

A passkey signs ``authenticatorData ‖ SHA256(clientDataJSON)`` with ``authenticatorData = SHA256(application) ‖ flags ‖ counter ‖
extensions``; the **challenge** in ``clientDataJSON`` is the TBS in base64url. What we accept ``ssh-keygen -Y verify`` accepts.

Verification, in this order; the numbers stand in the code:

1. structure: version 1, reserved empty, hash ``sha512`` (``sha256`` is refused), nothing after the last field
2. the key in the blob is the expected key, byte for byte
3. the namespace is the expected one
4. the signature's kind is the key's
5. for a passkey: type ``webauthn.get``, challenge, an origin of the policy, the policy's relying party, user present and
   verified, not embedded in another site's page (``crossOrigin``, ``topOrigin``)
6. the signature itself: Ed25519 by libsodium, which refuses what RFC 8032 leaves open (S not reduced, R or key of small order)

ECDSA has two valid signatures for one message (s and n-s). Both are accepted, because clients make both: the identity of an act
is the digest of its statement, never its signature, and a digest recorded twice is refused elsewhere.

>>> tbs("possession-v1@declaration.example/forum", b"{}")[:6]
b'SSHSIG'
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256, sha512

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from declaration.errors import Malformed, SignatureInvalid
from declaration.protocol.encoding import b64decode, b64encode, b64url_encode, parse_json
from declaration.protocol.keys import (
    ED25519,
    P256,
    PASSKEY,
    PrivateKey,
    PublicKey,
    ec_public_key,
    parse_key_blob,
    public_key_of,
    read_key_blob,
)
from declaration.protocol.wire import Reader, mpint, string

MAX_BLOB = 8192
"""Bytes of the largest signature blob accepted; a passkey's is about 900."""

WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_BEFORE_KEY = _MAGIC + _VERSION
_BEFORE_ED25519_KEY = _BEFORE_KEY + (51).to_bytes(4, "big") + string(ED25519.encode()) + (32).to_bytes(4, "big")
_HASH = b"sha512"
_SIGNATURE_KIND = {ED25519: ED25519, P256: P256, PASSKEY: WEBAUTHN}
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_USER_PRESENT, _USER_VERIFIED, _ATTESTED, _EXTENSIONS = 0x01, 0x04, 0x40, 0x80

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


@dataclass(frozen=True, slots=True)
class PasskeyPolicy:
    """Where a passkey may have signed; from the constitution, never from a request.

    :param origins: exact web origins, such as ``https://declaration.example``.
    :param rp_id: the relying party id, such as ``declaration.example``.
    """

    origins: tuple[str, ...]
    rp_id: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a passkey's signature carries besides the signature."""

    flags: int
    counter: int
    origin: bytes
    client_data: bytes
    extensions: bytes


@dataclass(frozen=True, slots=True)
class SshSignature:
    """A parsed blob: well formed, not yet verified.

    :param kind: the name of the signature format.
    :param signature: 64 bytes of Ed25519, or the DER form of ECDSA's r and s.
    :param assertion: the passkey's part; None for other keys.
    """

    public_key: PublicKey
    namespace: str
    kind: str
    signature: bytes
    assertion: Assertion | None = None


def tbs(namespace: str, message: bytes) -> bytes:
    """The bytes that are signed, and the challenge of a passkey."""
    return _tbs_head(namespace) + sha512(message).digest()


@lru_cache(maxsize=256)
def _tbs_head(namespace: str) -> bytes:
    if not namespace:
        raise SignatureInvalid("a signature needs a namespace", code="signature.namespace")
    return _MAGIC + string(namespace.encode()) + string(b"") + string(_HASH) + (64).to_bytes(4, "big")


def sign(private: PrivateKey, namespace: str, message: bytes) -> bytes:
    """Sign with an Ed25519 or P-256 key that is at hand; returns the blob."""
    key = public_key_of(private)
    signed = tbs(namespace, message)
    if isinstance(private, Ed25519PrivateKey):
        return _blob(key, namespace, string(b"ssh-ed25519") + string(private.sign(signed)))
    return _blob(key, namespace, string(b"ecdsa-sha2-nistp256") + string(_mpints(private.sign(signed, ECDSA(SHA256())))))


def assemble_passkey(
    key: PublicKey, namespace: str, *, origin: str, authenticator_data: bytes, client_data: bytes, signature: bytes
) -> bytes:
    """Put a WebAuthn assertion (its ``signature`` in DER) into a blob, as the signing page does; verifies nothing."""
    flags_counter_extensions = authenticator_data[32:]
    if key.kind != PASSKEY or len(flags_counter_extensions) < 5:
        raise SignatureInvalid("not an assertion of a passkey", code="signature.malformed")
    return _blob(
        key,
        namespace,
        string(WEBAUTHN.encode())
        + string(_mpints(signature))
        + flags_counter_extensions[:5]
        + string(origin.encode())
        + string(client_data)
        + string(flags_counter_extensions[5:]),
    )


def frame(key: PublicKey, namespace: str, signature: bytes) -> bytes:
    """Put a signature field that is already in its SSH form into a blob; verifies nothing."""
    return _blob(key, namespace, signature)


def key_blob_of(blob: bytes) -> bytes:
    """The public key that a blob says it was made with, in wire form; nothing is verified.

    :raises SignatureInvalid: the blob is not a signature.
    """
    try:
        return _fields(blob)[0]
    except Malformed as error:
        raise SignatureInvalid(f"malformed signature: {error}", code="signature.malformed") from None


def likely_key(blob: bytes) -> PublicKey | None:
    """The Ed25519 key that a blob begins with; None where there is another one, or the blob is none at all.

    A guess that saves time and decides nothing: whoever goes on with the key verifies the whole blob with it.
    """
    return read_key_blob(blob[14:65]) if blob.startswith(_BEFORE_ED25519_KEY) and len(blob) > 65 else None


def parse_signature(blob: bytes) -> SshSignature:
    """Parse a blob strictly; :class:`SignatureInvalid` says what is wrong with it."""
    try:
        key_blob, namespace, signature = _fields(blob)
        return _parsed(parse_key_blob(key_blob), namespace, signature)
    except Malformed as error:
        raise SignatureInvalid(f"malformed signature: {error}", code="signature.malformed") from None


def verify(signature_blob: bytes, *, key: PublicKey, namespace: str, message: bytes, passkey: PasskeyPolicy | None = None) -> None:
    """Return when the signature is strictly valid; otherwise raise :class:`SignatureInvalid` with the reason as ``code``."""
    # 1 to 4 at once: there is one way to write what stands before an Ed25519 signature's 64 bytes. What is written in another way, or
    # does not verify, goes through the same questions one by one, to be told which one it failed.
    if (
        key.kind == ED25519
        and signature_blob[:-64] == _ed25519_head(key.blob, namespace)
        and _opens(signature_blob[-64:] + tbs(namespace, message), key.point)  # 6
    ):
        return
    try:
        key_blob, signed_namespace, signature = _fields(signature_blob)  # 1
        if key_blob != key.blob:  # 2
            raise SignatureInvalid("signed with another key", code="signature.other-key")
        if signed_namespace != namespace.encode():  # 3
            raise SignatureInvalid("signed for another act or another forum", code="signature.namespace")
        parsed = _parsed(key, signed_namespace, signature)  # 1, 4
    except Malformed as error:
        raise SignatureInvalid(f"malformed signature: {error}", code="signature.malformed") from None
    signed = tbs(namespace, message)
    if parsed.assertion is not None:
        signed = _assertion_bytes(parsed.assertion, key, signed, passkey)  # 5
    if not _is_valid(parsed, key, signed):  # 6
        raise SignatureInvalid("the signature does not belong to these bytes", code="signature.invalid")


def armor(blob: bytes) -> str:
    """The text form that ``ssh-keygen`` writes: base64 in lines of 70 characters between two marker lines."""
    text = b64encode(blob)
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def dearmor(text: str) -> bytes:
    """Inverse of :func:`armor`. White space around the text and CRLF are forgiven: only the blob is ever recorded."""
    lines = text.strip().replace("\r\n", "\n").split("\n")
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise SignatureInvalid(
            "not an SSH signature",
            code="signature.armor",
            instead="Paste the whole .sig file, from -----BEGIN SSH SIGNATURE----- on.",
        )
    try:
        return b64decode("".join(lines[1:-1]))
    except Malformed as error:
        raise SignatureInvalid(f"malformed signature: {error}", code="signature.armor") from None


def _blob(key: PublicKey, namespace: str, signature: bytes) -> bytes:
    return _MAGIC + _VERSION + string(key.blob) + string(namespace.encode()) + string(b"") + string(_HASH) + string(signature)


def _ed25519_head(key_blob: bytes, namespace: str) -> bytes:
    """Everything of a blob but the last 64 bytes."""
    return _BEFORE_KEY + len(key_blob).to_bytes(4, "big") + key_blob + _ed25519_tail(namespace)


@lru_cache(maxsize=256)
def _ed25519_tail(namespace: str) -> bytes:
    signature = string(ED25519.encode()) + string(bytes(64))
    return (string(namespace.encode()) + string(b"") + string(_HASH) + string(signature))[:-64]


def _fields(blob: bytes) -> tuple[bytes, bytes, bytes]:
    """The key, the namespace and the signature of a blob."""
    if len(blob) > MAX_BLOB:
        raise SignatureInvalid("a signature of too many bytes", code="signature.too-long")
    reader = Reader(blob)
    if reader.take(6) != _MAGIC or reader.take(4) != _VERSION:
        raise SignatureInvalid("not an SSHSIG signature of version 1", code="signature.version")
    key, namespace = reader.string(), reader.string()
    if not namespace:
        raise SignatureInvalid("a signature without a namespace", code="signature.namespace")
    if reader.string():
        raise SignatureInvalid("a signature with reserved bytes", code="signature.reserved")
    if reader.string() != _HASH:
        raise SignatureInvalid("a signature over another hash than SHA-512", code="signature.hash")
    signature = reader.string()
    reader.end()
    return key, namespace, signature


def _parsed(key: PublicKey, namespace: bytes, data: bytes) -> SshSignature:
    reader = Reader(data)
    kind = reader.string()
    if kind != _SIGNATURE_KIND[key.kind].encode():  # 4
        raise SignatureInvalid(
            f"a signature of kind {kind.decode('ascii', 'replace')[:60]!r} for a key of kind {key.kind}",
            code="signature.kind",
        )
    signature = reader.string()
    assertion = None
    if key.kind == ED25519:
        if len(signature) != 64:
            raise Malformed("an Ed25519 signature has 64 bytes", code="signature.malformed")
    else:
        signature = _der(signature)
    if key.kind == PASSKEY:
        assertion = Assertion(reader.byte(), reader.uint32(), reader.string(), reader.string(), reader.string())
    reader.end()
    try:
        return SshSignature(key, namespace.decode("utf-8"), kind.decode("ascii"), signature, assertion)
    except UnicodeDecodeError:
        raise Malformed("a namespace that is not UTF-8", code="signature.malformed") from None


def _assertion_bytes(assertion: Assertion, key: PublicKey, challenge: bytes, policy: PasskeyPolicy | None) -> bytes:
    """Check what the browser and the authenticator say of themselves; return the bytes that the authenticator signed.

    The client data must start as WebAuthn's limited verification algorithm says (section 5.8.1.2), which is also all that
    ssh-keygen looks at; it is parsed as well, so that a second ``origin`` further on cannot say something else.
    """
    if policy is None:
        raise SignatureInvalid("passkeys are not accepted here", code="passkey.policy")
    if key.application != policy.rp_id:
        raise SignatureInvalid("a passkey of another site", code="passkey.rp-id")
    origin = assertion.origin.decode("utf-8", "replace")
    if origin not in policy.origins:
        raise SignatureInvalid(f"a passkey used at {origin[:80]!r}", code="passkey.origin")
    encoded = b64url_encode(challenge)
    start = f'{{"type":"webauthn.get","challenge":"{encoded}","origin":"{origin}"'.encode()
    if assertion.client_data[: len(start) + 1] not in (start + b",", start + b"}"):
        raise SignatureInvalid("a passkey used for something else", code="passkey.client-data")
    client = _client_data(assertion.client_data)
    if (client.get("type"), client.get("challenge"), client.get("origin")) != ("webauthn.get", encoded, origin):
        raise SignatureInvalid("a passkey used for something else", code="passkey.client-data")
    if client.get("crossOrigin", False) is not False or "topOrigin" in client:
        raise SignatureInvalid("a passkey used inside another site's page", code="passkey.cross-origin")
    if not assertion.flags & _USER_PRESENT:
        raise SignatureInvalid("a passkey used without a touch", code="passkey.user-present")
    if not assertion.flags & _USER_VERIFIED:
        raise SignatureInvalid("a passkey used without fingerprint, face or PIN", code="passkey.user-verified")
    if assertion.flags & _ATTESTED or bool(assertion.flags & _EXTENSIONS) != bool(assertion.extensions):
        raise SignatureInvalid("a passkey's flags contradict its data", code="passkey.flags")
    authenticator_data = (
        sha256(policy.rp_id.encode()).digest() + bytes([assertion.flags]) + assertion.counter.to_bytes(4, "big") + assertion.extensions
    )
    return authenticator_data + sha256(assertion.client_data).digest()


def _client_data(data: bytes) -> dict[str, object]:
    """The client data as a dict; what is not a JSON object of the profile is refused."""
    try:
        value = parse_json(data)
    except Malformed as error:
        raise SignatureInvalid(f"malformed client data: {error}", code="passkey.client-data") from None
    if not isinstance(value, dict):
        raise SignatureInvalid("malformed client data", code="passkey.client-data")
    return dict(value)


def _opens(signature_and_message: bytes, point: bytes) -> bool:
    try:
        crypto_sign_open(signature_and_message, point)
    except BadSignatureError:
        return False
    return True


def _is_valid(parsed: SshSignature, key: PublicKey, signed: bytes) -> bool:
    if key.kind == ED25519:
        return _opens(parsed.signature + signed, key.point)
    try:
        ec_public_key(key.point).verify(parsed.signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _mpints(der: bytes) -> bytes:
    try:
        r, s = decode_dss_signature(der)
    except ValueError:
        raise SignatureInvalid("not an ECDSA signature", code="signature.malformed") from None
    return mpint(r) + mpint(s)


def _der(data: bytes) -> bytes:
    reader = Reader(data)
    r, s = reader.mpint(), reader.mpint()
    reader.end()
    if r >= _ORDER or s >= _ORDER:
        raise Malformed("r or s is not below the order of the curve", code="signature.malformed")
    return encode_dss_signature(r, s)
