"""Enrolling a key that was made outside of this browser: the public line is pasted, the proof of possession is signed with ``ssh-keygen``.

Works without scripts. The public key travels in the address, where nobody is harmed by it, so nothing has to be kept in between.
"""

from __future__ import annotations

from flask import Flask, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import enrolment, returned
from declaration.credentials.key_routes import blueprint
from declaration.credentials.models import Enrolment
from declaration.credentials.states import current
from declaration.errors import DeclarationError, Malformed, Refused, SignatureInvalid
from declaration.procedure.state import State
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import PASSKEY, PublicKey, parse_public_key
from declaration.protocol.sshsig import tbs
from declaration.web.access import SIGNED_IN, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

__all__ = ["blueprint", "init_app"]


def init_app(app: Flask) -> None:
    """Nothing to register: the views are added to the blueprint of keys when this module is imported."""


@blueprint.post("/<forum>/keys/outside")
@allow(SIGNED_IN)
def begin_outside(forum: str) -> ResponseReturnValue:
    """Give out a nonce, and show the page on which the public line is pasted."""
    found = enrolment.begin(current_session(), g.forum, current_actor().person_id, now=now())
    return redirect(url_for("keys.outside", forum=forum, enrolment_id=found.id))


@blueprint.get("/<forum>/keys/<int:enrolment_id>/outside")
@allow(SIGNED_IN)
def outside(forum: str, enrolment_id: int) -> ResponseReturnValue:
    """Two steps: the public key; then, where it is known, the proof to sign and the way back."""
    found, state = _own(enrolment_id)
    if found.public is not None:
        return redirect(url_for("keys.mine", forum=forum))
    line = request.args.get("key", "")
    try:
        key = public_line(line) if line.strip() else None
    except DeclarationError as error:
        return _page(found, state, None, line=line, error=error), 422
    return _page(found, state, key, line=line)


@blueprint.get("/<forum>/keys/<int:enrolment_id>/<any('possession.json', 'possession.tbs'):name>")
@allow(SIGNED_IN)
def proof(forum: str, enrolment_id: int, name: str) -> ResponseReturnValue:
    """What the new key signs: the bytes for ``ssh-keygen``, or for ``openssl``."""
    found, state = _own(enrolment_id)
    message = _message(found, state, public_line(request.args.get("key", "")))
    body = message if name.endswith(".json") else tbs(possession_namespace(g.forum.origin), message)
    answer = make_response(body)
    answer.content_type = "application/json" if name.endswith(".json") else "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/<forum>/keys/<int:enrolment_id>/outside")
@allow(SIGNED_IN)
def send_outside(forum: str, enrolment_id: int) -> ResponseReturnValue:
    """Keep the public key once the proof verifies; a proof that does not is answered on the same page."""
    found, state = _own(enrolment_id)
    line = request.form.get("key", "")
    key = public_line(line)
    try:
        blob = b""
        if state.constitution is not None:
            space = possession_namespace(g.forum.origin)
            blob = returned.blob_of(uploaded(), key=key, namespace=space)
        enrolment.finish(current_session(), g.forum, found, key.openssh, blob, now=now())
    except (Malformed, SignatureInvalid, Refused) as error:
        return _page(found, state, key, line=line, error=error), 422
    flash(_("Your public key has arrived. It can sign once it is accredited."), "good")
    return redirect(url_for("keys.mine", forum=forum))


def uploaded() -> bytes:
    """What came back: the file, or the text where none was chosen."""
    file = request.files.get("file")
    data = file.read(returned.MOST_BYTES + 1) if file is not None else b""
    return data or request.form.get("pasted", "").encode()


def public_line(line: str) -> PublicKey:
    """The public key in a line of an ``authorized_keys`` or ``.pub`` file; its comment is left out.

    :raises Malformed, SignatureInvalid: no such line, or a key that is not accepted; ``key.private`` for a private one.
    """
    text = line.strip()
    if "PRIVATE KEY" in text:
        raise Refused(
            "this is a private key, and nothing of it was kept",
            code="returned.private-key",
            instead="Paste the one line of the file that ends in .pub.",
        )
    words = text.split()
    if len(words) < 2 or len(text.splitlines()) > 1:
        raise Malformed("this is not a public key", code="key.malformed", instead="Paste the one line of the file that ends in .pub.")
    key = parse_public_key(" ".join(words[:2]))
    if key.kind == PASSKEY:
        raise Refused("a passkey is made in the browser that uses it", code="key.kind", instead="Go back, and make it there.")
    return key


def _own(enrolment_id: int) -> tuple[Enrolment, State]:
    session = current_session()
    return enrolment.own(session, current_actor().person_id, enrolment_id), current(session, g.forum)


def _message(found: Enrolment, state: State, key: PublicKey) -> bytes:
    return possession(state.known.digest, key.fingerprint, found.nonce) if state.constitution is not None else b""


def _page(found: Enrolment, state: State, key: PublicKey | None, *, line: str = "", error: DeclarationError | None = None) -> str:
    return render_template(
        "credentials/outside.html", enrolment=found, state=state, key=key, line=line if error is None else "", error=error,
        namespace=possession_namespace(g.forum.origin), pasted=request.form.get("pasted", "") if _may_show(error) else "",
    )  # fmt: skip


def _may_show(error: DeclarationError | None) -> bool:
    """A private key that was pasted by mistake is not sent back over the line."""
    return error is None or error.code != "returned.private-key"
