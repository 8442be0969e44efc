"""The demonstration: invented people with keys on this server, who play a forum through the same operations as the pages.

Everything here refuses a database that is not a demonstration's. Nothing outside of this package knows of it.
"""
