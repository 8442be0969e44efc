"""``/<forum>/check``: a receipt is dropped on the page and checked in the browser. Nothing is uploaded; nothing asks who looks.

What the page says of the record (its key, its root of trust, its keys and their holders) goes with the page, the same for everybody, so
that no later request can tell which receipt somebody has. Whoever must not trust this service takes ``verify.html`` or the verifier.
"""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from declaration.credentials.record import trust_root
from declaration.drafts import views
from declaration.drafts.reading import may_read
from declaration.endorsements import check_words
from declaration.endorsements.blueprint import blueprint, public_url, this_forum, this_state
from declaration.endorsements.bundle import opened_log
from declaration.endorsements.sentence import authentic_texts
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.transparency import queries, witnesses
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

MOST_KEYS = 5000
"""Keys that go with the page. Of a larger record the holders' names are left to the bundle; every proof is made all the same."""


@blueprint.get("/<forum>/check")
@allow(PUBLIC)
def check(forum: str) -> ResponseReturnValue:
    """Where a receipt is checked."""
    session, found, state = current_session(), this_forum(), this_state()
    root = trust_root(session, found)
    if root is None:
        return render_template("endorsements/verify_empty.html", state=state)
    log = opened_log(session, found)
    readable = may_read(state, optional_actor(), now())
    facts = {
        "origin": log.origin,
        "vkey": queries.vkey(log),
        "root": root,
        "adopted": state.adopted,
        "texts": authentic_texts(state) if state.adopted is not None else {},
        "passkeys": {"origins": list(state.known.origins), "rpId": state.known.rp_id},
        "witnesses": [{"name": each.name, "vkey": each.vkey} for each in witnesses.configured().witnesses.values()],
        "keys": _keys(found, state) if readable else {},
    }
    return render_template(
        "endorsements/check.html", state=state, log=log, root=root, facts=facts, words=check_words.words(),
        address=public_url("endorsements.check"),
    )  # fmt: skip


def _keys(forum: Forum, state: State) -> dict[str, dict[str, Any]]:
    """Every key with whom it was accredited for: what the record says, and this service repeats."""
    if len(state.keys) > MOST_KEYS:
        return {}
    return {
        name: {
            "party": key.party, "role": key.role, "entry": key.accredited, "ended": key.ended,
            "name": key.organization["name"] if key.organization is not None else views.party_name(forum, key.party, language()),
        }
        for name, key in state.keys.items()
    }  # fmt: skip
