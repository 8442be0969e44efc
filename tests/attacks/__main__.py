"""Writes the page of threats: ``python -m tests.attacks > docs/threats.md``."""

from __future__ import annotations

import sys

from tests.attacks.page import page

sys.stdout.write(page())
