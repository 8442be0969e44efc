"""Documents on paper: values in, bytes out.

Nothing here knows a database, a request or a clock. A caller fills the values of :mod:`declaration.documents.values` and gets
the bytes of a PDF from :mod:`declaration.documents.pdf`. The same values always give the same bytes, so that a document can be
made again by anybody and compared.
"""
