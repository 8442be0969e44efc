"""Static files with the beginning of their own SHA-256 in the address, so that they may be kept for a year.

``{{ asset('look.css') }}`` gives ``/static/look.css?v=93b07455abcd``. With the right ``v`` the answer is immutable; without one, or
with an old one, the browser asks again each time. Modules that import one another by bare paths take the second way.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

_DIGITS = 12
_IMMUTABLE = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Give templates ``asset`` and static answers their life time."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _keep(answer: Response) -> Response:
        if request.endpoint == "static" and answer.status_code in (200, 304):
            version = request.args.get("v")
            current = version is not None and version == fingerprint(str((request.view_args or {})["filename"]))
            answer.headers["Cache-Control"] = _IMMUTABLE if current else "no-cache"
        return answer


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint.

    :raises FileNotFoundError: no such file; a page must not ask for one.
    """
    # Not url_for: a request with a foreign Host has no router, and its error page wants a stylesheet too.
    return f"{request.script_root}{current_app.static_url_path}/{quote(name)}?v={fingerprint(name)}"


def fingerprint(name: str) -> str:
    """The first digits of the SHA-256 of a static file."""
    path = safe_join(str(current_app.static_folder), name)
    if path is None:
        raise FileNotFoundError(name)
    return _fingerprint(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _fingerprint(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:_DIGITS]
