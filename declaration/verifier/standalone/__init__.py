"""Second opinions that need nothing of ours to be installed: ``verify.html``, one file for any browser, and ``verify.sh``, for a shell.

They share no code with the Python verifier, with the service or with each other, so that a mistake in one is contradicted by the
others; ``tests/secondopinion`` gives all three the same bundles. The page is put together here from files of a readable length:

    page/page.html, look.css, words.js, words_tr.js, page.js     what is seen
    engine/*.js                                                  what verifies, in a worker made of the page's own text

and the script of ``shell/verify.sh`` and the program in awk that reads JSON for it.

One thing comes from the procedure's tables, as data: which roles may make which act, the first two columns of docs/statements.md.
The page's policy allows exactly its own two scripts and its one style, by hash, and no connection to anything.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from declaration.procedure.tables import BY_TYPE
from declaration.protocol.encoding import canonical

ENGINE = (
    "bytes", "hashes", "json", "curves", "signatures", "notes", "archive", "entries", "texts", "authority", "takings", "register", "run",
)  # fmt: skip
PAGE = ("words", "words_tr", "page")


@cache
def verify_html() -> bytes:
    """The page, the same bytes on every machine."""
    roles = canonical({name: list(row.who) for name, row in BY_TYPE.items()}).decode()
    engine = _script(f"const ROLES = {roles};\n", *(f"engine/{name}.js" for name in ENGINE))
    page = _script("", *(f"page/{name}.js" for name in PAGE))
    style = _read("page/look.css")
    policy = (
        f"default-src 'none'; script-src {_hash(engine)} {_hash(page)}; style-src {_hash(style)}; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    text = _read("page/page.html")
    for mark, part in (("@POLICY@", policy), ("@STYLE@", style), ("@ENGINE@", engine), ("@PAGE@", page)):
        before, found, after = text.partition(mark)
        if not found:
            raise ValueError(f"the page has no place {mark}")
        text = before + part + after
    return text.encode()


@cache
def verify_sh() -> bytes:
    """The script, with the program that reads JSON in it."""
    before, _, after = _read("shell/verify.sh").partition("@AWK@")
    return (before + _read("shell/json.awk") + after).encode()


def _script(head: str, *names: str) -> str:
    return f'"use strict";\n{head}' + "\n".join(_read(name) for name in names)


def _read(name: str) -> str:
    return files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
