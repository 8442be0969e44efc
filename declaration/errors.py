"""One tree of errors, each with a stable code.

A caller catches :class:`DeclarationError`. The ``code`` is part of the interface: pages translate by it, tests and other
programs compare it, and it is never reused for another meaning. ``message`` says what is so; ``instead`` says what can be
done instead, because a refusal that offers no way on is a dead end for the person in front of it.

Only ``declaration.web.errorpages`` knows HTTP statuses and only ``declaration.verifier.__main__`` knows exit statuses.
"""

from __future__ import annotations


class DeclarationError(Exception):
    """Base of every error that this package raises on purpose.

    :param message: one sentence, what is so.
    :param code: stable identifier, lower case words joined by ``-``, with a subject before a full stop (``amendment.base-changed``).
    :param instead: one sentence, what can be done instead; empty where nothing can.
    """

    default_code = "error"

    def __init__(self, message: str, *, code: str = "", instead: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.instead = instead

    def __str__(self) -> str:
        return self.message


class Malformed(DeclarationError):
    """Bytes or fields that are not what the format says."""

    default_code = "malformed"


class Refused(DeclarationError):
    """An act that the rules of procedure do not allow in the state it met."""

    default_code = "refused"


class NotEntitled(Refused):
    """An act that belongs to another role."""

    default_code = "role.not-entitled"


class SignatureInvalid(DeclarationError):
    """A signature, or the key it was made with, that does not verify strictly."""

    default_code = "signature.invalid"


class ProofInvalid(DeclarationError):
    """A Merkle proof or checkpoint that does not prove what it claims."""

    default_code = "proof.invalid"


class NotFound(DeclarationError):
    """Nothing of that name, or nothing that the reader may know of."""

    default_code = "not-found"


class Conflict(DeclarationError):
    """Two people changed the same thing; both versions are kept and shown."""

    default_code = "conflict"


class NotAllowed(DeclarationError):
    """The reader is known, and this is not theirs to do."""

    default_code = "not-allowed"


class NeedsSignIn(DeclarationError):
    """Nobody is signed in on this device, or no longer."""

    default_code = "needs-sign-in"


class ServiceHeld(DeclarationError):
    """The service refuses to act until its operator has looked: a restored backup, a second root for one size."""

    default_code = "service.held"
