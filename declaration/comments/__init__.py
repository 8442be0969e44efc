"""Comments: threads on paragraphs and proposals, each message for the own delegation, for the Chair, or for everyone.

Comments are in no record and in no bundle. Who may read a message is decided in one place, :mod:`declaration.comments.queries`;
whoever may not read it finds nothing of it: no count, no number in a sequence, no gap in an order, no state that it changed.
"""
