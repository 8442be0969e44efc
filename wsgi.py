"""The WSGI entry point: ``gunicorn wsgi:app``, ``flask --app wsgi ...``."""

import sys

from declaration.app import create_app
from declaration.config import SettingRefused

try:
    app = create_app()
except SettingRefused as refused:
    sys.exit(f"declaration: {refused.message}. {refused.instead}".rstrip())
