"""``/<forum>/register.csv`` and ``/<forum>/register.json``: what the page shows, as files for spreadsheets and programs.

``/<forum>/register/paper.csv``: signatures on paper, which are in no total, as a spreadsheet of their own.
"""

from __future__ import annotations

from hashlib import sha256

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.endorsements import exporting
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.exporting import Edition
from declaration.endorsements.receipt_routes import attachment
from declaration.endorsements.selection import chosen
from declaration.errors import NotFound
from declaration.protocol.encoding import b64encode
from declaration.web.access import PUBLIC, allow
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import offered

_CSV = "text/csv; charset=utf-8; header=present"


@blueprint.get("/<forum>/register.csv")
@allow(PUBLIC)
def register_csv(forum: str) -> ResponseReturnValue:
    """For spreadsheets. ``lang`` names the countries; without it, the forum's original language, and never that of a cookie."""
    made = _made()
    return _file(exporting.as_csv(made, _language()), exporting.file_name(made, "csv"), _CSV)


@blueprint.get("/<forum>/register/paper.csv")
@allow(PUBLIC)
def paper_csv(forum: str) -> ResponseReturnValue:
    """Those who have signed on paper and not with a key, by the same choices; none of them is in the other file."""
    made = _made(signed=False)
    return _file(exporting.paper_csv(made, _language()), exporting.file_name(made, "csv", "on-paper"), _CSV)


@blueprint.get("/<forum>/register.json")
@allow(PUBLIC)
def register_json(forum: str) -> ResponseReturnValue:
    """For programs, on other sites' pages too: it is the same for everybody, and no cookie comes into it."""
    made = _made()
    answer = _file(exporting.as_json(made), exporting.file_name(made, "json"), "application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _language() -> str:
    wanted = request.args.get("lang")
    return str(wanted if wanted in offered() else this_forum().original)


def _made(*, signed: bool = True) -> Edition:
    session, found, state, moment = current_session(), this_forum(), this_state(), now()
    if state.window is None or state.adopted is None:
        raise NotFound(
            _("Nothing has been opened for signature yet."), code="endorsement.not-open", instead=_("The register begins with the opening.")
        )
    return exporting.edition(session, found, state, chosen(found, state, request.args, moment), moment, signed=signed)


def _file(body: bytes, name: str, content_type: str) -> Response:
    answer = attachment(body, name, content_type)
    answer.headers["Repr-Digest"] = f"sha-256=:{b64encode(sha256(body).digest())}:"
    return answer
