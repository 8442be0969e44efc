"""What is told, to whom, in which words: data, and the few functions that read it.

* ``rows_…``: for each type of act in the record, who hears of it and what they read; types that are silent on purpose, with the reason.
* :mod:`.sayings`: the same for what is no act: comments, drafts, keys that wait, and what time brings.
* :mod:`.audiences`: names of audiences, as roles and parties. :mod:`.facts`: what a notice keeps of an act.
* :mod:`.following`: acts are followed in their own transaction. :mod:`.inside`: so is what happens beside the record.
* :mod:`.hours`: what time has brought. :mod:`.words`: sentences for a reader. :mod:`.answers`: the host of the notices.

Whoever did something is not told that they did it. Nobody is told of what they may not read: a proposal is known to participants, a
draft to its delegation, a comment to those whom it was written for.
"""
