"""The bytes: what is signed, what is recorded, what is proved.

Every module here is pure. It imports the standard library, ``cryptography`` and PyNaCl, never the clock, the network, the
environment or a database, so the service, the offline verifier and a stranger's script run the very same code. Each module's
first words are its specification: the exact bytes, a worked example, and the published rule it follows.

======================  =============================================================================================
``encoding``            one value, one spelling: decimals, hex, base64, times, canonical JSON (RFC 8785 on a profile)
``names``               what identifiers look like: origins, parties, roles, statement types, languages, unit ids
``keys``                SSH public keys, strictly
``sshsig``, ``wire``    SSHSIG signatures, browser and passkey assertions among them
``statement``           one act of one party
``entry``               a statement, its signature and the time of receipt: one line of the record
``merkle``, ``tiles``   RFC 6962 tree, proofs, and the tiles in which it is served
``note``                C2SP signed notes and their keys
``checkpoint``          what the log claims to contain
``receipt``             what a signer keeps
``manifest``            what a version of the text is
``bundle``              everything in one file
``enrolment``           how a new key proves that somebody holds it
``recovery``            how a holder keeps a backup of a key
``allowed_signers``     the record's keys for ``ssh-keygen -Y verify``
======================  =============================================================================================
"""
