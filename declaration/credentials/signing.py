"""What a page needs to have an act signed, and what comes back from it.

The page carries the act's template; the browser adds the fingerprint of the key on the device, a nonce, and the checkpoint
that it verified, makes the canonical bytes, signs them, and posts both. See ``static/js/act.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from declaration.credentials.enrolment import passkeys, slot_of, usable
from declaration.credentials.states import current
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.forums.models import Forum
from declaration.protocol.encoding import b64decode, canonical
from declaration.protocol.statement import namespace
from declaration.transparency import queries
from declaration.web.access import Actor, optional_actor
from declaration.web.db import current_session

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
    """One act that a page offers: what would be signed, where it goes, or why it cannot be done now.

    :ivar endpoint: where the browser has the act composed from what was filled in; ``None`` where the page knows all of it.
    """

    action: str
    act: Mapping[str, Any]
    refusal: DeclarationError | None
    endpoint: str | None = None

    @property
    def json(self) -> str:
        """The template for the form's ``data-act``."""
        return canonical(dict(self.act)).decode()

    @property
    def namespace(self) -> str:
        """The signature's namespace: this act, in this record."""
        return namespace(self.act["type"], self.act["log"])


def device(forum: Forum) -> Mapping[str, str]:
    """What a form that is signed on the reader's device says about the record and the reader's keys.

    ``log`` is where the browser reads checkpoints and proofs, ``vkey`` the log's key, ``keys`` the fingerprints that are
    accredited for the reader, ``passkeys`` how to ask for those of them that are passkeys, on whichever device they are now.
    """
    if "signing_device" not in g:
        session, actor = current_session(), optional_actor()
        log = queries.find_log(session, forum.origin)
        state = current(session, forum)
        mine = usable(session, state, actor.person_id) if actor is not None else []
        g.signing_device = {
            "log": url_for("transparency.checkpoint", forum=forum.slug).removesuffix("checkpoint"),
            "vkey": queries.vkey(log) if log is not None else "",
            "slot": slot_of(actor) if actor is not None else "",
            "keys": " ".join(mine),
            "passkeys": canonical(passkeys(session, actor.person_id, mine) if actor is not None else []).decode(),
        }
    found: Mapping[str, str] = g.signing_device
    return found


def answered(url: str) -> ResponseReturnValue:
    """Onward after an act was recorded: for a browser that follows forms, or for the script that waits for the answer."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") == "application/json":
        return jsonify(url=url)
    return redirect(url, 303)


def signed_from_form() -> Signed:
    """The statement and signature in the current request's form.

    :raises Refused: ``signing.missing`` where the browser did not sign (scripts are off, or no key is on the device).
    """
    statement, signature = request.form.get("statement", ""), request.form.get("signature", "")
    if not statement or not signature:
        raise Refused(
            "nothing was signed on this device",
            code="signing.missing",
            instead="Signing needs scripts and your key in this browser. Allow scripts for this site, go back and press again. "
            "The page of your key shows how to make one or to bring its backup.",
        )
    if len(signature) > _LONGEST_SIGNATURE:
        raise Malformed("the signature is too long", code="signing.signature")
    return Signed(statement.encode(), b64decode(signature))
