"""Query: agreement, lookups of points, and the lanes that ask the issuers.

Handlers (one module per operation) parse, make one call and answer. Behind
them: ``consents``, ``lookup_service`` and ``asking`` (what is done),
``lookups``, ``inquiry`` and ``lanes`` (pure rules), ``members`` and
``lane_board`` (what is stored).
"""
