"""Random legal and illegal acts by random people under a moving clock: what must hold then holds always.

* :mod:`.arbitrary`: acts out of nothing but the state: often in order, often of the wrong person, moment or form.
* :mod:`.invariants`: the invariants of the procedure as predicates, each with its number in the reference.
"""
