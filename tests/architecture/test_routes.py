"""Every route of the whole application says who may use it, and nothing that changes something answers to GET."""

from __future__ import annotations

import pytest
from flask import Flask

from declaration.web.access import AccessRule, routes_without_access_rule
from declaration.web.transaction import SAFE_METHODS


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_no_route_is_silent(app: Flask):
    assert routes_without_access_rule(app) == []
    assert all(isinstance(view.access_rule, AccessRule) for view in app.view_functions.values())


def test_a_route_reads_or_changes_but_not_both(app: Flask):
    """A form that is shown and sent at one address has two views: their rules and transactions differ."""
    both = [rule.rule for rule in app.url_map.iter_rules() if rule.methods & SAFE_METHODS - {"OPTIONS"} and rule.methods - SAFE_METHODS]
    assert both == []


def test_only_unsafe_routes_promise_to_read(app: Flask):
    promising = {name for name, view in app.view_functions.items() if view.access_rule.reads_only}
    safe = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.methods - SAFE_METHODS}
    assert promising & safe == set()
