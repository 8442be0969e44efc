"""The text engine: units, tokens, redlines, merges, rebases, attribution, rolling text.

Pure and deterministic: values in, values out; no clock, no randomness, no files (only ``__main__`` reads any). What the offline
verifier needs (``splices``, ``edits``, ``units``, ``numbering``, ``merge``, ``attribution``, ``letters``) uses the standard
library alone; only the redline modules use diff-match-patch and RapidFuzz. Nothing here matches text fuzzily: a change either
stands at exact offsets of an exact text, or it is reported as a conflict.
"""
