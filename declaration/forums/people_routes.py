"""The people of a forum, for those who look after their access."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from declaration.errors import DeclarationError, NotAllowed, NotFound
from declaration.forums import lifetimes, management, people, queries, sessions
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum, Person
from declaration.forums.pages import blueprint, this_forum, this_person, unkept_page
from declaration.forums.roles import NAMES, OF_A_DELEGATION, ROLES
from declaration.text.collation import sort_key
from declaration.web.access import Actor, allow, current_actor, role_name
from declaration.web.db import current_session
from declaration.web.i18n import LANGUAGES, language
from declaration.web.refusals import told

_NAME_LENGTH = 200
_log = structlog.get_logger("declaration.security")


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the page shows them."""

    person: Person
    office: str
    may_invite: bool
    may_disable: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The officers, or one delegation."""

    id: str
    heading: str
    rows: list[Row]


@blueprint.get("/<forum>/people")
@allow(*management.MANAGERS)
def people_page(forum: str) -> str:
    """Who is in this forum, in which role."""
    return _page({}, {})


@blueprint.post("/<forum>/people")
@allow(*management.MANAGERS)
def add(forum: str) -> Response | tuple[str, int]:
    """Add somebody. A link is issued in a second step."""
    actor, where = current_actor(), this_forum()
    given = {name: unicodedata.normalize("NFC", value).strip() for name, value in request.form.items()}
    role = given.get("role", "")
    if role not in management.roles_to_add(actor):
        raise _not_yours()
    name = given.get("name", "")
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        return _page({"name": _("Enter a name, such as Aysel Sadıqzadə")}, given), 422
    party = actor.party if actor.role == "head" else given.get("delegation" if role in OF_A_DELEGATION else "party", "")
    try:
        person = people.add_person(
            current_session(),
            where,
            name=name,
            role=role,
            party=role if role == "depositary" else party,
            language=given["language"] if given.get("language") in LANGUAGES else None,
        )
    except DeclarationError as error:
        field = "delegation" if role in OF_A_DELEGATION else "party"
        return _page({field: str(told(error))}, given), 422
    _log.info("person.added", person=person.id, role=person.role, by=actor.person_id)
    flash(_("%(name)s is added. Issue a link next.", name=person.name), "good")
    return redirect(url_for("forums.people_page", forum=forum), 303)


@blueprint.post("/<forum>/people/<int:number>/invitation")
@allow(*management.MANAGERS)
def issue(forum: str, number: int) -> Response:
    """Issue a link and show it once. Links issued before end."""
    person = _managed(number, invite=True)
    now, lasts = lifetimes.machine_now(), lifetimes.current().invitation
    token = sessions.invite(current_session(), person, now=now, issued_by=this_person(), lasts=lasts)
    _log.info("invitation.issued", person=person.id, by=current_actor().person_id)
    link = current_app.config["PUBLIC_URL"] + url_for("forums.invitation", token=token)
    return unkept_page("forums/link.html", person=person, link=link, hours=lasts // timedelta(hours=1))


@blueprint.post("/<forum>/people/<int:number>/disable")
@allow(*management.MANAGERS)
def disable(forum: str, number: int) -> Response:
    """Take somebody's access away, from the next request on."""
    person = _managed(number, invite=False)
    people.disable(current_session(), person, now=lifetimes.machine_now())
    _log.info("person.disabled", person=person.id, by=current_actor().person_id)
    flash(_("%(name)s can no longer open anything here.", name=person.name), "good")
    return redirect(url_for("forums.people_page", forum=forum), 303)


@blueprint.post("/<forum>/people/<int:number>/enable")
@allow(*management.MANAGERS)
def enable(forum: str, number: int) -> Response:
    """Give somebody's access back."""
    person = _managed(number, invite=False)
    people.enable(current_session(), person)
    _log.info("person.enabled", person=person.id, by=current_actor().person_id)
    flash(_("%(name)s may come in again. Issue a link next.", name=person.name), "good")
    return redirect(url_for("forums.people_page", forum=forum), 303)


def _page(errors: dict[str, str], given: dict[str, str]) -> str:
    actor, forum = current_actor(), this_forum()
    rows = [
        Row(one, _office(one), management.may_invite(actor, one), management.may_disable(actor, one))
        for one in queries.people_of(current_session(), forum, active_only=False)
        if management.sees(actor, one)
    ]
    # By role, the head of a delegation first; then by name in the reader's alphabet.
    rows.sort(key=lambda row: (ROLES.index(row.person.role), sort_key(row.person.name, language())))
    groups = [Group("officers", _("Officers"), [row for row in rows if row.person.delegation is None])]
    for country in in_order(forum, language()):
        groups.append(Group(country.id, country.name(language()), [row for row in rows if row.person.delegation == country.id]))
    return render_template(
        "forums/people.html",
        groups=[group for group in groups if group.rows],
        roles=[(role, str(NAMES[role])) for role in management.roles_to_add(actor)],
        delegations=[("", _("none")), *((one.id, one.name(language())) for one in in_order(forum, language()))],
        languages=[("", _("as usual there")), *LANGUAGES.items()],
        own_delegation=actor.role == "head",
        errors=errors,
        given=given,
    )


def _office(person: Person) -> str:
    """What is said beside a name: the role, and the office or organization where there is one."""
    more = person.organization["name"] if person.organization else person.office
    return " · ".join(filter(None, (role_name(person.role), more)))


def _managed(number: int, *, invite: bool) -> Person:
    actor: Actor = current_actor()
    forum: Forum = this_forum()
    person = queries.person(current_session(), forum, number)
    if not management.sees(actor, person):
        raise NotFound("there is no such person in this forum", code="person.unknown")
    if not (management.may_invite(actor, person) if invite else management.may_disable(actor, person)):
        raise _not_yours()
    return person


def _not_yours() -> NotAllowed:
    return NotAllowed(
        _("You do not look after the access of this person or role."),
        code="person.not-yours",
        instead=_("The Chair looks after the officers, the secretariat after everybody else, a head after the own delegation."),
    )
