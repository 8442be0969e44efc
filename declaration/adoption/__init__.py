"""The declaration's way from the compilation to its opening for signature: where it stands, what is missing, who may act.

This package has no rows. Where the declaration stands follows from the record; what a stage act needs besides a signature (a
deadline, a list of delegations present, an opening notice) is composed here.
"""
