"""Declaration drafting and signing: delegations negotiate one text in many languages, organizations sign it, anybody verifies it."""

__version__ = "0.1.0"
