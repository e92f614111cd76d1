"""Query: agreement, lookups of points, the lanes that ask the issuers, and what expires.

Handlers (one module per operation) parse, make one call and answer. Behind
them: ``consents``, ``lookup_service``, ``asking`` and ``refreshing``, ``member_scan``
and ``cash_out_course`` (what is done), ``lookups``, ``inquiry``, ``lanes``, ``expiry``
and ``cash_out`` (pure rules), ``members``, ``expiry_store`` and ``lane_board`` (what
is stored).
"""
