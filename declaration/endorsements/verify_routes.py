"""Taking everything along and checking it without this service: the bundle, the policy, how to, and the signed declaration on paper."""

from __future__ import annotations

from flask import make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials.record import trust_root
from declaration.documents.pdf import signed_pdf
from declaration.drafts import queries as drafts
from declaration.drafts.reading import may_read, require_reader, text_language
from declaration.endorsements import downloads
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.bundle import opened_log
from declaration.endorsements.paper import signed_document
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.readme import LOOP, not_proved
from declaration.endorsements.receipt_routes import attachment
from declaration.endorsements.record import own_note, require_entries
from declaration.errors import NotFound
from declaration.procedure.signers import allowed_signers_of
from declaration.protocol.encoding import b64encode, decode_decimal
from declaration.transparency import witnesses
from declaration.verifier.standalone import verify_html, verify_sh
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

_PROGRAMS = {"verify.html": (verify_html, "text/html; charset=utf-8"), "verify.sh": (verify_sh, "text/x-shellscript; charset=utf-8")}


@blueprint.get("/<forum>/verify")
@allow(PUBLIC)
def verify(forum: str) -> ResponseReturnValue:
    """How to verify offline: the root of trust, the checkpoint, the commands, and what is not proved."""
    session, found, state = current_session(), this_forum(), this_state()
    root = trust_root(session, found)
    if root is None:
        return render_template("endorsements/verify_empty.html", state=state)
    log = opened_log(session, found)
    checkpoint = witnesses.cosigned_note(session, log, log.size)
    carries = _("A code that carries this checkpoint and the signature of the record’s key")
    return render_template(
        "endorsements/verify.html",
        state=state,
        root=root,
        root_code=qr_svg(root, _("A code with the root of trust: the 64 digits above"), scale=4),
        log=log,
        checkpoint=checkpoint.decode(),
        checkpoint_code=qr_svg(own_note(checkpoint).decode(), carries, scale=3),
        policy=witnesses.policy_text(log).decode(),
        bundle=downloads.bundle(session, found) if may_read(state, optional_actor(), now()) else None,
        loop=LOOP,
        not_proved=not_proved(),
    )


@blueprint.get("/<forum>/policy")
@allow(PUBLIC)
def policy_file(forum: str) -> ResponseReturnValue:
    """The policy that an auditor keeps: whose signature a checkpoint of this record must carry."""
    return attachment(witnesses.policy_text(opened_log(current_session(), this_forum())), "policy", "text/plain; charset=utf-8")


@blueprint.get("/<forum>/allowed_signers")
@allow(PUBLIC)
def signers(forum: str) -> ResponseReturnValue:
    """Every key that the record gave authority and when it had it, for stock ``ssh-keygen``. Public when the entries are; it holds no
    names of persons, but which organizations have a key is theirs to know until then.
    """
    session, found, state = current_session(), this_forum(), this_state()
    require_entries(opened_log(session, found), state, optional_actor(), now())
    answer = attachment(allowed_signers_of(state).encode(), "allowed_signers", "text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/<forum>/verify/<any('verify.html', 'verify.sh'):name>")
@allow(PUBLIC)
def second_opinion(forum: str, name: str) -> ResponseReturnValue:
    """The page and the script, to be kept: a program that comes with every bundle proves nothing about that bundle."""
    body, content_type = _PROGRAMS[name]
    return attachment(body(), name, content_type)


@blueprint.get("/<forum>/bundle.zip")
@allow(PUBLIC)
def bundle(forum: str) -> ResponseReturnValue:
    """Everything in one file; of the first ``?size=`` entries, or of all. Public when the entries are."""
    session, found = current_session(), this_forum()
    require_reader(this_state(), optional_actor(), now())
    wanted = request.args.get("size")
    kept = downloads.bundle(session, found, size=decode_decimal(wanted) if wanted is not None else None)
    answer = send_file(
        kept.path, mimetype="application/zip", as_attachment=True, download_name=f"{found.slug}-{kept.size}.zip",
        etag=f"sha256-{kept.sha256}", max_age=0,
    )  # fmt: skip
    del answer.headers["Last-Modified"]  # when it was first asked for, and so by whom, is nobody's business; the ETag is enough
    answer.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(kept.sha256))}:"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/<forum>/signed.pdf")
@allow(PUBLIC)
def signed(forum: str) -> ResponseReturnValue:
    """The adopted text with everybody who signed it.

    :raises Malformed: ``document.missing-glyph`` where the fonts cannot draw a letter; nothing is printed instead.
    """
    session, found, state = current_session(), this_forum(), this_state()
    if state.adopted is None or state.window is None:
        raise NotFound(
            _("Nothing has been opened for signature yet."), code="endorsement.not-open", instead=_("Versions have a PDF of their own.")
        )
    loaded = drafts.version(session, found, state.adopted)
    lang = text_language(loaded.texts, state.known.original)
    body = signed_pdf(signed_document(session, found, state, loaded, lang, now()))
    answer = make_response(body)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{state.declaration.replace("/", "-")}-signed-{lang}.pdf"'
    return answer
