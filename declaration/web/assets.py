"""Static files with the beginning of their own SHA-256 in the address, so that they may be kept for a year.

``{{ asset('look.css') }}`` gives ``/static/look.css?v=93b07455abcd``. With the right ``v`` the answer is immutable; without one, or
with an old one, the browser asks again each time.

Modules import one another by relative paths, which carry no ``v``. So their folder has the fingerprint of all of them together:
``{{ asset('js/act.js') }}`` gives ``/static/0c1d2e3f4a5b/js/act.js``, and whatever it imports is asked for once a year as well.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from declaration.web.access import PUBLIC, allow

MODULES = "modules"
_DIGITS = 12
_IMMUTABLE = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Give templates ``asset`` and static answers their life time."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _keep(answer: Response) -> Response:
        if answer.status_code not in (200, 304):
            return answer
        given = request.view_args or {}
        if request.endpoint == "static":
            version = request.args.get("v")
            current = version is not None and version == fingerprint(str(given["filename"]))
            answer.headers["Cache-Control"] = _IMMUTABLE if current else "no-cache"
        elif request.endpoint == MODULES:
            answer.headers["Cache-Control"] = _IMMUTABLE if given["version"] == modules_fingerprint() else "no-cache"
        return answer

    @app.get(f"{app.static_url_path}/<string(length={_DIGITS}):version>/js/<filename>", endpoint=MODULES)
    @allow(PUBLIC)
    def _module(version: str, filename: str) -> Response:
        return app.send_static_file(f"js/{filename}")


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint.

    :raises FileNotFoundError: no such file; a page must not ask for one.
    """
    own = fingerprint(name)
    # Not url_for: a request with a foreign Host has no router, and its error page wants a stylesheet too.
    folder = f"{request.script_root}{current_app.static_url_path}"
    return f"{folder}/{modules_fingerprint()}/{quote(name)}" if name.startswith("js/") else f"{folder}/{quote(name)}?v={own}"


def modules_fingerprint() -> str:
    """The fingerprint of every module together."""
    folder = Path(str(current_app.static_folder)) / "js"
    parts = [f"{path.name} {fingerprint(f'js/{path.name}')}\n" for path in sorted(folder.glob("*.js"))]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:_DIGITS]


def fingerprint(name: str) -> str:
    """The first digits of the SHA-256 of a static file."""
    path = safe_join(str(current_app.static_folder), name)
    if path is None:
        raise FileNotFoundError(name)
    return _fingerprint(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _fingerprint(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:_DIGITS]
