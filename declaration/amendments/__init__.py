"""Amendments: drafted inside a delegation, released by its head, decided at the table.

What is drafted is nobody else's: it is in no record, no count, no list and no export of any other party. What is released is a
signed statement in the record, and from then on this package only reads.
"""
