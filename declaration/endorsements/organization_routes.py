"""The secretariat's page of organizations: who is registered, how far each is, adding one, adding a list, issuing links."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import timedelta

import structlog
from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.endorsements import ngo_list
from declaration.endorsements import organizations as registering
from declaration.endorsements.blueprint import blueprint, this_forum
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.sentence import country_name
from declaration.errors import DeclarationError, Malformed, NotFound
from declaration.forums import lifetimes, queries, sessions
from declaration.forums.delegations import in_order
from declaration.forums.pages import this_person, unkept_page
from declaration.protocol.encoding import decode_decimal
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import LANGUAGES, language
from declaration.web.refusals import told

PAGE = 50
FIELDS = ("country", "name", "registration", "person", "office")
_log = structlog.get_logger("declaration.security")


@blueprint.get("/<forum>/organizations")
@allow("secretariat")
def organizations(forum: str) -> ResponseReturnValue:
    """Every organization with its state, and a form to add one."""
    return _page({}, {})


@blueprint.post("/<forum>/organizations")
@allow("secretariat")
def add_organization(forum: str) -> ResponseReturnValue:
    """Register one organization and its signatory. A link is issued in a second step."""
    given = {name: request.form.get(name, "") for name in (*FIELDS, "language")}
    chosen = given["language"] if given["language"] in LANGUAGES else None
    try:
        person = registering.register_organization(
            current_session(), this_forum(), country=given["country"], name=given["name"], registration=given["registration"],
            person=given["person"], office=given["office"], language=chosen,
        )  # fmt: skip
    except DeclarationError as error:
        return _page({_field_of(error, given): _said(error)}, given), 422
    _log.info("organization.registered", person=person.id, party=person.party, by=current_actor().person_id)
    flash(_("%(name)s is registered. Issue a link for %(person)s next.", name=given["name"], person=person.name), "good")
    return redirect(url_for("endorsements.organizations", forum=forum, q=person.party), 303)


@blueprint.post("/<forum>/organizations/<int:number>/invitation")
@allow("secretariat")
def invite_signatory(forum: str, number: int) -> ResponseReturnValue:
    """Issue a link for a signatory and show it once. Links issued before end."""
    session = current_session()
    person = queries.person(session, this_forum(), number)
    if person.role != "signatory":
        raise NotFound(_("There is no such signatory."), code="person.unknown")
    moment, lasts = lifetimes.machine_now(), lifetimes.current().invitation
    token = sessions.invite(session, person, now=moment, issued_by=this_person(), lasts=lasts)
    _log.info("invitation.issued", person=person.id, by=current_actor().person_id)
    link = current_app.config["PUBLIC_URL"] + url_for("forums.invitation", token=token)
    code = qr_svg(link, str(_("A code with the link, for the camera of %(name)s", name=person.name)), scale=4)
    return unkept_page("endorsements/link.html", person=person, link=link, code=code, hours=lasts // timedelta(hours=1))


@blueprint.post("/<forum>/organizations/review")
@allow("secretariat", reads_only=True)
def review_list(forum: str) -> ResponseReturnValue:
    """What would become of every line of a list; nothing is kept."""
    try:
        text = ngo_list.decoded(_uploaded("list"))
        lines = _reviewed(text)
    except DeclarationError as error:
        return _page({"list": _said(error)}, {}), 422
    return _review_page(text, lines)


@blueprint.post("/<forum>/organizations/list")
@allow("secretariat")
def keep_list(forum: str) -> ResponseReturnValue:
    """Register what the review called new; the list is judged again, since somebody else may have added one meanwhile."""
    text = request.form.get("text", "")
    if len(text.encode()) > ngo_list.MOST_BYTES:
        raise Malformed(_("The list is too long."), code="list.too-long")
    session, found = current_session(), this_forum()
    new = [line for line in _reviewed(text) if line.verdict in ngo_list.KEPT]
    for line in new:
        registering.register_organization(session, found, **dict(line.fields), authority=line.authority)
    _log.info("organizations.registered", count=len(new), by=current_actor().person_id)
    flash(_("%(count)s organizations are registered. Issue their links next.", count=len(new)), "good")
    return redirect(url_for("endorsements.organizations", forum=forum), 303)


def _uploaded(name: str) -> bytes:
    file = request.files.get(name)
    if file is None:
        return b""
    with contextlib.closing(file):  # a large one lies in a temporary file
        return bytes(file.read(ngo_list.MOST_BYTES + 1))


def _reviewed(text: str) -> list[ngo_list.Line]:
    found = this_forum()
    people = queries.people_of(current_session(), found, role="signatory", active_only=False)
    return ngo_list.review(
        text,
        countries={each.id for each in in_order(found)},
        registered={one.party: (one.organization or {}).get("name", one.party) for one in people},
        check=lambda typed: registering.checked(found, **dict(typed)),
        today=now().date(),
    )


def _review_page(text: str, lines: list[ngo_list.Line]) -> str:
    verdicts = [line.verdict for line in lines]
    return render_template(
        "endorsements/review.html", lines=lines, text=text, count={each: verdicts.count(each) for each in dict.fromkeys(verdicts)}
    )


def _page(errors: Mapping[str, str], given: Mapping[str, str]) -> str:
    session, found = current_session(), this_forum()
    query = request.args.get("q", "").strip()[:200]
    everything = registering.standings(session, found, language())
    chosen = registering.matching(everything, query) if query else everything
    start = _start(request.args.get("from", "0"))
    shown = registering.with_links(session, chosen[start : start + PAGE])
    statuses = [each.status for each in everything]
    return render_template(
        "endorsements/organizations.html",
        shown=shown,
        total=len(chosen),
        start=start,
        step=PAGE,
        query=query,
        counts={each: statuses.count(each) for each in ("signed", "accredited", "second", "key", "registered")},
        countries=[("", _("Choose")), *((each.id, each.name(language())) for each in in_order(found, language()))],
        languages=[("", _("as usual there")), *LANGUAGES.items()],
        country_of=lambda each: country_name(found, each.organization.get("country", ""), language()),
        errors=errors,
        given=given,
        columns=", ".join(ngo_list.COLUMNS),
    )


def _field_of(error: DeclarationError, given: Mapping[str, str]) -> str:
    """The control that an error is about: the form names it in its sentence."""
    if error.code == "organization.known":
        return "registration"
    if not given["country"]:
        return "country"
    return next((name for name, words in registering.WORDS.items() if error.message.startswith(words)), "country")


def _said(error: DeclarationError) -> str:
    return str(told(error))


def _start(text: str) -> int:
    try:
        return decode_decimal(text)
    except Malformed:
        raise NotFound(_("There is no such page."), code="organizations.page") from None
