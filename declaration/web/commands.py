"""How commands speak: an error of the domain is one sentence on standard error and a status other than 0, never a traceback."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from declaration.errors import DeclarationError


class PlainGroup(AppGroup):
    """A group of ``flask --app wsgi`` commands with an application context and plain refusals."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DeclarationError as error:
            raise click.ClickException(" ".join(filter(None, (error.message, error.instead, f"[{error.code}]")))) from error
