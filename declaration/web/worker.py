"""What a process of the service does before its first request, so that nobody who signs waits for it later."""

from __future__ import annotations

import gc

from flask import Flask

from declaration.web.db import db, make_room

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50


def begin(app: Flask) -> None:
    """Make room for commits, and keep the collector of cyclic garbage from walking through everything in the middle of an act.

    What the application is made of stays for ever and need not be looked at again. What comes later dies by its references, nearly
    always; the collector comes less often than by default, for the few cycles that a request leaves.
    """
    with app.app_context():
        make_room(db.engine)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
