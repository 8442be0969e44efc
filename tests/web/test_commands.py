"""A command that is refused says so in a sentence."""

from __future__ import annotations

import click
import pytest

from declaration.errors import Refused
from declaration.web.commands import PlainGroup


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def run(app):
    group = PlainGroup("forum")

    @group.command("load")
    @click.option("--how")
    def load(how: str) -> None:
        if how == "refused":
            raise Refused("The forum has begun.", code="forum.begun", instead="Load into an empty database.")
        if how == "broken":
            raise ZeroDivisionError

    app.cli.add_command(group)
    return lambda how: app.test_cli_runner().invoke(args=["forum", "load", "--how", how])


def test_a_refusal_is_a_sentence(run):
    done = run("refused")
    assert done.exit_code == 1
    assert done.output == "Error: The forum has begun. Load into an empty database. [forum.begun]\n"


def test_a_mistake_of_ours_stays_loud(run):
    assert isinstance(run("broken").exception, ZeroDivisionError)


def test_what_was_done_ends_with_zero(run):
    assert run("well").exit_code == 0
