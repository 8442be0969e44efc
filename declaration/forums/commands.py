"""``flask --app wsgi forum ...``: who is in a forum, and a link for somebody.

forum list                       the forums of this service
forum people [--forum SLUG]      people, roles, parties
forum invite PARTY               a link for the Chair (chair), a head (kz), the rapporteur ...; shown once
"""

from __future__ import annotations

import click
from flask import current_app

from declaration.errors import NotFound
from declaration.forums import lifetimes, queries, sessions
from declaration.forums.models import Forum
from declaration.web.commands import PlainGroup
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

group = PlainGroup("forum", help="Forums and the people in them.")
commands = (group,)
_forum_option = click.option("--forum", "slug", help="Which forum; needed where there is more than one.")


@group.command("list")
def list_forums() -> None:
    """The forums of this service."""
    with reading():
        for forum in queries.forums(current_session()):
            click.echo(f"{forum.slug}  {forum.declaration}  {forum.origin}{'  demonstration' if forum.demo else ''}")


@group.command("people")
@_forum_option
def list_people(slug: str | None) -> None:
    """Who is in a forum: role, party, name."""
    with reading():
        for one in queries.people_of(current_session(), chosen_forum(slug), active_only=False):
            click.echo(f"{one.role:<12} {one.party:<18} {one.name}{'' if one.active else '  (no access)'}")


@group.command("invite")
@click.argument("party")
@_forum_option
@click.option("--role", help="Where a party has several people: member, signatory.")
@click.option("--name", help="Where a party has several people of that role.")
@click.option("--reusable", is_flag=True, help="Works until it runs out; in a demonstration only.")
def invite(party: str, slug: str | None, role: str | None, name: str | None, reusable: bool) -> None:
    """Issue a link for somebody. It works once, within 72 hours, and ends the links issued before."""
    with unit_of_work() as session:
        person = queries.person_of_party(session, chosen_forum(slug), party, role=role, name=name)
        now = lifetimes.machine_now()
        token = sessions.invite(session, person, now=now, reusable=reusable, lasts=lifetimes.current().invitation)
    click.echo(f"{person.name} ({person.role}, {person.party})", err=True)
    click.echo(link_for(token))


def link_for(token: str) -> str:
    """The address that an invitation opens."""
    path = current_app.url_map.bind("here").build("forums.invitation", {"token": token})  # there is no request to ask
    return f"{current_app.config['PUBLIC_URL']}{path}"


def chosen_forum(slug: str | None) -> Forum:
    """The forum of that name, or the only one.

    :raises NotFound: no such forum, none at all, or several and none named.
    """
    session = current_session()
    if slug is not None:
        return queries.forum_by_slug(session, slug)
    known = queries.forums(session)
    if len(known) != 1:
        names = ", ".join(one.slug for one in known)
        raise NotFound(
            "say which forum" if known else "there is no forum yet",
            code="forum.unnamed",
            instead=f"Add --forum with one of: {names}." if known else "Import one first.",
        )
    return known[0]
