"""The pages of organizations, signatures, receipts, the register and the bundle."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from declaration.endorsements import (
    check_routes,
    corrigenda,
    corrigendum_pages,
    entitlement,
    entitlement_pages,
    examination,
    examination_pages,
    export_routes,
    lapse_pages,
    look_routes,
    mentions,
    models,
    offline_models,
    offline_routes,
    operations,
    organization_routes,
    paper_pages,
    paper_signatures,
    receipt_mail,
    receipt_routes,
    record_pages,
    register_routes,
    sign_routes,
    story_pages,
    verify_routes,
    witness_routes,
)
from declaration.endorsements.blueprint import blueprint
from declaration.forums import sections

__all__ = ["blueprint", "init_app"]

# They add their views to the blueprint when they are imported; the models must be known to migrations.
_PAGES = (
    check_routes,
    corrigendum_pages,
    entitlement_pages,
    examination_pages,
    export_routes,
    lapse_pages,
    look_routes,
    offline_models,
    offline_routes,
    organization_routes,
    paper_pages,
    receipt_mail,
    receipt_routes,
    record_pages,
    register_routes,
    sign_routes,
    story_pages,
    verify_routes,
    witness_routes,
    models,
)


def init_app(app: Flask) -> None:
    """Register how a signature is composed and what follows it, and the sections."""
    operations.register(app)
    look_routes.init_app(app)
    examination.register(app)
    entitlement.register(app)
    corrigenda.register(app)
    paper_signatures.register(app)
    mentions.register(app)
    sections.add(app, "endorsements.sign", _l("Sign"), order=10)
    sections.add(app, "endorsements.register", _l("Register"), order=50)
    sections.add(app, "endorsements.verify", _l("Verify"), order=60)
    sections.add(app, "endorsements.check", _l("Check a receipt"), order=62, foot=True)
    sections.add(app, "endorsements.lapsed", _l("What has lapsed"), order=85, foot=True)
    sections.add(app, "endorsements.record_list", _l("Record"), order=61, foot=True)
    sections.add(app, "endorsements.organizations", _l("Organizations"), order=80)
    sections.add(app, "endorsements.of_country", _l("Organizations of your country"), order=81, foot=True)
    sections.add(app, "endorsements.examine", _l("Examination"), order=82, foot=True)
    sections.add(app, "endorsements.corrigenda", _l("Corrections"), order=84, foot=True)
