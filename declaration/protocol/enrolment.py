r"""How a new key proves that somebody holds it, before anybody vouches for it.

The holder signs the canonical JSON below with the new key, in the namespace ``possession-v1@<log>``; whoever accredits the key
embeds that signature in ``accredit-v1``. So nobody can enter a key that its holder did not offer to this forum under this
constitution, and a proof made for one enrolment is of no use for another: the nonce is given out once.

>>> possession("0" * 64, "SHA256:" + "A" * 43, "A" * 22)[:30]
b'{"constitution":"0000000000000'

Members: ``constitution`` (digest of the constitution, hex), ``key`` (fingerprint of the new key), ``nonce`` (16 bytes in
base64url), ``type`` (``possession-v1``). Signing in has a namespace of its own, ``sign-in@<origin>``, so a proof of possession is
never a sign-in, nor the reverse.
"""

from __future__ import annotations

from functools import lru_cache

from declaration.errors import Malformed
from declaration.protocol.encoding import b64url_decode, parse_hex32
from declaration.protocol.keys import PublicKey, parse_fingerprint
from declaration.protocol.names import namespace, parse_origin
from declaration.protocol.sshsig import PasskeyPolicy, verify

TYPE = "possession-v1"


def possession(constitution: str, key: str, nonce: str) -> bytes:
    """The bytes to sign: constitution's digest in hex, the new key's fingerprint, the one-time nonce in base64url."""
    parse_hex32(constitution)
    parse_fingerprint(key)
    if len(b64url_decode(nonce)) != 16:
        raise Malformed("a nonce is 16 bytes in base64url", code="enrolment.nonce")
    # Hexadecimal and base64 have nothing that canonical JSON would write in another way.
    return f'{{"constitution":"{constitution}","key":"{key}","nonce":"{nonce}","type":"{TYPE}"}}'.encode("ascii")


@lru_cache(maxsize=16)
def possession_namespace(log: str) -> str:
    """The SSHSIG namespace of a proof of possession."""
    return namespace(TYPE, parse_origin(log))


def verify_possession(
    signature_blob: bytes,
    *,
    key: PublicKey,
    constitution: str,
    nonce: str,
    log: str,
    passkey: PasskeyPolicy | None = None,
) -> None:
    """Return when ``key`` itself signed for this constitution, nonce and log; otherwise raise ``SignatureInvalid``."""
    message = possession(constitution, key.fingerprint, nonce)
    verify(signature_blob, key=key, namespace=possession_namespace(log), message=message, passkey=passkey)
