"""A monitor: follows a record over HTTP, checks everything, forgets nothing, and tells when something is said in somebody's name.

It needs no account and no trust in the service, and nothing of this project but the pure packages and the verifier.

============  ============================================================================================================
``network``   asking the log, with limits
``memory``    what was seen, in a folder: the checkpoint, every leaf hash, every entry
``trees``     new leaves from tiles, and the nodes of a tree from its leaves
``reading``   the verifier's questions to every entry, and the watch
``following`` one round: checkpoint, consistency, tiles, entries
``events``    what it says, for people and for programs
``compare``   two memories that cannot both be true make one file that proves it
============  ============================================================================================================

A checkpoint is accepted only when its root follows from the leaves that the monitor has already and the new ones. So a log that goes
back, or shows another history, is caught by whoever has looked once before; and what it signed for the other history is the proof.
"""
