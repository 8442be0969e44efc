"""A signature that was made somewhere else, as it comes back: a file or pasted text, from ``ssh-keygen``, ``openssl`` or the signer.

* the armoured text of ``ssh-keygen -Y sign``, or its blob
* the bare signature that ``openssl`` makes over :func:`~declaration.protocol.sshsig.tbs`: 64 bytes of Ed25519, or ECDSA in DER; put into
  the form of a blob here, since the key, the namespace and the hash are known
* either of them in base64

People also bring what lay beside it. A private key, a public key and the statement are told apart, and nothing of them is kept.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from declaration.errors import Malformed, Refused, SignatureInvalid
from declaration.protocol.encoding import b64decode
from declaration.protocol.keys import ED25519, P256, PublicKey
from declaration.protocol.sshsig import dearmor, frame, tbs, verify
from declaration.protocol.wire import mpint, string

MOST_BYTES = 16 * 1024

_ARMOUR = "-----BEGIN SSH SIGNATURE-----"
_PUBLIC = ("ssh-", "ecdsa-sha2-", "sk-", "---- BEGIN SSH2 PUBLIC", "-----BEGIN PUBLIC KEY")


def blob_of(data: bytes, *, key: PublicKey, namespace: str) -> bytes:
    """The SSHSIG blob in what came back. Nothing is verified yet.

    :raises Malformed: ``returned.*``: it is something else, and what.
    :raises Refused: ``returned.private-key``.
    :raises SignatureInvalid: ``signature.armor``: the beginning of a signature, and not all of it.
    """
    if not data.strip():
        raise Malformed("no signature came back", code="returned.nothing", instead="Choose the file that ends in .sig, or paste its text.")
    if len(data) > MOST_BYTES:
        raise Malformed("this is too long for a signature", code="returned.too-long", instead="Choose the file that ends in .sig.")
    bare = _bare(data, key, namespace)
    if bare is not None:
        return bare
    text = _text(data)
    if text is None:
        raise _unknown()
    _refuse_what_lay_beside(text)
    if text.startswith(_ARMOUR):
        return dearmor(text)
    try:
        found = _bare(b64decode("".join(text.split())), key, namespace)
    except Malformed:
        found = None
    if found is None:
        raise _unknown()
    return found


def mistake(blob: bytes, *, key: PublicKey, namespace: str, message: bytes) -> str:
    """What was signed instead of ``message`` by the right key: ``line-end``, ``crlf``, ``tbs``, or nothing that one can tell."""
    tries = {"line-end": message + b"\n", "crlf": message + b"\r\n", "tbs": tbs(namespace, message)}
    for name, other in tries.items():
        try:
            verify(blob, key=key, namespace=namespace, message=other)
        except SignatureInvalid:
            continue
        return name
    return ""


def _bare(data: bytes, key: PublicKey, namespace: str) -> bytes | None:
    """A blob as it is, or made of a bare signature; None for anything else."""
    if data.startswith(b"SSHSIG"):
        return data
    if key.kind == ED25519 and len(data) == 64 and not data.isascii():
        return frame(key, namespace, string(ED25519.encode()) + string(data))
    if key.kind == P256 and data[:1] == b"\x30":
        try:
            r, s = decode_dss_signature(data)
        except ValueError:
            return None
        return frame(key, namespace, string(P256.encode()) + string(mpint(r) + mpint(s)))
    return None


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None


def _refuse_what_lay_beside(text: str) -> None:
    if "PRIVATE KEY-----" in text:
        raise Refused(
            "this is a private key, and nothing of it was kept",
            code="returned.private-key",
            instead="Send the signature, the file that ends in .sig. If the key is not locked by a passphrase, make a new one.",
        )
    if text.startswith(_PUBLIC):
        raise Malformed("this is a public key", code="returned.public-key", instead="Send the signature, the file that ends in .sig.")
    if text.startswith("{"):
        raise Malformed("this is the statement itself", code="returned.statement", instead="Sign it, and send the file that ends in .sig.")


def _unknown() -> Malformed:
    return Malformed(
        "this is not a signature",
        code="returned.unknown",
        instead="Paste the whole .sig file, from -----BEGIN SSH SIGNATURE----- on, or choose the file.",
    )
