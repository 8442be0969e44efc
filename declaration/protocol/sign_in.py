r"""How a holder signs in with a key, and why that signature is worth nothing anywhere else.

The holder's own program makes the canonical JSON below and signs it in the namespace ``sign-in@<log>``. No statement has a type
without ``-v1``, so no statement can ever be in that namespace: a sign-in is never an act, and an act is never a sign-in. The service
gives a challenge and nothing more; it never chooses the bytes that a key signs.

>>> sign_in("A" * 54, "declaration.example/forum", "https://declaration.example")
b'{"challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","log":"declaration.example/forum","site":"https://declaration.example","type":"sign-in"}'

Members: ``challenge`` (what the service gave for this one time, 20 to 200 characters of base64url), ``log`` (the record whose
constitution gave the key authority), ``site`` (the web origin of the page, one that the constitution lists: a page elsewhere that
passes a challenge on is found out), ``type``.
"""

from __future__ import annotations

import re

from declaration.errors import Malformed, SignatureInvalid
from declaration.protocol.encoding import canonical
from declaration.protocol.keys import PublicKey
from declaration.protocol.names import namespace, parse_origin
from declaration.protocol.sshsig import PasskeyPolicy, verify

TYPE = "sign-in"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{20,200}")


def sign_in(challenge: str, log: str, site: str) -> bytes:
    """The bytes to sign.

    :raises Malformed: ``sign-in.challenge``, ``name.origin``.
    """
    if not _CHALLENGE.fullmatch(challenge):
        raise Malformed("not a challenge", code="sign-in.challenge")
    return canonical({"challenge": challenge, "log": parse_origin(log), "site": site, "type": TYPE})


def sign_in_namespace(log: str) -> str:
    """The SSHSIG namespace of a sign-in."""
    return namespace(TYPE, parse_origin(log))


def verify_sign_in(signature_blob: bytes, *, key: PublicKey, challenge: str, log: str, site: str, policy: PasskeyPolicy) -> None:
    """Return when ``key`` signed this challenge at a site of the policy; a passkey must have been used at that very site.

    :raises Malformed, SignatureInvalid: otherwise, with the reason as ``code``; ``sign-in.site`` for a page elsewhere.
    """
    if site not in policy.origins:
        raise SignatureInvalid(f"signed in at {site[:80]!r}", code="sign-in.site")
    here = PasskeyPolicy((site,), policy.rp_id)
    verify(signature_blob, key=key, namespace=sign_in_namespace(log), message=sign_in(challenge, log, site), passkey=here)
