"""What every answer carries and what no request may do: headers, cookies, requests from other sites.

The Content-Security-Policy allows no inline code and no inline style, and requires Trusted Types with one policy, ``fragment``.
A view that needs another value for one header (a file for everybody: ``Cross-Origin-Resource-Policy: cross-origin``) sets it
itself; what is set is kept.

Requests that change something are refused when another site made the browser send them: Fetch Metadata first, ``Origin``
second, and a cookie that comes with neither is not believed. There are no tokens in forms, so old tabs keep working.
``Referrer-Policy`` is ``same-origin`` because ``no-referrer`` makes Chromium send ``Origin: null`` with our own forms.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from declaration.errors import NotAllowed
from declaration.web.transaction import SAFE_METHODS

_CONTENT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "fragment",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _CONTENT.items())

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": (
        "camera=(), clipboard-read=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
}
_HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Install the guards. Before access rules: a foreign request is not asked who it is."""
    secure = app.config["PREFERRED_URL_SCHEME"] == "https"
    app.config.update(
        SESSION_COOKIE_NAME=_prefixed("notes", secure=secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way

    @app.before_request
    def _refuse_other_sites() -> None:
        if request.method not in SAFE_METHODS and _from_another_site():
            raise NotAllowed(
                str(_l("Another site made your browser send this.")),
                code="request.cross-site",
                instead=str(_l("Open the page here and send it again.")),
            )

    @app.after_request
    def _headers(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", _HSTS)
        if answer.mimetype == "text/html":
            answer.vary.update(("Cookie", "Accept-Language"))
        if "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "private, no-store" if "Cookie" in request.headers else "no-cache"
        return answer


def _from_another_site() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")  # "same-site" as well: a neighbour's sub-domain is not us
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin != request.host_url.rstrip("/")
    return "Cookie" in request.headers  # not a browser, so no business with a browser's session


def cookie_name(name: str) -> str:
    """The name under which a cookie of ours travels: ``__Host-`` where readers come over https."""
    return _prefixed(name, secure=current_app.config["SESSION_COOKIE_SECURE"])


def read_cookie(name: str) -> str | None:
    """The value that :func:`set_cookie` gave, or None."""
    return request.cookies.get(cookie_name(name))


def set_cookie(answer: Response, name: str, value: str, *, lasts: timedelta | None = None, http_only: bool = True) -> None:
    """Set a cookie of this host alone. Without ``lasts`` it ends with the browser's session."""
    answer.set_cookie(
        cookie_name(name),
        value,
        max_age=lasts,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=http_only,
        samesite="Lax",
    )


def drop_cookie(answer: Response, name: str) -> None:
    """Take back a cookie that :func:`set_cookie` gave."""
    answer.delete_cookie(cookie_name(name), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax")


def _prefixed(name: str, *, secure: bool) -> str:
    return f"__Host-{name}" if secure else f"declaration-{name}"
