"""The next version on its way from the secretariat to the Chair: prepared, put before the Chair, returned or approved."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.credentials.states import current
from declaration.drafts import operations, queries, views
from declaration.drafts.blueprint import blueprint, this_forum
from declaration.drafts.comparing import Compared, compare
from declaration.drafts.models import WorkingVersion
from declaration.drafts.reading import text_language
from declaration.drafts.warnings import Warned, terms_of, warnings_of
from declaration.errors import DeclarationError
from declaration.procedure.state import State, VersionText
from declaration.protocol.manifest import parse_canonical_text
from declaration.web.access import Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

APPROVE = "draft_version.approve_and_circulate-v1"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the working text would make now: the version, or why it makes none."""

    version: VersionText | None
    refusal: DeclarationError | None

    @property
    def digest(self) -> str | None:
        return self.version.manifest.digest if self.version else None


@blueprint.get("/<forum>/next")
@allow("chair", "secretariat")
def next_version(forum: str) -> ResponseReturnValue:
    """The next version as a redline against the last, and what each of the two may do with it."""
    session, found_forum, actor = current_session(), this_forum(), current_actor()
    state = current(session, found_forum)
    waiting = queries.waiting(session, found_forum)
    prospect = _prospect(state)
    put = queries.version(session, found_forum, waiting.digest) if waiting else None
    shown = put or prospect.version
    if shown is None:
        last = queries.last_working(session, found_forum)
        return render_template("drafts/next_none.html", state=state, refusal=prospect.refusal, last=last, final=is_final(state))
    original = found_forum.original
    lang = text_language(shown.texts, original)
    before = queries.version(session, found_forum, state.current) if state.current else None
    return render_template(
        "drafts/next.html",
        state=state,
        waiting=waiting,
        last=queries.last_working(session, found_forum),
        shown=shown,
        before=state.versions[state.current] if state.current else None,
        lang=lang,
        units=_compared(before, shown, lang),
        lines=views.version_lines(shown, lang),
        warnings=warnings_of(shown.texts),
        terms=terms_of(shown.texts, found_forum.terms or ()),
        rows=views.language_rows(state) if state.constitution else [],
        moved_on=waiting is not None and state.current is not None and prospect.digest != waiting.digest,
        refusal=prospect.refusal,
        unchanged=waiting is None and not _differs(before, shown),
        final=is_final(state),
        approve=_approve(state, actor, waiting, put),
        word_of=_word_of,
    )


@blueprint.post("/<forum>/next/submit")
@allow("secretariat")
def submit_next(forum: str) -> ResponseReturnValue:
    """Put the next version before the Chair."""
    session, found_forum = current_session(), this_forum()
    state = current(session, found_forum)
    operations.submit_for_approval(
        session, found_forum, state, final=is_final(state), prepared_by=current_actor().person_id, now=now()
    )
    flash(_("The version is before the Chair."), "good")
    return redirect(url_for("drafts.next_version", forum=forum))


@blueprint.post("/<forum>/next/return")
@allow("chair")
def return_next(forum: str) -> ResponseReturnValue:
    """Give it back to the secretariat, with a reason."""
    operations.return_for_work(
        current_session(), this_forum(), request.form.get("digest", ""), request.form.get("reason", ""), now=now()
    )
    flash(_("Returned to the secretariat with your reason."), "good")
    return redirect(url_for("drafts.next_version", forum=forum))


def is_final(state: State) -> bool:
    """Whether the next version is the final one: the text is in legal review."""
    return state.stage == "legal_review"


def _prospect(state: State) -> Prospect:
    if state.constitution is None or state.current is None:
        return Prospect(None, None)
    try:
        composed = operations.preview_next(current_session(), this_forum(), state, final=is_final(state))
    except DeclarationError as error:
        return Prospect(None, error)
    texts = {
        lang: {unit: text for unit, _number, text in parse_canonical_text(body)} for lang, body in composed.texts.items()
    }
    return Prospect(VersionText(composed.manifest, texts), None)


def _approve(state: State, actor: Actor, waiting: WorkingVersion | None, put: VersionText | None) -> Ask | None:
    if waiting is None or put is None or actor.role != "chair":
        return None
    return acts.offer(
        current_session(), this_forum(), actor, APPROVE, waiting.digest, {"symbol": put.manifest.symbol}, now=now()
    )


def _compared(before: VersionText | None, shown: VersionText, lang: str) -> list[Compared]:
    if before is None:
        return []
    old = views.version_lines(before, lang) if lang in before.texts else []
    return compare(old, views.version_lines(shown, lang))


def _differs(before: VersionText | None, shown: VersionText) -> bool:
    return before is None or (before.manifest.units, before.manifest.texts) != (shown.manifest.units, shown.manifest.texts)


def _word_of(warned: Warned) -> str:
    if warned.problem == "mixed-script":
        return str(_("mixes scripts: %(letters)s", letters=", ".join(warned.letters)))
    return str(_("is written in another script’s look-alikes: %(letters)s", letters=", ".join(warned.letters)))
