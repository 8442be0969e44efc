"""The record of a forum: an append-only log whose operator cannot rewrite, drop, reorder or fork it unnoticed.

==============  ==========================================================================================================
``models``      the head (one row a log, and the lock), entries, nodes of the tree, every checkpoint ever signed
``triggers``    what the database itself refuses: changing, deleting, leaving a gap
``tree``        which nodes an append adds; pure
``signing``     the log's key, made at first start, and the public key beside it
``guard``       the last size and root that left the service, kept outside the database
``watch``       when the guard is asked and when it is moved
``operations``  opening a log, locking it, appending to it
``queries``     entries, roots, proofs, tiles, checkpoints
``receipts``    what a signer takes home
``witnesses``   who cosigns checkpoints, what they have signed, and when that is enough
``collecting``  asking them, after the commit
``routes``      C2SP tlog-tiles below ``/log/<forum>/``
``commands``    ``flask log``: checking, vouching, collecting cosignatures
==============  ==========================================================================================================

The service signs nothing but checkpoints, and only here.
"""
