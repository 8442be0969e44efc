"""Commands: ``flask --app wsgi ...``. Each feature brings its own group; this module only hangs them up.

Adding a feature's commands is one line in :data:`COMMANDS`, the module path; the module exposes ``commands``, a sequence of click
commands or groups (:class:`declaration.web.commands.PlainGroup`). A command ends with a status other than 0 when it did not do
what was asked.
"""

from __future__ import annotations

import importlib

from flask import Flask

COMMANDS: tuple[str, ...] = (
    # one line each, in the order of the layers
    "declaration.notices.commands",
    "declaration.transparency.commands",
    "declaration.forums.commands",
    "declaration.credentials.commands",
    "declaration.demo.commands",
)


def init_app(app: Flask) -> None:
    """Register every feature's commands."""
    for module_path in COMMANDS:
        for command in importlib.import_module(module_path).commands:
            app.cli.add_command(command)
