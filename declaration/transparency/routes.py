"""The record for everybody's tools: C2SP tlog-tiles below ``/log/<forum>/``.

    checkpoint                   the newest signed checkpoint, with the lines of the witnesses that have signed it so far
    cosigned                     the newest one that the quorum of witnesses has signed
    tile/<level>/<number>        256 hashes; with .p/<width>, as many as there are
    tile/entries/<number>        256 entries; with .p/<width>, as many as there are
    consistency?old=&new=        {"proof": ["<hex>", ...]}, for the signing page, which does not fetch tiles
    vkey                         the key to verify with; take it from print or from a policy rather than from here

Checkpoints and hashes are public from the first entry. Who may read entries is decided by a policy that one feature registers with
:func:`set_entries_policy`; until then nobody may. What never changes may be kept for ever: full tiles, which are the same bytes
under the same address always. A partial tile is soon asked for by another address, so nobody is told to keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from hashlib import sha256

from flask import Blueprint, Flask, current_app, json, request
from werkzeug.wrappers import Response

from declaration.errors import Malformed, NotAllowed
from declaration.protocol.encoding import decode_decimal
from declaration.protocol.tiles import TILE_WIDTH, parse_tile_path
from declaration.transparency import queries, signing, triggers, watch, witnesses
from declaration.transparency.models import Log
from declaration.web import health
from declaration.web.access import PUBLIC, allow
from declaration.web.db import current_session

__all__ = ["Readers", "blueprint", "init_app", "set_entries_policy", "triggers"]

blueprint = Blueprint("transparency", __name__, url_prefix="/log/<forum>")

_TEXT = "text/plain; charset=utf-8"
_BINARY = "application/octet-stream"
_JSON = "application/json"
_FOR_EVER = "max-age=31536000, immutable"
_POLICY = "log-entries-policy"


class Readers(Enum):
    """Who may read a log's entries at this moment, seen from the current request."""

    EVERYBODY = "everybody"
    THIS_ONE = "this one"
    NOT_THIS_ONE = "not this one"


EntriesPolicy = Callable[[Log], Readers]


def init_app(app: Flask) -> None:
    """Load the key, keep unguarded answers back, and say in ``/readyz`` when signing is held."""
    signing.init_app(app)
    watch.init_app(app)
    witnesses.init_app(app)
    health.add_check(app, "record", _ready)


def set_entries_policy(app: Flask, policy: EntriesPolicy) -> None:
    """Register who may read entry bundles. Exactly one feature does this; without it, nobody may."""
    if _POLICY in app.extensions:
        raise RuntimeError("the policy for entries is already registered")
    app.extensions[_POLICY] = policy


@blueprint.get("/checkpoint")
@allow(PUBLIC)
def checkpoint(forum: str) -> Response:
    session = current_session()
    log = queries.log_named(session, forum)
    return _public(witnesses.cosigned_note(session, log, log.size), _TEXT, "no-cache")


@blueprint.get("/cosigned")
@allow(PUBLIC)
def cosigned(forum: str) -> Response:
    session = current_session()
    return _public(witnesses.cosigned(session, queries.log_named(session, forum)), _TEXT, "no-cache")


@blueprint.get("/vkey")
@allow(PUBLIC)
def vkey(forum: str) -> Response:
    return _public(f"{queries.vkey(queries.log_named(current_session(), forum))}\n".encode(), _TEXT, "no-cache")


@blueprint.get("/tile/<path:place>")
@allow(PUBLIC)
def tile(forum: str, place: str) -> Response:
    level, index, width = parse_tile_path(f"tile/{place}")
    log = queries.log_named(current_session(), forum)
    if level is None:
        return _entries(log, index, width)
    return _public(queries.tile(current_session(), log, level, index, width), _BINARY, _life("public", width))


@blueprint.get("/consistency")
@allow(PUBLIC)
def consistency(forum: str) -> Response:
    session = current_session()
    log = queries.log_named(session, forum)
    proof = queries.consistency(session, log, _number("old"), _number("new"))
    return _public(json.dumps({"proof": [one.hex() for one in proof]}).encode(), _JSON, "no-cache")


def _entries(log: Log, index: int, width: int) -> Response:
    policy: EntriesPolicy | None = current_app.extensions.get(_POLICY)
    readers = Readers.NOT_THIS_ONE if policy is None else policy(log)
    if readers is Readers.NOT_THIS_ONE:
        raise NotAllowed(
            "The entries of this record are not public yet.",
            code="log.entries-closed",
            instead="Participants read them signed in; checkpoints and hashes are open to everybody.",
        )
    body = queries.bundle_of_entries(current_session(), log, index, width)
    if readers is Readers.EVERYBODY:
        return _public(body, _BINARY, _life("public", width))
    answer = _answer(body, _BINARY, _life("private", width))
    answer.vary.add("Cookie")
    return answer


def _life(scope: str, width: int) -> str:
    return f"{scope}, {_FOR_EVER}" if width == TILE_WIDTH else f"{scope}, no-cache"


def _public(body: bytes, content_type: str, cache: str) -> Response:
    """For every site's scripts: no cookie is read for it."""
    answer = _answer(body, content_type, cache)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _answer(body: bytes, content_type: str, cache: str) -> Response:
    answer = current_app.response_class(body, content_type=content_type)
    answer.headers["Cache-Control"] = cache
    answer.set_etag(f"sha256-{sha256(body).hexdigest()}")
    return answer.make_conditional(request)


def _number(name: str) -> int:
    values = request.args.getlist(name)
    if len(values) != 1:
        raise Malformed(f"give {name} once", code="log.parameter", instead="Ask for consistency?old=1&new=2.")
    return decode_decimal(values[0])


def _ready() -> str:
    """Whether every log may be served; a log that may not be served may not be signed either."""
    session = current_session()
    for log in queries.all_logs(session):
        watch.require_current(session, log.id)
    return "ok"
