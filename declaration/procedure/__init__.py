"""The rules of procedure: what each party may do, when, and what follows.

The record is a list of signed statements in one order. This package turns that list into a :class:`~declaration.procedure.state.State`
and nothing else does: the service asks it before it writes an entry, the verifier asks it again for every entry that it
reads, and both get the same answer from the same tables.

    check(state, act)      nothing, or ``Refused`` with the rule's code
    advance(state, act)    the state one entry later
    apply(state, act)      both
    replay(acts, library)  all of them, from the constitution on

*Acts* are entries: a statement, the moment at which the record took it, and its position. *Consequences* (a paragraph is in
brackets, an amendment is stale or merged, an endorsement is counted, a window has closed) are never entries; they are
computed here from the acts' order, their moments and the rules.

Signatures are not this package's matter: who calls it has verified them. Nor is the clock: a moment comes in with each act.

The tables are data and bear a name (``forum-1``) that the constitution cites, so that a record stays verifiable with the
tables it was made under after newer ones have come.
"""
