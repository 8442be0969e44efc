"""A witness: it signs what it saw a log say, and never two histories of one log (c2sp.org/tlog-witness).

A small server that any organization can run, on a machine of its own, for the records that it cares about. It needs no account, no
trust in the log and no more of this project than the pure packages: the standard library, ``cryptography`` and PyNaCl.

============  ============================================================================================================
``keys``      the witness's private key, one line in a file
``memory``    the last checkpoint of each log that was signed, in SQLite: the one thing that must not be lost
``service``   ``add-checkpoint``: bytes in, a status and bytes out
``server``    HTTP around it, with limits on bytes, time and connections
============  ============================================================================================================

What its signature says: at this time, the largest tree of this log that I have seen has this root, and it extends all that I had
seen before. Whoever demands the signatures of several witnesses cannot be shown a history that nobody else sees.
"""
