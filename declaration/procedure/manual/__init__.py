"""The page of the procedure, ``docs/procedure.md``: written from the tables, for people. Nothing that decides imports it."""
