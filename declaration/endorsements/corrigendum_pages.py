"""``/<forum>/corrigenda``: errors found after adoption, the signed text and the text as corrected. For everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.credentials import acts, contents
from declaration.credentials.record import log_of
from declaration.credentials.signing import Ask
from declaration.documents.pdf import certified_pdf
from declaration.drafts import queries as drafts
from declaration.drafts import views
from declaration.drafts.reading import text_language
from declaration.endorsements import corrigenda as correcting
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.certified import certified_copy
from declaration.endorsements.receipt_routes import attachment
from declaration.errors import NotFound
from declaration.forums import hours
from declaration.procedure import standing
from declaration.procedure.holdings import Corrigendum
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time
from declaration.protocol.entry import parse_entry
from declaration.protocol.manifest import canonical_text
from declaration.text.redline import redline
from declaration.transparency import queries
from declaration.web.access import PUBLIC, Actor, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

STATUS_WORDS: Mapping[str, tuple[str, object]] = {
    "proposed": ("wait", _l("Proposed")),
    "notified": ("wait", _l("Notified")),
    "objected": ("no", _l("Objected to")),
    "rectified": ("yes", _l("Rectified")),
    "dropped": ("none", _l("Dropped")),
}
KIND_WORDS: Mapping[str, object] = {
    "text": _l("An error in the text"),
    "concordance": _l("The languages do not say the same"),
    "copy": _l("An error in a copy alone"),
}
_NOTHING = "0" * 64
_OFFERED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "proposed": {"depositary": ("notify", "drop")},
    "notified": {"depositary": ("rectify",), "head": ("object",), "signatory": ("object",)},
    "objected": {"depositary": ("renotify", "drop")},
}


@blueprint.get("/<forum>/corrigenda")
@allow(PUBLIC)
def corrigenda(forum: str) -> ResponseReturnValue:
    """Every correction with what it changes; both texts by their hashes; for some readers the acts that are theirs."""
    state, actor, moment = this_state(), optional_actor(), now()
    if state.adopted is None:
        raise NotFound(_("Nothing has been adopted yet."), code="corrigendum.early", instead=_("Until then words change by amendments."))
    session, found = current_session(), this_forum()
    manifest = state.version_text(state.adopted).manifest
    lang = request.args.get("text", state.known.original)
    lang = lang if lang in state.version_text(state.adopted).texts else state.known.original
    texts = standing.text_as_corrected(state, lang)
    units = [(row.id, texts[row.id]) for row in manifest.units]
    return render_template(
        "endorsements/corrigenda.html",
        state=state,
        shown=[
            (
                each,
                [(one, redline(one.before, one.after)) for one in correcting.reads(state, each)],
                (contents.read(session, found.id, each.content, audiences=("public",)) or {}).get("text"),
                _asks(state, actor, each) if actor is not None else {},
            )
            for each in reversed(state.corrigenda.values())
        ],
        certified=_certified(state),
        signed={row.lang: row.sha256 for row in manifest.texts},
        corrected={code: done[-1] for code, done in state.corrected.items()},
        statuses=STATUS_WORDS,
        kinds=KIND_WORDS,
        propose=_propose(state, actor) if actor is not None else None,
        lang=lang,
        languages=list(state.version_text(state.adopted).texts),
        units=units,
        chosen=_chosen(units),
        unit_name=lambda unit: views.unit_name(state, unit),
        due=hours.in_zone(found, moment + timedelta(days=state.rules.correction_days, hours=1)),
    )


@blueprint.get("/<forum>/corrigenda/<lang>.txt")
@allow(PUBLIC)
def corrected_text(forum: str, lang: str) -> ResponseReturnValue:
    """The canonical text of one language as corrected: its SHA-256 is the one in the procès-verbal."""
    state = this_state()
    if state.adopted is None or lang not in state.version_text(state.adopted).texts:
        raise NotFound(_("There is no adopted text in this language."), code="corrigendum.language")
    texts = standing.text_as_corrected(state, lang)
    rows = state.version_text(state.adopted).manifest.units
    body = canonical_text([(row.id, row.number, texts[row.id]) for row in rows])
    answer: Response = attachment(body, f"as-corrected-{lang}.txt", "text/plain; charset=utf-8")
    return answer


@blueprint.get("/<forum>/corrigenda/signed/<lang>.txt")
@allow(PUBLIC)
def signed_text(forum: str, lang: str) -> ResponseReturnValue:
    """The canonical text of one language as it was signed: its SHA-256 is the one in every signature."""
    state = this_state()
    loaded = state.version_text(state.adopted) if state.adopted is not None else None
    if loaded is None or lang not in loaded.texts:
        raise NotFound(_("There is no adopted text in this language."), code="corrigendum.language")
    body = canonical_text([(row.id, row.number, loaded.texts[lang][row.id]) for row in loaded.manifest.units])
    return attachment(body, f"as-signed-{lang}.txt", "text/plain; charset=utf-8")


@blueprint.get("/<forum>/copy.pdf")
@allow(PUBLIC)
def certified(forum: str) -> ResponseReturnValue:
    """A certified copy of the adopted text as it reads today, in the language ``?text=``."""
    session, found, state = current_session(), this_forum(), this_state()
    if state.adopted is None:
        raise NotFound(_("Nothing has been adopted yet."), code="corrigendum.early", instead=_("Versions have a PDF of their own."))
    loaded = drafts.version(session, found, state.adopted)
    lang = text_language(loaded.texts, state.known.original)
    answer = make_response(certified_pdf(certified_copy(session, found, state, loaded, lang)))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{state.declaration.replace("/", "-")}-copy-{lang}.pdf"'
    return answer


def _asks(state: State, actor: Actor, each: Corrigendum) -> dict[str, Ask]:
    offered = _OFFERED.get(each.status, {}).get(actor.role, ())
    if each.kind == "copy" and each.status == "proposed" and actor.role == "depositary":
        offered = ("rectify", "drop")
    return {name: _ask(state, actor, each, name) for name in offered}


def _ask(state: State, actor: Actor, each: Corrigendum, name: str) -> Ask:
    until = format_time((now() + timedelta(days=state.rules.correction_days, hours=1)).replace(microsecond=0))
    bodies: dict[str, dict[str, Any]] = {
        "notify": {"symbol": correcting.next_symbol(state), "until": until, "content": _NOTHING},
        "rectify": {**correcting.hashes(state, each), "content": _NOTHING},
    }
    type_ = f"corrigendum.{name}-v1"
    if name == "renotify":  # what it should read is written first; the act is judged when it is composed
        bodies[name] = {"edits": [dict(one) for one in each.edits] or None, "corrected": each.sha256, "until": until, "content": _NOTHING}
    return acts.offer(
        current_session(), this_forum(), actor, type_, each.digest, bodies.get(name), now=now(), filled_in=name in bodies
    )  # fmt: skip


def _certified(state: State) -> Mapping[str, tuple[int, str]]:
    """Where each procès-verbal stands in the record, and what it says, by the act."""
    session, forum = current_session(), this_forum()
    log = log_of(session, forum)
    found = {}
    for act in filter(None, (each.rectified for each in state.corrigenda.values())):
        index = state.digests[act]
        content = str(parse_entry(queries.entry(session, log, index)).statement.body["content"])
        said = contents.read(session, forum.id, content, audiences=("public",)) or {}
        found[act] = index, str(said.get("text") or "")
    return found


def _chosen(units: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """What the form for a proposal begins with: a kind, a paragraph and its words as they read now."""
    kind, wanted = request.args.get("kind", ""), request.args.get("unit")
    unit, reads = next((each for each in units if each[0] == wanted), units[0])
    return {"kind": kind if kind in KIND_WORDS else next(iter(KIND_WORDS)), "unit": unit, "reads": reads}


def _propose(state: State, actor: Actor) -> Ask | None:
    if actor.role not in ("secretariat", "depositary", "head", "signatory"):
        return None
    body = {"kind": "copy", "language": state.known.original, "edits": None, "corrected": None, "content": _NOTHING}
    return acts.offer(current_session(), this_forum(), actor, correcting.PROPOSE, state.adopted, body, now=now(), filled_in=True)
