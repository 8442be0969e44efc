"""Receipts: what a signer takes home, in one file (:mod:`declaration.protocol.receipt`).

A receipt is made of the entry, its audit path in the tree that ends with it, the checkpoint of that size and the checkpoint of the
constitution. Nothing in it changes later, so asking again gives the same bytes.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from declaration.protocol.receipt import build_receipt
from declaration.transparency import queries
from declaration.transparency.models import Log


def receipt(session: Session, log: Log, index: int) -> bytes:
    """The receipt of entry ``index``. In the transaction that appended it, it may leave with the answer and not before.

    :raises NotFound: ``log.no-such-entry``.
    :raises ServiceHeld: the checkpoint may not leave, see :mod:`.watch`.
    """
    return build_receipt(
        entry=queries.entry(session, log, index),
        index=index,
        proof=queries.inclusion(session, log, index, index + 1),
        checkpoint=queries.checkpoint_at(session, log, index + 1),
        constitution=queries.checkpoint_at(session, log, 1),
    )
