"""A forum, its delegations, the people in it, how they are invited and how long their sessions last.

A forum is data: its delegations, languages and rules come from a folder (:mod:`declaration.forums.importing`) and go, through the
Chair's signature, into entry 0 of its record (:mod:`declaration.forums.constitution`). What stands in the record wins over the
rows here from then on.

Signing in gives reading and drafting. It never gives authority: acts of weight are signed with keys that this package has never
seen.
"""
