"""Whole numbers in addresses: as many digits as every column of every database can be asked about.

A longer one is no place in any register or record, and a database would fail over it instead of finding nothing.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class PlaceConverter(IntegerConverter):
    """Up to eighteen digits, so below 2^63; anything longer is an address that does not exist."""

    regex = r"\d{1,18}"


def init_app(app: Flask) -> None:
    """``<int:...>`` in every route added from here on is such a place."""
    app.url_map.converters["int"] = PlaceConverter
