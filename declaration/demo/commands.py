"""``flask --app wsgi forum load-sample``, ``forum sign-in-links`` and ``demo``.

``forum import DIR`` makes a real forum; the others make and play a demonstration, and refuse a database with a real forum in it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from declaration.credentials.record import log_of
from declaration.demo import offering, sample, script
from declaration.demo.organizations import sign_many
from declaration.demo.personas import KeyRing
from declaration.demo.seeded import Seeded
from declaration.drafts import operations as drafts
from declaration.endorsements.bundle import compose_bundle
from declaration.errors import DeclarationError, Malformed
from declaration.forums import commands as forum_commands
from declaration.forums import importing, lifetimes, operations, queries
from declaration.text.importing import parse_units_json
from declaration.text.units import in_language
from declaration.web import entropy
from declaration.web.clock import SettableClock
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

_STEPS = ("constituted", "circulated", "first-reading", "second-reading", "agreed", "reviewed", "adopted", "signed")


@forum_commands.group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_forum(folder: Path) -> None:
    """Make a forum from its description in FOLDER, all or nothing."""
    description = importing.load(folder)
    with unit_of_work() as session:
        forum = operations.create_forum(session, description, url=current_app.config["PUBLIC_URL"])
        log_of(session, forum)
        units, _ = parse_units_json((folder / description.zero_draft.name).read_bytes())
        languages = [lang for lang in forum.languages if any(lang in unit.text for unit in units)]
        texts = {lang: in_language(units, lang) for lang in languages}
        drafts.store_zero_draft(session, forum, texts, now=lifetimes.machine_now())
    click.echo(f"{forum.slug}: the zero draft waits for the Chair. Next: flask --app wsgi forum invite chair")


@forum_commands.group.command("load-sample")
@click.option("--if-empty", is_flag=True, help="Do nothing where a forum is here already.")
def load_sample(if_empty: bool) -> None:
    """Open the sample forum as a demonstration: constituted, circulated, open for amendments for a week."""
    with unit_of_work() as session:
        known = queries.forums(session)
    if known and if_empty:
        return
    click.echo("Opening the sample forum ...")
    offering.open_sample(lifetimes.machine_now(), say=lambda line: click.echo(f"  {line}"))


@forum_commands.group.command("sign-in-links")
def sign_in_links() -> None:
    """Print a link for each role of the demonstration; nothing where there is none."""
    with unit_of_work() as session:
        forum = offering.the_demo(session)
        if forum is None:
            return
        click.echo("Sign in as one of these invented people (use a private window for each):\n")
        for link in offering.links(session, forum):
            person = link.person
            of = person.organization["name"] if person.organization else person.party.upper()
            click.echo(f"  {person.role:<12} {person.name} ({of})\n               {forum_commands.link_for(link.token)}")
        click.echo("")


@click.command("demo")
@click.option("--until", type=click.Choice(_STEPS), default="signed", show_default=True, help="How far to play.")
@click.option("--endorsements", type=click.IntRange(0, 100_000), default=24, show_default=True, help="Organizations that sign.")
@click.option("--bundle", type=click.Path(dir_okay=False, path_type=Path), help="Write the bundle to this file at the end.")
@click.option("--seed", help="Makes keys, nonces and salts follow from it: the same seed, clock and log key give the same bundle.")
@click.option("--start", help="When the zero draft is circulated, with an offset; default: so that the play ends now.")
@with_appcontext
def demo(until: str, endorsements: int, bundle: Path | None, seed: str | None, start: str | None) -> None:
    """Play the sample forum, from its constitution to its signatures, through the operations of the pages."""
    try:
        _play(until, endorsements, bundle, seed, start)
    except DeclarationError as error:
        raise click.ClickException(" ".join(filter(None, (error.message, error.instead, f"[{error.code}]")))) from error


def _play(until: str, endorsements: int, bundle: Path | None, seed: str | None, start: str | None) -> None:
    shift = _shift(start, until)
    clock = SettableClock((script.CIRCULATED + shift).astimezone(UTC) - timedelta(hours=2))
    current_app.extensions["clock"] = clock
    if seed is not None:
        entropy.set_source(current_app, Seeded(seed))
    forum = offering.create()
    ring = KeyRing(Path(current_app.instance_path), seed=seed)
    play = script.Play(forum.slug, sample.load(), ring, clock, shift=shift, say=click.echo)
    for part in play.parts[: _STEPS.index(until) + 1]:
        part()
    if until == "signed":
        with click.progressbar(sign_many(play, endorsements), length=endorsements, label="Organizations sign") as signing:
            for _ in signing:
                pass
    if bundle is not None:
        with reading():
            digest, size = compose_bundle(current_session(), play.forum(), bundle)
        click.echo(f"{bundle}: {size:,} bytes, SHA-256 {digest}")


def _shift(start: str | None, until: str) -> timedelta:
    """How far the sample's calendar is moved."""
    if start is not None:
        try:
            moment = datetime.fromisoformat(start)
        except ValueError:
            raise Malformed(f"not a moment: {start}", code="demo.start", instead="Write 2025-11-13T18:00+04:00.") from None
        if moment.tzinfo is None:
            raise Malformed("a moment needs an offset", code="demo.start", instead="Write 2025-11-13T18:00+04:00.")
        return moment - script.CIRCULATED
    ends = script.OPENED + timedelta(hours=4) if until in ("adopted", "signed") else script.CIRCULATED + timedelta(hours=1)
    return lifetimes.machine_now() - ends


commands = (demo,)
