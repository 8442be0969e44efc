"""Organizations sign what was adopted, and anybody sees that they did.

==================  =====================================================================================================
``search``          names and numbers as people look for them; pure
``parties``         the party of an organization, from its country and registration number; pure
``organizations``   registering organizations and their signatories, and how far each of them is
``ngo_list``        a list of organizations in a CSV file, read and reviewed; pure
``sentence``        the sentence that an organization signs
``models``          the register as rows: for search, and one signature an organization as a constraint
``operations``      composing a signature, and what follows when it is recorded
``register``        reading the register
``checks``          every check of one endorsement, made again
``bundle``          everything in one file, to be verified without this service
``downloads``       bundles kept in the instance folder
``paper``           the signed declaration as PDF
``qr``              a code for a page
==================  =====================================================================================================

The register follows from the record. A row here is a projection: it is written in the transaction that records the act, and it
decides nothing but the race that two transactions might run.
"""
