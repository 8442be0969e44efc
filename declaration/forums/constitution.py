"""The body of the constitution, entry 0 of a forum's record: who negotiates, in which languages, by which rules.

Everything but the Chair's key comes from the forum's description, so two people who read the same description expect the same
statement. The row ``constitution`` of :mod:`declaration.procedure.tables` has the form of each field.
"""

from __future__ import annotations

from typing import Any

from declaration.forums.models import Forum
from declaration.procedure.tables import NAME


def constitution_body(forum: Forum, *, key: str, content: str) -> dict[str, Any]:
    """The fields of ``constitution-v1`` beside those that every statement has.

    :param key: the Chair's public key, as OpenSSH writes it, two words.
    :param content: SHA-256 of the document with the Chair's name and office.
    """
    return {
        "forum": forum.slug,
        "title": dict(forum.title),
        "delegations": {row["id"]: dict(row["names"]) for row in forum.delegations},
        "original": forum.original,
        "languages": dict(forum.languages),
        "prevailing": forum.prevailing,
        "rules": dict(forum.rules),
        "procedure": NAME,
        "origins": list(forum.web_origins),
        "rp_id": forum.rp_id,
        "key": key,
        "content": content,
    }
