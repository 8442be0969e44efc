"""Keys, accreditation, mandates, and the one door to the record.

Every recorded act of every feature passes :func:`declaration.credentials.record.record`: it verifies the signature strictly,
asks the procedure, and appends, in the caller's transaction. Nothing else writes to the record.
"""
