"""What a page needs to have an act signed, and what comes back from it.

The page carries the act's template; the browser adds the fingerprint of the key on the device, a nonce, and the checkpoint
that it verified, makes the canonical bytes, signs them, and posts both. See ``static/js/act.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from declaration.errors import DeclarationError, Malformed
from declaration.forums.models import Forum
from declaration.protocol.encoding import b64decode, canonical
from declaration.protocol.statement import namespace
from declaration.web.access import Actor

_LONGEST_SIGNATURE = 16_000


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement and its signature as a form brought them; nothing is verified yet."""

    statement: bytes
    signature: bytes


def template(forum: Forum, actor: Actor, type_: str, object_: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """The act as the browser completes it."""
    return {
        "type": type_,
        "declaration": forum.declaration,
        "log": forum.origin,
        "object": object_,
        "by": {"party": actor.party, "role": actor.role},
        "body": dict(body),
    }


@dataclass(frozen=True, slots=True)
class Ask:
    """One act that a page offers: what would be signed, where it goes, or why it cannot be done now."""

    action: str
    act: Mapping[str, Any]
    refusal: DeclarationError | None

    @property
    def json(self) -> str:
        """The template for the form's ``data-act``."""
        return canonical(dict(self.act)).decode()

    @property
    def namespace(self) -> str:
        """The signature's namespace: this act, in this record."""
        return namespace(self.act["type"], self.act["log"])


def log_url(forum: Forum) -> str:
    """Where the browser reads checkpoints and proofs."""
    return url_for("transparency.checkpoint", forum=forum.slug).removesuffix("checkpoint")


def signed_from_form() -> Signed:
    """The statement and signature in the current request's form.

    :raises Malformed: ``signing.missing`` where the browser did not sign (scripts are off, or no key is on the device).
    """
    statement, signature = request.form.get("statement", ""), request.form.get("signature", "")
    if not statement or not signature:
        raise Malformed(
            "nothing was signed on this device",
            code="signing.missing",
            instead="Signing needs scripts and your key in this browser. You can enrol a key or restore its backup.",
        )
    if len(signature) > _LONGEST_SIGNATURE:
        raise Malformed("the signature is too long", code="signing.signature")
    return Signed(statement.encode(), b64decode(signature))
