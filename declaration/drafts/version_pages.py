"""Versions in circulation: the list, one version, a redline between two, and both on paper."""

from __future__ import annotations

from flask import make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from declaration.credentials.record import trust_root
from declaration.documents.pdf import redline_pdf, version_pdf
from declaration.drafts import papers, queries, views
from declaration.drafts.blueprint import blueprint, readable_state, this_forum
from declaration.drafts.comparing import compare
from declaration.drafts.reading import text_language
from declaration.errors import NotFound
from declaration.procedure.state import Circulated, State, VersionText
from declaration.web.access import PUBLIC, allow
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.get("/<forum>/versions")
@allow(PUBLIC)
def versions(forum: str) -> ResponseReturnValue:
    """Every version that was circulated, the newest first."""
    state = readable_state()
    found = list(reversed(state.versions.values()))
    names = {each.digest: queries.short_name(state, each.symbol) for each in found}
    loaded = {each.digest: queries.version(current_session(), this_forum(), each.digest) for each in found}
    if not found:
        return render_template("drafts/no_text.html", state=state)
    return render_template(
        "drafts/versions.html", state=state, versions=found, names=names, loaded=loaded, statuses=views.VERSION_STATUS
    )


@blueprint.get("/<forum>/versions/<path:version>")
@allow(PUBLIC)
def version(forum: str, version: str) -> ResponseReturnValue:
    """One version, whole, in one of its languages, with what identifies it."""
    state, found, loaded, lang = _found(version)
    rows = {row.code: row for row in views.language_rows(state)}
    return render_template(
        "drafts/version.html",
        state=state,
        version=found,
        name=queries.short_name(state, found.symbol),
        previous=_previous(state, loaded),
        loaded=loaded,
        lang=lang,
        lines=views.version_lines(loaded, lang),
        statuses=views.VERSION_STATUS,
        languages=rows if found.digest == state.current else {},
        index=found.index,
    )


@blueprint.get("/<forum>/versions/<version>/pdf")
@allow(PUBLIC)
def pdf(forum: str, version: str) -> ResponseReturnValue:
    """One version on paper.

    :raises Malformed: ``document.missing-glyph`` where the fonts cannot draw a letter; nothing is printed instead.
    """
    state, found, loaded, lang = _found(version)
    document = papers.version_document(
        state, found, loaded, lang, language(), now(), trust_root(current_session(), this_forum())
    )
    return _paper(version_pdf(document), f"{found.symbol}-{lang}")


@blueprint.get("/<forum>/versions/<a>/changes/<b>")
@allow(PUBLIC)
def changes(forum: str, a: str, b: str) -> ResponseReturnValue:
    """What changed from version ``a`` to version ``b``, unit by unit, in a language that both have."""
    state, first, second, lang = _both(a, b)
    old, new = _loaded(first), _loaded(second)
    units = compare(views.version_lines(old, lang), views.version_lines(new, lang))
    return render_template(
        "drafts/changes.html",
        state=state,
        first=first,
        second=second,
        names=[queries.short_name(state, first.symbol), queries.short_name(state, second.symbol)],
        lang=lang,
        languages=[code for code in new.texts if code in old.texts],
        units=units,
        changed=sum(each.differs for each in units),
    )


@blueprint.get("/<forum>/versions/<a>/changes/<b>/pdf")
@allow(PUBLIC)
def changes_pdf(forum: str, a: str, b: str) -> ResponseReturnValue:
    """The same on paper."""
    state, first, second, lang = _both(a, b)
    units = compare(views.version_lines(_loaded(first), lang), views.version_lines(_loaded(second), lang))
    document = papers.redline_document(state, first, second, units, lang, language(), now())
    return _paper(redline_pdf(document), f"{second.symbol}-changes-{lang}")


def version_url(forum: str, state: State, digest: str) -> str:
    """The address of a version."""
    return url_for("drafts.version", forum=forum, version=queries.short_name(state, state.versions[digest].symbol))


def _found(name: str) -> tuple[State, Circulated, VersionText, str]:
    state = readable_state()
    found = queries.find_circulated(state, name)
    loaded = _loaded(found)
    return state, found, loaded, text_language(loaded.texts, state.known.original)


def _both(a: str, b: str) -> tuple[State, Circulated, Circulated, str]:
    state = readable_state()
    first, second = queries.find_circulated(state, a), queries.find_circulated(state, b)
    common = [lang for lang in _loaded(second).texts if lang in _loaded(first).texts]
    if not common:
        raise NotFound(_("These versions have no language in common."), code="version.no-common-language")
    return state, first, second, text_language(common, state.known.original)


def _loaded(found: Circulated) -> VersionText:
    return queries.version(current_session(), this_forum(), found.digest)


def _previous(state: State, loaded: VersionText) -> Circulated | None:
    return state.versions.get(loaded.manifest.previous or "")


def _paper(body: bytes, name: str) -> Response:
    answer = make_response(body)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name.replace("/", "-")}.pdf"'
    return answer
