"""The declaration's versions, their texts and languages, and the way from a working text to an approved version.

A version is its manifest; its digest is what the Chair signs. Manifests and texts are stored before they are approved, so that
nobody approves what cannot be shown, and are never changed afterwards. What is circulated, current or superseded is not a row:
it follows from the record.
"""
