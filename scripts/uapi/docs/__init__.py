"""The published documentation: a site of plain files, made from generated/ and openapi/ alone.

The reference is our own HTML rather than Redoc's. Redoc 3, tried on this contract, asks cdn.redoc.ly for a picture,
fails axe-core on contrast (31 places on one operation) and on the size of targets, shows nothing without its script of
2.5 MB, and has no place that a link could lead to for the requirements beside an operation.
"""
