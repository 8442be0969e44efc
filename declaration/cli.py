"""Commands: ``flask --app wsgi ...``. Each feature brings its own group; this module only hangs them up.

Adding a feature's commands is one line in :data:`COMMANDS`, the module path; the module exposes ``commands``, a sequence of click
commands or groups. A command ends with a status other than 0 when it did not do what was asked, and errors of the domain are
told in one sentence, without a traceback.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import update_wrapper
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from flask.cli import with_appcontext

from declaration.errors import DeclarationError

P = ParamSpec("P")
R = TypeVar("R")

COMMANDS: tuple[str, ...] = ()


def init_app(app: Flask) -> None:
    """Register every feature's commands."""
    for module_path in COMMANDS:
        for command in importlib.import_module(module_path).commands:
            app.cli.add_command(command)


def told_plainly(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a command: an application context, and an error of the domain becomes one sentence on standard error."""

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except DeclarationError as error:
            raise click.ClickException(" ".join(filter(None, (error.message, error.instead, f"[{error.code}]")))) from error

    return with_appcontext(update_wrapper(run, function))
