"""The application: settings, the shared web parts, then the features, then a check that every route says who may use it.

Adding a feature is one line in :data:`FEATURES`, the module path of its routes. Such a module exposes ``blueprint`` and may
expose ``init_app(app)``, called before the blueprint is registered. Its models must be imported by it, so that migrations and
tests see every table.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from declaration import cli, config
from declaration.web import access, assets, clock, db, errorpages, i18n, logs, pages, places, security, transaction

FEATURES: tuple[str, ...] = (
    # one line each, in the order of the layers
    "declaration.web.health",
    "declaration.notices.routes",
    "declaration.transparency.routes",
    "declaration.forums.routes",
    "declaration.credentials.routes",
    "declaration.drafts.routes",
    "declaration.amendments.routes",
    "declaration.comments.routes",
    "declaration.adoption.routes",
    "declaration.endorsements.routes",
    "declaration.desk.routes",
    "declaration.demo.routes",
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application.

    :param overrides: None reads the environment. Otherwise the environment is not read: strings are what
        :mod:`declaration.config` would find there (``DATABASE_URL``, ``DECLARATION_INSTANCE``), anything else is Flask
        configuration (``TESTING=True``).
    :raises declaration.config.SettingRefused: a setting that cannot be meant.
    :raises RuntimeError: a route that does not declare who may use it.
    """
    given = dict(os.environ) if overrides is None else dict(overrides)
    settings = config.load({name: value for name, value in given.items() if isinstance(value, str)})
    app = transaction.TransactionalFlask(
        "declaration", template_folder="../templates", static_folder="static", instance_path=str(settings.instance)
    )
    app.config.from_mapping(settings.flask_config())
    if overrides is not None:
        app.config.from_mapping({name: value for name, value in given.items() if not isinstance(value, str)})
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    places.init_app(app)
    clock.init_app(app)
    db.init_app(app)
    # In this order each request meets them: a reference, read or write, foreign or not, who reads.
    logs.init_app(app)
    transaction.init_app(app)
    security.init_app(app)
    i18n.init_app(app)
    access.init_app(app)
    errorpages.init_app(app)
    assets.init_app(app)
    pages.init_app(app)
    for feature in FEATURES:
        register(app, feature)
    cli.init_app(app)
    refuse_open_doors(app)
    return app


def register(app: Flask, module_path: str) -> None:
    """Register one feature by the module path of its routes."""
    module = importlib.import_module(module_path)
    if hasattr(module, "init_app"):
        module.init_app(app)
    app.register_blueprint(module.blueprint)


def refuse_open_doors(app: Flask) -> None:
    """Refuse to start while a route does not say who may use it."""
    if silent := access.routes_without_access_rule(app):
        raise RuntimeError(f"these routes do not declare who may use them: {', '.join(silent)}")
