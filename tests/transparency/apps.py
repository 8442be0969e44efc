"""The application with this feature alone: others decide about forums, people and who reads, and are not asked here."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient

from declaration import app as whole
from declaration import cli
from tests.support.databases import configuration

_ALONE = ("declaration.web.health", "declaration.transparency.routes")


def alone(folder: Path, database_url: str) -> Flask:
    commands = ("declaration.transparency.commands",)
    with mock.patch.object(whole, "FEATURES", _ALONE), mock.patch.object(cli, "COMMANDS", commands):
        return whole.create_app(configuration(folder, database_url))


def program(app: Flask) -> FlaskClient:
    """Something that is no browser: it wants errors as data, not as pages."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "application/json"
    return client
