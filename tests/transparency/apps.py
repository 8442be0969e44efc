"""The application with this feature alone: others decide about forums, people and who reads, and are not asked here."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from flask import Flask

from declaration import app as whole
from tests.support.databases import configuration

_ALONE = ("declaration.web.health", "declaration.transparency.routes")


def alone(folder: Path, database_url: str) -> Flask:
    with mock.patch.object(whole, "FEATURES", _ALONE):
        return whole.create_app(configuration(folder, database_url))
