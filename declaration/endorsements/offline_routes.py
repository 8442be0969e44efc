"""``/<forum>/act/offline``: any act, signed outside of this browser. Works without scripts.

A form of an act sends its fields here instead of signing them; the page of the prepared statement has the files, the command, and the
way back. What comes back is shown with every check before anything is recorded.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import acts
from declaration.credentials.outside_pages import uploaded
from declaration.credentials.signing import Signed
from declaration.drafts import views
from declaration.endorsements import offline
from declaration.endorsements.blueprint import blueprint, this_forum, this_state, words_of
from declaration.endorsements.offline_checks import Judged, judge
from declaration.endorsements.offline_models import PreparedAct
from declaration.endorsements.receipt_routes import attachment
from declaration.endorsements.record_words import says
from declaration.endorsements.sentence import Sentence
from declaration.endorsements.sign_routes import duplicate_page
from declaration.errors import Refused
from declaration.procedure.state import State
from declaration.protocol.sshsig import tbs
from declaration.protocol.statement import Statement, parse_statement
from declaration.signer.package import COUNTERSIGN
from declaration.web.access import SIGNED_IN, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

_FILES = {
    "statement.json": "application/json",
    "statement.tbs": "application/octet-stream",
    "package.json": "application/json",
}


@blueprint.get("/<forum>/act/offline")
@allow(SIGNED_IN)
def offline_list(forum: str) -> ResponseReturnValue:
    """What waits for a signature from elsewhere."""
    session, found, state = current_session(), this_forum(), this_state()
    rows = [(row, parse_statement(row.statement)) for row in offline.waiting(session, found, current_actor())]
    return render_template("endorsements/offline_list.html", state=state, rows=[(row, one, says(one.type)) for row, one in rows])


@blueprint.post("/<forum>/act/offline")
@allow(SIGNED_IN)
def offline_prepare(forum: str) -> ResponseReturnValue:
    """Prepare the act that a form asks for."""
    session, found, actor = current_session(), this_forum(), current_actor()
    type_, object_, body = offline.asked_for(session, found, actor, request.form.to_dict())
    row = offline.prepare(session, found, actor, type_, object_, body, now=now(), key=request.form.get("key", ""))
    return redirect(_address(row.digest), 303)


@blueprint.get("/<forum>/act/offline/<digest>")
@allow(SIGNED_IN)
def offline_one(forum: str, digest: str) -> ResponseReturnValue:
    """The files, the command and the way back; and, once the signature is here, what will be recorded."""
    state = this_state()
    if digest in state.digests:
        return redirect(url_for("endorsements.receipt", forum=forum, digest=digest))
    row = _own(digest)
    judged = None
    if row.signature is not None:
        statement = parse_statement(row.statement)
        judged = judge(state, statement, offline.key_of(state, statement), row.signature, now())
    return _page(state, row, judged)


@blueprint.get("/<forum>/act/offline/<digest>/<any('statement.json', 'statement.tbs', 'package.json'):name>")
@allow(SIGNED_IN)
def offline_file(forum: str, digest: str, name: str) -> ResponseReturnValue:
    """One of the files: the statement to the byte, what the key itself signs, or the package for the signer."""
    row = _own(digest)
    body = row.statement
    if name == "statement.tbs":
        body = tbs(parse_statement(row.statement).namespace, row.statement)
    elif name == "package.json":
        body = offline.package(current_session(), this_forum(), this_state(), row, request.args.get("text") or language())
    return attachment(body, name, _FILES[name])


@blueprint.post("/<forum>/act/offline/<digest>/signature")
@allow(SIGNED_IN)
def offline_signature(forum: str, digest: str) -> ResponseReturnValue:
    """Look at what came back. A good signature is kept until its holder has it recorded; of anything else nothing is kept."""
    state = this_state()
    if digest in state.digests:
        return redirect(url_for("endorsements.receipt", forum=forum, digest=digest), 303)
    row = _own(digest)
    statement = parse_statement(row.statement)
    judged = judge(state, statement, offline.key_of(state, statement), uploaded(), now())
    if not judged.good:
        return _page(state, row, judged), 422
    row.signature = judged.blob
    return redirect(_address(digest) + "#record", 303)


@blueprint.post("/<forum>/act/offline/<digest>/record")
@allow(SIGNED_IN)
def offline_record(forum: str, digest: str) -> ResponseReturnValue:
    """Record it, and go to the receipt; once more is the same receipt."""
    session, found, state = current_session(), this_forum(), this_state()
    if digest not in state.digests:
        row = _own(digest)
        try:
            offline.record(session, found, row, now=now())
        except Refused as refused:
            raw, signature = row.statement, row.signature or b""
            session.rollback()
            if refused.code == "endorsement.duplicate":
                return duplicate_page(parse_statement(raw).by.party, digest, refused)
            raise acts.said(session, found, Signed(raw, signature), refused, now=now()) from refused
    flash(digest, "settled")
    return redirect(url_for("endorsements.receipt", forum=forum, digest=digest), 303)


@blueprint.post("/<forum>/act/offline/<digest>/again")
@allow(SIGNED_IN)
def offline_again(forum: str, digest: str) -> ResponseReturnValue:
    """The same decision once more: with the record as it is now, or for another of the person's keys."""
    session, found, actor = current_session(), this_forum(), current_actor()
    made = offline.again(session, found, actor, _own(digest), now=now(), key=request.form.get("key", ""))
    return redirect(_address(made.digest), 303)


@blueprint.post("/<forum>/act/offline/<digest>/forget")
@allow(SIGNED_IN)
def offline_forget(forum: str, digest: str) -> ResponseReturnValue:
    """Throw a prepared statement away. Nothing was recorded."""
    current_session().delete(_own(digest))
    flash(_("Thrown away. Nothing was recorded."))
    return redirect(url_for("endorsements.offline_list", forum=forum), 303)


def _own(digest: str) -> PreparedAct:
    return offline.own(current_session(), this_forum(), current_actor(), digest)


def _address(digest: str) -> str:
    return url_for("endorsements.offline_one", forum=this_forum().slug, digest=digest)


def _page(state: State, row: PreparedAct, judged: Judged | None) -> str:
    session, found, actor = current_session(), this_forum(), current_actor()
    statement = parse_statement(row.statement)
    document = offline.described(session, found, statement)
    said = document.get("sentence")
    spoken = document.get("language")
    version = state.adopted if statement.type == COUNTERSIGN else statement.object
    about = state.versions.get(version or "")
    texts = state.version_text(about.digest).texts if about is not None else ()
    return render_template(
        "endorsements/offline.html",
        state=state,
        row=row,
        statement=statement,
        says=says(statement.type),
        who=_who(state, statement),
        judged=judged,
        pasted=request.form.get("pasted", "") if judged is not None and not judged.good and _is_signature() else "",
        kind=offline.key_of(state, statement).kind,
        others=[key for key in offline.keys_of(session, found, actor) if key.fingerprint != statement.by.key],
        until=offline.deadline(state, statement),
        late=offline.is_late(state, statement, now()),
        document={name: value for name, value in document.items() if name not in ("sentence", "kind")},
        said=Sentence(said, spoken) if isinstance(said, str) and isinstance(spoken, str) else None,
        version=about,
        words=words_of(about.digest) if about is not None else [],
        languages=list(texts),
        text=_text_language(statement, texts),
        bytes=len(row.statement),
    )


def _who(state: State, statement: Statement) -> str:
    """Who acts, as people call them: an organization by its name."""
    key = state.keys.get(statement.by.key)
    if key is not None and key.organization is not None:
        return key.organization["name"]
    return views.party_name(this_forum(), statement.by.party, language())


def _text_language(statement: Statement, texts: object) -> str:
    named = statement.body.get("language")
    return named if isinstance(named, str) else language()


def _is_signature() -> bool:
    """Only a signature is sent back into the field: a private key that was pasted by mistake is not."""
    return request.form.get("pasted", "").lstrip().startswith("-----BEGIN SSH SIGNATURE-----")
