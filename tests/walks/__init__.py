"""The journeys of the reference walked through the whole application, step by step, on both databases.

* :mod:`.steps`: the journeys as they are written (``tests/oracles/journeys.json``).
* :mod:`.calendar`: when each step is taken, and the stage directions between them.
* :mod:`.walk`: a forum, its people with real keys, the two ways to act (pages and operations), and a trail of every status.
* :mod:`.acting`: how each kind of step is done. :mod:`.looking`: what is looked at where a step says what is to be seen.
* :mod:`.refusals`: which rule refuses what must be refused, and what shows that the entitled person is not refused.
"""
